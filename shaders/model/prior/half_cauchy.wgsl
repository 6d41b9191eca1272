// |Cauchy(0, width)|, cut to [lower, upper].

fn half_cauchy_prior_quantile(slot: Slot, z: f32) -> vec3<f32> {
    let below = slot.lower;
    let above = slot.upper;
    let mass = 1.0 - below - above;
    let p = below + mass * normal_cdf(z);
    let q = max(above + mass * normal_cdf(-z), MIN_POSITIVE);
    let octant = tan_octant(FRAC_PI_2 * min(p, q));
    var tangent = octant;
    if p >= q {
        tangent = 1.0 / octant;
    }
    let slope = (1.0 + tangent * tangent) * FRAC_PI_2 * mass * normal_pdf(z);
    return vec3(slot.width * tangent, slot.width * slope, 0.0);
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

fn half_cauchy_prior_density(slot: Slot, x: f32) -> vec2<f32> {
    let y = x / slot.width;
    return vec2(-log(1.0 + y * y), -2.0 * y / (slot.width * (1.0 + y * y)));
}
