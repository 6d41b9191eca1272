//! Priors as the slots that a density evaluation reads: through their quantiles, or through a softplus.

use super::{Family, Prior};
use crate::error::{Error, Result};
use crate::shared::coordinate::slot_value;
use crate::shared::layout::{
    FIXED, HALF_CAUCHY, LINEAR, LOG_NORMAL, NONE, NORMAL, QUANTILE, SOFTPLUS, Slot, UNBOUNDED, UNIFORM,
};
use crate::shared::special::normal_cdf;

impl Prior {
    /// The mean and sd of ln(scale · variate) where that is an uncut LogNormal without offset.
    pub fn as_log_normal(&self) -> Option<(f64, f64)> {
        let uncut = self.lower.is_none() && self.upper.is_none() && self.offset.unwrap_or(0.0) == 0.0;
        (self.family == Some(Family::LogNormal) && uncut).then(|| {
            (
                self.mean.unwrap_or(0.0) + self.scale.unwrap_or(1.0).ln(),
                self.sd.unwrap_or(1.0),
            )
        })
    }

    /// The mean and sd of an uncut Normal, scale and offset taken in.
    pub fn as_normal(&self) -> Option<(f64, f64)> {
        let uncut = self.lower.is_none() && self.upper.is_none();
        (self.family == Some(Family::Normal) && uncut).then(|| {
            let scale = self.scale.unwrap_or(1.0);
            (
                self.offset.unwrap_or(0.0) + scale * self.mean.unwrap_or(0.0),
                scale * self.sd.unwrap_or(1.0),
            )
        })
    }

    /// Probability that the cuts take off below and above.
    pub(super) fn cut_off(&self) -> (f64, f64) {
        let (lower, upper) = self.support();
        let scale = self.scale.unwrap_or(1.0);
        let offset = self.offset.unwrap_or(0.0);
        let sd = self.sd.unwrap_or(1.0);
        let variate = |x: f64| (x - offset) / scale;
        let (low, high) = (variate(lower), variate(upper));
        let mean = self.mean.unwrap_or(0.0);
        match self.family {
            Some(Family::Normal) => (normal_cdf((low - mean) / sd), normal_cdf((mean - high) / sd)),
            Some(Family::HalfNormal) => (2.0 * normal_cdf(low / sd) - 1.0, 2.0 * normal_cdf(-high / sd)),
            Some(Family::LogNormal) => {
                let below = if low > 0.0 {
                    normal_cdf((low.ln() - mean) / sd)
                } else {
                    0.0
                };
                (below, normal_cdf((mean - high.ln()) / sd))
            }
            Some(Family::HalfCauchy) => {
                let two_over_pi = std::f64::consts::FRAC_2_PI;
                (two_over_pi * (low / sd).atan(), two_over_pi * (sd / high).atan())
            }
            _ => (0.0, 0.0),
        }
    }

    /// The slot of this prior sampled through its own quantiles, or held where fixed; and the constant of its log density.
    pub fn quantile_slot(&self) -> (Slot<f64>, f64) {
        if let Some(value) = self.fixed {
            return (
                Slot {
                    location: value,
                    ..EMPTY
                },
                0.0,
            );
        }
        let mut slot = Slot {
            kind: QUANTILE,
            ..self.family_slot()
        };
        match self.family {
            Some(Family::LogNormal) => {
                slot.lower = if slot.lower > 0.0 { slot.lower.ln() } else { -UNBOUNDED };
                slot.upper = if slot.upper < UNBOUNDED {
                    slot.upper.ln()
                } else {
                    UNBOUNDED
                };
            }
            Some(Family::HalfCauchy) => (slot.lower, slot.upper) = self.cut_off(),
            _ => {}
        }
        (slot, -0.5 * (2.0 * std::f64::consts::PI).ln())
    }

    /// The slot of this prior sampled through a softplus of `softness` between its bounds; and the constant of its log density.
    ///
    /// # Errors
    /// A prior without a lower bound has no softplus.
    pub fn softplus_slot(&self, parameter: &str, softness: f64) -> Result<(Slot<f64>, f64)> {
        if self.fixed.is_some() {
            return Ok(self.quantile_slot());
        }
        let (lower, _) = self.support();
        if lower <= -UNBOUNDED {
            return Err(Error::BadPrior {
                parameter: parameter.into(),
                expected: "a lower bound",
            });
        }
        let slot = Slot {
            kind: SOFTPLUS,
            scale: softness,
            ..self.family_slot()
        };
        let (below, above) = self.cut_off();
        let ln_density = match self.family {
            Some(Family::HalfCauchy) => (std::f64::consts::FRAC_2_PI / slot.width).ln(),
            Some(Family::HalfNormal) => (std::f64::consts::FRAC_2_PI.sqrt() / slot.width).ln(),
            Some(Family::Uniform) => -(slot.upper - slot.lower).ln(),
            _ => -(slot.width * (2.0 * std::f64::consts::PI).sqrt()).ln(),
        };
        let h = (slot.upper - slot.lower) / softness;
        let constant = ln_density - (1.0 - below - above).ln() + softness.ln() + (-(-h).exp()).ln_1p();
        Ok((slot, constant))
    }

    /// Standard deviation of the parameter under this prior, its extreme tails (beyond ±5 of 10⁷) left out.
    pub fn standard_deviation(&self) -> f64 {
        let [mean, square] = self.moments();
        (square - mean * mean).max(0.0).sqrt()
    }

    /// Means of the parameter and of its square under this prior, its extreme tails left out.
    pub(in crate::problem) fn moments(&self) -> [f64; 2] {
        const REACH: i32 = 100;
        const STEP: f64 = 0.05;
        let (slot, _) = self.quantile_slot();
        let (mut weight, mut sum, mut square) = (0.0, 0.0, 0.0);
        for k in -REACH..=REACH {
            let z = STEP * f64::from(k);
            let w = (-0.5 * z * z).exp();
            let x = slot_value(&slot, z, 0.0, 0.0).value;
            weight += w;
            sum += w * x;
            square += w * x * x;
        }
        [sum / weight, square / weight]
    }

    /// Family, location, width and bounds with the scale taken in.
    fn family_slot(&self) -> Slot<f64> {
        let scale = self.scale.unwrap_or(1.0);
        let offset = self.offset.unwrap_or(0.0);
        let (lower, upper) = self.support();
        let bound = |x: f64| if x.abs() < UNBOUNDED { x - offset } else { x };
        let mean = self.mean.unwrap_or(0.0);
        let sd = self.sd.unwrap_or(1.0);
        let (family, location, width) = match self.family {
            Some(Family::LogNormal) => (LOG_NORMAL, mean + scale.ln(), sd),
            Some(Family::HalfCauchy) => (HALF_CAUCHY, 0.0, scale * sd),
            Some(Family::Uniform) => (UNIFORM, 0.0, 1.0),
            _ => (NORMAL, scale * mean, scale * sd),
        };
        Slot {
            family,
            location,
            width,
            offset,
            lower: bound(lower),
            upper: bound(upper),
            ..EMPTY
        }
    }
}

/// A slot held at zero.
pub(in crate::problem) const EMPTY: Slot<f64> = Slot {
    kind: FIXED,
    family: NORMAL,
    coordinate: NONE,
    parent: NONE,
    relation: LINEAR,
    density: NONE,
    log10: 0,
    weak: 0,
    location: 0.0,
    width: 1.0,
    offset: 0.0,
    lower: -UNBOUNDED,
    upper: UNBOUNDED,
    slope: 0.0,
    scale: 1.0,
    ln_unit: 0.0,
    squeeze: 0.0,
};
