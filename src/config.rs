//! The configuration: one TOML file, gathered from the settings that the modules own; unknown keys are refused.

pub mod former;
mod template;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::draws::KeepDraws;
use crate::emissivity::{DIRECTORY_PREFIX, FTau, Set};
use crate::error::{Error, Result};
use crate::extinction::{Law, TABLE_PREFIX};
use crate::problem::{self, Prior, Recipe};
use crate::{abundance, classical, fit, importance, nuts, table};

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

/// `[extinction]`: the reddening law by name.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Extinction {
    /// `CCM89`, `O94`, `F99`, `Cal00`, `MM72`, `G03-LMC`, `G03-SMC`, `none`, or `table:FILE`; in the file relative to it.
    pub law: String,
    /// R_V of the first three, 2 to 6, 3.1 where absent; of `Cal00`, 3.7 to 6, 4.05 where absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rv: Option<f64>,
}

impl Default for Extinction {
    /// The law of the talk and of simulated catalogues.
    fn default() -> Self {
        Extinction {
            law: Law::G03Lmc.name().to_owned(),
            rv: None,
        }
    }
}

/// `[emissivities]`: sets by ion, in place of the whole set's lines, and the law of optical depth.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Emissivities {
    /// A law of the optical depth of He I in place of the program's own; in the file relative to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub f_tau: Option<PathBuf>,
    /// Sets by ion: a name that the program knows, or `dir:PATH`, in the file relative to it.
    #[serde(flatten)]
    pub ions: BTreeMap<String, String>,
}

impl Emissivities {
    /// A set with the lines of these ions taken from theirs, and with the law of optical depth.
    ///
    /// # Errors
    /// A key that is no ion; as [`Set::named`], [`Set::with`] and [`FTau::read`].
    pub fn applied_to(&self, whole: Set) -> Result<Set> {
        let mut set = whole;
        for (ion, name) in &self.ions {
            set = set.with(ion.parse()?, &Set::named(name)?)?;
        }
        if let Some(path) = &self.f_tau {
            set.f_tau = FTau::read(path)?;
        }
        Ok(set)
    }
}

/// `[sampler]`: the sampler's settings, the seed and the second run.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Sampler {
    /// Chains an object, 1 to `MOST_CHAINS`.
    pub chains: usize,
    /// Warm-up draws a chain, not kept; `MOST_DRAWS` at most over all chains.
    pub warmup: usize,
    /// Draws a chain, `LEAST_DRAWS` or more; `MOST_DRAWS` at most over all chains.
    pub draws: usize,
    /// Mean acceptance rate aimed at, in (0, 1).
    pub target_accept: f64,
    /// Most doublings of a trajectory, 1 to 20.
    pub max_treedepth: u32,
    /// Spread of the step size from draw to draw, in [0, 1).
    pub step_size_jitter: f64,
    /// True for an independence Metropolis–Hastings step before each trajectory.
    pub independence: bool,
    /// The former name of `independence`: an error that says so.
    #[serde(skip_serializing)]
    pub jumps: former::Jumps,
    /// Seed of all random numbers, 0 to 2⁶³ − 1.
    pub seed: u64,
    /// True if an object that fails is run once more with four times the draws.
    pub rerun: bool,
}

impl Default for Sampler {
    fn default() -> Self {
        let nuts::Settings {
            chains,
            warmup,
            draws,
            target_accept,
            max_treedepth,
            step_size_jitter,
            independence,
        } = nuts::Settings::default();
        Sampler {
            chains,
            warmup,
            draws,
            target_accept,
            max_treedepth,
            step_size_jitter,
            independence,
            jumps: former::Jumps,
            seed: 0,
            rerun: true,
        }
    }
}

/// `[output]`: what is kept.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Output {
    /// `all`, `thin:N` or `none`; absent: all up to 1 GiB, else thinned to fit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keep_draws: Option<KeepDraws>,
    /// True if texts that a spreadsheet would take for formulas stand behind an apostrophe in the tables.
    pub escape_formulas: bool,
}

/// The members of a blend: `"A+B"` or `["A", "B"]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, expecting = "expected the members of a blend, \"A+B\" or [\"A\", \"B\"]")]
pub enum Members {
    /// Joined by `+`.
    Joined(String),
    /// One by one.
    List(Vec<String>),
}

impl Members {
    /// The members' labels.
    pub fn labels(&self) -> Vec<String> {
        match self {
            Members::Joined(text) => text.split('+').map(|label| label.trim().to_owned()).collect(),
            Members::List(labels) => labels.clone(),
        }
    }
}

/// The fewest draws a chain of which split R-hat can be taken.
pub const LEAST_DRAWS: usize = 4;
/// The most chains of one object.
pub const MOST_CHAINS: usize = 100_000;
/// The most draws of all chains of one object, and the most warm-up draws: some gigabytes.
pub const MOST_DRAWS: usize = 10_000_000;
/// A seed is an integer of TOML.
pub const LARGEST_SEED: u64 = i64::MAX as u64;

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
    /// The first setting of the sampler that is out of its range.
    pub fn validate(&self) -> Result<()> {
        self.catalogue.validate()?;
        let sampler = &self.sampler;
        let most = MOST_DRAWS / sampler.chains.clamp(1, MOST_CHAINS);
        let weighed = self.importance.draws;
        let checks: [(&'static str, String, bool, &'static str); 8] = [
            (
                "chains",
                sampler.chains.to_string(),
                (1..=MOST_CHAINS).contains(&sampler.chains),
                "1 to 100000",
            ),
            (
                "warmup",
                sampler.warmup.to_string(),
                sampler.warmup <= most,
                "no more than 10^7 over all chains",
            ),
            (
                "draws",
                sampler.draws.to_string(),
                (LEAST_DRAWS..=most).contains(&sampler.draws),
                "4 or more, and no more than 10^7 over all chains",
            ),
            (
                "target_accept",
                sampler.target_accept.to_string(),
                sampler.target_accept > 0.0 && sampler.target_accept < 1.0,
                "a number between 0 and 1",
            ),
            (
                "max_treedepth",
                sampler.max_treedepth.to_string(),
                (1..=20).contains(&sampler.max_treedepth),
                "1 to 20",
            ),
            (
                "step_size_jitter",
                sampler.step_size_jitter.to_string(),
                (0.0..1.0).contains(&sampler.step_size_jitter),
                "a number from 0 to below 1",
            ),
            (
                "seed",
                sampler.seed.to_string(),
                sampler.seed <= LARGEST_SEED,
                "0 to 2^63 - 1",
            ),
            (
                "importance.draws",
                weighed.to_string(),
                weighed == 0 || (importance::LEAST_DRAWS..=importance::MOST_DRAWS).contains(&weighed),
                "0 (no check), or 100 to 10^6",
            ),
        ];
        for (key, value, holds, expected) in checks {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Config {
        toml::from_str(text).unwrap()
    }

    #[test]
    fn the_canonical_text_reads_back_to_itself() {
        let text = "[model]\npreset = \"plain\"\ntie_T_low = false\n[extinction]\nlaw = \"F99\"\nrv = 4\n[sampler]\nseed = 7\n\
                    [abundances]\nN = \"izotov2006\"\n[output]\nkeep_draws = \"thin:5\"\n[blends]\nO2_7325A_m = \"O2_7319A + O2_7330A\"\n\
                    [priors]\nT_low = { family = \"Normal\", mean = 1e4, sd = 500 }\ntau = { fixed = 0 }";
        let config = parsed(text);
        let again = parsed(&config.canonical());
        assert_eq!(config.canonical(), again.canonical());
        assert_eq!(config.hash(), again.hash());
        assert_ne!(config.hash(), Config::default().hash());
        assert_eq!(config.table_settings().blends["O2_7325A_m"], ["O2_7319A", "O2_7330A"]);
        assert_eq!(config.output.keep_draws, Some(KeepDraws::Thin(5)));
    }

    #[test]
    fn unknown_keys_are_refused_in_every_table() {
        for table in [
            "model",
            "extinction",
            "sampler",
            "classical",
            "catalogue",
            "abundances",
            "output",
            "priors.tau",
        ] {
            let text = format!("[{table}]\ncolour = 3\n");
            let message = toml::from_str::<Config>(&text).unwrap_err().to_string();
            assert!(
                message.contains("line 2, column 1") && message.contains("colour"),
                "{message}"
            );
        }
        assert!(
            toml::from_str::<Config>("[modle]\n")
                .unwrap_err()
                .to_string()
                .contains("line 1, column 2")
        );
    }

    #[test]
    fn the_former_name_of_a_key_is_refused_with_the_new_one() {
        let message = toml::from_str::<Config>("[sampler]\njumps = false\n")
            .unwrap_err()
            .to_string();
        assert!(
            message.contains("line 2") && message.contains("`independence`"),
            "{message}"
        );
        assert!(!parsed("[sampler]\nindependence = false\n").sampler.independence);
        assert!(!Config::default().canonical().contains("jumps"));
    }

    #[test]
    fn numbers_out_of_range_are_named() {
        let wrong = [
            "chains = 0",
            "draws = 3",
            "target_accept = 1.5",
            "max_treedepth = 0",
            "step_size_jitter = 1.5",
        ];
        for setting in wrong {
            let config = parsed(&format!("[sampler]\n{setting}\n"));
            let message = config.validate().unwrap_err().to_string();
            assert!(
                message.starts_with(&setting.replace(" = ", " = `")[..setting.len()]),
                "{message}"
            );
        }
        assert!(Config::default().validate().is_ok());
        assert!("thin:0".parse::<KeepDraws>().is_err() && "some".parse::<KeepDraws>().is_err());
    }

    #[test]
    fn the_sampler_keeps_the_defaults_of_its_module() {
        assert_eq!(Config::default().fit_options().sampler, nuts::Settings::default());
    }
}
