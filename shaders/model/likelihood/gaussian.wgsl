// Gaussian likelihood of a flux.

fn gaussian(line: LineRecord, flux: f32) -> vec3<f32> {
    let residual = (flux - line.flux) * line.inverse_sigma;
    return vec3(-0.5 * residual * residual, -residual * line.inverse_sigma, 0.0);
}
