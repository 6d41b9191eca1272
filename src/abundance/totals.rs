//! Elements from the ionic abundances of one draw, each by the chosen correction.

use super::conditions::Conditions;
use super::fernandez2018::{self, Noise};
use super::ions::{Ions, ZERO};
use super::settings::{Argon, Chlorine, Helium, MassFraction, Neon, Oxygen, Settings, Sulphur};
use super::{NAMES, carbon, delgado_inglada2014 as delgado_inglada, iron, izotov2006, nitrogen};

/// Ratio Z/(O/H) of the mass fraction of metals to O/H: Z = 20 O/H (Pagel et al. 1992, MNRAS 255,
/// 325).
const METALS_PER_OXYGEN: f64 = 20.0;
/// Mass of a helium atom in hydrogen atoms (the same paper).
const HELIUM_MASS: f64 = 4.0;

/// A derived quantity at one draw.
#[derive(Clone, Copy, Debug)]
pub struct Total {
    /// Value in the results; NaN where the model lacks an ion of the quantity.
    pub value: f64,
    /// True if the draw lies inside the range of the correction.
    pub inside: bool,
}

/// The quantities of [`NAMES`] at one draw. [`super::Derived::new`] decides the choices `auto` and
/// `martinez2025` once an object. Undecided, `auto` is here the sum for O/H, N⁺/O⁺ for N/O, eq. 2
/// for Fe/O and (C²⁺ + C³⁺)/O²⁺ for C/O; `martinez2025` for N/O has no value.
pub fn totals(settings: &Settings, ions: &Ions, conditions: &Conditions, noise: Noise) -> [Total; NAMES.len()] {
    let o = oxygen(settings.oxygen, ions);
    let s = sulphur(settings.sulphur, ions, o.0, noise);
    let he = helium(settings.helium, ions, s.0);
    let metals = match settings.mass_fraction {
        MassFraction::Oxygen => o.0,
        MassFraction::Sulphur => fernandez2018::oxygen(s.0, noise),
    };
    let logarithm = |(value, inside): (f64, bool)| (value.log10(), inside);
    let per_h = |(value, inside): (f64, bool)| (ZERO + value.log10(), inside);
    let all = [
        per_h(o),
        logarithm(nitrogen::ratio(settings, ions, o.0, conditions)),
        per_h(s),
        logarithm(neon(settings.neon, ions, o.0)),
        logarithm(argon(settings.argon, ions, o.0)),
        logarithm(chlorine(settings.chlorine, ions, o.0)),
        logarithm(carbon::ratio(settings, ions, o.0, conditions)),
        logarithm(iron::ratio(settings.iron, ions)),
        (he, true),
        (mass_fraction(he, metals), true),
    ];
    all.map(|(value, inside)| Total { value, inside })
}

/// O/H, and whether it is inside the range of its correction.
fn oxygen(choice: Oxygen, ions: &Ions) -> (f64, bool) {
    let sum = ions.o2 + ions.o3;
    match choice {
        Oxygen::Auto | Oxygen::Sum => (sum, true),
        Oxygen::He2 => (sum / (1.0 - ions.upsilon()), true),
        Oxygen::Izotov2006 => (izotov2006::oxygen(ions), true),
        Oxygen::KingsburghBarlow1994 => (kingsburgh_barlow(sum, ions), true),
        Oxygen::DelgadoInglada2014 => delgado_inglada::oxygen(ions),
    }
}

/// O/H = ((He⁺ + He²⁺)/He⁺)^(2/3) (O⁺ + O²⁺): Kingsburgh & Barlow (1994, MNRAS 271, 257), eq. A10.
fn kingsburgh_barlow(sum: f64, ions: &Ions) -> f64 {
    sum * (1.0 - ions.upsilon()).powf(-2.0 / 3.0)
}

/// S/H at O/H = `o`.
fn sulphur(choice: Sulphur, ions: &Ions, o: f64, noise: Noise) -> (f64, bool) {
    let sum = ions.s2 + ions.s3;
    let to_hydrogen = |(ratio, inside): (f64, bool)| (ratio * o, inside);
    match choice {
        Sulphur::Fernandez2018 if !ions.knows_argon() => (sum, true),
        Sulphur::Fernandez2018 => (sum + fernandez2018::s4(ions, noise), true),
        Sulphur::Sum => (sum, true),
        Sulphur::Izotov2006 => to_hydrogen(izotov2006::over_oxygen(izotov2006::sulphur, ions, o)),
        Sulphur::DelgadoInglada2014 => to_hydrogen(delgado_inglada::sulphur(ions)),
    }
}

/// Ne/O at O/H = `o`, and whether it is inside the range of its correction.
fn neon(choice: Neon, ions: &Ions, o: f64) -> (f64, bool) {
    match choice {
        Neon::Izotov2006 => izotov2006::over_oxygen(izotov2006::neon, ions, o),
        Neon::Ne2PlusOverO2Plus => (ions.ne3 / ions.o3, true),
        Neon::DelgadoInglada2014 => delgado_inglada::neon(ions),
    }
}

/// Ar/O at O/H = `o`, and whether it is inside the range of its correction.
fn argon(choice: Argon, ions: &Ions, o: f64) -> (f64, bool) {
    match choice {
        Argon::Izotov2006 => izotov2006::over_oxygen(izotov2006::argon, ions, o),
        Argon::DelgadoInglada2014 => delgado_inglada::argon(ions),
    }
}

/// Cl/O at O/H = `o`, and whether it is inside the range of its correction.
fn chlorine(choice: Chlorine, ions: &Ions, o: f64) -> (f64, bool) {
    match choice {
        Chlorine::Izotov2006 => izotov2006::over_oxygen(izotov2006::chlorine, ions, o),
        Chlorine::DelgadoInglada2014 => delgado_inglada::chlorine(ions, o),
    }
}

/// He/H at S/H = `s`.
fn helium(choice: Helium, ions: &Ions, s: f64) -> f64 {
    let doubly = if ions.he2.is_nan() { 0.0 } else { ions.he2 };
    match choice {
        Helium::Sum => ions.he1 + doubly,
        Helium::Peimbert1992 => ions.he1 * (1.0 + ions.s2 / (s - ions.s2)) + doubly,
    }
}

/// Y = 4 y (1 − Z)/(1 + 4 y), with y = He/H and Z = 20 O/H (Pagel et al. 1992, MNRAS 255, 325).
fn mass_fraction(helium: f64, oxygen: f64) -> f64 {
    let mass = HELIUM_MASS * helium;
    mass * (1.0 - METALS_PER_OXYGEN * oxygen) / (1.0 + mass)
}
