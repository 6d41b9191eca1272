//! One object at several positions at once, in lanes side by side, on the widest vectors of the
//! processor.

use super::density::{Compiled, Forward};
use super::evaluator::Evaluator;
use super::object::ModelObject;
use crate::emissivity::Grid;
use crate::number::lanes::Lanes;

/// Evaluates one object at N positions side by side.
pub trait SideBySide<const N: usize> {
    /// ln of the posterior density at the positions that `fill` writes, `[dimension]`, and the
    /// gradients, `[dimension]`.
    fn evaluate(&mut self, fill: impl FnOnce(&mut [Lanes<f64, N>])) -> ([f64; N], &mut [Lanes<f64, N>]);
}

/// The evaluator of one object in N lanes of double precision, `LANES`, `FEW_LANES` or `ONE_LANE`.
/// Each lane has the bits that [`Evaluator`] gives for its position.
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

    /// ln of the posterior density at 1 to N `positions`, `[dimension]` each, and the gradients
    /// into the first rows of `grads`, `[N, dimension]`.
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

impl<const N: usize> LaneEvaluator<'_, N>
where
    Lanes<f64, N>: Forward<Scalar = f64>,
{
    /// Moves to 1 to N `positions`, for `slot`, `ln_abundance` and `flux`, where `logdensity`
    /// leaves it too.
    pub fn at(&mut self, positions: &[&[f64]]) -> &mut Self {
        self.set(positions);
        self.evaluator.at(&self.position);
        self
    }
}

impl<const N: usize> SideBySide<N> for LaneEvaluator<'_, N>
where
    Lanes<f64, N>: Compiled<Scalar = f64>,
{
    fn evaluate(&mut self, fill: impl FnOnce(&mut [Lanes<f64, N>])) -> ([f64; N], &mut [Lanes<f64, N>]) {
        fill(&mut self.position);
        let value = self.evaluator.logdensity(&self.position, &mut self.grad);
        (value.0, &mut self.grad)
    }
}

/// The evaluator of one object in N lanes of single precision, `F32_LANES` or `LANES`, seen from
/// outside in double precision.
pub struct SingleEvaluator<'a, const N: usize>
where
    Lanes<f32, N>: Compiled<Scalar = f32>,
{
    evaluator: Evaluator<'a, Lanes<f32, N>>,
    /// Constant that the object's records leave out of the log density: a large one would swallow
    /// digits.
    constant: f64,
    position: Vec<Lanes<f64, N>>,
    grad: Vec<Lanes<f64, N>>,
    narrow_position: Vec<Lanes<f32, N>>,
    narrow_grad: Vec<Lanes<f32, N>>,
}

impl<'a, const N: usize> SingleEvaluator<'a, N>
where
    Lanes<f32, N>: Compiled<Scalar = f32>,
{
    /// An evaluator of `object`, whose records lack `constant`, at no positions yet.
    pub fn new(object: &'a ModelObject<f32>, constant: f64, grid: &'a Grid<f32>) -> Self {
        let dimension = object.dimension();
        SingleEvaluator {
            evaluator: Evaluator::new(object, grid),
            constant,
            position: vec![Lanes([0.0; N]); dimension],
            grad: vec![Lanes([0.0; N]); dimension],
            narrow_position: vec![Lanes([0.0; N]); dimension],
            narrow_grad: vec![Lanes([0.0; N]); dimension],
        }
    }
}

impl<const N: usize> SideBySide<N> for SingleEvaluator<'_, N>
where
    Lanes<f32, N>: Compiled<Scalar = f32>,
{
    /// Where single precision fails the log density is −∞ and the gradient 0.
    fn evaluate(&mut self, fill: impl FnOnce(&mut [Lanes<f64, N>])) -> ([f64; N], &mut [Lanes<f64, N>]) {
        fill(&mut self.position);
        for (narrow, position) in self.narrow_position.iter_mut().zip(&self.position) {
            *narrow = position.narrowed();
        }
        let value = self.evaluator.logdensity(&self.narrow_position, &mut self.narrow_grad);
        let mut values = value.0.map(|value| self.constant + f64::from(value));
        for (grad, narrow) in self.grad.iter_mut().zip(&self.narrow_grad) {
            *grad = narrow.widened();
        }
        for (lane, value) in values.iter_mut().enumerate() {
            if !(value.is_finite() && self.grad.iter().all(|grad| grad.0[lane].is_finite())) {
                *value = f64::NEG_INFINITY;
                self.grad.iter_mut().for_each(|grad| grad.0[lane] = 0.0);
            }
        }
        (values, &mut self.grad)
    }
}
