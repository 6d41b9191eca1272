//! Absorption by stars under the lines of H I and He I: depth relative to Hβ or He I 4471, and its
//! uncertainty.
//!
//! Sources:
//!
//! * A: Aver, Olive & Skillman (2010, JCAP 05, 003), eqs. 5.1 and 5.2, and (2015, JCAP 07, 011),
//!   Sect. 2 and 4, from stellar populations.
//! * I: Izotov, Thuan & Guseva (2014, MNRAS 445, 778), Sect. 3.1. One equivalent width holds for
//!   all Balmer lines, and 0.4 Å for He I 4471.
//! * B: single populations of Bruzual & Charlot (2003, MNRAS 344, 1000; MILES, 2.5 Å resolution) of
//!   1 to 6 Myr and 0.2, 0.4 and 1 Z☉. Each line is measured between its side windows; median and
//!   range.
//!
//! A ratio is that of A where A measured it, else B's median. The standard deviation is the range
//! of B over √12, in quadrature with half the largest distance between the sources.

use serde::{Deserialize, Serialize};

/// Absorption by stars, as the user says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, expecting = "expected true, false or \"none\"")]
pub enum Absorption {
    /// Absorption fitted where equivalent widths are given, or no absorption.
    Switch(bool),
    /// Word for no absorption.
    Word(NoStars),
}

/// Word that says that no stars lie under the lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
#[serde(rename_all = "lowercase")]
pub enum NoStars {
    /// No absorption, as in planetary nebulae and in fluxes without the stars' spectrum.
    None,
}

impl Absorption {
    /// True if stars are under the lines.
    pub(super) fn has_stars(self) -> bool {
        self == Absorption::Switch(true)
    }
}

/// Equivalent width of the absorption under a line, in units of that under Hβ (H I) or He I 4471
/// (He I).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Ratio {
    /// Value of the ratio.
    pub value: f64,
    /// Standard deviation of the ratio.
    pub sd: f64,
    /// True if the errors of all such lines of an object are correlated, by the age of one stellar
    /// population.
    pub is_correlated: bool,
}

/// Ratios k_H of A.
const HYDROGEN: [(&str, f64, f64); 5] = [
    // A 0.942; I 1; B 0.98 [0.72, 1.04].
    ("H1_6563A", 0.942, 0.10),
    // Definition of k_H.
    ("H1_4861A", 1.0, 0.0),
    // A 0.959; I 1; B 0.88 [0.84, 0.96].
    ("H1_4341A", 0.959, 0.05),
    // A 0.896; I 1; B 0.87 [0.74, 0.91].
    ("H1_4102A", 0.896, 0.08),
    // A (2015) 0.4; no range, so half of the value. Other Paschen and Brackett lines have no
    // source.
    ("H1_10938A", 0.4, 0.2),
];

/// Ratios k_H of B.
const HIGH_BALMER: [(&str, f64, f64); 6] = [
    // I 1; B 0.82 [0.77, 1.00].
    ("H1_3970A", 0.82, 0.11),
    // I 1; B 0.69 [0.61, 0.81]. The 0.88 of A is a straight line through Hβ, Hγ and Hδ.
    ("H1_3889A", 0.69, 0.17),
    // I 1; B 0.62 [0.55, 0.81].
    ("H1_3835A", 0.62, 0.20),
    // I 1; B 0.56 [0.49, 0.79].
    ("H1_3798A", 0.56, 0.24),
    // I 1; B 0.42 [0.35, 0.60].
    ("H1_3771A", 0.42, 0.30),
    // I 1; B 0.35 [0.24, 0.53].
    ("H1_3750A", 0.35, 0.34),
];

/// Ratios k_He.
const HELIUM: [(&str, f64, f64); 11] = [
    // A 1.400; I 1.0 (assumed).
    ("He1_3889A", 1.4, 0.2),
    // A 1.347; B 0.87 [0.59, 1.19].
    ("He1_4026A", 1.347, 0.30),
    // B 0.27 [0.07, 1.3].
    ("He1_4388A", 0.27, 0.36),
    // Definition of k_He.
    ("He1_4471A", 1.0, 0.0),
    // B 0.28 [0.20, 0.41].
    ("He1_4713A", 0.28, 0.06),
    // B 0.42 [0.30, 1.0].
    ("He1_4922A", 0.42, 0.20),
    // B 0.24 [0.15, 0.8].
    ("He1_5016A", 0.24, 0.19),
    // A 0.874; I 0.8; B 0.75 [0.14, 1.1].
    ("He1_5876A", 0.874, 0.28),
    // A 0.525; I 0.4; B 0.54 [0.48, 0.76].
    ("He1_6678A", 0.525, 0.10),
    // A 0.400; I 0.4; B 0.41 [0.11, 0.56].
    ("He1_7065A", 0.4, 0.13),
    // A (2015) 0.8; I 0.8. Both are set to that of 5876; no range, so half of the value.
    ("He1_10830A", 0.8, 0.4),
];

/// Lines that lose a tenth or more of their flux at a_H 1.5 Å and a_He 0.3 Å where EW(Hβ) is 100 Å.
/// Their equivalent widths there are below 15 Å (H I) and 2 Å (He I).
const MOST_ABSORBED: [&str; 11] = [
    "H1_3970A",
    "H1_3889A",
    "H1_3835A",
    "H1_3798A",
    "H1_3771A",
    "H1_3750A",
    "He1_3889A",
    "He1_4026A",
    "He1_4388A",
    "He1_4713A",
    "He1_4922A",
];

fn find(table: &[(&str, f64, f64)], label: &str) -> Option<Ratio> {
    let found = table.iter().find(|(line, ..)| *line == label);
    found.map(|&(_, value, sd)| Ratio {
        value,
        sd,
        is_correlated: false,
    })
}

/// Ratios k_H and k_He of a line; none without a source.
pub(super) fn ratios(label: &str) -> [Option<Ratio>; 2] {
    let population_ratio = || {
        find(&HIGH_BALMER, label).map(|ratio| Ratio {
            is_correlated: true,
            ..ratio
        })
    };
    [find(&HYDROGEN, label).or_else(population_ratio), find(&HELIUM, label)]
}

/// True if a line is among those that stars change most.
pub(super) fn is_most_absorbed(label: &str) -> bool {
    MOST_ABSORBED.contains(&label)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emissivity::Set;

    #[test]
    fn every_ratio_is_of_a_line_of_the_emissivities() {
        let set = Set::built_in().unwrap();
        for (line, value, sd) in HYDROGEN.iter().chain(&HIGH_BALMER).chain(&HELIUM) {
            assert!(
                set.list.position(line).is_some() && *value > 0.0 && *sd >= 0.0,
                "{line}"
            );
        }
        assert!(MOST_ABSORBED.iter().all(|line| set.list.position(line).is_some()));
    }

    #[test]
    fn a_line_without_a_source_has_no_ratio() {
        assert_eq!(ratios("H1_9015A"), [None, None]);
        assert_eq!(ratios("H1_3889A")[0].map(|ratio| ratio.value), Some(0.69));
        assert_eq!(ratios("He1_3889A")[1].map(|ratio| ratio.value), Some(1.4));
    }
}
