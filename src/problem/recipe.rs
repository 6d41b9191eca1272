//! The settings of a model, resolved once for a whole catalogue.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::preset::{self, DensityPrior, Normalisation, Preset};
use super::prior::Prior;
use crate::emissivity::Set;
use crate::error::{Error, Result};
use crate::extinction::Law;
use crate::line::Ion;

/// The model as the user configures it, `[model]` in TOML.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Where choices not made below come from.
    pub preset: Preset,
    /// How fluxes are normalised; the preset's where absent.
    pub normalisation: Option<Normalisation>,
    /// Errors are held above this fraction of the flux; 0 to 1.
    pub error_floor: f64,
    /// Lines to use although the preset doubts them.
    pub include: Vec<String>,
    /// Lines to leave out.
    pub exclude: Vec<String>,
    /// Ions of the high-ionisation zone; the rest are in the low one. Absent: He1 He2 O3 Ne3 C3 N3 Cl4 and stages from 4 up.
    pub high_zone: Option<Vec<String>>,
    /// Whether underlying absorption is fitted; absent: with preset `default` where equivalent widths are given.
    pub absorption: Option<bool>,
    /// Whether T_low follows T_high; absent: with preset `default` where no low-zone thermometer was measured and `[priors]`
    /// has none of T_low.
    #[serde(rename = "tie_T_low")]
    pub tie_t_low: Option<bool>,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            preset: Preset::Default,
            normalisation: None,
            error_floor: 0.02,
            include: Vec::new(),
            exclude: Vec::new(),
            high_zone: None,
            absorption: None,
            tie_t_low: None,
        }
    }
}

/// The settings of a model, checked against the emissivities and ready to make problems from.
#[derive(Clone, Debug)]
pub struct Recipe<'a> {
    pub(super) settings: Settings,
    pub(super) priors: BTreeMap<String, Prior>,
    pub(super) density: DensityPrior,
    pub(super) high_zone: Option<BTreeSet<Ion>>,
    /// Lines never used, and those used whatever the preset thinks, as places in the set's list.
    pub(super) excluded: BTreeSet<usize>,
    pub(super) doubtful: BTreeSet<usize>,
    /// The emissivities.
    pub set: &'a Set,
    /// The reddening law.
    pub law: Law,
    /// f_λ of each line of the set; none where the law is not defined.
    pub(super) f_lambda: Vec<Option<f64>>,
}

impl<'a> Recipe<'a> {
    /// Checks `settings` and `priors` (`[priors]` in TOML, by parameter) against the emissivities and the reddening law.
    ///
    /// # Errors
    /// An unknown parameter, ion or line; a prior that makes no sense or leaves the emissivities' nodes; an error floor outside
    /// 0 to 1.
    pub fn new(settings: &Settings, priors: &BTreeMap<String, Prior>, set: &'a Set, law: Law) -> Result<Self> {
        if !(0.0..1.0).contains(&settings.error_floor) {
            return Err(Error::ErrorFloor {
                value: settings.error_floor,
            });
        }
        for (name, prior) in priors {
            known_parameter(name, set)?;
            prior.validated(name)?;
        }
        let places = |labels: &[String]| -> Result<BTreeSet<usize>> {
            let mut places = BTreeSet::new();
            for label in labels {
                places.extend(set.list.resolve(label, &[])?.members);
            }
            Ok(places)
        };
        let included = places(&settings.include)?;
        let doubtful = settings
            .preset
            .doubtful()
            .iter()
            .filter_map(|label| set.list.position(label));
        let recipe = Recipe {
            density: density_prior(settings.preset, priors)?,
            priors: priors.clone(),
            high_zone: settings
                .high_zone
                .as_ref()
                .map(|ions| ions.iter().map(|ion| ion.parse()).collect())
                .transpose()?,
            excluded: places(&settings.exclude)?,
            doubtful: doubtful.filter(|place| !included.contains(place)).collect(),
            set,
            law,
            f_lambda: set
                .list
                .lines
                .iter()
                .map(|line| law.f_lambda(line.wavelength_air).ok())
                .collect(),
            settings: settings.clone(),
        };
        recipe.check_ranges()?;
        Ok(recipe)
    }

    /// How fluxes are normalised.
    pub fn normalisation(&self) -> Normalisation {
        self.settings
            .normalisation
            .unwrap_or(self.settings.preset.normalisation())
    }

    /// The prior of a temperature or another parameter that is no abundance and not the density.
    pub(super) fn global(&self, name: &str) -> Prior {
        self.priors
            .get(name)
            .copied()
            .unwrap_or_else(|| self.settings.preset.global(name))
    }

    /// The prior of an ion's abundance.
    pub(super) fn ion(&self, ion: Ion) -> Prior {
        self.priors
            .get(&ion.to_string())
            .copied()
            .unwrap_or_else(|| self.settings.preset.ion(ion))
    }

    /// Whether an ion lives in the high-ionisation zone.
    pub(super) fn is_high(&self, ion: Ion) -> bool {
        self.high_zone
            .as_ref()
            .map_or_else(|| preset::high_by_default(ion), |high| high.contains(&ion))
    }

    /// Whether a catalogue's `prior_<name>` names a parameter.
    pub(super) fn check_parameter(&self, name: &str) -> Result<()> {
        known_parameter(name, self.set)
    }

    /// Refuses a prior of a temperature or the density that leaves the nodes of the emissivities.
    pub(super) fn check_range(&self, name: &str, prior: &Prior) -> Result<()> {
        let axes = &self.set.axes;
        let nodes = |axis: &crate::emissivity::Axis| (10_f64.powf(axis.first), 10_f64.powf(axis.last));
        match name {
            "T_low" | "T_high" => inside(name, prior, nodes(&axes.log10_t)),
            "n_e" => inside(name, prior, nodes(&axes.log10_ne)),
            "log_ne" => inside(name, prior, (axes.log10_ne.first, axes.log10_ne.last)),
            _ => Ok(()),
        }
    }

    fn check_ranges(&self) -> Result<()> {
        for name in ["T_low", "T_high"] {
            self.check_range(name, &self.global(name))?;
        }
        match &self.density {
            DensityPrior::Linear(prior) => self.check_range("n_e", prior),
            DensityPrior::Log(prior) => self.check_range("log_ne", prior),
        }
    }
}

/// A prior must not leave the nodes of the emissivities.
fn inside(parameter: &str, prior: &Prior, (low, high): (f64, f64)) -> Result<()> {
    let (lower, upper) = prior.fixed.map_or_else(|| prior.support(), |value| (value, value));
    if lower >= low && upper <= high {
        return Ok(());
    }
    Err(Error::PriorRange {
        parameter: parameter.into(),
        lower,
        upper,
        low,
        high,
    })
}

fn known_parameter(name: &str, set: &Set) -> Result<()> {
    let ion = |ion: Ion| ion != Ion::H1 && set.list.lines.iter().any(|line| line.ion == ion);
    if preset::GLOBALS.contains(&name) || name == "log_ne" || name.parse().is_ok_and(ion) {
        return Ok(());
    }
    Err(Error::UnknownParameter { parameter: name.into() })
}

/// The density's prior: the user's on `n_e` or on `log_ne`, else the preset's.
fn density_prior(preset: Preset, priors: &BTreeMap<String, Prior>) -> Result<DensityPrior> {
    match (priors.get("n_e"), priors.get("log_ne")) {
        (Some(_), Some(_)) => Err(Error::TwoDensityPriors),
        (Some(prior), None) => Ok(DensityPrior::Linear(*prior)),
        (None, Some(prior)) => Ok(DensityPrior::Log(*prior)),
        (None, None) => Ok(preset.density()),
    }
}
