//! One doubling: the leaves that extend a tree, grown leaf by leaf.
//!
//! M. Betancourt, "A conceptual introduction to Hamiltonian Monte Carlo" (arXiv:1701.02434),
//! appendix A.3.1: multinomial weights inside a subtree. Random numbers are addressed, not
//! streamed, so that any engine draws the same.

use super::leapfrog::{half_kick, kick_and_drift, kinetic_energy};
use super::transition::{DrawId, Point};
use super::uturn::Checkpoints;
use crate::number::real::Real;
use crate::number::special::ln_one_plus;
use crate::number::wgsl::shared_constants;
use crate::rng::{Key, purpose};

shared_constants! {
    /// Energy error of a divergence, in nats (Stan's; Hoffman & Gelman 2014, Δmax).
    pub(crate) const MAX_ENERGY_ERROR: f64 = 1000.0;
    /// Choice of a leaf as the proposal of its subtree; index: number of the leaf in the
    /// transition, from 1.
    pub(crate) const LEAF: u32 = purpose("leaf");

    /// Kernels' codes of a subtree that grows, and of an [`Ending`].
    const GROWING: u32 = 0;
    const WHOLE: u32 = 1;
    const TURNING: u32 = 2;
    const DIVERGING: u32 = 3;
}

/// A point of phase space with its gradient, whitened.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PhasePoint {
    /// Position x, `[dim]`.
    pub(crate) position: Vec<f64>,
    /// Momentum p, `[dim]`.
    pub(crate) momentum: Vec<f64>,
    /// ∇ₓ ln π(x), `[dim]`.
    pub(crate) grad: Vec<f64>,
}

impl PhasePoint {
    pub(crate) fn zero(dim: usize) -> Self {
        Self {
            position: vec![0.0; dim],
            momentum: vec![0.0; dim],
            grad: vec![0.0; dim],
        }
    }

    pub(crate) fn copy_from(&mut self, other: &Self) {
        self.position.copy_from_slice(&other.position);
        self.momentum.copy_from_slice(&other.momentum);
        self.grad.copy_from_slice(&other.grad);
    }
}

/// The subtree to grow next in a transition.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Doubling<'a> {
    /// The address of the transition's random numbers.
    pub(crate) id: DrawId,
    /// Leaves of a whole subtree.
    pub(crate) leaves: u32,
    /// Leaves of the transition before it.
    pub(crate) n_steps: u32,
    /// Σ min(1, exp(−energy error)) over those.
    pub(crate) acceptance_sum: f64,
    /// Step size with the sign of the direction in time.
    pub(crate) step: f64,
    /// Kinetic energy at the start of the trajectory.
    pub(crate) initial_kinetic: f64,
    /// Log density at the start of the trajectory.
    pub(crate) initial_logdensity: f64,
    /// The end of the tree from which the subtree sets out.
    pub(crate) from: &'a PhasePoint,
}

/// The end of a subtree's growth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// With all its leaves.
    Whole,
    /// With a part of it that turns.
    Turning,
    /// With a leaf whose energy error exceeds 1000 nats or is not finite.
    Diverging,
}

/// A subtree whose growth has ended. Unless it is whole only its leaves and acceptance sum count.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Subtree {
    /// End of the growth.
    pub(crate) ending: Ending,
    /// Number of leaves, a diverging one included.
    pub(crate) n_leaves: u32,
    /// Σ min(1, exp(−energy error)) over the transition up to its end.
    pub(crate) acceptance_sum: f64,
    /// ln Σ exp(H₀ − H).
    pub(crate) log_weight: f64,
    /// Sum of its momenta, `[dim]`.
    pub(crate) momentum_sum: Vec<f64>,
    /// Momentum of its first leaf, `[dim]`.
    pub(crate) first_momentum: Vec<f64>,
    /// The leaf that stands for it.
    pub(crate) proposal: Point,
    /// Energy of the proposal.
    pub(crate) proposal_energy: f64,
    /// The last leaf.
    pub(crate) end: PhasePoint,
}

impl Subtree {
    /// Buffers for `dim` coordinates.
    pub(crate) fn zero(dim: usize) -> Self {
        Self {
            ending: Ending::Whole,
            n_leaves: 0,
            acceptance_sum: 0.0,
            log_weight: 0.0,
            momentum_sum: vec![0.0; dim],
            first_momentum: vec![0.0; dim],
            proposal: Point::zero(dim),
            proposal_energy: 0.0,
            end: PhasePoint::zero(dim),
        }
    }
}

/// ln(eᵃ + eᵇ) of two finite weights, and eᵇ over that sum.
#[inline(always)]
pub(crate) fn log_add(a: f64, b: f64) -> (f64, f64) {
    let lesser = Real::exp(-(a - b).abs());
    let share = if b < a { lesser } else { 1.0 } / (1.0 + lesser);
    (a.max(b) + ln_one_plus(lesser), share)
}

/// Leaves whose random numbers are made side by side.
const BLOCK: usize = 8;

/// Random numbers that choose proposals among the leaves of a transition, a block at a time.
#[derive(Clone, Copy, Debug)]
struct LeafNumbers {
    id: DrawId,
    /// Number of the block's first leaf in the transition, from 1; 0 before the first block.
    first: u32,
    numbers: [f64; BLOCK],
}

impl LeafNumbers {
    /// The number of a leaf, by its number in the transition, from 1.
    #[inline(always)]
    fn of(&mut self, id: DrawId, leaf: u32) -> f64 {
        let index = (leaf - 1) % BLOCK as u32;
        if self.first != leaf - index || self.id != id {
            self.id = id;
            self.first = leaf - index;
            let mut leaves = [0; BLOCK];
            for (k, leaf) in leaves.iter_mut().enumerate() {
                *leaf = self.first.wrapping_add(k as u32);
            }
            self.numbers = id.uniforms([LEAF; BLOCK], leaves);
        }
        self.numbers[index as usize]
    }
}

/// A subtree that is being grown; its last leaf stands where the next gradient is needed.
#[derive(Clone, Debug)]
pub(crate) struct Growth {
    id: DrawId,
    leaf_numbers: LeafNumbers,
    leaves: u32,
    n_steps: u32,
    step: f64,
    initial_energy: f64,
    checkpoints: Checkpoints,
    /// The subtree so far.
    pub(crate) subtree: Subtree,
}

impl Growth {
    /// Buffers for `dim` coordinates and subtrees of up to 2^`max_treedepth` leaves.
    pub(crate) fn new(dim: usize, max_treedepth: u32) -> Self {
        let id = DrawId {
            key: Key::new(0, ""),
            chain: 0,
            draw: 0,
        };
        Self {
            id,
            leaf_numbers: LeafNumbers {
                id,
                first: 0,
                numbers: [0.0; BLOCK],
            },
            leaves: 0,
            n_steps: 0,
            step: 0.0,
            initial_energy: 0.0,
            checkpoints: Checkpoints::new(dim, max_treedepth as usize),
            subtree: Subtree::zero(dim),
        }
    }

    /// Sets out from an end of the tree.
    #[inline(always)]
    pub(crate) fn begin(&mut self, doubling: &Doubling<'_>) {
        self.id = doubling.id;
        self.leaves = doubling.leaves;
        self.n_steps = doubling.n_steps;
        self.step = doubling.step;
        self.initial_energy = doubling.initial_kinetic - doubling.initial_logdensity;
        self.subtree.n_leaves = 0;
        self.subtree.acceptance_sum = doubling.acceptance_sum;
        self.subtree.momentum_sum.fill(0.0);
        self.subtree.end.copy_from(doubling.from);
        self.advance();
    }

    /// Takes the log density and gradient at the position of the last leaf. Returns the ending if
    /// the growth ends.
    #[inline(always)]
    pub(crate) fn absorb(&mut self, logdensity: f64, grad: &[f64]) -> Option<Ending> {
        let end = &mut self.subtree.end;
        end.grad.copy_from_slice(grad);
        half_kick(&mut end.momentum, grad, self.step);
        let energy = kinetic_energy(&end.momentum) - logdensity;
        let error = energy - self.initial_energy;
        let leaf = self.subtree.n_leaves;
        self.subtree.n_leaves += 1;
        if !error.is_finite() || error > MAX_ENERGY_ERROR {
            return self.ended(Ending::Diverging);
        }
        self.subtree.acceptance_sum += Real::exp((-error).min(0.0));
        self.add_leaf(logdensity, energy);
        let Subtree { end, momentum_sum, .. } = &self.subtree;
        if self.checkpoints.add_leaf(leaf, &end.momentum, momentum_sum) {
            return self.ended(Ending::Turning);
        }
        if self.subtree.n_leaves < self.leaves {
            self.advance();
            return None;
        }
        let first = self.checkpoints.first_momentum();
        self.subtree.first_momentum.copy_from_slice(first);
        self.ended(Ending::Whole)
    }

    #[inline(always)]
    fn ended(&mut self, ending: Ending) -> Option<Ending> {
        self.subtree.ending = ending;
        Some(ending)
    }

    /// From a finished leaf to the position of the next one.
    #[inline(always)]
    fn advance(&mut self) {
        let PhasePoint {
            position,
            momentum,
            grad,
        } = &mut self.subtree.end;
        kick_and_drift(position, momentum, grad, self.step);
    }

    /// Adds the last leaf. The leaf becomes the proposal with probability weight / total
    /// (Betancourt, A.3.1).
    #[inline(always)]
    fn add_leaf(&mut self, logdensity: f64, energy: f64) {
        let Subtree {
            n_leaves,
            log_weight,
            momentum_sum,
            proposal,
            proposal_energy,
            end,
            ..
        } = &mut self.subtree;
        for (sum, p) in momentum_sum.iter_mut().zip(&end.momentum) {
            *sum += p;
        }
        let weight = self.initial_energy - energy;
        let first = *n_leaves == 1;
        let (total, share) = if first {
            (weight, 1.0)
        } else {
            log_add(*log_weight, weight)
        };
        *log_weight = total;
        if first || self.leaf_numbers.of(self.id, self.n_steps + *n_leaves) < share {
            proposal.copy_from(&end.position, logdensity, &end.grad);
            *proposal_energy = energy;
        }
    }
}
