// Likelihood of an upper limit.

fn upper_limit(line: LineRecord, flux: f32) -> vec3<f32> {
    let of_limit = log_normal_cdf((line.flux - flux) * line.inverse_sigma);
    return vec3(of_limit.x, -of_limit.y * line.inverse_sigma, 0.0);
}
