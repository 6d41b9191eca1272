//! C/O: the choice of one object, and its value at one draw.

use super::conditions::Conditions;
use super::ions::Ions;
use super::martinez2025;
use super::settings::{Carbon, Settings};

/// Ions that the correction by log U takes.
const BY_LOG_U: [&str; 3] = ["C3", "O2", "O3"];

/// The choice as it holds for an object with a line of these ions `detected`. With `o4` He II says
/// that the gas holds O³⁺, harder lit than the galaxies that the correction by log U was made for.
pub(super) fn decided(choice: Carbon, detected: &dyn Fn(&str) -> bool, o4: bool) -> Carbon {
    match choice {
        Carbon::Auto if !o4 && BY_LOG_U.iter().all(|ion| detected(ion)) => Carbon::Martinez2025,
        Carbon::Auto => Carbon::KingsburghBarlow1994,
        chosen => chosen,
    }
}

/// True if a choice sums C²⁺ and C³⁺.
pub(super) fn takes_c4(choice: Carbon) -> bool {
    match choice {
        Carbon::Auto | Carbon::KingsburghBarlow1994 | Carbon::Garnett1997 => true,
        Carbon::Martinez2025 => false,
    }
}

/// C/O at O/H = `o`, and true if the draw is inside the range of its correction.
pub(super) fn ratio(settings: &Settings, ions: &Ions, o: f64, conditions: &Conditions) -> (f64, bool) {
    match settings.carbon {
        Carbon::Martinez2025 => martinez2025::carbon(settings.ionisation_parameter, ions, o, conditions),
        Carbon::Auto | Carbon::KingsburghBarlow1994 => (c_over_o(ions), true),
        Carbon::Garnett1997 => (c_over_o(ions) / ions.omega(), true),
    }
}

/// (C²⁺ + C³⁺)/O²⁺, without C³⁺ where it is not in the model. With C⁺/C = O⁺/O it is C/O.
fn c_over_o(ions: &Ions) -> f64 {
    let c4 = if ions.c4.is_nan() { 0.0 } else { ions.c4 };
    (ions.c3 + c4) / ions.o3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn log_u_is_used_in_galaxies_where_both_ions_of_oxygen_were_detected() {
        let of = |choice, ions: &[&str]| decided(choice, &|ion| ions.contains(&ion), false);
        assert_eq!(of(Carbon::Auto, &["C3", "O2", "O3"]), Carbon::Martinez2025);
        assert_eq!(of(Carbon::Auto, &["C3", "O3"]), Carbon::KingsburghBarlow1994);
        assert_eq!(of(Carbon::Martinez2025, &["C3", "O3"]), Carbon::Martinez2025);
        assert_eq!(decided(Carbon::Auto, &|_| true, true), Carbon::KingsburghBarlow1994);
        assert_eq!(of(Carbon::Garnett1997, &["C3", "O2", "O3"]), Carbon::Garnett1997);
    }
}
