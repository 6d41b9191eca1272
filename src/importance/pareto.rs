//! Pareto smoothing of importance weights, and the shape k̂ of their tail.
//!
//! A. Vehtari, D. Simpson, A. Gelman, Y. Yao & J. Gabry, "Pareto smoothed importance sampling",
//! JMLR 25 (2024) 72. The largest weights are replaced by the expected order statistics of a
//! generalised Pareto distribution. The fit is that of J. Zhang & M. A. Stephens, Technometrics 51
//! (2009) 316, with a weak prior on the shape. Details are those of ArviZ 0.23, the oracle of the
//! tests.

/// The tail holds this fraction of the weights at most …
const TAIL_FRACTION: f64 = 0.2;
/// … and this many √N of them.
const TAIL_ROOTS: f64 = 3.0;
/// A tail of fewer weights has no shape.
const LEAST_TAIL: usize = 5;
/// Zhang & Stephens (2009): the grid of trial values has this many points, and √n more.
const GRID: f64 = 30.0;
/// Zhang & Stephens (2009), eq. 8: the prior of the trial values is scaled by this many first
/// quartiles.
const QUARTILES: f64 = 3.0;
/// Vehtari et al. (2024), appendix C: the shape's prior is worth this many weights …
const PRIOR_WEIGHT: f64 = 10.0;
/// … at this shape.
const PRIOR_SHAPE: f64 = 0.5;

/// Number of weights in the tail of `count`.
fn tail_length(count: usize) -> usize {
    let count = count as f64;
    (TAIL_FRACTION * count).min(TAIL_ROOTS * count.sqrt()).ceil() as usize
}

/// Standard error of a shape k̂ fitted to the tail of `count` weights: (1 + k)/√M for M weights in
/// the tail (Smith 1987, Ann. Stat. 15, 1174).
pub(super) fn shape_error(shape: f64, count: usize) -> f64 {
    (1.0 + shape) / (tail_length(count) as f64).sqrt()
}

/// Smooths the tail of `ln_weights` in place and returns its shape k̂: infinite without a tail, NaN
/// if no weight is finite. No smoothed weight exceeds the largest raw one.
pub fn smooth(ln_weights: &mut [f64]) -> f64 {
    let largest = ln_weights.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if !largest.is_finite() {
        return f64::NAN;
    }
    let tail = tail_length(ln_weights.len());
    let mut order: Vec<usize> = (0..ln_weights.len()).collect();
    order.sort_unstable_by(|&a, &b| ln_weights[a].total_cmp(&ln_weights[b]));
    let Some(edge) = order.len().checked_sub(tail + 1) else {
        return f64::INFINITY;
    };
    let cut = (ln_weights[order[edge]] - largest).max(f64::MIN_POSITIVE.ln());
    let tail: Vec<usize> = order.into_iter().filter(|&i| ln_weights[i] - largest > cut).collect();
    if tail.len() < LEAST_TAIL {
        return f64::INFINITY;
    }
    let excess: Vec<f64> = tail
        .iter()
        .map(|&i| (ln_weights[i] - largest).exp() - cut.exp())
        .collect();
    let (shape, scale) = fit(&excess);
    if shape.is_finite() {
        for (rank, &i) in tail.iter().enumerate() {
            let probability = (rank as f64 + 0.5) / tail.len() as f64;
            let smoothed = (quantile(probability, shape, scale) + cut.exp()).ln();
            ln_weights[i] = largest + smoothed.min(0.0);
        }
    }
    shape
}

/// Shape and scale of a generalised Pareto distribution from positive values in rising order. θ =
/// −shape/scale is the mean over its profile likelihood on a grid (Zhang & Stephens 2009, eqs. 6 to
/// 8). The shape is then drawn towards its prior.
fn fit(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let points = GRID + n.sqrt().floor();
    let quartile = values[(n / 4.0 + 0.5) as usize - 1];
    let largest = values[values.len() - 1];
    let shape = |theta: f64| values.iter().map(|x| (-theta * x).ln_1p()).sum::<f64>() / n;
    let trial = |j: usize| 1.0 / largest + (1.0 - (points / (j as f64 - 0.5)).sqrt()) / (QUARTILES * quartile);
    let likelihood = |theta: f64| {
        let k = shape(theta);
        n * ((-theta / k).ln() - k - 1.0)
    };
    let trials: Vec<f64> = (1..=points as usize).map(trial).collect();
    let likelihoods: Vec<f64> = trials.iter().map(|&theta| likelihood(theta)).collect();
    let best = likelihoods.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let weights: Vec<f64> = likelihoods.iter().map(|l| (l - best).exp()).collect();
    let sum: f64 = weights.iter().sum();
    let theta = trials.iter().zip(&weights).map(|(theta, w)| theta * w / sum).sum();
    let shape = shape(theta);
    let drawn = (n * shape + PRIOR_WEIGHT * PRIOR_SHAPE) / (n + PRIOR_WEIGHT);
    (drawn, -shape / theta)
}

/// Quantile of the generalised Pareto distribution at `probability` in (0, 1).
fn quantile(probability: f64, shape: f64, scale: f64) -> f64 {
    let exponential = -(-probability).ln_1p();
    if shape.abs() < f64::EPSILON {
        scale * exponential
    } else {
        scale * (shape * exponential).exp_m1() / shape
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fits order statistics of a generalised Pareto distribution at their median ranks. The fit
    /// must find the shape, drawn to ½ by ten weights among the values.
    #[test]
    fn the_shape_of_exact_quantiles_comes_back() {
        for shape in [-0.3, 0.0, 0.3, 0.7, 1.2] {
            let n = 2000;
            let values: Vec<f64> = (0..n)
                .map(|i| quantile((f64::from(i) + 0.5) / f64::from(n), shape, 2.0))
                .collect();
            let (found, scale) = fit(&values);
            let drawn = (f64::from(n) * shape + 5.0) / (f64::from(n) + 10.0);
            // The error of the shape is (1 + k)/√n (Zhang & Stephens 2009): the exact quantiles lie
            // well within one.
            let error = (1.0 + shape) / f64::from(n).sqrt();
            assert!((found - drawn).abs() < error, "{shape}: {found}");
            assert!((scale / 2.0 - 1.0).abs() < 2.0 * error, "{shape}: scale {scale}");
        }
    }

    #[test]
    fn weights_without_a_tail_say_so() {
        assert!(smooth(&mut [0.0; 100]).is_infinite());
        assert!(smooth(&mut [0.0, 1.0]).is_infinite());
        assert!(smooth(&mut [f64::NEG_INFINITY; 100]).is_nan());
        assert!(smooth(&mut []).is_nan());
    }
}
