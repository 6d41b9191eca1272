//! Uniform(lower, upper).

use crate::model::record::Slot;
use crate::number::real::Real;
use crate::number::special::{normal_cdf, normal_pdf};

/// The twin of this file.
pub(super) const WGSL: &str = include_str!("../../../shaders/model/prior/uniform.wgsl");

/// The variate at Φ(z), and its derivatives with respect to z and to the location.
#[inline(always)]
pub(super) fn uniform_prior_quantile<F: Real>(slot: &Slot<F>, z: F) -> [F; 3] {
    let span = slot.upper - slot.lower;
    let part = span * normal_cdf(-z.abs());
    let value = F::select(z.lt(F::zero()), slot.lower + part, slot.upper - part);
    [value, span * normal_pdf(z), F::zero()]
}

/// ln of the constant of the density.
pub(super) fn ln_normalisation(slot: &Slot<f64>) -> f64 {
    -(slot.upper - slot.lower).ln()
}
