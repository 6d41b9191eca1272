//! Importance sampling around a mode: means, evidence and their reliability, without a Markov
//! chain.
//!
//! Draws from a multivariate Student-t (`proposal`) are weighted by target over proposal, and the
//! weights are Pareto-smoothed (`pareto`). With w the smoothed weights of S draws and W = w/Σw,
//!
//! ```text
//! P(y) ≈ Σ w / S        E[f] ≈ Σ W f        ESS = 1 / Σ W²
//! ```
//!
//! (Vehtari et al. 2024, JMLR 25, 72). An estimate is usable only if the shape k̂ of the tail of
//! the weights is small.

mod modes;
mod pareto;
mod proposal;
mod round;
mod sample;

pub use modes::{Refined, estimate_modes};
pub use pareto::smooth;
pub(crate) use sample::{Sample, sample};

use serde::{Deserialize, Serialize};

use crate::metric::Metric;
use crate::number::lanes::Lanes;
use crate::rng::{Key, purpose};
use proposal::Proposal;
use round::Round;

/// Most rounds. If k̂ of one round is too large, the next draws around its weighted mean and
/// covariance.
const ROUNDS: u32 = 4;
/// k̂ above which estimates are unreliable for any number of draws (Vehtari et al. 2024, section
/// 3.2.4).
const LARGEST_SHAPE: f64 = 0.7;

/// `[importance]`: the check of every posterior by importance sampling, and the first look.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Draws of a round, 100 to `MOST_DRAWS`; 0: no check.
    pub draws: usize,
    /// Fraction of the objects of a first look that NUTS samples too, for a comparison, 0 to 1.
    pub audit: f64,
}

impl Default for Settings {
    /// Enough for k̂ up to 0.7 to be trusted (`largest_shape`), at a few percent of a fit's time.
    fn default() -> Self {
        Settings {
            draws: 2500,
            audit: 0.0,
        }
    }
}

/// The fewest draws of which a tail can be taken.
pub const LEAST_DRAWS: usize = 100;
/// The most draws of a round.
pub const MOST_DRAWS: usize = 1_000_000;

/// Positions that a target is handed at once.
pub const BLOCK: usize = 8;
/// A number of each of them.
pub type Block = Lanes<f64, BLOCK>;

/// A target of one position at a time, its values and its ln density, as [`estimate`] takes it.
pub fn one_by_one(
    quantities: usize,
    mut target: impl FnMut(&[f64], &mut [f64]) -> f64,
) -> impl FnMut(&[Block], &mut [f64], &mut [f64]) {
    move |positions, values, ln_densities| {
        for (lane, ln_density) in ln_densities.iter_mut().enumerate() {
            let position: Vec<f64> = positions.iter().map(|x| x.0[lane]).collect();
            *ln_density = target(&position, &mut values[lane * quantities..][..quantities]);
        }
    }
}

/// An estimate by importance sampling.
#[derive(Clone, Debug, PartialEq)]
pub struct Estimate {
    /// Shape k̂ of the tail of the weights.
    pub k_hat: f64,
    /// Standard error of k̂.
    pub k_hat_se: f64,
    /// True if k̂ is small enough for the numbers below.
    pub usable: bool,
    /// Effective number of draws.
    pub ess: f64,
    /// ln of the integral of exp(ln density).
    pub ln_evidence: f64,
    /// Monte Carlo standard error of that.
    pub ln_evidence_se: f64,
    /// Mean and its Monte Carlo standard error of each quantity, in its unit.
    pub means: Vec<[f64; 2]>,
    /// The round that this comes from: 0 for the proposal at the mode.
    pub round: u32,
}

/// Largest reliable k̂ of `draws` draws: min(0.7, 1 − 1/log₁₀ S) (Vehtari et al. 2024, eq. 13).
pub fn largest_shape(draws: usize) -> f64 {
    LARGEST_SHAPE.min(1.0 - 1.0 / (draws as f64).log10())
}

/// Estimates evidence and means from `draws` weighted draws around `start`.
///
/// If k̂ is too large, the next round draws around the weighted mean and covariance. Returns the
/// first usable round, else the round of least k̂. `None` if no draw of the first round has a
/// finite density.
///
/// `target` takes positions, `[coordinate]`, one a lane. It fills in the `quantities` values whose
/// means are wanted, `[position, quantity]`, and the ln densities, normalised as far as the
/// evidence is to be. The last block has fewer positions than lanes. [`one_by_one`] makes a target
/// of a function of one position. `names`, one a coordinate, key the random numbers.
pub fn estimate(
    start: &Metric,
    names: &[&str],
    key: &Key,
    draws: usize,
    quantities: usize,
    mut target: impl FnMut(&[Block], &mut [f64], &mut [f64]),
) -> Option<Estimate> {
    let purposes = purposes(names);
    let mut best: Option<Estimate> = None;
    let mut map = Some(start.clone());
    for number in 0..ROUNDS {
        let Some(proposal) = map.map(Proposal::new) else { break };
        let draw = |first: u32, positions: &mut [Block]| proposal.draw(key, number, first, &purposes, positions);
        let round = Round::new(names.len(), quantities);
        let Some(round) = round.extended(draws, draw, &mut target) else {
            break;
        };
        let found = round.estimate(number);
        if found.usable {
            return Some(found);
        }
        map = round.refreshed();
        if best.as_ref().is_none_or(|best| found.k_hat < best.k_hat) {
            best = Some(found);
        }
    }
    best
}

/// Purposes of the random numbers of the coordinates.
fn purposes(names: &[&str]) -> Vec<u32> {
    let purposes = names.iter().map(|name| purpose(&format!("importance:{name}")));
    purposes.collect()
}

#[cfg(test)]
mod tests;
