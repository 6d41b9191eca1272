//! How cells become numbers: signs for missing lines and limits, and the unit of the errors.

use super::number;
use super::settings::{LimitError, Missing};

/// The content of a column of errors.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Spread {
    /// Standard errors in the unit of the fluxes.
    #[default]
    Sigma,
    /// Inverse variances.
    Ivar,
    /// Errors as fractions of the fluxes.
    Fraction,
    /// Errors in per cent of the fluxes.
    Percent,
}

/// The rules of one catalogue.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rules {
    pub(crate) spread: Spread,
    /// Signs for a line that was not measured.
    pub(crate) missing: Vec<Missing>,
    /// The error that marks an upper limit.
    pub(crate) limit_error: Option<LimitError>,
    /// True if an error of 0 says that the error is not known.
    pub(crate) zero_is_unknown: bool,
    /// True if equivalent widths in emission are negative.
    pub(crate) ew_negative: bool,
    /// True if an equivalent width in absorption beside a flux > 0 rejects the object, in place of being left out.
    pub(crate) strict_ew: bool,
    /// Least flux over error of a listed Hβ.
    pub(crate) hbeta_snr: f64,
    /// The flux of Hβ in a catalogue that does not list it.
    pub(crate) hbeta: Option<f64>,
    /// Errors as a fraction of the fluxes, where the table has none.
    pub(crate) flux_error: Option<f64>,
}

impl Rules {
    /// True if flux and error say that the line was not measured; an error that cannot be read says nothing, and one that
    /// marks a limit is none of those that are not above zero.
    pub(crate) fn is_missing(&self, flux: f64, error: Option<f64>) -> bool {
        let error = error.unwrap_or(1.0);
        let is_limit = self.limit_error.is_some_and(|sign| sign.is(error));
        let counts = |missing: &&Missing| !(is_limit && **missing == Missing::ErrorNotPositive);
        self.missing
            .iter()
            .filter(counts)
            .any(|missing| missing.is(flux, error))
    }

    /// True if an equivalent width is the sign for one that was not measured.
    pub(crate) fn is_blank(&self, ew: &str) -> bool {
        if number::is_absent(ew) {
            return true;
        }
        let Some(value) = number::parse(ew, false) else {
            return false;
        };
        self.missing.iter().any(|missing| match missing {
            Missing::NotFinite => !value.is_finite(),
            Missing::Flux(sign) => value == *sign,
            Missing::BothZero | Missing::ErrorNotPositive => value == 0.0,
        })
    }

    /// The standard error of a flux from what the table gives.
    pub(crate) fn sigma(&self, given: f64, flux: f64) -> f64 {
        match self.spread {
            Spread::Sigma => given,
            Spread::Ivar => given.sqrt().recip(),
            Spread::Fraction => given * flux.abs(),
            Spread::Percent => given * flux.abs() / 100.0,
        }
    }
}
