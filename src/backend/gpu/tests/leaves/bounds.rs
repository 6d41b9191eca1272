//! Bounds of the roundings of single precision along a trajectory, from its operands.

use crate::nuts::PhasePoint;

/// Unit roundoff of single precision.
pub(super) const ROUNDOFF: f64 = 1.0 / (1 << 24) as f64;
/// Roundings of exp and ln in a weight: their errors on the device are below 20 units (measured:
/// 17).
pub(super) const OF_WEIGHT: f64 = 20.0;

/// Largest rounding errors of a position, a momentum and an energy of the leaves so far.
#[derive(Clone, Copy, Default)]
pub(super) struct Bounds {
    pub(super) position: f64,
    pub(super) momentum: f64,
    pub(super) energy: f64,
}

impl Bounds {
    /// Adds one leapfrog: each half kick and the drift round one product and one sum.
    pub(super) fn add(&mut self, from: &PhasePoint, to: &PhasePoint, step: f64) {
        let kick = 0.5 * step.abs() * largest(&from.grad).max(largest(&to.grad));
        let fastest = largest(&from.momentum).max(largest(&to.momentum)) + kick;
        self.momentum += 2.0 * ROUNDOFF * (3.0 * kick + fastest);
        let widest = largest(&from.position).max(largest(&to.position));
        self.position += step.abs() * self.momentum + ROUNDOFF * (2.0 * step.abs() * fastest + widest);
    }

    /// Takes in the energy error at a leaf, from kinetic energy and log density there and at the
    /// start.
    pub(super) fn add_energy(&mut self, to: &PhasePoint, terms: [f64; 4]) {
        let sum: f64 = terms.iter().map(|term| term.abs()).sum();
        let speed: f64 = to.momentum.iter().map(|p| p.abs()).sum();
        let bound = ROUNDOFF * (to.momentum.len() as f64 + 4.0) * sum + self.momentum * speed;
        self.energy = self.energy.max(bound);
    }
}

/// Largest absolute value.
pub(super) fn largest(vector: &[f64]) -> f64 {
    vector.iter().fold(0.0, |most, x| most.max(x.abs()))
}

#[track_caller]
pub(super) fn near(name: &str, found: &[f64], truth: &[f64], bound: f64) {
    assert_eq!(found.len(), truth.len(), "{name}");
    for (k, (a, b)) in found.iter().zip(truth).enumerate() {
        assert!(
            (a - b).abs() <= bound,
            "{name} {k}: {a} on the device, {b} here, bound {bound:e}"
        );
    }
}
