//! Percentiles, moments and Monte Carlo errors of draws that have weights, as importance sampling
//! gives them (Vehtari et al. 2024, JMLR 25, 72, section 2).

use super::Workspace;
use super::order::Placed;

/// Numbers of one quantity from weighted draws.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Weighted {
    /// Weighted mean, Σ W x.
    pub(crate) mean: f64,
    /// Standard deviation, √[Σ W (x − mean)² / (1 − Σ W²)].
    pub(crate) sd: f64,
    /// Monte Carlo standard error of the mean, √Σ W² (x − mean)².
    pub(crate) mcse_mean: f64,
    /// Monte Carlo standard error of the standard deviation, by the delta method.
    pub(crate) mcse_sd: f64,
    /// Values at the percentiles that were asked for.
    pub(crate) percentiles: Vec<f64>,
}

impl Workspace {
    /// Numbers of the draws `values`, with `weights` that sum to one. `percents` are the wanted
    /// percentiles, in rising order.
    ///
    /// A percentile is interpolated linearly in the sum of the weights, each draw counted to the
    /// half of its own weight.
    pub(crate) fn weigh(&mut self, values: &[f64], weights: &[f64], percents: &[f64]) -> Weighted {
        let pairs = || values.iter().zip(weights).filter(|(_, weight)| **weight > 0.0);
        let mean: f64 = pairs().map(|(x, w)| w * x).sum();
        let [mut second, mut squares, mut of_mean] = [0.0; 3];
        for (x, w) in pairs() {
            let square = (x - mean) * (x - mean);
            second += w * square;
            squares += w * w;
            of_mean += w * w * square;
        }
        let of_second: f64 = pairs()
            .map(|(x, w)| (w * ((x - mean) * (x - mean) - second)).powi(2))
            .sum();
        Weighted {
            mean,
            sd: (second / (1.0 - squares)).sqrt(),
            mcse_mean: of_mean.sqrt(),
            mcse_sd: 0.5 * (of_second / second).sqrt(),
            percentiles: percentiles(self.sorted(values), weights, percents),
        }
    }
}

/// Values at rising `percents` of sorted draws; NaN without a weight.
fn percentiles(sorted: &[Placed], weights: &[f64], percents: &[f64]) -> Vec<f64> {
    let mut draws = sorted
        .iter()
        .map(|(value, place)| (*value, weights[*place as usize]))
        .filter(|(_, weight)| *weight > 0.0);
    let (mut below, mut sum) = ((f64::NAN, 0.0), 0.0);
    let mut next = |sum: &mut f64| {
        let (value, weight) = draws.next()?;
        let middle = *sum + 0.5 * weight;
        *sum += weight;
        Some((value, middle))
    };
    let mut above = next(&mut sum);
    let at = |percent: &f64| {
        let fraction = percent / 100.0;
        while let Some(reached) = above.filter(|(_, middle)| *middle < fraction) {
            below = reached;
            above = next(&mut sum);
        }
        match above {
            None => below.0,
            Some((value, _)) if below.0.is_nan() => value,
            Some((value, middle)) => below.0 + (value - below.0) * (fraction - below.1) / (middle - below.1),
        }
    };
    percents.iter().map(at).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Key, normal, uniform};

    const PERCENTS: [f64; 5] = [2.5, 16.0, 50.0, 84.0, 97.5];

    /// Draws of N(0, 2) weighted to N(0.5, 1): ln w = −(x − 0.5)²/2 + x²/8.
    #[test]
    fn weighted_draws_have_the_moments_and_percentiles_of_their_gaussian() {
        let key = Key::new(3, "weighted");
        let values: Vec<f64> = (0..40_000).map(|draw| 2.0 * normal(&key, 0, draw, 7, 0)).collect();
        let raw: Vec<f64> = values
            .iter()
            .map(|x| (-0.5 * (x - 0.5).powi(2) + 0.125 * x * x).exp())
            .collect();
        let sum: f64 = raw.iter().sum();
        let weights: Vec<f64> = raw.iter().map(|w| w / sum).collect();
        let found = Workspace::default().weigh(&values, &weights, &PERCENTS);
        assert!(
            (found.mean - 0.5).abs() < 4.0 * found.mcse_mean && found.mcse_mean < 0.01,
            "{found:?}"
        );
        assert!(
            (found.sd - 1.0).abs() < 4.0 * found.mcse_sd && found.mcse_sd < 0.01,
            "{found:?}"
        );
        for (percentile, z) in found
            .percentiles
            .iter()
            .zip([-1.959_964, -0.994_458, 0.0, 0.994_458, 1.959_964])
        {
            // The error of a quantile is √(p (1 − p))/φ(z) errors of the mean, at most 2.7.
            assert!(
                (percentile - 0.5 - z).abs() < 10.0 * found.mcse_mean,
                "{percentile} {z}"
            );
        }
    }

    /// Equal weights leave the draws as they are, and a draw without weight does not count.
    #[test]
    fn equal_weights_give_the_plain_percentiles() {
        let key = Key::new(4, "weighted");
        let mut values: Vec<f64> = (0..999).map(|draw| uniform(&key, 0, draw, 7, 0)).collect();
        let mut weights = vec![1.0 / 999.0; 999];
        values.push(1e9);
        weights.push(0.0);
        let found = Workspace::default().weigh(&values, &weights, &PERCENTS);
        values.pop();
        let mut workspace = Workspace::default();
        let plain = workspace.take(&values, 1);
        assert!((found.mean - plain.mean()).abs() < 1e-12 && (found.sd - plain.sd()).abs() < 1e-12);
        for (percentile, percent) in found.percentiles.iter().zip(PERCENTS) {
            // The two rules interpolate between the same two of 999 draws.
            assert!((percentile - plain.percentile(percent)).abs() < 0.01, "{percent}");
        }
    }
}
