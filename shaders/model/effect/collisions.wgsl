// Excitation of hydrogen by collisions.

fn excitation(level: u32, t: f32, ln_t: f32) -> vec2<f32> {
    let inverse_t = 1.0 / t;
    var sum: vec3<f32>;
    switch level {
        case 3u: { sum = collisional_alpha(inverse_t, ln_t); }
        case 4u: { sum = collisional_beta(inverse_t, ln_t); }
        case 5u: { sum = collisional_gamma(inverse_t, ln_t); }
        default: { sum = above_gamma(level, inverse_t, ln_t); }
    }
    return vec2(sum.x, inverse_t * (sum.z - inverse_t * sum.y) * T4_PER_KELVIN);
}

fn above_gamma(level: u32, x: f32, y: f32) -> vec3<f32> {
    let n = f32(level);
    let further = COLLISIONAL_RYDBERG * (1.0 / (n * n) - 1.0) - COLLISIONAL_GAMMA_B;
    let sum = collisional_gamma(x, y);
    return exp(further * x) * vec3(sum.x, sum.y + further * sum.x, sum.z);
}

fn excited(level: u32, xi: f32, t4: f32, ln_t4: f32) -> vec3<f32> {
    let ratio = excitation(level, t4, ln_t4);
    let grown = 1.0 + xi * ratio.x;
    return vec3(log(grown), ratio.x / grown, xi * ratio.y / grown);
}
