//! Draws of one object, with the sampler's statistics under ArviZ's names.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::error::{Error, Result};

/// Statistics of every draw; each vector is `[chain, draw]`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SampleStats {
    /// Log density, up to a constant of the object.
    pub lp: Vec<f64>,
    /// Mean acceptance probability over the trajectory.
    pub acceptance_rate: Vec<f64>,
    /// Leapfrog step size.
    pub step_size: Vec<f64>,
    /// Doublings in the tree.
    pub tree_depth: Vec<u32>,
    /// Leapfrog steps.
    pub n_steps: Vec<u32>,
    /// True if the trajectory ended only because the tree may not grow further.
    pub reached_max_treedepth: Vec<bool>,
    /// True if the chain accepted the independence step before the trajectory.
    pub independence_accepted: Vec<bool>,
    /// True if the trajectory diverged.
    pub diverging: Vec<bool>,
    /// Total energy.
    pub energy: Vec<f64>,
    /// Total energy minus the energy at the start of the trajectory.
    pub energy_error: Vec<f64>,
}

/// Draws of one object.
#[derive(Clone, Debug, PartialEq)]
pub struct Draws {
    /// Names of the parameters, `[parameter]`.
    pub names: Vec<String>,
    /// Number of chains.
    pub chains: usize,
    /// Number of draws per chain.
    pub draws: usize,
    /// Values, `[chain, draw, parameter]`.
    pub values: Vec<f64>,
    /// Statistics of every draw.
    pub sample_stats: SampleStats,
}

impl Draws {
    /// Index of a parameter among the names.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|other| other == name)
    }

    /// All values of the parameter at `index`, `[chain, draw]`.
    pub fn parameter(&self, index: usize) -> Vec<f64> {
        self.values
            .iter()
            .skip(index)
            .step_by(self.names.len())
            .copied()
            .collect()
    }

    /// Values of each parameter, each `[chain, draw]`.
    pub fn columns(&self) -> Vec<Vec<f64>> {
        columns(&self.values, self.names.len())
    }

    /// Every `step`-th draw of each chain.
    pub fn thinned(&self, step: usize) -> Draws {
        let kept: Vec<usize> = (0..self.chains)
            .flat_map(|c| (step - 1..self.draws).step_by(step).map(move |d| c * self.draws + d))
            .collect();
        let width = self.names.len();
        let stats = &self.sample_stats;
        let real = |values: &[f64]| kept.iter().map(|&i| values[i]).collect();
        let count = |values: &[u32]| kept.iter().map(|&i| values[i]).collect();
        let yes = |values: &[bool]| kept.iter().map(|&i| values[i]).collect();
        Draws {
            names: self.names.clone(),
            chains: self.chains,
            draws: self.draws / step,
            values: thinned_rows(&self.values, width, self.draws, step),
            sample_stats: SampleStats {
                lp: real(&stats.lp),
                acceptance_rate: real(&stats.acceptance_rate),
                step_size: real(&stats.step_size),
                tree_depth: count(&stats.tree_depth),
                n_steps: count(&stats.n_steps),
                reached_max_treedepth: yes(&stats.reached_max_treedepth),
                independence_accepted: yes(&stats.independence_accepted),
                diverging: yes(&stats.diverging),
                energy: real(&stats.energy),
                energy_error: real(&stats.energy_error),
            },
        }
    }

    /// One draw, `[parameter]`.
    pub fn draw(&self, chain: usize, draw: usize) -> &[f64] {
        let width = self.names.len();
        &self.values[(chain * self.draws + draw) * width..][..width]
    }
}

/// Rows read together, so that they stay in the nearest cache while their columns are filled.
const BLOCK: usize = 64;

/// Columns of `values`, which has rows of `width`.
pub(crate) fn columns(values: &[f64], width: usize) -> Vec<Vec<f64>> {
    let empty = || Vec::with_capacity(values.len() / width);
    let mut columns: Vec<Vec<f64>> = std::iter::repeat_with(empty).take(width).collect();
    for rows in values.chunks(BLOCK * width) {
        for (place, column) in columns.iter_mut().enumerate() {
            column.extend(rows.chunks_exact(width).map(|row| row[place]));
        }
    }
    columns
}

/// Every `step`-th row of each chain of `values`, `[chain, draw, width]` with `draws` draws per
/// chain.
pub(crate) fn thinned_rows(values: &[f64], width: usize, draws: usize, step: usize) -> Vec<f64> {
    let chains = values.chunks_exact(width * draws);
    let rows = chains.flat_map(|chain| chain.chunks_exact(width).skip(step - 1).step_by(step));
    rows.flatten().copied().collect()
}

/// Method of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Method {
    /// Draws of the posterior, with NUTS.
    #[default]
    Nuts,
    /// Weighted draws around the mode, resampled; NUTS where those do not represent the posterior.
    Importance,
    /// The classical direct method, with Monte Carlo realisations of the fluxes in place of draws.
    Classical,
}

impl Method {
    /// Name of the method in the manifest and in the rows.
    pub fn name(self) -> &'static str {
        match self {
            Method::Nuts => "nuts",
            Method::Importance => "importance",
            Method::Classical => "classical",
        }
    }
}

/// Number of draws that are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeepDraws {
    /// Every draw.
    All,
    /// Every Nth draw, N ≥ 1.
    Thin(usize),
    /// No draw.
    None,
}

impl FromStr for KeepDraws {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let thin = |text: &str| text.strip_prefix("thin:")?.parse().ok().filter(|every| *every > 0);
        match text {
            "all" => Ok(KeepDraws::All),
            "none" => Ok(KeepDraws::None),
            _ => thin(text).map(KeepDraws::Thin).ok_or_else(|| Error::Setting {
                key: "keep_draws",
                value: text.to_owned(),
                expected: "all, none or thin:N with N from 1",
            }),
        }
    }
}

impl fmt::Display for KeepDraws {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            KeepDraws::All => f.write_str("all"),
            KeepDraws::Thin(every) => write!(f, "thin:{every}"),
            KeepDraws::None => f.write_str("none"),
        }
    }
}

impl Serialize for KeepDraws {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for KeepDraws {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_by_chain_draw_and_parameter() {
        let draws = Draws {
            names: ["T_low", "n_e"].map(String::from).to_vec(),
            chains: 2,
            draws: 3,
            values: (0..12).map(f64::from).collect(),
            sample_stats: SampleStats::default(),
        };
        assert_eq!(draws.position("n_e"), Some(1));
        assert_eq!(draws.position("T_high"), None);
        assert_eq!(draws.parameter(1), [1.0, 3.0, 5.0, 7.0, 9.0, 11.0]);
        assert_eq!(draws.columns(), [draws.parameter(0), draws.parameter(1)]);
        assert_eq!(draws.draw(1, 2), [10.0, 11.0]);
    }
}
