//! Checks of priors: known parameters, and supports inside the emissivities' nodes and at or above
//! zero.

use super::likelihood;
use super::quantity::{Kind, kind};
use super::recipe::{RV, Recipe};
use super::zones::Link;
use crate::error::{Error, ExtinctionError, ProblemError, Result};
use crate::extinction::HBETA_WAVELENGTH;
use crate::line::Ion;
use crate::problem::prior::Prior;

/// Parameters that are sampled at or above zero.
const POSITIVE: [&str; 5] = ["cHbeta", "tau", "xi", "a_H", "a_He"];

impl Recipe<'_> {
    /// Refuses priors that fit no object.
    pub(super) fn check_priors(&self) -> Result<()> {
        self.check_idle()?;
        for (name, prior) in &self.priors {
            self.check_parameter(name)?;
            prior.validated(name)?;
            self.check_range(name, prior)?;
        }
        let both = |suffix: String| {
            self.priors.contains_key(&format!("n_e{suffix}")) && self.priors.contains_key(&format!("log_ne{suffix}"))
        };
        if both(String::new()) || self.zones.all.iter().any(|zone| both(zone.suffix())) {
            return Err(Error::Problem(ProblemError::TwoDensityPriors));
        }
        Ok(())
    }

    /// Refuses four coefficients with 1 + k₄ n ≤ 0 at a density that the prior of the line's zone
    /// reaches.
    pub(super) fn check_coefficients(&self) -> Result<()> {
        for (&line, k) in self.coefficients.iter().flatten() {
            let line = &self.set.list.lines[line];
            let mut zone = self.zones.zone_of(line.ion);
            while let Link::Same(other) = self.zones.all[zone].density {
                zone = other;
            }
            let n_e = self.density(&self.zones.all[zone].suffix()).0.largest();
            if 1.0 + k[3] * n_e <= 0.0 {
                return Err(Error::Problem(ProblemError::CoefficientPole {
                    line: line.label.clone(),
                    k4: k[3],
                    density: -1.0 / k[3],
                    largest: n_e,
                }));
            }
        }
        Ok(())
    }

    /// Refuses priors of parameters that the settings leave out of every model.
    fn check_idle(&self) -> Result<()> {
        let idle = self
            .priors
            .keys()
            .find_map(|name| Some((name, self.missing_setting(name)?)));
        match idle {
            None => Ok(()),
            Some((name, expected)) => Err(Error::Problem(ProblemError::BadPrior {
                parameter: name.clone(),
                expected,
            })),
        }
    }

    /// Setting that a parameter needs to be in any object's model, where the setting is missing.
    pub(super) fn missing_setting(&self, name: &str) -> Option<&'static str> {
        let settings = &self.settings;
        let student = settings.tables.likelihood.kind == likelihood::Kind::StudentT;
        let (used, expected) = match name {
            "xi" => (
                settings.collisional_excitation,
                "collisional_excitation = true in [model]",
            ),
            "nu" => (student, "kind = \"student-t\" in [likelihood]"),
            RV => (self.priors.contains_key(RV), "a prior of R_V in [priors]"),
            _ => (true, ""),
        };
        (!used).then_some(expected)
    }

    /// Refuses a prior of R_V outside the range of the law. A prior without bounds is cut to that
    /// range.
    pub(super) fn cut_rv(&mut self) -> Result<()> {
        let Some(prior) = self.priors.get_mut(RV) else {
            return Ok(());
        };
        let linear = self.law.linear(HBETA_WAVELENGTH).is_some();
        let Some([least, most]) = self.law.rv_range().filter(|_| linear) else {
            return Err(Error::Extinction(ExtinctionError::RvPrior {
                law: self.law.name().to_owned(),
            }));
        };
        prior.validated(RV)?;
        if prior.fixed.is_none() {
            prior.lower = prior.lower.or(Some(least));
            prior.upper = prior.upper.or(Some(most));
        }
        let (lower, upper) = prior.fixed.map_or_else(|| prior.support(), |rv| (rv, rv));
        if lower < least || upper > most {
            return Err(Error::Extinction(ExtinctionError::RvRange {
                law: self.law.name().to_owned(),
                rv: if lower < least { lower } else { upper },
                min: least,
                max: most,
            }));
        }
        Ok(())
    }

    /// Refuses a prior that reaches beyond the nodes of the emissivities, or beyond the possible
    /// values of its parameter.
    pub(super) fn check_range(&self, name: &str, prior: &Prior) -> Result<()> {
        let axes = &self.set.axes;
        let nodes = |axis: &crate::emissivity::Axis| (10_f64.powf(axis.first), 10_f64.powf(axis.last));
        let wrong = |expected| {
            Err(Error::Problem(ProblemError::BadPrior {
                parameter: name.into(),
                expected,
            }))
        };
        let least = prior.fixed.unwrap_or(prior.support().0);
        match kind(name, &self.zones) {
            Some(Kind::Temperature) => check_nodes(name, prior, nodes(&axes.log10_t)),
            Some(Kind::Density) => check_nodes(name, prior, nodes(&axes.log10_ne)),
            Some(Kind::LogDensity) => check_nodes(name, prior, (axes.log10_ne.first, axes.log10_ne.last)),
            None if name == "nu" && least < 1.0 => wrong("a lower bound or value of 1 at least"),
            None if POSITIVE.contains(&name) && least < 0.0 => wrong("a lower bound or value of 0 at least"),
            None if name.parse().is_ok_and(|ion: Ion| !ion.is_metal()) => match prior.fixed {
                Some(value) if value < 0.0 => wrong("a value of 0 at least"),
                None if least < 0.0 => wrong("a lower bound of 0 at least"),
                _ => Ok(()),
            },
            None => Ok(()),
        }
    }
}

/// Relative difference allowed between a bound and the node of the emissivities that it stands for:
/// nodes are given as logarithms.
const ROUNDING: f64 = 1e-12;

/// Refuses a prior beyond the nodes of the emissivities.
fn check_nodes(parameter: &str, prior: &Prior, (low, high): (f64, f64)) -> Result<()> {
    let (lower, upper) = prior.fixed.map_or_else(|| prior.support(), |value| (value, value));
    let rounding = |bound: f64| ROUNDING * bound.abs();
    if lower >= low - rounding(low) && upper <= high + rounding(high) {
        return Ok(());
    }
    Err(Error::Problem(ProblemError::PriorRange {
        parameter: parameter.into(),
        lower,
        upper,
        low,
        high,
    }))
}
