// The low-S/N coordinate of an ion or a density.

fn low_snr_flux(x: f32, ln_unit: f32, tail_slope: f32) -> vec4<f32> {
    let below = TAIL_START - x;
    let flux = max(softplus(x), MIN_POSITIVE);
    let by_flux = sigmoid(x) / flux;
    let in_tail = tail_slope * sigmoid(below);
    let slope = by_flux + in_tail;
    let bend = by_flux * (sigmoid(-x) - by_flux) - in_tail * sigmoid(-below);
    let phi = ln_unit + log(flux) - tail_slope * softplus(below);
    return vec4(phi, slope, log(slope), bend / slope);
}

fn slot_score(slot: Slot, x: f32) -> vec4<f32> {
    if slot.low_snr == 0u {
        return vec4(x, 1.0, 0.0, 0.0);
    }
    let flux = low_snr_flux(x, slot.ln_unit, slot.tail_slope);
    return vec4(slot.scale * flux.xy, flux.zw);
}
