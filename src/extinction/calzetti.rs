//! Attenuation law of starburst galaxies of Calzetti et al. 2000 (ApJ 533, 682), eq. 4.
//!
//! k(λ) = A(λ)/E(B−V) = b(1/λ) + R_V is linear in R_V, which only shifts it.

use super::{INFRARED_EXPONENT, polynomial};

/// R_V of the law as published, 4.05 ± 0.80.
pub(super) const RV: f64 = 4.05;

/// Range of R_V. Below 3.68 the published line would turn negative before its end at 2.2 μm.
pub(super) const RV_RANGE: [f64; 2] = [3.7, 6.0];

/// Wavenumbers of the blue end, 0.12 μm, of the joint of the branches, 0.63 μm, and of the red end,
/// 2.2 μm \[μm⁻¹\].
pub(super) const LARGEST_WAVENUMBER: f64 = 1.0 / 0.12;
const RED_BRANCH_END: f64 = 1.0 / 0.63;
const SMALLEST_WAVENUMBER: f64 = 1.0 / 2.2;

/// Factor and coefficients of 1, x, x², x³ of the blue branch, and of 1, x of the red one.
const FACTOR: f64 = 2.659;
const BLUE: [f64; 4] = [-2.156, 1.509, -0.198, 0.011];
const RED: [f64; 2] = [-1.857, 1.040];

/// (a, b) of X = a R_V + b at wavenumber `x` \[μm⁻¹\], 0 < x ≤ 8.33; a power law beyond 2.2 μm.
///
/// The branches do not quite meet: X falls by 0.025 across 6300 Å from the red to the blue, as
/// published.
pub(super) fn linear(x: f64) -> (f64, f64) {
    if x > RED_BRANCH_END {
        (1.0, FACTOR * polynomial(&BLUE, x))
    } else if x >= SMALLEST_WAVENUMBER {
        (1.0, FACTOR * polynomial(&RED, x))
    } else {
        let power = (x / SMALLEST_WAVENUMBER).powf(INFRARED_EXPONENT);
        (power, power * FACTOR * polynomial(&RED, SMALLEST_WAVENUMBER))
    }
}
