//! Importance sampling around several modes: the mass of each, and a mixture that fits them.
//!
//! Draws come from a mixture of Student-t, a component a mode. Their weights give each mode a new
//! share, centre and covariance, round after round (O. Cappé, R. Douc, A. Guillin, J.-M. Marin &
//! C. P. Robert, "Adaptive importance sampling in general mixture classes", Stat. Comput. 18 (2008)
//! 447). A draw counts for a mode by the mode's share of the proposal there.

use super::proposal::{FREEDOM, Proposal};
use super::round::Round;
use super::{BLOCK, Block, Estimate, ROUNDS, purposes};
use crate::metric::{Metric, Mixture};
use crate::number::real::Real;
use crate::rng::Key;

/// Least share of a mode in a proposal, before the shares are scaled to a sum of one: a mode whose
/// mass the last round underestimates must still be drawn.
const LEAST_SHARE: f64 = 0.05;
/// Draws that a mode's last centre and covariance are worth beside those of a round, a coordinate.
const LAST_ROUND: f64 = 2.0;

/// Several modes after importance sampling.
#[derive(Clone, Debug)]
pub struct Refined {
    /// Mass of each mode over that of all, `[mode]`.
    pub masses: Vec<f64>,
    /// Mixture with the weighted centre and covariance of each mode. No mode has a weight much
    /// below 0.05, however small its mass.
    pub mixture: Mixture,
    /// Estimate of the round of least k̂.
    pub estimate: Estimate,
}

/// Estimates evidence, means and the mass of each mode, as [`estimate`](super::estimate) does for a
/// single mode. `start` has the modes by Laplace's approximation. At least two rounds are made: the
/// first by Laplace's widths, the others by the widths of the round before. `None` if no draw of
/// the first round has a finite density.
pub fn estimate_modes(
    start: &Mixture,
    names: &[&str],
    key: &Key,
    draws: usize,
    quantities: usize,
    mut target: impl FnMut(&[Block], &mut [f64], &mut [f64]),
) -> Option<Refined> {
    let purposes = purposes(names);
    let mut refined: Option<Refined> = None;
    for number in 0..ROUNDS {
        let last = refined.as_ref().map_or(start, |refined| &refined.mixture);
        let proposal = Proposals::new(last, draws);
        let draw = |first: u32, positions: &mut [Block]| proposal.draw(key, number, first, &purposes, positions);
        let round = Round::new(names.len(), quantities);
        let Some(round) = round.extended(draws, draw, &mut target) else {
            break;
        };
        let mut next = proposal.refined(&round, round.estimate(number));
        if let Some(last) = refined.filter(|last| last.estimate.k_hat <= next.estimate.k_hat) {
            next.estimate = last.estimate;
        }
        let is_last = number > 0 && next.estimate.usable;
        refined = Some(next);
        if is_last {
            break;
        }
    }
    refined
}

/// A mixture of Student-t whose blocks of draws are shared out among the modes.
struct Proposals {
    /// Modes with the shares of the draws that they have.
    mixture: Mixture,
    proposals: Vec<Proposal>,
    /// Mode of each block of draws.
    modes: Vec<usize>,
    /// Density of a Student-t at its centre, without its determinant.
    ln_constant: f64,
}

impl Proposals {
    /// Shares `draws` draws out among the modes of `mixture` by their weights, block by block.
    fn new(mixture: &Mixture, draws: usize) -> Self {
        let blocks = draws.div_ceil(BLOCK);
        let modes: Vec<usize> = (0..blocks)
            .map(|block| mixture.picked((block as f64 + 0.5) / blocks as f64))
            .collect();
        let mut shares = vec![0.0; mixture.modes()];
        for (block, &mode) in modes.iter().enumerate() {
            shares[mode] += BLOCK.min(draws - block * BLOCK) as f64;
        }
        let maps: Vec<Metric> = (0..mixture.modes()).map(|mode| mixture.metric(mode).clone()).collect();
        Proposals {
            proposals: maps.iter().cloned().map(Proposal::new).collect(),
            ln_constant: Proposal::ln_constant(maps[0].dim()),
            mixture: Mixture::new(shares.into_iter().zip(maps).collect()),
            modes,
        }
    }

    /// ln of a Student-t at a squared distance, less its value at the centre.
    fn ln_student(dim: usize, square: f64) -> f64 {
        let freedom = f64::from(FREEDOM);
        -0.5 * (freedom + dim as f64) * (square / freedom).ln_1p()
    }

    /// Draws from `first` on, as [`Proposal::draw`].
    fn draw(&self, key: &Key, round: u32, first: u32, purposes: &[u32], positions: &mut [Block]) -> Block {
        let mode = self.modes[first as usize / BLOCK];
        self.proposals[mode].draw(key, round, first, purposes, positions);
        let mut ln_densities = Block::zero();
        for (lane, ln_density) in ln_densities.0.iter_mut().enumerate() {
            let position: Vec<f64> = positions.iter().map(|x| x.0[lane]).collect();
            *ln_density = self.ln_constant + self.shares(&position).1;
        }
        ln_densities
    }

    /// Shares of the modes in the proposal at `position`, and ln of their sum.
    fn shares(&self, position: &[f64]) -> (Vec<f64>, f64) {
        self.mixture
            .shares(position, |square| Self::ln_student(position.len(), square))
    }

    /// Masses, centres and covariances of the modes by the weights of a round.
    fn refined(&self, round: &Round, estimate: Estimate) -> Refined {
        let shares = round.each(|position| self.shares(position).0);
        let mut masses = Vec::new();
        let mut parts = Vec::new();
        for mode in 0..self.mixture.modes() {
            let weights: Vec<f64> = round.weights().iter().zip(&shares).map(|(w, s)| w * s[mode]).collect();
            let mass: f64 = weights.iter().sum();
            masses.push(mass);
            parts.push((mass.max(LEAST_SHARE), self.refreshed(mode, round, weights, mass)));
        }
        Refined {
            masses,
            mixture: Mixture::new(parts),
            estimate,
        }
    }

    /// Map of a mode from its weighted draws, drawn to the last map where they are few.
    fn refreshed(&self, mode: usize, round: &Round, mut weights: Vec<f64>, mass: f64) -> Metric {
        let last = self.mixture.metric(mode);
        let dim = last.dim();
        if mass <= 0.0 {
            return last.clone();
        }
        weights.iter_mut().for_each(|w| *w /= mass);
        let found = 1.0 / weights.iter().map(|w| w * w).sum::<f64>();
        let kept = LAST_ROUND * dim as f64 / (found + LAST_ROUND * dim as f64);
        let (mut centre, mut covariance) = round.moments(&weights);
        let mix = |new: &mut f64, last: f64| *new += kept * (last - *new);
        centre
            .iter_mut()
            .zip(last.centre())
            .for_each(|(new, last)| mix(new, *last));
        covariance
            .iter_mut()
            .zip(last.covariance())
            .for_each(|(new, last)| mix(new, last));
        Metric::from_covariance(&centre, &covariance).unwrap_or_else(|| last.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::super::one_by_one;
    use super::*;

    /// Two Gaussians in a plane, masses 0.9 and 0.1, the second three times as wide as the start
    /// says: masses, evidence and widths come out.
    #[test]
    fn masses_and_widths_of_two_modes_come_out() {
        let start = |centre: f64| Metric::from_covariance(&[centre, 0.0], &[1.0, 0.0, 0.0, 1.0]).expect("a map");
        let start = Mixture::new(vec![(0.5, start(0.0)), (0.5, start(12.0))]);
        let target = |x: &[f64], values: &mut [f64]| {
            values[0] = x[0];
            let near = 0.9 * (-0.5 * (x[0] * x[0] + x[1] * x[1])).exp();
            let far = 0.1 / 9.0 * (-0.5 * ((x[0] - 12.0).powi(2) + x[1] * x[1]) / 9.0).exp();
            (near + far).ln()
        };
        let key = Key::new(8, "two modes");
        let found = estimate_modes(&start, &["a", "b"], &key, 4000, 1, one_by_one(1, target)).expect("finite");
        assert!(found.estimate.usable, "{:?}", found.estimate);
        assert!((found.masses[1] - 0.1).abs() < 0.01, "{:?}", found.masses);
        let exact = (2.0 * std::f64::consts::PI).ln();
        assert!((found.estimate.ln_evidence - exact).abs() < 4.0 * found.estimate.ln_evidence_se + 1e-3);
        let [mean, error] = found.estimate.means[0];
        assert!((mean - 1.2).abs() < 4.0 * error, "{mean} ± {error}");
        let wide = found.mixture.metric(1).factor()[0];
        assert!((wide - 3.0).abs() < 0.3, "{wide}");
    }
}
