//! Numbers of an object from weighted draws: parameters from the weights themselves, derived
//! quantities from the draws that were resampled from them.

use super::parameters::{Item, items};
use super::{PERCENTILES, ParameterSummary};
use crate::abundance::{self, Derived};
use crate::diagnostics::{Diagnostics, Weighted, Workspace};
use crate::draws;
use crate::importance::Sample;
use crate::problem::Problem;

/// Summarises parameters and derived quantities. There is no R-hat and no effective sample size of
/// chains; Monte Carlo errors are those of the weights.
pub(super) fn summarise(
    problem: &Problem,
    sample: &Sample,
    derived: &Derived,
    workspace: &mut Workspace,
) -> Vec<ParameterSummary> {
    let columns = draws::columns(sample.values(), problem.parameters.len());
    let resampled = derived.values.len() / abundance::NAMES.len();
    let equal = vec![1.0 / resampled as f64; resampled];
    // A resampled draw is a weighted one, chosen at random: the variances of both steps add up.
    let growth = (1.0 + resampled as f64 / sample.estimate().ess).sqrt();
    let summary = |item: &Item<'_>| {
        let (weights, growth) = match abundance::NAMES.contains(&item.name) {
            true => (equal.as_slice(), growth),
            false => (sample.weights(), 1.0),
        };
        match item.sampled {
            true => varied(item.name, workspace.weigh(&item.values, weights, &PERCENTILES), growth),
            false => constant(item.name, item.values[0]),
        }
    };
    items(problem, &columns, derived).iter().map(summary).collect()
}

/// Summary of a quantity from its numbers, with Monte Carlo errors times `growth`.
fn varied(name: &str, found: Weighted, growth: f64) -> ParameterSummary {
    ParameterSummary {
        percentiles: std::array::from_fn(|k| found.percentiles[k]),
        mean: found.mean,
        sd: found.sd,
        diagnostics: Some(Diagnostics {
            r_hat: f64::NAN,
            nested_r_hat: f64::NAN,
            ess_bulk: f64::NAN,
            ess_tail: f64::NAN,
            mcse_mean: growth * found.mcse_mean,
            mcse_sd: growth * found.mcse_sd,
        }),
        ..constant(name, found.mean)
    }
}

/// Summary of a quantity that is the same in every draw.
fn constant(name: &str, value: f64) -> ParameterSummary {
    ParameterSummary {
        name: name.to_owned(),
        percentiles: [value; PERCENTILES.len()],
        mean: value,
        sd: 0.0,
        diagnostics: None,
        classical: None,
    }
}
