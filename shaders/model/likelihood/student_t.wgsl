// Student's t likelihood of a flux; norm is student_norm(nu).

fn student_t(line: LineRecord, flux: f32, nu: f32, norm: vec2<f32>) -> vec3<f32> {
    let residual = (flux - line.flux) * line.inverse_sigma;
    let ratio = residual * residual / nu;
    let ln = ln_one_plus(ratio);
    let more = nu + 1.0;
    return vec3(
        norm.x - 0.5 * more * ln,
        -more * residual / (nu * (1.0 + ratio)) * line.inverse_sigma,
        norm.y - 0.5 * ln + 0.5 * more * ratio / (nu * (1.0 + ratio)),
    );
}
