//! Upper tail of a weighted sum of squares of standard normal numbers.
//!
//! Let Q = Σ λ_k z_k² with λ_k ≥ 0, and K(s) = −½ Σ ln(1 − 2 λ_k s) its cumulant generating
//! function. Then
//!
//! ```text
//! P(Q > x) = 1/(2πi) ∫ exp[K(s) − s x] / s ds
//! ```
//!
//! along a path upwards that crosses the real axis between 0 and 1/(2 λ_max). The path goes through
//! the saddle point of the integrand and bends with the steepest descent there, so that the
//! trapezium rule converges exponentially (Rice 1980, SIAM J. Sci. Stat. Comput. 1, 438).

use nalgebra::Complex;

/// Step of the trapezium rule in widths of the saddle. The singularities next to the path are at
/// least 0.7 widths away, so that its error is some exp(−2π · 0.7/STEP) ≈ 10⁻¹¹.
const STEP: f64 = 0.175;
/// Integrand relative to that at the saddle below which the sum ends.
const NEGLIGIBLE: f64 = 1e-11;
/// Least bend of the path, in inverse widths of the saddle.
const LEAST_BEND: f64 = 0.15;
/// Most steps of the sum.
const MAX_STEPS: usize = 4000;
/// Halvings of the interval that holds the saddle.
const HALVINGS: usize = 100;

/// P(Σ λ_k z_k² > x) for `weights` λ_k from 0, to about 10⁻⁹ of its value. The sum ends early where x
/// is below a thousandth of the largest weight: P is near 1 there, and its error at most 0.004. P is
/// 1 at x ≤ 0 and 0 without a weight above 0; NaN where an argument is NaN.
pub(crate) fn quadratic_form_tail(weights: &[f64], x: f64) -> f64 {
    let largest = weights.iter().copied().fold(0.0, f64::max);
    if x.is_nan() || weights.iter().any(|weight| weight.is_nan()) {
        return f64::NAN;
    } else if x <= 0.0 {
        return 1.0;
    } else if largest == 0.0 || x.is_infinite() {
        return 0.0;
    }
    // The saddle stands between 0 and ½ once the largest weight is 1.
    let weights: Vec<f64> = weights.iter().map(|weight| weight / largest).collect();
    integral(&weights, x / largest).clamp(0.0, 1.0)
}

/// Exponent K(s) − s x − ln s of the integrand.
fn exponent(weights: &[f64], x: f64, s: Complex<f64>) -> Complex<f64> {
    let logs: Complex<f64> = weights.iter().map(|weight| (1.0 - 2.0 * weight * s).ln()).sum();
    -0.5 * logs - s * x - s.ln()
}

/// First three derivatives of the exponent at a real s.
fn derivatives(weights: &[f64], x: f64, s: f64) -> [f64; 3] {
    let start = [-x - 1.0 / s, 1.0 / (s * s), -2.0 / s.powi(3)];
    weights.iter().fold(start, |[first, second, third], weight| {
        let ratio = weight / (1.0 - 2.0 * weight * s);
        [first + ratio, second + 2.0 * ratio * ratio, third + 8.0 * ratio.powi(3)]
    })
}

/// Integral along s = s₀ + b y² + i y with s₀ the saddle; the largest weight is 1.
fn integral(weights: &[f64], x: f64) -> f64 {
    let [mut low, mut high] = [0.0, 0.5];
    for _ in 0..HALVINGS {
        let middle = 0.5 * (low + high);
        match derivatives(weights, x, middle)[0] < 0.0 {
            true => low = middle,
            false => high = middle,
        }
    }
    let saddle = 0.5 * (low + high);
    let [_, second, third] = derivatives(weights, x, saddle);
    let width = second.sqrt().recip();
    // A path that does not bend to the right would meet slowly falling values of exp(−s x).
    let bend = (third / (6.0 * second)).max(LEAST_BEND / width);
    let integrand = |y: f64| {
        let s = Complex::new(saddle + bend * y * y, y);
        exponent(weights, x, s).exp() * Complex::new(2.0 * bend * y, 1.0)
    };
    let first = integrand(0.0).im;
    let mut sum = 0.5 * first;
    for step in 1..=MAX_STEPS {
        let value = integrand(STEP * width * step as f64);
        sum += value.im;
        if value.norm() <= NEGLIGIBLE * first {
            break;
        }
    }
    STEP * width * sum / std::f64::consts::PI
}

#[cfg(test)]
mod tests {
    use statrs::function::gamma::gamma_ur;

    use super::*;

    #[track_caller]
    fn close(found: f64, expected: f64) {
        assert!((found / expected - 1.0).abs() < 1e-8, "{found} for {expected}");
    }

    #[test]
    fn equal_weights_give_the_tail_of_chi2() {
        for n in [1, 2, 3, 7, 40] {
            for x in [0.01, 0.3, 1.0, 4.0, 20.0, 90.0] {
                let expected = gamma_ur(0.5 * f64::from(n), 0.5 * x);
                close(quadratic_form_tail(&vec![0.2; n as usize], 0.2 * x), expected);
            }
        }
    }

    /// Pairs of weights a and b are exponential variates of means 2a and 2b: the tail of their sum
    /// is (a exp(−x/2a) − b exp(−x/2b))/(a − b).
    #[test]
    fn pairs_of_weights_give_the_tail_of_a_sum_of_exponentials() {
        for (a, b) in [(1.0, 0.5), (1.0, 0.01), (0.3, 1e-4)] {
            for x in [0.05, 1.0, 6.0, 30.0] {
                let tail = |mean: f64| mean * (-0.5 * x / mean).exp();
                let expected = (tail(a) - tail(b)) / (a - b);
                close(quadratic_form_tail(&[a, b, b, a, 0.0], x), expected);
            }
        }
    }

    #[test]
    fn the_tail_is_defined_from_a_perfect_fit_to_an_infinite_one() {
        assert_eq!(quadratic_form_tail(&[1.0, 0.1], 0.0), 1.0);
        assert_eq!(quadratic_form_tail(&[1.0, 0.1], f64::INFINITY), 0.0);
        assert_eq!(quadratic_form_tail(&[1.0, 0.1], 1e9), 0.0);
        assert_eq!(quadratic_form_tail(&[], 1.0), 0.0);
        assert!(quadratic_form_tail(&[1.0], f64::NAN).is_nan());
        assert!((quadratic_form_tail(&[1.0], 1e-12) - 1.0).abs() < 4e-3);
    }
}
