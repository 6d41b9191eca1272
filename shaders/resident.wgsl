// Makes the transitions of chains one after another, one invocation a chain. A dispatch takes a
// number of leapfrogs of every chain, wherever each is in its draw. Host:
// src/backend/gpu/chains.rs; layout of `words`: src/backend/gpu/words.rs; twin: src/nuts/chain.rs.

@group(0) @binding(6) var<storage, read> metrics: array<f32>;
@group(0) @binding(7) var<storage, read_write> words: array<u32>;

// Writes the draw that ends a transition as draw number `row` of the dispatch.
fn write_draw(row: u32, outcome: u32) {
    let first_draw = first_grad + (stride + 1u) * capacity;
    let at = first_draw + (index * words[MOST_DRAWS] + row) * (DRAW_WORDS + stride);
    let drawn = proposals[chosen];
    set_real(at + LOGDENSITY, drawn.x);
    set_real(at + ACCEPTANCE, acceptance_sum / f32(doubling.n_steps));
    set_real(at + STEP_SIZE, step_size);
    set_real(at + ENERGY, doubling.initial_kinetic - doubling.initial_logdensity + drawn.y);
    set_real(at + ENERGY_ERROR, drawn.y);
    words[at + TREE_DEPTH] = depth;
    words[at + N_STEPS] = doubling.n_steps;
    words[at + OUTCOME] = outcome;
    words[at + DRAW_INDEPENDENCE] = select(0u, 1u, independence_accepted);
    for (var k = 0u; k < header.dimension; k++) {
        words[at + DRAW_WORDS + k] = words[proposal(chosen, PROPOSAL_POSITION, k)];
    }
}

// Writes the gradient at the last draw.
fn write_grad() {
    for (var k = 0u; k < header.dimension; k++) {
        words[first_grad + index * stride + k] = words[proposal(chosen, PROPOSAL_GRAD, k)];
    }
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    index = id.x;
    capacity = words[CAPACITY];
    if index >= capacity {
        return;
    }
    stride = words[STRIDE];
    levels = words[LEVELS];
    let first_start = HEADER_WORDS + ORDER_WORDS * capacity;
    own_start = first_start + index * (START_WORDS + 3u * stride);
    first_state = first_start + capacity * (START_WORDS + 3u * stride);
    first_grad = first_state + capacity * (STATE_WORDS + stride * (CHECKPOINTS + 3u * levels));
    let count = first_grad + capacity * stride + index;
    words[count] = 0u;
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
    if command == SET_OUT {
        take_start();
    } else {
        chosen = words[state(CHOSEN)];
        for (var which = 0u; which < 2u; which++) {
            proposals[which] = vec2(real(state(PROPOSAL_LOGDENSITY + which)), real(state(PROPOSAL_ERROR + which)));
        }
        within = words[state(WITHIN)] == 1u;
        if within {
            resume();
        }
    }
    var drawn = 0u;
    for (var n = 0u; n < words[LEAPFROGS]; n++) {
        if !within {
            if drawn == words[MOST_DRAWS] || doubling.draw == order(LAST_DRAW) {
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
    words[count] = drawn;
    if drawn > 0u {
        write_grad();
    }
    words[state(WITHIN)] = select(0u, 1u, within);
    words[state(CHOSEN)] = chosen;
    for (var which = 0u; which < 2u; which++) {
        set_real(state(PROPOSAL_LOGDENSITY + which), proposals[which].x);
        set_real(state(PROPOSAL_ERROR + which), proposals[which].y);
    }
    save();
}
