//! The layout of the buffer in which chains live on a device, for host and `shaders/resident.wgsl`.
//!
//! The parts follow each other: a header; the order of each chain; the start of each chain (log
//! density, position, gradient and the purposes of its noise); the states, which the device alone
//! reads; the gradient at the last draw of each chain; the number of draws of each chain; the
//! draws. In the states word k of all chains stands together, elsewhere all words of a chain do.

use crate::number::wgsl::shared_constants;

shared_constants! {
    /// Words of the header: chains, leapfrogs of a dispatch, longest vector, levels of checkpoints,
    /// draws that a chain may make in a dispatch.
    pub(super) const HEADER_WORDS: usize = 5;
    pub(super) const CAPACITY: usize = 0;
    pub(super) const LEAPFROGS: usize = 1;
    pub(super) const STRIDE: usize = 2;
    pub(super) const LEVELS: usize = 3;
    pub(super) const MOST_DRAWS: usize = 4;

    /// Scalars of an order, among them the next draw, the draw before which the chain stops, the
    /// nominal step size with its jitter, and 1 for independence steps.
    pub(super) const ORDER_WORDS: usize = 12;
    pub(super) const COMMAND: usize = 0;
    pub(super) const OBJECT: usize = 1;
    pub(super) const KEY: usize = 2;
    pub(super) const CHAIN: usize = 6;
    pub(super) const NEXT_DRAW: usize = 7;
    pub(super) const LAST_DRAW: usize = 8;
    pub(super) const STEP: usize = 9;
    pub(super) const JITTER: usize = 10;
    pub(super) const INDEPENDENCE: usize = 11;

    /// Commands: rest, go on, go on from the start that the host gives.
    pub(super) const REST: u32 = 0;
    pub(super) const GO_ON: u32 = 1;
    pub(super) const SET_OUT: u32 = 2;

    /// Scalars of a start, its log density; three vectors follow.
    pub(super) const START_WORDS: usize = 1;

    /// Scalars of a state: 1 within a draw, the proposal that stands for the tree, log density and
    /// energy error of both proposals, then tree and subtree so far.
    pub(super) const STATE_WORDS: usize = 18;
    pub(super) const WITHIN: usize = 0;
    pub(super) const CHOSEN: usize = 1;
    pub(super) const PROPOSAL_LOGDENSITY: usize = 2;
    pub(super) const PROPOSAL_ERROR: usize = 4;
    pub(super) const SIDE: usize = 6;
    pub(super) const DEPTH: usize = 7;
    pub(super) const DRAW_STEP_SIZE: usize = 8;
    pub(super) const TREE_LOG_WEIGHT: usize = 9;
    pub(super) const STEPS_BEFORE: usize = 10;
    pub(super) const INITIAL_KINETIC: usize = 11;
    pub(super) const INITIAL_LOGDENSITY: usize = 12;
    pub(super) const N_LEAVES: usize = 13;
    pub(super) const LOG_WEIGHT: usize = 14;
    pub(super) const ACCEPTANCE_SUM: usize = 15;
    pub(super) const INDEPENDENCE_ACCEPTED: usize = 16;
    /// Log density of the last leaf. No dispatch reads this word: tests follow a chain with it,
    /// leaf by leaf.
    pub(super) const END_LOGDENSITY: usize = 17;

    /// Vectors of a state: three of either end of the tree, the sum of its momenta, two of either
    /// proposal, and those of the subtree, the checkpoints last.
    pub(super) const TREE_ENDS: usize = 0;
    pub(super) const POSITION: usize = 0;
    pub(super) const MOMENTUM: usize = 1;
    pub(super) const GRAD: usize = 2;
    pub(super) const TREE_SUM: usize = 6;
    pub(super) const PROPOSALS: usize = 7;
    pub(super) const PROPOSAL_POSITION: usize = 0;
    pub(super) const PROPOSAL_GRAD: usize = 1;
    pub(super) const END_POSITION: usize = 11;
    pub(super) const END_MOMENTUM: usize = 12;
    pub(super) const END_GRAD: usize = 13;
    pub(super) const MOMENTUM_SUM: usize = 14;
    pub(super) const CHECKPOINTS: usize = 15;
    pub(super) const MOMENTA: usize = 0;
    pub(super) const SUMS: usize = 1;
    pub(super) const BEFORE: usize = 2;

    /// Scalars of a draw; its position follows.
    pub(super) const DRAW_WORDS: usize = 9;
    pub(super) const LOGDENSITY: usize = 0;
    pub(super) const ACCEPTANCE: usize = 1;
    pub(super) const STEP_SIZE: usize = 2;
    pub(super) const ENERGY: usize = 3;
    pub(super) const ENERGY_ERROR: usize = 4;
    pub(super) const TREE_DEPTH: usize = 5;
    pub(super) const N_STEPS: usize = 6;
    pub(super) const OUTCOME: usize = 7;
    pub(super) const DRAW_INDEPENDENCE: usize = 8;

    /// Outcomes of a leaf: the transition goes on, or its reason to end.
    pub(super) const UNDER_WAY: u32 = 0;
    pub(super) const TURNED: u32 = 1;
    pub(super) const DIVERGED: u32 = 2;
    pub(super) const AT_MAX_TREEDEPTH: u32 = 3;
}

/// Vectors of a start.
const START_VECTORS: usize = 3;
/// Vectors of a level of checkpoints.
const LEVEL_VECTORS: usize = 3;

/// Size of the buffer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Size {
    /// Chains.
    pub(super) capacity: usize,
    /// Longest vector.
    pub(super) stride: usize,
    /// Levels of checkpoints.
    pub(super) levels: usize,
    /// Draws that a chain may make in a dispatch.
    pub(super) draws: usize,
}

impl Size {
    /// Words of a chain.
    pub(super) fn words_a_chain(&self) -> usize {
        let state = STATE_WORDS + self.stride * (CHECKPOINTS + LEVEL_VECTORS * self.levels);
        ORDER_WORDS + self.start_words() + state + self.stride + 1 + self.draws * self.draw_words()
    }

    /// Words of a start.
    pub(super) fn start_words(&self) -> usize {
        START_WORDS + START_VECTORS * self.stride
    }

    /// Words of a draw.
    pub(super) fn draw_words(&self) -> usize {
        DRAW_WORDS + self.stride
    }

    /// Word of the first start.
    pub(super) fn first_start(&self) -> usize {
        HEADER_WORDS + ORDER_WORDS * self.capacity
    }

    /// Word of the first gradient.
    pub(super) fn first_grad(&self) -> usize {
        self.first_count() - self.stride * self.capacity
    }

    /// Word of the first count of draws.
    pub(super) fn first_count(&self) -> usize {
        let after = (1 + self.draws * self.draw_words()) * self.capacity;
        HEADER_WORDS + self.words_a_chain() * self.capacity - after
    }
}
