//! The U-turn criterion with its two cross-subtree checks, for every subtree, from a logarithmic
//! number of checkpoints.
//!
//! Criterion: M. Betancourt, "A conceptual introduction to Hamiltonian Monte Carlo"
//! (arXiv:1701.02434), appendix A.4.2. The cross-subtree checks are those of Stan 2.21 and later.
//! Checkpoints: D. Phan, N. Pradhan & M. Jankowiak, "Composable effects for flexible and
//! accelerated probabilistic programming in NumPyro" (arXiv:1912.11554), section 3, with one more
//! vector a slot for the cross checks. The metric is the identity.

use super::leapfrog::SUMS;

/// True if a stretch of trajectory turns: p·ρ ≤ 0 at its first or its last momentum. ρ, the sum of
/// its momenta, is given component by component.
#[inline(always)]
pub(crate) fn is_turning(first: &[f64], last: &[f64], sum: impl Fn(usize) -> f64) -> bool {
    let (mut at_first, mut at_last) = ([0.0; SUMS], [0.0; SUMS]);
    let whole = first.len() / SUMS * SUMS;
    for block in (0..whole).step_by(SUMS) {
        for k in 0..SUMS {
            let rho = sum(block + k);
            at_first[k] += first[block + k] * rho;
            at_last[k] += last[block + k] * rho;
        }
    }
    let [mut at_first, mut at_last] = [at_first, at_last].map(|sums| sums.iter().sum::<f64>());
    for k in whole..first.len() {
        let rho = sum(k);
        at_first += first[k] * rho;
        at_last += last[k] * rho;
    }
    // Written so that a NaN counts as a turn.
    !(at_first > 0.0 && at_last > 0.0)
}

/// Lowest and highest slot with which leaf `n` is compared; none if the lowest is the larger. An
/// even leaf writes the highest, because the subtrees that begin with it do not end yet.
pub(crate) fn slots(n: u32) -> (u32, u32) {
    let highest = (n >> 1).count_ones();
    (highest + 1 - n.trailing_ones(), highest)
}

/// The beginnings of all unfinished subtrees of the subtree that is being built.
#[derive(Clone, Debug)]
pub(crate) struct Checkpoints {
    dim: usize,
    /// Momentum p of the leaf that wrote the slot, `[slot, dim]`.
    momenta: Vec<f64>,
    /// Sum S of the momenta from leaf 0 up to and with that leaf, `[slot, dim]`.
    sums: Vec<f64>,
    /// Momentum q of the leaf before it, `[slot, dim]`.
    before: Vec<f64>,
    /// Momentum of the leaf added last.
    latest: Vec<f64>,
}

impl Checkpoints {
    /// Room for subtrees of up to 2^`slots` leaves.
    pub(crate) fn new(dim: usize, slots: usize) -> Self {
        let flat = || vec![0.0; dim * slots.max(1)];
        Self {
            dim,
            momenta: flat(),
            sums: flat(),
            before: flat(),
            latest: vec![0.0; dim],
        }
    }

    /// Momentum of leaf 0, which alone writes slot 0.
    pub(crate) fn first_momentum(&self) -> &[f64] {
        self.slot(&self.momenta, 0)
    }

    fn slot<'a>(&self, vectors: &'a [f64], slot: u32) -> &'a [f64] {
        &vectors[slot as usize * self.dim..][..self.dim]
    }

    /// Takes leaf `n` (counted from 0 in the order of integration) with its momentum and the sum of
    /// all momenta from leaf 0 to it. True if a subtree that ends with the leaf turns.
    #[inline(always)]
    pub(crate) fn add_leaf(&mut self, n: u32, momentum: &[f64], sum: &[f64]) -> bool {
        let (lowest, highest) = slots(n);
        let mut turning = false;
        if n.is_multiple_of(2) {
            let range = highest as usize * self.dim..(highest as usize + 1) * self.dim;
            self.momenta[range.clone()].copy_from_slice(momentum);
            self.sums[range.clone()].copy_from_slice(sum);
            self.before[range].copy_from_slice(&self.latest);
        } else {
            let mut slot = highest + 1;
            while slot > lowest && !turning {
                slot -= 1;
                turning = self.subtree_turns(slot, highest, momentum, sum);
            }
        }
        self.latest.copy_from_slice(momentum);
        turning
    }

    /// True if the subtree from the leaf in slot `c` to the present one turns. The subtree has
    /// halves A and B. B begins at the leaf in slot c + 1, unless each half is one leaf (c is the
    /// highest slot), when all checks are the same.
    #[inline(always)]
    fn subtree_turns(&self, c: u32, highest: u32, momentum: &[f64], sum: &[f64]) -> bool {
        let (p_a, s_a) = (self.slot(&self.momenta, c), self.slot(&self.sums, c));
        // ρ = S_n − S_A + p_A.
        let whole = |k: usize| sum[k] - s_a[k] + p_a[k];
        if is_turning(p_a, momentum, whole) {
            return true;
        }
        if c == highest {
            return false;
        }
        let (p_b, s_b) = (self.slot(&self.momenta, c + 1), self.slot(&self.sums, c + 1));
        let end_of_a = self.slot(&self.before, c + 1);
        // A and the first leaf of B: ρ_A + p_B = S_B − S_A + p_A.
        let a_and_next = |k: usize| s_b[k] - s_a[k] + p_a[k];
        // The last leaf of A and B: q_B + ρ_B = q_B + S_n − S_B + p_B.
        let b_and_previous = |k: usize| end_of_a[k] + sum[k] - s_b[k] + p_b[k];
        is_turning(p_a, p_b, a_and_next) || is_turning(end_of_a, momentum, b_and_previous)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Key, normal, purpose};

    #[test]
    fn slot_table() {
        let table = [(0, (1, 0)), (6, (3, 2)), (7, (0, 2)), (13, (2, 2)), (15, (0, 3))];
        for (leaf, expected) in table {
            assert_eq!(slots(leaf), expected, "leaf {leaf}");
        }
    }

    #[test]
    fn slots_hold_the_beginnings_of_all_subtrees_that_end_at_a_leaf() {
        let mut held = [u32::MAX; 8];
        for n in 0..256_u32 {
            let (lowest, highest) = slots(n);
            if n % 2 == 0 {
                held[highest as usize] = n;
                continue;
            }
            for (k, slot) in (lowest..=highest).rev().enumerate() {
                let leaves = 2 << k;
                assert_eq!(held[slot as usize], n + 1 - leaves, "leaf {n}, slot {slot}");
                if slot < highest {
                    assert_eq!(
                        held[slot as usize + 1],
                        n + 1 - leaves / 2,
                        "second half at leaf {n}, slot {slot}"
                    );
                }
            }
        }
    }

    #[test]
    fn straight_lines_do_not_turn_and_bends_do() {
        assert!(!is_turning(&[1.0, 0.0], &[0.8, 0.6], |k| [1.8, 0.6][k]));
        assert!(is_turning(&[1.0, 0.0], &[-1.0, 0.1], |k| [0.0, 0.1][k]));
        assert!(is_turning(&[f64::NAN], &[1.0], |_| 1.0));
    }

    /// Failures of the three checks on two neighbouring stretches, from plain sums: whole, first
    /// cross, second cross.
    fn failing(leaves: &[[f64; 2]]) -> [bool; 3] {
        let half = leaves.len() / 2;
        let turns =
            |part: &[[f64; 2]]| is_turning(&part[0], &part[part.len() - 1], |k| part.iter().map(|p| p[k]).sum());
        [turns(leaves), turns(&leaves[..=half]), turns(&leaves[half - 1..])]
    }

    #[test]
    fn every_check_decides_and_agrees_with_plain_sums() {
        let key = Key::new(8, "uturn");
        let mut decided_alone = [0; 3];
        for walk in 0..20_000 {
            let angle = |n| 1.2 * normal(&key, 0, walk, purpose("angle"), n);
            let momenta: Vec<[f64; 2]> = (0..16).map(|n| [angle(n).cos() + 0.2, angle(n).sin()]).collect();
            let mut checkpoints = Checkpoints::new(2, 4);
            let mut sum = [0.0; 2];
            for n in 0..16_usize {
                sum = [sum[0] + momenta[n][0], sum[1] + momenta[n][1]];
                let turning = checkpoints.add_leaf(n as u32, &momenta[n], &sum);
                let sizes = (1..=4)
                    .map(|level| 1 << level)
                    .filter(|size| (n + 1).is_multiple_of(*size));
                let checks: Vec<[bool; 3]> = sizes.map(|size| failing(&momenta[n + 1 - size..=n])).collect();
                assert_eq!(
                    turning,
                    checks.as_flattened().contains(&true),
                    "walk {walk}, leaf {n}: {checks:?}"
                );
                if checks.as_flattened().iter().filter(|&&fails| fails).count() == 1 {
                    let which = checks.as_flattened().iter().position(|&fails| fails).unwrap_or(0);
                    decided_alone[which % 3] += 1;
                }
                if turning {
                    break;
                }
            }
        }
        assert!(decided_alone.iter().all(|&count| count > 50), "{decided_alone:?}");
    }
}
