//! One object's problem: validated lines × parameters × priors, as the records that a density evaluation reads.

#![warn(clippy::wildcard_enum_match_arm)]

mod absorption;
mod assemble;
pub(crate) mod balmer;
mod checks;
mod ionisation;
mod likelihood;
mod preset;
mod prior;
mod recipe;
mod recombination;
mod settings;
#[cfg(test)]
pub(crate) mod tests;
mod thermometers;
mod zones;

pub use absorption::{Absorption, NoStars};
pub(crate) use assemble::parameter_order;
pub(crate) use ionisation::Ionisation;
pub use likelihood::{Arm, Kind, LikelihoodSettings};
pub use preset::{Normalisation, Preset};
pub use prior::Prior;
pub use recipe::Recipe;
pub use settings::{Recombination, Settings, Tables};
pub use zones::{Form, Related, Rule, Tied, When, Word, ZoneSettings};

pub use crate::model::code::Family;

use crate::emissivity::Set;
use crate::flag::Flag;
use crate::line::Ion;
use crate::model::{ABUNDANCE_ZERO, Compiled, Evaluator, LaneEvaluator, ModelObject};
use crate::number::lanes::Lanes;

/// S/N from which a line, or the ratio of lines that measures a temperature or density, counts as detected.
pub(crate) const DETECTION: f64 = 3.0;

/// Where a parameter's value is found in the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The value of a slot.
    Slot(usize),
    /// 10 to the value of a slot.
    Exp10Slot(usize),
    /// 12 + log₁₀(X/H) of a metal, by its index among the ions.
    Metal(usize),
    /// X/H of helium, by its index among the ions.
    Helium(usize),
}

impl Source {
    /// The parameter's value from its slot's value or its ion's ln abundance.
    fn value(self, found: f64) -> f64 {
        match self {
            Source::Slot(_) => found,
            Source::Exp10Slot(_) => (std::f64::consts::LN_10 * found).exp(),
            Source::Metal(_) => ABUNDANCE_ZERO + found / std::f64::consts::LN_10,
            Source::Helium(_) => found.exp(),
        }
    }
}

/// A parameter that users know by name.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Its name in every file.
    pub name: String,
    /// Where its value is found.
    pub source: Source,
    /// Its sampled coordinate; none where it is fixed.
    pub coordinate: Option<usize>,
    /// Its prior.
    pub prior: Prior,
}

/// One line as it is fitted.
#[derive(Clone, Debug)]
pub struct ProblemLine {
    /// Its label as the user wrote it.
    pub label: String,
    /// Its members, as indices in the emissivity set's line list.
    pub members: Vec<usize>,
    /// Flux relative to Hβ.
    pub flux: f64,
    /// Its error as given.
    pub flux_err: f64,
    /// The standard deviation in the likelihood: the error, not below the floor.
    pub sigma: f64,
    /// How it is compared with the model: `gaussian`, `log-gaussian`, `student-t` or `upper-limit`.
    pub likelihood: &'static str,
    /// f_λ of the reddening law, with Hβ at 0; none of a blend.
    pub f_lambda: Option<f64>,
    /// Where recombination feeds it.
    pub recombination: Option<Recombined>,
}

/// What of a line's flux recombination may be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Recombined {
    /// The zone of the ion that recombines, by its index among the object's.
    pub zone: usize,
    /// Temperatures \[K\] for which its coefficient was fitted.
    pub range: [f64; 2],
}

/// A relation between two temperatures whose range is known.
#[derive(Clone, Debug, PartialEq)]
pub struct RangedRelation {
    /// Its name.
    pub name: String,
    /// The parameter on its right side.
    pub parent: String,
    /// Temperatures \[K\] on its right side for which it was published.
    pub range: [f64; 2],
}

/// One zone of an object, in the order of its records.
#[derive(Clone, Debug, PartialEq)]
pub struct ProblemZone {
    /// Its name.
    pub name: String,
    /// The parameter that is its temperature \[K\].
    pub temperature: String,
    /// The parameter that is its density [cm⁻³].
    pub density: String,
    /// What its temperature follows in this object, in words.
    pub rule: String,
    /// The relation that its temperature follows in this object, if the range of that is known.
    pub relation: Option<RangedRelation>,
    /// True if the user gave the temperature a prior, for all objects or for this one.
    pub is_given: bool,
}

/// What is fitted of one object.
#[derive(Clone, Debug)]
pub struct Problem {
    /// The object's name.
    pub id: String,
    /// Its records.
    pub object: ModelObject<f64>,
    /// The zones, in the order of the header's slots.
    pub zones: Vec<ProblemZone>,
    /// The parameters in the order of every file: T_low, T_high, other temperatures, n_e, other densities, cHbeta, R_V, tau, xi,
    /// He1, He2, metals by atomic number, then a_H, a_He, ln_FHbeta, calibrations and nu, as far as they are in the model.
    pub parameters: Vec<Parameter>,
    /// The ions, in the order of `object.ions`.
    pub ions: Vec<Ion>,
    /// The lines, in the order of `object.lines`.
    pub lines: Vec<ProblemLine>,
    /// The S/N of the ratio of lines that measures each temperature and density best, by the parameter's
    /// name; 0 where none does.
    pub snr: Vec<(String, f64)>,
    /// What was decided for this object, and why.
    pub flags: Vec<Flag>,
}

impl Problem {
    /// Names of the sampled coordinates, in their order: they key the random numbers.
    pub fn coordinate_names(&self) -> Vec<&str> {
        let mut names = vec![""; self.object.dimension()];
        for parameter in &self.parameters {
            if let Some(coordinate) = parameter.coordinate {
                names[coordinate] = &parameter.name;
            }
        }
        names
    }

    /// The parameters' values at `position`, to which the evaluator is moved; `[parameter]`.
    pub fn physical(&self, evaluator: &mut Evaluator<'_, f64>, position: &[f64], values: &mut [f64]) {
        evaluator.at(position);
        for (value, parameter) in values.iter_mut().zip(&self.parameters) {
            *value = match parameter.source {
                Source::Slot(slot) | Source::Exp10Slot(slot) => parameter.source.value(evaluator.slot(slot)),
                Source::Metal(ion) | Source::Helium(ion) => parameter.source.value(evaluator.ln_abundance(ion)),
            };
        }
    }

    /// The parameters' values at the positions where the lanes are; of as many lanes as `values`, `[lane, parameter]`, has rows.
    pub fn physical_lanes<const N: usize>(&self, lanes: &LaneEvaluator<'_, N>, values: &mut [f64])
    where
        Lanes<f64, N>: Compiled<Scalar = f64>,
    {
        let width = self.parameters.len();
        for (index, parameter) in self.parameters.iter().enumerate() {
            let found = match parameter.source {
                Source::Slot(slot) | Source::Exp10Slot(slot) => lanes.slot(slot),
                Source::Metal(ion) | Source::Helium(ion) => lanes.ln_abundance(ion),
            };
            for (row, found) in values.chunks_exact_mut(width).zip(found) {
                row[index] = parameter.source.value(found);
            }
        }
    }

    /// How far a line with the model's flux `model` is from what was measured, in its likelihood's own σ: of a log-Gaussian in
    /// ln F, of an upper limit 0 unless the model exceeds it.
    pub fn pull(&self, line: usize, model: f64) -> f64 {
        self.object.lines[line].pull(model)
    }

    /// Twice the log likelihood that a line loses against a perfect fit, `nu` being Student's degrees of freedom: pull² of a
    /// Gaussian, (ν + 1) ln(1 + pull²/ν) of Student's t, −2 ln Φ((limit − model)/σ) of an upper limit.
    pub fn deviance(&self, line: usize, model: f64, nu: f64) -> f64 {
        self.object.lines[line].deviance(model, nu)
    }

    /// True if a line that an ion alone sends was measured at [`DETECTION`] σ or more; a limit detects nothing.
    pub(crate) fn detects(&self, ion: Ion, set: &Set) -> bool {
        let sent = |line: &ProblemLine| line.members.iter().all(|&member| set.list.lines[member].ion == ion);
        self.lines
            .iter()
            .zip(&self.object.lines)
            .any(|(line, record)| !record.likelihood.is_limit() && line.flux >= DETECTION * line.sigma && sent(line))
    }

    /// The lines that measure the ionisation parameter, in the zones of their ions.
    pub(crate) fn ionisation<'a>(&self, set: &'a Set) -> Ionisation<'a> {
        Ionisation::new(set, |ion| {
            let ion = self.ions.iter().position(|own| own.to_string() == ion)?;
            let zone = &self.zones[self.object.ions[ion].zone as usize];
            Some([
                self.parameter_index(&zone.temperature)?,
                self.parameter_index(&zone.density)?,
            ])
        })
    }

    /// Where a parameter stands among `parameters`.
    pub fn parameter_index(&self, name: &str) -> Option<usize> {
        self.parameters.iter().position(|parameter| parameter.name == name)
    }
}
