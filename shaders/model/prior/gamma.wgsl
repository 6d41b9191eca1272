// Gamma of the shape location and the scale width.

fn gamma_prior_density(slot: Slot, x: f32) -> vec2<f32> {
    let held = max(x, MIN_POSITIVE);
    let power = slot.location - 1.0;
    let rate = 1.0 / slot.width;
    return vec2(power * log(held) - rate * held, power / held - rate);
}
