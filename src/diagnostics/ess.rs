//! Effective sample size of several chains together.

use super::sums::{dot, mean, range, variance};

/// Range below which values count as constant (decimal resolution of f64).
const RESOLUTION: f64 = 1e-15;

/// Chains about their means, in a buffer that is reused, with the variances within and between
/// chains.
#[derive(Debug, Default)]
pub(super) struct Centred {
    values: Vec<f64>,
    means: Vec<f64>,
    draws: usize,
    /// Variance within a chain, divided by n − 1 and averaged over the chains: W of Vehtari et al.
    /// 2021, equation 2.
    within: f64,
    /// Variance of the chains' means, divided by n − 1: B/N of equation 1; 0 for a single chain.
    between: f64,
    constant: bool,
}

impl Centred {
    /// Replaces the content by `values` `[chain, draw]`.
    pub(super) fn take(&mut self, values: &[f64], chains: usize) {
        self.draws = values.len() / chains;
        self.constant = range(values) < RESOLUTION;
        self.means.clear();
        self.values.clear();
        for chain in values.chunks_exact(self.draws) {
            let centre = mean(chain);
            self.means.push(centre);
            self.values.extend(chain.iter().map(|value| value - centre));
        }
        self.within = self.at(0) * self.draws as f64 / (self.draws as f64 - 1.0);
        self.between = if chains > 1 { variance(&self.means) } else { 0.0 };
    }

    /// Autocovariance averaged over the chains: the mean over them of Σ (xᵢ − x̄)(xᵢ₊ₜ − x̄)/N.
    fn at(&self, lag: usize) -> f64 {
        let product = |chain: &[f64]| dot(&chain[lag..], &chain[..self.draws - lag]);
        self.values.chunks_exact(self.draws).map(product).sum::<f64>() / self.values.len() as f64
    }

    /// Effective sample size.
    pub(super) fn ess(&self) -> f64 {
        if self.constant {
            return self.values.len() as f64;
        }
        effective(|lag| self.at(lag), self.between, self.draws, self.values.len())
    }

    /// R-hat √((B/W + N − 1)/N), with the variances B between and W within chains of N draws
    /// (equations 1–4 of the paper).
    pub(super) fn r_hat(&self) -> f64 {
        let n = self.draws as f64;
        ((n * self.between / self.within + n - 1.0) / n).sqrt()
    }
}

/// Effective sample size of `size` draws in chains of `draws`, from the autocovariance averaged
/// over the chains and the variance of their means. It is `size` over the integrated
/// autocorrelation time, truncated by Geyer's initial monotone sequence and bounded by N log₁₀ N.
/// Vehtari et al. 2021, equations 8–13; C. J. Geyer, "Practical Markov chain Monte Carlo", Statist.
/// Sci. 7 (1992) 473.
pub(super) fn effective(covariance: impl Fn(usize) -> f64, between: f64, draws: usize, size: usize) -> f64 {
    let at_zero = covariance(0);
    let within = at_zero * draws as f64 / (draws as f64 - 1.0);
    // Equation 3, which overestimates the variance.
    let total = at_zero + between;
    // Equation 10.
    let correlation = |lag: usize| 1.0 - (within - covariance(lag)) / total;
    let time = autocorrelation_time(correlation, draws);
    let size = size as f64;
    size / time.max(1.0 / size.log10())
}

/// −1 + 2 Σ ρₜ over Geyer's initial monotone sequence, from lazily evaluated autocorrelations;
/// `draws` ≥ 2.
///
/// The sum takes pairs of an even and an odd lag as long as the sum of a pair is positive. No pair
/// counts for more than the pair before. The last pair closes the sequence: only its even lag
/// counts, once, and not below zero if the pair is negative.
fn autocorrelation_time(correlation: impl Fn(usize) -> f64, draws: usize) -> f64 {
    let [mut even, mut odd] = [1.0, correlation(1)];
    let (mut sum, mut bound) = (0.0, f64::INFINITY);
    let mut lag = 1;
    while lag + 3 < draws && even + odd > 0.0 {
        bound = bound.min(even + odd);
        sum += bound;
        [even, odd] = [correlation(lag + 1), correlation(lag + 2)];
        lag += 2;
    }
    let closing = if even + odd >= 0.0 { even } else { even.max(0.0) };
    2.0 * sum + closing - 1.0
}
