// The log likelihood of one line. Twins: src/shared/likelihood.rs, where the equations stand.

// ln L of a line at the model's flux, and its derivatives by that flux and by nu; norm is student_norm(nu).
fn line_likelihood(line: LineRecord, flux: f32, nu: f32, norm: vec2<f32>) -> vec3<f32> {
    let residual = (flux - line.flux) * line.inverse_sigma;
    switch line.likelihood {
        case LOG_GAUSSIAN: {
            let held = max(flux, MIN_POSITIVE);
            let of_log = (log(held) - line.flux) * line.inverse_sigma;
            return vec3(-0.5 * of_log * of_log, -of_log * line.inverse_sigma / held, 0.0);
        }
        case STUDENT_T: {
            let ratio = residual * residual / nu;
            let ln = ln_one_plus(ratio);
            let more = nu + 1.0;
            return vec3(
                norm.x - 0.5 * more * ln,
                -more * residual / (nu * (1.0 + ratio)) * line.inverse_sigma,
                norm.y - 0.5 * ln + 0.5 * more * ratio / (nu * (1.0 + ratio)),
            );
        }
        case UPPER_LIMIT: {
            let of_limit = log_normal_cdf((line.flux - flux) * line.inverse_sigma);
            return vec3(of_limit.x, -of_limit.y * line.inverse_sigma, 0.0);
        }
        default: {
            return vec3(-0.5 * residual * residual, -residual * line.inverse_sigma, 0.0);
        }
    }
}
