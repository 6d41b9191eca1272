//! Extinction law of Cardelli, Clayton & Mathis 1989 (ApJ 345, 245), with an exchangeable optical
//! part.
//!
//! A(λ)/A(V) = a(x) + b(x)/R_V (eq. 1) with x = 1/λ in μm⁻¹, hence X = A(λ)/E(B−V) = R_V a(x) +
//! b(x).

use super::{INFRARED_EXPONENT, polynomial};

/// End of the far ultraviolet branch \[μm⁻¹\] (eq. 5).
pub(super) const LARGEST_WAVENUMBER: f64 = 10.0;

/// Bounds of the infrared, optical, near and middle ultraviolet and far ultraviolet branches
/// \[μm⁻¹\] (eqs. 2–5).
const INFRARED_END: f64 = 1.1;
const OPTICAL_END: f64 = 3.3;
const ULTRAVIOLET_END: f64 = 8.0;

/// Start of the curvature in the ultraviolet branch \[μm⁻¹\] (eq. 4).
const FAR_CURVATURE_START: f64 = 5.9;

/// Origin of the optical polynomials, y = x − 1.82 \[μm⁻¹\] (eq. 3).
const OPTICAL_ORIGIN: f64 = 1.82;

/// Coefficients of 1, y, y², … in a and b of the optical branch.
pub(super) struct Optical {
    a: [f64; 9],
    b: [f64; 9],
}

/// CCM89, eqs. 3a and 3b (of seventh degree).
pub(super) const OPTICAL_CCM89: Optical = Optical {
    a: [
        1.0, 0.17699, -0.50447, -0.02427, 0.72085, 0.01979, -0.77530, 0.32999, 0.0,
    ],
    b: [
        0.0, 1.41338, 2.28305, 1.07233, -5.38434, -0.62251, 5.30260, -2.09002, 0.0,
    ],
};

/// O'Donnell 1994, ApJ 422, 158 (of eighth degree).
pub(super) const OPTICAL_O94: Optical = Optical {
    a: [1.0, 0.104, -0.609, 0.701, 1.137, -1.718, -0.827, 1.647, -0.505],
    b: [0.0, 1.952, 2.908, -3.989, -7.985, 11.102, 5.491, -10.805, 3.347],
};

/// (a, b) of X = A(λ)/E(B−V) = a R_V + b at wavenumber `x` \[μm⁻¹\], 0 < x ≤ 10.
///
/// The infrared branch is published for x ≥ 0.3 (λ ≤ 3.3 μm) and continued below.
pub(super) fn linear(x: f64, optical: &Optical) -> (f64, f64) {
    if x <= INFRARED_END {
        infrared(x)
    } else if x <= OPTICAL_END {
        let y = x - OPTICAL_ORIGIN;
        (polynomial(&optical.a, y), polynomial(&optical.b, y))
    } else if x <= ULTRAVIOLET_END {
        ultraviolet(x)
    } else {
        far_ultraviolet(x)
    }
}

/// CCM89, eqs. 2a and 2b.
fn infrared(x: f64) -> (f64, f64) {
    let power = x.powf(INFRARED_EXPONENT);
    (0.574 * power, -0.527 * power)
}

/// CCM89, eqs. 4a and 4b.
fn ultraviolet(x: f64) -> (f64, f64) {
    let d = (x - FAR_CURVATURE_START).max(0.0);
    let a = 1.752 - 0.316 * x - 0.104 / ((x - 4.67).powi(2) + 0.341) + polynomial(&[0.0, 0.0, -0.04473, -0.009779], d);
    let b = -3.090 + 1.825 * x + 1.206 / ((x - 4.62).powi(2) + 0.263) + polynomial(&[0.0, 0.0, 0.2130, 0.1207], d);
    (a, b)
}

/// CCM89, eqs. 5a and 5b.
fn far_ultraviolet(x: f64) -> (f64, f64) {
    let d = x - ULTRAVIOLET_END;
    (
        polynomial(&[-1.073, -0.628, 0.137, -0.070], d),
        polynomial(&[13.670, 4.257, -0.420, 0.374], d),
    )
}
