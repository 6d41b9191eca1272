//! |Normal(0, width)|: a normal prior cut at 0, whose quantile and density are those of the normal.

use crate::model::record::Slot;
use crate::number::special::normal_cdf;

/// Probability below `low` and above `high`.
pub(super) fn cut_off([low, high]: [f64; 2], sd: f64) -> (f64, f64) {
    (2.0 * normal_cdf(low / sd) - 1.0, 2.0 * normal_cdf(-high / sd))
}

/// ln of the constant of the density.
pub(super) fn ln_normalisation(slot: &Slot<f64>) -> f64 {
    (std::f64::consts::FRAC_2_PI.sqrt() / slot.width).ln()
}
