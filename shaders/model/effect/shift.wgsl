// The shift of He I emissivities. Twin: src/model/effect/shift.rs, where the equation stands.

// ln(emissivity / that of Hbeta) and its two derivatives, moved by amplitude times direction.
fn shifted(emissivity: vec3<f32>, direction: vec3<f32>, amplitude: f32) -> vec3<f32> {
    return emissivity + amplitude * direction;
}
