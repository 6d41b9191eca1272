// Makes the transitions of chains one after another, each invocation another chain's: so many leapfrogs a dispatch, whatever
// each chain is in the midst of. Host: src/backend/gpu/chains.rs, where the words of `lane` are laid out; twin: src/nuts/chain.rs.

@group(0) @binding(6) var<storage, read> metrics: array<f32>;
@group(0) @binding(7) var<storage, read_write> lane: array<u32>;

// Writes the draw that a transition came to.
fn write_draw(slot: u32, outcome: u32) {
    let first_draw = first_grad + (stride + 1u) * capacity;
    let at = first_draw + (place * lane[MOST_DRAWS] + slot) * (DRAW_WORDS + stride);
    let drawn = proposals[chosen];
    set_real(at + LOGDENSITY, drawn.x);
    set_real(at + ACCEPTANCE, acceptance_sum / f32(doubling.n_steps));
    set_real(at + STEP_SIZE, step_size);
    set_real(at + ENERGY, doubling.initial_kinetic - doubling.initial_logdensity + drawn.y);
    set_real(at + ENERGY_ERROR, drawn.y);
    lane[at + TREE_DEPTH] = depth;
    lane[at + N_STEPS] = doubling.n_steps;
    lane[at + OUTCOME] = outcome;
    lane[at + DRAW_INDEPENDENCE] = select(0u, 1u, independence_accepted);
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
            begin_draw(bitcast<f32>(order(STEP)), bitcast<f32>(order(JITTER)), order(INDEPENDENCE) == 1u);
            within = true;
        }
        grow();
        if independence_pending {
            end_independence();
        } else if ending != GROWING {
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
    save();
}
