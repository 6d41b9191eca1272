//! Gradient with corrections on, one by one and all together, against differences; and each in
//! single precision.

use super::{Correction, corrected};
use crate::emissivity::Set;
use crate::model::coordinate::low_snr::starting_coordinate;
use crate::model::{Evaluator, ModelObject};

/// Position with reference lines about as bright as measured. Other coordinates are up to one from
/// their middle.
pub(super) fn position(object: &ModelObject<f64>, number: u32) -> Vec<f64> {
    let wave = |i: u32| (1.7 * f64::from(i) + 2.9 * f64::from(number)).sin();
    let mut position: Vec<f64> = (0..object.header.dimension).map(wave).collect();
    for ion in super::flux_ions(object) {
        let ion = &object.ions[ion as usize];
        let line = &object.lines[ion.reference_line as usize];
        position[ion.source as usize] = starting_coordinate(ion, line) + 0.1 * wave(ion.source);
    }
    position
}

/// Tolerance of a central difference with step h: rounding, ε times the sum's terms over h, and
/// truncation. The value at twice the step measures the truncation.
#[track_caller]
fn check(object: &ModelObject<f64>, set: &Set, what: &str) {
    let mut evaluator = Evaluator::new(object, &set.grid);
    for number in 0..3 {
        let at = position(object, number);
        let mut grad = vec![0.0; at.len()];
        let mut unused = grad.clone();
        let value = evaluator.logdensity(&at, &mut grad);
        assert!(value.is_finite(), "{what}");
        let noise: f64 = object.lines.iter().map(|l| l.starting_flux() * l.inverse_sigma).sum();
        for i in 0..at.len() {
            let mut difference = |h: f64| {
                let mut moved = at.clone();
                moved[i] = at[i] + h;
                let ahead = evaluator.logdensity(&moved, &mut unused);
                moved[i] = at[i] - h;
                (ahead - evaluator.logdensity(&moved, &mut unused)) / (2.0 * h)
            };
            let h = 1e-5;
            let (near, far) = (difference(h), difference(2.0 * h));
            let bound = (near - far).abs() + 8.0 * f64::EPSILON * (value.abs() + noise) / h + 1e-9 * grad[i].abs();
            assert!(
                (near - grad[i]).abs() <= bound,
                "{what}, coordinate {i}: {} {near} ± {bound}",
                grad[i]
            );
        }
    }
}

#[test]
fn the_gradient_is_that_of_the_log_density_with_every_correction() {
    let (set, problems) = super::effects::problems();
    for problem in &problems {
        for correction in Correction::ALL {
            check(
                &corrected(&problem.object, &[correction]),
                &set,
                &format!("{} {correction:?}", problem.id),
            );
        }
        check(&corrected(&problem.object, &Correction::ALL), &set, &problem.id);
    }
}

/// Slopes of new coordinates must not vanish: a gradient of zero would agree with a difference of
/// nothing.
#[test]
fn every_correction_moves_the_log_density() {
    let (set, problems) = super::effects::problems();
    let plain = &problems[0].object;
    let sampled = [
        Correction::Relation,
        Correction::Collisional,
        Correction::Rv,
        Correction::Arm,
        Correction::Likelihoods,
    ];
    for correction in sampled {
        let object = corrected(plain, &[correction]);
        let at = position(&object, 1);
        let mut grad = vec![0.0; at.len()];
        Evaluator::new(&object, &set.grid).logdensity(&at, &mut grad);
        // The derivative of the prior alone with respect to the new coordinate is −z. Collisions
        // hardly excite hydrogen at the 10 kK of the prior.
        let z = *at.last().unwrap();
        assert!((grad.last().unwrap() + z).abs() > 1e-6, "{correction:?}");
    }
}
