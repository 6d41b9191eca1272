//! The corrections of one object, decided once from its lines and all its draws: a posterior never
//! mixes two formulas.

use super::median::median;
use super::observed::Observed;
use super::settings::{IonisationParameter, Settings};
use super::{carbon, iron, nitrogen, oxygen};
use crate::draws::Draws;

/// The settings with the choices as they hold for the object of `draws`.
pub(super) fn decided(settings: &Settings, draws: &Draws, observed: &Observed<'_>) -> Settings {
    let detects = observed.detects;
    let known = |ion: &str| draws.position(ion).is_some();
    let seen = |ion: &str| known(ion) && detects(ion);
    Settings {
        oxygen: oxygen::decided(settings.oxygen, draws, detects("He2")),
        nitrogen: nitrogen::decided(settings.nitrogen, &known, &seen),
        carbon: carbon::decided(settings.carbon, &seen, detects("He2") && oxygen::holds_o4(draws)),
        iron: iron::decided(settings.iron, log_o(draws), seen("Fe2")),
        ionisation_parameter: match settings.ionisation_parameter {
            IonisationParameter::Auto if !(seen("N3") && seen("N4")) => IonisationParameter::O32,
            chosen => chosen,
        },
        ..*settings
    }
}

/// The median of log₁₀(O⁺/O²⁺); NaN where an ion is not in the model.
fn log_o(draws: &Draws) -> f64 {
    let (Some(o2), Some(o3)) = (draws.position("O2"), draws.position("O3")) else {
        return f64::NAN;
    };
    median(draws, |row| row[o2] - row[o3])
}
