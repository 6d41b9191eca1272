//! A plain recursive NUTS, written from the papers, for comparison with the iterative trajectory
//! leaf by leaf.

use nebulium::nuts::{DrawId, Point};
use nebulium::rng::purpose;

/// A leaf: position, momentum, gradient, and energy.
#[derive(Clone)]
pub struct Leaf {
    pub x: Vec<f64>,
    p: Vec<f64>,
    g: Vec<f64>,
    energy: f64,
}

/// Result of one transition of the reference.
pub struct Outcome {
    /// Positions visited after the first, in order.
    pub visited: Vec<Vec<f64>>,
    /// The draw.
    pub draw: Leaf,
    pub depth: u32,
    pub diverging: bool,
    pub turning: bool,
    pub acceptance_rate: f64,
    pub energy_error: f64,
}

/// Why a subtree was given up.
enum Stop {
    Turning,
    Diverging,
}

pub struct Reference<'a, F> {
    pub model: F,
    pub id: DrawId,
    pub step_size: f64,
    pub max_treedepth: u32,
    /// True if the two checks across subtrees are made.
    pub cross_checks: bool,
    pub start: &'a Point,
    pub momentum: &'a [f64],
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn straight(leaves: &[Leaf]) -> bool {
    let dim = leaves[0].p.len();
    let rho: Vec<f64> = (0..dim).map(|k| leaves.iter().map(|leaf| leaf.p[k]).sum()).collect();
    dot(&leaves[0].p, &rho) > 0.0 && dot(&leaves[leaves.len() - 1].p, &rho) > 0.0
}

impl<F: FnMut(&[f64], &mut [f64]) -> f64> Reference<'_, F> {
    /// Checks two neighbouring stretches: neither the whole, nor each with the nearest leaf of its
    /// neighbour, may turn.
    fn joined_straight(&self, leaves: &[Leaf], first: usize) -> bool {
        let crossing = || straight(&leaves[..=first]) && straight(&leaves[first - 1..]);
        straight(leaves) && (!self.cross_checks || crossing())
    }

    fn step(&mut self, from: &Leaf, step: f64) -> Leaf {
        let half: Vec<f64> = from.p.iter().zip(&from.g).map(|(p, g)| p + 0.5 * step * g).collect();
        let x: Vec<f64> = from.x.iter().zip(&half).map(|(x, p)| x + step * p).collect();
        let mut g = vec![0.0; x.len()];
        let logdensity = (self.model)(&x, &mut g);
        let p: Vec<f64> = half.iter().zip(&g).map(|(p, g)| p + 0.5 * step * g).collect();
        let energy = 0.5 * dot(&p, &p) - logdensity;
        Leaf { x, p, g, energy }
    }

    /// Makes the 2^depth leaves that follow `from`, in the order of integration. Every leaf goes to
    /// `made`.
    fn build(&mut self, from: &Leaf, depth: u32, step: f64, made: &mut Vec<Leaf>) -> Result<Vec<Leaf>, Stop> {
        if depth == 0 {
            let leaf = self.step(from, step);
            made.push(leaf.clone());
            let error = leaf.energy - self.initial_energy();
            return if error <= 1000.0 {
                Ok(vec![leaf])
            } else {
                Err(Stop::Diverging)
            };
        }
        let mut leaves = self.build(from, depth - 1, step, made)?;
        let middle = leaves.len();
        leaves.extend(self.build(&leaves[middle - 1].clone(), depth - 1, step, made)?);
        if self.joined_straight(&leaves, middle) {
            Ok(leaves)
        } else {
            Err(Stop::Turning)
        }
    }

    fn initial_energy(&self) -> f64 {
        0.5 * dot(self.momentum, self.momentum) - self.start.logdensity
    }

    pub fn transition(&mut self) -> Outcome {
        let h0 = self.initial_energy();
        let (x, g) = (self.start.position.clone(), self.start.grad.clone());
        let start = Leaf {
            x,
            p: self.momentum.to_vec(),
            g,
            energy: h0,
        };
        let mut tree = vec![start.clone()];
        let (mut made, mut draw, mut depth) = (Vec::new(), start, 0);
        let stop = loop {
            if depth == self.max_treedepth {
                break None;
            }
            let backward = self.id.uniform(purpose("direction"), depth) < 0.5;
            if backward {
                tree.reverse();
            }
            let step = if backward { -self.step_size } else { self.step_size };
            let before = made.len();
            let subtree = match self.build(&tree[tree.len() - 1].clone(), depth, step, &mut made) {
                Ok(subtree) => subtree,
                Err(stop) => break Some(stop),
            };
            let weight = |leaf: &Leaf| (h0 - leaf.energy).exp();
            // One pass with a uniform number a leaf: leaf i replaces the earlier with probability
            // w_i / Σ_{j ≤ i} w_j.
            let (mut total, mut proposal) = (0.0, &subtree[0]);
            for (i, leaf) in subtree.iter().enumerate() {
                total += weight(leaf);
                if self.id.uniform(purpose("leaf"), (before + i + 1) as u32) < weight(leaf) / total {
                    proposal = leaf;
                }
            }
            if self.id.uniform(purpose("subtree"), depth) < total / tree.iter().map(weight).sum::<f64>() {
                draw = proposal.clone();
            }
            depth += 1;
            let middle = tree.len();
            tree.extend(subtree);
            let straight = self.joined_straight(&tree, middle);
            if backward {
                tree.reverse();
            }
            if !straight {
                break Some(Stop::Turning);
            }
        };
        let accepted = |leaf: &Leaf| {
            let error = leaf.energy - h0;
            if error <= 1000.0 { (-error).exp().min(1.0) } else { 0.0 }
        };
        Outcome {
            acceptance_rate: made.iter().map(accepted).sum::<f64>() / made.len() as f64,
            visited: made.into_iter().map(|leaf| leaf.x).collect(),
            energy_error: draw.energy - h0,
            draw,
            depth,
            diverging: matches!(stop, Some(Stop::Diverging)),
            turning: matches!(stop, Some(Stop::Turning)),
        }
    }
}
