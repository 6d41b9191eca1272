//! Percentiles, moments and diagnostics of parameters and derived quantities.

use super::{LOG_NE, PERCENTILES, ParameterSummary};
use crate::abundance::{self, Derived};
use crate::diagnostics::{Quantity, Workspace};
use crate::draws;
use crate::problem::Problem;

/// Parameters, whose draws are `columns`, and derived quantities; one that is not finite at some draw has no summary.
pub(super) fn summarise(
    problem: &Problem,
    columns: &[Vec<f64>],
    derived: &Derived,
    chains: usize,
    workspace: &mut Workspace,
) -> Vec<ParameterSummary> {
    let mut all: Vec<ParameterSummary> = Vec::new();
    for (parameter, values) in problem.parameters.iter().zip(columns) {
        let quantity = workspace.take(values, chains);
        all.push(parameter_summary(
            &parameter.name,
            quantity,
            parameter.coordinate.is_some(),
        ));
    }
    if let Some(place) = problem.place("n_e") {
        let log: Vec<f64> = columns[place].iter().map(|n| n.log10()).collect();
        let sampled = problem.parameters[place].coordinate.is_some();
        all.push(parameter_summary(LOG_NE, workspace.take(&log, chains), sampled));
    }
    let quantities = abundance::NAMES
        .iter()
        .zip(draws::columns(&derived.values, abundance::NAMES.len()));
    for ((name, values), outside) in quantities.zip(derived.outside) {
        if !outside.is_nan() && values.iter().all(|x| x.is_finite()) {
            let varies = values.iter().any(|value| *value != values[0]);
            all.push(parameter_summary(name, workspace.take(&values, chains), varies));
        }
    }
    all
}

fn parameter_summary(name: &str, mut quantity: Quantity<'_>, sampled: bool) -> ParameterSummary {
    ParameterSummary {
        name: name.into(),
        percentiles: PERCENTILES.map(|percent| quantity.percentile(percent)),
        mean: quantity.mean(),
        sd: quantity.sd(),
        diagnostics: sampled.then(|| quantity.diagnose()),
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
    parameter_summary(name, Workspace::default().take(&finite, 1), false)
}
