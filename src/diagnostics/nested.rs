//! Nested R-hat: convergence of many short chains, grouped into superchains. All chains of a
//! superchain start at one point.
//!
//! C. C. Margossian, M. D. Hoffman, P. Sountsov, L. Riou-Durand, A. Vehtari & A. Gelman, "Nested
//! R-hat: assessing the convergence of Markov chain Monte Carlo when running many short chains",
//! Bayesian Analysis (2024), arXiv:2110.13017.

use std::ops::Range;

use super::sums::{mean, variance};

/// Least number of chains that are grouped. With fewer chains a superchain is too small: its mean
/// cannot be distinguished from its start.
pub const MANY_CHAINS: usize = 64;
/// Number of superchains: enough to know the variance of their means to a third, few enough that
/// each has many chains.
pub const SUPERCHAINS: usize = 16;

/// Group of `chain` among `chains`: one of [`SUPERCHAINS`] blocks whose sizes differ by one at
/// most, with [`MANY_CHAINS`] or more; otherwise the chain itself.
pub fn superchain(chain: usize, chains: usize) -> usize {
    let groups = groups(chains);
    chain * groups / chains
}

/// Number of groups of `chains`.
fn groups(chains: usize) -> usize {
    if chains < MANY_CHAINS { chains } else { SUPERCHAINS }
}

/// Chains of each group.
pub(super) fn grouped(chains: usize) -> impl Iterator<Item = Range<usize>> {
    blocks(chains, groups(chains))
}

/// `chains` in `groups` blocks; chain c is in block ⌊c groups/chains⌋.
fn blocks(chains: usize, groups: usize) -> impl Iterator<Item = Range<usize>> {
    let begin = move |group: usize| (group * chains).div_ceil(groups);
    (0..groups).map(move |group| begin(group)..begin(group + 1))
}

/// Nested R-hat √(1 + B/W) of `values` `[chain, draw]`, with the chains in `superchains` nearly
/// equal blocks. B is the variance of the superchains' means. W is the mean over superchains of the
/// variance of their chains' means plus the mean variance within a chain (equations 3–6 of the
/// paper). For converged chains it is about √(1 + 1/(M·n)), with M chains of n effective draws per
/// superchain.
///
/// NaN for fewer than two superchains, two chains per superchain or two draws per chain, and for a
/// constant.
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
