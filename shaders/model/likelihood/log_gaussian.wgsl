// Log-Gaussian likelihood of a flux.

fn log_gaussian(line: LineRecord, flux: f32) -> vec3<f32> {
    let held = max(flux, MIN_POSITIVE);
    let residual = (log(held) - line.flux) * line.inverse_sigma;
    return vec3(-0.5 * residual * residual, -residual * line.inverse_sigma / held, 0.0);
}
