//! Gamma of a mean and a standard deviation, cut to [lower, upper]; a slot's `location` is the
//! shape (mean/sd)², its `width` the scale sd²/mean.

use statrs::distribution::{ContinuousCDF, Gamma};
use statrs::function::gamma::ln_gamma;

use crate::model::record::Slot;
use crate::number::real::Real;

/// The twin of this file.
pub(super) const WGSL: &str = include_str!("../../../shaders/model/prior/gamma.wgsl");

/// ln density at the variate `x`, without its constant, and its derivative.
#[inline(always)]
pub(super) fn gamma_prior_density<F: Real>(slot: &Slot<F>, x: F) -> [F; 2] {
    let x = x.max(F::min_positive());
    let power = slot.location - F::one();
    let rate = F::one() / slot.width;
    [power * x.ln() - rate * x, power / x - rate]
}

/// Shape and scale of scale · Gamma(mean, sd).
pub(super) fn location_and_width(mean: f64, sd: f64, scale: f64) -> (f64, f64) {
    ((mean / sd).powi(2), scale * sd * sd / mean)
}

/// The distribution of a mean and a standard deviation; none where the mean is not above zero.
fn distribution(mean: f64, sd: f64) -> Option<Gamma> {
    let (shape, scale) = location_and_width(mean, sd, 1.0);
    (mean > 0.0).then(|| Gamma::new(shape, 1.0 / scale).ok()).flatten()
}

/// Probability below `low` and above `high`; all of it below where the mean is not above zero.
pub(super) fn cut_off([low, high]: [f64; 2], mean: f64, sd: f64) -> (f64, f64) {
    distribution(mean, sd).map_or((1.0, 0.0), |gamma| (gamma.cdf(low.max(0.0)), gamma.sf(high)))
}

/// The variate at the probability `p` of the uncut distribution.
pub(super) fn quantile(p: f64, mean: f64, sd: f64) -> f64 {
    distribution(mean, sd).map_or(f64::NAN, |gamma| gamma.inverse_cdf(p))
}

/// (x − mean)/sd of the scaled variate `x`.
pub(super) fn score(slot: &Slot<f64>, x: f64) -> f64 {
    (x / slot.width - slot.location) / slot.location.sqrt()
}

/// ln of the constant of the density: −ln Γ(shape) − shape ln scale.
pub(super) fn ln_normalisation(slot: &Slot<f64>) -> f64 {
    -ln_gamma(slot.location) - slot.location * slot.width.ln()
}

/// ln density at `variate`, without its constant.
pub(super) fn ln_density(variate: f64, mean: f64, sd: f64) -> f64 {
    let (shape, scale) = location_and_width(mean, sd, 1.0);
    (shape - 1.0) * variate.ln() - variate / scale
}
