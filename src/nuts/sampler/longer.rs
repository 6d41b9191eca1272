//! Further draws of an object, behind those that its chains have made.
//!
//! Random numbers are a function of seed, object, chain and draw. The metric and the step size stay
//! as they were after warm-up. The draws of a run in blocks are therefore those of one long run, to
//! the bit if the same engine makes them.

use super::{ChainState, ObjectSampler, Sampled};
use crate::metric::Metric;
use crate::nuts::chain::Chain;

impl Sampled {
    /// Draws that no sampler made, dealt out to `chains` chains: `positions` of the model, `[chain,
    /// draw, dim]`, of which `n_gradients` evaluations were made.
    pub(crate) fn without_sampler(positions: Vec<f64>, chains: usize, metric: Metric, n_gradients: usize) -> Sampled {
        Sampled {
            positions,
            stats: Vec::new(),
            step_size: f64::NAN,
            metric,
            n_gradients_warmup: 0,
            n_gradients: n_gradients as u64,
            chains,
            ends: Vec::new(),
            rest: None,
        }
    }

    /// A sampler of `draws` further draws a chain, at least 1. The draws made so far take the place
    /// of its warm-up.
    ///
    /// # Panics
    /// If no sampler made the draws.
    pub fn longer(&self, draws: usize) -> ObjectSampler {
        let rest = self.rest.as_deref().expect("draws of a sampler");
        let (metric, depth) = (&self.metric, rest.settings.max_treedepth);
        let ends = self.ends.chunks_exact(metric.dim());
        let chains: Vec<Chain> = ends.map(|end| Chain::from_draw(end, metric, depth)).collect();
        let mut settings = rest.settings;
        settings.warmup += settings.draws;
        settings.draws = draws;
        ObjectSampler {
            settings,
            warmup_draw: settings.warmup,
            made_elsewhere: false,
            states: vec![ChainState::Start; chains.len()],
            waiting: 0,
            finished: 0,
            positions: vec![0.0; chains.len() * draws * metric.dim()],
            stats: vec![Default::default(); chains.len() * draws],
            n_gradients_warmup: 0,
            chains,
            ..rest.clone()
        }
    }

    /// Appends the draws of [`longer`](Self::longer), chain by chain.
    pub fn append(&mut self, more: Sampled) {
        let chains = self.chains();
        self.positions = chain_by_chain(&self.positions, &more.positions, chains);
        self.stats = chain_by_chain(&self.stats, &more.stats, chains);
        self.n_gradients_warmup += more.n_gradients_warmup;
        self.n_gradients += more.n_gradients;
        (self.ends, self.rest) = (more.ends, more.rest);
    }

    /// Number of chains.
    pub fn chains(&self) -> usize {
        self.chains
    }

    /// Draws of a chain.
    pub fn draws(&self) -> usize {
        self.positions.len() / (self.metric.dim() * self.chains)
    }
}

/// The values of each chain in `first`, then those in `then`; both are `[chain, …]`.
fn chain_by_chain<T: Copy>(first: &[T], then: &[T], chains: usize) -> Vec<T> {
    let sizes = [first.len() / chains, then.len() / chains];
    let pairs = first.chunks_exact(sizes[0]).zip(then.chunks_exact(sizes[1]));
    pairs
        .flat_map(|(first, then)| first.iter().chain(then))
        .copied()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metric::Metric;
    use crate::nuts::Settings;
    use crate::rng::Key;

    /// A skewed density in two coordinates.
    fn model(x: &[f64], grad: &mut [f64]) -> f64 {
        let b = x[1] - 0.3 * x[0] * x[0];
        grad.copy_from_slice(&[-x[0] + 0.6 * x[0] * b, -b]);
        -0.5 * (x[0] * x[0] + b * b)
    }

    fn sampler(draws: usize) -> ObjectSampler {
        let settings = Settings {
            chains: 3,
            warmup: 24,
            draws,
            ..Settings::default()
        };
        let metric = Metric::from_precision(&[0.1, 0.0], &[1.0, 0.1, 0.1, 2.0]).unwrap();
        let starts: Vec<Vec<f64>> = (0..3).map(|chain| vec![0.4 * f64::from(chain) - 0.3; 2]).collect();
        ObjectSampler::new(&starts, metric, &["a", "b"], Key::new(9, "longer"), settings)
    }

    #[test]
    fn blocks_of_draws_are_one_long_run_to_the_bit() {
        let whole = sampler(35).run(model);
        let mut blocks = sampler(5).run(model);
        for draws in [10, 20] {
            let more = blocks.longer(draws).run(model);
            blocks.append(more);
        }
        assert_eq!(blocks.draws(), 35);
        assert_eq!(blocks.positions, whole.positions);
        assert_eq!(blocks.stats, whole.stats);
        assert_eq!(blocks.n_gradients, whole.n_gradients);
        assert_eq!(blocks.step_size, whole.step_size);
        // Each block evaluates the points that its chains set out from.
        assert_eq!(blocks.n_gradients_warmup, whole.n_gradients_warmup + 2 * 3);
    }
}
