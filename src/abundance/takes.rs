//! Ions in a derived quantity, found by changing each ion in the formulas themselves.

use super::{Conditions, Ions, NAMES, Noise, Settings, totals};

/// Quantities that need no measured temperature: y⁺ and y²⁺ hardly depend on it, and metals are a
/// few thousandths of Y.
const WITHOUT_TEMPERATURE: [&str; 2] = ["He_H", "Y"];
/// Test point of the formulas: He⁺/H⁺, He²⁺/H⁺, 12 + log₁₀(X/H) of the first metal and its step
/// from one metal to the next. The point is inside the range of every correction and at the bend of
/// none.
const HELIUM: [f64; 2] = [0.08, 0.01];
const METALS: [f64; 2] = [7.0, 0.05];
/// Emissivities and density there, by which log U is inside its range too.
const CONDITIONS: Conditions = Conditions {
    log_o32: 0.0,
    log_n43: -1.0,
    log_ne: 2.0,
};
/// The factor by which an ion is moved.
const MOVE: f64 = 1.01;

/// Ions in each of [`NAMES`] by the corrections `settings`, in an object whose ions are `known`.
pub fn ions_of(settings: &Settings, known: impl Fn(&str) -> bool) -> [Vec<&'static str>; NAMES.len()] {
    let mut place = [f64::NAN; Ions::NAMES.len()];
    for (i, value) in place.iter_mut().enumerate() {
        if known(Ions::NAMES[i]) {
            *value = HELIUM.get(i).copied().unwrap_or(METALS[0] + METALS[1] * i as f64);
        }
    }
    let values = |place| {
        let ions = Ions::from_parameters(place);
        totals(settings, &ions, &CONDITIONS, Noise::default()).map(|total| total.value)
    };
    let before = values(place);
    let mut taken = [const { Vec::new() }; NAMES.len()];
    for (i, name) in Ions::NAMES.into_iter().enumerate().filter(|(i, _)| !place[*i].is_nan()) {
        let mut moved = place;
        moved[i] *= MOVE;
        for ((taken, before), after) in taken.iter_mut().zip(before).zip(values(moved)) {
            if after != before && !before.is_nan() {
                taken.push(name);
            }
        }
    }
    taken
}

/// Tells whether a name is that of a derived quantity for which the direct method needs a measured
/// temperature: an abundance of a metal, or a ratio to one.
pub fn needs_temperature(name: &str) -> bool {
    NAMES.contains(&name) && !WITHOUT_TEMPERATURE.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::abundance::{Carbon, IonisationParameter, Nitrogen, Oxygen, Sulphur};

    fn taken(settings: &Settings, quantity: &str, missing: &[&str]) -> Vec<&'static str> {
        let place = NAMES.iter().position(|name| *name == quantity).expect("a quantity");
        ions_of(settings, |ion| !missing.contains(&ion))[place].clone()
    }

    #[test]
    fn quantities_take_the_ions_of_the_corrections_chosen() {
        let plain = Settings {
            oxygen: Oxygen::Sum,
            ..Settings::default()
        };
        assert_eq!(taken(&plain, "O_H", &[]), ["O2", "O3"]);
        assert_eq!(taken(&plain, "N_O", &[]), ["N2", "O2"]);
        assert_eq!(taken(&plain, "He_H", &[]), ["He1", "He2"]);
        let he2 = Settings {
            oxygen: Oxygen::He2,
            ..plain
        };
        assert_eq!(taken(&he2, "O_H", &[]), ["He1", "He2", "O2", "O3"]);
        assert_eq!(taken(&he2, "O_H", &["He2"]), ["O2", "O3"]);
    }

    #[test]
    fn sulphur_takes_argon_only_where_both_ions_are_known() {
        let settings = Settings {
            sulphur: Sulphur::Fernandez2018,
            ..Settings::default()
        };
        assert_eq!(taken(&settings, "S_H", &[]), ["S2", "S3", "Ar3", "Ar4"]);
        assert_eq!(taken(&settings, "S_H", &["Ar4"]), ["S2", "S3"]);
        assert!(taken(&settings, "S_H", &["S3"]).is_empty());
    }

    #[test]
    fn corrections_by_log_u_take_the_ions_of_the_ratio_of_lines_too() {
        let settings = Settings {
            carbon: Carbon::Martinez2025,
            nitrogen: Nitrogen::MartinezN2Plus,
            oxygen: Oxygen::Sum,
            ..Settings::default()
        };
        assert_eq!(taken(&settings, "C_O", &[]), ["O2", "O3", "C3"]);
        assert_eq!(taken(&settings, "N_O", &["N4"]), ["O2", "O3", "N3"]);
        assert_eq!(taken(&settings, "N_O", &[]), ["O2", "O3", "N3", "N4"]);
        let by_n43 = Settings {
            ionisation_parameter: IonisationParameter::N43,
            ..settings
        };
        assert_eq!(taken(&by_n43, "C_O", &[]), ["O2", "O3", "C3", "N3", "N4"]);
    }

    #[test]
    fn metals_need_a_temperature_and_helium_does_not() {
        assert!(
            ["O_H", "N_O", "S_H", "C_O", "Fe_O"]
                .iter()
                .all(|name| needs_temperature(name))
        );
        assert!(!["He_H", "Y", "T_low"].iter().any(|name| needs_temperature(name)));
    }
}
