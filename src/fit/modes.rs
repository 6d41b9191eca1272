//! Modes of an object's posterior with their masses, before its chains start.

use super::Options;
use super::importance;
use crate::emissivity::Grid;
use crate::importance::Estimate;
use crate::metric::{Metric, Mixture};
use crate::mode::{self, Mode};
use crate::problem::Problem;

/// Least share of a mode in the mixture before importance sampling.
const LEAST_SHARE: f64 = 0.05;
/// Mass of a mode over that of all below which it is left aside.
const LEAST_MASS: f64 = 0.005;
/// Effective number of weighted draws from which on a small mass is believed.
const BELIEVED: f64 = 100.0;

/// Modes of one object.
pub(super) struct Modes {
    /// Heaviest mode.
    pub mode: Mode,
    /// Map of the chains: that of the Hessian at a single mode, or the heaviest of the mixture.
    pub metric: Metric,
    /// All modes, where there are several.
    pub several: Option<Several>,
    /// Estimate by importance sampling, if it is asked for.
    pub estimate: Option<Estimate>,
}

/// Several modes, the heaviest first.
pub(super) struct Several {
    /// Modes, each with the map of its Hessian.
    pub modes: Vec<(Mode, Metric)>,
    /// Mixture that fits them, a component a mode.
    pub mixture: Mixture,
}

impl Modes {
    /// Finds the modes of a problem. None if no start leads to one.
    pub fn find(problem: &Problem, grid: &Grid<f64>, options: &Options) -> Option<Modes> {
        let mut modes = mode::all(problem, grid)?;
        if modes.len() > 1 {
            let (several, estimate) = weighed(problem, grid, modes, options);
            if several.modes.len() > 1 {
                return Some(Modes {
                    mode: several.modes[0].0.clone(),
                    metric: several.mixture.metric(0).clone(),
                    several: Some(several),
                    estimate: estimate.filter(|_| options.importance > 0),
                });
            }
            modes = several.modes;
        }
        let (mode, metric) = modes.swap_remove(0);
        let estimate = importance::estimate(problem, grid, &metric, options);
        Some(Modes {
            mode,
            metric,
            several: None,
            estimate,
        })
    }

    /// Mixture that fits the modes, where there are several.
    pub fn mixture(&self) -> Option<&Mixture> {
        self.several.as_ref().map(|several| &several.mixture)
    }

    /// Mode around which a start lies, with the map of its Hessian: start by start another mode.
    pub fn turn(&self, start: usize) -> (&Mode, &Metric) {
        match &self.several {
            Some(Several { modes, .. }) => {
                let (mode, metric) = &modes[start % modes.len()];
                (mode, metric)
            }
            None => (&self.mode, &self.metric),
        }
    }
}

/// Weighs modes by importance sampling, and leaves those aside that hold hardly any mass.
fn weighed(
    problem: &Problem,
    grid: &Grid<f64>,
    modes: Vec<(Mode, Metric)>,
    options: &Options,
) -> (Several, Option<Estimate>) {
    let ln_masses: Vec<f64> = modes
        .iter()
        .map(|(mode, metric)| mode.logdensity + metric.ln_determinant())
        .collect();
    let laplace: Vec<f64> = ln_masses.iter().map(|ln| (ln - ln_masses[0]).exp()).collect();
    let start = laplace
        .iter()
        .zip(&modes)
        .map(|(mass, (_, metric))| (mass.max(LEAST_SHARE), metric.clone()));
    let start = Mixture::new(start.collect());
    let Some(refined) = importance::refine(problem, grid, &start, options) else {
        return (Several { modes, mixture: start }, None);
    };
    let is_believed = refined.estimate.ess >= BELIEVED;
    let mut order: Vec<usize> = (0..modes.len()).collect();
    order.sort_by(|&a, &b| refined.masses[b].total_cmp(&refined.masses[a]));
    order.retain(|&mode| !is_believed || refined.masses[mode] >= LEAST_MASS);
    let part = |&mode: &usize| (refined.mixture.weight(mode), refined.mixture.metric(mode).clone());
    let several = Several {
        mixture: Mixture::new(order.iter().map(part).collect()),
        modes: order.iter().map(|&mode| modes[mode].clone()).collect(),
    };
    (several, Some(refined.estimate))
}
