//! Effects of the model: a file for each, with its twin in `shaders/model/effect`.

pub(super) mod absorption;
pub(super) mod calibration;
pub(super) mod collisions;
pub(super) mod emission;
pub(super) mod optical_depth;
pub(super) mod reddening;
pub mod relation;
pub(super) mod shift;

use crate::number::wgsl::{Constant, shared_constants};

shared_constants! {
    /// t = T/10⁴ K, per K.
    pub(super) const T4_PER_KELVIN: f64 = 1e-4;
}

/// The constants of the effects that kernels use.
pub(super) const ALL_CONSTANTS: [&[(&str, Constant)]; 5] = [
    CONSTANTS,
    collisions::CONSTANTS,
    emission::CONSTANTS,
    optical_depth::CONSTANTS,
    relation::CONSTANTS,
];

/// The WGSL text of the effects that a term, a line or a zone has.
pub(super) const WGSL: [&str; 7] = [
    emission::WGSL,
    shift::WGSL,
    reddening::WGSL,
    optical_depth::WGSL,
    collisions::WGSL,
    absorption::WGSL,
    calibration::WGSL,
];
