//! The draws of one round with their smoothed weights, and what they say.

use super::pareto::shape_error;
use super::{BLOCK, Block, Estimate, largest_shape, smooth};
use crate::metric::Metric;
use crate::number::real::Real;

/// Least effective draws a coordinate of which a covariance is made.
const LEAST_SIZE: f64 = 2.0;

/// Draws, quantities and weights of one round.
#[derive(Clone, Debug)]
pub(super) struct Round {
    dim: usize,
    quantities: usize,
    /// `[block, coordinate]`, a draw a lane.
    positions: Vec<Block>,
    /// `[draw, quantity]`.
    values: Vec<f64>,
    /// ln of target over proposal, `[draw]`.
    ln_ratios: Vec<f64>,
    /// Smoothed and normalised: they sum to one.
    weights: Vec<f64>,
    k_hat: f64,
    /// ln of the mean of the smoothed weights before they were normalised.
    ln_mean: f64,
}

impl Round {
    /// A round without draws.
    pub(super) fn new(dim: usize, quantities: usize) -> Self {
        Round {
            dim,
            quantities,
            positions: Vec::new(),
            values: Vec::new(),
            ln_ratios: Vec::new(),
            weights: Vec::new(),
            k_hat: f64::NAN,
            ln_mean: f64::NEG_INFINITY,
        }
    }

    /// Draws until there are `draws` draws, and weighs all of them by `target`, as in
    /// [`estimate`](super::estimate). Earlier draws stay. `draw` fills in the positions from a draw
    /// on and returns the ln density of the proposal there. `None` if no weight is finite.
    pub(super) fn extended(
        mut self,
        draws: usize,
        draw: impl Fn(u32, &mut [Block]) -> Block,
        target: &mut impl FnMut(&[Block], &mut [f64], &mut [f64]),
    ) -> Option<Self> {
        let (known, dim, quantities) = (self.ln_ratios.len(), self.dim, self.quantities);
        self.positions.resize(draws.div_ceil(BLOCK) * dim, Block::zero());
        self.values.resize(draws * quantities, 0.0);
        self.ln_ratios.resize(draws, 0.0);
        let new = self
            .positions
            .chunks_exact_mut(dim)
            .zip(self.ln_ratios.chunks_mut(BLOCK));
        for (block, (positions, ln_ratios)) in new.enumerate().skip(known / BLOCK) {
            let first = block * BLOCK;
            let ln_proposals = draw(first as u32, positions);
            let values = &mut self.values[first * quantities..][..ln_ratios.len() * quantities];
            target(positions, values, ln_ratios);
            for (ratio, ln_proposal) in ln_ratios.iter_mut().zip(ln_proposals.0) {
                *ratio -= ln_proposal;
                if ratio.is_nan() {
                    *ratio = f64::NEG_INFINITY;
                }
            }
        }
        self.weigh().then_some(self)
    }

    /// Smooths and normalises the weights. False if no weight is finite.
    fn weigh(&mut self) -> bool {
        self.weights.clone_from(&self.ln_ratios);
        let weights = &mut self.weights;
        self.k_hat = smooth(weights);
        let largest = weights.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        if !largest.is_finite() {
            return false;
        }
        weights.iter_mut().for_each(|w| *w = (*w - largest).exp());
        let sum: f64 = weights.iter().sum();
        weights.iter_mut().for_each(|w| *w /= sum);
        self.ln_mean = largest + (sum / weights.len() as f64).ln();
        true
    }

    /// Smoothed weights, normalised to a sum of one, `[draw]`.
    pub(super) fn weights(&self) -> &[f64] {
        &self.weights
    }

    /// Values of the quantities, `[draw, quantity]`.
    pub(super) fn values(&self) -> &[f64] {
        &self.values
    }

    /// Position of a draw, coordinate by coordinate.
    pub(super) fn position(&self, draw: usize) -> impl Iterator<Item = f64> {
        let block = &self.positions[draw / BLOCK * self.dim..][..self.dim];
        block.iter().map(move |x| x.0[draw % BLOCK])
    }

    /// The effective number of draws, 1 / Σ W².
    fn ess(&self) -> f64 {
        1.0 / self.weights.iter().map(|w| w * w).sum::<f64>()
    }

    /// The estimate of this round, number `number`.
    pub(super) fn estimate(&self, number: u32) -> Estimate {
        let draws = self.weights.len() as f64;
        let ess = self.ess();
        Estimate {
            k_hat: self.k_hat,
            k_hat_se: shape_error(self.k_hat, self.weights.len()),
            usable: self.k_hat <= largest_shape(self.weights.len()),
            ess,
            ln_evidence: self.ln_mean,
            ln_evidence_se: ((draws / ess - 1.0) / (draws - 1.0)).max(0.0).sqrt(),
            means: (0..self.quantities).map(|k| self.mean(k)).collect(),
            round: number,
        }
    }

    /// Mean of a quantity, and its standard error √Σ W² (f − mean)². Draws without weight are left
    /// out, even if their value is not finite.
    fn mean(&self, quantity: usize) -> [f64; 2] {
        let values = self.values.iter().skip(quantity).step_by(self.quantities);
        let weighed: Vec<(f64, f64)> = values
            .copied()
            .zip(self.weights.iter().copied())
            .filter(|(_, w)| *w > 0.0)
            .collect();
        let mean: f64 = weighed.iter().map(|(f, w)| w * f).sum();
        let square: f64 = weighed.iter().map(|(f, w)| (w * (f - mean)).powi(2)).sum();
        [mean, square.sqrt()]
    }

    /// Values of a function of the position, draw by draw.
    pub(super) fn each<T>(&self, value: impl Fn(&[f64]) -> T) -> Vec<T> {
        let position = |draw| self.position(draw).collect::<Vec<f64>>();
        (0..self.weights.len()).map(|draw| value(&position(draw))).collect()
    }

    /// The map with the weighted mean as centre and the weighted covariance. `None` if there are
    /// too few effective draws.
    pub(super) fn refreshed(&self) -> Option<Metric> {
        if self.ess() < LEAST_SIZE * self.dim as f64 {
            return None;
        }
        let (centre, covariance) = self.moments(&self.weights);
        Metric::from_covariance(&centre, &covariance)
    }

    /// Mean and covariance of the draws, `[dim]` and `[dim, dim]`, under weights that sum to one.
    pub(super) fn moments(&self, weights: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let dim = self.dim;
        let mut centre = vec![0.0; dim];
        for (draw, w) in weights.iter().enumerate() {
            centre
                .iter_mut()
                .zip(self.position(draw))
                .for_each(|(c, x)| *c += w * x);
        }
        let mut covariance = vec![0.0; dim * dim];
        for (draw, w) in weights.iter().enumerate() {
            let offset: Vec<f64> = self.position(draw).zip(&centre).map(|(x, c)| x - c).collect();
            for (row, a) in covariance.chunks_exact_mut(dim).zip(&offset) {
                row.iter_mut().zip(&offset).for_each(|(cell, b)| *cell += w * a * b);
            }
        }
        (centre, covariance)
    }
}
