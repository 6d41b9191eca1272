// The words of a chain in the buffer of all chains, and the way of its state from there and back.
// Layout: src/backend/gpu/words.rs.

// The header of the buffer; the index of the chain; the first word of its start, of the states and
// of the gradients of all chains.
var<private> capacity: u32;
var<private> stride: u32;
var<private> levels: u32;
var<private> index: u32;
var<private> own_start: u32;
var<private> first_state: u32;
var<private> first_grad: u32;

fn order(word: u32) -> u32 {
    return words[HEADER_WORDS + index * ORDER_WORDS + word];
}

fn state(word: u32) -> u32 {
    return first_state + word * capacity + index;
}

// The word of coordinate k of a vector of the state.
fn entry(vector: u32, k: u32) -> u32 {
    return state(STATE_WORDS + vector * stride + k);
}

fn real(at: u32) -> f32 {
    return bitcast<f32>(words[at]);
}

fn set_real(at: u32, value: f32) {
    words[at] = bitcast<u32>(value);
}

fn kept(kind: u32, level: u32, k: u32) -> f32 {
    return real(entry(CHECKPOINTS + kind * levels + level, k));
}

fn keep(kind: u32, level: u32, k: u32, value: f32) {
    set_real(entry(CHECKPOINTS + kind * levels + level, k), value);
}

// The word of coordinate k at an end of the tree, 0 the earlier one. Vectors: POSITION, MOMENTUM,
// GRAD.
fn end_of_tree(end: u32, vector: u32, k: u32) -> u32 {
    return entry(TREE_ENDS + 3u * end + vector, k);
}

// The word of coordinate k of one of the two proposals. Vectors: PROPOSAL_POSITION, PROPOSAL_GRAD.
fn proposal(which: u32, vector: u32, k: u32) -> u32 {
    return entry(PROPOSALS + 2u * which + vector, k);
}

fn noise_purpose(k: u32) -> u32 {
    return words[own_start + START_WORDS + 2u * stride + k];
}

// Sets the chain to the start that the host gives.
fn take_start() {
    chosen = 0u;
    proposals[0] = vec2(real(own_start), 0.0);
    for (var k = 0u; k < header.dimension; k++) {
        words[proposal(0u, PROPOSAL_POSITION, k)] = words[own_start + START_WORDS + k];
        words[proposal(0u, PROPOSAL_GRAD, k)] = words[own_start + START_WORDS + stride + k];
    }
}

// Takes up the transition where the last dispatch left it.
fn resume() {
    side = words[state(SIDE)];
    depth = words[state(DEPTH)];
    step_size = real(state(DRAW_STEP_SIZE));
    independence_accepted = words[state(INDEPENDENCE_ACCEPTED)] == 1u;
    tree_log_weight = real(state(TREE_LOG_WEIGHT));
    doubling.n_steps = words[state(STEPS_BEFORE)];
    doubling.initial_kinetic = real(state(INITIAL_KINETIC));
    doubling.initial_logdensity = real(state(INITIAL_LOGDENSITY));
    set_doubling();
    ending = GROWING;
    n_leaves = words[state(N_LEAVES)];
    log_weight = real(state(LOG_WEIGHT));
    acceptance_sum = real(state(ACCEPTANCE_SUM));
    for (var k = 0u; k < header.dimension; k++) {
        end_position[k] = real(entry(END_POSITION, k));
        end_momentum[k] = real(entry(END_MOMENTUM, k));
        end_grad[k] = real(entry(END_GRAD, k));
        momentum_sum[k] = real(entry(MOMENTUM_SUM, k));
    }
}

// Keeps the transition for the next dispatch.
fn save() {
    words[state(SIDE)] = side;
    words[state(DEPTH)] = depth;
    set_real(state(DRAW_STEP_SIZE), step_size);
    words[state(INDEPENDENCE_ACCEPTED)] = select(0u, 1u, independence_accepted);
    set_real(state(TREE_LOG_WEIGHT), tree_log_weight);
    words[state(STEPS_BEFORE)] = doubling.n_steps;
    set_real(state(INITIAL_KINETIC), doubling.initial_kinetic);
    set_real(state(INITIAL_LOGDENSITY), doubling.initial_logdensity);
    words[state(N_LEAVES)] = n_leaves;
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
