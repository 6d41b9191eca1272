//! Effective sample size of the indicator "in the tail", with one bit per draw.

use super::ess::effective;
use super::order::Placed;
use super::sums::variance;

/// Indicators `[chain, draw]`, each chain in its own words, in a buffer that is reused.
#[derive(Debug, Default)]
pub(super) struct Indicator {
    bits: Vec<u64>,
    means: Vec<f64>,
}

/// A word with the first `count` bits set.
fn ones(count: usize) -> u64 {
    match count {
        0 => 0,
        _ => u64::MAX >> (u64::BITS as usize - count.min(u64::BITS as usize)),
    }
}

impl Indicator {
    /// Effective sample size of the indicator that is one at the indices of `inside`, among
    /// `chains` × `draws`; all draws for a constant. An indicator and its complement have the same
    /// size.
    pub(super) fn ess(&mut self, inside: &[Placed], chains: usize, draws: usize) -> f64 {
        let size = chains * draws;
        if inside.is_empty() || inside.len() == size {
            return size as f64;
        }
        let words = draws.div_ceil(u64::BITS as usize);
        self.bits.clear();
        self.bits.resize(chains * words, 0);
        for &(_, place) in inside {
            let (chain, draw) = (place as usize / draws, place as usize % draws);
            self.bits[chain * words + draw / u64::BITS as usize] |= 1 << (draw % u64::BITS as usize);
        }
        self.means.clear();
        let count = |chain: &[u64]| chain.iter().map(|word| word.count_ones()).sum::<u32>();
        let means = self.bits.chunks_exact(words);
        self.means
            .extend(means.map(|chain| f64::from(count(chain)) / draws as f64));
        let between = if chains > 1 { variance(&self.means) } else { 0.0 };
        effective(|lag| self.covariance(lag, draws), between, draws, size)
    }

    /// Autocovariance averaged over the chains.
    ///
    /// With the indicator I of a chain, its mean m and N draws, Σ (Iᵢ − m)(Iᵢ₊ₜ − m) = Σ IᵢIᵢ₊ₜ − m
    /// (Σ_{i<N−t} Iᵢ + Σ_{i≥t} Iᵢ) + (N − t) m². The sums are counts of bits.
    fn covariance(&self, lag: usize, draws: usize) -> f64 {
        let words = draws.div_ceil(u64::BITS as usize);
        let (whole, part) = (lag / u64::BITS as usize, lag % u64::BITS as usize);
        let of_chain = |(chain, &m): (&[u64], &f64)| {
            let (mut both, mut ends) = (0, 0);
            for word in 0..words - whole {
                let low = chain[word + whole] >> part;
                let high = chain
                    .get(word + whole + 1)
                    .map_or(0, |next| (next << 1) << (u64::BITS as usize - 1 - part));
                let (here, later) = (chain[word], low | high);
                let first = ones((draws - lag).saturating_sub(word * u64::BITS as usize));
                both += (here & later).count_ones();
                ends += (here & first).count_ones() + later.count_ones();
            }
            f64::from(both) - m * f64::from(ends) + (draws - lag) as f64 * m * m
        };
        let sum: f64 = self.bits.chunks_exact(words).zip(&self.means).map(of_chain).sum();
        sum / (self.means.len() * draws) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::super::ess::Centred;
    use super::*;

    /// Comparison with the effective sample size of the indicator as numbers, for chains shorter
    /// and longer than a word, and of whole words.
    #[test]
    fn bits_have_the_size_of_zeros_and_ones() {
        let (mut indicator, mut centred) = (Indicator::default(), Centred::default());
        for (chains, draws) in [(1, 5), (3, 63), (4, 64), (2, 128), (5, 250), (2, 1000)] {
            // A chain that stays in the tail for a while, now and then.
            let numbers: Vec<f64> = (0..chains * draws)
                .map(|i| f64::from(i * i % 29 < 3 || i % 17 < 2))
                .collect();
            let inside: Vec<Placed> = (0..)
                .zip(&numbers)
                .filter(|(_, n)| **n > 0.0)
                .map(|(i, _)| (0.0, i))
                .collect();
            centred.take(&numbers, chains);
            let found = indicator.ess(&inside, chains, draws);
            assert!(
                (found / centred.ess() - 1.0).abs() < 1e-9,
                "{chains} {draws}: {found} {}",
                centred.ess()
            );
        }
        assert_eq!(indicator.ess(&[], 2, 8), 16.0);
    }
}
