//! Priors, as the user writes them.

mod density;
mod slots;

use serde::{Deserialize, Serialize};

use crate::error::{Error, ProblemError, Result};
use crate::model::code::Family;
use crate::model::record::UNBOUNDED;

/// Prior of one parameter: x = offset + scale · variate, cut to [lower, upper]; or a fixed value.
///
/// In TOML: `{ family = "Normal", mean = 15000, sd = 5000, lower = 5000, upper = 25000 }` or `{
/// fixed = 0.0 }`.
#[derive(Clone, Copy, Debug, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prior {
    /// Family; absent only where `fixed` is given.
    #[serde(skip_serializing_if = "Option::is_none", alias = "distribution")]
    pub family: Option<Family>,
    /// Mean of a Normal, or of ln x of a LogNormal.
    #[serde(skip_serializing_if = "Option::is_none", alias = "mu")]
    pub mean: Option<f64>,
    /// Standard deviation of a Normal (of ln x of a LogNormal), or the scale of a HalfNormal or
    /// HalfCauchy; > 0.
    #[serde(skip_serializing_if = "Option::is_none", alias = "sigma")]
    pub sd: Option<f64>,
    /// Lower cut, as a value of the parameter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lower: Option<f64>,
    /// Upper cut, as a value of the parameter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upper: Option<f64>,
    /// Factor of the variate; > 0, default 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scale: Option<f64>,
    /// Offset from the scaled variate; default 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offset: Option<f64>,
    /// Value at which the parameter is held, without sampling.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fixed: Option<f64>,
}

impl Prior {
    /// Normal(mean, sd).
    pub const fn normal(mean: f64, sd: f64) -> Self {
        Prior {
            family: Some(Family::Normal),
            mean: Some(mean),
            sd: Some(sd),
            ..Prior::NOTHING
        }
    }

    /// scale · LogNormal(mean, sd).
    pub const fn log_normal(mean: f64, sd: f64, scale: f64) -> Self {
        let scale = Some(scale);
        Prior {
            family: Some(Family::LogNormal),
            mean: Some(mean),
            sd: Some(sd),
            scale,
            ..Prior::NOTHING
        }
    }

    /// HalfNormal(sd).
    pub const fn half_normal(sd: f64) -> Self {
        Prior {
            family: Some(Family::HalfNormal),
            sd: Some(sd),
            ..Prior::NOTHING
        }
    }

    /// Parameter held at a value.
    pub const fn fixed(value: f64) -> Self {
        Prior {
            fixed: Some(value),
            ..Prior::NOTHING
        }
    }

    const NOTHING: Prior = Prior {
        family: None,
        mean: None,
        sd: None,
        lower: None,
        upper: None,
        scale: None,
        offset: None,
        fixed: None,
    };

    /// Cuts the prior to [lower, upper].
    pub const fn cut(self, lower: f64, upper: f64) -> Self {
        Prior {
            lower: Some(lower),
            upper: Some(upper),
            ..self
        }
    }

    /// Replaces the prior by an object's own mean and sd: a Normal inside the same support.
    ///
    /// # Errors
    /// A mean or sd that is missing or makes no sense.
    pub fn overridden(&self, parameter: &str, mean: Option<f64>, sd: Option<f64>) -> Result<Self> {
        let gaussian = self.family == Some(Family::Normal) && self.fixed.is_none();
        let mean = mean.or(self.mean.filter(|_| gaussian));
        let sd = sd.or(self.sd.filter(|_| gaussian));
        let (lower, upper) = self.support();
        let own = Prior {
            lower: Some(lower).filter(|&bound| bound > -UNBOUNDED),
            upper: Some(upper).filter(|&bound| bound < UNBOUNDED),
            mean,
            sd,
            family: Some(Family::Normal),
            ..Prior::NOTHING
        };
        own.validated(parameter)?;
        Ok(own)
    }

    /// Lower and upper cut of the parameter's value, with the family's own support.
    pub fn support(&self) -> (f64, f64) {
        let offset = self.offset.unwrap_or(0.0);
        let own = match self.family {
            Some(family) if family.is_positive() => offset,
            Some(_) | None => -UNBOUNDED,
        };
        (self.lower.unwrap_or(own).max(own), self.upper.unwrap_or(UNBOUNDED))
    }

    /// Returns the prior, or an error if it makes no sense.
    ///
    /// # Errors
    /// A number that is missing, surplus or outside its range; bounds that leave no mass.
    pub fn validated(&self, parameter: &str) -> Result<&Self> {
        let wrong = |expected| {
            Err(Error::Problem(ProblemError::BadPrior {
                parameter: parameter.into(),
                expected,
            }))
        };
        let numbers = [
            self.mean,
            self.sd,
            self.lower,
            self.upper,
            self.scale,
            self.offset,
            self.fixed,
        ];
        if numbers.iter().flatten().any(|x| !x.is_finite()) {
            return wrong("finite numbers");
        }
        if self.fixed.is_some() {
            let others = Prior { fixed: None, ..*self };
            return if others == Prior::NOTHING {
                Ok(self)
            } else {
                wrong("`fixed` alone, or a family without `fixed`")
            };
        }
        let Some(family) = self.family else {
            return wrong(Family::EXPECTED);
        };
        if let Some(expected) = family.wrong_mean(self.mean) {
            return wrong(expected);
        }
        if !family.has_sd() {
            if self.sd.is_some() || self.lower.is_none() || self.upper.is_none() {
                return wrong("`lower` and `upper`, and no `sd`, for Uniform");
            }
        } else if !self.sd.is_some_and(|sd| sd > 0.0) {
            return wrong("`sd` > 0");
        }
        if self.scale.is_some_and(|scale| scale <= 0.0) {
            return wrong("`scale` > 0");
        }
        let (lower, upper) = self.support();
        if lower >= upper {
            return wrong("`lower` < `upper`, inside the family's support");
        }
        let (p, q) = self.cut_off();
        if 1.0 - p - q < 1e-9 {
            return wrong("bounds that leave more than 1e-9 of the prior's mass");
        }
        Ok(self)
    }
}
