//! Ions as the field writes them: element symbol and spectroscopic number, `O3` for [O III].

use std::fmt;
use std::str::FromStr;

use crate::error::{LineError, Result};

/// Element symbols by atomic number, hydrogen first, to xenon.
const ELEMENTS: [&str; 54] = [
    "H", "He", "Li", "Be", "B", "C", "N", "O", "F", "Ne", "Na", "Mg", "Al", "Si", "P", "S", "Cl", "Ar", "K", "Ca",
    "Sc", "Ti", "V", "Cr", "Mn", "Fe", "Co", "Ni", "Cu", "Zn", "Ga", "Ge", "As", "Se", "Br", "Kr", "Rb", "Sr", "Y",
    "Zr", "Nb", "Mo", "Tc", "Ru", "Rh", "Pd", "Ag", "Cd", "In", "Sn", "Sb", "Te", "I", "Xe",
];

/// An ion, ordered by atomic number and then by stage, like the parameters in every output.
///
/// Recombination lines are named after the emitting ion, so `H1` and `He1` stand for recombining H⁺
/// and He⁺.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ion {
    /// Nuclear charge, 1 (H) to 54 (Xe).
    pub atomic_number: u8,
    /// Spectroscopic number: 1 for the neutral atom, 3 for a doubly ionised one; at most
    /// `atomic_number + 1`.
    pub stage: u8,
}

impl Ion {
    /// Spectrum of neutral hydrogen, whose lines take no abundance.
    pub const H1: Ion = Ion {
        atomic_number: 1,
        stage: 1,
    };
    /// He I, whose abundance y⁺ = He⁺/H⁺ is linear.
    pub const HE1: Ion = Ion {
        atomic_number: 2,
        stage: 1,
    };
    /// He II, whose abundance y²⁺ = He²⁺/H⁺ is linear.
    pub const HE2: Ion = Ion {
        atomic_number: 2,
        stage: 2,
    };
    /// [O III], the ion with most of the oxygen of an ionised galaxy.
    pub const O3: Ion = Ion {
        atomic_number: 8,
        stage: 3,
    };

    /// Tells whether the ion is neither hydrogen nor helium. Its abundance is then 12 + log₁₀(X/H).
    pub fn is_metal(self) -> bool {
        self.atomic_number > 2
    }
}

impl fmt::Display for Ion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", ELEMENTS[usize::from(self.atomic_number) - 1], self.stage)
    }
}

impl FromStr for Ion {
    type Err = LineError;

    /// Reads a name such as `O3`. Fails with [`LineError::Ion`] for an unknown element or a stage
    /// beyond the bare nucleus.
    fn from_str(text: &str) -> Result<Ion, LineError> {
        let wrong = || LineError::Ion { ion: text.to_owned() };
        let digits = text.find(|c: char| c.is_ascii_digit()).ok_or_else(wrong)?;
        let (symbol, stage) = text.split_at(digits);
        let index = ELEMENTS
            .iter()
            .position(|element| *element == symbol)
            .ok_or_else(wrong)?;
        let atomic_number = index as u8 + 1;
        match stage.parse::<u8>() {
            Ok(stage) if stage > 0 && stage <= atomic_number + 1 => Ok(Ion { atomic_number, stage }),
            _ => Err(wrong()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes_the_same_text() {
        for text in ["H1", "He2", "O3", "Cl4", "Fe3", "Ni3", "K4", "Ar10", "Xe4"] {
            assert_eq!(text.parse::<Ion>().unwrap().to_string(), text);
        }
        assert_eq!("He1".parse::<Ion>().unwrap(), Ion::HE1);
        assert_eq!(
            "S3".parse::<Ion>().unwrap(),
            Ion {
                atomic_number: 16,
                stage: 3
            }
        );
    }

    #[test]
    fn refuses_what_is_no_ion() {
        for text in [
            "", "O", "3", "Q2", "o3", "O0", "O3x", "H3", "He4", "O+2", "OIII", "O300",
        ] {
            let message = text.parse::<Ion>().unwrap_err().to_string();
            assert!(message.contains(&format!("`{text}`")), "{message}");
        }
    }

    #[test]
    fn orders_by_atomic_number_then_stage() {
        let mut ions: Vec<Ion> = ["Ar4", "S3", "O3", "He2", "N2", "Ar3", "S2", "He1", "O2", "Fe3", "Cl3"]
            .map(|text| text.parse().unwrap())
            .to_vec();
        ions.sort();
        let sorted: Vec<String> = ions.iter().map(Ion::to_string).collect();
        assert_eq!(
            sorted,
            ["He1", "He2", "N2", "O2", "O3", "S2", "S3", "Cl3", "Ar3", "Ar4", "Fe3"]
        );
    }
}
