//! Elements from ions, draw by draw: total abundances, their ratios and the helium mass fraction,
//! with corrections chosen by name.

mod delgado_inglada2014;
mod fernandez2018;
mod ions;
mod izotov2006;
mod oxygen;
mod settings;
mod takes;
mod totals;

pub use fernandez2018::Noise;
pub use ions::Ions;
pub use settings::{Argon, Chlorine, Helium, MassFraction, Neon, Nitrogen, Oxygen, Settings, Sulphur};
pub use takes::{ions_of, needs_temperature};
pub use totals::{Total, totals};

use crate::draws::{Draws, thinned_rows};
use crate::flag::{Code, Flag};
use crate::rng::{Key, normal, purpose};

/// Derived quantities: 12 + log₁₀(O/H), log₁₀(N/O), 12 + log₁₀(S/H), log₁₀ of Ne/O, Ar/O and Cl/O,
/// all by number; He/H by number; the helium mass fraction Y.
pub const NAMES: [&str; 8] = ["O_H", "N_O", "S_H", "Ne_O", "Ar_O", "Cl_O", "He_H", "Y"];
/// Largest fraction of draws outside the range of a correction without a flag.
const OUTSIDE: f64 = 0.01;
/// Index of O_H among the names.
const O_H: usize = 0;
/// Index of S_H among the names.
const S_H: usize = 2;

/// Derived quantities of one object, draw by draw.
#[derive(Clone, Debug, PartialEq)]
pub struct Derived {
    /// Values, `[chain, draw, NAMES]`; NaN where the object's model lacks an ion of the quantity.
    pub values: Vec<f64>,
    /// Fraction of the draws outside the range of a quantity's correction, `[NAMES]`; NaN where the
    /// object has no such quantity.
    pub outside: [f64; NAMES.len()],
    /// Corrections of the object: those of the settings, with the choice for O/H made.
    pub settings: Settings,
    /// Flags of the corrections.
    pub flags: Vec<Flag>,
}

impl Derived {
    /// Computes the quantities of `draws`, with the object's key of random numbers. `he2_detected`
    /// is true if a line of He II was detected.
    pub fn new(settings: &Settings, draws: &Draws, key: &Key, he2_detected: bool) -> Derived {
        let settings = &oxygen::decided(settings, draws, he2_detected);
        let places = Ions::NAMES.map(|name| draws.position(name));
        let mut values = Vec::with_capacity(draws.chains * draws.draws * NAMES.len());
        let mut out = [0_usize; NAMES.len()];
        let needed = Needed::of(settings, &places);
        for chain in 0..draws.chains {
            for draw in 0..draws.draws {
                let row = draws.draw(chain, draw);
                let ions = Ions::from_parameters(places.map(|place| place.map_or(f64::NAN, |place| row[place])));
                let totals = totals(settings, &ions, noise(key, chain as u32, draw as u32, needed));
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

/// Random numbers that the quantities of an object need.
#[derive(Clone, Copy, Debug)]
struct Needed {
    /// True if S³⁺ comes from the ions of argon.
    s4: bool,
    /// True if the metals come from sulphur.
    s_to_o: bool,
}

impl Needed {
    fn of(settings: &Settings, places: &[Option<usize>]) -> Needed {
        Needed {
            s4: settings.sulphur == Sulphur::Fernandez2018 && !lacks_argon(places),
            s_to_o: settings.mass_fraction == MassFraction::Sulphur,
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
    ["Ar3", "Ar4"].iter().any(|name| {
        let place = Ions::NAMES.iter().position(|other| other == name);
        place.is_none_or(|place| places[place].is_none())
    })
}

/// Flags of corrections outside their range, of the correction of O/H, and of a simple sum in place
/// of a correction; `places` are those of [`Ions::NAMES`] among the parameters.
fn flags(settings: &Settings, places: &[Option<usize>], outside: &[f64; NAMES.len()]) -> Vec<Flag> {
    let subject = |quantity: usize| format!("{}/{}", NAMES[quantity], settings.names()[quantity]);
    let beyond = (0..NAMES.len()).filter(|&quantity| outside[quantity] > OUTSIDE);
    let mut flags: Vec<Flag> = beyond
        .map(|quantity| Flag::about(Code::IcfRange, subject(quantity)))
        .collect();
    if oxygen::corrects(settings, places) && !outside[O_H].is_nan() {
        flags.push(Flag::about(Code::Icf, subject(O_H)));
    }
    if settings.sulphur == Sulphur::Fernandez2018 && lacks_argon(places) && !outside[S_H].is_nan() {
        flags.push(Flag::about(Code::IcfFallback, subject(S_H)));
    }
    flags
}
