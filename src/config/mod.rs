//! The configuration: one TOML file, gathered from the settings that the modules own; unknown keys are refused.

pub mod former;
mod ranges;
mod sections;
mod template;
#[cfg(test)]
mod tests;

pub use ranges::{LARGEST_SEED, LEAST_DRAWS, MOST_CHAINS, MOST_DRAWS};
pub use sections::{Emissivities, Extinction, Members, Output, Sampler};

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::emissivity::{DIRECTORY_PREFIX, Set};
use crate::error::{Error, Result};
use crate::extinction::{Law, TABLE_PREFIX};
use crate::problem::{self, Prior, Recipe};
use crate::{abundance, classical, fit, importance, nuts, table};
use ranges::Range;

/// Everything that decides a result besides the catalogue and the emissivities.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The model.
    pub model: problem::Settings,
    /// The reddening law.
    pub extinction: Extinction,
    /// Whence the emissivities of single ions, and the optical depth of He I.
    pub emissivities: Emissivities,
    /// How draws are made.
    pub sampler: Sampler,
    /// The check by importance sampling.
    pub importance: importance::Settings,
    /// How the classical method chooses.
    pub classical: classical::Settings,
    /// How the catalogue is read.
    pub catalogue: table::Settings,
    /// The ionisation corrections of the derived abundances.
    pub abundances: abundance::Settings,
    /// What is kept.
    pub output: Output,
    /// The zones, in place of `low` and `high`.
    pub zones: BTreeMap<String, problem::ZoneSettings>,
    /// How measured fluxes are compared with the model's.
    pub likelihood: problem::LikelihoodSettings,
    /// Error floors by line or ion, in place of the model's.
    pub error_floors: BTreeMap<String, f64>,
    /// Spectrographs' arms with a calibration of their own.
    pub calibration: BTreeMap<String, problem::Arm>,
    /// Members of blends by the label that the catalogue uses.
    pub blends: BTreeMap<String, Members>,
    /// Labels by the names that the catalogue uses for lines.
    pub lines: BTreeMap<String, String>,
    /// Priors by parameter, in place of the preset's.
    pub priors: BTreeMap<String, Prior>,
    /// File that the configuration was read from, if any.
    #[serde(skip)]
    pub file: Option<PathBuf>,
}

impl Config {
    /// Reads the configuration at `path`; files that it names are looked for beside it.
    ///
    /// # Errors
    /// An unreadable file; TOML that cannot be parsed, an unknown key or a value of a wrong type, with line and column.
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

    /// Adds to the error of a setting the file that holds the setting.
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
    /// The first setting out of its range, of the catalogue, the sampler, importance sampling or the
    /// classical method.
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

    /// The configuration in full, defaults included, as TOML: equal text is equal configuration.
    pub fn canonical(&self) -> String {
        toml::to_string(self).expect("settings are plain tables")
    }

    /// SHA-256 of [`Config::canonical`] in hexadecimal.
    pub fn hash(&self) -> String {
        hexadecimal(self.canonical().as_bytes())
    }

    /// The reddening law.
    ///
    /// # Errors
    /// An unknown law, or an R_V that it does not take.
    pub fn law(&self) -> Result<Law> {
        Law::from_name(&self.extinction.law, self.extinction.rv)
    }

    /// The model's settings, checked against the emissivities and the law.
    ///
    /// # Errors
    /// As [`Config::law`] and [`Recipe::new`].
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

    /// `[model]` with the tables beside it.
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

    /// The side table of priors and its SHA-256 in hexadecimal, if there is one.
    ///
    /// # Errors
    /// An unreadable file.
    pub fn priors_table(&self) -> Result<Option<(String, String)>> {
        let Some(path) = &self.catalogue.priors else {
            return Ok(None);
        };
        Ok(Some((path.display().to_string(), hexadecimal(&read(path)?))))
    }

    /// How the catalogue is read.
    pub fn table_settings(&self) -> table::Settings {
        let labels = |(label, members): (&String, &Members)| (label.clone(), members.labels());
        table::Settings {
            blends: self.blends.iter().map(labels).collect(),
            lines: self.lines.clone(),
            ..self.catalogue.clone()
        }
    }

    /// How the catalogue is sampled.
    pub fn fit_options(&self) -> fit::Options {
        let sampler = &self.sampler;
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
            rerun: sampler.rerun,
            importance: self.importance.draws,
            abundances: self.abundances,
        }
    }
}

/// Reads the labels of a file, one a row; `#` opens a comment.
///
/// # Errors
/// An unreadable file.
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

/// SHA-256 of the bytes in hexadecimal.
fn hexadecimal(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
