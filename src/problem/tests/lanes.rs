//! Lanes against single evaluations, with every correction.

use super::gradients::position;
use super::{Correction, corrected, effects};
use crate::emissivity::Set;
use crate::model::{
    Compiled, Evaluator, F32_LANES, FEW_LANES, LANES, LaneEvaluator, ModelObject, SideBySide, SingleEvaluator,
};
use crate::number::lanes::Lanes;

/// Each lane is the single evaluation to the bit, for any correction, any positions and any number
/// of lanes in use.
#[track_caller]
fn check<const N: usize>(object: &ModelObject<f64>, set: &Set, what: &str)
where
    Lanes<f64, N>: Compiled<Scalar = f64>,
{
    let dimension = object.dimension();
    let mut single = Evaluator::<f64>::new(object, &set.grid);
    let mut lanes = LaneEvaluator::<N>::new(object, &set.grid);
    // Positions in one cell of the tables, and in many.
    for (amplitude, count) in [(0.01, N), (1.0, N), (1.0, 3)] {
        let centre = position(object, 0);
        let moved = |lane: u32| {
            let wave = move |k: usize| amplitude * (f64::from(7 * lane) + 3.0 * k as f64).sin();
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

/// Each lane in single precision is the single evaluation in single precision, to the bit.
#[track_caller]
fn check_single<const N: usize>(object: &ModelObject<f64>, set: &Set, what: &str)
where
    Lanes<f32, N>: Compiled<Scalar = f32>,
{
    let (object, grid, centre) = (object.cast::<f32>(), set.grid.cast::<f32>(), position(object, 0));
    let mut single = Evaluator::<f32>::new(&object, &grid);
    let mut lanes = SingleEvaluator::<N>::new(&object, 5.0, &grid);
    for amplitude in [0.01, 1.0] {
        let coordinate = |lane: usize, k: usize| centre[k] + amplitude * (7.0 * lane as f64 + 3.0 * k as f64).sin();
        let fill = |at: &mut [Lanes<f64, N>]| {
            for (k, lanes) in at.iter_mut().enumerate() {
                *lanes = Lanes(std::array::from_fn(|lane| coordinate(lane, k)));
            }
        };
        let (values, grads) = lanes.evaluate(fill);
        let mut expected = vec![0.0; object.dimension()];
        for (lane, value) in values.into_iter().enumerate() {
            let position: Vec<f32> = (0..object.dimension()).map(|k| coordinate(lane, k) as f32).collect();
            let truth = single.logdensity(&position, &mut expected);
            if truth.is_finite() && expected.iter().all(|g| g.is_finite()) {
                assert_eq!(value, 5.0 + f64::from(truth), "{what}, lane {lane}");
                let equal = grads.iter().zip(&expected).all(|(g, &e)| g.0[lane] == f64::from(e));
                assert!(equal, "{what}, lane {lane}");
            } else {
                assert_eq!(value, f64::NEG_INFINITY, "{what}, lane {lane}");
            }
        }
    }
}

fn check_all(object: &ModelObject<f64>, set: &Set, what: &str) {
    check_single::<LANES>(object, set, what);
    check_single::<F32_LANES>(object, set, what);
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
