//! The settings of the sampler that a user may choose.

use serde::{Deserialize, Serialize};

/// Settings of the sampler; every object of a catalogue is sampled with the same.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Chains an object, at least 1; convergence diagnostics need 2 or more.
    pub chains: usize,
    /// Warm-up draws a chain, not kept.
    pub warmup: usize,
    /// Draws a chain after warm-up.
    pub draws: usize,
    /// Mean acceptance rate at which the step size is aimed, in (0, 1).
    pub target_accept: f64,
    /// Most doublings of a trajectory, 1 to 20.
    pub max_treedepth: u32,
    /// Each draw's step size is multiplied by a uniform number in 1 ± this, in [0, 1).
    pub step_size_jitter: f64,
    /// True for an independence Metropolis–Hastings step before each trajectory. The proposal is
    /// the sampler's Gaussian approximation of the posterior.
    pub independence: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            chains: 8,
            warmup: 60,
            draws: 150,
            target_accept: 0.9,
            max_treedepth: 10,
            step_size_jitter: 0.1,
            independence: true,
        }
    }
}
