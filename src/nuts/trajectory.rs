//! One transition of multinomial NUTS as a state machine: it names the next position and absorbs what was found there.
//!
//! M. D. Hoffman & A. Gelman, "The No-U-Turn sampler", J. Mach. Learn. Res. 15 (2014) 1593: doubling; M. Betancourt,
//! "A conceptual introduction to Hamiltonian Monte Carlo" (arXiv:1701.02434), appendix A.3: multinomial weights inside a
//! subtree, biased progressive sampling between the old tree and its doubling. Random numbers are addressed, not
//! streamed, so that any transition can be replayed.

use super::leapfrog::{half_kick, kick_and_drift, kinetic_energy};
use super::transition::{DrawId, Point, Progress, Stats};
use super::uturn::{Checkpoints, is_turning};
use crate::rng::{Key, purpose};

/// Energy error above which a trajectory counts as diverging, in nats (Stan's; Hoffman & Gelman 2014, Δmax).
const MAX_ENERGY_ERROR: f64 = 1000.0;
/// Whether a doubling goes forward in time; index: depth.
const DIRECTION: u32 = purpose("direction");
/// Whether a leaf becomes its subtree's proposal; index: the leaf's number in the transition, from 1.
const LEAF: u32 = purpose("leaf");
/// Whether a subtree's proposal becomes the tree's; index: depth.
const SUBTREE: u32 = purpose("subtree");

/// A point of phase space with its gradient.
#[derive(Clone, Debug)]
struct Phase {
    position: Vec<f64>,
    momentum: Vec<f64>,
    grad: Vec<f64>,
}

impl Phase {
    fn zero(dim: usize) -> Self {
        Self {
            position: vec![0.0; dim],
            momentum: vec![0.0; dim],
            grad: vec![0.0; dim],
        }
    }

    fn copy_from(&mut self, other: &Self) {
        self.position.copy_from_slice(&other.position);
        self.momentum.copy_from_slice(&other.momentum);
        self.grad.copy_from_slice(&other.grad);
    }
}

/// A set of leaves: total weight, total momentum, and the one leaf that stands for them.
#[derive(Clone, Debug)]
struct Tree {
    /// ln Σ exp(H₀ − H).
    log_weight: f64,
    momentum_sum: Vec<f64>,
    proposal: Point,
    proposal_energy: f64,
}

impl Tree {
    fn zero(dim: usize) -> Self {
        Self {
            log_weight: 0.0,
            momentum_sum: vec![0.0; dim],
            proposal: Point::zero(dim),
            proposal_energy: 0.0,
        }
    }
}

/// ln(eᵃ + eᵇ) for finite a, and b finite or −∞.
fn log_add(a: f64, b: f64) -> f64 {
    a.max(b) + (-(a - b).abs()).exp().ln_1p()
}

/// The state of one transition; its buffers serve transition after transition.
#[derive(Clone, Debug)]
pub struct Trajectory {
    max_treedepth: u32,
    id: DrawId,
    step_size: f64,
    initial_energy: f64,
    /// Where the integrator is.
    frontier: Phase,
    /// Earliest and latest point of the tree in time.
    ends: [Phase; 2],
    /// Which end the present doubling extends.
    side: usize,
    tree: Tree,
    subtree: Tree,
    checkpoints: Checkpoints,
    depth: u32,
    subtree_leaves: u32,
    n_steps: u32,
    acceptance_sum: f64,
}

/// Indices into [`Trajectory::ends`].
const BACKWARD: usize = 0;
const FORWARD: usize = 1;

impl Trajectory {
    /// Buffers for `dim` coordinates and at most `max_treedepth` doublings.
    pub fn new(dim: usize, max_treedepth: u32) -> Self {
        Self {
            max_treedepth,
            id: DrawId {
                key: Key::new(0, ""),
                chain: 0,
                draw: 0,
            },
            step_size: 0.0,
            initial_energy: 0.0,
            frontier: Phase::zero(dim),
            ends: [Phase::zero(dim), Phase::zero(dim)],
            side: FORWARD,
            tree: Tree::zero(dim),
            subtree: Tree::zero(dim),
            checkpoints: Checkpoints::new(dim, max_treedepth as usize),
            depth: 0,
            subtree_leaves: 0,
            n_steps: 0,
            acceptance_sum: 0.0,
        }
    }

    /// Sets the point from which the next transition starts.
    pub fn place(&mut self, position: &[f64], logdensity: f64, grad: &[f64]) {
        self.tree.proposal.copy_from(position, logdensity, grad);
    }

    /// The point from which the next transition starts: the last draw.
    pub fn point(&self) -> &Point {
        &self.tree.proposal
    }

    /// Begins a transition from [`point`](Self::point) with the given momentum.
    pub fn start(&mut self, id: DrawId, momentum: &[f64], step_size: f64) {
        self.id = id;
        self.step_size = step_size;
        for end in &mut self.ends {
            end.position.copy_from_slice(&self.tree.proposal.position);
            end.grad.copy_from_slice(&self.tree.proposal.grad);
            end.momentum.copy_from_slice(momentum);
        }
        self.initial_energy = kinetic_energy(momentum) - self.tree.proposal.logdensity;
        self.tree.proposal_energy = self.initial_energy;
        self.tree.log_weight = 0.0;
        self.tree.momentum_sum.copy_from_slice(momentum);
        self.depth = 0;
        self.n_steps = 0;
        self.acceptance_sum = 0.0;
        self.begin_doubling();
    }

    /// The position whose log density and gradient [`absorb`](Self::absorb) expects next.
    pub fn request(&self) -> &[f64] {
        &self.frontier.position
    }

    /// Takes the log density and gradient at [`request`](Self::request).
    pub fn absorb(&mut self, logdensity: f64, grad: &[f64]) -> Progress {
        let step = self.signed_step();
        self.frontier.grad.copy_from_slice(grad);
        half_kick(&mut self.frontier.momentum, grad, step);
        self.n_steps += 1;
        let energy = kinetic_energy(&self.frontier.momentum) - logdensity;
        let error = energy - self.initial_energy;
        if !error.is_finite() || error > MAX_ENERGY_ERROR {
            return self.done(Stats {
                diverging: true,
                ..Stats::default()
            });
        }
        self.acceptance_sum += (-error).exp().min(1.0);
        self.add_to_subtree(logdensity, energy);
        let leaf = self.subtree_leaves;
        self.subtree_leaves += 1;
        if self
            .checkpoints
            .add_leaf(leaf, &self.frontier.momentum, &self.subtree.momentum_sum)
        {
            return self.done(Stats::default());
        }
        if self.subtree_leaves < 1 << self.depth {
            self.advance();
            return Progress::NeedMore;
        }
        let turning = self.merge();
        if turning || self.depth == self.max_treedepth {
            return self.done(Stats {
                reached_max_treedepth: !turning,
                ..Stats::default()
            });
        }
        self.begin_doubling();
        Progress::NeedMore
    }

    fn signed_step(&self) -> f64 {
        if self.side == FORWARD {
            self.step_size
        } else {
            -self.step_size
        }
    }

    /// Chooses a side and sets out from that end of the tree.
    fn begin_doubling(&mut self) {
        self.side = if self.id.uniform(DIRECTION, self.depth) < 0.5 {
            BACKWARD
        } else {
            FORWARD
        };
        self.frontier.copy_from(&self.ends[self.side]);
        self.subtree_leaves = 0;
        self.subtree.momentum_sum.fill(0.0);
        self.advance();
    }

    /// From a finished leaf to the position of the next one.
    fn advance(&mut self) {
        let step = self.signed_step();
        let Phase {
            position,
            momentum,
            grad,
        } = &mut self.frontier;
        kick_and_drift(position, momentum, grad, step);
    }

    /// Adds the frontier to the subtree; it becomes the proposal with probability weight / total (Betancourt, A.3.1).
    fn add_to_subtree(&mut self, logdensity: f64, energy: f64) {
        let Phase {
            position,
            momentum,
            grad,
        } = &self.frontier;
        for (sum, p) in self.subtree.momentum_sum.iter_mut().zip(momentum) {
            *sum += p;
        }
        let weight = self.initial_energy - energy;
        let first = self.subtree_leaves == 0;
        let total = if first {
            weight
        } else {
            log_add(self.subtree.log_weight, weight)
        };
        self.subtree.log_weight = total;
        if first || self.id.uniform(LEAF, self.n_steps) < (weight - total).exp() {
            self.subtree.proposal.copy_from(position, logdensity, grad);
            self.subtree.proposal_energy = energy;
        }
    }

    /// Joins the finished subtree to the tree: its proposal is taken with probability min(1, W_new / W_old)
    /// (Betancourt, A.3.2); true if the joined tree turns.
    fn merge(&mut self) -> bool {
        if self.id.uniform(SUBTREE, self.depth) < (self.subtree.log_weight - self.tree.log_weight).exp() {
            std::mem::swap(&mut self.tree.proposal, &mut self.subtree.proposal);
            self.tree.proposal_energy = self.subtree.proposal_energy;
        }
        self.tree.log_weight = log_add(self.tree.log_weight, self.subtree.log_weight);
        self.depth += 1;

        let old_sum = &self.tree.momentum_sum;
        let new_sum = &self.subtree.momentum_sum;
        // Four momenta in the order of the doubling: the old tree's far and near end, the subtree's near and far end.
        let old_far = &self.ends[1 - self.side].momentum;
        let old_near = &self.ends[self.side].momentum;
        let new_near = self.checkpoints.first_momentum();
        let new_far = &self.frontier.momentum;
        let turning = is_turning(old_far, new_far, |k| old_sum[k] + new_sum[k])
            || is_turning(old_far, new_near, |k| old_sum[k] + new_near[k])
            || is_turning(old_near, new_far, |k| old_near[k] + new_sum[k]);

        for (sum, new) in self.tree.momentum_sum.iter_mut().zip(&self.subtree.momentum_sum) {
            *sum += new;
        }
        self.ends[self.side].copy_from(&self.frontier);
        turning
    }

    /// Fills the statistics; what `outcome` says of the ending is kept.
    fn done(&self, outcome: Stats) -> Progress {
        Progress::Done(Stats {
            lp: self.tree.proposal.logdensity,
            acceptance_rate: self.acceptance_sum / f64::from(self.n_steps),
            step_size: self.step_size,
            tree_depth: self.depth,
            n_steps: self.n_steps,
            energy: self.tree.proposal_energy,
            energy_error: self.tree.proposal_energy - self.initial_energy,
            ..outcome
        })
    }
}
