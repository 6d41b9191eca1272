//! The shift of He I emissivities: an error that all lines of He I share.
//!
//! ln ε moves by a [ln ε(Del Zanna & Storey 2022) − ln ε(Porter et al. 2013)] at the temperature and
//! density of the zone. The amplitude a is a parameter.

use crate::number::real::Real;

/// The twin of this file.
pub(in crate::model) const WGSL: &str = include_str!("../../../shaders/model/effect/shift.wgsl");

/// ln(ε/ε_Hβ) and its two derivatives, moved by `amplitude` times `direction`, which has the value
/// and derivatives of the shift. The derivative with respect to the amplitude is the value of the
/// shift.
#[inline(always)]
pub(in crate::model) fn shifted<F: Real>(emissivity: [F; 3], direction: [F; 3], amplitude: F) -> [F; 3] {
    let [value, d_t, d_n] = emissivity;
    [
        amplitude.mul_add(direction[0], value),
        amplitude.mul_add(direction[1], d_t),
        amplitude.mul_add(direction[2], d_n),
    ]
}
