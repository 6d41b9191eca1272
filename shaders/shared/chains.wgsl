// Where the words of a chain are in `lane`, and its state from there and back. Host: src/backend/gpu/chains.rs, where they are
// laid out.

// The lane's header, the chain's place in the lane, where its start begins, and where the states and gradients of all chains do.
var<private> capacity: u32;
var<private> stride: u32;
var<private> levels: u32;
var<private> place: u32;
var<private> own_start: u32;
var<private> first_state: u32;
var<private> first_grad: u32;

fn order(word: u32) -> u32 {
    return lane[LANE_HEADER + place * ORDER_WORDS + word];
}

fn state(word: u32) -> u32 {
    return first_state + word * capacity + place;
}

// Where in `lane` coordinate k of a vector of the state is.
fn entry(vector: u32, k: u32) -> u32 {
    return state(STATE_WORDS + vector * stride + k);
}

fn real(at: u32) -> f32 {
    return bitcast<f32>(lane[at]);
}

fn set_real(at: u32, value: f32) {
    lane[at] = bitcast<u32>(value);
}

fn kept(kind: u32, level: u32, k: u32) -> f32 {
    return real(entry(CHECKPOINTS + kind * levels + level, k));
}

fn keep(kind: u32, level: u32, k: u32, value: f32) {
    set_real(entry(CHECKPOINTS + kind * levels + level, k), value);
}

// An end of the tree, 0 the earlier one: of vector POSITION, MOMENTUM or GRAD.
fn end_of_tree(end: u32, vector: u32, k: u32) -> u32 {
    return entry(TREE_ENDS + 3u * end + vector, k);
}

// One of the two proposals: of vector PROPOSAL_POSITION or PROPOSAL_GRAD.
fn proposal(which: u32, vector: u32, k: u32) -> u32 {
    return entry(PROPOSALS + 2u * which + vector, k);
}

fn noise_purpose(k: u32) -> u32 {
    return lane[own_start + START_WORDS + 2u * stride + k];
}

// The chain stands where the host says.
fn take_start() {
    chosen = 0u;
    proposals[0] = vec2(real(own_start), 0.0);
    for (var k = 0u; k < header.dimension; k++) {
        lane[proposal(0u, PROPOSAL_POSITION, k)] = lane[own_start + START_WORDS + k];
        lane[proposal(0u, PROPOSAL_GRAD, k)] = lane[own_start + START_WORDS + stride + k];
    }
}

fn resume() {
    side = lane[state(SIDE)];
    depth = lane[state(DEPTH)];
    step_size = real(state(DRAW_STEP_SIZE));
    independence_accepted = lane[state(INDEPENDENCE_ACCEPTED)] == 1u;
    tree_log_weight = real(state(TREE_LOG_WEIGHT));
    doubling.n_steps = lane[state(STEPS_BEFORE)];
    doubling.initial_kinetic = real(state(INITIAL_KINETIC));
    doubling.initial_logdensity = real(state(INITIAL_LOGDENSITY));
    set_doubling();
    ending = GROWING;
    n_leaves = lane[state(N_LEAVES)];
    log_weight = real(state(LOG_WEIGHT));
    acceptance_sum = real(state(ACCEPTANCE_SUM));
    for (var k = 0u; k < header.dimension; k++) {
        end_position[k] = real(entry(END_POSITION, k));
        end_momentum[k] = real(entry(END_MOMENTUM, k));
        end_grad[k] = real(entry(END_GRAD, k));
        momentum_sum[k] = real(entry(MOMENTUM_SUM, k));
    }
}

fn save() {
    lane[state(SIDE)] = side;
    lane[state(DEPTH)] = depth;
    set_real(state(DRAW_STEP_SIZE), step_size);
    lane[state(INDEPENDENCE_ACCEPTED)] = select(0u, 1u, independence_accepted);
    set_real(state(TREE_LOG_WEIGHT), tree_log_weight);
    lane[state(STEPS_BEFORE)] = doubling.n_steps;
    set_real(state(INITIAL_KINETIC), doubling.initial_kinetic);
    set_real(state(INITIAL_LOGDENSITY), doubling.initial_logdensity);
    lane[state(N_LEAVES)] = n_leaves;
    set_real(state(LOG_WEIGHT), log_weight);
    set_real(state(ACCEPTANCE_SUM), acceptance_sum);
    set_real(state(END_LOGDENSITY), end_logdensity);
    for (var k = 0u; k < header.dimension; k++) {
        set_real(entry(END_POSITION, k), end_position[k]);
        set_real(entry(END_MOMENTUM, k), end_momentum[k]);
        set_real(entry(END_GRAD, k), end_grad[k]);
        set_real(entry(MOMENTUM_SUM, k), momentum_sum[k]);
    }
}
