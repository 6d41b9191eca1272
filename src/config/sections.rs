//! Sections of the configuration that belong to no other module.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::former;
use super::ranges::{MOST_DRAWS, MOST_LOOKS};
use crate::draws::KeepDraws;
use crate::emissivity::{FTau, Set};
use crate::error::Result;
use crate::extinction::Law;
use crate::nuts;

/// Chains, warm-up draws and draws a chain of `--thorough`: percentiles of a single galaxy to a
/// hundredth of its standard deviation or so.
const THOROUGH: (usize, usize, usize) = (8, 200, 1000);

/// Reddening law by name, `[extinction]`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Extinction {
    /// Law: `CCM89`, `O94`, `F99`, `Cal00`, `MM72`, `G03-LMC`, `G03-SMC`, `none`, or `table:FILE`.
    /// The path of a table is relative to the configuration's directory.
    pub law: String,
    /// R_V of the first three, 2 to 6, absent 3.1; of `Cal00`, 3.7 to 6, absent 4.05.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rv: Option<f64>,
}

impl Default for Extinction {
    /// Reddening law of the talk and of simulated catalogues.
    fn default() -> Self {
        Extinction {
            law: Law::G03Lmc.name().to_owned(),
            rv: None,
        }
    }
}

/// Sets of emissivities for single ions and the law of optical depth, `[emissivities]`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Emissivities {
    /// Law of the optical depth of He I, in place of the program's own. The path is relative to the
    /// configuration's directory.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub f_tau: Option<PathBuf>,
    /// Sets by ion: a name that the program knows, or `dir:PATH` relative to the configuration's
    /// directory.
    #[serde(flatten)]
    pub ions: BTreeMap<String, String>,
}

impl Emissivities {
    /// Replaces the lines of these ions in a set by those of their own sets, and the law of optical
    /// depth.
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

/// Settings of the sampler, the seed and the looks at the draws, `[sampler]`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Sampler {
    /// Chains an object, 1 to `MOST_CHAINS`.
    pub chains: usize,
    /// Warm-up draws a chain, not kept; `MOST_DRAWS` at most over all chains.
    pub warmup: usize,
    /// Draws a chain at the first look, `LEAST_DRAWS` or more; `MOST_DRAWS` at most over all chains.
    pub draws: usize,
    /// Target of the mean acceptance rate, in (0, 1).
    pub target_accept: f64,
    /// Most doublings of a trajectory, 1 to 20.
    pub max_treedepth: u32,
    /// Relative range of the step size from draw to draw, in [0, 1).
    pub step_size_jitter: f64,
    /// True for an independence Metropolis–Hastings step before each trajectory.
    pub independence: bool,
    /// Former name of `independence`: an error that says so.
    #[serde(skip_serializing)]
    pub jumps: former::Jumps,
    /// Seed of all random numbers, 0 to 2⁶³ − 1.
    pub seed: u64,
    /// Most looks at an object's draws, 1 to `MOST_LOOKS`.
    pub looks: u32,
    /// Former key: an error that names `looks`.
    #[serde(skip_serializing)]
    pub rerun: former::Rerun,
}

impl Sampler {
    /// Takes the longer chains of `--thorough`.
    pub fn lengthen(&mut self) {
        (self.chains, self.warmup, self.draws) = THOROUGH;
    }

    /// Most looks whose draws, of all chains together, stay within `MOST_DRAWS`; `growth` is the
    /// factor from look to look.
    pub fn looks(&self, growth: usize) -> u32 {
        let drawn = |look: u32| self.chains * self.draws * growth.pow(look - 1);
        (1..=self.looks)
            .take_while(|&look| look == 1 || drawn(look) <= MOST_DRAWS)
            .count() as u32
    }
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
            looks: MOST_LOOKS,
            rerun: former::Rerun,
        }
    }
}

/// Output that is kept, `[output]`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Output {
    /// Draws to keep: `all`, `thin:N` or `none`. Absent: all up to 1 GiB, else thinned to fit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keep_draws: Option<KeepDraws>,
    /// True if the tables put an apostrophe before texts that a spreadsheet takes for formulas.
    pub escape_formulas: bool,
}

/// Members of a blend: `"A+B"` or `["A", "B"]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, expecting = "expected the members of a blend, \"A+B\" or [\"A\", \"B\"]")]
pub enum Members {
    /// Labels joined by `+`.
    Joined(String),
    /// List of labels.
    List(Vec<String>),
}

impl Members {
    /// Labels of the members.
    pub fn labels(&self) -> Vec<String> {
        match self {
            Members::Joined(text) => text.split('+').map(|label| label.trim().to_owned()).collect(),
            Members::List(labels) => labels.clone(),
        }
    }
}
