//! One transition of multinomial NUTS as a state machine: it takes its leaves one by one, or a subtree at a time.
//!
//! A jump may come before it. Leaf by leaf it names the next position and absorbs what was found there; an engine that
//! integrates by itself is told the next doubling and hands over the subtree. What follows from a subtree is the same either
//! way.

use super::subtree::{Doubling, Growth, Subtree};
use super::transition::{DrawId, Point, Progress};
use super::tree::Tree;
use crate::shared::simd::fused;

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

    /// Begins a transition from [`point`](Self::point) with the given momentum; `landing`, if there is one, is where a jump
    /// from there leads, standard normal in every coordinate.
    pub fn start(&mut self, id: DrawId, momentum: &[f64], step_size: f64, landing: Option<&[f64]>) {
        fused(
            #[inline(always)]
            || {
                self.tree.start(id, momentum, step_size, landing);
                self.growth.begin(&self.tree.doubling());
            },
        );
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
                self.set_out(progress)
            },
        )
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
    #[inline(always)]
    fn set_out(&mut self, progress: Progress) -> Progress {
        if progress == Progress::NeedMore {
            self.growth.begin(&self.tree.doubling());
        }
        progress
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Key, normal, purpose};

    /// ln of exp(−½x²) in every coordinate but the first, and of a logistic distribution in that.
    fn model(x: &[f64], grad: &mut [f64]) -> f64 {
        for (g, x) in grad.iter_mut().zip(x) {
            *g = -x;
        }
        grad[0] = -(0.5 * x[0]).tanh();
        let logistic = -2.0 * (0.5 * x[0]).cosh().ln();
        logistic - 0.5 * x[1..].iter().map(|x| x * x).sum::<f64>()
    }

    #[test]
    fn subtrees_in_place_of_leaves_make_the_same_draws() {
        const DIM: usize = 5;
        let [mut by_leaves, mut by_subtrees] = [Trajectory::new(DIM, 6), Trajectory::new(DIM, 6)];
        let (mut elsewhere, mut grad) = (Growth::new(DIM, 6), [0.0; DIM]);
        let logdensity = model(&[0.2; DIM], &mut grad);
        by_leaves.place(&[0.2; DIM], logdensity, &grad);
        by_subtrees.place(&[0.2; DIM], logdensity, &grad);
        for draw in 0..300 {
            let key = Key::new(2, "subtrees");
            let id = DrawId { key, chain: 1, draw };
            let momentum: Vec<f64> = (0..DIM as u32)
                .map(|k| normal(&key, 1, draw, purpose("p"), k))
                .collect();
            let step = [0.05, 0.4, 0.9, 1.7][draw as usize % 4];
            let far = [1.0, 1e3][draw as usize / 2 % 2];
            let landing: Vec<f64> = (0..DIM as u32)
                .map(|k| far * normal(&key, 1, draw, purpose("landing"), k))
                .collect();
            let landing = (draw % 3 != 0).then_some(&landing[..]);
            by_leaves.start(id, &momentum, step, landing);
            let expected = loop {
                let logdensity = model(by_leaves.request(), &mut grad);
                if let Progress::Done(stats) = by_leaves.absorb(logdensity, &grad) {
                    break stats;
                }
            };
            by_subtrees.start(id, &momentum, step, landing);
            let found = loop {
                elsewhere.begin(&by_subtrees.doubling());
                while {
                    let logdensity = model(&elsewhere.subtree.end.position, &mut grad);
                    elsewhere.absorb(logdensity, &grad).is_none()
                } {}
                if let Progress::Done(stats) = by_subtrees.absorb_subtree(&mut elsewhere.subtree) {
                    break stats;
                }
            };
            assert_eq!(found, expected, "draw {draw}");
            assert_eq!(by_subtrees.point(), by_leaves.point(), "draw {draw}");
        }
    }
}
