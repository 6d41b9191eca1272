//! Reddening laws: f(λ), the extinction of a line relative to Hβ, for the laws in use in nebular
//! astronomy.
//!
//! With X(λ) = A(λ)/E(B−V), a line of intrinsic intensity I is observed as F = I·10^(−c(Hβ)·f(λ))
//! relative to Hβ, where f(λ) = X(λ)/X(Hβ) − 1 and c(Hβ) = 0.4 E(B−V) X(Hβ).
//!
//! Wavelengths are in Å, in air between 2000 Å and 1 μm like line labels. In vacuum wavelengths f
//! would shift by less than 4·10⁻⁴. In the ultraviolet each law ends where its paper ends. In the
//! infrared no law ends: beyond its last published point X falls as the power law X ∝ λ^−1.61 of
//! CCM89. F99 carries its own spline to X = 0 at infinite wavelength. A user's table is never
//! extrapolated.
//!
//! No law has the silicate bands at 9.7 and 18 μm, where f ≈ −0.98. The true f may be higher there
//! by 0.05 (A_V/τ(9.7 μm) = 18.5, Roche & Aitken 1984, MNRAS 208, 481).

mod calzetti;
mod ccm;
mod f99;
mod g03;
mod mm72;
mod slope;
mod table;

use std::path::Path;
use std::sync::Arc;

pub use crate::error::ExtinctionError;
use crate::error::{Error, Result};
pub use slope::{Reddened, c_hbeta};
pub use table::Table;

/// Air wavelength of Hβ, the line to which f(λ) is relative \[Å\] (NIST Atomic Spectra Database).
pub const HBETA_WAVELENGTH: f64 = 4861.33;

/// Exponent of the infrared power law A(λ) ∝ λ^−1.61 (Cardelli, Clayton & Mathis 1989, eq. 2a).
const INFRARED_EXPONENT: f64 = 1.61;

/// R_V of a Galactic law if none is given: the mean of the diffuse interstellar medium (CCM89,
/// F99).
const DEFAULT_RV: f64 = 3.1;

/// Range of R_V of the Galactic laws. Their stars span 2.6–5.6 (CCM89) and 2.3–5.3 (F99).
const RV_RANGE: [f64; 2] = [2.0, 6.0];

/// All names that [`Law::from_name`] takes, besides `table:FILE`.
const NAMES: [&str; 8] = ["CCM89", "O94", "F99", "Cal00", "MM72", "G03-LMC", "G03-SMC", "none"];

/// Prefix of the path of a user's table.
pub const TABLE_PREFIX: &str = "table:";

/// A reddening law.
#[derive(Debug, Clone, PartialEq)]
pub enum Law {
    /// No extinction: f = 0 for every line.
    None,
    /// Cardelli, Clayton & Mathis 1989, ApJ 345, 245; λ ≥ 1000 Å.
    Ccm89 {
        /// R_V = A(V)/E(B−V), 2–6.
        rv: f64,
    },
    /// CCM89 with the optical coefficients of O'Donnell 1994, ApJ 422, 158; λ ≥ 1000 Å.
    O94 {
        /// R_V = A(V)/E(B−V), 2–6.
        rv: f64,
    },
    /// Fitzpatrick 1999, PASP 111, 63; λ ≥ 1150 Å.
    F99 {
        /// R_V = A(V)/E(B−V), 2–6.
        rv: f64,
    },
    /// Starburst galaxies: Calzetti et al. 2000, ApJ 533, 682; λ ≥ 1200 Å.
    Calzetti {
        /// R_V = A(V)/E(B−V), 3.7–6; 4.05 as published.
        rv: f64,
    },
    /// Whitford 1958 as parametrised by Miller & Mathews 1972, ApJ 172, 593; λ ≥ 3300 Å.
    Mm72,
    /// Average of the Large Magellanic Cloud, R_V = 3.41: Gordon et al. 2003, ApJ 594, 279, Table
    /// 4; λ ≥ 1194 Å.
    G03Lmc,
    /// Bar of the Small Magellanic Cloud, R_V = 2.74: Gordon et al. 2003, ApJ 594, 279, Table 4; λ
    /// ≥ 1159 Å.
    G03Smc,
    /// A table of the user.
    Table(Arc<Table>),
}

impl Law {
    /// The law with the name `CCM89`, `O94`, `F99`, `Cal00`, `MM72`, `G03-LMC`, `G03-SMC`, `none`,
    /// or `table:FILE`. FILE is a CSV file with the columns `wavelength_A` and `X` = A(λ)/E(B−V) or
    /// `f_lambda`, interpolated linearly in 1/λ.
    ///
    /// `rv` is R_V; absent, it is 3.1 for the three Galactic laws and 4.05 for `Cal00`.
    ///
    /// # Errors
    /// An unknown name, an R_V outside 2–6 (3.7–6 for `Cal00`), an R_V for a law without a choice
    /// of R_V, a table that cannot be read.
    pub fn from_name(name: &str, rv: Option<f64>) -> Result<Self> {
        let galactic = rv.unwrap_or(DEFAULT_RV);
        let law = match name {
            "CCM89" => Self::Ccm89 { rv: galactic },
            "O94" => Self::O94 { rv: galactic },
            "F99" => Self::F99 { rv: galactic },
            "Cal00" => Self::Calzetti {
                rv: rv.unwrap_or(calzetti::RV),
            },
            "MM72" => Self::Mm72,
            "G03-LMC" => Self::G03Lmc,
            "G03-SMC" => Self::G03Smc,
            "none" => Self::None,
            _ => match name.strip_prefix(TABLE_PREFIX) {
                Some(path) => Self::Table(Arc::new(Table::read(Path::new(path))?)),
                None => {
                    return Err(Error::Extinction(ExtinctionError::UnknownLaw {
                        name: name.into(),
                        known: NAMES.join(", "),
                    }));
                }
            },
        };
        match (law.rv_range(), rv) {
            (None, Some(rv)) => Err(Error::Extinction(ExtinctionError::RvNotTaken {
                law: law.name().to_owned(),
                rv,
            })),
            (Some([min, max]), Some(rv)) if !(min..=max).contains(&rv) => {
                Err(Error::Extinction(ExtinctionError::RvRange {
                    law: law.name().to_owned(),
                    rv,
                    min,
                    max,
                }))
            }
            _ => Ok(law),
        }
    }

    /// Name of the law, as [`Law::from_name`] takes it.
    pub fn name(&self) -> &str {
        match self {
            Self::Ccm89 { .. } => "CCM89",
            Self::O94 { .. } => "O94",
            Self::F99 { .. } => "F99",
            Self::Calzetti { .. } => "Cal00",
            Self::Mm72 => "MM72",
            Self::G03Lmc => "G03-LMC",
            Self::G03Smc => "G03-SMC",
            Self::None => "none",
            Self::Table(table) => &table.name,
        }
    }

    /// R_V = A(V)/E(B−V), chosen (CCM89, O94, F99, Cal00) or measured (G03); none for the other
    /// laws.
    pub fn rv(&self) -> Option<f64> {
        match *self {
            Self::Ccm89 { rv } | Self::O94 { rv } | Self::F99 { rv } | Self::Calzetti { rv } => Some(rv),
            Self::G03Lmc => Some(g03::LMC.rv),
            Self::G03Smc => Some(g03::SMC.rv),
            Self::Mm72 | Self::None | Self::Table(_) => None,
        }
    }

    /// Smallest and largest R_V of the law; none where R_V cannot be chosen.
    pub fn rv_range(&self) -> Option<[f64; 2]> {
        match self {
            Self::Ccm89 { .. } | Self::O94 { .. } | Self::F99 { .. } => Some(RV_RANGE),
            Self::Calzetti { .. } => Some(calzetti::RV_RANGE),
            Self::Mm72 | Self::G03Lmc | Self::G03Smc | Self::None | Self::Table(_) => None,
        }
    }

    /// Table of the user, if the law is one.
    pub fn table(&self) -> Option<&Table> {
        match self {
            Self::Table(table) => Some(table),
            _ => None,
        }
    }

    /// Shortest wavelength at which the law is defined \[Å\].
    pub fn shortest_wavelength(&self) -> f64 {
        1e4 / match self {
            Self::Ccm89 { .. } | Self::O94 { .. } => ccm::LARGEST_WAVENUMBER,
            Self::F99 { .. } => f99::LARGEST_WAVENUMBER,
            Self::Calzetti { .. } => calzetti::LARGEST_WAVENUMBER,
            Self::Mm72 => mm72::LARGEST_WAVENUMBER,
            Self::G03Lmc => g03::LMC.largest_wavenumber(),
            Self::G03Smc => g03::SMC.largest_wavenumber(),
            Self::None => f64::INFINITY,
            Self::Table(table) => return table.range()[0],
        }
    }

    /// Longest wavelength at which the law is defined \[Å\]; infinite for all laws but a user's
    /// table.
    pub fn longest_wavelength(&self) -> f64 {
        match self {
            Self::Table(table) => table.range()[1],
            _ => f64::INFINITY,
        }
    }

    /// f(λ) = X(λ)/X(Hβ) − 1 at `wavelength` \[Å\]: 0 at Hβ, positive in the blue, → −1 in the far
    /// infrared.
    ///
    /// # Errors
    /// A wavelength that is not positive, not finite, or outside [`Law::shortest_wavelength`] to
    /// [`Law::longest_wavelength`].
    pub fn f_lambda(&self, wavelength: f64) -> Result<f64, ExtinctionError> {
        self.check_wavelength(wavelength)?;
        Ok(match self {
            Self::None => 0.0,
            _ => self.extinction(wavelength) / self.extinction(HBETA_WAVELENGTH) - 1.0,
        })
    }

    /// (a, b) of X(λ) = A(λ)/E(B−V) = a R_V + b at `wavelength` \[Å\], for any R_V. None for a law
    /// that is not linear in R_V (all but CCM89, O94 and Cal00) or not defined at that wavelength.
    pub fn linear(&self, wavelength: f64) -> Option<(f64, f64)> {
        self.check_wavelength(wavelength).ok()?;
        let wavenumber = 1e4 / wavelength;
        match self {
            Self::Ccm89 { .. } => Some(ccm::linear(wavenumber, &ccm::OPTICAL_CCM89)),
            Self::O94 { .. } => Some(ccm::linear(wavenumber, &ccm::OPTICAL_O94)),
            Self::Calzetti { .. } => Some(calzetti::linear(wavenumber)),
            _ => None,
        }
    }

    /// c(Hβ)/E(B−V) = 0.4 X(Hβ), the factor from a colour excess \[mag\] to c(Hβ) \[dex\]. 0
    /// without extinction. None for a law known only relative to Hβ: MM72 and a user's table of
    /// f(λ).
    pub fn c_hbeta_per_ebv(&self) -> Option<f64> {
        match self {
            Self::Mm72 => None,
            Self::Table(table) if !table.absolute => None,
            _ => Some(0.4 * self.extinction(HBETA_WAVELENGTH)),
        }
    }

    fn check_wavelength(&self, wavelength: f64) -> Result<(), ExtinctionError> {
        let (min, max) = (self.shortest_wavelength(), self.longest_wavelength());
        if wavelength.is_finite() && wavelength > 0.0 && (min..=max).contains(&wavelength) {
            return Ok(());
        }
        Err(ExtinctionError::Wavelength {
            law: self.name().to_owned(),
            wavelength,
            min,
            max,
        })
    }

    /// X(λ) = A(λ)/E(B−V) at a wavelength \[Å\] within the law's range, or A(λ) on another scale
    /// where E(B−V) is unknown.
    fn extinction(&self, wavelength: f64) -> f64 {
        let wavenumber = 1e4 / wavelength; // μm⁻¹, the papers' x
        let at = |rv: f64, (a, b): (f64, f64)| rv * a + b;
        match *self {
            Self::None => 0.0,
            Self::Ccm89 { rv } => at(rv, ccm::linear(wavenumber, &ccm::OPTICAL_CCM89)),
            Self::O94 { rv } => at(rv, ccm::linear(wavenumber, &ccm::OPTICAL_O94)),
            Self::F99 { rv } => f99::extinction(wavenumber, rv),
            Self::Calzetti { rv } => at(rv, calzetti::linear(wavenumber)),
            Self::Mm72 => mm72::extinction(wavenumber),
            Self::G03Lmc => g03::LMC.extinction(wavenumber),
            Self::G03Smc => g03::SMC.extinction(wavenumber),
            Self::Table(ref table) => table.extinction(wavenumber),
        }
    }
}

/// Value of c₀ + c₁x + c₂x² + … .
fn polynomial(coefficients: &[f64], x: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, c| sum * x + c)
}

#[cfg(test)]
mod tests;
