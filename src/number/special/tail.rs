//! ln Φ, exact far into the tail, and its derivative.

use super::super::real::{Real, real};
use super::normal::{CENTRE_EDGE, INV_SQRT_2PI, normal_cdf, normal_pdf, tail_ratio};

/// ln Φ(x) of the standard normal and its derivative φ(x)/Φ(x), finite where −x²/2 is.
///
/// Below the centre the logarithm is taken of the ratio alone: Φ(−y) = exp(−y²/2) · ratio(y).
#[inline(always)]
pub fn log_normal_cdf<F: Real>(x: F) -> [F; 2] {
    let p = normal_cdf(x);
    let centre = [p.ln(), normal_pdf(x) / p];
    let ratio = tail_ratio(-x);
    let half = real::<F>(0.5);
    let tail = [ratio.ln() - half * x * x, real::<F>(INV_SQRT_2PI) / ratio];
    let in_tail = x.le(-real::<F>(CENTRE_EDGE));
    [
        F::select(in_tail, tail[0], centre[0]),
        F::select(in_tail, tail[1], centre[1]),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// (x, ln Φ(x), φ(x)/Φ(x)) to 17 digits by arbitrary-precision arithmetic.
    const TAIL: [(f64, f64, f64); 12] = [
        (-1000000.0, -500000000014.73444, 1000000.000001),
        (-300.5, -45156.74939736104, 300.5033277133208),
        (-37.5, -707.6689893175072, 37.526628874883656),
        (-12.0, -75.4106730015688, 12.082214175254284),
        (-5.75, -19.227630092220455, 5.91470462165326),
        (-3.0, -6.607726221510349, 3.2830986549304364),
        (-0.6875, -1.4028960074748311, 1.280985046148757),
        (-0.625, -1.3243133737528388, 1.23375497052056),
        (0.0, -std::f64::consts::LN_2, 0.7978845608028654),
        (1.5, -0.06914345561223398, 0.13878975045885075),
        (4.0, -3.167174337748927e-05, 0.00013383446446857514),
        (12.0, -1.776482112077679e-33, 2.1463837356630605e-32),
    ];

    #[test]
    fn log_cdf_and_its_slope_are_right_far_into_the_tail() {
        for (x, value, slope) in TAIL {
            let [found, found_slope] = log_normal_cdf(x);
            // ln of a number near 1 has the error of that number's rounding.
            let bound = |epsilon: f64| epsilon * (4.0 * value.abs() + 2.0);
            assert!((found - value).abs() <= bound(f64::EPSILON), "{x}: {found}");
            assert!(
                (found_slope / slope - 1.0).abs() <= 2e-15 * (1.0 + x * x * f64::from(u8::from(x > 0.0))),
                "{x}: {found_slope}"
            );
            let [single, single_slope] = log_normal_cdf(x as f32).map(f64::from);
            assert!((single - value).abs() <= bound(f32::EPSILON.into()), "{x}: {single}");
            if x < 10.0 {
                let off = 16.0 * f64::from(f32::EPSILON) * (1.0 + x * x * f64::from(u8::from(x > 0.0)));
                assert!((single_slope / slope - 1.0).abs() <= off, "{x}: {single_slope}");
            }
        }
        let far: [f32; 2] = log_normal_cdf(-1e18);
        assert!(far[0].is_finite() && (far[1] / 1e18 - 1.0).abs() < 1e-6, "{far:?}");
        assert_eq!(log_normal_cdf(60.0_f64), [0.0, 0.0]);
    }
}
