//! Which laws of optical depth the model takes.

use crate::emissivity::FTau;
use crate::error::{Error, Result};
use crate::model::TAU_DENSITY;

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
