// Special functions without overflow. Twins: src/number/special. Polynomials are made from the
// tables there.

// e^x held where single precision can hold it.
fn bounded_exp(x: f32) -> f32 {
    return exp(clamp(x, -EXPONENT, EXPONENT));
}

// Density of the standard normal distribution.
fn normal_pdf(x: f32) -> f32 {
    return INV_SQRT_2PI * exp(-0.5 * x * x);
}

// Distribution function of the standard normal, precise relative to itself in both tails (Cody
// 1969, 1993).
fn normal_cdf(x: f32) -> f32 {
    let y = min(abs(x), CDF_EDGE);
    if y <= CENTRE_EDGE {
        let square = x * x;
        return 0.5 + x * (centre_numerator(square) / centre_denominator(square));
    }
    let tail = exp_minus_half_square(y) * tail_ratio(y);
    return select(tail, 1.0 - tail, x > 0.0);
}

// Phi(-y) exp(y^2/2) for y beyond the centre.
fn tail_ratio(y: f32) -> f32 {
    if y <= TAIL_EDGE {
        return shoulder_numerator(y) / shoulder_denominator(y);
    }
    let u = 1.0 / (y * y);
    return (INV_SQRT_2PI - u * tail_numerator(u) / tail_denominator(u)) / y;
}

// ln Phi(x) and its derivative phi(x)/Phi(x), far into the tail.
fn log_normal_cdf(x: f32) -> vec2<f32> {
    if x > -CENTRE_EDGE {
        let p = normal_cdf(x);
        return vec2(log(p), normal_pdf(x) / p);
    }
    let ratio = tail_ratio(-x);
    return vec2(log(ratio) - 0.5 * x * x, INV_SQRT_2PI / ratio);
}

// ln of the density at 0 of Student's t with nu degrees of freedom over that of the standard
// normal, and its derivative.
fn student_norm(nu: f32) -> vec2<f32> {
    var x = 0.5 * nu;
    var product = 1.0;
    var slope = 0.0;
    for (var step = 0u; step < STUDENT_STEPS; step++) {
        if x < STUDENT_SERIES_EDGE {
            let y = x * (x + 1.0);
            product *= 1.0 + 0.25 / y;
            slope += 0.5 / (y * (x + x + 1.0));
            x += 1.0;
        }
    }
    let inverse = 1.0 / x;
    let square = inverse * inverse;
    let value = inverse * student_series(square) - 0.5 * log(product);
    return vec2(value, 0.5 * (slope - square * student_series_slope(square)));
}

// exp(-y^2/2) for y >= 0 with the square's rounding error taken out (Cody 1969, page 635).
fn exp_minus_half_square(y: f32) -> f32 {
    let s = trunc(y * 16.0) / 16.0;
    return exp(-0.5 * s * s) * exp(-0.5 * (y - s) * (y + s));
}

// Quantile of the standard normal (Wichura 1988); a p outside (0, 1) counts as the nearest tail
// that a float can hold.
fn normal_quantile(p: f32) -> f32 {
    let q = p - 0.5;
    if abs(q) <= QUANTILE_CENTRE {
        let r = QUANTILE_CENTRE_SQUARE - q * q;
        return q * quantile_a(r) / quantile_b(r);
    }
    let tail = max(min(p, 1.0 - p), MIN_POSITIVE);
    let r = sqrt(-log(tail));
    var z: f32;
    if r <= QUANTILE_TAIL {
        z = quantile_c(r - QUANTILE_SHIFT) / quantile_d(r - QUANTILE_SHIFT);
    } else {
        z = quantile_e(r - QUANTILE_TAIL) / quantile_f(r - QUANTILE_TAIL);
    }
    return select(z, -z, q < 0.0);
}

// ln(1 + t) for t >= 0, precise relative to itself.
fn ln_one_plus(t: f32) -> f32 {
    if t >= LOG1P_SERIES_EDGE {
        return log(1.0 + t);
    }
    let s = t / (t + 2.0);
    return 2.0 * s * log1p_series(s * s);
}

// ln(1 + e^x).
fn softplus(x: f32) -> f32 {
    return max(x, 0.0) + ln_one_plus(exp(-abs(x)));
}

// 1/(1 + e^-x), the derivative of softplus.
fn sigmoid(x: f32) -> f32 {
    let e = exp(-abs(x));
    return select(1.0, e, x < 0.0) / (1.0 + e);
}

// ln of sigmoid.
fn log_sigmoid(x: f32) -> f32 {
    return -softplus(-x);
}
