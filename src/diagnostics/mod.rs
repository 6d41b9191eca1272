//! Convergence diagnostics of one parameter's chains: R-hat, effective sample sizes, Monte Carlo errors, E-BFMI.
//!
//! A. Vehtari, A. Gelman, D. Simpson, B. Carpenter & P.-C. Bürkner, "Rank-normalization, folding, and localization: an
//! improved R-hat for assessing convergence of MCMC", Bayesian Analysis 16 (2021) 667. Details (ranks, quantiles, the
//! truncation of the autocorrelations, what a constant gives) are those of ArviZ 0.23, the oracle of the tests.
//!
//! Everywhere `values` is `[chain, draw]`, flat. Fewer than four draws a chain, or a value that is not finite, give NaN.

mod energy;
mod ess;
mod rank;

pub use energy::e_bfmi;

use ess::ess;
use rank::{normal_scores, quantile, sorted};

/// Least number of draws a chain of which anything is said.
const MIN_DRAWS: usize = 4;
/// The quantiles whose effective sample sizes make that of the tails (Vehtari et al. 2021, section 4.3).
const TAILS: [f64; 2] = [0.05, 0.95];

/// The diagnostics of one parameter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Diagnostics {
    /// Rank-normalised split R-hat, the larger of bulk and folded; NaN for a constant or a single chain.
    pub r_hat: f64,
    /// Effective number of independent draws for the centre of the distribution.
    pub ess_bulk: f64,
    /// The same for its 5 % and 95 % quantiles, the smaller.
    pub ess_tail: f64,
    /// Monte Carlo standard error of the mean, in the parameter's unit.
    pub mcse_mean: f64,
    /// Monte Carlo standard error of the standard deviation, in the parameter's unit.
    pub mcse_sd: f64,
}

/// All diagnostics of one parameter from `values` `[chain, draw]`.
pub fn diagnose(values: &[f64], chains: usize) -> Diagnostics {
    if !is_valid(values, chains) {
        return Diagnostics {
            r_hat: f64::NAN,
            ess_bulk: f64::NAN,
            ess_tail: f64::NAN,
            mcse_mean: f64::NAN,
            mcse_sd: f64::NAN,
        };
    }
    let halves = split(values, chains);
    let mut order = sorted(&halves);
    let bulk = normal_scores(&mut order);
    Diagnostics {
        r_hat: if chains > 1 {
            larger_r_hat(&mut order, &bulk, 2 * chains)
        } else {
            f64::NAN
        },
        ess_bulk: ess(&bulk, 2 * chains),
        ess_tail: tail_size(values, chains),
        mcse_mean: error_of_mean(values, &halves, chains),
        mcse_sd: error_of_sd(values, chains),
    }
}

/// Enough draws, all of them finite.
fn is_valid(values: &[f64], chains: usize) -> bool {
    chains > 0 && values.len() / chains >= MIN_DRAWS && values.iter().all(|v| v.is_finite())
}

/// First and second half of every chain, one after the other; the middle draw of an odd number is left out.
fn split(values: &[f64], chains: usize) -> Vec<f64> {
    let draws = values.len() / chains;
    let half = draws / 2;
    let mut halves = Vec::with_capacity(2 * half * chains);
    for chain in values.chunks_exact(draws) {
        halves.extend_from_slice(&chain[..half]);
        halves.extend_from_slice(&chain[draws - half..]);
    }
    halves
}

/// The larger of R-hat of the rank-normalised draws and of their rank-normalised distances from the median; takes the
/// draws sorted.
fn larger_r_hat(sorted: &mut [(f64, usize)], bulk: &[f64], chains: usize) -> f64 {
    let median = 0.5 * (sorted[(sorted.len() - 1) / 2].0 + sorted[sorted.len() / 2].0);
    for (value, _) in sorted.iter_mut() {
        *value = (*value - median).abs();
    }
    let folded = r_hat(&normal_scores(sorted), chains);
    let bulk = r_hat(bulk, chains);
    // A constant has none; distances may be constant where the draws are not.
    if bulk.is_nan() { bulk } else { bulk.max(folded) }
}

/// √((B/W + N − 1)/N), B and W the variances between and within chains of N draws (equations 1–4 of the paper).
fn r_hat(values: &[f64], chains: usize) -> f64 {
    let draws = values.len() / chains;
    let n = draws as f64;
    let means: Vec<f64> = values.chunks_exact(draws).map(mean).collect();
    let within = values.chunks_exact(draws).map(variance).sum::<f64>() / chains as f64;
    ((n * variance(&means) / within + n - 1.0) / n).sqrt()
}

/// The smaller effective sample size of the indicators "at or below the tail quantile".
fn tail_size(values: &[f64], chains: usize) -> f64 {
    let quantiles = TAILS.map(|p| quantile(values, p));
    let [low, high] = quantiles.map(|q| {
        let below: Vec<f64> = values.iter().map(|&v| f64::from(v <= q)).collect();
        ess(&split(&below, chains), 2 * chains)
    });
    low.min(high)
}

/// sd/√ESS.
fn error_of_mean(values: &[f64], halves: &[f64], chains: usize) -> f64 {
    (variance(values) / ess(halves, 2 * chains)).sqrt()
}

/// √(Var[(x − x̄)²]/(4 ESS E[(x − x̄)²])), the delta method on the mean of squares.
fn error_of_sd(values: &[f64], chains: usize) -> f64 {
    let centre = mean(values);
    let squares: Vec<f64> = values.iter().map(|v| (v - centre).powi(2)).collect();
    let second = mean(&squares);
    let fourth = squares.iter().map(|s| s * s).sum::<f64>() / squares.len() as f64;
    let size = ess(&split(&squares, chains), 2 * chains);
    ((fourth - second * second) / size / second / 4.0).sqrt()
}

/// Arithmetic mean.
fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// Variance over n − 1.
fn variance(values: &[f64]) -> f64 {
    let centre = mean(values);
    values.iter().map(|v| (v - centre).powi(2)).sum::<f64>() / (values.len() as f64 - 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splitting_leaves_the_middle_draw_out() {
        assert_eq!(
            split(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], 1),
            [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]
        );
        assert_eq!(
            split(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0], 2),
            [1.0, 2.0, 4.0, 5.0, 6.0, 7.0, 9.0, 10.0]
        );
    }

    #[test]
    fn too_little_or_no_number_says_nothing() {
        assert!(diagnose(&[1.0, 2.0, 3.0], 1).ess_bulk.is_nan());
        assert!(diagnose(&[1.0, f64::NAN, 3.0, 4.0], 1).mcse_mean.is_nan());
        assert!(diagnose(&[1.0, 2.0, 3.0, 4.0], 1).r_hat.is_nan());
        assert!(diagnose(&[1.0, 3.0, 2.0, 4.0], 1).ess_bulk > 0.0);
    }
}
