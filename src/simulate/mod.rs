//! Draws a catalogue with known truth from the model.
//!
//! The fluxes come from the code of the model that a fit uses. Coverage therefore tests sampler,
//! priors and likelihood, but not the flux equation. `tests.rs` compares the fluxes with that
//! equation written out.

#![warn(clippy::wildcard_enum_match_arm)]

mod noise;
mod population;
mod prior;

pub use noise::{Measured, Noise};

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;

use crate::emissivity::Set;
pub use crate::error::SimulateError;
use crate::error::{Error, Result};
use crate::extinction::Law;
use crate::line::H_BETA;
use crate::model::{ABUNDANCE_ZERO, Evaluator};
use crate::problem::{Normalisation, Preset, Prior, Problem, Recipe, Settings};
use crate::rng::Key;
use crate::table::{Columns, Measurement, Object};

/// Lines of a simulated catalogue beside Hβ: the talk's 21, [O II] 3726+3729 and [Ne III] 3869.
pub const LINES: [&str; 23] = [
    "H1_4341A",
    "H1_6563A",
    "He1_4026A",
    "He1_4471A",
    "He1_5876A",
    "He1_6678A",
    "He1_7065A",
    "He2_4686A",
    "O2_3726A_m",
    "O2_7325A_m",
    "O3_4363A",
    "O3_4959A",
    "O3_5007A",
    "N2_6548A",
    "N2_6584A",
    "S2_6716A",
    "S2_6731A",
    "S3_6312A",
    "S3_9069A",
    "S3_9531A",
    "Ar3_7136A",
    "Ar4_4740A",
    "Ne3_3869A",
];

/// Reddening law of a simulated catalogue.
pub const LAW: Law = Law::G03Lmc;

/// Part of σ that is proportional to the flux of the line, as a fraction.
const RELATIVE_ERROR: f64 = 0.02;
/// Part of σ that is proportional to the flux of Hβ, as a fraction; the parts add in quadrature.
const HBETA_ERROR: f64 = 0.001;

/// Settings of a simulation.
#[derive(Clone, Debug)]
pub struct Options {
    /// Labels of the lines beside Hβ, in the form of a catalogue.
    pub lines: Vec<String>,
    /// σ = flux / `snr` if given, > 0; otherwise 2 % of the flux ⊕ 0.1 % of Hβ. The flux is the
    /// true one. For truths drawn from the priors it is that at the medians of the priors, so that
    /// σ says nothing of the truth.
    pub snr: Option<f64>,
    /// Distribution of the measured fluxes.
    pub noise: Noise,
    /// Threshold in σ below which a flux becomes an upper limit; > 0.
    pub limits: Option<f64>,
    /// Seed of all random numbers.
    pub seed: u64,
}

/// One simulated object.
#[derive(Clone, Debug)]
pub struct Simulated {
    /// Name of the object, from its index alone.
    pub id: String,
    /// True parameters, in the order of `Simulator::parameters`.
    pub truth: Vec<f64>,
    /// Measurements relative to Hβ, line by line, without Hβ. Hβ is 1 by definition, and its noise
    /// is part of the others.
    pub fluxes: Vec<Measured>,
}

/// Model of the fluxes.
#[derive(Clone, Debug)]
pub struct Model {
    /// Settings of the model. Fluxes are ratios to Hβ, whatever the normalisation here.
    pub settings: Settings,
    /// Priors in place of the preset's.
    pub priors: BTreeMap<String, Prior>,
    /// Reddening law.
    pub law: Law,
}

impl Default for Model {
    /// Model with each line a sum over its members, two zones, no absorption and no ties; `LAW`.
    fn default() -> Self {
        let settings = Settings {
            preset: Preset::Plain,
            ..Settings::default()
        };
        Model {
            settings,
            priors: BTreeMap::new(),
            law: LAW,
        }
    }
}

impl Model {
    /// Recipe of the model with other priors.
    fn recipe<'a>(&self, priors: &BTreeMap<String, Prior>, set: &'a Set) -> Result<Recipe<'a>> {
        let settings = Settings {
            normalisation: Some(Normalisation::Ratio),
            ..self.settings.clone()
        };
        Recipe::new(&settings, priors, set, self.law.clone())
    }
}

/// Source of the true parameters.
#[derive(Clone, Debug)]
pub enum Truth {
    /// The default population.
    Population,
    /// Priors of the model.
    Prior,
    /// A table with a column for each of `Simulator::parameters`: one row for all objects, or one
    /// row for each.
    Table(Columns),
}

/// Makes objects, each from its own random numbers. The kth object does not depend on the number of
/// objects.
#[derive(Debug)]
pub struct Simulator<'a> {
    set: &'a Set,
    options: Options,
    model: Model,
    template: Object,
    problem: Problem,
    /// Names of the true parameters, in the order of every file.
    pub parameters: Vec<String>,
}

impl<'a> Simulator<'a> {
    /// A simulator of the lines of `options`.
    ///
    /// # Errors
    /// A label that names no line of the emissivities, a line that the model leaves out, or an
    /// invalid model.
    pub fn new(set: &'a Set, options: &Options, model: Model) -> Result<Self> {
        let measurement = |label: &str| -> Result<Measurement> {
            Ok(Measurement {
                line: Arc::new(set.list.resolve(label, &[])?),
                flux: 1.0,
                flux_err: RELATIVE_ERROR,
                ew: None,
                limit: false,
                row: 0,
                column: "".into(),
            })
        };
        let hbeta = measurement(H_BETA)?;
        let labels = options.lines.iter();
        let measurements = labels.map(|label| measurement(label)).collect::<Result<Vec<_>>>()?;
        distinct(&measurements)?;
        let template = Object {
            id: "simulated".to_owned(),
            measurements: measurements
                .into_iter()
                .filter(|m| m.line.members != hbeta.line.members)
                .collect(),
            hbeta,
            hbeta_is_implied: false,
            priors: BTreeMap::new(),
            row: 0,
            flags: Vec::new(),
            kept: Vec::new(),
        };
        let recipe = model.recipe(&model.priors, set)?;
        let problem = Problem::new(&recipe, &template)?;
        all_modelled(&template, &problem)?;
        Ok(Simulator {
            set,
            options: options.clone(),
            model,
            template,
            parameters: problem
                .parameters
                .iter()
                .map(|parameter| parameter.name.clone())
                .collect(),
            problem,
        })
    }

    /// Labels of the lines beside Hβ, in the order of `Simulated::fluxes`.
    pub fn labels(&self) -> Vec<&str> {
        self.template
            .measurements
            .iter()
            .map(|m| m.line.label.as_str())
            .collect()
    }

    /// Object with the index `place`, counted from 0.
    ///
    /// # Errors
    /// True parameters that the table or the population lacks, or that lie outside the
    /// emissivities.
    pub fn object(&self, place: usize, truth: &Truth) -> Result<Simulated> {
        let id = format!("sim{:06}", place + 1);
        let key = Key::new(self.options.seed, &id);
        let prior = matches!(truth, Truth::Prior);
        let [truth, fluxes] = match truth {
            Truth::Population => self.with_fluxes(self.drawn(&key)?)?,
            Truth::Prior => self.predicted(&key),
            Truth::Table(table) => self.with_fluxes(self.looked_up(table, place)?)?,
        };
        let typical = if prior {
            self.at_medians()[1].clone()
        } else {
            fluxes.clone()
        };
        let nu = self.parameters.iter().position(|name| name == "nu").map(|nu| truth[nu]);
        let measured = |((label, flux), typical): ((&str, f64), f64)| {
            let sigma = self.sigma(typical);
            let measured = self
                .options
                .noise
                .measure(&key, label, flux, [sigma, sigma / typical], nu);
            self.options.limits.map_or(measured, |times| measured.censored(times))
        };
        let fluxes = self
            .labels()
            .into_iter()
            .zip(fluxes)
            .zip(typical)
            .map(measured)
            .collect();
        Ok(Simulated { id, truth, fluxes })
    }

    fn with_fluxes(&self, truth: Vec<f64>) -> Result<[Vec<f64>; 2]> {
        let fluxes = self.fluxes(&truth)?;
        Ok([truth, fluxes])
    }

    /// σ of a line with this flux relative to Hβ.
    fn sigma(&self, flux: f64) -> f64 {
        match self.options.snr {
            Some(snr) => flux / snr,
            None => (RELATIVE_ERROR * flux).hypot(HBETA_ERROR),
        }
    }

    /// Fluxes of the model relative to Hβ. A problem with every parameter held at its truth has no
    /// coordinate left.
    pub fn fluxes(&self, truth: &[f64]) -> Result<Vec<f64>> {
        let named = self.parameters.iter().cloned().zip(truth);
        let priors = named.map(|(name, &value)| (name, Prior::fixed(value))).collect();
        let recipe = self.model.recipe(&priors, self.set)?;
        let problem = Problem::new(&recipe, &self.template)?;
        let mut evaluator = Evaluator::new(&problem.object, &self.set.grid);
        evaluator.at(&[]);
        let flux = |label: &str| {
            let line = problem.lines.iter().position(|line| line.label == label);
            evaluator.flux(line.expect("every line of the template is in its problem"))
        };
        Ok(self.labels().into_iter().map(flux).collect())
    }

    /// True parameters from a table.
    fn looked_up(&self, table: &Columns, place: usize) -> Result<Vec<f64>> {
        let row = if table.len() == 1 { 0 } else { place };
        let value = |(column, name): (usize, &String)| {
            let field = table.field(row, column);
            let positive = matches!(name.as_str(), "T_low" | "T_high" | "n_e");
            if positive {
                field.number("a number > 0", |value| value > 0.0)
            } else if matches!(name.as_str(), "cHbeta" | "tau" | "He1" | "He2") {
                field.number("a number from 0", |value| value >= 0.0)
            } else {
                field.number("a finite number, 12 + log10(X/H)", |_| true)
            }
        };
        self.parameters.iter().enumerate().map(value).collect()
    }

    /// Header of the catalogue, long form.
    pub fn catalogue_header(&self) -> &'static str {
        match self.options.limits {
            None => "object,line,flux,flux_err\n",
            Some(_) => "object,line,flux,flux_err,limit\n",
        }
    }

    /// Rows of an object in the catalogue, Hβ first.
    pub fn catalogue_rows(&self, object: &Simulated) -> String {
        let limit = |limit: bool| match self.options.limits {
            None => String::new(),
            Some(_) => format!(",{limit}"),
        };
        let mut rows = format!("{},{H_BETA},1,{}{}\n", object.id, self.sigma(1.0), limit(false));
        for (label, line) in self.labels().into_iter().zip(&object.fluxes) {
            let tail = limit(line.limit);
            writeln!(rows, "{},{label},{},{}{tail}", object.id, line.flux, line.sigma).expect("a string takes all");
        }
        rows
    }

    /// Header of the table of truths: the parameters, then the quantities derived from them.
    pub fn truth_header(&self) -> String {
        let derived: Vec<&str> = self
            .derived(&vec![f64::NAN; self.parameters.len()])
            .iter()
            .map(|d| d.0)
            .collect();
        format!("object,{},{}\n", self.parameters.join(","), derived.join(","))
    }

    /// Row of an object in the table of truths.
    pub fn truth_row(&self, object: &Simulated) -> String {
        let derived = self.derived(&object.truth).into_iter().map(|(_, value)| value);
        let values = object
            .truth
            .iter()
            .copied()
            .chain(derived)
            .map(|value| format!(",{value}"));
        format!("{}{}\n", object.id, values.collect::<String>())
    }

    /// log₁₀ n_e, and 12 + log₁₀(O⁺/H⁺ + O²⁺/H⁺) where both are in the model.
    fn derived(&self, truth: &[f64]) -> Vec<(&'static str, f64)> {
        let value = |name: &str| Some(truth[self.parameters.iter().position(|parameter| parameter == name)?]);
        let mut derived = Vec::new();
        derived.extend(value("n_e").map(|n_e| ("log_ne", n_e.log10())));
        if let (Some(o2), Some(o3)) = (value("O2"), value("O3")) {
            let linear = |metal: f64| 10_f64.powf(metal - ABUNDANCE_ZERO);
            derived.push(("O_H", ABUNDANCE_ZERO + (linear(o2) + linear(o3)).log10()));
        }
        derived
    }
}

/// Refuses lines that the model leaves out: they have no flux to simulate.
fn all_modelled(template: &Object, problem: &Problem) -> Result<()> {
    let is_absent = |label: &&String| problem.lines.iter().all(|line| line.label != **label);
    let labels = template.measurements.iter().map(|m| &m.line.label);
    let absent: Vec<String> = labels.filter(is_absent).cloned().collect();
    match absent.is_empty() {
        true => Ok(()),
        false => Err(Error::Simulate(SimulateError::LeftOut {
            lines: absent.join(", "),
        })),
    }
}

/// Checks that no line stands twice.
fn distinct(measurements: &[Measurement]) -> Result<()> {
    for (place, measurement) in measurements.iter().enumerate() {
        if measurements[..place]
            .iter()
            .any(|m| m.line.members == measurement.line.members)
        {
            return Err(Error::Setting {
                key: "lines",
                value: measurement.line.label.clone(),
                expected: "each line once",
            });
        }
    }
    Ok(())
}

#[cfg(test)]
mod chi2_law;
#[cfg(test)]
mod tests;
