//! Warm-up: the chains wait for each other after each draw, then step size and metric adapt.

use super::{ChainState, ObjectSampler};
use crate::metric::{Metric, Mixture};
use crate::nuts::step_size::DualAveraging;

impl ObjectSampler {
    /// Lets a chain wait; when it is the last to arrive, adapts and sends all of them on.
    pub(super) fn wait(&mut self, chain: usize) {
        let at_start = self.states[chain] == ChainState::Start;
        self.states[chain] = ChainState::Waiting;
        self.waiting += 1;
        if self.waiting < self.chains.len() {
            return;
        }
        self.waiting = 0;
        if !at_start {
            self.adapt();
            self.warmup_draw += 1;
        }
        for chain in 0..self.chains.len() {
            self.begin_draw(chain, self.warmup_draw);
        }
    }

    /// Adapts after a warm-up draw of all chains. The first and last quarter of the warm-up adapt
    /// the step size. The half between gathers draws for the metric as well. The last quarter runs
    /// under the refreshed metric.
    fn adapt(&mut self) {
        let mean = self.acceptance.iter().sum::<f64>() / self.acceptance.len() as f64;
        self.adaptation.update(mean);
        let quarter = self.settings.warmup / 4;
        let done = self.warmup_draw + 1;
        if done > quarter && done <= self.settings.warmup - quarter {
            for chain in &self.chains {
                let position = &chain.point().position;
                match &self.modes {
                    None => self.window.0.extend_from_slice(position),
                    Some(modes) => self.window.0.extend(around_first(&self.metric, modes, position)),
                }
                self.window.1.extend_from_slice(&chain.point().grad);
            }
        }
        if quarter > 0 && done == self.settings.warmup - quarter {
            self.refresh_metric();
        }
        let last = done == self.settings.warmup;
        self.step_size = if last {
            self.adaptation.mean_step_size()
        } else {
            self.adaptation.step_size()
        };
    }

    /// Refreshes the metric from the window and restarts the step size from its mean. Keeps both if
    /// the draws of the window make no metric.
    fn refresh_metric(&mut self) {
        let (positions, gradients) = std::mem::take(&mut self.window);
        if let Some(refreshed) = self.metric.refreshed(&positions, &gradients) {
            for chain in &mut self.chains {
                chain.change_metric(&self.metric, &refreshed);
            }
            self.metric = refreshed;
            self.refreshes += 1;
            self.adaptation = DualAveraging::new(self.adaptation.mean_step_size(), self.settings.target_accept);
        }
    }
}

/// A whitened position, moved with the centre of its mode to that of the first.
fn around_first(metric: &Metric, modes: &Mixture, whitened: &[f64]) -> Vec<f64> {
    let (mut position, mut moved) = (whitened.to_vec(), whitened.to_vec());
    metric.to_position(whitened, &mut position);
    modes.move_to_first(&mut position);
    metric.to_whitened(&position, &mut moved);
    moved
}
