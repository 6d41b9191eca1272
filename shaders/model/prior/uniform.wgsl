// Uniform(lower, upper).

fn uniform_prior_quantile(slot: Slot, z: f32) -> vec3<f32> {
    let span = slot.upper - slot.lower;
    let tail = span * normal_cdf(-abs(z));
    return vec3(select(slot.upper - tail, slot.lower + tail, z < 0.0), span * normal_pdf(z), 0.0);
}
