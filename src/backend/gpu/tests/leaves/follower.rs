//! The host's tree and growth of one transition, fed with the leaves that a device makes.

mod compare;

use super::bounds::{Bounds, OF_WEIGHT, ROUNDOFF, largest, near};
use super::engine::{Draw, State};
use super::{MAX_TREEDEPTH, purposes, single};
use crate::backend::gpu::words::*;
use crate::nuts::{CANDIDATE_NOISE, DrawId, Ending, Growth, MOMENTUM_NOISE, PhasePoint, Point, Progress, Stats, Tree};

/// Largest error of a normal number on the device.
const OF_NORMAL: f64 = 3e-6;

/// One transition of one chain.
pub(super) struct Follower {
    id: DrawId,
    step: f64,
    /// Constant that the device leaves out of the log density.
    constant: f64,
    tree: Tree,
    growth: Growth,
    started: bool,
    independence: bool,
    done: bool,
    bounds: Bounds,
    /// The leaf before, on the device.
    last: PhasePoint,
    /// Momentum of the first leaf of the subtree, on the device.
    first_momentum: Vec<f64>,
    /// Sum of the momenta and ln of the weight of the tree, from plain sums, with their bounds.
    tree_sum: (Vec<f64>, f64),
    tree_weight: (f64, f64),
    /// Subtrees by their ending.
    pub(super) endings: [usize; 3],
    /// Acceptance of the independence step, if there is one.
    pub(super) accepted_candidate: Option<bool>,
}

impl Follower {
    /// A transition from `point` that is about to be made on the device.
    pub(super) fn new(id: DrawId, point: Point, step: f64, independence: bool, constant: f64) -> Self {
        let dim = point.position.len();
        let mut tree = Tree::new(dim, MAX_TREEDEPTH);
        tree.proposal = point;
        Follower {
            id,
            step,
            constant,
            last: tree.doubling().from.clone(),
            tree,
            growth: Growth::new(dim, MAX_TREEDEPTH),
            started: false,
            independence,
            done: false,
            bounds: Bounds::default(),
            first_momentum: Vec::new(),
            tree_sum: (vec![0.0; dim], 0.0),
            tree_weight: (0.0, 0.0),
            endings: [0; 3],
            accepted_candidate: None,
        }
    }

    /// True once the transition is over.
    pub(super) fn is_done(&self) -> bool {
        self.done
    }

    fn name(&self) -> String {
        format!("chain {}, draw {}", self.id.chain, self.id.draw)
    }

    /// Takes the leaf that the device has made.
    pub(super) fn follow(&mut self, state: &State<'_>) {
        if !self.started {
            self.start(state);
        }
        if std::mem::take(&mut self.independence) {
            self.end_independence(state);
        } else {
            self.follow_leaf(state);
        }
    }

    /// Sets out with the momentum and the candidate that the device drew.
    fn start(&mut self, state: &State<'_>) {
        self.started = true;
        let noise = |index| {
            let mut noise = vec![0.0; self.last.position.len()];
            self.id.normals(&purposes(noise.len()), index, &mut noise);
            noise
        };
        let kept = if self.independence { 0 } else { self.first_far() };
        let momentum = state.phase(TREE_ENDS + 3 * kept).momentum;
        near("momentum", &momentum, &noise(MOMENTUM_NOISE), OF_NORMAL);
        let candidate = self.independence.then(|| {
            let truth = noise(CANDIDATE_NOISE);
            let found = state.vector(PROPOSALS + 2 + PROPOSAL_POSITION);
            let written = state.real(PROPOSAL_LOGDENSITY + 1) == state.real(END_LOGDENSITY);
            if written {
                near("candidate", &found, &truth, OF_NORMAL);
                return found;
            }
            truth
        });
        self.tree.start(self.id, &momentum, self.step, candidate.as_deref());
        if candidate.is_none() {
            self.begin_tree(momentum);
        } else {
            self.tree_sum.0 = momentum;
            self.growth.begin(&self.tree.doubling());
        }
    }

    /// The end that the first doubling does not extend: it keeps the momentum of the start.
    fn first_far(&self) -> usize {
        let mut tree = self.tree.clone();
        let zero = vec![0.0; self.last.position.len()];
        tree.start(self.id, &zero, self.step, None);
        if tree.doubling().step > 0.0 { 0 } else { 1 }
    }

    fn begin_tree(&mut self, momentum: Vec<f64>) {
        self.tree_sum = (momentum, 0.0);
        self.tree_weight = (0.0, 0.0);
        self.begin();
    }

    fn begin(&mut self) {
        let doubling = self.tree.doubling();
        self.growth.begin(&doubling);
        self.last = doubling.from.clone();
        self.bounds = Bounds::default();
    }

    /// Takes the leaf of an independence step.
    fn end_independence(&mut self, state: &State<'_>) {
        let grad = state.vector(PROPOSALS + 2 + PROPOSAL_GRAD);
        let logdensity = state.real(END_LOGDENSITY) + self.constant;
        let ending = self.growth.absorb(logdensity, &grad);
        assert!(ending.is_some(), "an independence step has one leaf");
        let candidate = self.growth.subtree.end.position.clone();
        assert_eq!(self.tree.absorb(&mut self.growth.subtree), Progress::NeedMore);
        let taken = self.tree.proposal.position == candidate;
        assert_eq!(state.word(INDEPENDENCE_ACCEPTED) == 1, taken, "{}", self.name());
        self.accepted_candidate = Some(taken);
        let momentum = std::mem::take(&mut self.tree_sum.0);
        self.begin_tree(momentum);
    }

    fn follow_leaf(&mut self, state: &State<'_>) {
        let name = self.name();
        let doubling = self.tree.doubling();
        let (step, depth) = (doubling.step, doubling.leaves.ilog2());
        let initial = (doubling.initial_kinetic, doubling.initial_logdensity - self.constant);
        let joined = state.draw.is_none() && state.word(DEPTH) > depth;
        let side = usize::from(step > 0.0);
        let end = state.phase(if joined { TREE_ENDS + 3 * side } else { END_POSITION });
        self.bounds.add(&self.last, &end, step);
        let halfway = self.growth.subtree.end.momentum.iter().zip(&end.grad);
        let momentum: Vec<f64> = halfway.map(|(p, g)| p + 0.5 * step * g).collect();
        let position = self.growth.subtree.end.position.clone();
        let logdensity = state.real(END_LOGDENSITY);
        let ending = self.growth.absorb(logdensity + self.constant, &end.grad);
        let leaf = self.growth.subtree.n_leaves;
        assert_eq!(ending, on_device(state, joined, depth), "{name}, leaf {leaf}");
        if ending != Some(Ending::Diverging) {
            near(&name, &end.position, &position, self.bounds.position);
            near(&name, &end.momentum, &momentum, self.bounds.momentum);
            let kinetic = 0.5 * end.momentum.iter().map(|p| p * p).sum::<f64>();
            self.bounds
                .add_energy(&end, [kinetic, logdensity, initial.0, initial.1]);
            self.compare(state, joined, &end);
        }
        self.last = end;
        if let Some(ending) = ending {
            self.endings[ending as usize] += 1;
            self.join(state);
        }
    }

    /// Joins the subtree to the tree, and compares what the device made of it.
    fn join(&mut self, state: &State<'_>) {
        let (of_weight, of_sum) = (self.bound_of_weight(), self.bound_of_sum());
        let own = &mut self.growth.subtree;
        let whole = own.ending == Ending::Whole;
        if whole {
            let sums = self.tree_sum.0.iter_mut().zip(&own.momentum_sum);
            sums.for_each(|(sum, p)| *sum += p);
            self.tree_sum.1 += of_sum + ROUNDOFF * largest(&self.tree_sum.0);
            let total = (self.tree_weight.0.exp() + own.log_weight.exp()).ln();
            let bound = self.tree_weight.1 + of_weight + ROUNDOFF * (OF_WEIGHT + total.abs());
            self.tree_weight = (total, bound);
            own.end = self.last.clone();
        }
        let progress = self.tree.absorb(own);
        if whole {
            let chosen = state.word(CHOSEN) as usize;
            let logdensity = state.real(PROPOSAL_LOGDENSITY + chosen) + self.constant;
            assert_eq!(
                logdensity,
                self.tree.proposal.logdensity,
                "{}: another proposal",
                self.name()
            );
        }
        match (progress, &state.draw) {
            (Progress::Done(stats), Some(draw)) => self.end(&stats, draw),
            (Progress::NeedMore, None) => self.double(state),
            (progress, _) => panic!("{}: {progress:?} here, not on the device", self.name()),
        }
    }

    /// Compares the tree after a join, and begins the next subtree.
    fn double(&mut self, state: &State<'_>) {
        let name = self.name();
        let doubling = self.tree.doubling();
        assert_eq!(state.word(STEPS_BEFORE), doubling.n_steps, "{name}");
        assert_eq!(state.word(SIDE) == 1, doubling.step > 0.0, "{name}: another direction");
        assert_eq!(1 << state.word(DEPTH), doubling.leaves, "{name}");
        near(&name, &state.vector(TREE_SUM), &self.tree_sum.0, self.tree_sum.1);
        let weight = state.real(TREE_LOG_WEIGHT);
        near(&name, &[weight], &[self.tree_weight.0], self.tree_weight.1);
        self.begin();
    }

    /// Compares the draw.
    fn end(&mut self, stats: &Stats, (found, position): &Draw) {
        let name = self.name();
        let exact = |stats: &Stats| {
            let Stats {
                lp,
                tree_depth,
                n_steps,
                ..
            } = *stats;
            let ending = (stats.diverging, stats.reached_max_treedepth);
            (lp, tree_depth, n_steps, ending)
        };
        assert_eq!(exact(found), exact(stats), "{name}");
        assert_eq!(found.step_size, single(self.step), "{name}");
        assert_eq!(found.independence_accepted, stats.independence_accepted, "{name}");
        let proposal = &self.tree.proposal.position;
        near(&name, position, proposal, ROUNDOFF * 1e4 * largest(proposal).max(1.0));
        self.done = true;
    }
}

/// The end of the device's subtree with its last leaf, if there is one.
fn on_device(state: &State<'_>, joined: bool, depth: u32) -> Option<Ending> {
    match &state.draw {
        Some((stats, _)) if stats.diverging => Some(Ending::Diverging),
        Some((stats, _)) if stats.tree_depth == depth => Some(Ending::Turning),
        Some(_) => Some(Ending::Whole),
        None => joined.then_some(Ending::Whole),
    }
}
