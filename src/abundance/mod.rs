//! Elements from ions, draw by draw: total abundances, their ratios and the helium mass fraction,
//! with corrections chosen by name.

mod carbon;
mod conditions;
mod decide;
mod delgado_inglada2014;
mod fernandez2018;
mod ions;
mod iron;
mod izotov2006;
mod martinez2025;
mod median;
mod nitrogen;
mod observed;
mod oxygen;
mod settings;
mod takes;
mod totals;

pub use conditions::Conditions;
pub use fernandez2018::Noise;
pub use ions::Ions;
pub use observed::Observed;
pub use settings::{
    Argon, Carbon, Chlorine, Helium, IonisationParameter, Iron, MassFraction, Neon, Nitrogen, Oxygen, Settings, Sulphur,
};
pub use takes::{ions_of, needs_temperature};
pub use totals::{Total, totals};

use crate::draws::{Draws, thinned_rows};
use crate::flag::{Code, Flag};
use crate::rng::{Key, normal, purpose};

/// The derived quantities: 12 + log₁₀(O/H), log₁₀(N/O), 12 + log₁₀(S/H), log₁₀ of Ne/O, Ar/O, Cl/O,
/// C/O and Fe/O, all by number; He/H by number; the helium mass fraction Y.
pub const NAMES: [&str; 10] = ["O_H", "N_O", "S_H", "Ne_O", "Ar_O", "Cl_O", "C_O", "Fe_O", "He_H", "Y"];
/// Fraction of draws outside the range of a correction that is still passed over.
const OUTSIDE: f64 = 0.01;
/// Index of O_H among the names.
const O_H: usize = 0;
/// Place of N_O among the names.
const N_O: usize = 1;
/// Place of S_H among the names.
const S_H: usize = 2;
/// Place of C_O among the names.
const C_O: usize = 6;
/// Place of Fe_O among the names.
const FE_O: usize = 7;

/// Derived quantities of one object, draw by draw.
#[derive(Clone, Debug, PartialEq)]
pub struct Derived {
    /// Values, `[chain, draw, NAMES]`; NaN where the object's model lacks an ion of the quantity.
    pub values: Vec<f64>,
    /// Fraction of the draws outside the range of a quantity's correction, `[NAMES]`; NaN where the
    /// object has no such quantity.
    pub outside: [f64; NAMES.len()],
    /// The corrections of the object: those of the settings, as decided for it.
    pub settings: Settings,
    /// Flags of the corrections.
    pub flags: Vec<Flag>,
}

impl Derived {
    /// The quantities of `draws`, under the object's key of random numbers.
    pub fn new(settings: &Settings, draws: &Draws, key: &Key, observed: &Observed<'_>) -> Derived {
        let settings = &decide::decided(settings, draws, observed);
        let places = Ions::NAMES.map(|name| draws.position(name).filter(|&place| has_values(draws, place)));
        let mut values = Vec::with_capacity(draws.chains * draws.draws * NAMES.len());
        let mut out = [0_usize; NAMES.len()];
        let needed = Needed::of(settings, &places);
        for chain in 0..draws.chains {
            for draw in 0..draws.draws {
                let row = draws.draw(chain, draw);
                let ions = needed.complete(places.map(|place| place.map_or(f64::NAN, |place| row[place])));
                let conditions = needed.conditions(observed, row);
                let noise = noise(key, chain as u32, draw as u32, needed);
                let totals = totals(settings, &ions, &conditions, noise);
                for (total, out) in totals.into_iter().zip(&mut out) {
                    values.push(total.value);
                    *out += usize::from(!total.inside);
                }
            }
        }
        let total = (draws.chains * draws.draws).max(1) as f64;
        let mut outside = out.map(|count| count as f64 / total);
        for (quantity, outside) in outside.iter_mut().enumerate() {
            if values
                .iter()
                .skip(quantity)
                .step_by(NAMES.len())
                .all(|value| value.is_nan())
            {
                *outside = f64::NAN;
            }
        }
        let flags = flags(settings, &places, &outside);
        Derived {
            values,
            outside,
            settings: *settings,
            flags,
        }
    }

    /// All values of the quantity at `index`, `[chain, draw]`; none where the object has no such
    /// quantity.
    pub fn quantity(&self, index: usize) -> Option<Vec<f64>> {
        let values = self.values.iter().skip(index).step_by(NAMES.len()).copied();
        (!self.outside[index].is_nan()).then(|| values.collect())
    }

    /// Every `step`-th draw of each of the chains of `draws` draws, as [`Draws::thinned`].
    pub fn thinned(&self, draws: usize, step: usize) -> Derived {
        Derived {
            values: thinned_rows(&self.values, NAMES.len(), draws, step),
            ..self.clone()
        }
    }
}

/// True if a parameter has a value at some draw: the classical method has none beyond the atomic
/// data.
fn has_values(draws: &Draws, place: usize) -> bool {
    let mut values = draws.values.iter().skip(place).step_by(draws.names.len());
    values.any(|value| !value.is_nan())
}

/// Random numbers, ions and conditions that any quantity of an object takes.
#[derive(Clone, Copy, Debug)]
struct Needed {
    /// True if S³⁺ comes from the ions of argon.
    s4: bool,
    /// True if the metals come from sulphur.
    s_to_o: bool,
    /// log U.
    log_u: bool,
    /// C³⁺, which C/O sums.
    c4: bool,
}

impl Needed {
    fn of(settings: &Settings, places: &[Option<usize>]) -> Needed {
        Needed {
            s4: settings.sulphur == Sulphur::Fernandez2018 && !lacks_argon(places),
            s_to_o: settings.mass_fraction == MassFraction::Sulphur,
            log_u: settings.carbon == Carbon::Martinez2025 || nitrogen::takes_log_u(settings.nitrogen),
            c4: carbon::takes_c4(settings.carbon) && !lacks("C4", places),
        }
    }

    /// The ions of a draw, `[Ions::NAMES]`. C/O needs C³⁺ at each draw if it sums C³⁺ at any.
    fn complete(self, values: [f64; Ions::NAMES.len()]) -> Ions {
        let ions = Ions::from_parameters(values);
        match self.c4 && ions.c4.is_nan() {
            true => Ions { c3: f64::NAN, ..ions },
            false => ions,
        }
    }

    /// The conditions at a draw, where a quantity takes them.
    fn conditions(self, observed: &Observed<'_>, row: &[f64]) -> Conditions {
        match self.log_u {
            true => (observed.conditions)(row),
            false => Conditions::UNKNOWN,
        }
    }
}

/// Random numbers of one draw, for the errors of published fits; zero where no quantity needs them.
fn noise(key: &Key, chain: u32, draw: u32, needed: Needed) -> Noise {
    const SLOPE: u32 = purpose("icf:fernandez2018:slope");
    const INTERCEPT: u32 = purpose("icf:fernandez2018:intercept");
    const S_TO_O: u32 = purpose("icf:fernandez2018:S/O");
    let number = |needed: bool, purpose: u32| {
        if needed {
            normal(key, chain, draw, purpose, 0)
        } else {
            0.0
        }
    };
    Noise {
        slope: number(needed.s4, SLOPE),
        intercept: number(needed.s4, INTERCEPT),
        s_to_o: number(needed.s_to_o, S_TO_O),
    }
}

/// Tells whether the model lacks an ion of argon that S³⁺ is estimated from; `places` are those of
/// [`Ions::NAMES`].
fn lacks_argon(places: &[Option<usize>]) -> bool {
    lacks("Ar3", places) || lacks("Ar4", places)
}

/// True if an ion is not in the model; `places` are those of [`Ions::NAMES`].
fn lacks(ion: &str, places: &[Option<usize>]) -> bool {
    let place = Ions::NAMES.iter().position(|other| *other == ion);
    place.is_none_or(|place| places[place].is_none())
}

/// Corrections used outside their range, those decided for the object, and those whose sum lacks an
/// ion; `places` are those of [`Ions::NAMES`] among the parameters.
fn flags(settings: &Settings, places: &[Option<usize>], outside: &[f64; NAMES.len()]) -> Vec<Flag> {
    let about =
        |code: Code, quantity: usize| Flag::about(code, format!("{}/{}", NAMES[quantity], settings.names()[quantity]));
    let beyond = (0..NAMES.len()).filter(|&quantity| outside[quantity] > OUTSIDE);
    let mut flags: Vec<Flag> = beyond.map(|quantity| about(Code::IcfRange, quantity)).collect();
    let decided = [
        (O_H, oxygen::corrects(settings, places)),
        (N_O, nitrogen::takes_log_u(settings.nitrogen)),
        (C_O, true),
        (FE_O, settings.iron == Iron::RodriguezRubinEq4),
    ];
    let incomplete = [
        (S_H, settings.sulphur == Sulphur::Fernandez2018 && lacks_argon(places)),
        (C_O, carbon::takes_c4(settings.carbon) && lacks("C4", places)),
    ];
    for (code, quantities) in [(Code::Icf, &decided[..]), (Code::IcfFallback, &incomplete[..])] {
        let said = quantities
            .iter()
            .filter(|(quantity, holds)| *holds && !outside[*quantity].is_nan());
        flags.extend(said.map(|(quantity, _)| about(code, *quantity)));
    }
    flags
}
