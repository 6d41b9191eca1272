//! Reddening laws: f(λ), the extinction of a line relative to Hβ, for the laws that nebular astronomers name.
//!
//! With X(λ) = A(λ)/E(B−V), a line of intrinsic intensity I is observed as F = I·10^(−c(Hβ)·f(λ)) relative to Hβ, where
//! f(λ) = X(λ)/X(Hβ) − 1 and c(Hβ) = 0.4 E(B−V) X(Hβ).
//!
//! Wavelengths are in Å, in air between 2000 Å and 1 μm as line labels have them. In vacuum wavelengths f would shift by
//! less than 4·10⁻⁴. Towards the ultraviolet each law ends where its paper ends. Towards the infrared no law ends: beyond
//! its last published point X falls as the power law X ∝ λ^−1.61 of CCM89 (F99 carries its own spline to X = 0 at infinite
//! wavelength). The silicate bands at 9.7 and 18 μm are in none of them, so that there, where f ≈ −0.98, the true f may be
//! higher by 0.05 (A_V/τ(9.7 μm) = 18.5, Roche & Aitken 1984, MNRAS 208, 481).

mod ccm;
mod f99;
mod g03;

use crate::error::{Error, Result};

/// Air wavelength of Hβ, the line to which f(λ) is relative \[Å\] (NIST Atomic Spectra Database).
pub const HBETA_WAVELENGTH: f64 = 4861.33;

/// Exponent of the infrared power law A(λ) ∝ λ^−1.61 (Cardelli, Clayton & Mathis 1989, eq. 2a).
const INFRARED_EXPONENT: f64 = 1.61;

/// R_V of a Galactic law where none is given: the mean of the diffuse interstellar medium (CCM89, F99).
const DEFAULT_RV: f64 = 3.1;

/// R_V that the Galactic laws accept; their stars span 2.6–5.6 (CCM89) and 2.3–5.3 (F99).
const RV_RANGE: [f64; 2] = [2.0, 6.0];

/// Every name that [`Law::from_name`] knows.
const NAMES: [&str; 6] = ["CCM89", "O94", "F99", "G03-LMC", "G03-SMC", "none"];

/// A reddening law.
#[derive(Debug, Clone, Copy, PartialEq)]
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
    /// Average of the Large Magellanic Cloud, R_V = 3.41: Gordon et al. 2003, ApJ 594, 279, Table 4; λ ≥ 1194 Å.
    G03Lmc,
    /// Bar of the Small Magellanic Cloud, R_V = 2.74: Gordon et al. 2003, ApJ 594, 279, Table 4; λ ≥ 1159 Å.
    G03Smc,
}

impl Law {
    /// The law called `name` (`CCM89`, `O94`, `F99`, `G03-LMC`, `G03-SMC`, `none`).
    ///
    /// `rv` is R_V, 3.1 if absent, for the three Galactic laws. An unknown name, an R_V outside 2–6, or an R_V given to
    /// a law that has none to choose is an error.
    pub fn from_name(name: &str, rv: Option<f64>) -> Result<Self> {
        let galactic = rv.unwrap_or(DEFAULT_RV);
        let law = match name {
            "CCM89" => Self::Ccm89 { rv: galactic },
            "O94" => Self::O94 { rv: galactic },
            "F99" => Self::F99 { rv: galactic },
            "G03-LMC" => Self::G03Lmc,
            "G03-SMC" => Self::G03Smc,
            "none" => Self::None,
            _ => {
                return Err(Error::UnknownExtinctionLaw {
                    name: name.into(),
                    known: NAMES.join(", "),
                });
            }
        };
        match (law.rv_choice(), rv) {
            (None, Some(rv)) => Err(Error::ExtinctionRvNotTaken { law: law.name(), rv }),
            (Some(rv), _) if !(RV_RANGE[0]..=RV_RANGE[1]).contains(&rv) => Err(Error::ExtinctionRvRange {
                law: law.name(),
                rv,
                min: RV_RANGE[0],
                max: RV_RANGE[1],
            }),
            _ => Ok(law),
        }
    }

    /// The law's name, as [`Law::from_name`] takes it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Ccm89 { .. } => "CCM89",
            Self::O94 { .. } => "O94",
            Self::F99 { .. } => "F99",
            Self::G03Lmc => "G03-LMC",
            Self::G03Smc => "G03-SMC",
            Self::None => "none",
        }
    }

    /// R_V = A(V)/E(B−V), chosen (CCM89, O94, F99) or measured (G03); nothing without extinction.
    pub fn rv(&self) -> Option<f64> {
        match self {
            Self::G03Lmc => Some(g03::LMC.rv),
            Self::G03Smc => Some(g03::SMC.rv),
            _ => self.rv_choice(),
        }
    }

    fn rv_choice(&self) -> Option<f64> {
        match *self {
            Self::Ccm89 { rv } | Self::O94 { rv } | Self::F99 { rv } => Some(rv),
            Self::G03Lmc | Self::G03Smc | Self::None => None,
        }
    }

    /// Shortest wavelength at which the law is defined \[Å\].
    pub fn shortest_wavelength(&self) -> f64 {
        1e4 / match self {
            Self::Ccm89 { .. } | Self::O94 { .. } => ccm::LARGEST_WAVENUMBER,
            Self::F99 { .. } => f99::LARGEST_WAVENUMBER,
            Self::G03Lmc => g03::LMC.largest_wavenumber(),
            Self::G03Smc => g03::SMC.largest_wavenumber(),
            Self::None => f64::INFINITY,
        }
    }

    /// f(λ) = X(λ)/X(Hβ) − 1 at `wavelength` \[Å\]: 0 at Hβ, positive in the blue, → −1 in the far infrared.
    ///
    /// A wavelength that is not positive, not finite, or shorter than [`Law::shortest_wavelength`] is an error.
    pub fn f_lambda(&self, wavelength: f64) -> Result<f64> {
        let min = self.shortest_wavelength();
        if !(wavelength.is_finite() && wavelength > 0.0 && wavelength >= min) {
            return Err(Error::ExtinctionWavelength {
                law: self.name(),
                wavelength,
                min,
            });
        }
        Ok(match self {
            Self::None => 0.0,
            _ => self.extinction(wavelength) / self.extinction(HBETA_WAVELENGTH) - 1.0,
        })
    }

    /// c(Hβ)/E(B−V) = 0.4 X(Hβ): what turns a colour excess \[mag\] into c(Hβ) \[dex\]. 0 without extinction.
    pub fn c_hbeta_per_ebv(&self) -> f64 {
        0.4 * self.extinction(HBETA_WAVELENGTH)
    }

    /// X(λ) = A(λ)/E(B−V) at a wavelength \[Å\] within the law's range.
    fn extinction(&self, wavelength: f64) -> f64 {
        let wavenumber = 1e4 / wavelength; // μm⁻¹, the papers' x
        match *self {
            Self::None => 0.0,
            Self::Ccm89 { rv } => ccm::extinction(wavenumber, rv, &ccm::OPTICAL_CCM89),
            Self::O94 { rv } => ccm::extinction(wavenumber, rv, &ccm::OPTICAL_O94),
            Self::F99 { rv } => f99::extinction(wavenumber, rv),
            Self::G03Lmc => g03::LMC.extinction(wavenumber),
            Self::G03Smc => g03::SMC.extinction(wavenumber),
        }
    }
}

/// The value of c₀ + c₁x + c₂x² + … .
fn polynomial(coefficients: &[f64], x: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, c| sum * x + c)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// f(λ) of the laws at 17 wavelengths, as PyNeb 1.1.32 has them, rounded to four decimals.
    const WAVELENGTHS: [f64; 17] = [
        3727.0, 3869.0, 4340.0, 4363.0, 4471.0, 4686.0, 5007.0, 5876.0, 6312.0, 6563.0, 6716.0, 7065.0, 7136.0, 7325.0,
        9069.0, 9531.0, 10830.0,
    ];
    const CCM89: [f64; 17] = [
        0.3221, 0.2911, 0.1567, 0.1494, 0.1154, 0.0496, -0.0377, -0.2031, -0.2641, -0.2976, -0.3178, -0.3643, -0.3738,
        -0.3991, -0.5937, -0.6251, -0.6948,
    ];
    const F99: [f64; 17] = [
        0.2909, 0.2536, 0.1375, 0.1319, 0.1049, 0.0484, -0.0401, -0.2347, -0.3089, -0.3480, -0.3706, -0.4187, -0.4279,
        -0.4515, -0.6174, -0.6490, -0.7189,
    ];
    const G03_LMC: [f64; 17] = [
        0.3065, 0.2618, 0.1346, 0.1291, 0.1002, 0.0430, -0.0334, -0.2069, -0.2812, -0.3196, -0.3415, -0.3880, -0.3969,
        -0.4198, -0.5859, -0.6197, -0.6993,
    ];

    /// Published tables are rounded: half a unit of the fourth decimal.
    const FOUR_DECIMALS: f64 = 0.5e-4;

    fn every_law() -> [Law; 6] {
        NAMES.map(|name| Law::from_name(name, None).unwrap())
    }

    #[test]
    fn check_values_of_three_laws() {
        for (name, expected) in [("CCM89", CCM89), ("F99", F99), ("G03-LMC", G03_LMC)] {
            let law = Law::from_name(name, None).unwrap();
            for (wavelength, expected) in WAVELENGTHS.into_iter().zip(expected) {
                let f = law.f_lambda(wavelength).unwrap();
                assert!(
                    (f - expected).abs() < FOUR_DECIMALS,
                    "{name} at {wavelength} Å: {f}, not {expected}"
                );
            }
        }
    }

    #[test]
    fn every_law_agrees_with_pyneb() {
        let fixture = include_str!("../../tests/fixtures/extinction_pyneb.csv");
        let mut seen = 0;
        for row in fixture.lines().filter(|row| !row.starts_with(['#', 'l'])) {
            let cells: Vec<&str> = row.split(',').collect();
            let [rv, wavelength, expected] = [1, 2, 3].map(|i| cells[i].parse::<f64>().unwrap());
            let rv = Some(rv).filter(|_| !cells[0].starts_with("G03"));
            let f = Law::from_name(cells[0], rv).unwrap().f_lambda(wavelength).unwrap();
            assert!((f - expected).abs() < 1e-8, "{row}: {f}"); // the fixture has nine decimals
            seen += 1;
        }
        assert_eq!(seen, 11 * 34);
    }

    #[test]
    fn continuous_and_falling_to_the_far_infrared() {
        for law in every_law().into_iter().filter(|law| *law != Law::None) {
            let mut before = law.f_lambda(13_000.0).unwrap();
            for step in 1..=1000 {
                let wavelength = 13_000.0 * 1.005f64.powi(step);
                let f = law.f_lambda(wavelength).unwrap();
                let rise = if law == Law::G03Smc && wavelength < 16_600.0 {
                    0.05
                } else {
                    0.0
                }; // A(J) < A(H) in the table
                assert!(
                    f <= before + rise && before - f < 0.02,
                    "{law:?} at {wavelength} Å: {before} then {f}"
                );
                before = f;
            }
            assert!(
                (-1.0..-0.99).contains(&law.f_lambda(883_564.0).unwrap()),
                "{law:?} at [O III] 88 μm"
            );
        }
    }

    #[test]
    fn zero_at_hbeta_and_without_extinction() {
        for law in every_law() {
            assert_eq!(law.f_lambda(HBETA_WAVELENGTH).unwrap(), 0.0);
        }
        assert_eq!(Law::None.f_lambda(911.0).unwrap(), 0.0);
        assert_eq!(Law::None.c_hbeta_per_ebv(), 0.0);
    }

    /// CCM89 at R_V = 3.1 has A(Hβ)/A(V) = 1.164 (PyNeb), hence c(Hβ) = 0.4·3.1·1.164 E(B−V).
    #[test]
    fn c_hbeta_of_a_colour_excess() {
        let c = Law::Ccm89 { rv: 3.1 }.c_hbeta_per_ebv();
        assert!((c - 0.4 * 3.1 * 1.164).abs() < 0.4 * 3.1 * 0.0005, "{c}");
    }

    #[test]
    fn refusals_name_what_is_wrong() {
        let message = |result: Result<Law>| result.unwrap_err().to_string();
        let unknown = message(Law::from_name("ccm", None));
        assert!(unknown.contains("\"ccm\"") && unknown.contains("G03-SMC"), "{unknown}");
        for rv in [1.9, 6.1, f64::NAN] {
            let range = message(Law::from_name("F99", Some(rv)));
            assert!(
                range.contains("F99") && range.contains(&rv.to_string()) && range.contains("2 to 6"),
                "{range}"
            );
        }
        assert!(message(Law::from_name("G03-LMC", Some(3.4))).contains("G03-LMC"));
        assert_eq!(Law::from_name("O94", None).unwrap().rv(), Some(3.1));
        for law in every_law().into_iter().filter(|law| *law != Law::None) {
            let blue = law.shortest_wavelength();
            assert!(law.f_lambda(blue * 1.0001).is_ok());
            let error = law.f_lambda(blue * 0.9999).unwrap_err().to_string();
            assert!(error.contains(law.name()) && error.contains("shortest"), "{error}");
        }
        assert!(
            [0.0, -5007.0, f64::NAN, f64::INFINITY]
                .iter()
                .all(|&w| Law::G03Lmc.f_lambda(w).is_err())
        );
    }
}
