//! Convergence lab: NUTS runs of one object over a grid of chains, warm-ups and draws, compared
//! with its truth or one long run.

mod grid;
mod lab;
mod rows;

pub use grid::{Grid, Point};
pub use lab::{Lab, Reference, long_run};
pub use rows::{COLUMNS, Row, rows};

use crate::summary::ParameterSummary;

/// A number of one parameter's summary, with its name.
pub type Statistic = (&'static str, fn(&ParameterSummary) -> f64);

/// Statistics of each run and parameter.
pub const STATISTICS: [Statistic; 6] = [
    ("mean", |p| p.mean),
    ("sd", |p| p.sd),
    ("r_hat", |p| p.diagnostics.map_or(f64::NAN, |d| d.r_hat)),
    ("nested_r_hat", |p| p.diagnostics.map_or(f64::NAN, |d| d.nested_r_hat)),
    ("ess_bulk", |p| p.diagnostics.map_or(f64::NAN, |d| d.ess_bulk)),
    ("ess_tail", |p| p.diagnostics.map_or(f64::NAN, |d| d.ess_tail)),
];
/// Indices among the statistics.
const MEAN: usize = 0;
const SD: usize = 1;
const R_HAT: usize = 2;
const NESTED_R_HAT: usize = 3;
const ESS_BULK: usize = 4;
const ESS_TAIL: usize = 5;

/// Results of all runs of a grid.
#[derive(Clone, Debug)]
pub struct Measured {
    /// The grid.
    pub grid: Grid,
    /// Parameters and derived quantities that vary, `[parameter]`.
    pub names: Vec<String>,
    /// Reference of each parameter, `[parameter]`.
    pub references: Vec<Reference>,
    /// [`STATISTICS`] of every run, each `[chains, warmup, draws, replicate, parameter]`; NaN where
    /// a run lacks a parameter.
    pub statistics: [Vec<f64>; STATISTICS.len()],
    /// Gradients of every run, warm-up included, `[chains, warmup, draws, replicate]`.
    pub gradients: Vec<f64>,
    /// Seconds on the backend of every run, warm-up included, in the same order.
    pub seconds: Vec<f64>,
}
