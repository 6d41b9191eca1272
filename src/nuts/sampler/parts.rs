//! A warm sampler in parts, for as many threads.

use super::{ChainState, ObjectSampler};

impl ObjectSampler {
    /// Splits a warm sampler into at most `parts` parts of about as many chains each. Parts may run
    /// side by side. [`joined`](Self::joined) puts them together.
    pub fn split(mut self, parts: usize) -> Vec<ObjectSampler> {
        let size = self.chains.len().div_ceil(parts.max(1)).max(1);
        let (draws, dim) = (self.settings.draws, self.metric.dim());
        let mut split = Vec::new();
        while self.chains.len() > size {
            let rest = ObjectSampler {
                first: self.first + size,
                chains: self.chains.split_off(size),
                states: self.states.split_off(size),
                acceptance: self.acceptance.split_off(size),
                positions: self.positions.split_off(size * draws * dim),
                stats: self.stats.split_off(size * draws),
                n_gradients_warmup: 0,
                noise_purposes: self.noise_purposes.clone(),
                metric: self.metric.clone(),
                modes: self.modes.clone(),
                adaptation: self.adaptation.clone(),
                window: Default::default(),
                ..self
            };
            split.push(std::mem::replace(&mut self, rest));
        }
        split.push(self);
        for part in &mut split {
            part.finished = part
                .states
                .iter()
                .filter(|&&state| state == ChainState::Finished)
                .count();
        }
        split
    }

    /// The whole of parts in their order.
    ///
    /// # Panics
    /// If there is no part.
    pub fn joined(parts: Vec<ObjectSampler>) -> ObjectSampler {
        let mut parts = parts.into_iter();
        let mut whole = parts.next().expect("a part");
        for part in parts {
            whole.chains.extend(part.chains);
            whole.states.extend(part.states);
            whole.acceptance.extend(part.acceptance);
            whole.positions.extend(part.positions);
            whole.stats.extend(part.stats);
            whole.finished += part.finished;
            whole.n_gradients_warmup += part.n_gradients_warmup;
        }
        whole
    }
}
