//! Stellar absorption under the lines (Aver, Olive & Skillman 2010, JCAP 05, 003, eq. 3.1).

use crate::model::record::LineRecord;
use crate::number::real::Real;

/// The twin of this file.
pub(in crate::model) const WGSL: &str = include_str!("../../../shaders/model/effect/absorption.wgsl");

/// The fraction of a line that is left, 1 / (1 + (k_H a_H + k_He a_He)/EW), and the derivatives of
/// ln of it with respect to a_H and a_He.
#[inline(always)]
pub(in crate::model) fn absorption<F: Real>(line: &LineRecord<F>, a_h: F, a_he: F) -> [F; 3] {
    let here = F::one() + line.absorption_h * a_h + line.absorption_he * a_he;
    let inverse = F::one() / here;
    [inverse, -line.absorption_h * inverse, -line.absorption_he * inverse]
}

/// ln(1 + a_H/EW(Hβ)), the factor on all ratios to what is left of Hβ, and its derivative with
/// respect to a_H; `per_width` is 1/EW(Hβ).
#[inline(always)]
pub(in crate::model) fn undimmed_hbeta<F: Real>(per_width: F, a_h: F) -> [F; 2] {
    let undimmed = F::one() + per_width * a_h;
    [undimmed.ln(), per_width / undimmed]
}
