//! Root of a function of one variable in a bracket, by Brent's method.

/// Most steps before a root counts as not found. Brent's method needs about ten for smooth
/// functions.
const MOST_STEPS: usize = 100;

/// Root of `f` between `a` and `b` to within `tolerance`, by inverse quadratic interpolation,
/// secant or bisection, whichever is safe (Brent 1973, Algorithms for Minimization without
/// Derivatives, ch. 4). None where `f` has the same sign at both ends, or is NaN.
pub(super) fn root(f: impl Fn(f64) -> f64, mut a: f64, mut b: f64, tolerance: f64) -> Option<f64> {
    let (mut fa, mut fb) = (f(a), f(b));
    if fa.is_nan() || fb.is_nan() || fa * fb > 0.0 {
        return None;
    }
    // The root lies between b, the best estimate, and c; d is the last step and e the one before.
    let (mut c, mut fc) = (a, fa);
    let (mut d, mut e) = (b - a, b - a);
    for _ in 0..MOST_STEPS {
        if fb * fc > 0.0 {
            (c, fc) = (a, fa);
            (d, e) = (b - a, b - a);
        }
        if fc.abs() < fb.abs() {
            (a, b, c) = (b, c, b);
            (fa, fb, fc) = (fb, fc, fb);
        }
        let allowed = 2.0 * f64::EPSILON * b.abs() + 0.5 * tolerance;
        let half = 0.5 * (c - b);
        if half.abs() <= allowed || fb == 0.0 {
            return Some(b);
        }
        match interpolated([a, b, c], [fa, fb, fc]) {
            Some(step)
                if e.abs() >= allowed
                    && step.abs() < (1.5 * half.abs() - 0.5 * allowed).min(0.5 * e.abs())
                    && step * half > 0.0 =>
            {
                (d, e) = (step, d);
            }
            _ => (d, e) = (half, half),
        }
        (a, fa) = (b, fb);
        b += if d.abs() > allowed { d } else { allowed.copysign(half) };
        fb = f(b);
    }
    None
}

/// Step from `b` that interpolation proposes: a secant through two points, an inverse parabola
/// through three.
fn interpolated([a, b, c]: [f64; 3], [fa, fb, fc]: [f64; 3]) -> Option<f64> {
    if fa == fb || fa == fc {
        let slope = (fb - fc) / (b - c);
        return (slope != 0.0).then(|| -fb / slope);
    }
    if fb == fc {
        return None;
    }
    let weight = |x: f64, y: f64, z: f64| y * z / ((x - y) * (x - z));
    let at_zero = a * weight(fa, fb, fc) + b * weight(fb, fa, fc) + c * weight(fc, fa, fb);
    Some(at_zero - b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roots_of_known_functions_are_found() {
        let found = root(|x| x * x - 2.0, 0.0, 5.0, 1e-14).unwrap();
        assert!((found - 2.0_f64.sqrt()).abs() < 1e-13, "{found}");
        let found = root(|x| (x - 3.0) + (x - 3.0).powi(3), -10.0, 4.0, 1e-10).unwrap();
        assert!((found - 3.0).abs() < 1e-9, "{found}");
        let found = root(|x: f64| x.exp() - 1e8, 0.0, 50.0, 1e-12).unwrap();
        assert!((found - 1e8_f64.ln()).abs() < 1e-11, "{found}");
        assert_eq!(root(|x| x, 0.0, 1.0, 1e-12), Some(0.0));
    }

    #[test]
    fn without_a_change_of_sign_there_is_none() {
        assert_eq!(root(|x| x * x + 1.0, -1.0, 1.0, 1e-12), None);
        assert_eq!(root(|_| f64::NAN, -1.0, 1.0, 1e-12), None);
    }

    /// Brent's method beats bisection on smooth functions: 40 halvings would be needed here.
    #[test]
    fn smooth_functions_take_few_evaluations() {
        let count = std::cell::Cell::new(0);
        let f = |x: f64| {
            count.set(count.get() + 1);
            (x - 4.05).tanh() + 0.1 * (x - 4.05)
        };
        root(f, 3.5, 4.6, 1e-12).unwrap();
        assert!(count.get() < 15, "{}", count.get());
    }
}
