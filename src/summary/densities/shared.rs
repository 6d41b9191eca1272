//! Errors that the lines of one ion share: those of reddening and calibration.

use crate::model::Evaluator;
use crate::model::record::NONE;
use crate::nuts::Sampled;
use crate::problem::Problem;
use crate::summary::{mean_sd, thinned};

/// Changes of the lines' fluxes, in σ, for a change of 1 posterior sd in each coordinate of
/// reddening and calibration; `[coordinate][line]`.
pub(super) struct SharedErrors(Vec<Vec<f64>>);

impl SharedErrors {
    /// Evaluates the fluxes on both sides of the posterior mean `position`.
    pub(super) fn new(
        problem: &Problem,
        sampled: &Sampled,
        position: &[f64],
        evaluator: &mut Evaluator<'_, f64>,
    ) -> Self {
        let mut moved = position.to_vec();
        let mut fluxes = |coordinate: usize, shift: f64| -> Vec<f64> {
            moved[coordinate] = position[coordinate] + shift;
            evaluator.at(&moved);
            moved[coordinate] = position[coordinate];
            (0..problem.lines.len()).map(|l| evaluator.flux(l)).collect()
        };
        let change = |coordinate: usize| {
            let positions = thinned(&sampled.positions, position.len());
            let (_, sd) = mean_sd(&positions.map(|p| p[coordinate]).collect::<Vec<_>>());
            let [above, below] = [sd, -sd].map(|shift| fluxes(coordinate, shift));
            let in_sigmas = |l: usize| 0.5 * (above[l] - below[l]) / problem.lines[l].sigma;
            (0..problem.lines.len()).map(in_sigmas).collect()
        };
        SharedErrors(coordinates(problem).into_iter().map(change).collect())
    }

    /// Errors that some lines share.
    pub(super) fn whitening(&self, lines: &[usize]) -> Whitening {
        let mut whitening = Whitening(Vec::new());
        for change in &self.0 {
            let mut vector: Vec<f64> = lines.iter().map(|&l| change[l]).collect();
            whitening.apply(&mut vector);
            whitening.0.push(vector);
        }
        whitening
    }
}

/// Sampled coordinates of extinction, R_V and the arms' calibrations.
fn coordinates(problem: &Problem) -> Vec<usize> {
    let object = &problem.object;
    let arms = object.lines.iter().map(|line| line.arm);
    let slots = arms.chain([object.header.c_hbeta, object.header.rv]);
    let sampled = slots
        .filter(|slot| *slot != NONE)
        .map(|slot| object.slots[slot as usize].coordinate);
    let mut coordinates: Vec<usize> = sampled.filter(|c| *c != NONE).map(|c| c as usize).collect();
    coordinates.sort_unstable();
    coordinates.dedup();
    coordinates
}

/// Map from fluxes in σ with shared errors h, of covariance 1 + Σ h hᵀ, to independent fluxes of
/// unit variance. It applies the inverse square root of 1 + h hᵀ, one h after another.
pub(super) struct Whitening(Vec<Vec<f64>>);

impl Whitening {
    /// Maps a vector of fluxes in σ.
    pub(super) fn apply(&self, fluxes: &mut [f64]) {
        for shared in &self.0 {
            let square: f64 = shared.iter().map(|h| h * h).sum();
            if square > 0.0 {
                let along: f64 = shared.iter().zip(&*fluxes).map(|(h, f)| h * f).sum();
                let taken = along / square * (1.0 - (1.0 + square).sqrt().recip());
                fluxes.iter_mut().zip(shared).for_each(|(f, h)| *f -= taken * h);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Metric of the mapped fluxes against the inverse of 1 + Σ h hᵀ, for two lines and two h.
    #[test]
    fn whitened_fluxes_have_the_inverse_of_the_covariance_as_their_metric() {
        let whitening = SharedErrors(vec![vec![2.0, 9.0, 0.5], vec![0.0, 9.0, 1.0]]).whitening(&[0, 2]);
        let mapped = |mut fluxes: Vec<f64>| {
            whitening.apply(&mut fluxes);
            fluxes
        };
        let (a, b) = (mapped(vec![1.0, 0.0]), mapped(vec![0.0, 1.0]));
        let dot = |a: &[f64], b: &[f64]| -> f64 { a.iter().zip(b).map(|(a, b)| a * b).sum() };
        let [aa, ab, bb] = [1.0 + 2.0 * 2.0, 2.0 * 0.5, 1.0 + 0.5 * 0.5 + 1.0];
        let determinant = aa * bb - ab * ab;
        assert!((dot(&a, &a) - bb / determinant).abs() < 1e-12);
        assert!((dot(&a, &b) + ab / determinant).abs() < 1e-12);
        assert!((dot(&b, &b) - aa / determinant).abs() < 1e-12);
    }
}
