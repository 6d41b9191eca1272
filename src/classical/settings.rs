//! Settings of the classical method, `[classical]` in TOML.

use serde::{Deserialize, Serialize};

use super::ratio::{DENSITIES, Ratio, TEMPERATURES};
use crate::error::{Error, Result};
use crate::problem::DETECTION;

/// Most realisations of one object; they take some hundred megabytes.
pub const MOST_REALISATIONS: usize = 1_000_000;

/// Choices of the classical method.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Monte Carlo realisations per object, 2 to `MOST_REALISATIONS`.
    pub realisations: usize,
    /// H I lines whose ratios to Hβ give c(Hβ).
    pub hydrogen: Vec<String>,
    /// Temperature ratios; a zone takes the first one measured of one of its ions.
    pub temperatures: Vec<String>,
    /// Density ratios; n_e is that of the first one measured.
    pub densities: Vec<String>,
    /// Slope and offset \[K\] of T_low = slope · T_high + offset, for a zone without a temperature
    /// ratio.
    pub relation: [f64; 2],
    /// n_e \[cm⁻³\] where no ratio measures it.
    pub density: f64,
    /// Least signal to noise of each side of a ratio that counts as measured, and of a hydrogen line
    /// that c(Hβ) is taken from.
    pub detection: f64,
    /// Underlying absorption of H I and of He I \[Å\] that is corrected where equivalent widths are
    /// given.
    pub absorption: [f64; 2],
}

impl Default for Settings {
    fn default() -> Self {
        let names = |ratios: &[Ratio]| ratios.iter().map(|ratio| ratio.name.to_owned()).collect();
        Settings {
            realisations: 1000,
            hydrogen: ["H1_6563A", "H1_4341A", "H1_4102A"].map(str::to_owned).to_vec(),
            temperatures: names(&TEMPERATURES),
            densities: names(&DENSITIES),
            // Garnett 1992, AJ 103, 1330.
            relation: [0.7, 3000.0],
            density: 100.0,
            detection: DETECTION,
            absorption: [0.0; 2],
        }
    }
}

impl Settings {
    /// Checks names and numbers.
    ///
    /// # Errors
    /// The first setting outside its range.
    pub fn validate(&self) -> Result<()> {
        let known =
            |names: &[String], ratios: &[Ratio]| names.iter().all(|name| ratios.iter().any(|ratio| ratio.name == name));
        let [slope, offset] = self.relation;
        let checks: [(&'static str, String, bool, &'static str); 8] = [
            (
                "classical.realisations",
                self.realisations.to_string(),
                (2..=MOST_REALISATIONS).contains(&self.realisations),
                "2 to 1000000",
            ),
            (
                "classical.hydrogen",
                self.hydrogen.join(", "),
                self.hydrogen.iter().all(|label| label.starts_with("H1_")),
                "labels of H I lines, such as H1_6563A",
            ),
            (
                "classical.temperatures",
                self.temperatures.join(", "),
                known(&self.temperatures, &TEMPERATURES),
                "names among T_O3, T_N2, T_S3, T_O2, T_S2",
            ),
            (
                "classical.densities",
                self.densities.join(", "),
                known(&self.densities, &DENSITIES),
                "names among n_S2, n_O2, n_Cl3, n_Ar4",
            ),
            (
                "classical.relation",
                format!("{slope}, {offset}"),
                slope > 0.0 && slope.is_finite() && offset.is_finite(),
                "a slope > 0 and an offset in K",
            ),
            (
                "classical.density",
                self.density.to_string(),
                (1.0..=1e5).contains(&self.density),
                "1 to 1e5 cm-3",
            ),
            (
                "classical.detection",
                self.detection.to_string(),
                self.detection >= 0.0 && self.detection.is_finite(),
                "a signal to noise, 0 or more",
            ),
            (
                "classical.absorption",
                format!("{:?}", self.absorption),
                self.absorption.iter().all(|width| (0.0..=100.0).contains(width)),
                "two widths in Å, 0 to 100",
            ),
        ];
        for (key, value, holds, expected) in checks {
            if !holds {
                return Err(Error::Setting { key, value, expected });
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_out_of_range_are_named() {
        assert!(Settings::default().validate().is_ok());
        let wrong = [
            "realisations = 1",
            "hydrogen = [\"O3_5007A\"]",
            "temperatures = [\"T_Fe3\"]",
            "densities = [\"n_O3\"]",
            "relation = [0.0, 3000.0]",
            "density = 0.0",
            "detection = -1.0",
            "absorption = [2.0, -1.0]",
        ];
        for text in wrong {
            let message = toml::from_str::<Settings>(text)
                .unwrap()
                .validate()
                .unwrap_err()
                .to_string();
            let key = text.split(' ').next().unwrap();
            assert!(message.starts_with(&format!("classical.{key} = ")), "{message}");
        }
    }
}
