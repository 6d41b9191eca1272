//! The No-U-Turn sampler as mathematics. The sampler asks for log densities and gradients, and
//! knows neither models nor devices.
//!
//! All trees live in whitened coordinates x, where the metric is the identity: position = centre +
//! L x ([`crate::metric::Metric`]). [`Trajectory`] is one transition, perhaps after an independence
//! step. [`ObjectSampler`] is all chains of one object, from warm-up to the last draw.

mod candidates;
mod chain;
mod leapfrog;
mod sampler;
mod settings;
mod step_size;
mod subtree;
mod trajectory;
mod transition;
mod tree;
mod uturn;

pub use sampler::{ObjectSampler, Sampled, noise_purpose};
pub use settings::Settings;
#[cfg(test)]
pub(crate) use subtree::{Ending, Growth, PhasePoint};
pub use trajectory::Trajectory;
pub(crate) use transition::{CANDIDATE_NOISE, MOMENTUM_NOISE};
pub use transition::{DrawId, Point, Progress, Stats};
#[cfg(test)]
pub(crate) use tree::Tree;
#[cfg(test)]
pub(crate) use uturn::Checkpoints;

use crate::number::wgsl::Constant;

/// The constants of the sampler that kernels use.
pub(crate) const ALL_CONSTANTS: [&[(&str, Constant)]; 4] = [
    step_size::CONSTANTS,
    subtree::CONSTANTS,
    transition::CONSTANTS,
    tree::CONSTANTS,
];
