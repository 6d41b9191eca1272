//! Errors of reddening laws.

/// Reddening law that does not exist, or does not take its R_V or wavelength.
#[derive(Debug, thiserror::Error)]
pub enum ExtinctionError {
    /// A name without a reddening law.
    #[error("extinction law {name:?} is unknown: expected one of {known}, or table:FILE")]
    UnknownLaw {
        /// The name given.
        name: String,
        /// Known names, joined by commas.
        known: String,
    },

    /// An R_V outside the range of a law.
    #[error("rv = {rv} is out of range: extinction law {law} takes {min} to {max}")]
    RvRange {
        /// The law.
        law: String,
        /// R_V as given.
        rv: f64,
        /// Smallest R_V.
        min: f64,
        /// Largest R_V.
        max: f64,
    },

    /// An R_V given to a law without a free R_V.
    #[error(
        "rv = {rv} given, but extinction law {law} has no R_V to choose: remove rv, or take CCM89, \
         O94, F99 or Cal00"
    )]
    RvNotTaken {
        /// The law.
        law: String,
        /// R_V as given.
        rv: f64,
    },

    /// A wavelength at which a reddening law is not defined.
    #[error(
        "wavelength {wavelength} Å is outside extinction law {law}, which {}",
        covers(*min, *max)
    )]
    Wavelength {
        /// The law.
        law: String,
        /// The wavelength \[Å\].
        wavelength: f64,
        /// The law's shortest wavelength \[Å\].
        min: f64,
        /// The law's longest wavelength; infinite for a law without an end \[Å\].
        max: f64,
    },

    /// A prior of R_V for a law that is not linear in R_V.
    #[error(
        "prior of R_V: the law {law} is not linear in R_V: take CCM89, O94 or Cal00, whose \
         A(λ)/E(B-V) = a R_V + b can be fitted, or leave R_V out of [priors]"
    )]
    RvPrior {
        /// The law.
        law: String,
    },
}

/// Words for the wavelengths of a reddening law.
fn covers(min: f64, max: f64) -> String {
    match max.is_finite() {
        true => format!("covers {min:.0} to {max:.0} Å"),
        false => format!("begins at {min:.0} Å"),
    }
}
