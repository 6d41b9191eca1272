//! Log densities and gradients with each instruction set that the machine has.

use super::gradients::position;
use super::{Correction, corrected, effects};
use crate::emissivity::Set;
use crate::model::{
    Compiled, Evaluator, F32_LANES, FEW_LANES, LANES, LaneEvaluator, ModelObject, SideBySide, SingleEvaluator,
};
use crate::number::lanes::Lanes;
use crate::number::simd::tests::with_each_set;

/// Log densities and gradients of one position and of N positions side by side, as bits.
fn bits<const N: usize>(object: &ModelObject<f64>, set: &Set) -> Vec<u64>
where
    Lanes<f64, N>: Compiled<Scalar = f64>,
{
    let dimension = object.dimension();
    let positions: Vec<Vec<f64>> = (0..N as u32).map(|lane| position(object, lane)).collect();
    let rows: Vec<&[f64]> = positions.iter().map(Vec::as_slice).collect();
    let mut grad = vec![0.0; dimension];
    let value = Evaluator::<f64>::new(object, &set.grid).logdensity(&positions[0], &mut grad);
    let mut numbers = vec![value];
    numbers.append(&mut grad);
    let mut lanes = LaneEvaluator::<N>::new(object, &set.grid);
    let mut grads = vec![0.0; N * dimension];
    numbers.extend(lanes.logdensity(&rows, &mut grads));
    numbers.append(&mut grads);
    numbers.into_iter().map(f64::to_bits).collect()
}

/// The Gauss–Newton matrix at one position, as bits.
fn gauss_newton(object: &ModelObject<f64>, set: &Set) -> Vec<u64> {
    let mut hessian = vec![0.0; object.dimension() * object.dimension()];
    LaneEvaluator::<LANES>::new(object, &set.grid).gauss_newton(&position(object, 0), &mut hessian);
    hessian.into_iter().map(f64::to_bits).collect()
}

/// Log densities and gradients of N positions side by side in single precision, as bits.
fn bits_f32<const N: usize>(object: &ModelObject<f64>, set: &Set) -> Vec<u64>
where
    Lanes<f32, N>: Compiled<Scalar = f32>,
{
    let (single, grid) = (object.cast::<f32>(), set.grid.cast::<f32>());
    let mut lanes = SingleEvaluator::<N>::new(&single, 0.0, &grid);
    let positions: Vec<Vec<f64>> = (0..N as u32).map(|lane| position(object, lane)).collect();
    let place = |at: &mut [Lanes<f64, N>]| {
        for (k, lanes) in at.iter_mut().enumerate() {
            *lanes = Lanes(std::array::from_fn(|lane| positions[lane][k]));
        }
    };
    let (values, grads) = lanes.evaluate(place);
    let grads = grads.iter().flat_map(|grad| grad.0);
    values.into_iter().chain(grads).map(f64::to_bits).collect()
}

#[test]
fn log_densities_and_gradients_are_the_same_bits_with_each_instruction_set() {
    let (set, problems) = effects::problems();
    let plain = &problems[0].object;
    let alone = Correction::ALL.map(|correction| corrected(plain, &[correction]));
    for object in [plain, &corrected(plain, &Correction::ALL)].into_iter().chain(&alone) {
        let mut found = with_each_set(|| {
            let double = [bits::<FEW_LANES>(object, &set), bits::<LANES>(object, &set)];
            let single = [bits_f32::<LANES>(object, &set), bits_f32::<F32_LANES>(object, &set)];
            (double, single, gauss_newton(object, &set))
        });
        let (_, expected) = found.swap_remove(0);
        for (set, bits) in found {
            assert!(bits == expected, "{set:?}");
        }
    }
}
