//! The step size: dual averaging towards a target acceptance rate, and jitter.
//!
//! M. D. Hoffman & A. Gelman, "The No-U-Turn sampler", J. Mach. Learn. Res. 15 (2014) 1593, section
//! 3.2, after Y. Nesterov, "Primal-dual subgradient methods for convex problems", Math. Program.
//! 120 (2009) 221.

use super::transition::DrawId;
use crate::number::wgsl::shared_constants;
use crate::rng::purpose;

/// γ: shrinkage of ln ε towards μ (Hoffman & Gelman 2014, section 3.2.1).
const GAMMA: f64 = 0.05;
/// t₀: damping of the first updates (same).
const T0: f64 = 10.0;
/// κ: power of the decay with which the mean forgets early step sizes (same).
const KAPPA: f64 = 0.75;
/// e^μ over the first step size: μ = ln(10 ε₁) (same).
const MU_FACTOR: f64 = 10.0;

shared_constants! {
    /// Each draw's jitter; index: 0.
    const STEP_SIZE_JITTER: u32 = purpose("step_size");
}

/// First step size in whitened coordinates, D^(−1/4). On a whitened Gaussian the energy error of a
/// trajectory has variance ∝ D ε⁴ (A. Beskos et al., Bernoulli 19 (2013) 1501), and the acceptance
/// rate is about 0.9 at this step size.
pub(crate) fn initial_step_size(dim: usize) -> f64 {
    (dim.max(1) as f64).powf(-0.25)
}

/// The step size of one draw: uniform in 1 ± `jitter` times the nominal one.
pub(crate) fn jittered(step_size: f64, jitter: f64, id: &DrawId) -> f64 {
    step_size * (1.0 + jitter * (2.0 * id.uniform(STEP_SIZE_JITTER, 0) - 1.0))
}

/// State of the dual averaging.
#[derive(Clone, Debug)]
pub(crate) struct DualAveraging {
    target: f64,
    mu: f64,
    count: f64,
    mean_deficit: f64,
    log_step: f64,
    log_mean_step: f64,
}

impl DualAveraging {
    /// Starts at `step_size`, aims at the mean acceptance rate `target`.
    pub(crate) fn new(step_size: f64, target: f64) -> Self {
        Self {
            target,
            mu: (MU_FACTOR * step_size).ln(),
            count: 0.0,
            mean_deficit: 0.0,
            log_step: step_size.ln(),
            log_mean_step: step_size.ln(),
        }
    }

    /// Takes the acceptance rate of one draw (equation 6 of the paper).
    pub(crate) fn update(&mut self, acceptance_rate: f64) {
        self.count += 1.0;
        let weight = 1.0 / (self.count + T0);
        self.mean_deficit += weight * (self.target - acceptance_rate - self.mean_deficit);
        self.log_step = self.mu - self.count.sqrt() / GAMMA * self.mean_deficit;
        let weight = self.count.powf(-KAPPA);
        self.log_mean_step += weight * (self.log_step - self.log_mean_step);
    }

    /// Step size to explore with in the next warm-up draw.
    pub(crate) fn step_size(&self) -> f64 {
        self.log_step.exp()
    }

    /// Step size to keep: the weighted mean of the explored ones, in the logarithm.
    pub(crate) fn mean_step_size(&self) -> f64 {
        self.log_mean_step.exp()
    }
}
