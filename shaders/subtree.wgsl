// Grows subtrees of trajectories by some leaves, each invocation another chain's. Host: src/backend/gpu/subtree.rs, where
// the words of `lane` are laid out; twin: src/nuts/subtree.rs.

@group(0) @binding(6) var<storage, read> metrics: array<f32>;
@group(0) @binding(7) var<storage, read_write> lane: array<u32>;

// The chain's place in the lane, and the first of the results.
var<private> place: u32;
var<private> first_result: u32;

fn request(word: u32) -> u32 {
    return lane[LANE_HEADER + word * lane[CAPACITY] + place];
}

// Where in `lane` coordinate k of a vector of the results is.
fn entry(vector: u32, k: u32) -> u32 {
    return first_result + (RESULT_WORDS + vector * lane[STRIDE] + k) * lane[CAPACITY] + place;
}

fn kept(kind: u32, level: u32, k: u32) -> f32 {
    return bitcast<f32>(lane[entry(CHECKPOINTS + kind * lane[LEVELS] + level, k)]);
}

fn keep(kind: u32, level: u32, k: u32, value: f32) {
    lane[entry(CHECKPOINTS + kind * lane[LEVELS] + level, k)] = bitcast<u32>(value);
}

fn result(word: u32) -> u32 {
    return first_result + word * lane[CAPACITY] + place;
}

// The last leaf stands for its subtree from now on.
fn propose(error: f32) {
    lane[result(PROPOSAL_LOGDENSITY)] = bitcast<u32>(end_logdensity);
    lane[result(PROPOSAL_ERROR)] = bitcast<u32>(error);
    for (var k = 0u; k < header.dimension; k++) {
        lane[entry(PROPOSAL_POSITION, k)] = bitcast<u32>(end_position[k]);
        lane[entry(PROPOSAL_GRAD, k)] = bitcast<u32>(end_grad[k]);
    }
}

fn begin() {
    begin_subtree();
    acceptance_sum = 0.0;
    for (var k = 0u; k < header.dimension; k++) {
        end_position[k] = bitcast<f32>(request(REQUEST_WORDS + k));
        end_momentum[k] = bitcast<f32>(request(REQUEST_WORDS + lane[STRIDE] + k));
        end_grad[k] = bitcast<f32>(request(REQUEST_WORDS + 2u * lane[STRIDE] + k));
    }
}

fn resume() {
    ending = lane[result(ENDING)];
    n_leaves = lane[result(N_LEAVES)];
    log_weight = bitcast<f32>(lane[result(LOG_WEIGHT)]);
    acceptance_sum = bitcast<f32>(lane[result(ACCEPTANCE_SUM)]);
    for (var k = 0u; k < header.dimension; k++) {
        end_position[k] = bitcast<f32>(lane[entry(END_POSITION, k)]);
        end_momentum[k] = bitcast<f32>(lane[entry(END_MOMENTUM, k)]);
        end_grad[k] = bitcast<f32>(lane[entry(END_GRAD, k)]);
        momentum_sum[k] = bitcast<f32>(lane[entry(MOMENTUM_SUM, k)]);
    }
}

fn save() {
    lane[result(ENDING)] = ending;
    lane[result(N_LEAVES)] = n_leaves;
    lane[result(LOG_WEIGHT)] = bitcast<u32>(log_weight);
    lane[result(ACCEPTANCE_SUM)] = bitcast<u32>(acceptance_sum);
    lane[result(END_LOGDENSITY)] = bitcast<u32>(end_logdensity);
    for (var k = 0u; k < header.dimension; k++) {
        lane[entry(END_POSITION, k)] = bitcast<u32>(end_position[k]);
        lane[entry(END_MOMENTUM, k)] = bitcast<u32>(end_momentum[k]);
        lane[entry(END_GRAD, k)] = bitcast<u32>(end_grad[k]);
        lane[entry(MOMENTUM_SUM, k)] = bitcast<u32>(momentum_sum[k]);
    }
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    place = id.x;
    if place >= lane[CAPACITY] || request(COMMAND) == IDLE {
        return;
    }
    first_result = LANE_HEADER + (REQUEST_WORDS + 3u * lane[STRIDE]) * lane[CAPACITY];
    let object = request(OBJECT);
    header = headers[object];
    first_centre = object * (lane[STRIDE] + lane[STRIDE] * (lane[STRIDE] + 1u) / 2u);
    first_factor = first_centre + header.dimension;
    doubling = Doubling(
        vec4(request(KEY), request(KEY + 1u), request(KEY + 2u), request(KEY + 3u)),
        request(CHAIN), request(DRAW), request(N_STEPS), request(LEAVES), bitcast<f32>(request(STEP)),
        bitcast<f32>(request(INITIAL_KINETIC)), bitcast<f32>(request(INITIAL_LOGDENSITY)),
    );
    if request(COMMAND) == BEGIN {
        begin();
    } else {
        resume();
    }
    for (var n = 0u; n < lane[LEAPFROGS] && ending == GROWING; n++) {
        grow();
    }
    save();
}
