//! One object at several positions at once, in lanes side by side, on the widest vectors of the processor.

use super::density::{Compiled, Evaluator};
use super::object::ModelObject;
use crate::emissivity::Grid;
use crate::shared::lanes::Lanes;

/// Positions evaluated side by side where there are many.
pub const LANES: usize = 8;
/// A position alone, where lanes are asked for.
pub const ONE_LANE: usize = 1;
/// Positions evaluated side by side where there are few: one vector of AVX2.
pub const FEW_LANES: usize = 4;

/// The evaluator of one object in N lanes, `LANES`, `FEW_LANES` or `ONE_LANE`. What a lane gives is, bit for bit, what [`Evaluator`] gives
/// for its position.
pub struct LaneEvaluator<'a, const N: usize>
where
    Lanes<f64, N>: Compiled<Scalar = f64>,
{
    pub(super) evaluator: Evaluator<'a, Lanes<f64, N>>,
    position: Vec<Lanes<f64, N>>,
    pub(super) grad: Vec<Lanes<f64, N>>,
}

impl<'a, const N: usize> LaneEvaluator<'a, N>
where
    Lanes<f64, N>: Compiled<Scalar = f64>,
{
    /// An evaluator of `object`, at no positions yet.
    pub fn new(object: &'a ModelObject<f64>, grid: &'a Grid<f64>) -> Self {
        let zeros = vec![Lanes([0.0; N]); object.dimension()];
        LaneEvaluator {
            evaluator: Evaluator::new(object, grid),
            position: zeros.clone(),
            grad: zeros,
        }
    }

    /// ln of the posterior density at the positions that `place` fills in, `[dimension]`, and the gradients, `[dimension]`.
    pub fn evaluate(&mut self, place: impl FnOnce(&mut [Lanes<f64, N>])) -> ([f64; N], &mut [Lanes<f64, N>]) {
        place(&mut self.position);
        let value = self.evaluator.logdensity(&self.position, &mut self.grad);
        (value.0, &mut self.grad)
    }

    /// ln of the posterior density at 1 to N `positions`, `[dimension]` each, and the gradients into the first rows of `grads`,
    /// `[N, dimension]`.
    pub fn logdensity(&mut self, positions: &[&[f64]], grads: &mut [f64]) -> [f64; N] {
        self.set(positions);
        let value = self.evaluator.logdensity(&self.position, &mut self.grad);
        let rows = grads.chunks_exact_mut(self.grad.len());
        for (lane, row) in rows.enumerate().take(positions.len()) {
            for (out, grad) in row.iter_mut().zip(&self.grad) {
                *out = grad.0[lane];
            }
        }
        value.0
    }

    /// Moves to 1 to N `positions`, for `slot`, `ln_abundance` and `flux`, where `logdensity` leaves it too.
    pub fn at(&mut self, positions: &[&[f64]]) -> &mut Self {
        self.set(positions);
        self.evaluator.at(&self.position);
        self
    }

    /// The value of a slot in each lane.
    pub fn slot(&self, slot: usize) -> [f64; N] {
        self.evaluator.slot(slot).0
    }

    /// ln of an ion's abundance X/H in each lane.
    pub fn ln_abundance(&self, ion: usize) -> [f64; N] {
        self.evaluator.ln_abundance(ion).0
    }

    /// The model's flux of line `l` relative to Hβ's measured flux in each lane.
    pub fn flux(&self, l: usize) -> [f64; N] {
        self.evaluator.flux(l).0
    }

    /// Lanes without a position of their own take the first.
    fn set(&mut self, positions: &[&[f64]]) {
        for (k, lanes) in self.position.iter_mut().enumerate() {
            for (lane, value) in lanes.0.iter_mut().enumerate() {
                *value = positions.get(lane).unwrap_or(&positions[0])[k];
            }
        }
    }
}
