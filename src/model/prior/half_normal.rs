//! |Normal(0, width)|: a normal prior cut at 0.

use super::normal::{Cut, normal_prior_density, normal_prior_quantile};
use crate::model::record::Slot;
use crate::number::real::Real;
use crate::number::special::normal_cdf;

/// The twin of this file.
pub(super) const WGSL: &str = include_str!("../../../shaders/model/prior/half_normal.wgsl");

/// The variate at Φ(z), and its derivatives with respect to z and to the location.
#[inline(always)]
pub(super) fn half_normal_prior_quantile<F: Real>(slot: &Slot<F>, z: F, location: F, cut: Option<Cut<F>>) -> [F; 3] {
    normal_prior_quantile(slot, z, location, cut)
}

/// ln density at the variate `x`, without its constant, and its derivative.
#[inline(always)]
pub(super) fn half_normal_prior_density<F: Real>(slot: &Slot<F>, x: F) -> [F; 2] {
    normal_prior_density(slot, x)
}

/// Probability below `low` and above `high`.
pub(super) fn cut_off([low, high]: [f64; 2], sd: f64) -> (f64, f64) {
    (2.0 * normal_cdf(low / sd) - 1.0, 2.0 * normal_cdf(-high / sd))
}

/// ln of the constant of the density.
pub(super) fn ln_normalisation(slot: &Slot<f64>) -> f64 {
    (std::f64::consts::FRAC_2_PI.sqrt() / slot.width).ln()
}
