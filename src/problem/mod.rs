//! One object's problem: validated lines × parameters × priors, as the records that a density evaluation reads.

mod build;
mod lines;
mod preset;
mod prior;
mod recipe;

pub(crate) use build::parameter_order;
pub(crate) use lines::OPTICAL_DEPTH_BOX;
pub(crate) use preset::has_centre;
pub use preset::{Normalisation, Preset};
pub use prior::{Family, Prior};
pub use recipe::{Recipe, Settings};

use crate::flag::Flag;
use crate::line::Ion;
use crate::model::{ABUNDANCE_ZERO, Evaluator, ModelObject};

/// Where a parameter's value is found in the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The value of a slot.
    Slot(usize),
    /// 10 to the value of a slot.
    Exp10Slot(usize),
    /// 12 + log₁₀(X/H) of a metal, by its place among the ions.
    Metal(usize),
    /// X/H of helium, by its place among the ions.
    Helium(usize),
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
    /// Its members, as places in the emissivity set's line list.
    pub members: Vec<usize>,
    /// Flux relative to Hβ.
    pub flux: f64,
    /// Its error as given.
    pub flux_err: f64,
    /// The standard deviation in the likelihood: the error, not below the floor.
    pub sigma: f64,
}

/// What is fitted of one object.
#[derive(Clone, Debug)]
pub struct Problem {
    /// The object's name.
    pub id: String,
    /// Its records.
    pub object: ModelObject<f64>,
    /// The parameters in the order of every file: T_low, T_high, n_e, cHbeta, tau, He1, He2, metals by atomic number, then
    /// a_H, a_He, ln_FHbeta where they are in the model.
    pub parameters: Vec<Parameter>,
    /// The ions, in the order of `object.ions`.
    pub ions: Vec<Ion>,
    /// The lines, in the order of `object.lines`.
    pub lines: Vec<ProblemLine>,
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
                Source::Slot(slot) => evaluator.slot(slot),
                Source::Exp10Slot(slot) => 10_f64.powf(evaluator.slot(slot)),
                Source::Metal(ion) => ABUNDANCE_ZERO + evaluator.ln_abundance(ion) / std::f64::consts::LN_10,
                Source::Helium(ion) => evaluator.ln_abundance(ion).exp(),
            };
        }
    }

    /// Where a parameter stands among `parameters`.
    pub fn place(&self, name: &str) -> Option<usize> {
        self.parameters.iter().position(|parameter| parameter.name == name)
    }
}
