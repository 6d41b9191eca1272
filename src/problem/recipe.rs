//! Settings of a model, resolved once for a whole catalogue.

use std::collections::{BTreeMap, BTreeSet};

use super::absorption::Absorption;
use super::likelihood::{Arm, Fractions, checked_arms};
use super::preset::{self, DensityPrior, Normalisation, Preset};
use super::quantity;
use super::settings::Settings;
use super::zones::{Link, Zones};
use crate::emissivity::{Set, read_coefficients};
use crate::error::{Error, ProblemError, Result};
use crate::extinction::{HBETA_WAVELENGTH, Law};
use crate::line::{H_BETA, Ion};
use crate::problem::prior::Prior;

/// Parameter R_V of the reddening law, free only where it has a prior.
pub(super) const RV: &str = "R_V";

/// Settings of a model, checked against the emissivities. Every problem of a catalogue is made from
/// one recipe.
#[derive(Clone, Debug)]
pub struct Recipe<'a> {
    pub(super) settings: Settings,
    pub(super) priors: BTreeMap<String, Prior>,
    pub(super) zones: Zones,
    pub(super) floors: Fractions,
    /// Uncertainties of the emissivities, as fractions of the flux.
    pub(super) emissivity_error: Fractions,
    /// Lines that are never used, as indices in the set's list. `doubtful` has the lines that the
    /// preset leaves out, `included` the lines that the user asks for by name.
    pub(super) excluded: BTreeSet<usize>,
    pub(super) doubtful: BTreeSet<usize>,
    pub(super) included: BTreeSet<usize>,
    /// Root mean squares of a_H and a_He \[Å\] under their priors.
    pub(super) absorption: [f64; 2],
    /// Emissivities.
    pub set: &'a Set,
    /// Reddening law.
    pub law: Law,
    /// `law_a` and `law_b` of the terms of each line of the set; none where the law is not defined.
    pub(super) reddening: Vec<Option<[f64; 2]>>,
    /// Four coefficients by line, where they replace the tables.
    pub(super) coefficients: Option<BTreeMap<usize, [f64; 4]>>,
}

/// Uncertainties of emissivities: the preset's, replaced by those of the settings.
fn emissivity_error(settings: &Settings, known: &BTreeSet<Ion>, set: &Set) -> Result<Fractions> {
    let preset = settings.preset;
    let ions = preset
        .emissivity_error()
        .iter()
        .filter(|(ion, _)| has_lines(ion, known));
    let lines = preset
        .line_error()
        .iter()
        .filter(|(line, _)| set.list.position(line).is_some());
    let mut named: BTreeMap<String, f64> = ions
        .chain(lines)
        .map(|&(name, error)| (name.to_owned(), error))
        .collect();
    named.extend(settings.emissivity_error.clone());
    Fractions::new(0.0, &named, set)
}

/// True if the emissivities hold an ion of a preset's.
fn has_lines(ion: &str, known: &BTreeSet<Ion>) -> bool {
    ion.parse().is_ok_and(|ion: Ion| known.contains(&ion))
}

impl<'a> Recipe<'a> {
    /// Checks `settings` and `priors` against the emissivities and the reddening law. The priors
    /// are those of `[priors]` in TOML, with the names of their parameters.
    ///
    /// # Errors
    /// - An unknown parameter, ion, line, zone or relation.
    /// - A prior that makes no sense, or that reaches beyond the nodes of the emissivities.
    /// - An error floor outside 0 to 1.
    /// - Zones, arms or corrections that contradict each other.
    pub fn new(settings: &Settings, priors: &BTreeMap<String, Prior>, set: &'a Set, law: Law) -> Result<Self> {
        let tables = &settings.tables;
        let known: BTreeSet<Ion> = set.list.lines.iter().map(|line| line.ion).collect();
        let preset = settings.preset;
        let included = line_indices(&settings.include, set)?;
        let mut recipe = Recipe {
            zones: Zones::new(
                &tables.zones,
                (preset, settings.high_zone.as_deref(), settings.tie_t_low),
                &known,
            )?,
            priors: priors.clone(),
            floors: Fractions::new(settings.error_floor, &tables.error_floors, set)?,
            emissivity_error: emissivity_error(settings, &known, set)?,
            excluded: excluded(&settings.exclude, set)?,
            doubtful: doubtful(preset, &included, set),
            included,
            reddening: reddening(set, &law, priors.contains_key(RV)),
            coefficients: coefficients(settings, set)?,
            absorption: [0.0; 2],
            set,
            law,
            settings: settings.clone(),
        };
        let hbeta = (recipe.normalisation() == Normalisation::Ratio).then_some(HBETA_WAVELENGTH);
        tables.likelihood.check()?;
        checked_arms(&tables.calibration, hbeta)?;
        settings.recombination.check()?;
        quantity::cut_to_range(&mut recipe.priors, &recipe.zones, preset);
        recipe.cut_rv()?;
        recipe.check_priors()?;
        recipe.check_coefficients()?;
        recipe.absorption = ["a_H", "a_He"].map(|name| recipe.global(name).moments()[1].sqrt());
        Ok(recipe)
    }

    /// True if the model has a reddening law.
    pub fn reddens(&self) -> bool {
        self.law != Law::None
    }

    /// True if stars lie under the lines.
    pub(crate) fn has_stars(&self) -> bool {
        let settings = &self.settings;
        settings
            .absorption
            .map_or(settings.preset.adapts(), Absorption::has_stars)
    }

    /// Names of the relations that temperatures follow, zone by zone.
    pub(crate) fn relations(&self) -> impl Iterator<Item = &str> {
        self.zones.all.iter().filter_map(|zone| match &zone.temperature {
            Link::Follows(follows) => Some(follows.relation.name.as_str()),
            Link::Own | Link::Shared | Link::Same(_) => None,
        })
    }

    /// Labels under `exclude` that leave out none of the `lines`, members by label.
    pub(crate) fn idle_exclusions(&self, lines: &BTreeMap<String, Vec<String>>) -> Vec<String> {
        let list = &self.set.list;
        let is_present = |member: &usize| {
            lines
                .values()
                .flatten()
                .any(|label| *label == list.lines[*member].label)
        };
        let is_idle = |label: &&String| {
            let members = list.resolve(label, &[]).map_or(Vec::new(), |line| line.members);
            !members.iter().any(is_present)
        };
        self.settings.exclude.iter().filter(is_idle).cloned().collect()
    }

    /// How fluxes are normalised.
    pub fn normalisation(&self) -> Normalisation {
        self.settings
            .normalisation
            .unwrap_or(self.settings.preset.normalisation())
    }

    /// Prior of a parameter that is neither an abundance nor a density.
    pub(super) fn global(&self, name: &str) -> Prior {
        let arm = || {
            let arm = name.strip_prefix("cal_")?;
            self.settings.tables.calibration.get(arm).map(|arm| arm.prior)
        };
        let preset = self.settings.preset;
        let temperature = || self.zones.with_temperature(name).map(|_| preset.temperature());
        let written = self.priors.get(name).copied();
        written
            .or_else(arm)
            .or_else(temperature)
            .unwrap_or_else(|| preset.global(name))
    }

    /// Prior of the density `n_e<suffix>`, and true if the user wrote it. A zone without a prior of
    /// its own takes that of the shared `n_e`, else the preset's.
    pub(super) fn density(&self, suffix: &str) -> (DensityPrior, bool) {
        let written = |suffix: &str| {
            let linear = self
                .priors
                .get(&format!("n_e{suffix}"))
                .map(|p| DensityPrior::Linear(*p));
            linear.or_else(|| {
                self.priors
                    .get(&format!("log_ne{suffix}"))
                    .map(|p| DensityPrior::Log(*p))
            })
        };
        match written(suffix).or_else(|| written("")) {
            Some(prior) => (prior, true),
            None => (self.settings.preset.density(), false),
        }
    }

    /// Prior of an ion's abundance.
    pub(super) fn ion(&self, ion: Ion) -> Prior {
        self.priors
            .get(&ion.to_string())
            .copied()
            .unwrap_or_else(|| self.settings.preset.ion(ion))
    }

    /// Coefficients `law_a` and `law_b` of X(Hβ), the divisor of every term's reddening.
    pub(super) fn reddening_of_hbeta(&self) -> [f64; 2] {
        let free = self.priors.contains_key(RV);
        let linear = self.law.linear(HBETA_WAVELENGTH).filter(|_| free);
        linear.map_or([0.0, 1.0], |(a, b)| [a, b])
    }

    /// Arm that holds all members of a line.
    pub(super) fn arm(&self, members: &[usize]) -> Option<&str> {
        let inside = |arm: &Arm| {
            let mut wavelengths = members.iter().map(|&member| self.set.list.lines[member].wavelength_air);
            wavelengths.all(|wavelength| arm.contains(wavelength))
        };
        let mut arms = self.settings.tables.calibration.iter();
        arms.find(|(_, arm)| inside(arm)).map(|(name, _)| name.as_str())
    }

    /// Refuses a name that is no parameter, from a column of priors in the catalogue.
    pub(super) fn check_parameter(&self, name: &str) -> Result<()> {
        let ion = |ion: Ion| ion != Ion::H1 && self.set.list.lines.iter().any(|line| line.ion == ion);
        let arm = |arm: &str| self.settings.tables.calibration.contains_key(arm);
        let known = preset::GLOBALS.contains(&name) && self.missing_setting(name).is_none()
            || quantity::kind(name, &self.zones).is_some()
            || name.strip_prefix("cal_").is_some_and(arm)
            || name.parse().is_ok_and(ion);
        if known {
            return Ok(());
        }
        Err(Error::Problem(ProblemError::UnknownParameter {
            parameter: name.into(),
        }))
    }
}

fn line_indices(labels: &[String], set: &Set) -> Result<BTreeSet<usize>> {
    let mut indices = BTreeSet::new();
    for label in labels {
        indices.extend(set.list.resolve(label, &[])?.members);
    }
    Ok(indices)
}

/// Lines that the settings leave out. Hβ is none of them: all fluxes are relative to it.
fn excluded(labels: &[String], set: &Set) -> Result<BTreeSet<usize>> {
    let mut excluded = BTreeSet::new();
    for label in labels {
        let members = set.list.resolve(label, &[])?.members;
        if members.iter().any(|&member| set.list.lines[member].label == H_BETA) {
            return Err(Error::Setting {
                key: "model.exclude",
                value: label.clone(),
                expected: "lines other than Hβ, since all fluxes are relative to Hβ",
            });
        }
        excluded.extend(members);
    }
    Ok(excluded)
}

/// Lines that the preset leaves out and that are not asked for.
fn doubtful(preset: Preset, included: &BTreeSet<usize>, set: &Set) -> BTreeSet<usize> {
    let doubtful = preset.doubtful().iter();
    doubtful
        .filter_map(|label| set.list.position(label))
        .filter(|line| !included.contains(line))
        .collect()
}

/// Reddening coefficients `law_a` and `law_b` of each line. Where R_V is free, ln 10 · X(λ) = law_a
/// R_V + law_b; else ln 10 · (1 + f_λ) = law_b.
fn reddening(set: &Set, law: &Law, free_rv: bool) -> Vec<Option<[f64; 2]>> {
    let coefficients = |line: &crate::line::Line| {
        if free_rv {
            let (a, b) = law.linear(line.wavelength_air)?;
            return Some([a, b].map(|x| std::f64::consts::LN_10 * x));
        }
        let f_lambda = law.f_lambda(line.wavelength_air).ok()?;
        Some([0.0, std::f64::consts::LN_10 * (1.0 + f_lambda)])
    };
    set.list.lines.iter().map(coefficients).collect()
}

/// Four coefficients, from the file that the settings name.
fn coefficients(settings: &Settings, set: &Set) -> Result<Option<BTreeMap<usize, [f64; 4]>>> {
    let file = settings.four_coefficients.as_deref();
    file.map(|path| read_coefficients(path, &set.list)).transpose()
}
