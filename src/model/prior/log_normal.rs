//! exp of Normal(location, width), cut to [lower, upper].

use super::normal;
use crate::model::record::{Slot, UNBOUNDED};
use crate::number::real::{Real, real};
use crate::number::special::{bounded_exp, normal_cdf};

/// The twin of this file.
pub(super) const WGSL: &str = include_str!("../../../shaders/model/prior/log_normal.wgsl");

/// exp of a normal variate `y`, and its derivatives with respect to z and to the location; the
/// slot's bounds are ln of those of the variate.
#[inline(always)]
pub(super) fn exponential<F: Real>(y: [F; 3]) -> [F; 3] {
    let [y, d_z, d_location] = y;
    let x = bounded_exp(y);
    [x, x * d_z, x * d_location]
}

/// ln density at the variate `x`, without its constant, and its derivative.
#[inline(always)]
pub(super) fn log_normal_prior_density<F: Real>(slot: &Slot<F>, x: F) -> [F; 2] {
    let x = x.max(F::min_positive());
    let ln_x = x.ln();
    let score = (ln_x - slot.location) / slot.width;
    [
        -real::<F>(0.5) * score * score - ln_x,
        -(score / slot.width + F::one()) / x,
    ]
}

/// Probability below `low` and above `high`.
pub(super) fn cut_off([low, high]: [f64; 2], mean: f64, sd: f64) -> (f64, f64) {
    let below = if low > 0.0 {
        normal_cdf((low.ln() - mean) / sd)
    } else {
        0.0
    };
    (below, normal_cdf((mean - high.ln()) / sd))
}

/// Location and width of scale · LogNormal(mean, sd).
pub(super) fn location_and_width(mean: f64, sd: f64, scale: f64) -> (f64, f64) {
    (mean + scale.ln(), sd)
}

/// ln of the bounds of the variate.
pub(super) fn quantile_bounds(slot: &Slot<f64>) -> (f64, f64) {
    let lower = if slot.lower > 0.0 { slot.lower.ln() } else { -UNBOUNDED };
    let upper = if slot.upper < UNBOUNDED {
        slot.upper.ln()
    } else {
        UNBOUNDED
    };
    (lower, upper)
}

/// ln density at `variate`, without its constant.
pub(super) fn ln_density(variate: f64, mean: f64, sd: f64) -> f64 {
    normal::ln_density(variate.ln(), mean, sd) - variate.ln()
}
