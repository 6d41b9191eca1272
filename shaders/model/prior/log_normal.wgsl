// exp of Normal(location, width), cut to [lower, upper].

fn exponential(y: vec3<f32>) -> vec3<f32> {
    return bounded_exp(y.x) * vec3(1.0, y.yz);
}

fn log_normal_prior_density(slot: Slot, x: f32) -> vec2<f32> {
    let held = max(x, MIN_POSITIVE);
    let ln_x = log(held);
    let score = (ln_x - slot.location) / slot.width;
    return vec2(-0.5 * score * score - ln_x, -(score / slot.width + 1.0) / held);
}
