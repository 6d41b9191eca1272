//! Timed runs of one object, with the code of `fit`.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use super::{Grid, Measured, Point, STATISTICS};
use crate::backend::{Backend, Task};
use crate::emissivity::Grid as Emissivities;
use crate::error::{Error, FitError, Result};
use crate::fit::{self, Outcome, Plan, Planned};
use crate::nuts::{self, Sampled};
use crate::problem::{Problem, Recipe};
use crate::summary::ParameterSummary;

/// Chains of the long run.
const LONG_CHAINS: usize = 16;
/// Warm-up draws per chain of the long run.
const LONG_WARMUP: usize = 500;
/// Default draws of the long run, over all chains, as a multiple of the largest run of the grid.
const TIMES_THE_LARGEST: usize = 4;
/// Least and most default draws per chain of the long run.
const LONG_DRAWS: [usize; 2] = [5_000, 50_000];

/// Length of the long run that serves as reference, with `draws` per chain if given.
pub fn long_run(grid: &Grid, draws: Option<usize>) -> Point {
    let [least, most] = LONG_DRAWS;
    let fitting = (TIMES_THE_LARGEST * grid.most_draws()).div_ceil(LONG_CHAINS);
    Point {
        chains: LONG_CHAINS,
        warmup: LONG_WARMUP,
        draws: draws.unwrap_or(fitting.clamp(least, most)),
    }
}

/// Reference of a parameter's posterior.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reference {
    /// True parameter, or posterior mean of the long run.
    pub mean: f64,
    /// Posterior standard deviation of the long run; NaN beside a true parameter.
    pub sd: f64,
    /// Monte Carlo standard error of `mean`; 0 for a true parameter.
    pub error: f64,
}

impl Reference {
    /// A true parameter.
    pub fn truth(value: f64) -> Reference {
        Reference {
            mean: value,
            sd: f64::NAN,
            error: 0.0,
        }
    }

    /// Reference of a parameter without one: all NaN.
    fn unknown() -> Reference {
        Reference {
            error: f64::NAN,
            ..Reference::truth(f64::NAN)
        }
    }
}

/// An object, with its recipe and the settings of its runs.
#[derive(Clone, Debug)]
pub struct Lab<'a> {
    /// Recipe of the problem.
    pub recipe: &'a Recipe<'a>,
    /// Problem of the object.
    pub problem: Problem,
    /// Settings of all runs, with one look and without importance sampling. The long run has the seed
    /// given here, replicate r that seed plus r + 1.
    pub options: fit::Options,
}

/// Result of a run.
struct Run {
    /// Summaries with diagnostics.
    parameters: Vec<ParameterSummary>,
    gradients: u64,
    seconds: f64,
}

/// A backend that measures the time spent on it.
struct Timed<'b> {
    backend: &'b mut dyn Backend,
    seconds: f64,
}

impl Backend for Timed<'_> {
    fn sample(&mut self, grid: &Emissivities<f64>, tasks: Vec<Task<'_>>) -> Result<Vec<Sampled>> {
        let start = Instant::now();
        let sampled = self.backend.sample(grid, tasks);
        self.seconds += start.elapsed().as_secs_f64();
        sampled
    }

    fn batch(&self, sampler: &nuts::Settings) -> usize {
        self.backend.batch(sampler)
    }

    fn describe(&self) -> String {
        self.backend.describe()
    }

    fn is_double(&self) -> bool {
        self.backend.is_double()
    }
}

impl Lab<'_> {
    /// References of all parameters from a run of the length `point`, and its largest R-hat.
    ///
    /// # Errors
    /// Errors of the backend; an object without a mode.
    pub fn reference(&self, point: Point, backend: &mut dyn Backend) -> Result<(BTreeMap<String, Reference>, f64)> {
        let run = self.run(point, 0, backend)?;
        let r_hats = run.parameters.iter().filter_map(|p| p.diagnostics.map(|d| d.r_hat));
        let worst = r_hats.fold(f64::NAN, f64::max);
        let reference = |p: ParameterSummary| {
            let error = p.diagnostics.map_or(f64::NAN, |d| d.mcse_mean);
            let (mean, sd) = (p.mean, p.sd);
            (p.name, Reference { mean, sd, error })
        };
        Ok((run.parameters.into_iter().map(reference).collect(), worst))
    }

    /// Makes all runs of a grid, and calls `advance` after each. Returns none if `stop` was set
    /// meanwhile.
    ///
    /// # Errors
    /// Errors of the backend; an object without a mode.
    pub fn measure(
        &self,
        grid: &Grid,
        references: &BTreeMap<String, Reference>,
        backend: &mut dyn Backend,
        advance: &mut dyn FnMut(),
        stop: &AtomicBool,
    ) -> Result<Option<Measured>> {
        let mut runs = Vec::with_capacity(grid.runs());
        for point in grid.points() {
            for replicate in 1..=grid.replicates {
                if stop.load(Ordering::Relaxed) {
                    return Ok(None);
                }
                runs.push(self.run(point, replicate as u64, backend)?);
                advance();
            }
        }
        Ok(Some(gathered(grid.clone(), references, &runs)))
    }

    /// One run, with the seed plus `step`.
    fn run(&self, point: Point, step: u64, backend: &mut dyn Backend) -> Result<Run> {
        let plan = Plan {
            recipe: self.recipe,
            entries: vec![Planned::with_problem(self.problem.clone())],
            columns: Vec::new(),
        };
        let mut options = fit::Options {
            seed: self.options.seed + step,
            looks: 1,
            growth: fit::GROWTH,
            importance: 0,
            ..self.options
        };
        options.sampler.chains = point.chains;
        options.sampler.warmup = point.warmup;
        options.sampler.draws = point.draws;
        let mut backend = Timed { backend, seconds: 0.0 };
        let mut summary = None;
        let mut sink = |outcome: Outcome| {
            summary = outcome.fitted.map(|fitted| fitted.summary);
            Ok(())
        };
        fit::run(plan, &mut backend, &options, &mut sink, &AtomicBool::new(false))?;
        let summary = summary.ok_or_else(|| {
            Error::Fit(FitError::NoMode {
                object: self.problem.id.clone(),
            })
        })?;
        let (gradients, parameters) = (summary.n_gradients, summary.parameters);
        Ok(Run {
            parameters: parameters.into_iter().filter(|p| p.diagnostics.is_some()).collect(),
            gradients,
            seconds: backend.seconds,
        })
    }
}

/// Collects the runs in arrays.
fn gathered(grid: Grid, references: &BTreeMap<String, Reference>, runs: &[Run]) -> Measured {
    let first = runs.first().map(|run| run.parameters.as_slice()).unwrap_or_default();
    let names: Vec<String> = first.iter().map(|p| p.name.clone()).collect();
    let statistics = STATISTICS.map(|(_, statistic)| {
        let of_run = |run: &Run| -> Vec<f64> {
            let find = |name: &String| run.parameters.iter().find(|p| p.name == *name);
            names
                .iter()
                .map(|name| find(name).map_or(f64::NAN, statistic))
                .collect()
        };
        runs.iter().flat_map(of_run).collect()
    });
    let reference = |name: &String| references.get(name).copied().unwrap_or_else(Reference::unknown);
    Measured {
        references: names.iter().map(reference).collect(),
        statistics,
        gradients: runs.iter().map(|run| run.gradients as f64).collect(),
        seconds: runs.iter().map(|run| run.seconds).collect(),
        names,
        grid,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_long_run_is_longer_than_the_grids_within_bounds() {
        let grid = |chains, draws| Grid {
            chains: vec![4, chains],
            warmup: vec![50],
            draws: vec![draws, 10],
            replicates: 2,
        };
        assert_eq!(long_run(&grid(16, 100), None).draws, 5_000);
        assert_eq!(long_run(&grid(64, 1000), None).draws, 16_000);
        assert_eq!(long_run(&grid(10_000, 1000), None).draws, 50_000);
        assert_eq!(long_run(&grid(64, 1000), Some(7)).draws, 7);
    }
}
