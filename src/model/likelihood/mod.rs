//! The likelihood of one line, by the code of its record: a file for each.

mod gaussian;
mod interval;
mod log_gaussian;
mod moments;
mod outliers;
mod student_t;
mod upper_limit;

pub use super::code::Likelihood;
use super::record::{LineRecord, NONE};
use crate::number::real::Real;
use crate::number::wgsl::switch;
pub(super) use outliers::CONSTANTS;

impl Likelihood {
    /// Its name in the files.
    pub const fn name(self) -> &'static str {
        match self {
            Likelihood::Gaussian => "gaussian",
            Likelihood::LogGaussian => "log-gaussian",
            Likelihood::StudentT => "student-t",
            Likelihood::UpperLimit => "upper-limit",
            Likelihood::Interval => "interval",
            Likelihood::Outliers => "outliers",
        }
    }

    /// As `record`, of a flux that is known within ± `fraction` besides its error: an interval.
    pub(crate) fn interval(flux: f64, sigma: f64, fraction: f64) -> LineRecord<f64> {
        LineRecord {
            half_width: interval::half_width(fraction, flux, sigma),
            ..Likelihood::Interval.record(flux, sigma)
        }
    }

    /// As `record`, of a flux that is an outlier with the probability `share`.
    pub(crate) fn with_outliers(flux: f64, sigma: f64, share: f64) -> LineRecord<f64> {
        let [outlier_centre, outlier_ln_height] = outliers::centre_and_ln_height(flux, sigma, share);
        LineRecord {
            outlier_centre,
            outlier_ln_height,
            ..Likelihood::Outliers.record(flux, sigma)
        }
    }

    /// True of a limit, which is no measurement of the flux.
    pub(crate) const fn is_limit(self) -> bool {
        match self {
            Likelihood::UpperLimit => true,
            Likelihood::Gaussian
            | Likelihood::LogGaussian
            | Likelihood::StudentT
            | Likelihood::Interval
            | Likelihood::Outliers => false,
        }
    }

    /// True of a likelihood whose tails let one wrong line be.
    pub(crate) const fn is_robust(self) -> bool {
        match self {
            Likelihood::StudentT | Likelihood::Outliers => true,
            Likelihood::Gaussian | Likelihood::LogGaussian | Likelihood::UpperLimit | Likelihood::Interval => false,
        }
    }

    /// True if the record holds ln F in place of F.
    pub(crate) const fn is_logarithmic(self) -> bool {
        match self {
            Likelihood::LogGaussian => true,
            Likelihood::Gaussian
            | Likelihood::StudentT
            | Likelihood::UpperLimit
            | Likelihood::Interval
            | Likelihood::Outliers => false,
        }
    }

    /// The record of a line of this flux and error, still without terms, arm and absorption.
    pub(crate) fn record(self, flux: f64, sigma: f64) -> LineRecord<f64> {
        let [flux, sigma] = match self {
            Likelihood::LogGaussian => log_gaussian::flux_and_sigma(flux, sigma),
            Likelihood::Gaussian
            | Likelihood::StudentT
            | Likelihood::UpperLimit
            | Likelihood::Interval
            | Likelihood::Outliers => [flux, sigma],
        };
        LineRecord {
            first_term: 0,
            terms: 0,
            likelihood: self,
            arm: NONE,
            flux,
            inverse_sigma: 1.0 / sigma,
            absorption_h: 0.0,
            absorption_he: 0.0,
            half_width: 0.0,
            outlier_centre: 0.0,
            outlier_ln_height: 0.0,
        }
    }

    /// The text of its twin, and the call of that.
    const fn wgsl(self) -> [&'static str; 2] {
        match self {
            Likelihood::Gaussian => [gaussian::WGSL, "gaussian(line, flux)"],
            Likelihood::LogGaussian => [log_gaussian::WGSL, "log_gaussian(line, flux)"],
            Likelihood::StudentT => [student_t::WGSL, "student_t(line, flux, nu, norm)"],
            Likelihood::UpperLimit => [upper_limit::WGSL, "upper_limit(line, flux)"],
            Likelihood::Interval => [interval::WGSL, "interval(line, flux)"],
            Likelihood::Outliers => [outliers::WGSL, "outliers(line, flux)"],
        }
    }
}

/// The WGSL text of all likelihoods and of `line_likelihood`.
pub(super) fn wgsl() -> String {
    let mut text: String = Likelihood::ALL.iter().map(|likelihood| likelihood.wgsl()[0]).collect();
    let cases = Likelihood::ALL.iter().zip(Likelihood::CODES);
    let cases: Vec<(&str, &str)> = cases
        .map(|(likelihood, (code, _))| (*code, likelihood.wgsl()[1]))
        .collect();
    text += "fn line_likelihood(line: LineRecord, flux: f32, nu: f32, norm: vec2<f32>) -> vec3<f32> {\n";
    text + &switch("line.likelihood", &cases) + "}\n"
}

/// ln L of `line` at the model's `flux`, without the terms that depend on neither flux nor ν, and
/// its derivatives with respect to the flux and to ν. For Student's t, `nu` is ν and `norm` is
/// [`student_norm`](crate::number::special::student_norm) of ν.
#[inline(always)]
pub fn line_likelihood<F: Real>(line: &LineRecord<F>, flux: F, nu: F, norm: [F; 2]) -> [F; 3] {
    match line.likelihood {
        Likelihood::Gaussian => gaussian::gaussian(line, flux),
        Likelihood::LogGaussian => log_gaussian::log_gaussian(line, flux),
        Likelihood::StudentT => student_t::student_t(line, flux, nu, norm),
        Likelihood::UpperLimit => upper_limit::upper_limit(line, flux),
        Likelihood::Interval => interval::interval(line, flux),
        Likelihood::Outliers => outliers::outliers(line, flux),
    }
}

/// The Fisher information of the model's `flux` in `line`, or −d² ln L/d flux² where the
/// information depends on the data: the weight of the line in the Gauss–Newton matrix, never
/// negative.
#[inline(always)]
pub fn information<F: Real>(line: &LineRecord<F>, flux: F, nu: F) -> F {
    match line.likelihood {
        Likelihood::Gaussian => gaussian::information(line),
        Likelihood::LogGaussian => log_gaussian::information(line, flux),
        Likelihood::StudentT => student_t::information(line, nu),
        Likelihood::UpperLimit => upper_limit::information(line, flux),
        Likelihood::Interval => interval::information(line),
        Likelihood::Outliers => outliers::information(line, flux),
    }
}

impl<F: Real> LineRecord<F> {
    /// ln of the constant that `line_likelihood` leaves out: with it, exp(ln L) is a density of the
    /// measured flux, whatever the likelihood. An upper limit is a probability and has none.
    pub fn ln_normalisation(&self) -> F {
        match self.likelihood {
            Likelihood::Gaussian | Likelihood::StudentT => gaussian::ln_normalisation(self),
            Likelihood::LogGaussian => log_gaussian::ln_normalisation(self),
            Likelihood::UpperLimit => F::zero(),
            Likelihood::Interval => interval::ln_normalisation(self),
            Likelihood::Outliers => outliers::ln_normalisation(self),
        }
    }

    /// A positive flux where a search may start.
    pub fn starting_flux(&self) -> F {
        match self.likelihood {
            Likelihood::Gaussian | Likelihood::StudentT | Likelihood::Interval | Likelihood::Outliers => {
                gaussian::starting_flux(self)
            }
            Likelihood::LogGaussian => log_gaussian::starting_flux(self),
            Likelihood::UpperLimit => upper_limit::starting_flux(self),
        }
    }
}

impl LineRecord<f64> {
    /// The distance from the model's flux to the measurement, in σ of the likelihood: of a
    /// log-Gaussian in ln F, of an upper limit 0 unless the model exceeds it.
    pub fn pull(&self, model: f64) -> f64 {
        match self.likelihood {
            Likelihood::Gaussian | Likelihood::StudentT | Likelihood::Outliers => gaussian::pull(self, model),
            Likelihood::LogGaussian => log_gaussian::pull(self, model),
            Likelihood::UpperLimit => upper_limit::pull(self, model),
            Likelihood::Interval => interval::pull(self, model),
        }
    }

    /// Twice the log likelihood that the line loses against a perfect fit; `nu` is ν of Student's
    /// t.
    pub fn deviance(&self, model: f64, nu: f64) -> f64 {
        match self.likelihood {
            Likelihood::Gaussian | Likelihood::LogGaussian => self.pull(model).powi(2),
            Likelihood::StudentT => student_t::deviance(self, model, nu),
            Likelihood::UpperLimit => upper_limit::deviance(self, model),
            Likelihood::Interval => interval::deviance(self, model),
            Likelihood::Outliers => outliers::deviance(self, model),
        }
    }

    /// Mean and variance of the deviance of a measurement whose model is true; `nu` is ν of
    /// Student's t. A limit is no measurement and has none.
    pub(crate) fn deviance_moments(&self, nu: f64) -> Option<[f64; 2]> {
        match self.likelihood {
            Likelihood::Gaussian | Likelihood::LogGaussian => Some([1.0, 2.0]),
            Likelihood::StudentT | Likelihood::Interval | Likelihood::Outliers => Some(moments::of_deviance(self, nu)),
            Likelihood::UpperLimit => None,
        }
    }

    /// A flux measured where the model says `model`, drawn with the standard normal number `z`, or
    /// for Student's t of ν = `nu()` with the uniform number `u()`. Of an upper limit, the flux
    /// that it limits.
    pub(crate) fn noise(&self, model: f64, z: f64, u: impl Fn() -> f64, nu: impl Fn() -> f64) -> f64 {
        match self.likelihood {
            Likelihood::Gaussian | Likelihood::UpperLimit => gaussian::noise(self, model, z),
            Likelihood::LogGaussian => log_gaussian::noise(self, model, z),
            Likelihood::StudentT => student_t::noise(self, model, u(), nu()),
            Likelihood::Interval => interval::noise(self, model, z, u()),
            Likelihood::Outliers => outliers::noise(self, model, z, u()),
        }
    }
}

#[cfg(test)]
mod tests;
