//! The tree of one transition: its doublings, the join of a subtree, and its end.
//!
//! M. D. Hoffman & A. Gelman, "The No-U-Turn sampler", J. Mach. Learn. Res. 15 (2014) 1593:
//! doubling. M. Betancourt, "A conceptual introduction to Hamiltonian Monte Carlo"
//! (arXiv:1701.02434), appendix A.3.2: biased progressive sampling between the old tree and its
//! doubling.
//!
//! An independence step may come before the tree (L. Tierney, "Markov chains for exploring
//! posterior distributions", Ann. Statist. 22 (1994) 1701, section 2.3.3). The candidate x' is
//! drawn from N(0, 1) in every whitened coordinate and accepted with probability min(1, π(x') N(x)
//! / (π(x) N(x'))). A trajectory through a Gaussian is a rotation. Half a turn changes no square of
//! a coordinate, so that widths mix slowly. An accepted candidate depends on no earlier draw.
//!
//! Where the density has several modes, candidates come from a mixture of Gaussians in place of N,
//! and several independence steps come before the tree.

use super::candidates::Candidates;
use super::leapfrog::kinetic_energy;
use super::subtree::{Doubling, Ending, PhasePoint, Subtree, log_add};
use super::transition::{DrawId, Point, Progress, Stats};
use super::uturn::is_turning;
use crate::number::real::Real;
use crate::number::wgsl::shared_constants;
use crate::rng::{Key, purpose};

shared_constants! {
    /// Direction in time of a doubling; index: depth.
    const DIRECTION: u32 = purpose("direction");
    /// Choice of a subtree's proposal for the tree; index: depth.
    const SUBTREE: u32 = purpose("subtree");
    /// Acceptance of an independence step; index: the step of the draw, 0 of a single one. The text is part of the address of the
    /// numbers.
    const INDEPENDENCE_CHOICE: u32 = purpose("jump");
}

/// Depths whose random numbers are made side by side.
const DEPTHS: usize = 4;
/// Indices into [`Tree::ends`].
const BACKWARD: usize = 0;
const FORWARD: usize = 1;

/// A set of leaves: total weight, total momentum, and the one leaf that stands for them.
#[derive(Clone, Debug)]
pub(crate) struct Tree {
    max_treedepth: u32,
    id: DrawId,
    step_size: f64,
    initial_kinetic: f64,
    initial_logdensity: f64,
    /// Earliest and latest point in time.
    ends: [PhasePoint; 2],
    /// The candidate of the independence step, without momentum and gradient.
    candidate: PhasePoint,
    /// True until the independence step is accepted or rejected.
    independence_pending: bool,
    independence_accepted: bool,
    /// Candidates drawn from a mixture; none where the one candidate is drawn from N(0, 1).
    candidates: Option<Candidates>,
    /// Which end the present doubling extends.
    side: usize,
    /// ln Σ exp(H₀ − H).
    log_weight: f64,
    momentum_sum: Vec<f64>,
    /// The leaf that stands for the tree: between transitions, the last draw.
    pub(crate) proposal: Point,
    proposal_energy: f64,
    depth: u32,
    n_steps: u32,
    acceptance_sum: f64,
    /// DIRECTION and SUBTREE of `DEPTHS` depths, from the last multiple of `DEPTHS` on.
    numbers: [f64; 2 * DEPTHS],
}

impl Tree {
    /// Buffers for `dim` coordinates and at most `max_treedepth` doublings.
    pub(crate) fn new(dim: usize, max_treedepth: u32) -> Self {
        Self {
            max_treedepth,
            id: DrawId {
                key: Key::new(0, ""),
                chain: 0,
                draw: 0,
            },
            step_size: 0.0,
            initial_kinetic: 0.0,
            initial_logdensity: 0.0,
            ends: [PhasePoint::zero(dim), PhasePoint::zero(dim)],
            candidate: PhasePoint::zero(dim),
            independence_pending: false,
            independence_accepted: false,
            candidates: None,
            side: FORWARD,
            log_weight: 0.0,
            momentum_sum: vec![0.0; dim],
            proposal: Point::zero(dim),
            proposal_energy: 0.0,
            depth: 0,
            n_steps: 0,
            acceptance_sum: 0.0,
            numbers: [0.0; 2 * DEPTHS],
        }
    }

    /// Begins a transition with the given momentum, after an independence step if there is a
    /// candidate.
    #[inline(always)]
    pub(crate) fn start(&mut self, id: DrawId, momentum: &[f64], step_size: f64, candidate: Option<&[f64]>) {
        self.id = id;
        self.step_size = step_size;
        for end in &mut self.ends {
            end.momentum.copy_from_slice(momentum);
        }
        self.independence_pending = candidate.is_some();
        self.independence_accepted = false;
        self.candidates = None;
        match candidate {
            Some(candidate) => self.candidate.position.copy_from_slice(candidate),
            None => self.begin_tree(),
        }
    }

    /// Begins a transition with the given momentum, after an independence step for each candidate.
    pub(crate) fn start_among(&mut self, id: DrawId, momentum: &[f64], step_size: f64, candidates: Candidates) {
        self.start(id, momentum, step_size, candidates.position());
        self.candidates = Some(candidates);
    }

    /// Accepts or rejects the candidate, the only leaf of `subtree`. Goes on to the next candidate,
    /// or begins the tree.
    #[inline(always)]
    fn end_independence(&mut self, subtree: &mut Subtree) {
        let is_accepted = subtree.ending == Ending::Whole && self.accepts(subtree);
        if is_accepted {
            std::mem::swap(&mut self.proposal, &mut subtree.proposal);
            self.independence_accepted = true;
        }
        if let Some(candidates) = &mut self.candidates {
            candidates.advance(is_accepted);
            if let Some(next) = candidates.position() {
                self.candidate.position.copy_from_slice(next);
                return;
            }
        }
        self.independence_pending = false;
        self.begin_tree();
    }

    /// True if the candidate is accepted. The leaf's weight is ln π(x') − ln π(x), and −ln N of a
    /// position is half its square.
    #[inline(always)]
    fn accepts(&self, subtree: &Subtree) -> bool {
        let (index, ln_ratio) = match &self.candidates {
            Some(candidates) => (candidates.index(), subtree.log_weight + candidates.ln_ratio()),
            None => {
                let [there, here] = [&subtree.proposal, &self.proposal].map(|point| kinetic_energy(&point.position));
                (0, subtree.log_weight + there - here)
            }
        };
        self.id.uniform(INDEPENDENCE_CHOICE, index) < Real::exp(ln_ratio.min(0.0))
    }

    /// Makes the proposal the only leaf, with the momentum of the ends, and chooses the first
    /// direction.
    #[inline(always)]
    fn begin_tree(&mut self) {
        for end in &mut self.ends {
            end.position.copy_from_slice(&self.proposal.position);
            end.grad.copy_from_slice(&self.proposal.grad);
        }
        let momentum = &self.ends[FORWARD].momentum;
        self.initial_kinetic = kinetic_energy(momentum);
        self.momentum_sum.copy_from_slice(momentum);
        self.initial_logdensity = self.proposal.logdensity;
        self.proposal_energy = self.initial_energy();
        self.log_weight = 0.0;
        self.depth = 0;
        self.n_steps = 0;
        self.acceptance_sum = 0.0;
        self.choose_side();
    }

    /// The doubling to do next. An independence step is a doubling of one leaf with a step of 0.
    pub(crate) fn doubling(&self) -> Doubling<'_> {
        if self.independence_pending {
            return Doubling {
                id: self.id,
                leaves: 1,
                n_steps: 0,
                acceptance_sum: 0.0,
                step: 0.0,
                initial_kinetic: 0.0,
                initial_logdensity: self.proposal.logdensity,
                from: &self.candidate,
            };
        }
        Doubling {
            id: self.id,
            leaves: 1 << self.depth,
            n_steps: self.n_steps,
            acceptance_sum: self.acceptance_sum,
            step: if self.side == FORWARD {
                self.step_size
            } else {
                -self.step_size
            },
            initial_kinetic: self.initial_kinetic,
            initial_logdensity: self.initial_logdensity,
            from: &self.ends[self.side],
        }
    }

    /// Takes the subtree of [`doubling`](Self::doubling). The buffers of its proposal may be
    /// exchanged.
    #[inline(always)]
    pub(crate) fn absorb(&mut self, subtree: &mut Subtree) -> Progress {
        if self.independence_pending {
            self.end_independence(subtree);
            return Progress::NeedMore;
        }
        self.n_steps += subtree.n_leaves;
        self.acceptance_sum = subtree.acceptance_sum;
        if subtree.ending != Ending::Whole {
            return self.done(Stats {
                diverging: subtree.ending == Ending::Diverging,
                ..Stats::default()
            });
        }
        let turning = self.merge(subtree);
        if turning || self.depth == self.max_treedepth {
            return self.done(Stats {
                reached_max_treedepth: !turning,
                ..Stats::default()
            });
        }
        self.choose_side();
        Progress::NeedMore
    }

    fn initial_energy(&self) -> f64 {
        self.initial_kinetic - self.initial_logdensity
    }

    #[inline(always)]
    fn choose_side(&mut self) {
        let index = self.depth as usize % DEPTHS;
        if index == 0 {
            let (mut purposes, mut depths) = ([DIRECTION; 2 * DEPTHS], [0; 2 * DEPTHS]);
            for k in 0..2 * DEPTHS {
                depths[k] = self.depth + (k % DEPTHS) as u32;
                if k >= DEPTHS {
                    purposes[k] = SUBTREE;
                }
            }
            self.numbers = self.id.uniforms(purposes, depths);
        }
        self.side = if self.numbers[index] < 0.5 { BACKWARD } else { FORWARD };
    }

    /// Joins the whole subtree to the tree. Its proposal is taken with probability min(1, W_new /
    /// W_old) (Betancourt, A.3.2). True if the joined tree turns.
    #[inline(always)]
    fn merge(&mut self, subtree: &mut Subtree) -> bool {
        let number = self.numbers[DEPTHS + self.depth as usize % DEPTHS];
        if number < Real::exp((subtree.log_weight - self.log_weight).min(0.0)) {
            std::mem::swap(&mut self.proposal, &mut subtree.proposal);
            self.proposal_energy = subtree.proposal_energy;
        }
        (self.log_weight, _) = log_add(self.log_weight, subtree.log_weight);
        self.depth += 1;

        let old_sum = &self.momentum_sum;
        let new_sum = &subtree.momentum_sum;
        // Four momenta in the order of the doubling: far and near end of the old tree, near and far
        // end of the subtree.
        let old_far = &self.ends[1 - self.side].momentum;
        let old_near = &self.ends[self.side].momentum;
        let new_near = &subtree.first_momentum;
        let new_far = &subtree.end.momentum;
        let turning = is_turning(old_far, new_far, |k| old_sum[k] + new_sum[k])
            || is_turning(old_far, new_near, |k| old_sum[k] + new_near[k])
            || is_turning(old_near, new_far, |k| old_near[k] + new_sum[k]);

        for (sum, new) in self.momentum_sum.iter_mut().zip(&subtree.momentum_sum) {
            *sum += new;
        }
        self.ends[self.side].copy_from(&subtree.end);
        turning
    }

    /// Fills the statistics; what `outcome` says of the ending is kept.
    fn done(&self, outcome: Stats) -> Progress {
        Progress::Done(Stats {
            lp: self.proposal.logdensity,
            acceptance_rate: self.acceptance_sum / f64::from(self.n_steps),
            step_size: self.step_size,
            tree_depth: self.depth,
            n_steps: self.n_steps,
            independence_accepted: self.independence_accepted,
            energy: self.proposal_energy,
            energy_error: self.proposal_energy - self.initial_energy(),
            ..outcome
        })
    }
}
