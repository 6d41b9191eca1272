//! Settings of the likelihood: `[likelihood]`, `[error_floors]` and `[calibration]`.

use std::collections::BTreeMap;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

use crate::emissivity::Set;
use crate::error::{Error, ProblemError, Result, ZoneError};
use crate::line::Ion;
use crate::model::code::Likelihood;
use crate::model::record::LineRecord;
use crate::problem::prior::Prior;

/// Degrees of freedom of Student's t where none are given.
pub(super) const NU: f64 = 4.0;

/// Share of outliers where none is given.
const OUTLIER_SHARE: f64 = 0.01;

/// Half-width of an interval where none is given, as a fraction of the flux.
const HALF_WIDTH: f64 = 0.05;

/// Settings of `[likelihood]`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LikelihoodSettings {
    /// Density of a measured flux around the model's.
    pub kind: Kind,
    /// Half-width of an `interval`, as a fraction of the flux; 0.05 where none is given.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "written_fraction")]
    pub half_width: Option<f64>,
    /// Probability that a line is an outlier, with `outliers`; 0.01 where none is given.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "written_share")]
    pub outlier_share: Option<f64>,
}

/// Reads a probability, above 0 and below ½.
fn written_share<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Option<f64>, D::Error> {
    let value = f64::deserialize(deserializer)?;
    let is_share = value > 0.0 && value < 0.5;
    is_share.then_some(Some(value)).ok_or_else(|| {
        D::Error::custom(format!(
            "outlier_share = {value}: expected a probability, above 0 and below 0.5"
        ))
    })
}

/// Reads a fraction of the flux, above 0 and below 1.
fn written_fraction<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Option<f64>, D::Error> {
    let value = f64::deserialize(deserializer)?;
    let is_fraction = value > 0.0 && value < 1.0;
    is_fraction.then_some(Some(value)).ok_or_else(|| {
        D::Error::custom(format!(
            "half_width = {value}: expected a fraction of the flux, above 0 and below 1"
        ))
    })
}

/// Density of a measured flux F around the model's; σ is the error of F.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Normal in F.
    #[default]
    Gaussian,
    /// Normal in ln F, with the standard deviation ln(1 + σ/F); where F ≤ 0 as `Gaussian`.
    LogGaussian,
    /// Student's t in F with `nu` degrees of freedom, scale σ.
    StudentT,
    /// Uniform between two limits, F ± `half_width` F, blurred by σ.
    Interval,
    /// Normal in F, or with the probability `outlier_share` off by a factor of about e.
    Outliers,
}

impl LikelihoodSettings {
    /// Refuses a half-width or a share that the likelihood does not take.
    pub(super) fn check(&self) -> Result<()> {
        let refused = |key, value: Option<f64>, expected| match value {
            Some(value) => Err(Error::Setting {
                key,
                value: value.to_string(),
                expected,
            }),
            None => Ok(()),
        };
        if self.kind != Kind::Interval {
            refused(
                "likelihood.half_width",
                self.half_width,
                "kind = \"interval\" beside it",
            )?;
        }
        if self.kind != Kind::Outliers {
            refused(
                "likelihood.outlier_share",
                self.outlier_share,
                "kind = \"outliers\" beside it",
            )?;
        }
        Ok(())
    }

    /// Record of a line with this flux and error, a measurement or a limit. A flux without a
    /// logarithm has the Gaussian likelihood.
    pub(super) fn record(&self, flux: f64, sigma: f64, limit: bool) -> LineRecord<f64> {
        let likelihood = match self.kind {
            _ if limit => Likelihood::UpperLimit,
            Kind::LogGaussian if flux > 0.0 => Likelihood::LogGaussian,
            Kind::Gaussian | Kind::LogGaussian => Likelihood::Gaussian,
            Kind::StudentT => Likelihood::StudentT,
            Kind::Outliers => {
                return Likelihood::with_outliers(flux, sigma, self.outlier_share.unwrap_or(OUTLIER_SHARE));
            }
            Kind::Interval => return Likelihood::interval(flux, sigma, self.half_width.unwrap_or(HALF_WIDTH)),
        };
        likelihood.record(flux, sigma)
    }
}

/// Arm of a spectrograph, `[calibration.NAME]`. Its flux scale relative to that of Hβ is the
/// parameter `cal_NAME`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Arm {
    /// First and last wavelength, in air \[Å\].
    pub range: [f64; 2],
    /// Prior of ln of the flux scale.
    pub prior: Prior,
}

impl Arm {
    /// True if the arm holds a line of this wavelength \[Å\].
    pub(super) fn contains(&self, wavelength: f64) -> bool {
        (self.range[0]..=self.range[1]).contains(&wavelength)
    }
}

/// Checks the arms: finite ranges that do not overlap, priors that make sense, and Hβ in none of
/// them where fluxes are ratios to Hβ.
pub(super) fn checked_arms(arms: &BTreeMap<String, Arm>, hbeta: Option<f64>) -> Result<()> {
    let wrong = |arm: &str, expected| {
        Err(Error::Problem(ProblemError::BadArm {
            arm: arm.into(),
            expected,
        }))
    };
    for (name, arm) in arms {
        arm.prior.validated(&format!("cal_{name}"))?;
        let [first, last] = arm.range;
        if !(first.is_finite() && last.is_finite() && 0.0 < first && first < last) {
            return wrong(name, "range = [first, last] in Å, 0 < first < last");
        }
        if hbeta.is_some_and(|hbeta| arm.contains(hbeta)) {
            return wrong(
                name,
                "a range without Hβ, which is the reference of normalisation = \"ratio\": give the other arms",
            );
        }
        let meets = |other: &Arm| other.range[0] <= last && first <= other.range[1];
        if arms.iter().any(|(other, arm)| other != name && meets(arm)) {
            return wrong(name, "a range apart from those of the other arms");
        }
    }
    Ok(())
}

/// Fractions of the flux by line and by ion, for error floors and for uncertainties of
/// emissivities.
#[derive(Clone, Debug, Default)]
pub(super) struct Fractions {
    lines: BTreeMap<usize, f64>,
    ions: BTreeMap<Ion, f64>,
    all: f64,
}

impl Fractions {
    /// Fraction of `all` lines, replaced by those of ions and lines by name.
    pub fn new(all: f64, named: &BTreeMap<String, f64>, set: &Set) -> Result<Self> {
        let mut checked = Fractions {
            all: fraction(all)?,
            ..Fractions::default()
        };
        for (name, &value) in named {
            let value = fraction(value)?;
            match name.parse::<Ion>() {
                Ok(ion) => _ = checked.ions.insert(known_ion(ion, set)?, value),
                Err(_) => {
                    let members = set.list.resolve(name, &[])?.members;
                    checked.lines.extend(members.into_iter().map(|member| (member, value)));
                }
            }
        }
        Ok(checked)
    }

    /// Fraction of a line: the largest among its members. A member has its own fraction, its ion's,
    /// or that of all lines.
    pub fn largest(&self, members: &[usize], set: &Set) -> f64 {
        let fraction = |member: &usize| {
            let ion = || self.ions.get(&set.list.lines[*member].ion);
            *self.lines.get(member).or_else(ion).unwrap_or(&self.all)
        };
        members.iter().map(fraction).fold(0.0, f64::max)
    }
}

/// Returns a fraction of the flux, or an error outside 0 to 1.
pub(super) fn fraction(value: f64) -> Result<f64> {
    if (0.0..1.0).contains(&value) {
        Ok(value)
    } else {
        Err(Error::Problem(ProblemError::ErrorFloor { value }))
    }
}

/// Returns an ion with lines in the emissivities, or an error.
pub(super) fn known_ion(ion: Ion, set: &Set) -> Result<Ion> {
    match set.list.lines.iter().any(|line| line.ion == ion) {
        true => Ok(ion),
        false => Err(Error::Zone(ZoneError::IonWithoutLines { ion: ion.to_string() })),
    }
}
