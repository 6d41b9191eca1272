//! Extinction law of Fitzpatrick 1999 (PASP 111, 63): a cubic spline from the infrared to 2700 Å,
//! then the ultraviolet formula of Fitzpatrick & Massa 1990 (ApJS 72, 163).

use super::polynomial;

/// Blue end of the law, 1150 Å \[μm⁻¹\].
pub(super) const LARGEST_WAVENUMBER: f64 = 1e4 / 1150.0;

/// End of the spline, 2700 Å, where the ultraviolet formula begins, and last anchor of the spline
/// beyond, 2600 Å \[μm⁻¹\].
const ULTRAVIOLET_START: f64 = 1e4 / 2700.0;
const LAST_ANCHOR: f64 = 1e4 / 2600.0;

/// Centre and width of the 2175 Å bump \[μm⁻¹\], its strength, and the far ultraviolet curvature
/// (F99).
const BUMP_CENTRE: f64 = 4.596;
const BUMP_WIDTH: f64 = 0.99;
const BUMP_STRENGTH: f64 = 3.23;
const FAR_CURVATURE: f64 = 0.41;

/// Start of the far ultraviolet curvature \[μm⁻¹\] (FM90, eq. 2).
const FAR_CURVATURE_START: f64 = 5.9;

/// R_V at which F99 gives the two infrared anchors.
const INFRARED_ANCHOR_RV: f64 = 3.1;

const N_ANCHORS: usize = 9;

/// X = A(λ)/E(B−V) at wavenumber `x` \[μm⁻¹\], 0 < x ≤ 8.7.
pub(super) fn extinction(x: f64, rv: f64) -> f64 {
    if x >= ULTRAVIOLET_START {
        ultraviolet(x, rv)
    } else {
        spline(&anchors(rv), x)
    }
}

/// Ultraviolet formula (FM90, eq. 2) in terms of X = k + R_V. The linear part depends on R_V as in
/// F99.
fn ultraviolet(x: f64, rv: f64) -> f64 {
    let slope = -0.824 + 4.717 / rv;
    let intercept = 2.030 - 3.007 * slope;
    let drude = x * x / ((x * x - BUMP_CENTRE * BUMP_CENTRE).powi(2) + (x * BUMP_WIDTH).powi(2));
    let curvature = polynomial(&[0.0, 0.0, 0.5392, 0.05644], (x - FAR_CURVATURE_START).max(0.0));
    intercept + slope * x + BUMP_STRENGTH * drude + FAR_CURVATURE * curvature + rv
}

/// Anchors (x, X) of the spline: F99, Tables 3 and 4.
fn anchors(rv: f64) -> [[f64; 2]; N_ANCHORS] {
    let infrared = rv / INFRARED_ANCHOR_RV;
    [
        [0.0, 0.0],
        [1e4 / 26500.0, 0.265 * infrared],
        [1e4 / 12200.0, 0.829 * infrared],
        [1e4 / 6000.0, -0.426 + 1.0044 * rv],
        [1e4 / 5470.0, -0.050 + 1.0016 * rv],
        [1e4 / 4670.0, 0.701 + 1.0016 * rv],
        [1e4 / 4110.0, 1.208 + 1.0032 * rv - 0.00033 * rv * rv],
        [ULTRAVIOLET_START, ultraviolet(ULTRAVIOLET_START, rv)],
        [LAST_ANCHOR, ultraviolet(LAST_ANCHOR, rv)],
    ]
}

/// Interpolating cubic spline with not-a-knot ends, at `x` within the anchors.
///
/// F99 leaves the end condition open. PyNeb's law has not-a-knot ends.
fn spline(points: &[[f64; 2]; N_ANCHORS], x: f64) -> f64 {
    let curvature = second_derivatives(points);
    let i = points[1..N_ANCHORS - 1].partition_point(|p| p[0] <= x);
    let [x0, y0] = points[i];
    let [x1, y1] = points[i + 1];
    let h = x1 - x0;
    let (u, v) = ((x1 - x) / h, (x - x0) / h);
    u * y0 + v * y1 + h * h / 6.0 * (u * (u * u - 1.0) * curvature[i] + v * (v * v - 1.0) * curvature[i + 1])
}

/// Second derivatives M of the spline with respect to x, at its anchors.
///
/// Inside, h₋M₋ + 2(h₋ + h₊)M + h₊M₊ = 6(s₊ − s₋) with the intervals h and slopes s on either side.
/// At each end the third derivative is continuous across the last inner anchor, M₀ = M₁ + (M₁ −
/// M₂)h₀/h₁. This eliminates M₀ and keeps the system tridiagonal.
fn second_derivatives(points: &[[f64; 2]; N_ANCHORS]) -> [f64; N_ANCHORS] {
    const LAST: usize = N_ANCHORS - 1;
    let h: [f64; LAST] = std::array::from_fn(|i| points[i + 1][0] - points[i][0]);
    let slope: [f64; LAST] = std::array::from_fn(|i| (points[i + 1][1] - points[i][1]) / h[i]);
    let mut lower: [f64; N_ANCHORS] = std::array::from_fn(|i| if i == 0 { 0.0 } else { h[i - 1] });
    let mut upper: [f64; N_ANCHORS] = std::array::from_fn(|i| if i == LAST { 0.0 } else { h[i] });
    let mut diagonal = [0.0; N_ANCHORS];
    let mut m = [0.0; N_ANCHORS];
    for i in 1..LAST {
        diagonal[i] = 2.0 * (h[i - 1] + h[i]);
        m[i] = 6.0 * (slope[i] - slope[i - 1]);
    }
    let (first, last) = (h[0] / h[1], h[LAST - 1] / h[LAST - 2]);
    diagonal[1] += h[0] * (1.0 + first);
    upper[1] -= h[0] * first;
    diagonal[LAST - 1] += h[LAST - 1] * (1.0 + last);
    lower[LAST - 1] -= h[LAST - 1] * last;
    for i in 2..LAST {
        let factor = lower[i] / diagonal[i - 1];
        diagonal[i] -= factor * upper[i - 1];
        m[i] -= factor * m[i - 1];
    }
    m[LAST - 1] /= diagonal[LAST - 1];
    for i in (1..LAST - 1).rev() {
        m[i] = (m[i] - upper[i] * m[i + 1]) / diagonal[i];
    }
    m[0] = m[1] + (m[1] - m[2]) * first;
    m[LAST] = m[LAST - 1] + (m[LAST - 1] - m[LAST - 2]) * last;
    m
}
