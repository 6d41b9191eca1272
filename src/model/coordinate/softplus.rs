//! The coordinate of a slot between bounds: straight where posteriors are, bent at the bounds.

use super::SlotValue;
use crate::model::prior::prior_density;
use crate::model::record::{Slot, UNBOUNDED};
use crate::number::real::{Real, real};
use crate::number::special::Logistic;

/// The twin of this file.
pub(super) const WGSL: &str = include_str!("../../../shaders/model/coordinate/softplus.wgsl");

/// The smooth clamp x = lower + s [softplus(z) − softplus(z − h)], h = (upper − lower)/s, under an
/// explicit prior density.
///
/// dx/dz = s [σ(z) − σ(z − h)] = s σ(z) σ(h − z) (1 − e^−h). The constant factor is left to the
/// problem's constant. Without an upper bound all terms in h vanish.
#[inline(always)]
pub(super) fn slot_softplus<F: Real>(slot: &Slot<F>, z: F) -> SlotValue<F> {
    let at = Logistic::at(z);
    let mut x = at.softplus;
    let mut ln_slope = at.log_sigmoid;
    let mut slope = at.sigmoid;
    let mut d_ln_slope = at.sigmoid_of_minus;
    if F::any(slot.upper.lt(real(UNBOUNDED))) {
        let h = (slot.upper - slot.lower) / slot.scale;
        let beyond = Logistic::at(z - h);
        x = x - beyond.softplus;
        ln_slope = ln_slope - beyond.softplus;
        slope = slope * beyond.sigmoid_of_minus * (F::one() - (-h).exp());
        d_ln_slope = d_ln_slope - beyond.sigmoid;
    }
    let x = slot.scale.mul_add(x, slot.lower);
    let d_coordinate = slot.scale * slope;
    let [prior, d_prior] = prior_density(slot, x);
    SlotValue {
        value: slot.offset + x,
        d_coordinate,
        d_parent: F::zero(),
        d_density: F::zero(),
        logdensity: prior + ln_slope,
        d_logdensity: d_prior.mul_add(d_coordinate, d_ln_slope),
    }
}
