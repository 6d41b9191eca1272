//! How cells become numbers: the catalogue's signs for missing lines and limits, and what its errors are.

use super::settings::Missing;

/// What a column of errors holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Spread {
    /// Standard errors in the unit of the fluxes.
    #[default]
    Sigma,
    /// Inverse variances.
    Ivar,
    /// Errors as fractions of the fluxes.
    Fraction,
}

/// The rules of one catalogue.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rules {
    pub(crate) spread: Spread,
    /// What stands for a line that was not measured.
    pub(crate) missing: Vec<Missing>,
    /// The error that marks an upper limit.
    pub(crate) limit_error: Option<f64>,
    /// Whether equivalent widths in emission are negative.
    pub(crate) ew_negative: bool,
    /// Whether an equivalent width in absorption beside a flux > 0 rejects the object, in place of being left out.
    pub(crate) strict_ew: bool,
    /// Least flux over error of Hβ.
    pub(crate) hbeta_snr: f64,
    /// Errors as a fraction of the fluxes, where the table has none.
    pub(crate) flux_error: Option<f64>,
}

impl Rules {
    /// Whether flux and error say that the line was not measured; text that is no number says nothing.
    pub(crate) fn is_missing(&self, flux: &str, error: Option<&str>) -> bool {
        let number = |text: &str| match text {
            "" => Some(f64::NAN),
            text => text.parse::<f64>().ok(),
        };
        let (Some(flux), Some(error)) = (number(flux), number(error.unwrap_or("1"))) else {
            return false;
        };
        self.missing.iter().any(|missing| missing.is(flux, error))
    }

    /// Whether an equivalent width is the sign for one that was not measured.
    pub(crate) fn is_blank(&self, ew: &str) -> bool {
        let Ok(value) = ew.parse::<f64>() else { return false };
        self.missing.iter().any(|missing| match missing {
            Missing::NotFinite => !value.is_finite(),
            Missing::Flux(sign) => value == *sign,
            Missing::BothZero | Missing::ErrorNotPositive => value == 0.0,
        })
    }
}
