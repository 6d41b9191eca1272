//! Configuration: one TOML file with the settings that the modules own. Unknown keys are refused.

pub mod former;
mod ranges;
mod sections;
mod template;
#[cfg(test)]
mod tests;

pub use ranges::{LARGEST_SEED, LEAST_DRAWS, MOST_CHAINS, MOST_DRAWS, MOST_LOOKS};
pub use sections::{Emissivities, Extinction, Members, Output, Sampler};

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::emissivity::{DIRECTORY_PREFIX, Set};
use crate::error::{Error, Result};
use crate::extinction::{Law, TABLE_PREFIX};
use crate::problem::{self, Kind, Prior, Recipe};
use crate::{abundance, classical, fit, importance, nuts, table};
use ranges::Range;

/// Settings that decide a result, besides the catalogue and the emissivities.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Model.
    pub model: problem::Settings,
    /// Reddening law.
    pub extinction: Extinction,
    /// Sources of the emissivities of single ions, and the optical depth of He I.
    pub emissivities: Emissivities,
    /// Sampler.
    pub sampler: Sampler,
    /// Check by importance sampling.
    pub importance: importance::Settings,
    /// Choices of the classical method.
    pub classical: classical::Settings,
    /// Reader of the catalogue.
    pub catalogue: table::Settings,
    /// Ionisation corrections of the derived abundances.
    pub abundances: abundance::Settings,
    /// Output that is kept.
    pub output: Output,
    /// Zones, in place of `low` and `high`.
    pub zones: BTreeMap<String, problem::ZoneSettings>,
    /// Likelihood of the measured fluxes.
    pub likelihood: problem::LikelihoodSettings,
    /// Error floors of lines or ions, in place of the model's.
    pub error_floors: BTreeMap<String, f64>,
    /// Arms of a spectrograph with a calibration of their own.
    pub calibration: BTreeMap<String, problem::Arm>,
    /// Members of blends, with the labels that the catalogue uses.
    pub blends: BTreeMap<String, Members>,
    /// Labels of lines, with the names that the catalogue uses.
    pub lines: BTreeMap<String, String>,
    /// Priors of parameters, in place of the preset's.
    pub priors: BTreeMap<String, Prior>,
    /// File of the configuration, if there is one.
    #[serde(skip)]
    pub file: Option<PathBuf>,
}

impl Config {
    /// Reads the configuration at `path`. Paths in the file are relative to its directory.
    ///
    /// # Errors
    /// An unreadable file; TOML with an error, an unknown key or a value of a wrong type, with line
    /// and column.
    pub fn read(path: &Path) -> Result<Config> {
        let bytes = read(path)?;
        let mut config: Config = toml::from_str(Error::text(&bytes, path)?).map_err(|source| Error::Toml {
            path: path.to_owned(),
            source: Box::new(source),
        })?;
        config.file = Some(path.to_owned());
        let directory = path.parent().unwrap_or(Path::new(""));
        if let Some(priors) = &mut config.catalogue.priors {
            *priors = directory.join(&*priors);
        }
        if let Some(table) = config.extinction.law.strip_prefix(TABLE_PREFIX) {
            config.extinction.law = format!("{TABLE_PREFIX}{}", directory.join(table).display());
        }
        if let Some(law) = &mut config.emissivities.f_tau {
            *law = directory.join(&*law);
        }
        for name in config.emissivities.ions.values_mut() {
            if let Some(path) = name.strip_prefix(DIRECTORY_PREFIX) {
                *name = format!("{DIRECTORY_PREFIX}{}", directory.join(path).display());
            }
        }
        if let Some(coefficients) = &mut config.model.four_coefficients {
            *coefficients = directory.join(&*coefficients);
        }
        Ok(config)
    }

    /// Adds the file of the configuration to the error of a setting.
    pub(crate) fn located(&self, error: Error) -> Error {
        match &self.file {
            Some(path) => Error::InConfig {
                path: path.clone(),
                source: Box::new(error),
            },
            None => error,
        }
    }

    /// Checks the numbers that no other module checks.
    ///
    /// # Errors
    /// The first setting out of its range, of the catalogue, the sampler, importance sampling or
    /// the classical method.
    pub fn validate(&self) -> Result<()> {
        self.catalogue.validate()?;
        for Range {
            key,
            value,
            holds,
            expected,
        } in self.ranges()
        {
            if !holds {
                return Err(Error::Setting { key, value, expected });
            }
        }
        self.classical.validate()
    }

    /// Configuration in full as TOML, with the defaults. Equal text is equal configuration.
    pub fn canonical(&self) -> String {
        toml::to_string(self).expect("settings are plain tables")
    }

    /// SHA-256 of [`Config::canonical`] in hexadecimal.
    pub fn hash(&self) -> String {
        hexadecimal(self.canonical().as_bytes())
    }

    /// Reddening law.
    ///
    /// # Errors
    /// An unknown law, or an R_V that the law does not take.
    pub fn law(&self) -> Result<Law> {
        Law::from_name(&self.extinction.law, self.extinction.rv)
    }

    /// Recipe of all problems: the model's settings, checked against the emissivities and the law.
    ///
    /// # Errors
    /// As [`Config::law`] and [`Recipe::new`]; an R_V beside a prior of R_V.
    pub fn recipe<'a>(&self, set: &'a Set) -> Result<Recipe<'a>> {
        if let (Some(rv), true) = (self.extinction.rv, self.priors.contains_key("R_V")) {
            return Err(Error::Setting {
                key: "rv",
                value: rv.to_string(),
                expected: "none where [priors] has R_V",
            });
        }
        Recipe::new(&self.model_settings(), &self.priors, set, self.law()?)
    }

    /// Settings of `[model]` and of the tables beside it.
    pub fn model_settings(&self) -> problem::Settings {
        problem::Settings {
            tables: problem::Tables {
                zones: self.zones.clone(),
                likelihood: self.likelihood,
                error_floors: self.error_floors.clone(),
                calibration: self.calibration.clone(),
            },
            ..self.model.clone()
        }
    }

    /// Side table of priors, if there is one, with its SHA-256 in hexadecimal.
    pub fn priors_table(&self) -> Result<Option<(String, String)>> {
        let Some(path) = &self.catalogue.priors else {
            return Ok(None);
        };
        Ok(Some((path.display().to_string(), hexadecimal(&read(path)?))))
    }

    /// Settings of the catalogue's reader.
    pub fn table_settings(&self) -> table::Settings {
        let labels = |(label, members): (&String, &Members)| (label.clone(), members.labels());
        table::Settings {
            blends: self.blends.iter().map(labels).collect(),
            lines: self.lines.clone(),
            ..self.catalogue.clone()
        }
    }

    /// Options of a fit.
    pub fn fit_options(&self) -> fit::Options {
        let sampler = &self.sampler;
        let growth = match self.likelihood.kind {
            Kind::Outliers => fit::GROWTH_WITH_OUTLIERS,
            Kind::Gaussian | Kind::LogGaussian | Kind::StudentT | Kind::Interval => fit::GROWTH,
        };
        fit::Options {
            sampler: nuts::Settings {
                chains: sampler.chains,
                warmup: sampler.warmup,
                draws: sampler.draws,
                target_accept: sampler.target_accept,
                max_treedepth: sampler.max_treedepth,
                step_size_jitter: sampler.step_size_jitter,
                independence: sampler.independence,
            },
            seed: sampler.seed,
            looks: sampler.looks(growth),
            growth,
            importance: self.importance.draws,
            abundances: self.abundances,
        }
    }
}

/// Reads the labels of a file, one a row. `#` opens a comment.
pub fn read_labels(path: &Path) -> Result<Vec<String>> {
    let bytes = read(path)?;
    let rows = Error::text(&bytes, path)?
        .lines()
        .map(|row| row.split('#').next().unwrap_or_default().trim());
    Ok(rows.filter(|row| !row.is_empty()).map(str::to_owned).collect())
}

fn read(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(|source| Error::Io {
        path: path.to_owned(),
        source,
    })
}

/// SHA-256 of the bytes, in hexadecimal.
fn hexadecimal(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
