//! The lines of an object in the order of the kernels: ion by ion the lines of one ion alone, then
//! the lines that ions share.

use crate::model::ModelObject;
use crate::model::record::{LineRecord, NONE, Term};

/// `object` with its lines and their terms in that order, and with what its ions say about it.
pub(super) fn grouped(object: &ModelObject<f64>) -> ModelObject<f64> {
    let of_line = |line: &LineRecord<f64>| owner(object, &object.terms[line.term_range()]);
    let owners: Vec<u32> = object.lines.iter().map(of_line).collect();
    let mut order: Vec<usize> = (0..object.lines.len()).collect();
    order.sort_by_key(|&l| owners[l]);
    let mut sorted = object.clone();
    sorted.lines.clear();
    sorted.terms.clear();
    let mut line_at = vec![0; object.lines.len()];
    for (index, &l) in order.iter().enumerate() {
        line_at[l] = index as u32;
        let line = &object.lines[l];
        let first_term = sorted.terms.len() as u32;
        sorted.terms.extend_from_slice(&object.terms[line.term_range()]);
        sorted.lines.push(LineRecord { first_term, ..*line });
    }
    let lines = object.lines.iter().zip(&owners);
    let shared: Vec<&Term<f64>> = lines
        .filter(|(_, owner)| **owner == NONE)
        .flat_map(|(line, _)| &object.terms[line.term_range()])
        .collect();
    for (i, ion) in (0..).zip(&mut sorted.ions) {
        let within = ion.first_reference - object.lines[ion.reference_line as usize].first_term;
        ion.reference_line = line_at[ion.reference_line as usize];
        ion.first_reference = sorted.lines[ion.reference_line as usize].first_term + within;
        ion.own_lines = owners.iter().filter(|&&owner| owner == i).count() as u32;
        ion.shares = shared
            .iter()
            .any(|term| [term.ion, term.times, term.over].contains(&i))
            .into();
    }
    sorted
}

/// The ion of all terms of a line, in the ion's own zone and without the abundance of another; else
/// NONE.
fn owner(object: &ModelObject<f64>, terms: &[Term<f64>]) -> u32 {
    let ion = terms[0].ion;
    let zone = object.ions[ion as usize].zone;
    let is_own = |term: &Term<f64>| (term.ion, term.times, term.over, term.zone) == (ion, NONE, NONE, zone);
    if terms.iter().all(is_own) { ion } else { NONE }
}
