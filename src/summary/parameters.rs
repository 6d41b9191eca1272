//! Percentiles, moments and diagnostics of parameters and derived quantities.

use std::borrow::Cow;

use rayon::prelude::*;

use super::{LOG_NE, PERCENTILES, ParameterSummary};
use crate::abundance::{self, Derived};
use crate::diagnostics::{Quantity, Workspace};
use crate::draws;
use crate::problem::Problem;

/// Quantity with its draws.
pub(super) struct Item<'a> {
    pub(super) name: &'a str,
    pub(super) values: Cow<'a, [f64]>,
    /// True unless the quantity is the same in every draw.
    pub(super) sampled: bool,
}

/// Summarises the parameters, with the draws `columns`, and the derived quantities. A quantity that
/// is not finite at some draw has no summary. As many threads share the work as there are
/// workspaces.
pub(super) fn summarise(
    problem: &Problem,
    columns: &[Vec<f64>],
    derived: &Derived,
    chains: usize,
    workspaces: &mut [Workspace],
) -> Vec<ParameterSummary> {
    let items = items(problem, columns, derived);
    let share = items.len().div_ceil(workspaces.len()).max(1);
    let summarise_share = |(items, workspace): (&[Item<'_>], &mut Workspace)| {
        let summary = |item: &Item<'_>| {
            let quantity = workspace.take(&item.values, chains);
            parameter_summary(item.name, quantity, item.sampled)
        };
        items.iter().map(summary).collect::<Vec<_>>()
    };
    let shares = items.par_chunks(share).zip(workspaces).map(summarise_share);
    shares.collect::<Vec<_>>().into_iter().flatten().collect()
}

/// Parameters, log₁₀ n_e and derived quantities, with their draws.
pub(super) fn items<'a>(problem: &'a Problem, columns: &'a [Vec<f64>], derived: &Derived) -> Vec<Item<'a>> {
    let parameters = problem.parameters.iter().zip(columns);
    let mut items: Vec<Item<'_>> = parameters
        .map(|(parameter, values)| Item {
            name: &parameter.name,
            values: values.into(),
            sampled: parameter.coordinate.is_some(),
        })
        .collect();
    if let Some(index) = problem.parameter_index("n_e") {
        items.push(Item {
            name: LOG_NE,
            values: columns[index].iter().map(|n| n.log10()).collect(),
            sampled: problem.parameters[index].coordinate.is_some(),
        });
    }
    let quantities = abundance::NAMES
        .iter()
        .zip(draws::columns(&derived.values, abundance::NAMES.len()));
    for ((&name, values), outside) in quantities.zip(derived.outside) {
        if !outside.is_nan() && values.iter().all(|x| x.is_finite()) {
            items.push(Item {
                name,
                sampled: values.iter().any(|value| *value != values[0]),
                values: values.into(),
            });
        }
    }
    items
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

/// Percentiles and moments of the finite values, NaN if there is none. There are no diagnostics,
/// since the values are no chain.
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
