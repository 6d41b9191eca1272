// A slot's value at its coordinate, with derivatives and prior.

struct SlotValue {
    value: f32,
    d_coordinate: f32,
    d_parent: f32,
    d_density: f32,
    logdensity: f32,
    d_logdensity: f32,
}

fn slot_value(slot: Slot, z: f32, parent: f32, density: f32) -> SlotValue {
    let tied = relation(slot, parent, density);
    var out = SlotValue(tied.x, 0.0, tied.y, tied.z, 0.0, 0.0);
    if slot.kind == QUANTILE {
        out = slot_quantile(slot, z, tied);
    } else if slot.kind == SOFTPLUS {
        out = slot_softplus(slot, z);
    }
    if slot.log10 == 1u {
        let value = max(out.value, MIN_POSITIVE);
        let d_log10 = LOG10_E / value;
        out.value = LOG10_E * log(value);
        out.d_coordinate *= d_log10;
        out.d_parent *= d_log10;
        out.d_density *= d_log10;
    }
    return out;
}
