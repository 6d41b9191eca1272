//! Likelihood of an interval: a flux between two limits, blurred by a Gaussian error. The
//! measurement is the sum of the model's flux, a Gaussian error σ and a uniform one within ± w:
//!
//! ```text
//! ln L = ln[Φ((F + w − F_model)/σ) − Φ((F − w − F_model)/σ)] − ln 2w
//! ```

use super::gaussian;
use crate::model::record::LineRecord;
use crate::number::real::{Real, real};
use crate::number::special::log_normal_cdf;

/// The twin of this file.
pub(super) const WGSL: &str = include_str!("../../../shaders/model/likelihood/interval.wgsl");

/// The smallest half-width w in σ: narrower ones change L by less than 10⁻³ and would lose digits.
const NARROWEST: f64 = 0.05;

/// The half-width w in σ of an interval that is `fraction` of `flux` on either side.
pub(super) fn half_width(fraction: f64, flux: f64, sigma: f64) -> f64 {
    (fraction * flux.abs() / sigma).max(NARROWEST)
}

/// ln L at the model's `flux`, without −ln 2w, and its derivatives with respect to the flux and to
/// ν.
///
/// With s = |F_model − F|/σ and h = w/σ, L ∝ Φ(h − s) − Φ(−h − s): both terms are in the lower tail
/// far from the interval, so that their difference keeps its digits.
///
/// Not inlined, unlike other likelihoods: the rare interval would double the code of every
/// evaluation.
#[inline(never)]
pub(super) fn interval<F: Real>(line: &LineRecord<F>, flux: F) -> [F; 3] {
    let residual = (flux - line.flux) * line.inverse_sigma;
    let distance = residual.abs();
    let [near, near_slope] = log_normal_cdf(line.half_width - distance);
    let [far, far_slope] = log_normal_cdf(-line.half_width - distance);
    let ratio = (far - near).exp();
    let inside = F::one() - ratio;
    let slope = (near_slope - far_slope * ratio) / inside * line.inverse_sigma;
    [
        near + inside.ln(),
        F::select(residual.lt(F::zero()), slope, -slope),
        F::zero(),
    ]
}

/// ln of the constant of the density: −ln 2w.
pub(super) fn ln_normalisation<F: Real>(line: &LineRecord<F>) -> F {
    (line.inverse_sigma / (real::<F>(2.0) * line.half_width)).ln()
}

/// The variance of the measurement in σ²: 1 + h²/3.
#[inline(always)]
fn variance<F: Real>(line: &LineRecord<F>) -> F {
    F::one() + line.half_width * line.half_width / real(3.0)
}

/// Fisher information of the model's flux for a Gaussian of the same variance, 1/(σ² + w²/3).
#[inline(always)]
pub(super) fn information<F: Real>(line: &LineRecord<F>) -> F {
    gaussian::information(line) / variance(line)
}

/// (F − F_model) over the standard deviation of the measurement.
pub(super) fn pull(line: &LineRecord<f64>, model: f64) -> f64 {
    gaussian::pull(line, model) / variance(line).sqrt()
}

/// Twice the loss of ln L against a model in the middle of the interval.
pub(super) fn deviance(line: &LineRecord<f64>, model: f64) -> f64 {
    2.0 * (interval(line, line.flux)[0] - interval(line, model)[0])
}

/// A flux measured where the model says `model`; `z` is a standard normal number, `u` a uniform one
/// of (0, 1).
pub(super) fn noise(line: &LineRecord<f64>, model: f64, z: f64, u: f64) -> f64 {
    model + 1.0 / line.inverse_sigma * (z + line.half_width * (2.0 * u - 1.0))
}
