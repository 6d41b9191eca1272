//! Lanes against single evaluations, with every correction.

use super::gradients::position;
use super::{Correction, corrected, effects};
use crate::emissivity::Set;
use crate::model::{Compiled, Evaluator, FEW_LANES, LANES, LaneEvaluator, ModelObject};
use crate::shared::lanes::Lanes;

/// Whatever the object has, wherever the lanes are and however many are in use: each lane is the single evaluation to the bit.
#[track_caller]
fn check<const N: usize>(object: &ModelObject<f64>, set: &Set, what: &str)
where
    Lanes<f64, N>: Compiled<Scalar = f64>,
{
    let dimension = object.dimension();
    let mut single = Evaluator::<f64>::new(object, &set.grid);
    let mut lanes = LaneEvaluator::<N>::new(object, &set.grid);
    // In one cell of the tables, as the chains of one object mostly are, and in many.
    for (spread, count) in [(0.01, N), (1.0, N), (1.0, 3)] {
        let centre = position(object, 0);
        let moved = |lane: u32| {
            let wave = move |k: usize| spread * (f64::from(7 * lane) + 3.0 * k as f64).sin();
            centre.iter().enumerate().map(move |(k, z)| z + wave(k)).collect()
        };
        let positions: Vec<Vec<f64>> = (0..count as u32).map(moved).collect();
        let rows: Vec<&[f64]> = positions.iter().map(Vec::as_slice).collect();
        let mut found = vec![0.0; N * dimension];
        let values = lanes.logdensity(&rows, &mut found);
        let mut expected = vec![0.0; dimension];
        let bits = |grad: &[f64]| grad.iter().map(|g| g.to_bits()).collect::<Vec<u64>>();
        for (lane, position) in positions.iter().enumerate() {
            let value = single.logdensity(position, &mut expected);
            assert_eq!(values[lane].to_bits(), value.to_bits(), "{what}, lane {lane}");
            let found = &found[lane * dimension..][..dimension];
            assert_eq!(bits(found), bits(&expected), "{what}, lane {lane}");
        }
    }
}

fn check_all(object: &ModelObject<f64>, set: &Set, what: &str) {
    check::<FEW_LANES>(object, set, what);
    check::<LANES>(object, set, what);
}

#[test]
fn every_lane_is_the_single_evaluation_to_the_bit() {
    let (set, problems) = effects::problems();
    for problem in &problems {
        check_all(&problem.object, &set, &problem.id);
        for correction in Correction::ALL {
            let object = corrected(&problem.object, &[correction]);
            check_all(&object, &set, &format!("{} {correction:?}", problem.id));
        }
        check_all(&corrected(&problem.object, &Correction::ALL), &set, &problem.id);
    }
}
