//! The calibration of a spectrograph arm relative to that of Hβ.

use crate::number::real::Real;
use crate::number::special::bounded_exp;

/// The twin of this file.
pub(in crate::model) const WGSL: &str = include_str!("../../../shaders/model/effect/calibration.wgsl");

/// The factor on the fluxes of an arm, from ln of it.
#[inline(always)]
pub(in crate::model) fn calibration<F: Real>(ln_factor: F) -> F {
    bounded_exp(ln_factor)
}
