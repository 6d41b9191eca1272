//! The effective sample size of several chains together.

use super::{mean, variance};

/// Range of values below which they count as constant (the decimal resolution of f64).
const RESOLUTION: f64 = 1e-15;

/// Autocovariances of the centred chains, averaged over the chains, computed when asked for.
struct Autocovariance {
    centred: Vec<f64>,
    draws: usize,
}

impl Autocovariance {
    fn new(values: &[f64], draws: usize) -> Self {
        let mut centred = values.to_vec();
        for chain in centred.chunks_exact_mut(draws) {
            let centre = mean(chain);
            chain.iter_mut().for_each(|v| *v -= centre);
        }
        Self { centred, draws }
    }

    /// Mean over the chains of Σ (xᵢ − x̄)(xᵢ₊ₜ − x̄)/N.
    fn at(&self, lag: usize) -> f64 {
        let product = |chain: &[f64]| dot(&chain[lag..], &chain[..self.draws - lag]);
        self.centred.chunks_exact(self.draws).map(product).sum::<f64>() / self.centred.len() as f64
    }
}

/// Partial sums of a dot product, so that it vectorises.
const LANES: usize = 8;

/// Σ aᵢ bᵢ.
fn dot(a: &[f64], b: &[f64]) -> f64 {
    let (a_chunks, a_rest) = a.as_chunks::<LANES>();
    let (b_chunks, b_rest) = b.as_chunks::<LANES>();
    let mut sums = [0.0; LANES];
    for (a, b) in a_chunks.iter().zip(b_chunks) {
        for (lane, sum) in sums.iter_mut().enumerate() {
            *sum += a[lane] * b[lane];
        }
    }
    sums.iter().sum::<f64>() + a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum::<f64>()
}

/// Effective sample size of `values` `[chain, draw]`: N over the integrated autocorrelation time, truncated by Geyer's
/// initial monotone sequence and bounded by N log₁₀ N. All of N for constants. Vehtari et al. 2021, equations 8–13;
/// C. J. Geyer, "Practical Markov chain Monte Carlo", Statist. Sci. 7 (1992) 473.
pub(super) fn ess(values: &[f64], chains: usize) -> f64 {
    let draws = values.len() / chains;
    let (least, most) = values
        .iter()
        .fold((f64::MAX, f64::MIN), |(a, b), &v| (a.min(v), b.max(v)));
    let size = values.len() as f64;
    if most - least < RESOLUTION {
        return size;
    }
    let covariance = Autocovariance::new(values, draws);
    let within = covariance.at(0) * draws as f64 / (draws as f64 - 1.0);
    let means: Vec<f64> = values.chunks_exact(draws).map(mean).collect();
    let between = if chains > 1 { variance(&means) } else { 0.0 };
    // Equation 3: the overestimate of the variance.
    let total = covariance.at(0) + between;
    // Equation 10.
    let correlation = |lag: usize| 1.0 - (within - covariance.at(lag)) / total;
    let time = autocorrelation_time(correlation, draws);
    size / time.max(1.0 / size.log10())
}

/// −1 + 2 Σ ρₜ over Geyer's initial monotone sequence, from lazily evaluated autocorrelations; `draws` ≥ 2.
fn autocorrelation_time(correlation: impl Fn(usize) -> f64, draws: usize) -> f64 {
    // Pairs of an even and an odd lag, as long as their sums are positive.
    let mut pairs = vec![[1.0, correlation(1)]];
    let mut last = pairs[0];
    let mut lag = 1;
    while lag + 3 < draws && last[0] + last[1] > 0.0 {
        last = [correlation(lag + 1), correlation(lag + 2)];
        pairs.push(last);
        lag += 2;
    }
    // The last pair closes the sequence: only its even lag counts, once; if the pair is negative, not below zero.
    pairs.pop();
    let closing = if last[0] + last[1] >= 0.0 {
        last[0]
    } else {
        last[0].max(0.0)
    };
    let mut bound = f64::INFINITY;
    let mut sum = 0.0;
    for [even, odd] in pairs {
        bound = bound.min(even + odd);
        sum += bound;
    }
    2.0 * sum + closing - 1.0
}
