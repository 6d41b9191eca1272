//! Audit of weighted draws by chains: the same object by both methods, parameter by parameter.

use super::compared::Compared;
use super::outcome::Fitted;
use crate::abundance;
use crate::rng::{Key, purpose, uniform};
use crate::summary::{LOG_NE, ParameterSummary};

/// Largest distance of two means, in posterior standard deviations, beside the Monte Carlo errors.
const MEANS: f64 = 0.1;
/// Largest distance of two outer percentiles, likewise.
const TAILS: f64 = 0.2;
/// Combined Monte Carlo errors by which two numbers may differ.
const ERRORS: f64 = 3.0;
/// Probabilities below the outer percentiles that are compared.
const OUTER: [f64; 2] = [0.025, 0.975];
/// Random number that chooses the objects of an audit.
const CHOICE: u32 = purpose("importance audit");

/// True if the audit takes an object, whatever its place in the catalogue.
pub(super) fn is_chosen(key: &Key, fraction: f64) -> bool {
    uniform(key, 0, 0, CHOICE, 0) < fraction
}

/// Compares the free quantities that both fits have; `weighted` is that of importance sampling.
pub(super) fn compared(weighted: &Fitted, chains: &Fitted) -> Vec<Compared> {
    let size = weighted.summary.importance.as_ref().map_or(f64::NAN, |found| found.ess);
    let compare = |own: &ParameterSummary| {
        let other = chains.summary.parameters.iter().find(|other| other.name == own.name)?;
        let of_chains = other.diagnostics?.ess_tail;
        let errors = [
            errors_of_tails(draws_of(weighted, &own.name)?, size),
            errors_of_tails(draws_of(chains, &own.name)?, of_chains),
        ];
        compare(own, other, errors)
    };
    weighted.summary.parameters.iter().filter_map(compare).collect()
}

/// Draws of a parameter, of log₁₀ n_e or of a derived quantity.
fn draws_of(fitted: &Fitted, name: &str) -> Option<Vec<f64>> {
    let parameter = |name: &str| fitted.draws.position(name).map(|index| fitted.draws.parameter(index));
    match abundance::NAMES.iter().position(|other| *other == name) {
        Some(index) => fitted.derived.quantity(index),
        None if name == LOG_NE => Some(parameter("n_e")?.iter().map(|n| n.log10()).collect()),
        None => parameter(name),
    }
}

/// Monte Carlo errors of the outer percentiles of `size` effective draws: half the distance of the
/// percentiles at p ± √(p (1 − p)/size).
fn errors_of_tails(mut draws: Vec<f64>, size: f64) -> [f64; 2] {
    draws.sort_by(f64::total_cmp);
    let last = draws.len() as f64 - 1.0;
    let at = |p: f64| draws.get((p.clamp(0.0, 1.0) * last).round() as usize).copied();
    OUTER.map(|p| {
        let error = (p * (1.0 - p) / size).sqrt();
        let ends = at(p + error).zip(at(p - error));
        ends.map_or(f64::NAN, |(above, below)| 0.5 * (above - below))
    })
}

/// Compares one quantity; none of one that is fixed. `errors` are the Monte Carlo errors of the
/// outer percentiles by either method.
fn compare(own: &ParameterSummary, other: &ParameterSummary, errors: [[f64; 2]; 2]) -> Option<Compared> {
    let numbers = |p: &ParameterSummary| [p.mean, p.percentiles[0], p.percentiles[4]];
    let of_means = own.diagnostics?.mcse_mean.hypot(other.diagnostics?.mcse_mean);
    let [low, high] = [0, 1].map(|end| TAILS * other.sd + ERRORS * errors[0][end].hypot(errors[1][end]));
    Some(Compared {
        name: own.name.clone(),
        weighted: numbers(own),
        chains: numbers(other),
        sd: other.sd,
        allowed: [MEANS * other.sd + ERRORS * of_means, low, high],
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::Diagnostics;

    /// Summary of a quantity with sd 2 and a Monte Carlo error of 0.1.
    fn summary(mean: f64) -> ParameterSummary {
        ParameterSummary {
            name: "T_high".to_owned(),
            percentiles: [mean - 4.0, mean - 2.0, mean, mean + 2.0, mean + 4.0],
            mean,
            sd: 2.0,
            diagnostics: Some(Diagnostics {
                r_hat: 1.0,
                nested_r_hat: f64::NAN,
                ess_bulk: 400.0,
                ess_tail: 400.0,
                mcse_mean: 0.1,
                mcse_sd: 0.1,
            }),
            classical: None,
        }
    }

    /// 0.1 · 2 + 3 · 0.1 √2 of the mean, 0.2 · 2 + 3 · 0.2 √2 of the percentiles.
    #[test]
    fn a_number_may_differ_by_a_part_of_the_width_and_three_errors() {
        let found = compare(&summary(1.0), &summary(1.7), [[0.2; 2]; 2]).expect("a free quantity");
        for (allowed, expected) in found.allowed.iter().zip([0.624_264, 1.248_528, 1.248_528]) {
            assert!((allowed - expected).abs() < 1e-5, "{allowed} {expected}");
        }
        assert_eq!(found.passes(), [false, true, true]);
        let fixed = ParameterSummary {
            diagnostics: None,
            ..summary(1.0)
        };
        assert_eq!(compare(&fixed, &summary(1.0), [[0.2; 2]; 2]), None);
    }

    /// The exponential law has 1/f = 40 at p = 0.975 and 1.03 at 0.025: its long tail has the larger
    /// error, √(p (1 − p)/size)/f.
    #[test]
    fn the_error_of_a_percentile_is_that_of_its_own_tail() {
        let draws: Vec<f64> = (0..100_000).map(|i| -(1.0 - (f64::from(i) + 0.5) / 1e5).ln()).collect();
        let [low, high] = errors_of_tails(draws, 1e5);
        assert!(
            (low / 5.06e-4 - 1.0).abs() < 0.03 && (high / 0.019_75 - 1.0).abs() < 0.03,
            "{low} {high}"
        );
    }

    #[test]
    fn the_audit_takes_its_fraction_of_the_names() {
        let chosen = |fraction: f64| {
            let names = (0..10_000).map(|object| format!("galaxy {object}"));
            names.filter(|name| is_chosen(&Key::new(1, name), fraction)).count()
        };
        assert_eq!([chosen(0.0), chosen(1.0)], [0, 10_000]);
        // Four standard deviations of a binomial count.
        assert!(chosen(0.05).abs_diff(500) < 88, "{}", chosen(0.05));
    }
}
