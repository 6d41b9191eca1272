// The optical depth of He I: f_tau of one term in one zone, and the derivatives of ln f_tau. The
// twin has the equations.

// The form of a law of f_tau, and the range within which its arguments are held: the largest
// density of TAU_N [1/cm3]; log10 n, and t = T/1e4 K or ln t, of a rational law.
struct TauLaw {
    form: u32,
    density: f32,
    x: vec2<f32>,
    s: vec2<f32>,
}

// The arguments of f_tau in one zone: n or log10 n, and t or ln t; the derivatives of x with
// respect to log10 n_e and of s with respect to T.
struct TauPoint {
    x: f32,
    d_x: f32,
    s: f32,
    d_s: f32,
}

// The arguments at t = T/1e4 K and n [1/cm3].
fn tau_point(law: TauLaw, t4: f32, ln_t4: f32, n: f32, log_n: f32) -> TauPoint {
    if law.form == TAU_N {
        return held_density(law, t4, n);
    }
    return held_logarithms(law, t4, ln_t4, log_n);
}

// n held smoothly below the largest density of the fit.
fn held_density(law: TauLaw, t4: f32, n: f32) -> TauPoint {
    let ratio = min(n / law.density, TAU_DENSITY_RATIO);
    let square = ratio * ratio;
    let fourth = square * square;
    let eighth = 1.0 + fourth * fourth;
    let n_held = law.density * ratio / sqrt(sqrt(sqrt(eighth)));
    return TauPoint(n_held, n_held * LN_10 / eighth, t4, T4_PER_KELVIN);
}

// log10 n, and t or ln t, held between the least and the largest of the fit.
fn held_logarithms(law: TauLaw, t4: f32, ln_t4: f32, log_n: f32) -> TauPoint {
    var s = vec2(ln_t4, T4_PER_KELVIN / t4);
    if law.form == TAU_LOG_N {
        s = vec2(t4, T4_PER_KELVIN);
    }
    let of_n = held(log_n, law.x);
    let of_t = held(s.x, law.s);
    return TauPoint(of_n.x, of_n.y, of_t.x, of_t.y * s.y);
}

// A number held smoothly between two, and the derivative with respect to the number.
fn held(y: f32, range: vec2<f32>) -> vec2<f32> {
    let beyond = vec2(y) - range;
    let distance = sqrt(beyond * beyond + TAU_EDGE * TAU_EDGE);
    let slopes = beyond / distance;
    return 0.5 * vec2(range.x + range.y + (distance.x - distance.y), slopes.x - slopes.y);
}

// A polynomial, its coefficients from the lowest power up, and its derivative with respect to x.
fn quartic(c: vec4<f32>, c4: f32, x: f32) -> vec2<f32> {
    return vec2(
        c.x + x * (c.y + x * (c.z + x * (c.w + x * c4))),
        c.y + x * (2.0 * c.z + x * (3.0 * c.w + x * (4.0 * c4))),
    );
}

// f_tau, and the derivatives of ln f_tau with respect to T, log10 n_e and tau.
fn thickened(term: Term, at: TauPoint, tau: f32) -> vec4<f32> {
    let p = quartic(vec4(term.tau_p0, term.tau_p1, term.tau_p2, term.tau_p3), term.tau_p4, at.x);
    let q = quartic(vec4(term.tau_q0, term.tau_q1, term.tau_q2, term.tau_q3), term.tau_q4, at.x);
    let slope = p.x + q.x * at.s;
    let above = max(1.0 + tau * slope, TAU_FLOOR);
    let below = max(1.0 + term.tau_b * tau, TAU_FLOOR);
    let inverse = 1.0 / above;
    let inverse_below = 1.0 / below;
    return vec4(
        above * inverse_below,
        tau * q.x * at.d_s * inverse,
        (tau * q.y * at.d_x * at.s + tau * p.y * at.d_x) * inverse,
        slope * inverse - term.tau_b * inverse_below,
    );
}
