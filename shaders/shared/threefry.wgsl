// Random numbers as a function of their address. Twins: src/rng/threefry.rs, src/rng/mod.rs, where
// the paper is named.

fn rotated_left(x: u32, by: u32) -> u32 {
    return (x << by) | (x >> (32u - by));
}

// Two rounds: the first mixes neighbours, the second crosswise (Threefish's permutation 0 3 2 1).
fn two_rounds(counter: vec4<u32>, even: vec2<u32>, odd: vec2<u32>) -> vec4<u32> {
    var x = counter;
    x.x += x.y;
    x.y = rotated_left(x.y, even.x) ^ x.x;
    x.z += x.w;
    x.w = rotated_left(x.w, even.y) ^ x.z;
    x.x += x.w;
    x.w = rotated_left(x.w, odd.x) ^ x.x;
    x.z += x.y;
    x.y = rotated_left(x.y, odd.y) ^ x.z;
    return x;
}

fn first_four(x: vec4<u32>) -> vec4<u32> {
    return two_rounds(two_rounds(x, ROTATIONS[0], ROTATIONS[1]), ROTATIONS[2], ROTATIONS[3]);
}

fn next_four(x: vec4<u32>) -> vec4<u32> {
    return two_rounds(two_rounds(x, ROTATIONS[4], ROTATIONS[5]), ROTATIONS[6], ROTATIONS[7]);
}

// Four random words: the encryption of `counter` under `key`, twenty rounds with the key between
// every four.
fn threefry4x32(counter: vec4<u32>, key: vec4<u32>) -> vec4<u32> {
    let parity = PARITY ^ key.x ^ key.y ^ key.z ^ key.w;
    var x = first_four(counter + key);
    x = next_four(x + vec4(key.yzw, parity + 1u));
    x = first_four(x + vec4(key.zw, parity, key.x + 2u));
    x = next_four(x + vec4(key.w, parity, key.x, key.y + 3u));
    x = first_four(x + vec4(parity, key.xy, key.z + 4u));
    return x + vec4(key.xyz, key.w + 5u);
}

// Uniform in (0, 1): the leading 23 bits of the twin's 52, so that the two differ by less than
// 2^-23.
fn uniform_at(key: vec4<u32>, chain: u32, draw: u32, purpose: u32, index: u32) -> f32 {
    let words = threefry4x32(vec4(chain, draw, purpose, index), key);
    return (f32(words.y >> 9u) + 0.5) * 0x1p-23f;
}

// Standard normal: the quantile of the tail that the twin's 52 bits cut off, which single precision
// holds at any depth.
fn normal_at(key: vec4<u32>, chain: u32, draw: u32, purpose: u32, index: u32) -> f32 {
    let words = threefry4x32(vec4(chain, draw, purpose, index), key);
    let upper = words.y >= 0x80000000u;
    let high = select(words.y, ~words.y, upper);
    let low = select(words.x, ~words.x, upper) >> 12u;
    let tail = (f32(high) + (f32(low) + 0.5) * 0x1p-20f) * 0x1p-32f;
    let z = normal_quantile(tail);
    return select(z, -z, upper);
}
