//! What is known of single lines besides their emissivity: underlying absorption.

use crate::emissivity::FTau;
use crate::error::{Error, Result};
use crate::model::TAU_DENSITY;

/// Stellar absorption under a Balmer line relative to that under Hβ (Aver, Olive & Skillman 2010, JCAP 05, 003; Hα: Aver et al. 2021, JCAP 03, 027).
const HYDROGEN_ABSORPTION: [(&str, f64); 5] = [
    ("H1_6563A", 0.942),
    ("H1_4861A", 1.0),
    ("H1_4341A", 0.959),
    ("H1_4102A", 0.896),
    ("H1_3889A", 0.88),
];

/// The same under a He I line relative to that under 4471.
const HELIUM_ABSORPTION: [(&str, f64); 6] = [
    ("He1_3889A", 1.4),
    ("He1_4026A", 1.347),
    ("He1_4471A", 1.0),
    ("He1_5876A", 0.874),
    ("He1_6678A", 0.525),
    ("He1_7065A", 0.4),
];

/// Lines that absorption changes most, for their small equivalent widths: flagged in an object that has no widths at all.
pub(super) const MOST_ABSORBED: [&str; 4] = ["H1_3889A", "He1_3889A", "He1_4026A", "H1_4102A"];

fn find<T: Copy>(table: &[(&str, T)], label: &str) -> Option<T> {
    table.iter().find(|(name, _)| *name == label).map(|(_, value)| *value)
}

/// Refuses a law of optical depth that was fitted up to another density than the one where the model holds f_tau.
pub(super) fn check_f_tau(law: &FTau) -> Result<()> {
    if law.n_max == TAU_DENSITY {
        return Ok(());
    }
    Err(Error::Setting {
        key: "n_max of f_tau",
        value: law.n_max.to_string(),
        expected: "300 cm⁻³, where the model holds the density of f_tau",
    })
}

/// k_H and k_He of a line: absorption under it relative to that under Hβ and He I 4471.
pub(super) fn absorption(label: &str) -> (f64, f64) {
    (
        find(&HYDROGEN_ABSORPTION, label).unwrap_or(0.0),
        find(&HELIUM_ABSORPTION, label).unwrap_or(0.0),
    )
}
