//! From the sampled coordinates to physical quantities, with derivatives and priors: a file for
//! each kind of coordinate.

pub mod low_snr;
mod quantile;
mod softplus;

use super::code::SlotKind;
use super::effect::relation::relation;
use super::prior::Cut;
use super::record::Slot;
use crate::number::real::{Real, real};

/// The WGSL text of the coordinates.
pub(super) const WGSL: [&str; 4] = [
    low_snr::WGSL,
    include_str!("../../../shaders/model/coordinate/mod.wgsl"),
    quantile::WGSL,
    softplus::WGSL,
];

/// A slot at one point of its coordinate.
#[derive(Clone, Copy, Debug)]
pub struct SlotValue<F> {
    /// The physical quantity (log₁₀ of it where the slot says so).
    pub value: F,
    /// d value / d coordinate.
    pub d_coordinate: F,
    /// d value / d parent's value.
    pub d_parent: F,
    /// d value / d log₁₀ n_e of the relation's density.
    pub d_density: F,
    /// ln of the prior density in the coordinate, without its constant.
    pub logdensity: F,
    /// d logdensity / d coordinate.
    pub d_logdensity: F,
}

impl<F: Real> SlotValue<F> {
    /// A value that nothing moves.
    #[inline(always)]
    pub(crate) fn still(value: F) -> Self {
        let zero = F::zero();
        SlotValue {
            value,
            d_coordinate: zero,
            d_parent: zero,
            d_density: zero,
            logdensity: zero,
            d_logdensity: zero,
        }
    }
}

/// The slot's value at coordinate `z`, given its parent's value and the log₁₀ n_e that its relation
/// reads.
#[inline(always)]
pub fn slot_value<F: Real>(slot: &Slot<F>, z: F, parent: F, density: F) -> SlotValue<F> {
    slot_value_cut(slot, z, parent, density, None)
}

/// As [`slot_value`]; `cut` is [`Cut::of`] the slot where the location does not move.
#[inline(always)]
pub(crate) fn slot_value_cut<F: Real>(
    slot: &Slot<F>,
    z: F,
    parent: F,
    density: F,
    cut: Option<Cut<F>>,
) -> SlotValue<F> {
    let tied = relation(slot, parent, density);
    let mut out = match slot.kind {
        SlotKind::Fixed => SlotValue {
            d_parent: tied[1],
            d_density: tied[2],
            ..SlotValue::still(tied[0])
        },
        SlotKind::Quantile => quantile::slot_quantile(slot, z, tied, cut),
        SlotKind::Softplus => softplus::slot_softplus(slot, z),
    };
    if slot.log10 == 1 {
        let value = out.value.max(F::min_positive());
        let d_log10 = real::<F>(std::f64::consts::LOG10_E) / value;
        out.value = real::<F>(std::f64::consts::LOG10_E) * value.ln();
        out.d_coordinate = out.d_coordinate * d_log10;
        out.d_parent = out.d_parent * d_log10;
        out.d_density = out.d_density * d_log10;
    }
    out
}
