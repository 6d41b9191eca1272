//! Audit of weighted draws by chains: the same object by both methods, parameter by parameter.

use crate::rng::{Key, purpose, uniform};
use crate::summary::{ParameterSummary, Summary};

/// Largest distance of two means, in posterior standard deviations, beside the Monte Carlo errors.
const MEANS: f64 = 0.1;
/// Largest distance of two outer percentiles, likewise.
const TAILS: f64 = 0.2;
/// Combined Monte Carlo errors by which two numbers may differ.
const ERRORS: f64 = 3.0;
/// √(p (1 − p))/φ(z) at p = 0.025: the error of the percentile of a Gaussian over that of its mean.
const ERROR_OF_TAIL: f64 = 2.671_9;
/// Random number that chooses the objects of an audit.
const CHOICE: u32 = purpose("importance audit");

/// Numbers that the audit compares: mean, percentile 2.5, percentile 97.5.
pub const COMPARED: [&str; 3] = ["mean", "p2p5", "p97p5"];

/// One quantity of an object by both methods, in its unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Compared {
    /// Name of the parameter or derived quantity.
    pub name: String,
    /// Numbers by importance sampling, of [`COMPARED`].
    pub weighted: [f64; 3],
    /// Numbers by chains.
    pub chains: [f64; 3],
    /// Posterior standard deviation by chains.
    pub sd: f64,
    /// Largest distances that pass.
    pub allowed: [f64; 3],
}

impl Compared {
    /// True for each number whose distance passes.
    pub fn passes(&self) -> [bool; 3] {
        std::array::from_fn(|k| (self.weighted[k] - self.chains[k]).abs() <= self.allowed[k])
    }
}

/// True if the audit takes an object, whatever its place in the catalogue.
pub(super) fn is_chosen(key: &Key, fraction: f64) -> bool {
    uniform(key, 0, 0, CHOICE, 0) < fraction
}

/// Compares the quantities that both summaries have; that of importance sampling is `weighted`.
pub(super) fn compared(weighted: &Summary, chains: &Summary) -> Vec<Compared> {
    let size = weighted.importance.as_ref().map_or(f64::NAN, |found| found.ess);
    let of_chains = |own: &ParameterSummary| chains.parameters.iter().find(|other| other.name == own.name);
    let pairs = weighted
        .parameters
        .iter()
        .filter_map(|own| Some((own, of_chains(own)?)));
    pairs.filter_map(|(own, other)| compare(own, other, size)).collect()
}

/// Compares one quantity; none of one that is fixed. `size` is the effective number of weighted
/// draws.
fn compare(own: &ParameterSummary, other: &ParameterSummary, size: f64) -> Option<Compared> {
    let (weighted, chains) = (own.diagnostics?, other.diagnostics?);
    let numbers = |p: &ParameterSummary| [p.mean, p.percentiles[0], p.percentiles[4]];
    let of_means = weighted.mcse_mean.hypot(chains.mcse_mean);
    let of_tails = ERROR_OF_TAIL * other.sd * (1.0 / size + 1.0 / chains.ess_tail).sqrt();
    let tails = TAILS * other.sd + ERRORS * of_tails;
    Some(Compared {
        name: own.name.clone(),
        weighted: numbers(own),
        chains: numbers(other),
        sd: other.sd,
        allowed: [MEANS * other.sd + ERRORS * of_means, tails, tails],
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::Diagnostics;

    /// Summary of a quantity with sd 2, Monte Carlo error 0.1 and 400 effective draws in the tails.
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

    /// 0.1 · 2 + 3 · 0.1 √2 of the mean, 0.2 · 2 + 3 · 2.6719 · 2 · √(2/400) of the percentiles.
    #[test]
    fn a_number_may_differ_by_a_part_of_the_width_and_three_errors() {
        let found = compare(&summary(1.0), &summary(1.7), 400.0).expect("a free quantity");
        for (allowed, expected) in found.allowed.iter().zip([0.624_264, 1.533_591, 1.533_591]) {
            assert!((allowed - expected).abs() < 1e-5, "{allowed} {expected}");
        }
        assert_eq!(found.passes(), [false, true, true]);
        let fixed = ParameterSummary {
            diagnostics: None,
            ..summary(1.0)
        };
        assert_eq!(compare(&fixed, &summary(1.0), 400.0), None);
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
