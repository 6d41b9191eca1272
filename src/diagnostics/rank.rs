//! Ranks of sorted draws, their normal scores, distances from the median, and quantiles.

use std::hint::select_unpredictable;

use super::order::Placed;
use crate::number::special::normal_quantile;

/// Offset of Blom's normal scores (G. Blom, Statistical Estimates and Transformed Beta-Variables,
/// 1958).
const BLOM: f64 = 3.0 / 8.0;

/// Normal score Φ⁻¹((r − 3/8)/(S + 1/4)) of rank r among S draws.
fn score(rank: f64, size: f64) -> f64 {
    normal_quantile((rank - BLOM) / (size - 2.0 * BLOM + 1.0))
}

/// Normal scores of the ranks 1 … S, computed once for each S.
#[derive(Debug, Default)]
pub(super) struct Scores(Vec<f64>);

impl Scores {
    /// Computes the scores for `size` draws, unless they exist.
    pub(super) fn prepare(&mut self, size: usize) {
        if self.0.len() != size {
            self.0.clear();
            self.0.extend((1..=size).map(|rank| score(rank as f64, size as f64)));
        }
    }

    /// Writes the normal scores of as many sorted draws into `scores`, at the indices of the draws.
    /// Equal draws share their mean rank. Vehtari et al. 2021, equation 14.
    pub(super) fn place(&self, sorted: &[Placed], scores: &mut Vec<f64>) {
        scores.resize(sorted.len(), 0.0);
        let mut begin = 0;
        while begin < sorted.len() {
            let value = sorted[begin].0;
            let mut end = begin + 1;
            while end < sorted.len() && sorted[end].0 == value {
                end += 1;
            }
            // Mean of the ranks begin + 1 … end, an integer where their number is odd.
            let score = match (end - begin) % 2 {
                1 => self.0[(begin + end - 1) / 2],
                _ => score(0.5 * (begin + end + 1) as f64, sorted.len() as f64),
            };
            for (_, place) in &sorted[begin..end] {
                scores[*place as usize] = score;
            }
            begin = end;
        }
    }
}

/// Writes the distances of sorted draws from their median into `folded`, in ascending order. The
/// draws below and above the median are sorted already and are merged. The nearer half is merged
/// from the median outwards, the farther half from the ends inwards. So neither side can run out,
/// and two merges proceed at a time.
pub(super) fn fold(sorted: &[Placed], folded: &mut Vec<Placed>) {
    folded.resize(sorted.len(), (0.0, 0));
    let half = sorted.len() / 2;
    let Some(&(upper, _)) = sorted.get(half) else {
        return;
    };
    let median = 0.5 * (sorted[(sorted.len() - 1) / 2].0 + upper);
    let distance = |at: usize| (sorted[at].0 - median).abs();
    // First and last draw not yet taken from outside, and the innermost draws not yet taken.
    let (mut first, mut last) = (0, sorted.len() - 1);
    let (mut below, mut above) = (half.wrapping_sub(1), half);
    for step in 0..half {
        let nearer_below = distance(below) <= distance(above);
        let nearer = select_unpredictable(nearer_below, below, above);
        folded[step] = (distance(nearer), sorted[nearer].1);
        below = below.wrapping_sub(usize::from(nearer_below));
        above += usize::from(!nearer_below);
        let farther_below = distance(first) > distance(last);
        let farther = select_unpredictable(farther_below, first, last);
        folded[sorted.len() - 1 - step] = (distance(farther), sorted[farther].1);
        first += usize::from(farther_below);
        last -= usize::from(!farther_below);
    }
    if sorted.len() % 2 == 1 {
        let left = if above <= last { above } else { first };
        folded[half] = (distance(left), sorted[left].1);
    }
}

/// Quantile of sorted draws, at least one, by linear interpolation between order statistics: type 7
/// of R. J. Hyndman & Y. Fan, "Sample quantiles in statistical packages", Am. Stat. 50 (1996) 361.
pub(super) fn quantile(sorted: &[Placed], p: f64) -> f64 {
    let size = sorted.len() as f64;
    let place = size * p + 1.0 - p;
    let whole = place.floor().min(size - 1.0).max(1.0);
    let part = (place - whole).clamp(0.0, 1.0);
    let low = sorted[whole as usize - 1].0;
    let high = sorted.get(whole as usize).map_or(low, |draw| draw.0);
    (1.0 - part) * low + part * high
}

#[cfg(test)]
mod tests {
    use super::super::order::Order;
    use super::*;

    fn sorted(values: &[f64]) -> Vec<Placed> {
        let mut order = Order::default();
        order.sort(values);
        order.sorted
    }

    #[test]
    fn scores_share_ranks_and_are_antisymmetric() {
        let (mut scores, mut table) = (Vec::new(), Scores::default());
        table.prepare(5);
        table.place(&sorted(&[5.0, 1.0, 1.0, 5.0, 3.0]), &mut scores);
        assert_eq!(scores[1], scores[2]);
        assert_eq!(scores[4], 0.0);
        // Ranks 1.5 and 4.5: Φ⁻¹(1.125/5.25) = −0.7916.
        assert!((scores[1] + 0.791_638_607_743_374_6).abs() < 1e-14, "{}", scores[1]);
        assert!((scores[0] + scores[1]).abs() < 1e-15);
        // Three draws share the rank 3, and so the score of the middle.
        table.place(&sorted(&[2.0, 1.0, 2.0, 9.0, 2.0]), &mut scores);
        assert_eq!((scores[0], scores[2], scores[4]), (0.0, 0.0, 0.0));
    }

    #[test]
    fn folding_sorts_the_distances_from_the_median() {
        let values = [7.0, 1.0, 4.0, 3.0, 3.0, 11.0, 2.5, 4.5];
        for size in 1..=values.len() {
            let mut draws = values[..size].to_vec();
            let mut folded = Vec::new();
            fold(&sorted(&draws), &mut folded);
            draws.sort_by(f64::total_cmp);
            let median = 0.5 * (draws[(size - 1) / 2] + draws[size / 2]);
            for (distance, place) in &folded {
                assert_eq!(*distance, (values[*place as usize] - median).abs());
            }
            assert!(folded.is_sorted_by(|a, b| a.0 <= b.0), "{folded:?}");
        }
    }

    #[test]
    fn quantiles_interpolate() {
        let values = sorted(&[4.0, 1.0, 3.0, 2.0]);
        assert_eq!(quantile(&values, 0.5), 2.5);
        assert_eq!(quantile(&values, 0.0), 1.0);
        assert_eq!(quantile(&values, 1.0), 4.0);
        assert!((quantile(&values, 0.05) - 1.15).abs() < 1e-15);
        assert_eq!(quantile(&sorted(&[7.0]), 0.3), 7.0);
    }
}
