//! Candidates of the independence steps of one draw, where the density has several modes.

use super::transition::{CANDIDATE_NOISE, DrawId};
use crate::metric::{Metric, Mixture};
use crate::rng::purpose;

/// Mode from which a candidate is drawn; index: the candidate.
const MODE: u32 = purpose("mode of the candidate");
/// Independence steps of a draw among several modes. A step costs one evaluation beside the dozen
/// of a trajectory, and steps alone cross between modes.
pub(super) const STEPS: usize = 8;

/// Candidates drawn from a mixture of Gaussians q, to be accepted or rejected one after another.
#[derive(Clone, Debug, Default)]
pub(crate) struct Candidates {
    /// Whitened positions, `[candidate, dim]`.
    positions: Vec<f64>,
    /// ln q at each.
    ln_proposals: Vec<f64>,
    /// ln q at the present point.
    ln_here: f64,
    /// Index of the present candidate.
    present: usize,
}

impl Candidates {
    /// Draws the candidates of a draw for a chain at the whitened point `here`.
    pub(super) fn new(id: DrawId, noise_purposes: &[u32], here: &[f64], (metric, modes): (&Metric, &Mixture)) -> Self {
        let dim = here.len();
        let (mut noise, mut position) = (vec![0.0; dim], vec![0.0; dim]);
        metric.to_position(here, &mut position);
        let mut found = Candidates {
            positions: vec![0.0; STEPS * dim],
            ln_here: modes.ln_gaussians(&position),
            ..Candidates::default()
        };
        for (k, whitened) in found.positions.chunks_exact_mut(dim).enumerate() {
            id.normals(noise_purposes, CANDIDATE_NOISE + k as u32, &mut noise);
            let mode = modes.picked(id.uniform(MODE, k as u32));
            modes.metric(mode).to_position(&noise, &mut position);
            metric.to_whitened(&position, whitened);
            found.ln_proposals.push(modes.ln_gaussians(&position));
        }
        found
    }

    /// Whitened position of the present candidate; none after the last.
    pub(super) fn position(&self) -> Option<&[f64]> {
        let dim = self.positions.len() / self.ln_proposals.len();
        self.positions.chunks_exact(dim).nth(self.present)
    }

    /// Index of the present candidate among the draw's.
    pub(super) fn index(&self) -> u32 {
        self.present as u32
    }

    /// ln q(x) − ln q(x') of the present point x and the present candidate x'.
    pub(super) fn ln_ratio(&self) -> f64 {
        self.ln_here - self.ln_proposals[self.present]
    }

    /// Goes on to the next candidate, from the present one if it was accepted.
    pub(super) fn advance(&mut self, is_accepted: bool) {
        if is_accepted {
            self.ln_here = self.ln_proposals[self.present];
        }
        self.present += 1;
    }
}
