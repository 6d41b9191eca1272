//! Grid of the runs.

/// Length of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    /// Number of chains.
    pub chains: usize,
    /// Warm-up draws per chain.
    pub warmup: usize,
    /// Draws per chain.
    pub draws: usize,
}

/// All runs: every number of chains with every warm-up and every number of draws, each repeated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grid {
    /// Numbers of chains.
    pub chains: Vec<usize>,
    /// Numbers of warm-up draws per chain.
    pub warmup: Vec<usize>,
    /// Numbers of draws per chain.
    pub draws: Vec<usize>,
    /// Number of runs at each point, with different seeds.
    pub replicates: usize,
}

impl Grid {
    /// Points of the grid; draws change fastest and chains slowest.
    pub fn points(&self) -> impl Iterator<Item = Point> {
        let pairs = self
            .chains
            .iter()
            .flat_map(|&chains| self.warmup.iter().map(move |&warmup| (chains, warmup)));
        pairs.flat_map(|(chains, warmup)| self.draws.iter().map(move |&draws| Point { chains, warmup, draws }))
    }

    /// Number of runs.
    pub fn runs(&self) -> usize {
        self.chains.len() * self.warmup.len() * self.draws.len() * self.replicates
    }

    /// Largest number of draws in a run, over all its chains.
    pub(super) fn most_draws(&self) -> usize {
        let most = |numbers: &[usize]| numbers.iter().copied().max().unwrap_or(0);
        most(&self.chains) * most(&self.draws)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_change_fastest() {
        let grid = Grid {
            chains: vec![4, 64],
            warmup: vec![50],
            draws: vec![10, 20],
            replicates: 3,
        };
        let found: Vec<_> = grid.points().map(|p| (p.chains, p.warmup, p.draws)).collect();
        assert_eq!(found, [(4, 50, 10), (4, 50, 20), (64, 50, 10), (64, 50, 20)]);
        assert_eq!((grid.runs(), grid.most_draws()), (12, 1280));
    }
}
