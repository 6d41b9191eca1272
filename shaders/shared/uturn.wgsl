// The U-turn criterion with its two cross-subtree checks from checkpoints. Twin: src/nuts/uturn.rs,
// with the papers. The kernel's `kept` reads MOMENTA, SUMS or BEFORE of a slot and coordinate.

// Sum of the momenta of the subtree so far, and the momentum of the leaf before the present one.
var<private> momentum_sum: array<f32, MAX_DIMENSION>;
var<private> latest: array<f32, MAX_DIMENSION>;

// Lowest and highest slot that leaf n compares itself with; none where the lowest is the larger.
fn slots_of(n: u32) -> vec2<u32> {
    let highest = countOneBits(n >> 1u);
    return vec2(highest + 1u - countTrailingZeros(~n), highest);
}

// True if a stretch turns, from p . rho at its first and its last momentum.
fn is_turning(at_ends: vec2<f32>) -> bool {
    return !(at_ends.x > 0.0 && at_ends.y > 0.0);
}

// True if the subtree from the leaf in slot c to the present one turns.
fn subtree_turns(c: u32, highest: u32) -> bool {
    var whole = vec2(0.0);
    var a_and_next = vec2(0.0);
    var b_and_previous = vec2(0.0);
    for (var k = 0u; k < header.dimension; k++) {
        let p = end_momentum[k];
        let s = momentum_sum[k];
        let p_a = kept(MOMENTA, c, k);
        let s_a = kept(SUMS, c, k);
        whole += (s - s_a + p_a) * vec2(p_a, p);
        if c < highest {
            let p_b = kept(MOMENTA, c + 1u, k);
            let s_b = kept(SUMS, c + 1u, k);
            let end_of_a = kept(BEFORE, c + 1u, k);
            a_and_next += (s_b - s_a + p_a) * vec2(p_a, p_b);
            b_and_previous += (end_of_a + s - s_b + p_b) * vec2(end_of_a, p);
        }
    }
    return is_turning(whole) || (c < highest && (is_turning(a_and_next) || is_turning(b_and_previous)));
}

// Adds leaf n, counted from 0. An even leaf becomes a checkpoint. True if a subtree that ends with
// the leaf turns.
fn add_leaf(n: u32) -> bool {
    let range = slots_of(n);
    if n % 2u == 0u {
        for (var k = 0u; k < header.dimension; k++) {
            keep(MOMENTA, range.y, k, end_momentum[k]);
            keep(SUMS, range.y, k, momentum_sum[k]);
            keep(BEFORE, range.y, k, latest[k]);
        }
        return false;
    }
    var turning = false;
    for (var c = range.y + 1u; c > range.x && !turning; c--) {
        turning = subtree_turns(c - 1u, range.y);
    }
    return turning;
}
