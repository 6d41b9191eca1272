//! Logistic family: softplus, its derivative, and ln of the derivative.

use super::super::real::{Real, real};
use super::super::wgsl::shared_constants;
use super::polynomial;

shared_constants! {
    /// Argument t below which ln(1 + t) is taken from the series.
    const LOG1P_SERIES_EDGE: f64 = 0.25;
    /// Coefficients 1/(2k + 1) of ln(1 + t) = 2s·Σ s²ᵏ/(2k + 1) with s = t/(2 + t). Ten terms leave
    /// 2·10⁻²⁰ at the edge.
    const LOG1P_SERIES: [f64; 10] = [
        1.0,
        1.0 / 3.0,
        1.0 / 5.0,
        1.0 / 7.0,
        1.0 / 9.0,
        1.0 / 11.0,
        1.0 / 13.0,
        1.0 / 15.0,
        1.0 / 17.0,
        1.0 / 19.0,
    ];
}

/// ln(1 + t) for t ≥ 0, to a few units in the last place for t of any size.
#[inline(always)]
pub fn ln_one_plus<F: Real>(t: F) -> F {
    let small = t.lt(real(LOG1P_SERIES_EDGE));
    let large = real::<F>(LOG1P_SERIES_EDGE).le(t);
    let mut out = t;
    if F::any(small) {
        let s = t / (t + real(2.0));
        out = real::<F>(2.0) * s * polynomial(s * s, &LOG1P_SERIES);
    }
    if F::any(large) {
        out = F::select(large, (F::one() + t).ln(), out);
    }
    out
}

/// Logistic family at one point, from one exponential and one logarithm.
#[derive(Clone, Copy, Debug)]
pub struct Logistic<F> {
    /// ln(1 + eˣ).
    pub softplus: F,
    /// 1/(1 + e⁻ˣ), its derivative.
    pub sigmoid: F,
    /// 1/(1 + eˣ).
    pub sigmoid_of_minus: F,
    /// ln of `sigmoid`.
    pub log_sigmoid: F,
}

impl<F: Real> Logistic<F> {
    /// Evaluates the family at x. Each value is accurate relative to its own size on both sides,
    /// without overflow.
    #[inline(always)]
    pub fn at(x: F) -> Self {
        let e = (-x.abs()).exp();
        let ln = ln_one_plus(e);
        let near = F::one() / (F::one() + e);
        let far = e * near;
        let negative = x.lt(F::zero());
        Logistic {
            softplus: x.max(F::zero()) + ln,
            sigmoid: F::select(negative, far, near),
            sigmoid_of_minus: F::select(negative, near, far),
            log_sigmoid: x.min(F::zero()) - ln,
        }
    }
}

/// ln(1 + eˣ), accurate relative to its own size on both sides and without overflow.
#[inline(always)]
pub fn softplus<F: Real>(x: F) -> F {
    Logistic::at(x).softplus
}

/// 1/(1 + e⁻ˣ), the derivative of [`softplus`], without overflow.
#[inline(always)]
pub fn sigmoid<F: Real>(x: F) -> F {
    Logistic::at(x).sigmoid
}

/// ln of [`sigmoid`], without overflow.
#[inline(always)]
pub fn log_sigmoid<F: Real>(x: F) -> F {
    Logistic::at(x).log_sigmoid
}

#[cfg(test)]
mod tests {
    use super::super::tests::close;
    use super::*;

    /// (x, ln(1 + eˣ), 1/(1 + e⁻ˣ)).
    const LOGISTIC: [(f64, f64, f64); 12] = [
        (-700.0, 9.85967654375977e-305, 9.85967654375977e-305),
        (-80.0, 1.8048513878454153e-35, 1.8048513878454153e-35),
        (-20.5, 1.2501528656053015e-09, 1.2501528648238605e-09),
        (-3.25, 0.038041371687783126, 0.03732688734412946),
        (-1.375, 0.22541265160164792, 0.20181322226037882),
        (-0.5, 0.4740769841801067, 0.37754066879814546),
        (0.0, std::f64::consts::LN_2, 0.5),
        (0.5, 0.9740769841801067, 0.6224593312018546),
        (1.5, 1.7014132779827524, 0.8175744761936437),
        (10.25, 10.25003535687579, 0.9999646437492583),
        (40.0, 40.0, 1.0),
        (700.0, 700.0, 1.0),
    ];

    #[test]
    fn logistic_family_is_right_and_never_overflows() {
        for (x, log_one_plus_exp, logistic) in LOGISTIC {
            close("softplus", x, softplus(x), log_one_plus_exp, 4.0, f64::EPSILON);
            close("log_sigmoid", -x, log_sigmoid(-x), -log_one_plus_exp, 4.0, f64::EPSILON);
            close("sigmoid", x, sigmoid(x), logistic, 4.0, f64::EPSILON);
            if x > -80.5 && x < 80.5 {
                close(
                    "softplus f32",
                    x,
                    softplus(x as f32).into(),
                    log_one_plus_exp,
                    4.0,
                    f32::EPSILON.into(),
                );
                close(
                    "sigmoid f32",
                    x,
                    sigmoid(x as f32).into(),
                    logistic,
                    4.0,
                    f32::EPSILON.into(),
                );
            }
        }
        assert_eq!(softplus(1e30_f32), 1e30);
        assert_eq!(log_sigmoid(-1e30_f32), -1e30);
        assert_eq!(sigmoid(-1e30_f32), 0.0);
    }
}
