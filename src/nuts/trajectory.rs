//! One transition of multinomial NUTS as a state machine, perhaps after an independence step.
//!
//! The trajectory names the position of its next leaf and takes the log density and gradient there.
//! `Growth` makes subtrees of the leaves, `Tree` joins the subtrees.

use super::candidates::Candidates;
use super::subtree::Growth;
use super::transition::{DrawId, Point, Progress};
use super::tree::Tree;
use crate::number::simd::fused;

/// The state of one transition; its buffers serve transition after transition.
#[derive(Clone, Debug)]
pub struct Trajectory {
    pub(super) tree: Tree,
    growth: Growth,
}

impl Trajectory {
    /// Buffers for `dim` coordinates and at most `max_treedepth` doublings.
    pub fn new(dim: usize, max_treedepth: u32) -> Self {
        Self {
            tree: Tree::new(dim, max_treedepth),
            growth: Growth::new(dim, max_treedepth),
        }
    }

    /// Sets the point from which the next transition starts.
    pub fn set_point(&mut self, position: &[f64], logdensity: f64, grad: &[f64]) {
        self.tree.proposal.copy_from(position, logdensity, grad);
    }

    /// The point from which the next transition starts: the last draw.
    pub fn point(&self) -> &Point {
        &self.tree.proposal
    }

    /// Begins a transition from [`point`](Self::point) with the given momentum. A `candidate`,
    /// standard normal in every coordinate, asks for an independence step before the trajectory.
    pub fn start(&mut self, id: DrawId, momentum: &[f64], step_size: f64, candidate: Option<&[f64]>) {
        fused(
            #[inline(always)]
            || {
                self.tree.start(id, momentum, step_size, candidate);
                self.growth.begin(&self.tree.doubling());
            },
        );
    }

    /// Begins a transition from [`point`](Self::point) with the given momentum, after an independence
    /// step for each candidate.
    pub(crate) fn start_among(&mut self, id: DrawId, momentum: &[f64], step_size: f64, candidates: Candidates) {
        self.tree.start_among(id, momentum, step_size, candidates);
        self.growth.begin(&self.tree.doubling());
    }

    /// The position whose log density and gradient [`absorb`](Self::absorb) expects next.
    pub fn request(&self) -> &[f64] {
        &self.growth.subtree.end.position
    }

    /// Takes the log density and gradient at [`request`](Self::request).
    pub fn absorb(&mut self, logdensity: f64, grad: &[f64]) -> Progress {
        fused(
            #[inline(always)]
            || {
                if self.growth.absorb(logdensity, grad).is_none() {
                    return Progress::NeedMore;
                }
                let progress = self.tree.absorb(&mut self.growth.subtree);
                if progress == Progress::NeedMore {
                    self.growth.begin(&self.tree.doubling());
                }
                progress
            },
        )
    }
}
