//! What exists on both sides, host and device: records, constants and pure functions, generic over the float, with WGSL
//! twins of the same names.

use num_traits::Float;

pub mod coordinate;
pub mod layout;
pub mod likelihood;
pub mod relation;
pub mod special;
pub mod spline;
pub mod wgsl;

/// A constant in the precision at hand.
#[inline]
pub fn real<F: Float>(value: f64) -> F {
    F::from(value).unwrap_or_else(F::nan)
}
