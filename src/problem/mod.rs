//! Problem of one object: lines, parameters and priors, as the records that the log density reads.

#![warn(clippy::wildcard_enum_match_arm)]

mod absorption;
mod assemble;
pub(crate) mod balmer;
mod checks;
mod ionisation;
mod likelihood;
mod preset;
mod prior;
mod quantity;
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
pub(crate) use preset::{GLOBALS, HE1_SHIFT};
pub use preset::{Normalisation, Preset};
pub use prior::Prior;
pub use recipe::Recipe;
pub use settings::{Recombination, Settings, Tables};
pub use zones::{Form, Related, Rule, Tied, When, Word, ZoneSettings};

pub use crate::error::{ProblemError, ZoneError};
pub use crate::model::code::Family;

use crate::emissivity::Set;
use crate::flag::Flag;
use crate::line::Ion;
use crate::model::{ABUNDANCE_ZERO, Compiled, Evaluator, LaneEvaluator, ModelObject};
use crate::number::lanes::Lanes;

/// Signal-to-noise from which a line counts as detected. The same holds for a ratio of lines that
/// measures a temperature or a density.
pub(crate) const DETECTION: f64 = 3.0;

/// Origin of a parameter's value in the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Value of a slot.
    Slot(usize),
    /// Ten to the power of a slot's value.
    Exp10Slot(usize),
    /// 12 + log₁₀(X/H) of the metal with this index among the ions.
    Metal(usize),
    /// X/H of the helium ion with this index among the ions.
    Helium(usize),
}

impl Source {
    /// Parameter's value from the value of the slot, or from the ln abundance of the ion.
    fn value(self, found: f64) -> f64 {
        match self {
            Source::Slot(_) => found,
            Source::Exp10Slot(_) => (std::f64::consts::LN_10 * found).exp(),
            Source::Metal(_) => ABUNDANCE_ZERO + found / std::f64::consts::LN_10,
            Source::Helium(_) => found.exp(),
        }
    }
}

/// Parameter that users know by name.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Name in every file.
    pub name: String,
    /// Origin of the value in the model.
    pub source: Source,
    /// Sampled coordinate; none of a fixed parameter.
    pub coordinate: Option<usize>,
    /// Prior of the value.
    pub prior: Prior,
}

/// Line of an object in the fit.
#[derive(Clone, Debug)]
pub struct ProblemLine {
    /// Label as the user wrote it.
    pub label: String,
    /// Members, as indices in the emissivity set's line list.
    pub members: Vec<usize>,
    /// Flux relative to Hβ.
    pub flux: f64,
    /// Error as given, relative to Hβ.
    pub flux_err: f64,
    /// Standard deviation in the likelihood: the error, not below the floor.
    pub sigma: f64,
    /// Likelihood of the flux: `gaussian`, `log-gaussian`, `student-t`, `interval`, `outliers` or
    /// `upper-limit`.
    pub likelihood: &'static str,
    /// Reddening law f_λ, 0 at Hβ; none of a blend.
    pub f_lambda: Option<f64>,
    /// Recombination that feeds the line, if any.
    pub recombination: Option<Recombined>,
}

/// Recombination that adds to the flux of a line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Recombined {
    /// Index of the zone of the ion that recombines, among the object's zones.
    pub zone: usize,
    /// Temperatures \[K\] for which the coefficient was fitted.
    pub range: [f64; 2],
}

/// Relation between two temperatures, with a known range.
#[derive(Clone, Debug, PartialEq)]
pub struct RangedRelation {
    /// Name of the paper, as in `[zones]`.
    pub name: String,
    /// Parameter on the right side.
    pub parent: String,
    /// Temperatures \[K\] on the right side for which the relation was published.
    pub range: [f64; 2],
}

/// Zone of an object.
#[derive(Clone, Debug, PartialEq)]
pub struct ProblemZone {
    /// Name of the zone.
    pub name: String,
    /// Name of the parameter that is the temperature \[K\].
    pub temperature: String,
    /// Name of the parameter that is the density \[cm⁻³\].
    pub density: String,
    /// Rule of the temperature in this object, in words.
    pub rule: String,
    /// Relation of the temperature in this object, where its range is known.
    pub relation: Option<RangedRelation>,
    /// True if the user gave the temperature a prior, for all objects or for this one.
    pub is_given: bool,
}

/// Fit of one object: records, zones, parameters, ions and lines.
#[derive(Clone, Debug)]
pub struct Problem {
    /// Name of the object.
    pub id: String,
    /// Records of the model.
    pub object: ModelObject<f64>,
    /// Zones, in the order of the header's slots.
    pub zones: Vec<ProblemZone>,
    /// Parameters, in the order of every file: T_low, T_high, other temperatures, n_e, other
    /// densities, cHbeta, R_V, tau, xi, He1, He2, metals by atomic number, a_H, a_He, ln_FHbeta,
    /// calibrations and nu. Parameters outside the object's model are left out.
    pub parameters: Vec<Parameter>,
    /// Ions, in the order of `object.ions`.
    pub ions: Vec<Ion>,
    /// Lines, in the order of `object.lines`.
    pub lines: Vec<ProblemLine>,
    /// Signal-to-noise of the ratio that measures each temperature and density best, with the name
    /// of the parameter. It is 0 where no ratio measures the parameter.
    pub snr: Vec<(String, f64)>,
    /// Flags of the decisions for this object.
    pub flags: Vec<Flag>,
}

impl Problem {
    /// Names of the sampled coordinates, in the order of the position. They key the random numbers.
    pub fn coordinate_names(&self) -> Vec<&str> {
        let mut names = vec![""; self.object.dimension()];
        for parameter in &self.parameters {
            if let Some(coordinate) = parameter.coordinate {
                names[coordinate] = &parameter.name;
            }
        }
        names
    }

    /// Writes the parameters' values at `position` into `values`, `[parameter]`. The evaluator
    /// moves to the position.
    pub fn physical(&self, evaluator: &mut Evaluator<'_, f64>, position: &[f64], values: &mut [f64]) {
        evaluator.at(position);
        for (value, parameter) in values.iter_mut().zip(&self.parameters) {
            *value = match parameter.source {
                Source::Slot(slot) | Source::Exp10Slot(slot) => parameter.source.value(evaluator.slot(slot)),
                Source::Metal(ion) | Source::Helium(ion) => parameter.source.value(evaluator.ln_abundance(ion)),
            };
        }
    }

    /// Writes the parameters' values at the positions of the lanes into `values`,
    /// `[lane, parameter]`. Lanes beyond the rows of `values` are not read.
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

    /// Residual of a line, in units of σ, at the model's flux `model`: (F − model)/σ of a Gaussian.
    /// A log-Gaussian compares ln F, and an upper limit gives 0 unless the model exceeds the limit.
    pub fn pull(&self, line: usize, model: f64) -> f64 {
        self.object.lines[line].pull(model)
    }

    /// Deviance of a line: twice the log likelihood lost against a perfect fit, with `nu` degrees
    /// of freedom of Student's t. A Gaussian gives pull², Student's t (ν + 1) ln(1 + pull²/ν), and
    /// an upper limit −2 ln Φ((limit − model)/σ).
    pub fn deviance(&self, line: usize, model: f64, nu: f64) -> f64 {
        self.object.lines[line].deviance(model, nu)
    }

    /// True if a line of this ion alone was measured at [`DETECTION`] σ or more. A limit detects
    /// nothing.
    pub(crate) fn detects(&self, ion: Ion, set: &Set) -> bool {
        let sent = |line: &ProblemLine| line.members.iter().all(|&member| set.list.lines[member].ion == ion);
        self.lines
            .iter()
            .zip(&self.object.lines)
            .any(|(line, record)| !record.likelihood.is_limit() && line.flux >= DETECTION * line.sigma && sent(line))
    }

    /// Lines that measure the ionisation parameter, with the conditions of their ions' zones.
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

    /// Index of a parameter among `parameters`; none outside the object's model.
    pub fn parameter_index(&self, name: &str) -> Option<usize> {
        self.parameters.iter().position(|parameter| parameter.name == name)
    }
}
