// From a sampled coordinate to the physical quantity behind it, with derivatives and its prior. Twins:
// src/shared/coordinate.rs, where the equations stand.

struct SlotValue {
    value: f32,
    d_coordinate: f32,
    d_parent: f32,
    d_density: f32,
    logdensity: f32,
    d_logdensity: f32,
}

// The slot's value at coordinate z, given its parent's value and the log10 n_e that its relation reads.
fn slot_value(slot: Slot, z: f32, parent: f32, density: f32) -> SlotValue {
    let tied = relation(slot, parent, density);
    var out = SlotValue(tied.x, 0.0, tied.y, tied.z, 0.0, 0.0);
    if slot.kind == QUANTILE {
        out = slot_weak(slot, z, tied);
    } else if slot.kind == SOFTPLUS {
        out = slot_softplus(slot, z);
    }
    if slot.log10 == 1u {
        let value = max(out.value, MIN_POSITIVE);
        let d_log10 = LOG10_E / value;
        out.value = LOG10_E * log(value);
        out.d_coordinate *= d_log10;
        out.d_parent *= d_log10;
        out.d_density *= d_log10;
    }
    return out;
}

// The quantile at the score that the coordinate x stands for.
fn slot_weak(slot: Slot, x: f32, tied: vec3<f32>) -> SlotValue {
    let score = slot_score(slot, x);
    var out = slot_quantile(slot, score.x, tied);
    out.d_coordinate *= score.y;
    out.logdensity += score.z;
    out.d_logdensity = out.d_logdensity * score.y + score.w;
    return out;
}

// The quantile of the truncated prior at Phi(z).
fn slot_quantile(slot: Slot, z: f32, tied: vec3<f32>) -> SlotValue {
    let location = tied.x;
    var x: vec3<f32>;
    switch slot.family {
        case NORMAL: {
            x = truncated_normal(z, location, slot.width, slot.lower, slot.upper);
        }
        case LOG_NORMAL: {
            let y = truncated_normal(z, location, slot.width, slot.lower, slot.upper);
            x = bounded_exp(y.x) * vec3(1.0, y.yz);
        }
        case HALF_CAUCHY: {
            x = truncated_half_cauchy(z, slot.width, slot.lower, slot.upper);
        }
        default: {
            x = truncated_uniform(z, slot.lower, slot.upper);
        }
    }
    return SlotValue(slot.offset + x.x, x.y, x.z * tied.y, x.z * tied.z, -0.5 * z * z, -z);
}

// Quantile of Normal(location, width) cut to [lower, upper] at Phi(z), and its derivatives by z and by the location.
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

// Quantile of |Cauchy(0, width)| at Phi(z), with the probabilities below and above cut off.
fn truncated_half_cauchy(z: f32, width: f32, below: f32, above: f32) -> vec3<f32> {
    let mass = 1.0 - below - above;
    let p = below + mass * normal_cdf(z);
    let q = max(above + mass * normal_cdf(-z), MIN_POSITIVE);
    let octant = tan_octant(FRAC_PI_2 * min(p, q));
    var tangent = octant;
    if p >= q {
        tangent = 1.0 / octant;
    }
    let slope = (1.0 + tangent * tangent) * FRAC_PI_2 * mass * normal_pdf(z);
    return vec3(width * tangent, width * slope, 0.0);
}

// tan x for x in [0, pi/4], by the Taylor series of sine and cosine.
fn tan_octant(x: f32) -> f32 {
    let y = x * x;
    var sine = 1.0;
    var cosine = 1.0;
    for (var k = 8.0; k > 0.5; k -= 1.0) {
        sine = 1.0 - sine * y / (2.0 * k * (2.0 * k + 1.0));
        cosine = 1.0 - cosine * y / (2.0 * k * (2.0 * k - 1.0));
    }
    return x * sine / cosine;
}

// Uniform(lower, upper) at Phi(z).
fn truncated_uniform(z: f32, lower: f32, upper: f32) -> vec3<f32> {
    let span = upper - lower;
    let tail = span * normal_cdf(-abs(z));
    return vec3(select(upper - tail, lower + tail, z < 0.0), span * normal_pdf(z), 0.0);
}

// The smooth clamp x = lower + s [softplus(z) - softplus(z - h)], h = (upper - lower)/s, under an explicit prior density.
fn slot_softplus(slot: Slot, z: f32) -> SlotValue {
    let h = (slot.upper - slot.lower) / slot.scale;
    let x = slot.lower + slot.scale * (softplus(z) - softplus(z - h));
    let ln_slope = log_sigmoid(z) + log_sigmoid(h - z);
    let d_coordinate = slot.scale * exp(ln_slope) * (1.0 - exp(-h));
    let prior = log_prior(slot, x);
    let d_logdensity = prior.y * d_coordinate + sigmoid(-z) - sigmoid(z - h);
    return SlotValue(slot.offset + x, d_coordinate, 0.0, 0.0, prior.x + ln_slope, d_logdensity);
}

// ln density of the slot's family at the variate x, without its constant, and its derivative.
fn log_prior(slot: Slot, x: f32) -> vec2<f32> {
    switch slot.family {
        case NORMAL: {
            let score = (x - slot.location) / slot.width;
            return vec2(-0.5 * score * score, -score / slot.width);
        }
        case LOG_NORMAL: {
            let held = max(x, MIN_POSITIVE);
            let ln_x = log(held);
            let score = (ln_x - slot.location) / slot.width;
            return vec2(-0.5 * score * score - ln_x, -(score / slot.width + 1.0) / held);
        }
        case HALF_CAUCHY: {
            let y = x / slot.width;
            return vec2(-log(1.0 + y * y), -2.0 * y / (slot.width * (1.0 + y * y)));
        }
        default: {
            return vec2(0.0, 0.0);
        }
    }
}
