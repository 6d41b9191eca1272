//! The low-S/N coordinate of an ion or a density: linear above the noise, logarithmic below, as
//! asinh magnitudes are (Lupton, Gunn & Szalay 1999, AJ 118, 1406).

use crate::model::record::{IonRecord, LineRecord, Slot};
use crate::number::real::{Real, real};
use crate::number::special::Logistic;
use crate::number::wgsl::shared_constants;

/// The twin of this file.
pub(super) const WGSL: &str = include_str!("../../../shaders/model/coordinate/low_snr.wgsl");

shared_constants! {
    /// Where the logarithmic tail steepens, in units of the coordinate.
    const TAIL_START: f64 = 2.0;
}

/// No coordinate is looked for beyond this: a density of 10⁵ of the units.
const LARGEST_COORDINATE: f64 = 1e6;
/// Halvings of the interval in which it is looked for: to the last digit.
const HALVINGS: usize = 80;

/// φ = ln flux of the ion's reference line at the coordinate `x`, dφ/dx, ln(dφ/dx), and d
/// ln(dφ/dx)/dx.
///
/// ```text
/// φ = ln_unit + ln softplus(x) − tail_slope · softplus(2 − x)
/// ```
///
/// Far above zero the flux is x times the unit, so that a Gaussian likelihood of the flux is
/// Gaussian in x. Far below zero φ falls by 1 + `tail_slope` per unit of x, so that a prior of many
/// e-foldings is no wider in x than the noise.
#[inline(always)]
pub fn low_snr_flux<F: Real>(x: F, ln_unit: F, tail_slope: F) -> [F; 4] {
    let above = Logistic::at(x);
    let below = Logistic::at(real::<F>(TAIL_START) - x);
    let flux = above.softplus.max(F::min_positive());
    let by_flux = above.sigmoid / flux;
    let in_tail = tail_slope * below.sigmoid;
    let slope = by_flux + in_tail;
    let bend = by_flux * (above.sigmoid_of_minus - by_flux) - in_tail * below.sigmoid_of_minus;
    let phi = ln_unit + flux.ln() - tail_slope * below.softplus;
    [phi, slope, slope.ln(), bend / slope]
}

/// The score z of a slot sampled through its quantiles at the coordinate `x`, dz/dx, ln(dz/dx) less
/// a constant, and the derivative of that logarithm.
///
/// A low-S/N slot has z = scale · φ(x), so that a density is x times a unit far above zero.
#[inline(always)]
pub fn slot_score<F: Real>(slot: &Slot<F>, x: F) -> [F; 4] {
    if slot.low_snr == 0 {
        return [x, F::one(), F::zero(), F::zero()];
    }
    let [phi, slope, ln_slope, bend] = low_snr_flux(x, slot.ln_unit, slot.tail_slope);
    [slot.scale * phi, slot.scale * slope, ln_slope, bend]
}

/// The coordinate of a slot sampled through its quantiles at which the score is `z`.
pub fn score_coordinate(slot: &Slot<f64>, z: f64) -> f64 {
    if slot.low_snr == 0 {
        return z;
    }
    let (mut low, mut high) = (-LARGEST_COORDINATE, LARGEST_COORDINATE);
    for _ in 0..HALVINGS {
        let middle = 0.5 * (low + high);
        if slot_score(slot, middle)[0] < z {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

/// The coordinate of an ion sampled by flux where a search may start: its reference line about as
/// bright as measured, of a limit a third; of a low-S/N ion not in the tail.
pub fn starting_coordinate<F: Real>(ion: &IonRecord<F>, line: &LineRecord<F>) -> F {
    if ion.low_snr == 0 {
        return line.starting_flux().ln();
    }
    let flux = if line.likelihood.is_limit() {
        line.starting_flux()
    } else {
        line.flux
    };
    (flux / ion.ln_unit.exp()).max(F::one())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_linear_in_flux_above_and_logarithmic_below() {
        let at = |x: f64| low_snr_flux(x, 0.5_f64.ln(), 4.0);
        let [phi, slope, ..] = at(40.0);
        assert!((phi - 20.0_f64.ln()).abs() < 1e-12 && (slope - 1.0 / 40.0).abs() < 1e-12);
        let [phi, slope, ..] = at(-40.0);
        assert!((phi - (0.5_f64.ln() - 40.0 - 4.0 * 42.0)).abs() < 1e-12 && (slope - 5.0).abs() < 1e-12);
    }

    /// A central difference of step h is off by h²/6 of a third derivative below 10, and by
    /// rounding.
    #[test]
    fn derivatives_are_those_of_the_map() {
        let h = 1e-5;
        for tail_slope in [0.0, 2.0, 5.0] {
            for tenths in -300..300 {
                let x = 0.1 * f64::from(tenths);
                let [_, slope, ln_slope, bend] = low_snr_flux(x, -1.0, tail_slope);
                let (ahead, behind) = (
                    low_snr_flux(x + h, -1.0, tail_slope),
                    low_snr_flux(x - h, -1.0, tail_slope),
                );
                let bound = 10.0 * h * h + 8.0 * f64::EPSILON * (1.0 + ahead[0].abs()) / h;
                assert!(((ahead[0] - behind[0]) / (2.0 * h) - slope).abs() < bound, "at {x}");
                assert!(((ahead[2] - behind[2]) / (2.0 * h) - bend).abs() < bound, "at {x}");
                assert_eq!(ln_slope, Real::ln(slope));
            }
        }
    }

    #[test]
    fn is_finite_wherever_a_trajectory_may_stray() {
        for x in [-1e6_f32, -300.0, -88.0, 88.0, 1e6] {
            assert!(low_snr_flux(x, -6.0, 5.0).iter().all(|v| v.is_finite()), "at {x}");
        }
    }
}
