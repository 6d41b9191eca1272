//! N/O: the choice of one object, and its value at one draw.

use super::conditions::Conditions;
use super::ions::Ions;
use super::settings::{Nitrogen, Settings};
use super::{delgado_inglada2014, izotov2006, martinez2025};

/// Ions of nitrogen that each correction of Martinez et al. (2025) takes, the preferred one first:
/// the order of their scatter in the models.
const BY_PREFERENCE: [(Nitrogen, &[&str]); 5] = [
    (Nitrogen::MartinezN2PlusN3Plus, &["N3", "N4"]),
    (Nitrogen::MartinezNPlusN2Plus, &["N2", "N3"]),
    (Nitrogen::MartinezN2Plus, &["N3"]),
    (Nitrogen::MartinezNPlus, &["N2"]),
    (Nitrogen::MartinezN3Plus, &["N4"]),
];
/// Ions of oxygen that all of them take, for log U and the metallicity.
const OXYGEN: [&str; 2] = ["O2", "O3"];

/// The choice as it holds for an object whose ions are `known`, those of them with a detected line
/// `detected`.
pub(super) fn decided(choice: Nitrogen, known: &dyn Fn(&str) -> bool, detected: &dyn Fn(&str) -> bool) -> Nitrogen {
    let seen = |ion: &str| known(ion) && detected(ion);
    let classical = known("N2") && known("O2");
    match choice {
        Nitrogen::Auto if classical && detected("N2") => Nitrogen::NPlusOverOPlus,
        Nitrogen::Auto => {
            let undetected = || (!classical).then(|| preferred(known, &known)).flatten();
            preferred(known, &seen)
                .or_else(undetected)
                .unwrap_or(Nitrogen::NPlusOverOPlus)
        }
        Nitrogen::Martinez2025 => preferred(known, &seen)
            .or_else(|| preferred(known, &known))
            .unwrap_or(Nitrogen::Martinez2025),
        chosen => chosen,
    }
}

/// The first correction of Martinez et al. (2025) whose ions of nitrogen all hold.
fn preferred(known: &dyn Fn(&str) -> bool, holds: &dyn Fn(&str) -> bool) -> Option<Nitrogen> {
    let complete = |(_, ions): &&(Nitrogen, &[&str])| ions.iter().all(|ion| holds(ion));
    let found = BY_PREFERENCE.iter().find(complete);
    found
        .filter(|_| OXYGEN.iter().all(|ion| known(ion)))
        .map(|found| found.0)
}

/// True if a choice is a correction by log U.
pub(super) fn takes_log_u(choice: Nitrogen) -> bool {
    BY_PREFERENCE.iter().any(|(own, _)| *own == choice)
}

/// N/O at O/H = `o`, and true if the draw is inside the range of its correction.
pub(super) fn ratio(settings: &Settings, ions: &Ions, o: f64, conditions: &Conditions) -> (f64, bool) {
    match settings.nitrogen {
        Nitrogen::Auto | Nitrogen::NPlusOverOPlus => (ions.n2 / ions.o2, true),
        Nitrogen::Izotov2006 => izotov2006::over_oxygen(izotov2006::nitrogen, ions, o),
        Nitrogen::DelgadoInglada2014 => delgado_inglada2014::nitrogen(ions),
        Nitrogen::Martinez2025
        | Nitrogen::MartinezN2PlusN3Plus
        | Nitrogen::MartinezNPlusN2Plus
        | Nitrogen::MartinezN2Plus
        | Nitrogen::MartinezNPlus
        | Nitrogen::MartinezN3Plus => martinez2025::nitrogen(settings, ions, o, conditions),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The decision where these ions are in the model, those without `?` with a detected line.
    fn of(choice: Nitrogen, ions: &[&str]) -> Nitrogen {
        let known = |ion: &str| ions.iter().any(|own| own.trim_end_matches('?') == ion);
        decided(choice, &known, &|ion| ions.contains(&ion))
    }

    #[test]
    fn optical_nitrogen_comes_first_and_ultraviolet_nitrogen_stands_in() {
        let auto = |ions: &[&str]| of(Nitrogen::Auto, ions);
        assert_eq!(auto(&["N2", "N3", "N4", "O2", "O3"]), Nitrogen::NPlusOverOPlus);
        assert_eq!(auto(&["N2?", "O2", "O3"]), Nitrogen::NPlusOverOPlus);
        assert_eq!(auto(&["N2?", "N3", "O2", "O3"]), Nitrogen::MartinezN2Plus);
        assert_eq!(auto(&["N3", "N4", "O2", "O3"]), Nitrogen::MartinezN2PlusN3Plus);
        assert_eq!(auto(&["N3", "N4?", "O2", "O3"]), Nitrogen::MartinezN2Plus);
        assert_eq!(auto(&["N3?", "O2", "O3"]), Nitrogen::MartinezN2Plus);
        assert_eq!(auto(&["N4", "O2", "O3"]), Nitrogen::MartinezN3Plus);
        assert_eq!(auto(&["N3", "O3"]), Nitrogen::NPlusOverOPlus);
    }

    #[test]
    fn martinez_takes_the_preferred_ions_that_were_detected() {
        let martinez = |ions: &[&str]| of(Nitrogen::Martinez2025, ions);
        assert_eq!(
            martinez(&["N2", "N3", "N4", "O2", "O3"]),
            Nitrogen::MartinezN2PlusN3Plus
        );
        assert_eq!(
            martinez(&["N2", "N3", "N4?", "O2", "O3"]),
            Nitrogen::MartinezNPlusN2Plus
        );
        assert_eq!(martinez(&["N2", "N4", "O2", "O3"]), Nitrogen::MartinezNPlus);
        assert_eq!(martinez(&["N3", "O3"]), Nitrogen::Martinez2025);
    }

    #[test]
    fn other_choices_hold_for_every_object() {
        assert_eq!(of(Nitrogen::Izotov2006, &["N3", "O2", "O3"]), Nitrogen::Izotov2006);
        assert_eq!(of(Nitrogen::MartinezN3Plus, &["N2", "O2"]), Nitrogen::MartinezN3Plus);
    }
}
