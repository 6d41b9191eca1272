//! Slots of priors: coordinates through the prior's quantiles, or through a softplus.

use super::Prior;
use crate::error::{Error, ProblemError, Result};
use crate::model::code::{Family, SlotKind};
use crate::model::coordinate::slot_value;
use crate::model::record::{Slot, UNBOUNDED};
use crate::number::special::normal_cdf;

impl Prior {
    /// Mean and sd of ln(scale · variate), for an uncut LogNormal without offset.
    pub fn as_log_normal(&self) -> Option<(f64, f64)> {
        let uncut = self.lower.is_none() && self.upper.is_none() && self.offset.unwrap_or(0.0) == 0.0;
        (self.family == Some(Family::LogNormal) && uncut).then(|| {
            (
                self.mean.unwrap_or(0.0) + self.scale.unwrap_or(1.0).ln(),
                self.sd.unwrap_or(1.0),
            )
        })
    }

    /// Mean and sd of an uncut Normal, with scale and offset.
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

    /// Probabilities below the lower and above the upper cut.
    pub(super) fn cut_off(&self) -> (f64, f64) {
        let (lower, upper) = self.support();
        let scale = self.scale.unwrap_or(1.0);
        let offset = self.offset.unwrap_or(0.0);
        let sd = self.sd.unwrap_or(1.0);
        let variate = |x: f64| (x - offset) / scale;
        let (low, high) = (variate(lower), variate(upper));
        let mean = self.mean.unwrap_or(0.0);
        self.family
            .map_or((0.0, 0.0), |family| family.cut_off([low, high], mean, sd))
    }

    /// Slot of this prior, and the constant of its log density. The parameter is held where the
    /// prior is fixed, and else sampled through the prior's quantiles. A family without a quantile
    /// function is sampled through a softplus of the prior's own width.
    ///
    /// # Errors
    /// As [`Prior::softplus_slot`].
    pub fn slot(&self, parameter: &str) -> Result<(Slot<f64>, f64)> {
        match self.family {
            Some(family) if !family.has_quantile() => {
                let softness = self.scale.unwrap_or(1.0) * self.sd.unwrap_or(1.0);
                self.softplus_slot(parameter, softness)
            }
            Some(_) | None => Ok(self.quantile_slot()),
        }
    }

    /// Value of the parameter at the quantile Φ(`score`) of this prior.
    pub fn value_at(&self, score: f64) -> f64 {
        let (below, above) = self.cut_off();
        let p = below + (1.0 - below - above) * normal_cdf(score);
        let (mean, sd) = (self.mean.unwrap_or(0.0), self.sd.unwrap_or(1.0));
        match self.family.and_then(|family| family.variate_at(p, mean, sd)) {
            Some(variate) => self.offset.unwrap_or(0.0) + self.scale.unwrap_or(1.0) * variate,
            None => slot_value(&self.quantile_slot().0, score, 0.0, 0.0).value,
        }
    }

    /// Slot of this prior, sampled through its own quantiles or held where fixed, and the constant
    /// of its log density.
    pub fn quantile_slot(&self) -> (Slot<f64>, f64) {
        if let Some(value) = self.fixed {
            return (
                Slot {
                    location: value,
                    ..Slot::EMPTY
                },
                0.0,
            );
        }
        let mut slot = Slot {
            kind: SlotKind::Quantile,
            ..self.family_slot()
        };
        (slot.lower, slot.upper) = slot.family.quantile_bounds(&slot, self.cut_off());
        (slot, -0.5 * (2.0 * std::f64::consts::PI).ln())
    }

    /// Slot of this prior, sampled through a softplus of `softness` between its bounds, and the
    /// constant of its log density.
    ///
    /// # Errors
    /// A prior without a lower bound has no softplus.
    pub fn softplus_slot(&self, parameter: &str, softness: f64) -> Result<(Slot<f64>, f64)> {
        if self.fixed.is_some() {
            return Ok(self.quantile_slot());
        }
        let (lower, _) = self.support();
        if lower <= -UNBOUNDED {
            return Err(Error::Problem(ProblemError::BadPrior {
                parameter: parameter.into(),
                expected: "a lower bound",
            }));
        }
        let slot = Slot {
            kind: SlotKind::Softplus,
            scale: softness,
            ..self.family_slot()
        };
        let (below, above) = self.cut_off();
        let ln_density = slot.family.ln_normalisation(&slot);
        let h = (slot.upper - slot.lower) / softness;
        let constant = ln_density - (1.0 - below - above).ln() + softness.ln() + (-(-h).exp()).ln_1p();
        Ok((slot, constant))
    }

    /// Standard deviation of the parameter under this prior, without its extreme tails (beyond ±5
    /// sd).
    pub fn standard_deviation(&self) -> f64 {
        let [mean, square] = self.moments();
        (square - mean * mean).max(0.0).sqrt()
    }

    /// Means of the parameter and of its square under this prior, without its extreme tails.
    pub(crate) fn moments(&self) -> [f64; 2] {
        const REACH: i32 = 100;
        const STEP: f64 = 0.05;
        let (mut weight, mut sum, mut square) = (0.0, 0.0, 0.0);
        for k in -REACH..=REACH {
            let z = STEP * f64::from(k);
            let w = (-0.5 * z * z).exp();
            let x = self.value_at(z);
            weight += w;
            sum += w * x;
            square += w * x * x;
        }
        [sum / weight, square / weight]
    }

    /// Slot with the family, location, width and bounds; the scale is taken in.
    fn family_slot(&self) -> Slot<f64> {
        let scale = self.scale.unwrap_or(1.0);
        let offset = self.offset.unwrap_or(0.0);
        let (lower, upper) = self.support();
        let bound = |x: f64| if x.abs() < UNBOUNDED { x - offset } else { x };
        let mean = self.mean.unwrap_or(0.0);
        let sd = self.sd.unwrap_or(1.0);
        let family = self.family.unwrap_or(Family::Normal);
        let (location, width) = family.location_and_width(mean, sd, scale);
        Slot {
            family,
            location,
            width,
            offset,
            lower: bound(lower),
            upper: bound(upper),
            ..Slot::EMPTY
        }
    }
}
