//! Objects in the order in which kernels take their lines.

use super::{emissivities, position, problems};
use crate::backend::gpu::grouped::grouped;
use crate::model::record::NONE;
use crate::model::{Evaluator, ModelObject};

/// The lines of one ion alone stand together and are counted. The lines after them are shared, and
/// their ions say so.
#[test]
fn lines_stand_ion_by_ion_and_the_shared_ones_last() {
    let mut shared_lines = 0;
    for problem in problems() {
        let object = grouped(&problem.object);
        let mut line = object.lines.iter();
        for (i, ion) in (0..).zip(&object.ions) {
            for own in line.by_ref().take(ion.own_lines as usize) {
                for term in &object.terms[own.term_range()] {
                    assert_eq!((term.ion, term.times, term.over, term.zone), (i, NONE, NONE, ion.zone));
                }
            }
            let reference = &object.lines[ion.reference_line as usize];
            let own = ion.first_reference..ion.first_reference + ion.references;
            assert!(own.clone().all(|k| object.terms[k as usize].ion == i));
            assert!(own.is_empty() || reference.term_range().contains(&(own.start as usize)));
        }
        for shared in line {
            shared_lines += 1;
            let terms = &object.terms[shared.term_range()];
            let mut sharing = terms.iter().flat_map(|term| [term.ion, term.times, term.over]);
            assert!(sharing.all(|ion| ion == NONE || object.ions[ion as usize].shares == 1));
        }
    }
    assert!(shared_lines > 0, "a case of lines of several ions");
}

#[test]
fn the_order_changes_nothing_but_roundings() {
    let grid = &emissivities().grid;
    for problem in problems() {
        let at = position(problem, 0);
        let value = |object: &ModelObject<f64>| {
            let mut grad = vec![0.0; object.dimension()];
            let value = Evaluator::new(object, grid).logdensity(&at, &mut grad);
            (value, grad)
        };
        let ((before, slopes), (after, same_slopes)) = (value(&problem.object), value(&grouped(&problem.object)));
        let most = slopes.iter().fold(before.abs(), |most, slope| most.max(slope.abs()));
        assert!(
            (after - before).abs() <= 1e-12 * most,
            "{}: {before} {after}",
            problem.id
        );
        for (a, b) in slopes.iter().zip(&same_slopes) {
            assert!((a - b).abs() <= 1e-12 * most, "{}: {a} {b}", problem.id);
        }
    }
}
