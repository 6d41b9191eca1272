//! All chains of one object, from their starts through warm-up to the last draw, as one state
//! machine.
//!
//! In warm-up all chains make the same draw before any makes the next. The step size follows the
//! mean acceptance rate over the chains. The middle half of the warm-up draws of all chains
//! refreshes the metric once. After warm-up no chain waits for another. The result depends on
//! settings, key, starts, metric and evaluations, and never on the order of the evaluations.

#[cfg(test)]
mod adaptation;
mod lanes;
mod longer;
mod parts;
mod transitions;
mod warmup;

use std::sync::Arc;

use super::candidates::STEPS;
use super::chain::Chain;
use super::settings::Settings;
use super::step_size::{DualAveraging, initial_step_size, jittered};
use super::transition::{DrawId, Point, Progress, Stats};
use crate::metric::{Metric, Mixture};
use crate::rng::{Key, purpose};

/// State of a chain.
#[derive(Clone, Copy, Debug, PartialEq)]
enum ChainState {
    /// The start has not been evaluated yet.
    Start,
    /// The draw of this number, warm-up draws included, needs an evaluation.
    Draw(usize),
    /// The chain waits for the others to finish the same warm-up draw.
    Waiting,
    /// The chain has all its draws.
    Finished,
}

/// The result of sampling one object.
#[derive(Clone, Debug)]
pub struct Sampled {
    /// Positions in the model's coordinates, `[chain, draw, dim]`.
    pub positions: Vec<f64>,
    /// Statistics, `[chain, draw]`.
    pub stats: Vec<Stats>,
    /// Nominal step size of all draws, in whitened coordinates.
    pub step_size: f64,
    /// The metric of all draws.
    pub metric: Metric,
    /// Gradients evaluated in warm-up (with the starts), all chains together.
    pub n_gradients_warmup: u64,
    /// Gradients evaluated after warm-up, all chains together.
    pub n_gradients: u64,
    /// Number of chains.
    chains: usize,
    /// Last draw of each chain, whitened, `[chain, dim]`.
    ends: Vec<f64>,
    /// The sampler without chains and draws, with which [`longer`](Self::longer) goes on; none of
    /// draws that no sampler made.
    rest: Option<Box<ObjectSampler>>,
}

/// The sampler of one object.
#[derive(Clone, Debug)]
pub struct ObjectSampler {
    settings: Settings,
    key: Key,
    noise_purposes: Vec<u32>,
    /// True if an engine makes whole transitions and the sampler takes only the draws.
    made_elsewhere: bool,
    metric: Metric,
    /// Modes among which the independence step moves, where there are several.
    modes: Option<Arc<Mixture>>,
    refreshes: u32,
    adaptation: DualAveraging,
    step_size: f64,
    /// Number of the first of `chains` in the object: 0 unless the sampler is a part of another.
    first: usize,
    chains: Vec<Chain>,
    states: Vec<ChainState>,
    /// Numbers of chains that wait and that are finished.
    waiting: usize,
    finished: usize,
    warmup_draw: usize,
    /// Acceptance rates of the present warm-up draw, `[chain]`.
    acceptance: Vec<f64>,
    /// Whitened positions and gradients of the refresh window, `[draw, chain, dim]`.
    window: (Vec<f64>, Vec<f64>),
    positions: Vec<f64>,
    stats: Vec<Stats>,
    n_gradients_warmup: u64,
}

/// The purpose of the noise of a parameter. Index 0 is its momentum, index 1 its coordinate of the
/// independence step's candidate.
pub fn noise_purpose(parameter: &str) -> u32 {
    purpose(&format!("noise:{parameter}"))
}

impl ObjectSampler {
    /// A sampler of `settings.chains` chains under `metric`. `starts` are positions of the model,
    /// one a chain, of finite log density. `parameter_names[i]` keys the noise of parameter i.
    ///
    /// # Panics
    /// If the numbers of starts or names disagree with the settings or the metric.
    pub fn new(starts: &[Vec<f64>], metric: Metric, parameter_names: &[&str], key: Key, settings: Settings) -> Self {
        let dim = metric.dim();
        assert_eq!(starts.len(), settings.chains, "one start a chain");
        assert!(
            starts.iter().all(|start| start.len() == dim) && parameter_names.len() == dim,
            "{dim} coordinates"
        );
        let step_size = initial_step_size(dim);
        Self {
            noise_purposes: parameter_names.iter().map(|name| noise_purpose(name)).collect(),
            made_elsewhere: false,
            adaptation: DualAveraging::new(step_size, settings.target_accept),
            step_size,
            chains: starts
                .iter()
                .map(|start| Chain::new(start, settings.max_treedepth))
                .collect(),
            first: 0,
            states: vec![ChainState::Start; settings.chains],
            waiting: 0,
            finished: 0,
            warmup_draw: 0,
            acceptance: vec![0.0; settings.chains],
            window: (Vec::new(), Vec::new()),
            positions: vec![0.0; settings.chains * settings.draws * dim],
            stats: vec![Stats::default(); settings.chains * settings.draws],
            n_gradients_warmup: 0,
            settings,
            key,
            metric,
            modes: None,
            refreshes: 0,
        }
    }

    /// The same sampler with independence steps among several modes, positions of the model. The
    /// metric of the trajectories is that of one mode, refreshed by the draws of all modes around
    /// their own centres. To be called before the starts are evaluated.
    #[must_use]
    pub fn among(mut self, modes: Mixture) -> Self {
        self.modes = Some(Arc::new(modes));
        self
    }

    /// Number of chains.
    pub fn chains(&self) -> usize {
        self.chains.len()
    }

    /// True once every chain has all its draws.
    pub fn is_finished(&self) -> bool {
        self.finished == self.chains.len()
    }

    /// The chains that need an evaluation, ascending. Evaluations may come at any time and in any
    /// order. A chain stands still until its evaluation comes.
    pub fn requests(&self) -> impl Iterator<Item = usize> {
        (0..self.chains.len()).filter(|&chain| self.is_requesting(chain))
    }

    /// True if `chain` needs an evaluation.
    pub fn is_requesting(&self, chain: usize) -> bool {
        matches!(self.states[chain], ChainState::Start | ChainState::Draw(_))
    }

    /// Number of chains that need an evaluation.
    pub fn requesting(&self) -> usize {
        self.chains.len() - self.waiting - self.finished
    }

    /// The position of the model, `[dim]`, at which `chain` needs an evaluation.
    pub fn position(&self, chain: usize, out: &mut [f64]) {
        if self.states[chain] == ChainState::Start {
            out.copy_from_slice(self.chains[chain].start());
        } else {
            self.metric.to_position(self.chains[chain].request(), out);
        }
    }

    /// Takes the log density and its gradient (in the model's coordinates) at the position that
    /// `chain` requested.
    ///
    /// # Panics
    /// If the chain requested nothing.
    pub fn absorb(&mut self, chain: usize, logdensity: f64, grad: &[f64]) {
        self.metric.pull_gradient(grad, self.chains[chain].whitened_grad());
        self.go_on(chain, logdensity);
    }

    /// Takes the log density that `chain` requested; the gradient is with the chain, whitened.
    fn go_on(&mut self, chain: usize, logdensity: f64) {
        match self.states[chain] {
            ChainState::Start => {
                self.n_gradients_warmup += 1;
                self.chains[chain].absorb_start(&self.metric, logdensity);
                self.wait(chain);
            }
            ChainState::Draw(draw) => {
                if let Progress::Done(stats) = self.chains[chain].absorb(logdensity) {
                    self.end_draw(chain, draw, stats);
                }
            }
            ChainState::Waiting | ChainState::Finished => panic!("chain {chain} requested no evaluation"),
        }
    }

    /// The address of the random numbers of a chain's draw.
    pub fn id(&self, chain: usize, draw: usize) -> DrawId {
        DrawId {
            key: self.key,
            chain: (self.first + chain) as u32,
            draw: draw as u32,
        }
    }

    /// The purpose of each coordinate's noise.
    pub fn noise_purposes(&self) -> &[u32] {
        &self.noise_purposes
    }

    /// The step size of one of the present draws.
    pub fn step_size_of(&self, id: &DrawId) -> f64 {
        jittered(self.step_size, self.settings.step_size_jitter, id)
    }

    /// The nominal step size of the present draws.
    pub fn step_size(&self) -> f64 {
        self.step_size
    }

    /// Last draw of `chain`, whitened.
    pub fn point(&self, chain: usize) -> &Point {
        self.chains[chain].point()
    }

    /// Settings of the sampler.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The metric of the present draws.
    pub fn metric(&self) -> &Metric {
        &self.metric
    }

    /// Number of refreshes of the metric.
    pub fn refreshes(&self) -> u32 {
        self.refreshes
    }

    /// Answers all requests with `model` (position, gradient to fill → log density) until every
    /// chain is finished.
    pub fn run(mut self, mut model: impl FnMut(&[f64], &mut [f64]) -> f64) -> Sampled {
        let (mut position, mut grad) = (vec![0.0; self.metric.dim()], vec![0.0; self.metric.dim()]);
        for chain in (0..self.chains.len()).cycle() {
            if self.is_finished() {
                break;
            }
            while matches!(self.states[chain], ChainState::Start | ChainState::Draw(_)) {
                self.position(chain, &mut position);
                let logdensity = model(&position, &mut grad);
                self.absorb(chain, logdensity, &grad);
            }
        }
        self.into_sampled()
    }

    /// True once warm-up is over: no chain depends on another from then on.
    pub fn is_warm(&self) -> bool {
        self.warmup_draw == self.settings.warmup && self.states.iter().all(|&state| state != ChainState::Start)
    }

    /// The draws.
    ///
    /// # Panics
    /// If a chain is not finished.
    pub fn into_sampled(mut self) -> Sampled {
        assert!(self.is_finished(), "sampling is not finished");
        let stats = std::mem::take(&mut self.stats);
        let chains = std::mem::take(&mut self.chains);
        let ends = chains.iter().flat_map(|chain| &chain.point().position);
        Sampled {
            chains: self.settings.chains,
            ends: ends.copied().collect(),
            n_gradients: stats.iter().map(|stats| self.gradients_of(stats)).sum(),
            positions: std::mem::take(&mut self.positions),
            stats,
            step_size: self.step_size,
            metric: self.metric.clone(),
            n_gradients_warmup: self.n_gradients_warmup,
            rest: Some(Box::new(self)),
        }
    }

    /// Gradients of a transition: one a leaf, and one at each candidate of an independence step.
    fn gradients_of(&self, stats: &Stats) -> u64 {
        let steps = match (&self.modes, self.settings.independence) {
            (_, false) => 0,
            (None, true) => 1,
            (Some(_), true) => STEPS,
        };
        u64::from(stats.n_steps) + steps as u64
    }

    fn begin_draw(&mut self, chain: usize, draw: usize) {
        if draw == self.settings.warmup + self.settings.draws {
            self.states[chain] = ChainState::Finished;
            self.finished += 1;
            return;
        }
        self.states[chain] = ChainState::Draw(draw);
        if !self.made_elsewhere {
            let id = self.id(chain, draw);
            let step_size = self.step_size_of(&id);
            match &self.modes {
                Some(modes) if self.settings.independence => {
                    let maps = (&self.metric, &**modes);
                    self.chains[chain].begin_among(id, step_size, &self.noise_purposes, maps);
                }
                Some(_) | None => {
                    self.chains[chain].begin(id, step_size, &self.noise_purposes, self.settings.independence);
                }
            }
        }
    }

    fn end_draw(&mut self, chain: usize, draw: usize, stats: Stats) {
        if draw < self.settings.warmup {
            self.n_gradients_warmup += self.gradients_of(&stats);
            self.acceptance[chain] = stats.acceptance_rate;
            self.wait(chain);
            return;
        }
        let row = chain * self.settings.draws + draw - self.settings.warmup;
        let dim = self.metric.dim();
        self.metric.to_position(
            &self.chains[chain].point().position,
            &mut self.positions[row * dim..][..dim],
        );
        self.stats[row] = stats;
        self.begin_draw(chain, draw + 1);
    }
}
