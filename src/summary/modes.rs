//! Weights of the modes by the draws of the chains.

use crate::diagnostics::Workspace;
use crate::flag::{Code, Flag};
use crate::metric::Mixture;
use crate::nuts::Sampled;

/// Effective sample size of the mode of a draw below which an object fails.
const ESS: f64 = 100.0;

/// Modes of one posterior. A draw belongs to the mode with the largest part of the mixture
/// of Gaussians that the sampler proposes from.
#[derive(Clone, Debug, PartialEq)]
pub struct Modes {
    /// Fraction of the draws in each mode, in the order of importance sampling's masses.
    pub weights: Vec<f64>,
    /// Bulk effective sample size of "this draw is in the mode", the least of all modes that hold
    /// draws; NaN if one mode holds all draws.
    pub ess: f64,
}

impl Modes {
    /// A single mode.
    fn one() -> Modes {
        Modes {
            weights: vec![1.0],
            ess: f64::NAN,
        }
    }
}

/// Counts the draws of each mode. Without a mixture there is one mode.
pub(super) fn weigh(mixture: Option<&Mixture>, sampled: &Sampled, chains: usize, workspace: &mut Workspace) -> Modes {
    let Some(mixture) = mixture else { return Modes::one() };
    let dimension = mixture.metric(0).dim();
    let modes: Vec<usize> = sampled
        .positions
        .chunks_exact(dimension)
        .map(|position| mixture.mode_of(position))
        .collect();
    let mut found = Modes {
        weights: Vec::new(),
        ..Modes::one()
    };
    for mode in 0..mixture.modes() {
        let is_in_mode: Vec<f64> = modes
            .iter()
            .map(|&of_draw| f64::from(u8::from(of_draw == mode)))
            .collect();
        let weight = is_in_mode.iter().sum::<f64>() / modes.len() as f64;
        found.weights.push(weight);
        if weight > 0.0 && weight < 1.0 {
            let ess = workspace.take(&is_in_mode, chains).diagnose().ess_bulk;
            found.ess = found.ess.min(ess);
        }
    }
    found
}

/// Flags of several modes.
pub(super) fn flags(modes: &Modes) -> Vec<Flag> {
    if modes.weights.len() == 1 {
        return Vec::new();
    }
    let mut flags = vec![Flag::from(Code::SeveralModes)];
    if modes.ess < ESS {
        flags.push(Flag::from(Code::ModeEss));
    }
    flags
}
