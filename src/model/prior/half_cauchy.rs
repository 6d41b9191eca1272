//! |Cauchy(0, width)|, cut to [lower, upper].

use crate::model::record::Slot;
use crate::number::real::{Real, real};
use crate::number::special::{normal_cdf, normal_pdf};

/// The twin of this file.
pub(super) const WGSL: &str = include_str!("../../../shaders/model/prior/half_cauchy.wgsl");

/// The variate at Φ(z), and its derivatives with respect to z and to the location; the slot's
/// bounds are the probabilities cut off below and above.
#[inline(always)]
pub(super) fn half_cauchy_prior_quantile<F: Real>(slot: &Slot<F>, z: F) -> [F; 3] {
    let (below, above) = (slot.lower, slot.upper);
    let mass = F::one() - below - above;
    let p = below + mass * normal_cdf(z);
    let q = (above + mass * normal_cdf(-z)).max(F::min_positive());
    let quarter_turn = real::<F>(std::f64::consts::FRAC_PI_2);
    let lower_half = p.lt(q);
    let tangent = tan_octant(quarter_turn * F::select(lower_half, p, q));
    let tangent = F::select(lower_half, tangent, F::one() / tangent);
    let slope = (F::one() + tangent * tangent) * quarter_turn * mass * normal_pdf(z);
    [slot.width * tangent, slot.width * slope, F::zero()]
}

/// tan x for x in [0, π/4], by the Taylor series of sine and cosine to full double precision.
#[inline(always)]
fn tan_octant<F: Real>(x: F) -> F {
    let y = x * x;
    let mut sine = F::one();
    let mut cosine = F::one();
    for k in [8.0, 7.0, 6.0, 5.0, 4.0, 3.0, 2.0, 1.0_f64] {
        sine = F::one() - sine * y / real(2.0 * k * (2.0 * k + 1.0));
        cosine = F::one() - cosine * y / real(2.0 * k * (2.0 * k - 1.0));
    }
    x * sine / cosine
}

/// ln density at the variate `x`, without its constant, and its derivative.
#[inline(always)]
pub(super) fn half_cauchy_prior_density<F: Real>(slot: &Slot<F>, x: F) -> [F; 2] {
    let y = x / slot.width;
    let one = F::one();
    [-(one + y * y).ln(), -real::<F>(2.0) * y / (slot.width * (one + y * y))]
}

/// Probability below `low` and above `high`.
pub(super) fn cut_off([low, high]: [f64; 2], sd: f64) -> (f64, f64) {
    let two_over_pi = std::f64::consts::FRAC_2_PI;
    (two_over_pi * (low / sd).atan(), two_over_pi * (sd / high).atan())
}

/// ln of the constant of the density.
pub(super) fn ln_normalisation(slot: &Slot<f64>) -> f64 {
    (std::f64::consts::FRAC_2_PI / slot.width).ln()
}

/// ln density at `variate`, without its constant.
pub(super) fn ln_density(variate: f64, sd: f64) -> f64 {
    -(variate / sd).powi(2).ln_1p()
}
