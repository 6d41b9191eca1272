//! The address of a transition's random numbers, and its results.

use crate::number::wgsl::shared_constants;
use crate::rng::{Key, normals, uniform, uniforms};

shared_constants! {
    /// Index of a parameter's noise: its momentum.
    pub(crate) const MOMENTUM_NOISE: u32 = 0;
    /// Index of a parameter's noise: the candidate of the independence step.
    pub(crate) const CANDIDATE_NOISE: u32 = 1;
}

/// The address of one draw's random numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DrawId {
    /// The object's key.
    pub key: Key,
    /// The chain.
    pub chain: u32,
    /// The draw, warm-up draws included.
    pub draw: u32,
}

impl DrawId {
    /// The uniform number of this draw for `purpose` and `index`.
    pub fn uniform(&self, purpose: u32, index: u32) -> f64 {
        uniform(&self.key, self.chain, self.draw, purpose, index)
    }

    /// The standard normal number of this draw for each purpose and an index.
    pub(crate) fn normals(&self, purposes: &[u32], index: u32, out: &mut [f64]) {
        normals(&self.key, self.chain, self.draw, purposes, index, out);
    }

    /// Several uniform numbers side by side.
    pub(crate) fn uniforms<const N: usize>(&self, purposes: [u32; N], indices: [u32; N]) -> [f64; N] {
        uniforms(&self.key, self.chain, self.draw, purposes, indices)
    }
}

/// A whitened position with its log density and gradient.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// Position x, `[dim]`.
    pub position: Vec<f64>,
    /// ln π(x) up to a constant.
    pub logdensity: f64,
    /// ∇ₓ ln π(x), `[dim]`.
    pub grad: Vec<f64>,
}

impl Point {
    pub(crate) fn zero(dim: usize) -> Self {
        Self {
            position: vec![0.0; dim],
            logdensity: 0.0,
            grad: vec![0.0; dim],
        }
    }

    pub(crate) fn copy_from(&mut self, position: &[f64], logdensity: f64, grad: &[f64]) {
        self.position.copy_from_slice(position);
        self.grad.copy_from_slice(grad);
        self.logdensity = logdensity;
    }
}

/// Statistics of one transition, by ArviZ's names.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Stats {
    /// Log density of the draw.
    pub lp: f64,
    /// Mean of min(1, exp(−energy error)) over all leaves but the first point.
    pub acceptance_rate: f64,
    /// Step size of this transition, jitter included.
    pub step_size: f64,
    /// Doublings that became part of the tree.
    pub tree_depth: u32,
    /// Leapfrog steps = gradient evaluations of the trajectory.
    pub n_steps: u32,
    /// True if the independence step before the trajectory was accepted.
    pub independence_accepted: bool,
    /// The tree neither turned nor diverged before the last doubling allowed.
    pub reached_max_treedepth: bool,
    /// The energy error exceeded 1000 nats or was not finite.
    pub diverging: bool,
    /// Total energy of the draw, with the momentum it had in the trajectory.
    pub energy: f64,
    /// `energy` minus the energy at the start of the trajectory.
    pub energy_error: f64,
}

/// Outcome of [`Trajectory::absorb`](super::Trajectory::absorb).
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Progress {
    /// The next position waits in [`Trajectory::request`](super::Trajectory::request).
    NeedMore,
    /// The transition is over; the draw is [`Trajectory::point`](super::Trajectory::point).
    Done(Stats),
}
