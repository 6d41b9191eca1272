//! Effects of the model: a file for each.

pub(super) mod optical_depth;
pub mod relation;

use crate::number::wgsl::shared_constants;

shared_constants! {
    /// t = T/10⁴ K, per K.
    pub(super) const T4_PER_KELVIN: f64 = 1e-4;
}
