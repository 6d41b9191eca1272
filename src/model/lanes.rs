//! One object at several positions at once, in lanes side by side, on the widest vectors of the processor.

use super::density::Evaluator;
use super::object::ModelObject;
use crate::emissivity::Grid;
use crate::shared::lanes::Lanes;

/// Positions evaluated side by side.
pub const LANES: usize = 8;

/// The evaluator of one object in `LANES` lanes. What a lane gives is, bit for bit, what [`Evaluator`] gives for its position.
pub struct LaneEvaluator<'a> {
    evaluator: Evaluator<'a, Lanes<f64, LANES>>,
    position: Vec<Lanes<f64, LANES>>,
    grad: Vec<Lanes<f64, LANES>>,
}

impl<'a> LaneEvaluator<'a> {
    /// An evaluator of `object`, at no positions yet.
    pub fn new(object: &'a ModelObject<f64>, grid: &'a Grid<f64>) -> Self {
        let zeros = vec![Lanes([0.0; LANES]); object.dimension()];
        LaneEvaluator {
            evaluator: Evaluator::new(object, grid),
            position: zeros.clone(),
            grad: zeros,
        }
    }

    /// ln of the posterior density at 1 to `LANES` `positions`, `[dimension]` each, and the gradients into `grads`.
    pub fn logdensity(&mut self, positions: &[&[f64]], grads: &mut [&mut [f64]]) -> [f64; LANES] {
        self.set(positions);
        let value = self.evaluator.logdensity(&self.position, &mut self.grad);
        for (lane, out) in grads.iter_mut().enumerate().take(positions.len()) {
            for (out, grad) in out.iter_mut().zip(&self.grad) {
                *out = grad.0[lane];
            }
        }
        value.0
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
