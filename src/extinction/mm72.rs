//! Reddening curve of Whitford 1958 (AJ 63, 201) in the parametrisation of Miller & Mathews 1972
//! (ApJ 172, 593).
//!
//! The curve consists of two straight lines in x = 1/λ: A(λ) ∝ 0.74 x − 0.34 up to x = 2.29 μm⁻¹
//! and 0.43 x + 0.37 beyond. They join to within 0.0001. The scale is free: the curve has no R_V of
//! its own. Constants that other programs quote from the same paper (1.299 at 3727, 0.655 at Hα,
//! relative to Hβ) differ from the lines by up to 0.02.

use super::INFRARED_EXPONENT;

/// Visual range of Whitford's six colours, about 3300 Å to 1 μm \[μm⁻¹\].
pub(super) const LARGEST_WAVENUMBER: f64 = 1e4 / 3300.0;
const SMALLEST_WAVENUMBER: f64 = 1.0;

/// Joint of the lines \[μm⁻¹\], and intercept and slope of each line.
const JOINT: f64 = 2.29;
const RED: [f64; 2] = [-0.34, 0.74];
const BLUE: [f64; 2] = [0.37, 0.43];

/// A(λ) up to a factor at wavenumber `x` \[μm⁻¹\], 0 < x ≤ 3.03; a power law beyond 1 μm.
pub(super) fn extinction(x: f64) -> f64 {
    let line = |[intercept, slope]: [f64; 2], x: f64| intercept + slope * x;
    if x > JOINT {
        line(BLUE, x)
    } else if x >= SMALLEST_WAVENUMBER {
        line(RED, x)
    } else {
        line(RED, SMALLEST_WAVENUMBER) * (x / SMALLEST_WAVENUMBER).powf(INFRARED_EXPONENT)
    }
}
