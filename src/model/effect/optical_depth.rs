//! The optical depth of He I: f_tau of one term in one zone, and the derivatives of ln f_tau.

use super::T4_PER_KELVIN;
use crate::model::code::TauForm;
use crate::model::record::{Header, Term};
use crate::number::real::{Real, real};
use crate::number::wgsl::shared_constants;

/// The twin of this file.
pub(in crate::model) const WGSL: &str = include_str!("../../../shaders/model/effect/optical_depth.wgsl");

shared_constants! {
    /// Densities beyond this many times the one where f_tau is held are held there, so that the
    /// eighth power stays finite in f32; the held density has reached its limit to all digits long
    /// before.
    const TAU_DENSITY_RATIO: f64 = 1e4;
    /// Numerator and denominator of f_tau are held above this.
    const TAU_FLOOR: f64 = 1e-6;
    /// Width over which log₁₀ n, and t or ln t, come to be held at the edges of a rational law. A
    /// number at an edge is held half a width inside the range.
    const TAU_EDGE: f64 = 0.02;
}

/// The form of a law of f_tau, and the range within which its arguments are held.
#[derive(Clone, Copy, Debug)]
pub(in crate::model) struct TauLaw<F> {
    form: TauForm,
    /// The largest density of a law in n [cm⁻³].
    density: F,
    /// log₁₀ n [cm⁻³] of a rational law: least, largest.
    x: [F; 2],
    /// t = T/10⁴ K, or ln t, of a rational law: least, largest.
    s: [F; 2],
}

/// The arguments of f_tau in one zone, held within the range of the law.
#[derive(Clone, Copy, Debug)]
pub(in crate::model) struct TauPoint<F> {
    /// n [cm⁻³] or log₁₀ n, and its derivative with respect to log₁₀ n_e.
    x: F,
    d_x: F,
    /// t or ln t, t = T/10⁴ K, and its derivative with respect to T \[1/K\].
    s: F,
    d_s: F,
}

impl<F: Real> TauLaw<F> {
    /// The law of an object's header.
    #[inline(always)]
    pub(in crate::model) fn new(header: &Header<F::Scalar>) -> Self {
        TauLaw {
            form: header.tau_form,
            density: F::splat(header.tau_density),
            x: [F::splat(header.tau_x_least), F::splat(header.tau_x_most)],
            s: [F::splat(header.tau_s_least), F::splat(header.tau_s_most)],
        }
    }
}

/// The arguments of `law` at t = T/10⁴ K and n [cm⁻³]; `ln_t4` is ln t, `log_n` is log₁₀ n.
#[inline(always)]
pub(in crate::model) fn tau_point<F: Real>(law: &TauLaw<F>, t4: F, ln_t4: F, n: F, log_n: F) -> TauPoint<F> {
    match law.form {
        TauForm::N => held_density(law, t4, n),
        TauForm::LogN | TauForm::LogNLnT => held_logarithms(law, t4, ln_t4, log_n),
    }
}

/// n_held = n (1 + (n/n_max)⁸)^(−1/8): a polynomial in n turns over beyond its fit.
#[inline(always)]
fn held_density<F: Real>(law: &TauLaw<F>, t4: F, n: F) -> TauPoint<F> {
    let ln_10 = real::<F>(std::f64::consts::LN_10);
    let ratio = (n / law.density).min(real(TAU_DENSITY_RATIO));
    let eighth = {
        let square = ratio * ratio;
        let fourth = square * square;
        F::one() + fourth * fourth
    };
    let held = law.density * ratio / eighth.sqrt().sqrt().sqrt();
    TauPoint {
        x: held,
        d_x: held * ln_10 / eighth,
        s: t4,
        d_s: real(T4_PER_KELVIN),
    }
}

/// log₁₀ n, and t or ln t, held between the least and the largest of the fit.
#[inline(always)]
fn held_logarithms<F: Real>(law: &TauLaw<F>, t4: F, ln_t4: F, log_n: F) -> TauPoint<F> {
    let per_kelvin = real::<F>(T4_PER_KELVIN);
    let (s, d_s) = match law.form {
        TauForm::N | TauForm::LogN => (t4, per_kelvin),
        TauForm::LogNLnT => (ln_t4, per_kelvin / t4),
    };
    let [x, d_x] = held(log_n, law.x);
    let [s, inside] = held(s, law.s);
    TauPoint {
        x,
        d_x,
        s,
        d_s: inside * d_s,
    }
}

/// f_tau = (1 + A tau)/(1 + b tau), A = Σ (pₖ + qₖ s) xᵏ, and the derivatives of ln f_tau with
/// respect to T, log₁₀ n_e and tau.
///
/// With x = n, s = t and b = 0 this is Benjamin, Skillman & Smits (2002), eq. 1; with x = log₁₀ n
/// it is the form of Kurichin & Ivanchik (2025, arXiv 2510.02045).
#[inline(always)]
pub(in crate::model) fn thickened<F: Real>(term: &Term<F>, at: &TauPoint<F>, tau: F) -> [F; 4] {
    let [p, d_p] = quartic([term.tau_p0, term.tau_p1, term.tau_p2, term.tau_p3], term.tau_p4, at.x);
    let [q, d_q] = quartic([term.tau_q0, term.tau_q1, term.tau_q2, term.tau_q3], term.tau_q4, at.x);
    let slope = p + q * at.s;
    let above = (F::one() + tau * slope).max(real(TAU_FLOOR));
    let below = (F::one() + term.tau_b * tau).max(real(TAU_FLOOR));
    let (inverse, inverse_below) = (F::one() / above, F::one() / below);
    [
        above * inverse_below,
        tau * q * at.d_s * inverse,
        (tau * d_q * at.d_x * at.s + tau * d_p * at.d_x) * inverse,
        slope * inverse - term.tau_b * inverse_below,
    ]
}

/// A number held smoothly between two, and the derivative with respect to the number:
/// y' = ½ [least + most + √((y − least)² + w²) − √((y − most)² + w²)].
#[inline(always)]
fn held<F: Real>(y: F, range: [F; 2]) -> [F; 2] {
    let [least, most] = range;
    let (half, edge) = (real::<F>(0.5), real::<F>(TAU_EDGE * TAU_EDGE));
    let (above, beyond) = (y - least, y - most);
    let [from_least, from_most] = [above, beyond].map(|u| (u * u + edge).sqrt());
    [
        half * (least + most + (from_least - from_most)),
        half * (above / from_least - beyond / from_most),
    ]
}

/// A polynomial, its coefficients from the lowest power up, and its derivative with respect to x.
#[inline(always)]
fn quartic<F: Real>(c: [F; 4], c4: F, x: F) -> [F; 2] {
    let [c0, c1, c2, c3] = c;
    let [two, three, four] = [2.0, 3.0, 4.0].map(real::<F>);
    [
        c0 + x * (c1 + x * (c2 + x * (c3 + x * c4))),
        c1 + x * (two * c2 + x * (three * c3 + x * (four * c4))),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A made-up law of 8 to 22 kK and 1 to 10⁴ cm⁻³.
    fn law(form: TauForm) -> TauLaw<f64> {
        TauLaw {
            form,
            density: 300.0,
            x: [0.0, 4.0],
            s: match form {
                TauForm::LogNLnT => [0.8_f64.ln(), 2.2_f64.ln()],
                TauForm::N | TauForm::LogN => [0.8, 2.2],
            },
        }
    }

    fn term() -> Term<f64> {
        Term {
            thick: 1,
            tau_p0: 0.3,
            tau_p1: 0.1,
            tau_p3: 0.01,
            tau_q1: 0.2,
            tau_q4: 1e-3,
            tau_b: 0.25,
            ..Term::EMPTY
        }
    }

    fn f_tau(form: TauForm, [t, log_n, tau]: [f64; 3]) -> [f64; 4] {
        let t4 = 1e-4 * t;
        let at = tau_point(&law(form), t4, t4.ln(), 10_f64.powf(log_n), log_n);
        thickened(&term(), &at, tau)
    }

    /// A of the made-up line with ln t, written out.
    fn slope(t: f64, log_n: f64) -> f64 {
        let of_t = 0.2 * log_n + 1e-3 * log_n.powi(4);
        0.3 + 0.1 * log_n + 0.01 * log_n.powi(3) + of_t * (1e-4 * t).ln()
    }

    /// At t = 1 and n = 100, A is 0.58 with ln t, and 2 · 0.2 + 2⁴ · 0.001 more with t. The edges
    /// of the range move ln t by 3e-4 there, and A by 1.3e-4.
    #[test]
    fn a_rational_law_is_the_formula_worked_by_hand() {
        for (form, slope) in [(TauForm::LogNLnT, 0.58), (TauForm::LogN, 0.996)] {
            let f = f_tau(form, [1e4, 2.0, 2.0])[0];
            assert!((f / ((1.0 + 2.0 * slope) / 1.5) - 1.0).abs() < 3e-4, "{form:?}: {f}");
        }
    }

    /// Central differences, inside the range, at its edges and beyond.
    #[test]
    fn derivatives_are_those_of_differences_whatever_the_form() {
        const STEPS: [f64; 3] = [0.1, 1e-5, 1e-5];
        let points = [
            [1e4, 2.0, 2.0],
            [8050.0, 0.02, 0.5],
            [21_900.0, 3.99, 9.0],
            [5000.0, 5.0, 3.0],
        ];
        for (form, point) in TauForm::ALL.iter().flat_map(|&form| points.map(|point| (form, point))) {
            let exact = f_tau(form, point);
            for (k, step) in STEPS.into_iter().enumerate() {
                let ln_f = |sign: f64| {
                    let mut moved = point;
                    moved[k] += sign * step;
                    f_tau(form, moved)[0].ln()
                };
                let found = (ln_f(1.0) - ln_f(-1.0)) / (2.0 * step);
                let scale = [1e-5, 1e-2, 1e-2][k];
                assert!(
                    (exact[1 + k] - found).abs() < 1e-4 * scale,
                    "{form:?} {point:?} {k}: {exact:?} {found}"
                );
            }
        }
    }

    #[test]
    fn a_rational_law_is_held_at_the_edges_of_its_range() {
        let at = |t: f64, log_n: f64| f_tau(TauForm::LogNLnT, [t, log_n, 2.0])[0];
        for (point, edge) in [([4e3, 7.0], [8e3, 4.0]), ([6e4, -3.0], [22e3, 0.0])] {
            let [found, expected] = [at(point[0], point[1]), (1.0 + 2.0 * slope(edge[0], edge[1])) / 1.5];
            assert!((found / expected - 1.0).abs() < 1e-3, "{point:?}: {found} {expected}");
        }
    }

    #[test]
    fn a_denominator_that_reaches_zero_gives_a_finite_flux() {
        let pole = Term { tau_b: -0.2, ..term() };
        let at = tau_point(&law(TauForm::LogNLnT), 1.0, 0.0, 100.0, 2.0);
        assert!(
            [5.0, 8.0]
                .iter()
                .all(|tau| thickened(&pole, &at, *tau).iter().all(|x| x.is_finite()))
        );
    }
}
