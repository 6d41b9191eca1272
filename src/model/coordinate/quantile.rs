//! The coordinate of a slot that is the normal score of its truncated prior, or a low-S/N
//! coordinate of that score.

use super::SlotValue;
use super::low_snr::slot_score;
use crate::model::prior::{Cut, prior_quantile};
use crate::model::record::Slot;
use crate::number::real::{Real, real};

/// The twin of this file.
pub(super) const WGSL: &str = include_str!("../../../shaders/model/coordinate/quantile.wgsl");

/// The value at the score that the coordinate `x` stands for.
#[inline(always)]
pub(super) fn slot_quantile<F: Real>(slot: &Slot<F>, x: F, tied: [F; 3], cut: Option<Cut<F>>) -> SlotValue<F> {
    let [z, slope, ln_slope, bend] = slot_score(slot, x);
    let at = score_quantile(slot, z, tied, cut);
    SlotValue {
        d_coordinate: at.d_coordinate * slope,
        logdensity: at.logdensity + ln_slope,
        d_logdensity: at.d_logdensity * slope + bend,
        ..at
    }
}

/// The quantile of the truncated prior at Φ(z): the prior of z is Normal(0, 1) whatever the family.
#[inline(always)]
fn score_quantile<F: Real>(slot: &Slot<F>, z: F, tied: [F; 3], cut: Option<Cut<F>>) -> SlotValue<F> {
    let [location, d_parent, d_density] = tied;
    let [value, d_coordinate, d_location] = prior_quantile(slot, z, location, cut);
    SlotValue {
        value: slot.offset + value,
        d_coordinate,
        d_parent: d_location * d_parent,
        d_density: d_location * d_density,
        logdensity: -real::<F>(0.5) * z * z,
        d_logdensity: -z,
    }
}
