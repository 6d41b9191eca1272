//! The words of the buffer in which chains live on a device, as host and `shaders/resident.wgsl` lay them out.

use crate::shared::wgsl::shared_constants;

shared_constants! {
    /// Words of the header: places, leapfrogs of a dispatch, longest vector, levels of checkpoints, draws that a dispatch may
    /// make in a place.
    pub(super) const LANE_HEADER: usize = 5;
    pub(super) const CAPACITY: usize = 0;
    pub(super) const LEAPFROGS: usize = 1;
    pub(super) const STRIDE: usize = 2;
    pub(super) const LEVELS: usize = 3;
    pub(super) const MOST_DRAWS: usize = 4;

    /// Scalars of an order: the next draw and the one before which the chain stops, nominal step size and its
    /// jitter, and 1 for independence steps.
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

    /// Commands: leave the place alone, go on, go on from the start.
    pub(super) const REST: u32 = 0;
    pub(super) const GO_ON: u32 = 1;
    pub(super) const PLACE: u32 = 2;

    /// Scalars of a start, its log density; three vectors follow.
    pub(super) const START_WORDS: usize = 1;

    /// Scalars of a state: whether the chain is within a draw, which proposal stands for the tree, both proposals' log
    /// density and energy error, and what the draw has come to.
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
    /// Log density of the last leaf: no dispatch reads it, the tests that follow a chain leaf by leaf do.
    pub(super) const END_LOGDENSITY: usize = 17;

    /// Vectors of a state: three of either end of the tree, its momenta's sum, two of either proposal, and those of the
    /// subtree, the checkpoints last.
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

    /// What became of a transition.
    pub(super) const UNDER_WAY: u32 = 0;
    pub(super) const TURNED: u32 = 1;
    pub(super) const DIVERGED: u32 = 2;
    pub(super) const AT_MAX_TREEDEPTH: u32 = 3;
}

/// Vectors that a start has, and that a level of checkpoints has.
const START_VECTORS: usize = 3;
const LEVEL_VECTORS: usize = 3;

/// How large a lane is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Size {
    /// Places.
    pub(super) capacity: usize,
    /// Longest vector.
    pub(super) stride: usize,
    /// Levels of checkpoints.
    pub(super) levels: usize,
    /// Draws that a dispatch may make in a place.
    pub(super) slots: usize,
}

impl Size {
    /// Words of a place, all told.
    pub(super) fn words_a_place(&self) -> usize {
        let state = STATE_WORDS + self.stride * (CHECKPOINTS + LEVEL_VECTORS * self.levels);
        ORDER_WORDS + self.start_words() + state + self.stride + 1 + self.slots * self.draw_words()
    }

    pub(super) fn start_words(&self) -> usize {
        START_WORDS + START_VECTORS * self.stride
    }

    pub(super) fn draw_words(&self) -> usize {
        DRAW_WORDS + self.stride
    }

    /// Word of the first start, of the first gradient, and of the first count.
    pub(super) fn first_start(&self) -> usize {
        LANE_HEADER + ORDER_WORDS * self.capacity
    }
    pub(super) fn first_grad(&self) -> usize {
        self.first_count() - self.stride * self.capacity
    }
    pub(super) fn first_count(&self) -> usize {
        let after = (1 + self.slots * self.draw_words()) * self.capacity;
        LANE_HEADER + self.words_a_place() * self.capacity - after
    }
}
