//! Convergence diagnostics of one parameter's chains: R-hat, effective sample sizes, Monte Carlo errors, E-BFMI.
//!
//! A. Vehtari, A. Gelman, D. Simpson, B. Carpenter & P.-C. Bürkner, "Rank-normalization, folding, and localization: an
//! improved R-hat for assessing convergence of MCMC", Bayesian Analysis 16 (2021) 667. Details (ranks, quantiles, the
//! truncation of the autocorrelations, what a constant gives) are those of ArviZ 0.23, the oracle of the tests.
//!
//! Everywhere `values` is `[chain, draw]`, flat. Fewer than four draws a chain, or a value that is not finite, give NaN.

mod energy;
mod ess;
mod nested;
mod order;
mod rank;
mod sums;
mod tail;
mod workspace;

pub use energy::e_bfmi;
pub use nested::{MANY_CHAINS, SUPERCHAINS, nested_r_hat, superchain};
pub use workspace::{Quantity, Workspace};

/// Least number of draws a chain of which anything is said.
const MIN_DRAWS: usize = 4;
/// The quantiles whose effective sample sizes make that of the tails (Vehtari et al. 2021, section 4.3).
const TAILS: [f64; 2] = [0.05, 0.95];

/// The diagnostics of one parameter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Diagnostics {
    /// Rank-normalised split R-hat, the larger of bulk and folded; NaN for a constant or a single chain.
    pub r_hat: f64,
    /// Nested R-hat of the ranks, the larger of bulk and folded, where chains are many ([`MANY_CHAINS`]); else NaN.
    pub nested_r_hat: f64,
    /// Effective number of independent draws for the centre of the distribution.
    pub ess_bulk: f64,
    /// The same for its 5 % and 95 % quantiles, the smaller.
    pub ess_tail: f64,
    /// Monte Carlo standard error of the mean, in the parameter's unit.
    pub mcse_mean: f64,
    /// Monte Carlo standard error of the standard deviation, in the parameter's unit.
    pub mcse_sd: f64,
}

/// All diagnostics of one parameter from `values` `[chain, draw]`; for more than one, a [`Workspace`] serves again and again.
pub fn diagnose(values: &[f64], chains: usize) -> Diagnostics {
    Workspace::default().take(values, chains).diagnose()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_little_or_no_number_says_nothing() {
        assert!(diagnose(&[1.0, 2.0, 3.0], 1).ess_bulk.is_nan());
        assert!(diagnose(&[1.0, f64::NAN, 3.0, 4.0], 1).mcse_mean.is_nan());
        assert!(diagnose(&[1.0, 2.0, 3.0, 4.0], 1).r_hat.is_nan());
        assert!(diagnose(&[1.0, 3.0, 2.0, 4.0], 1).ess_bulk > 0.0);
    }
}
