//! Energy Bayesian fraction of missing information, a measure of how well momentum resampling
//! explores the energies.

use super::nested::grouped;
use super::sums::{mean, variance};

/// E-BFMI of each chain from the energies `[chain, draw]`; of each superchain where chains are many
/// and short. It is the mean squared change between draws over the variance. Below 0.3 the tails
/// are explored badly. M. Betancourt, "Diagnosing suboptimal cotangent disintegrations in
/// Hamiltonian Monte Carlo" (arXiv:1604.00695), equation 3.
pub fn e_bfmi(energies: &[f64], chains: usize) -> Vec<f64> {
    let draws = energies.len() / chains;
    let of_group = |energies: &[f64]| {
        let pairs = energies.chunks_exact(draws).flat_map(|chain| chain.windows(2));
        let changes: Vec<f64> = pairs.map(|pair| (pair[1] - pair[0]).powi(2)).collect();
        mean(&changes) / variance(energies)
    };
    grouped(chains)
        .map(|group| of_group(&energies[group.start * draws..group.end * draws]))
        .collect()
}
