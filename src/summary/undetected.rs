//! Ions that no line detects, and the upper limits of their abundances.
//!
//! Take a prior that is wide in ln X. The posterior of such an ion then ends upwards at the noise
//! and downwards at the end of the prior. The median depends more on the prior than on the galaxy.
//! The limit does not depend on the prior's lower end: the draws are reweighted to a prior uniform
//! in X ≥ 0.

use crate::emissivity::Set;
use crate::line::Ion;
use crate::problem::{Parameter, Problem, Source};

/// Posterior probability of an abundance below the limit.
const BELOW: f64 = 0.95;
/// Least effective number of weighted draws for a limit. With fewer, the prior and not the lines
/// ends the posterior upwards.
const LEAST_DRAWS: f64 = 20.0;

/// Limit of an ion that no line detects.
#[derive(Clone, Debug, PartialEq)]
pub struct Limit {
    /// Ion, by the name of its parameter.
    pub ion: String,
    /// Abundance below which 95 % of the posterior lies under a prior uniform in X ≥ 0: 12 +
    /// log₁₀(X/H) of a metal, X/H of helium. NaN where the abundance is fixed, or where a narrow
    /// prior keeps the draws from the limit.
    pub below: f64,
}

/// Limits of the ions that no line detects; `columns` are all draws of each parameter.
pub(super) fn limits(problem: &Problem, set: &Set, columns: &[Vec<f64>]) -> Vec<Limit> {
    let parameters = problem.parameters.iter().zip(columns);
    let undetected = parameters.filter(|(parameter, _)| is_undetected(problem, set, parameter));
    undetected
        .map(|(parameter, values)| Limit {
            ion: parameter.name.clone(),
            below: match parameter.coordinate {
                Some(_) => upper_limit(parameter, values),
                None => f64::NAN,
            },
        })
        .collect()
}

/// True if a parameter is the abundance of an ion that no line detects.
pub(super) fn is_undetected(problem: &Problem, set: &Set, parameter: &Parameter) -> bool {
    ion_of(problem, parameter).is_some_and(|ion| !problem.detects(ion, set))
}

/// Ion of a parameter that is an abundance.
fn ion_of(problem: &Problem, parameter: &Parameter) -> Option<Ion> {
    match parameter.source {
        Source::Metal(ion) | Source::Helium(ion) => Some(problem.ions[ion]),
        Source::Slot(_) | Source::Exp10Slot(_) => None,
    }
}

/// Value below which 95 % of the draws lie, each weighted by X over the prior's density of ln X.
///
/// With p the density of the parameter x, p(ln X) ∝ p(x) for x = 12 + log₁₀ X and X p(x) for x = X.
fn upper_limit(parameter: &Parameter, values: &[f64]) -> f64 {
    let ln_weight = |&x: &f64| {
        let ln_x = match parameter.source {
            Source::Metal(_) => x * std::f64::consts::LN_10,
            Source::Helium(_) | Source::Slot(_) | Source::Exp10Slot(_) => 0.0,
        };
        ln_x - parameter.prior.ln_density(x)
    };
    let ln_weights: Vec<f64> = values.iter().map(ln_weight).collect();
    weighted_quantile(values, &ln_weights, BELOW)
}

/// Value at which the sum of the weights, in the order of the values, reaches a fraction of the
/// total. NaN where a value or a weight is NaN, or where fewer than 20 draws, (Σ w)²/Σ w², have
/// most of the weight.
fn weighted_quantile(values: &[f64], ln_weights: &[f64], fraction: f64) -> f64 {
    let largest = ln_weights.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let weight = |ln_weight: &f64| (ln_weight - largest).exp();
    let mut pairs: Vec<(f64, f64)> = values.iter().copied().zip(ln_weights.iter().map(weight)).collect();
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
    let [total, squares] = pairs
        .iter()
        .fold([0.0, 0.0], |[sum, squares], (_, w)| [sum + w, squares + w * w]);
    // The test is a pass, so that NaN does not pass.
    let carried = total * total >= LEAST_DRAWS * squares && squares > 0.0;
    let mut sum = 0.0;
    let reaches = |(_, w): &&(f64, f64)| {
        sum += w;
        sum >= fraction * total
    };
    let found = pairs.iter().find(reaches);
    found.filter(|_| carried).map_or(f64::NAN, |(value, _)| *value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::Prior;

    const SIGMA: f64 = 1e-6;

    fn metal(prior: Prior) -> Parameter {
        Parameter {
            name: "Ar4".into(),
            source: Source::Metal(0),
            coordinate: Some(0),
            prior,
        }
    }

    /// Systematic draws from prior(x) · exp(−(X/σ − found)²/2), x = 12 + log₁₀ X.
    fn draws(ln_prior: impl Fn(f64) -> f64, found: f64, n: usize) -> Vec<f64> {
        const STEP: f64 = 2e-3;
        let grid: Vec<f64> = (0..13_000).map(|i| -16.0 + STEP * f64::from(i)).collect();
        let density = |x: &f64| (ln_prior(*x) - 0.5 * (10_f64.powf(x - 12.0) / SIGMA - found).powi(2)).exp();
        let total: f64 = grid.iter().map(density).sum();
        let (mut sum, mut draws) = (0.0, Vec::with_capacity(n));
        for x in &grid {
            sum += density(x) / total;
            while (draws.len() as f64 + 0.5) / n as f64 <= sum && draws.len() < n {
                draws.push(*x);
            }
        }
        draws
    }

    /// Posterior under X ≥ 0 with a flux of 0 ± σ: half a Gaussian, with 95 % below 1.95996 σ.
    #[test]
    fn the_limit_of_a_line_that_is_not_there_is_that_of_half_a_gaussian_whatever_the_prior() {
        let truth = 12.0 + (1.959_964 * SIGMA).log10();
        let normal = Prior::normal(5.0, 5.0);
        let found = upper_limit(&metal(normal), &draws(|x| normal.ln_density(x), 0.0, 20_000));
        assert!((found - truth).abs() < 0.01, "{found} for {truth}");
        let uniform = Prior {
            family: Some(crate::problem::Family::Uniform),
            lower: Some(0.0),
            upper: Some(9.0),
            ..Prior::default()
        };
        let inside = |x: f64| {
            if (0.0..9.0).contains(&x) {
                0.0
            } else {
                f64::NEG_INFINITY
            }
        };
        let found = upper_limit(&metal(uniform), &draws(inside, 0.0, 20_000));
        assert!((found - truth).abs() < 0.01, "{found} for {truth}");
    }

    /// Truths are uniform in S/N from 0 to 3. The measured flux scatters by 1 σ, and only a flux
    /// below 3 σ is undetected.
    #[test]
    fn limits_of_undetected_ions_hold_the_truth_in_95_to_99_per_cent() {
        const STEP: f64 = 0.1;
        let normal = Prior::normal(5.0, 5.0);
        let [mut held, mut all] = [0.0; 2];
        for found in (-40..30).map(|i| STEP * (f64::from(i) + 0.5)) {
            let limit = upper_limit(&metal(normal), &draws(|x| normal.ln_density(x), found, 4000));
            let limit = 10_f64.powf(limit - 12.0) / SIGMA;
            for truth in (0..300).map(|i| 0.01 * (f64::from(i) + 0.5)) {
                let weight = (-0.5 * (found - truth).powi(2)).exp();
                all += weight;
                held += if truth <= limit { weight } else { 0.0 };
            }
        }
        let fraction = held / all;
        assert!((0.95..0.99).contains(&fraction), "{fraction}");
    }

    #[test]
    fn draws_that_the_prior_ends_before_the_lines_give_no_limit() {
        let narrow = Prior::normal(2.0, 0.4);
        let values = draws(|x| narrow.ln_density(x), 0.0, 4000);
        assert!(upper_limit(&metal(narrow), &values).is_nan());
    }

    #[test]
    fn weights_beyond_the_range_of_a_float_are_weighed_against_each_other() {
        let values: Vec<f64> = (0..1000).map(f64::from).collect();
        for shift in [-5000.0, 0.0, 5000.0] {
            assert_eq!(weighted_quantile(&values, &[shift; 1000], 0.95), 949.0);
        }
        assert!(weighted_quantile(&values, &[f64::NAN; 1000], 0.95).is_nan());
        assert!(weighted_quantile(&[], &[], 0.95).is_nan());
    }
}
