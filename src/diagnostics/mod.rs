//! Convergence diagnostics of one parameter's chains: R-hat, effective sample sizes, Monte Carlo
//! errors, E-BFMI.
//!
//! A. Vehtari, A. Gelman, D. Simpson, B. Carpenter & P.-C. Bürkner, "Rank-normalization, folding,
//! and localization: an improved R-hat for assessing convergence of MCMC", Bayesian Analysis 16
//! (2021) 667. Details are those of ArviZ 0.23, the reference of the tests: ranks, quantiles,
//! truncation of the autocorrelations, constants.
//!
//! `values` is always `[chain, draw]`, flat. Fewer than four draws per chain, or a value that is
//! not finite, give NaN.

mod energy;
mod ess;
mod nested;
mod order;
mod rank;
mod sums;
mod tail;
mod weighted;
mod workspace;

pub use energy::e_bfmi;
pub use nested::{MANY_CHAINS, SUPERCHAINS, nested_r_hat, superchain};
pub(crate) use weighted::Weighted;
pub use workspace::{Quantity, Workspace};

/// Least number of draws per chain for any diagnostic.
const MIN_DRAWS: usize = 4;
/// Quantiles for the effective sample size of the tails (Vehtari et al. 2021, section 4.3).
const TAILS: [f64; 2] = [0.05, 0.95];

/// Diagnostics of one parameter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Diagnostics {
    /// Rank-normalised split R-hat, the larger of bulk and folded; NaN for a constant or a single
    /// chain.
    pub r_hat: f64,
    /// Nested R-hat of the ranks, the larger of bulk and folded, with [`MANY_CHAINS`] or more;
    /// otherwise NaN.
    pub nested_r_hat: f64,
    /// Effective number of independent draws for the centre of the distribution.
    pub ess_bulk: f64,
    /// Effective number of independent draws for the 5 % and 95 % quantiles, the smaller of the
    /// two.
    pub ess_tail: f64,
    /// Monte Carlo standard error of the mean, in the unit of the parameter.
    pub mcse_mean: f64,
    /// Monte Carlo standard error of the standard deviation, in the unit of the parameter.
    pub mcse_sd: f64,
}

/// All diagnostics of one parameter from `values` `[chain, draw]`. For several parameters, reuse a
/// [`Workspace`].
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
