//! Noise of a simulated flux, one form for each likelihood of a fit.

use std::str::FromStr;

use statrs::distribution::{ContinuousCDF, StudentsT};

use crate::error::{Error, Result};
use crate::model::code::Likelihood;
use crate::rng::{Key, normal, purpose, uniform};

/// Degrees of freedom of Student's t if neither the option nor the truth gives them.
const FREEDOM: f64 = 4.0;

/// Distribution of a measured flux F around the true flux f, with the error σ.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Noise {
    /// F = f + σ z, z standard normal.
    #[default]
    Gaussian,
    /// ln F = ln f + ln(1 + r) z, with r the error as a fraction of the flux; the error given is r
    /// F.
    LogGaussian,
    /// F = f + σ t, t Student's with these degrees of freedom; if absent, the parameter `nu` of the
    /// truth, else 4.
    StudentT(Option<f64>),
    /// As `Gaussian`, or with this probability off by a factor, as the likelihood `outliers` has it.
    Outliers(f64),
}

/// One simulated measurement.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measured {
    /// Flux relative to Hβ, or the upper limit.
    pub flux: f64,
    /// Error of the flux.
    pub sigma: f64,
    /// True for an upper limit.
    pub limit: bool,
}

impl Noise {
    /// A measurement of the line `label` with the true flux `flux` and the error `sigma`,
    /// `relative` of the flux; `nu` is that of the truth.
    pub(super) fn measure(
        self,
        key: &Key,
        label: &str,
        flux: f64,
        [sigma, relative]: [f64; 2],
        nu: Option<f64>,
    ) -> Measured {
        let purpose = purpose(&format!("simulate noise:{label}"));
        let z = || normal(key, 0, 0, purpose, 0);
        let (flux, sigma) = match self {
            Noise::Gaussian => (flux + sigma * z(), sigma),
            Noise::LogGaussian => {
                let flux = flux * (relative.ln_1p() * z()).exp();
                (flux, relative * flux)
            }
            Noise::StudentT(freedom) => {
                let freedom = freedom.or(nu).unwrap_or(FREEDOM);
                let student = StudentsT::new(0.0, 1.0, freedom).expect("degrees of freedom above zero");
                (
                    flux + sigma * student.inverse_cdf(uniform(key, 0, 0, purpose, 0)),
                    sigma,
                )
            }
            Noise::Outliers(share) => {
                let record = Likelihood::with_outliers(flux, sigma, share);
                let u = || uniform(key, 0, 0, purpose, 1);
                (record.noise(flux, z(), u, || FREEDOM), sigma)
            }
        };
        Measured {
            flux,
            sigma,
            limit: false,
        }
    }
}

/// Reads a number that satisfies `sound`.
fn number(text: &str, sound: impl Fn(f64) -> bool) -> Option<f64> {
    text.parse().ok().filter(|&value: &f64| sound(value))
}

impl Measured {
    /// Turns a flux below `times` σ into an upper limit there.
    pub(super) fn censored(self, times: f64) -> Self {
        let limit = times * self.sigma;
        if self.flux < limit {
            Measured {
                flux: limit,
                limit: true,
                ..self
            }
        } else {
            self
        }
    }
}

impl FromStr for Noise {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let wrong = || Error::Setting {
            key: "noise",
            value: text.to_owned(),
            expected: "gaussian, log-gaussian, student-t, student-t:NU with NU > 0, or outliers:Q with 0 < Q < 0.5",
        };
        match text.split_once(':') {
            None if text == "gaussian" => Ok(Noise::Gaussian),
            None if text == "log-gaussian" => Ok(Noise::LogGaussian),
            None if text == "student-t" => Ok(Noise::StudentT(None)),
            Some(("student-t", nu)) => {
                let nu = number(nu, |nu| nu.is_finite() && nu > 0.0);
                nu.map(|nu| Noise::StudentT(Some(nu))).ok_or_else(wrong)
            }
            Some(("outliers", share)) => {
                let share = number(share, |share| share > 0.0 && share < 0.5);
                share.map(Noise::Outliers).ok_or_else(wrong)
            }
            _ => Err(wrong()),
        }
    }
}
