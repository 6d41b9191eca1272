// The coordinate of a slot between bounds.

fn slot_softplus(slot: Slot, z: f32) -> SlotValue {
    let h = (slot.upper - slot.lower) / slot.scale;
    let x = slot.lower + slot.scale * (softplus(z) - softplus(z - h));
    let ln_slope = log_sigmoid(z) + log_sigmoid(h - z);
    let d_coordinate = slot.scale * exp(ln_slope) * (1.0 - exp(-h));
    let prior = prior_density(slot, x);
    let d_logdensity = prior.y * d_coordinate + sigmoid(-z) - sigmoid(z - h);
    return SlotValue(slot.offset + x, d_coordinate, 0.0, 0.0, prior.x + ln_slope, d_logdensity);
}
