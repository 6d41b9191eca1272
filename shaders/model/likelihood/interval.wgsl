// Likelihood of an interval: a flux between two limits, blurred by a Gaussian error.

fn interval(line: LineRecord, flux: f32) -> vec3<f32> {
    let residual = (flux - line.flux) * line.inverse_sigma;
    let distance = abs(residual);
    let near = log_normal_cdf(line.half_width - distance);
    let far = log_normal_cdf(-line.half_width - distance);
    let ratio = exp(far.x - near.x);
    let inside = 1.0 - ratio;
    let slope = (near.y - far.y * ratio) / inside * line.inverse_sigma;
    return vec3(near.x + log(inside), select(-slope, slope, residual < 0.0), 0.0);
}
