// The coordinate of an ion or a density that is hardly measured.

// ln flux of the ion's reference line at the coordinate x, its derivative, ln of that, and its derivative by x.
fn weak_flux(x: f32, ln_unit: f32, squeeze: f32) -> vec4<f32> {
    let below = SQUEEZE_EDGE - x;
    let flux = max(softplus(x), MIN_POSITIVE);
    let by_flux = sigmoid(x) / flux;
    let by_tail = squeeze * sigmoid(below);
    let slope = by_flux + by_tail;
    let bend = by_flux * (sigmoid(-x) - by_flux) - by_tail * sigmoid(-below);
    let phi = ln_unit + log(flux) - squeeze * softplus(below);
    return vec4(phi, slope, log(slope), bend / slope);
}

// The score z of a QUANTILE slot at its coordinate x, its derivative, ln of that less a constant, and the derivative of that.
fn slot_score(slot: Slot, x: f32) -> vec4<f32> {
    if slot.weak == 0u {
        return vec4(x, 1.0, 0.0, 0.0);
    }
    let flux = weak_flux(x, slot.ln_unit, slot.squeeze);
    return vec4(slot.scale * flux.xy, flux.zw);
}
