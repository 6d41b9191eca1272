//! Percentiles, moments and diagnostics of parameters and derived quantities.

use super::{LOG_NE, PERCENTILES, ParameterSummary, mean_sd};
use crate::abundance::{self, Derived};
use crate::diagnostics::diagnose;
use crate::draws::Draws;
use crate::problem::Problem;

/// Parameters and derived quantities; one that is not finite at some draw has no summary.
pub(super) fn summarise(problem: &Problem, draws: &Draws, derived: &Derived) -> Vec<ParameterSummary> {
    let mut all: Vec<ParameterSummary> = Vec::new();
    for (place, parameter) in problem.parameters.iter().enumerate() {
        all.push(parameter_summary(
            &parameter.name,
            draws.parameter(place),
            draws.chains,
            parameter.coordinate.is_some(),
        ));
    }
    if let Some(place) = problem.place("n_e") {
        let log = draws.parameter(place).iter().map(|n| n.log10()).collect();
        let sampled = problem.parameters[place].coordinate.is_some();
        all.push(parameter_summary(LOG_NE, log, draws.chains, sampled));
    }
    for (quantity, name) in abundance::NAMES.into_iter().enumerate() {
        if let Some(values) = derived.quantity(quantity).filter(|v| v.iter().all(|x| x.is_finite())) {
            let varies = values.iter().any(|value| *value != values[0]);
            all.push(parameter_summary(name, values, draws.chains, varies));
        }
    }
    all
}

fn parameter_summary(name: &str, values: Vec<f64>, chains: usize, sampled: bool) -> ParameterSummary {
    let (mean, sd) = mean_sd(&values);
    let diagnostics = sampled.then(|| diagnose(&values, chains));
    let mut sorted = values;
    sorted.sort_unstable_by(f64::total_cmp);
    ParameterSummary {
        name: name.into(),
        percentiles: PERCENTILES.map(|percent| percentile(&sorted, percent)),
        mean,
        sd,
        diagnostics,
        classical: None,
    }
}

/// Percentiles and moments of the values that are finite, NaN if none is; no diagnostics, since they are no chain.
pub(crate) fn finite_summary(name: &str, values: &[f64]) -> ParameterSummary {
    let finite: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
    if finite.is_empty() {
        return ParameterSummary {
            name: name.into(),
            percentiles: [f64::NAN; 5],
            mean: f64::NAN,
            sd: f64::NAN,
            diagnostics: None,
            classical: None,
        };
    }
    parameter_summary(name, finite, 1, false)
}

/// Percentile of sorted values by linear interpolation, as numpy's default.
fn percentile(sorted: &[f64], percent: f64) -> f64 {
    let at = percent / 100.0 * (sorted.len() - 1) as f64;
    let below = at.floor() as usize;
    let above = (below + 1).min(sorted.len() - 1);
    sorted[below] + (at - below as f64) * (sorted[above] - sorted[below])
}
