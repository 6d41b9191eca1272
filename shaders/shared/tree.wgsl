// The tree of one transition: its doublings, the join of a subtree, and its end. Twin:
// src/nuts/tree.rs. Its vectors stand in `words`, at `entry`, `end_of_tree` and `proposal`.

// The tree: the end that the doubling extends, the depth, the proposal that stands for the tree,
// and the total weight.
var<private> side: u32;
var<private> depth: u32;
var<private> chosen: u32;
var<private> tree_log_weight: f32;
var<private> step_size: f32;
// True while the next leaf is the candidate of an independence step; true if that was accepted.
var<private> independence_pending: bool;
var<private> independence_accepted: bool;
// Log density and energy error of the two proposals.
var<private> proposals: array<vec2<f32>, 2>;

// The last leaf stands for its subtree from now on.
fn propose(error: f32) {
    let which = 1u - chosen;
    proposals[which] = vec2(end_logdensity, error);
    for (var k = 0u; k < header.dimension; k++) {
        set_real(proposal(which, PROPOSAL_POSITION, k), end_position[k]);
        set_real(proposal(which, PROPOSAL_GRAD, k), end_grad[k]);
    }
}

// Draws the momentum and the step size, nominal with jitter, then begins the independence step or
// the tree.
fn begin_draw(nominal: f32, jitter: f32, independence: bool) {
    let u = uniform_at(doubling.key, doubling.chain, doubling.draw, STEP_SIZE_JITTER, 0u);
    step_size = nominal * (1.0 + jitter * (2.0 * u - 1.0));
    for (var k = 0u; k < header.dimension; k++) {
        let p = normal_at(doubling.key, doubling.chain, doubling.draw, noise_purpose(k), MOMENTUM_NOISE);
        for (var end = 0u; end < 2u; end++) {
            set_real(end_of_tree(end, MOMENTUM, k), p);
        }
    }
    doubling.n_steps = 0u;
    acceptance_sum = 0.0;
    independence_accepted = false;
    independence_pending = independence;
    if independence_pending {
        begin_independence();
    } else {
        begin_tree();
    }
}

// Makes the candidate of the independence step a subtree of one leaf, with a step of 0.
fn begin_independence() {
    for (var k = 0u; k < header.dimension; k++) {
        end_position[k] = normal_at(doubling.key, doubling.chain, doubling.draw, noise_purpose(k), CANDIDATE_NOISE);
        end_momentum[k] = 0.0;
        end_grad[k] = 0.0;
    }
    doubling.leaves = 1u;
    doubling.step = 0.0;
    doubling.initial_kinetic = 0.0;
    doubling.initial_logdensity = proposals[chosen].x;
    begin_subtree();
}

// Accepts or rejects the candidate whose leaf has been grown, and begins the tree.
fn end_independence() {
    independence_pending = false;
    if ending == WHOLE {
        var ratio = log_weight;
        for (var k = 0u; k < header.dimension; k++) {
            let there = real(proposal(1u - chosen, PROPOSAL_POSITION, k));
            let here = real(proposal(chosen, PROPOSAL_POSITION, k));
            ratio += 0.5 * (there - here) * (there + here);
        }
        independence_accepted = uniform_at(doubling.key, doubling.chain, doubling.draw, INDEPENDENCE_CHOICE, 0u) < exp(min(ratio, 0.0));
        if independence_accepted {
            chosen = 1u - chosen;
        }
    }
    acceptance_sum = 0.0;
    begin_tree();
}

// A tree of one leaf with the momentum of its ends, and the first doubling.
fn begin_tree() {
    for (var k = 0u; k < header.dimension; k++) {
        let x = words[proposal(chosen, PROPOSAL_POSITION, k)];
        let g = words[proposal(chosen, PROPOSAL_GRAD, k)];
        for (var end = 0u; end < 2u; end++) {
            words[end_of_tree(end, POSITION, k)] = x;
            words[end_of_tree(end, GRAD, k)] = g;
        }
        end_momentum[k] = real(end_of_tree(0u, MOMENTUM, k));
        set_real(entry(TREE_SUM, k), end_momentum[k]);
    }
    doubling.initial_kinetic = kinetic_energy();
    doubling.initial_logdensity = proposals[chosen].x;
    proposals[chosen].y = 0.0;
    tree_log_weight = 0.0;
    depth = 0u;
    begin_doubling();
}

fn begin_doubling() {
    let u = uniform_at(doubling.key, doubling.chain, doubling.draw, DIRECTION, depth);
    side = select(1u, 0u, u < 0.5);
    set_doubling();
    begin_subtree();
    for (var k = 0u; k < header.dimension; k++) {
        end_position[k] = real(end_of_tree(side, POSITION, k));
        end_momentum[k] = real(end_of_tree(side, MOMENTUM, k));
        end_grad[k] = real(end_of_tree(side, GRAD, k));
    }
}

fn set_doubling() {
    doubling.leaves = 1u << depth;
    doubling.step = select(-step_size, step_size, side == 1u);
}

// Joins the whole subtree to the tree. Its proposal is taken with probability min(1, new weight /
// old). True if the joined tree turns.
fn merge() -> bool {
    let u = uniform_at(doubling.key, doubling.chain, doubling.draw, SUBTREE, depth);
    if u < exp(min(log_weight - tree_log_weight, 0.0)) {
        chosen = 1u - chosen;
    }
    tree_log_weight = log_add(tree_log_weight, log_weight).x;
    depth++;
    // Four momenta in the order of the doubling: far and near end of the old tree, near and far end
    // of the subtree.
    var whole = vec2(0.0);
    var old_and_next = vec2(0.0);
    var new_and_previous = vec2(0.0);
    for (var k = 0u; k < header.dimension; k++) {
        let old_far = real(end_of_tree(1u - side, MOMENTUM, k));
        let old_near = real(end_of_tree(side, MOMENTUM, k));
        let new_near = kept(MOMENTA, 0u, k);
        let new_far = end_momentum[k];
        let old_sum = real(entry(TREE_SUM, k));
        let new_sum = momentum_sum[k];
        whole += (old_sum + new_sum) * vec2(old_far, new_far);
        old_and_next += (old_sum + new_near) * vec2(old_far, new_near);
        new_and_previous += (old_near + new_sum) * vec2(old_near, new_far);
        set_real(entry(TREE_SUM, k), old_sum + new_sum);
        set_real(end_of_tree(side, POSITION, k), end_position[k]);
        set_real(end_of_tree(side, MOMENTUM, k), end_momentum[k]);
        set_real(end_of_tree(side, GRAD, k), end_grad[k]);
    }
    return is_turning(whole) || is_turning(old_and_next) || is_turning(new_and_previous);
}

// Takes the subtree that has ended into the tree; what became of the transition.
fn end_subtree() -> u32 {
    doubling.n_steps += n_leaves;
    if ending == DIVERGING {
        return DIVERGED;
    }
    if ending == TURNING || merge() {
        return TURNED;
    }
    if depth == levels {
        return AT_MAX_TREEDEPTH;
    }
    begin_doubling();
    return UNDER_WAY;
}
