//! One transition of multinomial NUTS as a state machine: it takes its leaves one by one, or a subtree at a time.
//!
//! Leaf by leaf it names the next position and absorbs what was found there; an engine that integrates by itself is told
//! the next doubling and hands over the subtree. What follows from a subtree is the same either way.

use super::subtree::{Doubling, Growth, Subtree};
use super::transition::{DrawId, Point, Progress};
use super::tree::Tree;

/// The state of one transition; its buffers serve transition after transition.
#[derive(Clone, Debug)]
pub struct Trajectory {
    tree: Tree,
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
    pub fn place(&mut self, position: &[f64], logdensity: f64, grad: &[f64]) {
        self.tree.proposal.copy_from(position, logdensity, grad);
    }

    /// The point from which the next transition starts: the last draw.
    pub fn point(&self) -> &Point {
        &self.tree.proposal
    }

    /// Begins a transition from [`point`](Self::point) with the given momentum.
    pub fn start(&mut self, id: DrawId, momentum: &[f64], step_size: f64) {
        self.tree.start(id, momentum, step_size);
        self.growth.begin(&self.tree.doubling());
    }

    /// The position whose log density and gradient [`absorb`](Self::absorb) expects next.
    pub fn request(&self) -> &[f64] {
        &self.growth.subtree.end.position
    }

    /// Takes the log density and gradient at [`request`](Self::request).
    pub fn absorb(&mut self, logdensity: f64, grad: &[f64]) -> Progress {
        if self.growth.absorb(logdensity, grad).is_none() {
            return Progress::NeedMore;
        }
        let progress = self.tree.absorb(&mut self.growth.subtree);
        self.set_out(progress)
    }

    /// The doubling whose subtree [`absorb_subtree`](Self::absorb_subtree) expects, if no leaf of it has been absorbed.
    pub fn doubling(&self) -> Doubling<'_> {
        self.tree.doubling()
    }

    /// Takes the subtree of [`doubling`](Self::doubling) in place of its leaves; the buffers of its proposal may be
    /// exchanged.
    pub fn absorb_subtree(&mut self, subtree: &mut Subtree) -> Progress {
        let progress = self.tree.absorb(subtree);
        self.set_out(progress)
    }

    /// Begins the next subtree, if there is one.
    fn set_out(&mut self, progress: Progress) -> Progress {
        if progress == Progress::NeedMore {
            self.growth.begin(&self.tree.doubling());
        }
        progress
    }

    /// The subtree grown last from leaves, for comparison with one grown elsewhere.
    pub fn subtree(&self) -> &Subtree {
        &self.growth.subtree
    }
}
