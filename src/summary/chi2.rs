//! χ² of one object, its degrees of freedom, and the probability of a larger one.
//!
//! Let y be the fluxes in units of σ, J their Jacobian, P the curvature of the priors, and
//! M = JᵀJ + P. In a Gaussian linear model the mode is M⁻¹Jᵀy, so that the residuals are
//!
//! ```text
//! r = (1 − H) y,   H = J M⁻¹ Jᵀ,   (1 − H)⁻¹ = 1 + J P⁻¹ Jᵀ
//! ```
//!
//! Over truths from the priors y has the covariance 1 + J P⁻¹ Jᵀ, hence r has 1 − H. With h_k the
//! eigenvalues of H, χ² = rᵀr is Σ (1 − h_k) z_k², z_k standard normal. A priori, a line that the
//! parameters follow freely has h = 1, and a line that the priors predict has h = 0. The mean is
//! n − tr H = n − Σ (1 − s²_post/s²_prior), the degrees of freedom.

use nalgebra::{Cholesky, DMatrix};
use statrs::function::gamma::gamma_ur;

use super::thinned;
use crate::emissivity::Set;
use crate::mode::{self, Mode};
use crate::model::{Evaluator, LANES, LaneEvaluator};
use crate::number::special::quadratic_form_tail;
use crate::nuts::Sampled;
use crate::problem::Problem;

/// χ² of a draw below that at the mode from which the mode next to the draw is sought.
const LOWER: f64 = 1.0;
/// Least weight of a square: rounding moves a χ² of free lines by less.
const LEAST_WEIGHT: f64 = 1e-3;

/// χ² of an object and its law.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Chi2 {
    /// Sum of the deviances of all lines that are no limits, at the mode that fits best.
    pub value: f64,
    /// Degrees of freedom: the mean of χ² over truths from the priors.
    pub dof: f64,
    /// Probability of a larger χ² over truths from the priors and noise from the likelihood.
    pub p: f64,
}

impl Chi2 {
    /// χ² of an object without a posterior.
    pub(crate) const NONE: Chi2 = Chi2 {
        value: f64::NAN,
        dof: f64::NAN,
        p: f64::NAN,
    };

    /// χ² at `mode`, or at a mode near the draws that fits better.
    ///
    /// `fluxes` are those of the thinned draws, `[line][draw]`, and `widths` the posterior sd over
    /// the prior sd of each sampled coordinate.
    pub(super) fn new(
        problem: &Problem,
        set: &Set,
        mode: &Mode,
        (sampled, fluxes): (&Sampled, &[Vec<f64>]),
        widths: &[(usize, f64)],
    ) -> Chi2 {
        let found = At::new(problem, set, mode);
        let other = better_mode(problem, set, &found, sampled, fluxes);
        let other = other.map(|mode| At::new(problem, set, &mode));
        let best = other.filter(|other| other.chi2 < found.chi2).unwrap_or(found);
        let learnt: f64 = widths
            .iter()
            .map(|(_, width)| (1.0 - width * width).clamp(0.0, 1.0))
            .sum();
        let moments = best.moments(problem);
        Chi2 {
            value: best.chi2,
            dof: moments.iter().map(|[mean, _]| mean).sum::<f64>() - learnt,
            p: best.tail(&moments),
        }
    }
}

#[cfg(test)]
impl Chi2 {
    /// χ² at `mode` and its p-value, without draws.
    pub(crate) fn at_mode(problem: &Problem, set: &Set, mode: &Mode) -> [f64; 2] {
        let at = At::new(problem, set, mode);
        [at.chi2, at.tail(&at.moments(problem))]
    }
}

/// χ² at one mode.
struct At {
    chi2: f64,
    /// ν of Student's t.
    nu: f64,
    /// Eigenvalues of H that are not zero by the shape of J, as many as lines or coordinates.
    shares: Vec<f64>,
}

impl At {
    fn new(problem: &Problem, set: &Set, mode: &Mode) -> At {
        let mut evaluator = Evaluator::new(&problem.object, &set.grid);
        evaluator.at(&mode.position);
        let nu = evaluator.slot(problem.object.header.nu as usize);
        At {
            chi2: measured(problem)
                .map(|l| problem.deviance(l, evaluator.flux(l), nu))
                .sum(),
            nu,
            shares: shares(problem, set, mode),
        }
    }

    /// Mean and variance of the deviance of each line.
    fn moments(&self, problem: &Problem) -> Vec<[f64; 2]> {
        let records = problem.object.lines.iter();
        records.filter_map(|record| record.deviance_moments(self.nu)).collect()
    }

    /// P(χ² > found). Lines that are not Gaussian have a deviance of another mean and variance; the
    /// law is then the Gamma distribution of the same mean and variance as the sum.
    fn tail(&self, moments: &[[f64; 2]]) -> f64 {
        if moments.iter().all(|&line| line == [1.0, 2.0]) {
            let free = moments.len().saturating_sub(self.shares.len());
            let held = self
                .shares
                .iter()
                .take(moments.len())
                .map(|h| (1.0 - h).max(LEAST_WEIGHT));
            let weights: Vec<f64> = held.chain(std::iter::repeat_n(1.0, free)).collect();
            return quadratic_form_tail(&weights, self.chi2);
        }
        let mut sums = [0.0; 2];
        for [mean, variance] in moments {
            sums = [sums[0] + mean, sums[1] + variance];
        }
        for h in &self.shares {
            sums = [sums[0] - h, sums[1] - 4.0 * h + 2.0 * h * h];
        }
        let [mean, variance] = sums.map(|sum| sum.max(LEAST_WEIGHT));
        gamma_tail(mean * mean / variance, self.chi2 * mean / variance)
    }
}

/// Q(shape, x) of the Gamma distribution, at 0 and at infinity too.
fn gamma_tail(shape: f64, x: f64) -> f64 {
    match x {
        ..=0.0 => 1.0,
        f64::INFINITY => 0.0,
        x if x.is_nan() || shape.is_nan() => f64::NAN,
        x => gamma_ur(shape, x),
    }
}

/// Indices of the lines that are no limits. A limit says something about the parameters, as a prior
/// does, and has no residual.
fn measured(problem: &Problem) -> impl Iterator<Item = usize> + '_ {
    let records = problem.object.lines.iter().enumerate();
    records
        .filter(|(_, record)| !record.likelihood.is_limit())
        .map(|(l, _)| l)
}

/// Eigenvalues of H at a mode; none where the curvature is not positive definite.
fn shares(problem: &Problem, set: &Set, mode: &Mode) -> Vec<f64> {
    let d = mode.position.len();
    let mut lanes = LaneEvaluator::<LANES>::new(&problem.object, &set.grid);
    let mut curvature = vec![0.0; d * d];
    lanes.gauss_newton(&mode.position, &mut curvature);
    let rows = lanes.weighted_jacobian(&mode.position);
    let lines: Vec<usize> = measured(problem).collect();
    let transposed = DMatrix::from_fn(d, lines.len(), |i, l| rows[lines[l] * d + i]);
    let factor = [&curvature, &mode.hessian].into_iter();
    let factor = factor
        .filter_map(|matrix| Cholesky::new(DMatrix::from_row_slice(d, d, matrix)))
        .next();
    let Some(scaled) = factor.and_then(|factor| factor.l().solve_lower_triangular(&transposed)) else {
        return Vec::new();
    };
    let product = match lines.len() < d {
        true => scaled.transpose() * &scaled,
        false => &scaled * scaled.transpose(),
    };
    let eigenvalues = product.symmetric_eigenvalues();
    eigenvalues.iter().map(|h| h.clamp(0.0, 1.0)).collect()
}

/// Mode next to the draw of the smallest χ², if that is smaller than at the mode `found`. The best
/// draw of a posterior with one mode lies in the same mode, and the climb ends there.
fn better_mode(problem: &Problem, set: &Set, found: &At, sampled: &Sampled, fluxes: &[Vec<f64>]) -> Option<Mode> {
    let draws = fluxes.first()?.len();
    let of_draw = |draw: usize| -> f64 {
        measured(problem)
            .map(|l| problem.deviance(l, fluxes[l][draw], found.nu))
            .sum()
    };
    let chi2 = (0..draws).map(|draw| (draw, of_draw(draw)));
    let (draw, least) = chi2.min_by(|a, b| a.1.total_cmp(&b.1))?;
    if least.partial_cmp(&(found.chi2 - LOWER)) != Some(std::cmp::Ordering::Less) {
        return None;
    }
    let start = thinned(&sampled.positions, problem.object.dimension()).nth(draw)?;
    mode::climb_from(problem, &set.grid, start.to_vec(), None)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(chi2: f64, shares: &[f64]) -> At {
        At {
            chi2,
            nu: 4.0,
            shares: shares.to_vec(),
        }
    }

    /// Two lines and one free parameter: one square of weight 1, and one that the parameter takes.
    #[test]
    fn a_free_parameter_takes_one_degree_of_freedom() {
        let p = at(3.841_459, &[1.0]).tail(&[[1.0, 2.0]; 2]);
        assert!((p - 0.05).abs() < 1e-3, "{p}");
    }

    /// A parameter that its prior holds takes none: both squares have weight 1, and the tail is
    /// exp(−χ²/2).
    #[test]
    fn a_parameter_that_its_prior_holds_takes_none() {
        let p = at(6.0, &[0.0]).tail(&[[1.0, 2.0]; 2]);
        assert!((p - (-3.0_f64).exp()).abs() < 1e-9, "{p}");
    }

    /// A line with the moments of a Gaussian has the same tail from the Gamma distribution, which is
    /// exact for equal weights.
    #[test]
    fn the_gamma_distribution_agrees_with_the_weighted_sum() {
        let nearly = [1.0, 2.0 + 1e-9];
        for chi2 in [0.5, 3.0, 14.0] {
            let [exact, matched] = [[1.0, 2.0], nearly].map(|line| at(chi2, &[1.0, 1.0]).tail(&[line; 6]));
            assert!((exact / matched - 1.0).abs() < 1e-2, "{exact} {matched}");
        }
    }

    #[test]
    fn the_gamma_tail_is_defined_at_its_ends() {
        assert_eq!([gamma_tail(2.0, 0.0), gamma_tail(2.0, f64::INFINITY)], [1.0, 0.0]);
        assert!(gamma_tail(2.0, f64::NAN).is_nan());
        assert!((gamma_tail(1.0, 2.5) - (-2.5_f64).exp()).abs() < 1e-14);
    }
}
