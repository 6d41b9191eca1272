// The growth of a subtree, leaf by leaf. Twin: src/nuts/subtree.rs. The kernel's `propose` keeps
// proposals.

// The subtree to grow: the address of the transition's random numbers, the leaves before it, the
// leaves of a whole subtree, the step size with the sign of the direction in time, and kinetic
// energy and log density at the start of the trajectory.
struct Doubling {
    key: vec4<u32>,
    chain: u32,
    draw: u32,
    n_steps: u32,
    leaves: u32,
    step: f32,
    initial_kinetic: f32,
    initial_logdensity: f32,
}

var<private> doubling: Doubling;
// The subtree so far, besides momenta and positions.
var<private> ending: u32;
var<private> n_leaves: u32;
var<private> log_weight: f32;
var<private> acceptance_sum: f32;
var<private> end_logdensity: f32;

// A subtree without a leaf; the transition's acceptance sum goes on.
fn begin_subtree() {
    ending = GROWING;
    n_leaves = 0u;
    log_weight = 0.0;
    for (var k = 0u; k < header.dimension; k++) {
        momentum_sum[k] = 0.0;
    }
}

// ln(e^a + e^b), and e^b over that sum.
fn log_add(a: f32, b: f32) -> vec2<f32> {
    let lesser = exp(-abs(a - b));
    return vec2(max(a, b) + ln_one_plus(lesser), select(1.0, lesser, b < a) / (1.0 + lesser));
}

// Adds the last leaf's weight; it becomes the proposal with probability weight / total.
fn weigh(error: f32) {
    let weight = -error;
    var total = vec2(weight, 1.0);
    if n_leaves > 1u {
        total = log_add(log_weight, weight);
    }
    log_weight = total.x;
    let u = uniform_at(doubling.key, doubling.chain, doubling.draw, LEAF, doubling.n_steps + n_leaves);
    if n_leaves == 1u || u < total.y {
        propose(error);
    }
}

// Makes one leapfrog and adds its leaf.
fn grow() {
    latest = end_momentum;
    kick_and_drift(doubling.step);
    to_position();
    end_logdensity = logdensity();
    pull_gradient();
    half_kick(doubling.step);
    let error = (kinetic_energy() - doubling.initial_kinetic) - (end_logdensity - doubling.initial_logdensity);
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
    } else if n_leaves == doubling.leaves {
        ending = WHOLE;
    }
}
