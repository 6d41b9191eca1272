// Makes the transitions of chains one after another, each invocation another chain's: so many leapfrogs a dispatch, whatever
// each chain is in the midst of. Host: src/backend/gpu/chains.rs, where the words of `lane` are laid out; twins:
// src/nuts/chain.rs.

@group(0) @binding(0) var<storage, read> headers: array<Header>;
@group(0) @binding(1) var<storage, read> slots: array<Slot>;
@group(0) @binding(2) var<storage, read> ions: array<IonRecord>;
@group(0) @binding(3) var<storage, read> terms: array<Term>;
@group(0) @binding(4) var<storage, read> lines: array<LineRecord>;
@group(0) @binding(5) var<storage, read> coefficients: array<vec4<f32>>;
@group(0) @binding(6) var<storage, read> metrics: array<f32>;
@group(0) @binding(7) var<storage, read_write> lane: array<u32>;

// The lane's header, the chain's place in the lane, where its start begins, and where the states and gradients of all chains do.
var<private> capacity: u32;
var<private> stride: u32;
var<private> levels: u32;
var<private> place: u32;
var<private> own_start: u32;
var<private> first_state: u32;
var<private> first_grad: u32;

fn order(word: u32) -> u32 {
    return lane[LANE_HEADER + word * capacity + place];
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

fn momentum_purpose(k: u32) -> u32 {
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

// Writes the draw that a transition came to.
fn write_draw(slot: u32, outcome: u32) {
    let first_draw = first_grad + (stride + 1u) * capacity;
    let at = first_draw + (slot * capacity + place) * (DRAW_WORDS + stride);
    let drawn = proposals[chosen];
    set_real(at + LOGDENSITY, drawn.x);
    set_real(at + ACCEPTANCE, acceptance_sum / f32(doubling.n_steps));
    set_real(at + STEP_SIZE, step_size);
    set_real(at + ENERGY, doubling.initial_kinetic - doubling.initial_logdensity + drawn.y);
    set_real(at + ENERGY_ERROR, drawn.y);
    lane[at + TREE_DEPTH] = depth;
    lane[at + N_STEPS] = doubling.n_steps;
    lane[at + OUTCOME] = outcome;
    for (var k = 0u; k < header.dimension; k++) {
        lane[at + DRAW_WORDS + k] = lane[proposal(chosen, PROPOSAL_POSITION, k)];
    }
}

// Writes the gradient at the last draw.
fn write_grad() {
    for (var k = 0u; k < header.dimension; k++) {
        lane[first_grad + place * stride + k] = lane[proposal(chosen, PROPOSAL_GRAD, k)];
    }
}

fn resume() {
    side = lane[state(SIDE)];
    depth = lane[state(DEPTH)];
    step_size = real(state(DRAW_STEP_SIZE));
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
    set_real(state(TREE_LOG_WEIGHT), tree_log_weight);
    lane[state(STEPS_BEFORE)] = doubling.n_steps;
    set_real(state(INITIAL_KINETIC), doubling.initial_kinetic);
    set_real(state(INITIAL_LOGDENSITY), doubling.initial_logdensity);
    lane[state(N_LEAVES)] = n_leaves;
    set_real(state(LOG_WEIGHT), log_weight);
    set_real(state(ACCEPTANCE_SUM), acceptance_sum);
    for (var k = 0u; k < header.dimension; k++) {
        set_real(entry(END_POSITION, k), end_position[k]);
        set_real(entry(END_MOMENTUM, k), end_momentum[k]);
        set_real(entry(END_GRAD, k), end_grad[k]);
        set_real(entry(MOMENTUM_SUM, k), momentum_sum[k]);
    }
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    place = id.x;
    capacity = lane[CAPACITY];
    if place >= capacity {
        return;
    }
    stride = lane[STRIDE];
    levels = lane[LEVELS];
    let first_start = LANE_HEADER + ORDER_WORDS * capacity;
    own_start = first_start + place * (START_WORDS + 3u * stride);
    first_state = first_start + capacity * (START_WORDS + 3u * stride);
    first_grad = first_state + capacity * (STATE_WORDS + stride * (CHECKPOINTS + 3u * levels));
    let count = first_grad + capacity * stride + place;
    lane[count] = 0u;
    let command = order(COMMAND);
    if command == REST {
        return;
    }
    let object = order(OBJECT);
    header = headers[object];
    first_centre = object * (stride + stride * (stride + 1u) / 2u);
    first_factor = first_centre + header.dimension;
    doubling.key = vec4(order(KEY), order(KEY + 1u), order(KEY + 2u), order(KEY + 3u));
    doubling.chain = order(CHAIN);
    doubling.draw = order(NEXT_DRAW);
    var within = false;
    if command == PLACE {
        take_start();
    } else {
        chosen = lane[state(CHOSEN)];
        for (var which = 0u; which < 2u; which++) {
            proposals[which] = vec2(real(state(PROPOSAL_LOGDENSITY + which)), real(state(PROPOSAL_ERROR + which)));
        }
        within = lane[state(WITHIN)] == 1u;
        if within {
            resume();
        }
    }
    var drawn = 0u;
    for (var n = 0u; n < lane[LEAPFROGS]; n++) {
        if !within {
            if drawn == lane[MOST_DRAWS] || doubling.draw == order(LAST_DRAW) {
                break;
            }
            begin_draw(bitcast<f32>(order(STEP)), bitcast<f32>(order(JITTER)));
            within = true;
        }
        grow();
        if ending != GROWING {
            let outcome = end_subtree();
            if outcome != UNDER_WAY {
                write_draw(drawn, outcome);
                drawn++;
                doubling.draw++;
                within = false;
            }
        }
    }
    lane[count] = drawn;
    if drawn > 0u {
        write_grad();
    }
    lane[state(WITHIN)] = select(0u, 1u, within);
    lane[state(CHOSEN)] = chosen;
    for (var which = 0u; which < 2u; which++) {
        set_real(state(PROPOSAL_LOGDENSITY + which), proposals[which].x);
        set_real(state(PROPOSAL_ERROR + which), proposals[which].y);
    }
    if within {
        save();
    }
}
