//! Gaussian likelihood of a flux with a share q of outliers, marginalised line by line (D. W. Hogg,
//! J. Bovy & D. Lang, "Data analysis recipes: fitting a model to data", arXiv:1008.4686, eq. 17):
//!
//! ```text
//! ln L = ln[(1 − q) N(F | F_model, σ²) + q N(u(F) | u(F_model), S²) du/dF],   u(x) = asinh(x/2σ)
//! ```
//!
//! An outlier is wrong by a factor: u is ln(x/σ) above the noise and linear within it.

use super::gaussian;
use crate::model::record::LineRecord;
use crate::number::real::{Real, real};
use crate::number::special::ln_one_plus;
use crate::number::wgsl::shared_constants;

/// The twin of this file.
pub(super) const WGSL: &str = include_str!("../../../shaders/model/likelihood/outliers.wgsl");

shared_constants! {
    /// Standard deviation S of an outlier in ln of the flux: a factor e.
    const OUTLIER_WIDTH: f64 = 1.0;
}

/// u(F) of a flux and its σ, and ln of the height of the outliers over that of the Gaussian,
/// q/(1 − q) · 1/(S √(F²/σ² + 4)).
pub(super) fn centre_and_ln_height(flux: f64, sigma: f64, share: f64) -> [f64; 2] {
    let ratio = flux / sigma;
    let height = share / (1.0 - share) / (OUTLIER_WIDTH * (ratio * ratio + 4.0).sqrt());
    [(0.5 * ratio).asinh(), height.ln()]
}

/// ln L at the model's `flux`, without the constant of a Gaussian and ln(1 − q), and its
/// derivatives with respect to the flux and to ν.
#[inline(always)]
pub(super) fn outliers<F: Real>(line: &LineRecord<F>, flux: F) -> [F; 3] {
    let half = real::<F>(0.5);
    let residual = (flux - line.flux) * line.inverse_sigma;
    let [wide, wide_slope, _] = outlier(line, flux);
    let core = -half * residual * residual;
    let value = core.max(wide) + ln_one_plus((-(core - wide).abs()).exp());
    let share = (wide - value).exp();
    let slope = (F::one() - share) * residual * line.inverse_sigma + share * wide_slope;
    [value, -slope, F::zero()]
}

/// ln of the outliers' part, −d/d flux of it, and du/d flux.
#[inline(always)]
fn outlier<F: Real>(line: &LineRecord<F>, flux: F) -> [F; 3] {
    let half = real::<F>(0.5);
    let x = half * flux * line.inverse_sigma;
    let root = (x * x + F::one()).sqrt();
    let distance = ((x + root).ln() - line.outlier_centre) / real(OUTLIER_WIDTH);
    let by_flux = half * line.inverse_sigma / root;
    [
        line.outlier_ln_height - half * distance * distance,
        distance * by_flux / real(OUTLIER_WIDTH),
        by_flux,
    ]
}

/// q/(1 − q).
fn odds<F: Real>(line: &LineRecord<F>) -> F {
    let grown = line.outlier_centre.exp();
    (line.outlier_ln_height).exp() * real(OUTLIER_WIDTH) * (grown + F::one() / grown)
}

/// ln of the constant of the density: that of a Gaussian, and ln(1 − q).
pub(super) fn ln_normalisation<F: Real>(line: &LineRecord<F>) -> F {
    gaussian::ln_normalisation(line) - ln_one_plus(odds(line))
}

/// Information of the two parts by their shares at the model's `flux`: never negative.
#[inline(always)]
pub(super) fn information<F: Real>(line: &LineRecord<F>, flux: F) -> F {
    let [wide, _, by_flux] = outlier(line, flux);
    let share = (wide - outliers(line, flux)[0]).exp();
    let of_outlier = by_flux / real(OUTLIER_WIDTH);
    (F::one() - share) * gaussian::information(line) + share * of_outlier * of_outlier
}

/// Twice the loss of ln L against a model at the measured flux.
pub(super) fn deviance(line: &LineRecord<f64>, model: f64) -> f64 {
    2.0 * (outliers(line, line.flux)[0] - outliers(line, model)[0])
}

/// A flux measured where the model says `model`; `z` is a standard normal number, `u` a uniform one
/// of (0, 1).
pub(super) fn noise(line: &LineRecord<f64>, model: f64, z: f64, u: f64) -> f64 {
    let odds = odds(line);
    if u * (1.0 + odds) > odds {
        return gaussian::noise(line, model, z);
    }
    let centre = (0.5 * model * line.inverse_sigma).asinh();
    2.0 / line.inverse_sigma * (centre + OUTLIER_WIDTH * z).sinh()
}
