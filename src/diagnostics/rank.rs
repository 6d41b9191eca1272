//! Ranks, their normal scores, and quantiles.

use crate::shared::special::normal_quantile;

/// Offset of Blom's normal scores (G. Blom, Statistical Estimates and Transformed Beta-Variables, 1958).
const BLOM: f64 = 3.0 / 8.0;

/// Values with their places, in ascending order.
pub(super) fn sorted(values: &[f64]) -> Vec<(f64, usize)> {
    let mut order: Vec<(f64, usize)> = values.iter().copied().zip(0..).collect();
    order.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    order
}

/// Normal scores Φ⁻¹((r − 3/8)/(S + 1/4)) of the ranks r among all S values, at the values' places; equal values share
/// their mean rank. Leaves the values sorted. Vehtari et al. 2021, equation 14.
pub(super) fn normal_scores(values: &mut [(f64, usize)]) -> Vec<f64> {
    // The stable sort merges runs: sorted values, or their distances from the median, cost next to nothing.
    values.sort_by(|a, b| a.0.total_cmp(&b.0));
    let size = values.len() as f64;
    let mut scores = vec![0.0; values.len()];
    let mut below = 0;
    for equals in values.chunk_by(|a, b| a.0 == b.0) {
        let rank = below as f64 + 0.5 * (equals.len() as f64 + 1.0);
        let score = normal_quantile((rank - BLOM) / (size - 2.0 * BLOM + 1.0));
        for &(_, index) in equals {
            scores[index] = score;
        }
        below += equals.len();
    }
    scores
}

/// Quantile by linear interpolation between order statistics: type 7 of R. J. Hyndman & Y. Fan, "Sample quantiles in
/// statistical packages", Am. Stat. 50 (1996) 361.
pub(super) fn quantile(values: &[f64], p: f64) -> f64 {
    let mut values = values.to_vec();
    let place = values.len() as f64 * p + 1.0 - p;
    let whole = place.floor().clamp(1.0, values.len() as f64 - 1.0);
    let part = (place - whole).clamp(0.0, 1.0);
    let (_, &mut low, above) = values.select_nth_unstable_by(whole as usize - 1, f64::total_cmp);
    let high = above.iter().copied().min_by(f64::total_cmp).unwrap_or(low);
    (1.0 - part) * low + part * high
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_share_ranks_and_are_antisymmetric() {
        let scores = normal_scores(&mut sorted(&[5.0, 1.0, 1.0, 5.0, 3.0]));
        assert_eq!(scores[1], scores[2]);
        assert_eq!(scores[4], 0.0);
        // Ranks 1.5 and 4.5: Φ⁻¹(1.125/5.25) = −0.7916.
        assert!((scores[1] + 0.791_638_607_743_374_6).abs() < 1e-14, "{}", scores[1]);
        assert!((scores[0] + scores[1]).abs() < 1e-15);
    }

    #[test]
    fn quantiles_interpolate() {
        let values = [4.0, 1.0, 3.0, 2.0];
        assert_eq!(quantile(&values, 0.5), 2.5);
        assert_eq!(quantile(&values, 0.0), 1.0);
        assert_eq!(quantile(&values, 1.0), 4.0);
        assert!((quantile(&values, 0.05) - 1.15).abs() < 1e-15);
    }
}
