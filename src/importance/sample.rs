//! Weighted draws that stand for a posterior, or the reason why none do.

use super::proposal::Proposal;
use super::round::Round;
use super::{Block, Estimate, purposes};
use crate::metric::Metric;
use crate::rng::{Key, purpose, uniform};

/// Draws of the first look at a proposal.
const FIRST: usize = 1000;
/// Draws of the last look, over those of the settings. A hundred draws cost less than one
/// trajectory of each chain.
const LAST: usize = 4;
/// Least effective number of weighted draws that stand for a posterior, as for chains.
const LEAST_ESS: f64 = 400.0;
/// Proposals: the one at the mode, and one with the moments of its weighted draws.
const PROPOSALS: u32 = 2;
/// Random number that places the systematic resampling.
const RESAMPLE: u32 = purpose("importance resample");

/// Weighted draws that stand for a posterior.
#[derive(Clone, Debug)]
pub(crate) struct Sample {
    round: Round,
    estimate: Estimate,
}

/// Draws and weighs until k̂ is small and the effective number of draws is 400.
///
/// A proposal has up to three looks: 1000 draws, `draws`, and four times as many. No draw is thrown
/// away. A larger k̂ than that of all looks ends a proposal at once. The second proposal has the
/// weighted mean and covariance of the first. Other arguments are those of
/// [`estimate`](super::estimate). The error is the usable estimate of the least k̂, if there is one,
/// else that of the least k̂; `None` if no draw has a finite density.
pub(crate) fn sample(
    start: &Metric,
    names: &[&str],
    key: &Key,
    draws: usize,
    quantities: usize,
    mut target: impl FnMut(&[Block], &mut [f64], &mut [f64]),
) -> Result<Sample, Option<Estimate>> {
    let purposes = purposes(names);
    let mut best: Option<Estimate> = None;
    let mut map = Some(start.clone());
    for number in 0..PROPOSALS {
        let Some(proposal) = map.take().map(Proposal::new) else {
            break;
        };
        let draw = |first: u32, positions: &mut [Block]| proposal.draw(key, number, first, &purposes, positions);
        let mut round = Round::new(names.len(), quantities);
        for draws in looks(draws) {
            let Some(extended) = round.extended(draws, draw, &mut target) else {
                return Err(best);
            };
            round = extended;
            let found = round.estimate(number);
            let (is_hopeless, is_enough) = (found.k_hat > super::LARGEST_SHAPE, found.ess >= LEAST_ESS);
            if found.usable && is_enough {
                let estimate = found;
                return Ok(Sample { round, estimate });
            }
            best = better(best, found);
            if is_hopeless {
                break;
            }
        }
        map = round.refreshed();
    }
    Err(best)
}

/// Numbers of draws at which a proposal is looked at.
fn looks(draws: usize) -> Vec<usize> {
    let mut looks = vec![FIRST.min(draws), draws, LAST * draws];
    looks.dedup();
    looks
}

/// The better of two estimates: the usable one, then the one of smaller k̂.
fn better(best: Option<Estimate>, found: Estimate) -> Option<Estimate> {
    match best {
        Some(best) if (best.usable, -best.k_hat) > (found.usable, -found.k_hat) => Some(best),
        _ => Some(found),
    }
}

impl Sample {
    /// Evidence, k̂, effective number of draws and means.
    pub(crate) fn estimate(&self) -> &Estimate {
        &self.estimate
    }

    /// Number of weighted draws.
    pub(crate) fn draws(&self) -> usize {
        self.round.weights().len()
    }

    /// Weights, normalised to a sum of one, `[draw]`.
    pub(crate) fn weights(&self) -> &[f64] {
        self.round.weights()
    }

    /// Values of the quantities, `[draw, quantity]`.
    pub(crate) fn values(&self) -> &[f64] {
        self.round.values()
    }

    /// Draws of equal weight, by index: `count` of them, in the order of the draws, each draw as
    /// often as its weight says to within one (systematic resampling, Carpenter, Clifford &
    /// Fearnhead 1999, IEE Proc. Radar 146, 2).
    pub(crate) fn resampled(&self, count: usize, key: &Key) -> Vec<usize> {
        let offset = uniform(key, 0, 0, RESAMPLE, 0);
        let mut chosen = Vec::with_capacity(count);
        let mut sum = 0.0;
        for (draw, weight) in self.weights().iter().enumerate() {
            sum += weight * count as f64;
            while (chosen.len() as f64 + offset) < sum && chosen.len() < count {
                chosen.push(draw);
            }
        }
        // Rounding of the sum can leave the last place open.
        let last = self.weights().iter().rposition(|weight| *weight > 0.0);
        chosen.resize(count, last.unwrap_or_default());
        chosen
    }

    /// Positions of some draws, `[draw, coordinate]`.
    pub(crate) fn positions(&self, draws: &[usize]) -> Vec<f64> {
        draws.iter().flat_map(|&draw| self.round.position(draw)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::importance::one_by_one;

    fn key() -> Key {
        Key::new(8, "a first look")
    }

    /// Sample of a density of one or two coordinates around a centre, with the positions as
    /// quantities.
    fn sampled(centre: &[f64], covariance: &[f64], target: impl Fn(&[f64]) -> f64) -> Result<Sample, Option<Estimate>> {
        let dim = centre.len();
        let start = Metric::from_covariance(centre, covariance).expect("positive definite");
        let target = |x: &[f64], values: &mut [f64]| {
            values.copy_from_slice(x);
            target(x)
        };
        sample(&start, &["a", "b"][..dim], &key(), 2500, dim, one_by_one(dim, target))
    }

    /// Mean and variance of a coordinate over resampled draws.
    fn moments(sample: &Sample, count: usize, dim: usize, coordinate: usize) -> [f64; 2] {
        let positions = sample.positions(&sample.resampled(count, &key()));
        let values: Vec<f64> = positions.into_iter().skip(coordinate).step_by(dim).collect();
        let mean = values.iter().sum::<f64>() / count as f64;
        let squares: f64 = values.iter().map(|x| (x - mean).powi(2)).sum();
        [mean, squares / (count as f64 - 1.0)]
    }

    /// Four standard errors of a mean, and of a variance of nearly Gaussian draws, both relative to
    /// the standard deviation and the variance.
    fn errors(sample: &Sample, count: usize) -> [f64; 2] {
        let size = 1.0 / (1.0 / sample.estimate().ess + 1.0 / count as f64);
        [4.0 / size.sqrt(), 4.0 * (2.0 / size).sqrt()]
    }

    #[test]
    fn resampled_draws_have_the_moments_of_a_gaussian() {
        // The proposal is off by half a standard deviation and too wide, so the weights matter.
        let target = |x: &[f64]| -0.5 * ((x[0] - 1.0).powi(2) + (x[1] - 0.6 * (x[0] - 1.0)).powi(2) / 0.64);
        let found = sampled(&[0.5, 0.0], &[1.5, 0.6, 0.6, 1.5], target).expect("a Gaussian");
        let [of_mean, of_variance] = errors(&found, 2000);
        for (coordinate, exact) in [1.0, 0.0].into_iter().enumerate() {
            let [mean, variance] = moments(&found, 2000, 2, coordinate);
            assert!((mean - exact).abs() < of_mean, "{coordinate}: {mean}");
            assert!((variance - 1.0).abs() < of_variance, "{coordinate}: {variance}");
        }
    }

    /// ln of a Gamma(4, 1) variate: density exp(4 x − eˣ), mean ψ(4), variance ψ′(4).
    #[test]
    fn resampled_draws_have_the_moments_of_a_skewed_density() {
        const MEAN: f64 = 1.256_117_668_431_8;
        const VARIANCE: f64 = 0.283_822_955_737_1;
        let found = sampled(&[4.0_f64.ln()], &[0.25], |x| 4.0 * x[0] - x[0].exp()).expect("a light tail");
        let [of_mean, of_variance] = errors(&found, 2000);
        let [mean, variance] = moments(&found, 2000, 1, 0);
        assert!((mean - MEAN).abs() < of_mean * VARIANCE.sqrt(), "{mean}");
        // The excess kurtosis of 0.24 makes the error of the variance larger by 1.06.
        assert!(
            (variance - VARIANCE).abs() < 1.06 * of_variance * VARIANCE,
            "{variance}"
        );
    }

    #[test]
    fn each_draw_is_taken_as_often_as_its_weight_says() {
        let found = sampled(&[0.0], &[1.0], |x| -0.5 * x[0] * x[0]).expect("a Gaussian");
        let chosen = found.resampled(3000, &key());
        assert!(chosen.len() == 3000 && chosen.is_sorted());
        for (draw, weight) in found.weights().iter().enumerate() {
            let copies = chosen.iter().filter(|other| **other == draw).count() as f64;
            assert!((copies - 3000.0 * weight).abs() < 1.0, "{draw}: {copies}");
        }
    }

    /// A density without an end, and one without a value.
    #[test]
    fn draws_that_do_not_represent_the_posterior_are_refused() {
        let found = sampled(&[0.0, 0.0], &[1.0, 0.0, 0.0, 1.0], |_| 0.0);
        assert!(found.is_err_and(|best| best.is_some_and(|best| best.k_hat > 0.7)));
        assert!(sampled(&[0.0], &[1.0], |_| f64::NAN).is_err_and(|best| best.is_none()));
    }

    /// Two equal Gaussians four standard deviations apart in both coordinates: some draws of the
    /// proposal on one reach the other, and have nearly all of the weight.
    #[test]
    fn a_mode_that_the_proposal_hardly_reaches_is_refused() {
        let mode = |x: &[f64], at: f64| (-0.5 * x.iter().map(|x| (x - at).powi(2)).sum::<f64>()).exp();
        let two = |x: &[f64]| (mode(x, 0.0) + mode(x, 4.0)).ln();
        let found = sampled(&[0.0, 0.0], &[1.0, 0.0, 0.0, 1.0], two);
        assert!(found.is_err_and(|best| best.is_some_and(|best| best.k_hat > 0.7)));
    }

    /// A look adds draws to those of the look before.
    #[test]
    fn more_draws_are_added_to_those_that_are_there() {
        let narrow = |x: &[f64]| -0.5 * (x[0] * x[0] + x[1] * x[1]);
        let few = sampled(&[0.0, 0.0], &[1.0, 0.0, 0.0, 1.0], narrow).expect("a Gaussian");
        let more = sampled(&[0.0, 0.0], &[9.0, 0.0, 0.0, 9.0], narrow).expect("a Gaussian");
        assert_eq!([few.draws(), more.draws()], [1000, 2500]);
        let purposes = purposes(&["a", "b"]);
        let map = Metric::from_covariance(&[0.0, 0.0], &[9.0, 0.0, 0.0, 9.0]).expect("positive definite");
        let proposal = Proposal::new(map);
        let mut target = one_by_one(2, |x: &[f64], values: &mut [f64]| {
            values.copy_from_slice(x);
            narrow(x)
        });
        let draw = |first: u32, at: &mut [Block]| proposal.draw(&key(), 0, first, &purposes, at);
        let whole = Round::new(2, 2)
            .extended(2500, draw, &mut target)
            .expect("finite densities");
        assert_eq!((whole.weights(), whole.values()), (more.weights(), more.values()));
    }
}
