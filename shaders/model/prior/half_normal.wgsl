// |Normal(0, width)|: a normal prior cut at 0.

fn half_normal_prior_quantile(slot: Slot, z: f32, location: f32) -> vec3<f32> {
    return normal_prior_quantile(slot, z, location);
}

fn half_normal_prior_density(slot: Slot, x: f32) -> vec2<f32> {
    return normal_prior_density(slot, x);
}
