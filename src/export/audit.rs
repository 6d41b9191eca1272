//! `audit.csv`: importance sampling beside chains, a row for each number of each quantity.

use super::column::digits;
use crate::fit::{COMPARED, Outcome};

/// Names of the columns.
pub(super) const HEADER: [&str; 8] = [
    "object",
    "quantity",
    "number",
    "importance",
    "nuts",
    "sd",
    "allowed",
    "passes",
];

/// Rows of an object.
pub(super) fn rows(outcome: &Outcome) -> impl Iterator<Item = [String; HEADER.len()]> {
    let numbers = outcome
        .audit
        .iter()
        .flat_map(|own| (0..COMPARED.len()).map(move |k| (own, k)));
    numbers.map(|(own, k)| {
        [
            outcome.id.clone(),
            own.name.clone(),
            COMPARED[k].to_owned(),
            digits(own.weighted[k]),
            digits(own.chains[k]),
            digits(own.sd),
            digits(own.allowed[k]),
            own.passes()[k].to_string(),
        ]
    })
}
