//! Likelihood of an upper limit: ln L = ln Φ(u), u = (limit − F_model)/σ.

use crate::model::record::LineRecord;
use crate::number::real::{Real, real};
use crate::number::special::log_normal_cdf;

/// The twin of this file.
pub(super) const WGSL: &str = include_str!("../../../shaders/model/likelihood/upper_limit.wgsl");

/// ln L at the model's `flux` and its derivatives with respect to the flux and to ν.
#[inline(always)]
pub(super) fn upper_limit<F: Real>(line: &LineRecord<F>, flux: F) -> [F; 3] {
    let [ln_cdf, slope] = log_normal_cdf((line.flux - flux) * line.inverse_sigma);
    [ln_cdf, -slope * line.inverse_sigma, F::zero()]
}

/// −d² ln L/dF_model² = h (h + u)/σ², h = φ(u)/Φ(u), never negative and at most 1/σ².
#[inline(always)]
pub(super) fn information<F: Real>(line: &LineRecord<F>, flux: F) -> F {
    let precision = line.inverse_sigma * line.inverse_sigma;
    let u = (line.flux - flux) * line.inverse_sigma;
    let slope = log_normal_cdf(u)[1];
    precision * (slope * (slope + u)).max(F::zero()).min(F::one())
}

/// (limit − F_model)/σ where the model exceeds the limit, else 0.
pub(super) fn pull(line: &LineRecord<f64>, model: f64) -> f64 {
    ((line.flux - model) * line.inverse_sigma).min(0.0)
}

/// −2 ln Φ(u).
pub(super) fn deviance(line: &LineRecord<f64>, model: f64) -> f64 {
    -2.0 * log_normal_cdf((line.flux - model) * line.inverse_sigma)[0]
}

/// A third of the limit, of one below σ a third of σ.
pub(super) fn starting_flux<F: Real>(line: &LineRecord<F>) -> F {
    line.flux.max(F::one() / line.inverse_sigma) / real(3.0)
}
