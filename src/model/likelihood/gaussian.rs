//! Gaussian likelihood of a flux: ln L = −r²/2, r = (F_model − F)/σ.

use crate::model::record::LineRecord;
use crate::number::real::{Real, real};

/// The twin of this file.
pub(super) const WGSL: &str = include_str!("../../../shaders/model/likelihood/gaussian.wgsl");

/// ln L at the model's `flux`, without its constant, and its derivatives with respect to the flux
/// and to ν.
#[inline(always)]
pub(super) fn gaussian<F: Real>(line: &LineRecord<F>, flux: F) -> [F; 3] {
    let residual = (flux - line.flux) * line.inverse_sigma;
    [
        -real::<F>(0.5) * residual * residual,
        -residual * line.inverse_sigma,
        F::zero(),
    ]
}

/// ln of the constant of the density: −ln σ − ln(2π)/2.
pub(super) fn ln_normalisation<F: Real>(line: &LineRecord<F>) -> F {
    line.inverse_sigma.ln() - real::<F>(0.5 * (2.0 * std::f64::consts::PI).ln())
}

/// Fisher information of the model's flux, 1/σ².
#[inline(always)]
pub(super) fn information<F: Real>(line: &LineRecord<F>) -> F {
    line.inverse_sigma * line.inverse_sigma
}

/// (F − F_model)/σ.
pub(super) fn pull(line: &LineRecord<f64>, model: f64) -> f64 {
    (line.flux - model) * line.inverse_sigma
}

/// A flux measured where the model says `model`; `z` is a standard normal number.
pub(super) fn noise(line: &LineRecord<f64>, model: f64, z: f64) -> f64 {
    model + 1.0 / line.inverse_sigma * z
}

/// The measured flux, not below its σ.
pub(super) fn starting_flux<F: Real>(line: &LineRecord<F>) -> F {
    line.flux.max(F::one() / line.inverse_sigma)
}
