//! Rules that turn cells into numbers: signs for missing lines and limits, and the unit of the
//! errors.

use super::number;
use super::settings::{LimitError, Missing};

/// Content of a column of errors.
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

/// Rules of one catalogue.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rules {
    pub(crate) spread: Spread,
    /// Signs for a line that was not measured.
    pub(crate) missing: Vec<Missing>,
    /// Error that marks an upper limit.
    pub(crate) limit_error: Option<LimitError>,
    /// True if an error of 0 means that the error is unknown.
    pub(crate) zero_is_unknown: bool,
    /// True if equivalent widths in emission are negative.
    pub(crate) ew_negative: bool,
    /// True if an equivalent width in absorption beside a flux > 0 rejects the object. False leaves
    /// the width out.
    pub(crate) strict_ew: bool,
    /// Least ratio of flux to error of a listed Hβ.
    pub(crate) hbeta_snr: f64,
    /// Flux of Hβ in a catalogue that does not list it.
    pub(crate) hbeta: Option<f64>,
    /// Errors as a fraction of the fluxes, where the table has none.
    pub(crate) flux_error: Option<f64>,
}

impl Rules {
    /// Tells whether flux and error mark a line that was not measured. An unreadable error marks
    /// nothing. An error that marks a limit is not one of those at or below zero.
    pub(crate) fn is_missing(&self, flux: f64, error: Option<f64>) -> bool {
        let error = error.unwrap_or(1.0);
        let is_limit = self.limit_error.is_some_and(|sign| sign.is(error));
        let counts = |missing: &&Missing| !(is_limit && **missing == Missing::ErrorNotPositive);
        self.missing
            .iter()
            .filter(counts)
            .any(|missing| missing.is(flux, error))
    }

    /// Tells whether an equivalent width marks a width that was not measured.
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

    /// Standard error of a flux, from the value in the table.
    pub(crate) fn sigma(&self, given: f64, flux: f64) -> f64 {
        match self.spread {
            Spread::Sigma => given,
            Spread::Ivar => given.sqrt().recip(),
            Spread::Fraction => given * flux.abs(),
            Spread::Percent => given * flux.abs() / 100.0,
        }
    }
}
