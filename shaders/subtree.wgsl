// Grows subtrees of trajectories by some leaves, each invocation another chain's. Host: src/backend/gpu/subtree.rs, where
// the words of `lane` are laid out; twin: src/nuts/subtree.rs.

@group(0) @binding(0) var<storage, read> headers: array<Header>;
@group(0) @binding(1) var<storage, read> slots: array<Slot>;
@group(0) @binding(2) var<storage, read> ions: array<IonRecord>;
@group(0) @binding(3) var<storage, read> terms: array<Term>;
@group(0) @binding(4) var<storage, read> lines: array<LineRecord>;
@group(0) @binding(5) var<storage, read> coefficients: array<vec4<f32>>;
@group(0) @binding(6) var<storage, read> metrics: array<f32>;
@group(0) @binding(7) var<storage, read_write> lane: array<u32>;

// The chain's place in the lane, the first of the results, and what has grown so far besides momenta and positions.
var<private> place: u32;
var<private> first_result: u32;
var<private> ending: u32;
var<private> n_leaves: u32;
var<private> log_weight: f32;
var<private> acceptance_sum: f32;
var<private> end_logdensity: f32;

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

fn begin() {
    ending = GROWING;
    n_leaves = 0u;
    log_weight = 0.0;
    acceptance_sum = 0.0;
    for (var k = 0u; k < header.dimension; k++) {
        end_position[k] = bitcast<f32>(request(REQUEST_WORDS + k));
        end_momentum[k] = bitcast<f32>(request(REQUEST_WORDS + lane[STRIDE] + k));
        end_grad[k] = bitcast<f32>(request(REQUEST_WORDS + 2u * lane[STRIDE] + k));
        momentum_sum[k] = 0.0;
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

// Adds the last leaf's weight; it becomes the proposal with probability weight / total.
fn weigh(error: f32) {
    let weight = -error;
    var total = weight;
    if n_leaves > 1u {
        total = max(log_weight, weight) + ln_one_plus(exp(-abs(log_weight - weight)));
    }
    log_weight = total;
    let key = vec4(request(KEY), request(KEY + 1u), request(KEY + 2u), request(KEY + 3u));
    let u = uniform_at(key, request(CHAIN), request(DRAW), LEAF, request(N_STEPS) + n_leaves);
    if n_leaves == 1u || u < exp(weight - total) {
        lane[result(PROPOSAL_LOGDENSITY)] = bitcast<u32>(end_logdensity);
        lane[result(PROPOSAL_ERROR)] = bitcast<u32>(error);
        for (var k = 0u; k < header.dimension; k++) {
            lane[entry(PROPOSAL_POSITION, k)] = bitcast<u32>(end_position[k]);
            lane[entry(PROPOSAL_GRAD, k)] = bitcast<u32>(end_grad[k]);
        }
    }
}

// One leapfrog and what its leaf comes to.
fn grow(step_size: f32) {
    latest = end_momentum;
    kick_and_drift(step_size);
    to_position();
    end_logdensity = logdensity();
    pull_gradient();
    half_kick(step_size);
    let initial = vec2(bitcast<f32>(request(INITIAL_KINETIC)), bitcast<f32>(request(INITIAL_LOGDENSITY)));
    let error = (kinetic_energy() - initial.x) - (end_logdensity - initial.y);
    n_leaves++;
    if !is_finite(error) || error > MAX_ENERGY_ERROR {
        ending = DIVERGING;
        return;
    }
    acceptance_sum += exp(min(-error, 0.0));
    for (var k = 0u; k < header.dimension; k++) {
        momentum_sum[k] += end_momentum[k];
    }
    weigh(error);
    if add_leaf(n_leaves - 1u) {
        ending = TURNING;
    } else if n_leaves == request(LEAVES) {
        ending = WHOLE;
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
    if request(COMMAND) == BEGIN {
        begin();
    } else {
        resume();
    }
    for (var n = 0u; n < lane[LEAPFROGS] && ending == GROWING; n++) {
        grow(bitcast<f32>(request(STEP)));
    }
    save();
}
