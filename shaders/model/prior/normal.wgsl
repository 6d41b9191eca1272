// Normal(location, width), cut to [lower, upper].

fn normal_prior_quantile(slot: Slot, z: f32, location: f32) -> vec3<f32> {
    return truncated_normal(z, location, slot.width, slot.lower, slot.upper);
}

// Quantile at Phi(z), and its derivatives with respect to z and to the location.
fn truncated_normal(z: f32, location: f32, width: f32, lower: f32, upper: f32) -> vec3<f32> {
    if lower <= -UNBOUNDED && upper >= UNBOUNDED {
        return vec3(location + width * z, width, 1.0);
    }
    let alpha = clamp((lower - location) / width, -EDGE, EDGE);
    let beta = clamp((upper - location) / width, -EDGE, EDGE);
    let below = normal_cdf(alpha);
    let above = normal_cdf(-beta);
    var mass = 1.0 - below - above;
    if alpha > 0.0 {
        mass = normal_cdf(-alpha) - above;
    } else if beta < 0.0 {
        mass = normal_cdf(beta) - below;
    }
    let left = normal_cdf(z);
    let right = normal_cdf(-z);
    let p = max(below + mass * left, MIN_POSITIVE);
    let q = max(above + mass * right, MIN_POSITIVE);
    let tail = normal_quantile(min(p, q));
    let n = select(-tail, tail, p < q);
    let d_z = mass * exp(0.5 * (n * n - z * z));
    let edges = exp(0.5 * (n * n - alpha * alpha)) * right + exp(0.5 * (n * n - beta * beta)) * left;
    return vec3(location + width * n, width * d_z, 1.0 - edges);
}

fn normal_prior_density(slot: Slot, x: f32) -> vec2<f32> {
    let score = (x - slot.location) / slot.width;
    return vec2(-0.5 * score * score, -score / slot.width);
}
