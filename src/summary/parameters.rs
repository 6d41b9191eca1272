//! Percentiles, moments and diagnostics of parameters and derived quantities.

use super::{DERIVED, PERCENTILES, ParameterSummary, mean_sd};
use crate::diagnostics::diagnose;
use crate::draws::Draws;
use crate::model::ABUNDANCE_ZERO;
use crate::problem::Problem;

/// Parameters and derived quantities.
pub(super) fn summarise(problem: &Problem, draws: &Draws) -> Vec<ParameterSummary> {
    let mut all: Vec<ParameterSummary> = Vec::new();
    for (place, parameter) in problem.parameters.iter().enumerate() {
        all.push(parameter_summary(
            &parameter.name,
            draws.parameter(place),
            draws.chains,
            parameter.coordinate.is_some(),
        ));
    }
    let column = |name: &str| {
        problem
            .place(name)
            .map(|place| (draws.parameter(place), problem.parameters[place].coordinate))
    };
    if let Some((density, coordinate)) = column("n_e") {
        let log = density.iter().map(|n| n.log10()).collect();
        all.push(parameter_summary(DERIVED[0], log, draws.chains, coordinate.is_some()));
    }
    if let (Some((o2, low)), Some((o3, high))) = (column("O2"), column("O3")) {
        let sum = |(a, b): (&f64, &f64)| {
            let linear = |x: f64| 10_f64.powf(x - ABUNDANCE_ZERO);
            ABUNDANCE_ZERO + (linear(*a) + linear(*b)).log10()
        };
        let oxygen = o2.iter().zip(&o3).map(sum).collect();
        all.push(parameter_summary(
            DERIVED[1],
            oxygen,
            draws.chains,
            low.is_some() || high.is_some(),
        ));
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
    }
}

/// Percentile of sorted values by linear interpolation, as numpy's default.
fn percentile(sorted: &[f64], percent: f64) -> f64 {
    let at = percent / 100.0 * (sorted.len() - 1) as f64;
    let below = at.floor() as usize;
    let above = (below + 1).min(sorted.len() - 1);
    sorted[below] + (at - below as f64) * (sorted[above] - sorted[below])
}
