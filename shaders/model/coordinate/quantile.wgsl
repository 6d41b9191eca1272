// The coordinate of a slot that is the normal score of its truncated prior, or a low-S/N coordinate
// of that score.

fn slot_quantile(slot: Slot, x: f32, tied: vec3<f32>) -> SlotValue {
    let score = slot_score(slot, x);
    var out = score_quantile(slot, score.x, tied);
    out.d_coordinate *= score.y;
    out.logdensity += score.z;
    out.d_logdensity = out.d_logdensity * score.y + score.w;
    return out;
}

fn score_quantile(slot: Slot, z: f32, tied: vec3<f32>) -> SlotValue {
    let x = prior_quantile(slot, z, tied.x);
    return SlotValue(slot.offset + x.x, x.y, x.z * tied.y, x.z * tied.z, -0.5 * z * z, -z);
}
