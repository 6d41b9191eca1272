//! Abundances of metals where no thermometer measures their temperature.
//!
//! The posterior of such a temperature is its prior, and ε of a collisional line goes as
//! exp(−ΔE/kT). The abundance would repeat the prior, with the apparent precision of the fluxes.

use super::Summary;
use crate::abundance::{self, Derived};
use crate::flag::{Code, Flag};
use crate::problem::{Problem, Source};

/// Withholds abundances from the summary of an object with the flag `no_thermometer`: those of
/// elements that need a temperature, unless the settings ask for them. The metals are flagged as
/// prior-dominated.
pub(super) fn withhold(summary: &mut Summary, problem: &Problem, derived: &Derived) {
    if summary.flags.iter().all(|flag| flag.code != Code::NoThermometer) {
        return;
    }
    let metals = problem
        .parameters
        .iter()
        .filter(|parameter| matches!(parameter.source, Source::Metal(_)) && parameter.coordinate.is_some());
    for metal in metals {
        let flag = Flag::about(Code::PriorDominated, &metal.name);
        if !summary.flags.contains(&flag) {
            summary.flags.push(flag);
        }
    }
    if derived.settings.without_thermometer {
        return;
    }
    summary.parameters.retain(|p| !abundance::needs_temperature(&p.name));
    for (name, outside) in abundance::NAMES.iter().zip(&mut summary.icf_outside) {
        if abundance::needs_temperature(name) {
            *outside = f64::NAN;
        }
    }
}
