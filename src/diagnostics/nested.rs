//! Nested R-hat: the convergence of many short chains, which are grouped into superchains that start at one point each.
//!
//! C. C. Margossian, M. D. Hoffman, P. Sountsov, L. Riou-Durand, A. Vehtari & A. Gelman, "Nested R-hat: assessing the convergence of
//! Markov chain Monte Carlo when running many short chains", Bayesian Analysis (2024), arXiv:2110.13017.

use std::ops::Range;

use super::sums::{mean, variance};

/// Chains from which they are grouped: of fewer, a superchain would be too few chains for its mean to be told from its start.
pub const MANY_CHAINS: usize = 64;
/// Superchains of many chains: enough for the variance of their means to be known to a third, few enough that each is of many
/// chains.
pub const SUPERCHAINS: usize = 16;

/// The group of `chain` among `chains`: one of [`SUPERCHAINS`] blocks whose sizes differ by one at most, where the chains are
/// [`MANY_CHAINS`] or more; else itself.
pub fn superchain(chain: usize, chains: usize) -> usize {
    let groups = groups(chains);
    chain * groups / chains
}

/// The number of groups of `chains`.
fn groups(chains: usize) -> usize {
    if chains < MANY_CHAINS { chains } else { SUPERCHAINS }
}

/// The chains of each group, those of one together.
pub(super) fn grouped(chains: usize) -> impl Iterator<Item = Range<usize>> {
    blocks(chains, groups(chains))
}

/// `chains` in `groups` blocks; chain c is in block ⌊c groups/chains⌋.
fn blocks(chains: usize, groups: usize) -> impl Iterator<Item = Range<usize>> {
    let begin = move |group: usize| (group * chains).div_ceil(groups);
    (0..groups).map(move |group| begin(group)..begin(group + 1))
}

/// Nested R-hat √(1 + B/W) of `values` `[chain, draw]` whose chains are in `superchains` blocks as even as can be: B the variance
/// of the superchains' means, W the mean over superchains of the variance of their chains' means plus the mean variance within a
/// chain (equations 3–6 of the paper). Of converged chains it is about √(1 + 1/(M·n)), M chains of n effective draws a superchain.
///
/// NaN for less than two superchains, two chains a superchain or two draws a chain, and for a constant.
pub fn nested_r_hat(values: &[f64], chains: usize, superchains: usize) -> f64 {
    let draws = values.len() / chains.max(1);
    if superchains < 2 || chains < 2 * superchains || draws < 2 {
        return f64::NAN;
    }
    let (mut within, mut means, mut of_chains) = (0.0, Vec::with_capacity(superchains), Vec::new());
    for block in blocks(chains, superchains) {
        of_chains.clear();
        let (mut variances, size) = (0.0, block.len() as f64);
        for chain in values[block.start * draws..block.end * draws].chunks_exact(draws) {
            of_chains.push(mean(chain));
            variances += variance(chain);
        }
        means.push(mean(&of_chains));
        within += variance(&of_chains) + variances / size;
    }
    (1.0 + variance(&means) * superchains as f64 / within).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_even_and_each_chain_is_in_its_own() {
        for chains in [1, 4, 63, 64, 100, 999, 10_000] {
            let groups: Vec<Range<usize>> = grouped(chains).collect();
            assert_eq!(groups.len(), if chains < 64 { chains } else { 16 });
            assert_eq!((groups[0].start, groups[groups.len() - 1].end), (0, chains));
            for (group, block) in groups.iter().enumerate() {
                assert!(block.clone().all(|chain| superchain(chain, chains) == group));
                assert!(block.len() == chains / groups.len() || block.len() == chains.div_ceil(groups.len()));
            }
        }
    }
}
