// Gaussian likelihood of a flux with a share of outliers.

fn outlier(line: LineRecord, flux: f32) -> vec3<f32> {
    let x = 0.5 * flux * line.inverse_sigma;
    let root = sqrt(x * x + 1.0);
    let distance = (log(x + root) - line.outlier_centre) / OUTLIER_WIDTH;
    let by_flux = 0.5 * line.inverse_sigma / root;
    return vec3(
        line.outlier_ln_height - 0.5 * distance * distance,
        distance * by_flux / OUTLIER_WIDTH,
        by_flux,
    );
}

fn outliers(line: LineRecord, flux: f32) -> vec3<f32> {
    let residual = (flux - line.flux) * line.inverse_sigma;
    let wide = outlier(line, flux);
    let core = -0.5 * residual * residual;
    let value = max(core, wide.x) + ln_one_plus(exp(-abs(core - wide.x)));
    let share = exp(wide.x - value);
    let slope = (1.0 - share) * residual * line.inverse_sigma + share * wide.y;
    return vec3(value, -slope, 0.0);
}
