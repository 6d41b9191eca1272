//! The interface of the sampler for an engine that makes whole transitions.

use std::ops::Range;

use rayon::prelude::*;

use super::{ChainState, ObjectSampler};
use crate::nuts::Stats;

/// Chains that a core takes the draws of at once.
const CHAINS_A_TASK: usize = 64;

impl ObjectSampler {
    /// Leaves the transitions to an engine that gives back draws by
    /// [`absorb_transition`](Self::absorb_transition). To be called before the starts are
    /// evaluated.
    pub fn leave_transitions(&mut self) {
        self.made_elsewhere = true;
    }

    /// The draws, warm-up draws included, that `chain` may make before it must wait for the others.
    /// `None` if the chain waits, is finished, or its start has not been evaluated.
    pub fn draws_to_make(&self, chain: usize) -> Option<Range<usize>> {
        let ChainState::Draw(draw) = self.states[chain] else {
            return None;
        };
        let warmup = self.settings.warmup;
        let end = if draw < warmup {
            draw + 1
        } else {
            warmup + self.settings.draws
        };
        Some(draw..end)
    }

    /// Takes the next draw of `chain`, whitened, and the gradient there.
    ///
    /// # Panics
    /// If the chain needs none.
    pub fn absorb_transition(&mut self, chain: usize, stats: Stats, position: &[f64], grad: &[f64]) {
        let ChainState::Draw(draw) = self.states[chain] else {
            panic!("chain {chain} needs no transition");
        };
        self.chains[chain].set_point(position, stats.lp, Some(grad));
        self.end_draw(chain, draw, stats);
    }

    /// Takes draws of the warm chains among `chains`, shared out among the cores. `made` gives the
    /// draws of a chain one after another, statistics and whitened position, to its second
    /// argument.
    ///
    /// # Panics
    /// If a chain is not warm, or has all its draws.
    pub fn absorb_transitions(
        &mut self,
        chains: Range<usize>,
        made: impl Fn(usize, &mut dyn FnMut(Stats, &[f64])) + Sync,
    ) {
        let (dim, warmup, draws, metric) = (
            self.metric.dim(),
            self.settings.warmup,
            self.settings.draws,
            &self.metric,
        );
        let positions = self.positions[chains.start * draws * dim..].par_chunks_mut((draws * dim).max(1));
        let stats = self.stats[chains.start * draws..].par_chunks_mut(draws.max(1));
        let states = self.states[chains.clone()]
            .par_iter_mut()
            .zip(&mut self.chains[chains.clone()]);
        let each = states.enumerate().zip(positions).zip(stats).with_min_len(CHAINS_A_TASK);
        let finished = each.map(|(((k, (state, chain)), positions), stats)| {
            let mut row = 0;
            if let ChainState::Draw(draw) = state {
                row = draw.checked_sub(warmup).expect("a chain that is warm");
            }
            let first = row;
            made(chains.start + k, &mut |of_draw, position| {
                assert!(
                    *state != ChainState::Finished,
                    "chain {} has all its draws",
                    chains.start + k
                );
                chain.set_point(position, of_draw.lp, None);
                metric.to_position(position, &mut positions[row * dim..][..dim]);
                stats[row] = of_draw;
                row += 1;
            });
            if row > first {
                *state = if row == draws {
                    ChainState::Finished
                } else {
                    ChainState::Draw(warmup + row)
                };
            }
            usize::from(row > first && row == draws)
        });
        self.finished += finished.sum::<usize>();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metric::Metric;
    use crate::nuts::{CANDIDATE_NOISE, MOMENTUM_NOISE, Point, Progress, Sampled, Settings, Trajectory};
    use crate::rng::Key;

    const DIM: usize = 3;

    /// A skewed density with correlations.
    fn model(x: &[f64], grad: &mut [f64]) -> f64 {
        let (a, b, c) = (x[0], x[1] - 0.3 * x[0] * x[0], x[2] + 0.5 * x[1]);
        grad.copy_from_slice(&[-a + 0.6 * x[0] * b, -b - 0.5 * c, -c]);
        -0.5 * (a * a + b * b + c * c)
    }

    fn sampler() -> ObjectSampler {
        let settings = Settings {
            chains: 3,
            warmup: 24,
            draws: 30,
            ..Settings::default()
        };
        let metric = Metric::from_precision(&[0.0; DIM], &[1.0, 0.1, 0.0, 0.1, 2.0, 0.2, 0.0, 0.2, 1.5]).unwrap();
        let starts: Vec<Vec<f64>> = (0..3).map(|chain| vec![0.4 * f64::from(chain) - 0.3; DIM]).collect();
        ObjectSampler::new(&starts, metric, &["a", "b", "c"], Key::new(9, "elsewhere"), settings)
    }

    /// The next transition of a chain from a point: statistics and the point that it came to.
    fn transition(sampler: &ObjectSampler, chain: usize, draw: usize, from: &Point) -> (Stats, Point) {
        let (metric, id) = (sampler.metric(), sampler.id(chain, draw));
        let (mut position, mut grad, mut whitened) = ([0.0; DIM], [0.0; DIM], [0.0; DIM]);
        let (mut momentum, mut candidate) = ([0.0; DIM], [0.0; DIM]);
        id.normals(sampler.noise_purposes(), MOMENTUM_NOISE, &mut momentum);
        id.normals(sampler.noise_purposes(), CANDIDATE_NOISE, &mut candidate);
        let mut trajectory = Trajectory::new(DIM, sampler.settings().max_treedepth);
        trajectory.set_point(&from.position, from.logdensity, &from.grad);
        trajectory.start(id, &momentum, sampler.step_size_of(&id), Some(&candidate));
        loop {
            metric.to_position(trajectory.request(), &mut position);
            let logdensity = model(&position, &mut grad);
            metric.pull_gradient(&grad, &mut whitened);
            if let Progress::Done(stats) = trajectory.absorb(logdensity, &whitened) {
                return (stats, trajectory.point().clone());
            }
        }
    }

    /// Runs all transitions outside the sampler: one a chain in warm-up, then `most` and more of a
    /// chain at once.
    fn run_elsewhere(most: usize) -> Sampled {
        let mut sampler = sampler();
        sampler.leave_transitions();
        let (mut position, mut grad) = ([0.0; DIM], [0.0; DIM]);
        let chains = sampler.chains();
        for chain in 0..chains {
            sampler.position(chain, &mut position);
            let logdensity = model(&position, &mut grad);
            sampler.absorb(chain, logdensity, &grad);
        }
        while !sampler.is_warm() {
            for chain in 0..chains {
                let draws = sampler.draws_to_make(chain).expect("all have been waited for");
                assert_eq!(draws.len(), 1, "one draw in warm-up");
                let (stats, point) = transition(&sampler, chain, draws.start, sampler.point(chain));
                sampler.absorb_transition(chain, stats, &point.position, &point.grad);
            }
        }
        let mut points: Vec<Point> = (0..chains).map(|chain| sampler.point(chain).clone()).collect();
        while !sampler.is_finished() {
            let made: Vec<Vec<(Stats, Point)>> = (0..chains)
                .map(|chain| {
                    let draws = sampler.draws_to_make(chain).into_iter().flatten().take(most + chain);
                    let make = |draw| {
                        let (stats, point) = transition(&sampler, chain, draw, &points[chain]);
                        points[chain] = point.clone();
                        (stats, point)
                    };
                    draws.map(make).collect()
                })
                .collect();
            sampler.absorb_transitions(0..chains, |chain, take| {
                made[chain]
                    .iter()
                    .for_each(|(stats, point)| take(*stats, &point.position));
            });
        }
        sampler.into_sampled()
    }

    #[test]
    fn transitions_made_elsewhere_are_those_made_here() {
        let here = sampler().run(model);
        for most in [1, 7] {
            let elsewhere = run_elsewhere(most);
            assert_eq!(elsewhere.positions, here.positions);
            assert_eq!(elsewhere.stats, here.stats);
            assert_eq!(
                (elsewhere.step_size, elsewhere.n_gradients),
                (here.step_size, here.n_gradients)
            );
            assert_eq!(elsewhere.n_gradients_warmup, here.n_gradients_warmup);
        }
    }
}
