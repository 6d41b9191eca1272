//! Log-Gaussian likelihood of a flux: ln L = −r²/2, r = (ln F − ln F_model)/s, s = ln(1 + σ/F).

use super::gaussian;
use crate::model::record::LineRecord;
use crate::number::real::{Real, real};

/// The twin of this file.
pub(super) const WGSL: &str = include_str!("../../../shaders/model/likelihood/log_gaussian.wgsl");

/// ln F and its standard deviation ln(1 + σ/F), as SpecSy has them.
pub(super) fn flux_and_sigma(flux: f64, sigma: f64) -> [f64; 2] {
    [flux.ln(), (sigma / flux).ln_1p()]
}

/// ln L at the model's `flux`, without its constant, and its derivatives with respect to the flux
/// and to ν.
#[inline(always)]
pub(super) fn log_gaussian<F: Real>(line: &LineRecord<F>, flux: F) -> [F; 3] {
    let held = flux.max(F::min_positive());
    let residual = (held.ln() - line.flux) * line.inverse_sigma;
    [
        -real::<F>(0.5) * residual * residual,
        -residual * line.inverse_sigma / held,
        F::zero(),
    ]
}

/// ln of the constant of the density with respect to F, not to ln F.
pub(super) fn ln_normalisation<F: Real>(line: &LineRecord<F>) -> F {
    gaussian::ln_normalisation(line) - line.flux
}

/// Fisher information of the model's flux, 1/(s F_model)².
#[inline(always)]
pub(super) fn information<F: Real>(line: &LineRecord<F>, flux: F) -> F {
    let held = flux.max(F::min_positive());
    gaussian::information(line) / (held * held)
}

/// (ln F − ln F_model)/s.
pub(super) fn pull(line: &LineRecord<f64>, model: f64) -> f64 {
    gaussian::pull(line, model.ln())
}

/// A flux measured where the model says `model`; `z` is a standard normal number.
pub(super) fn noise(line: &LineRecord<f64>, model: f64, z: f64) -> f64 {
    model * (1.0 / line.inverse_sigma * z).exp()
}

/// The measured flux.
pub(super) fn starting_flux<F: Real>(line: &LineRecord<F>) -> F {
    line.flux.exp()
}
