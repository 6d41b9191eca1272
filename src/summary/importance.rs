//! Comparison of the chains with importance sampling: the distance of their means, and the
//! evidence.

use super::ParameterSummary;
use crate::flag::{Code, Flag};
use crate::importance::Estimate;

/// Distance of two means, in combined Monte Carlo errors, above which the parameter may be named.
const ERRORS: f64 = 5.0;
/// Distance of two means, in posterior standard deviations, above which the parameter may be named.
const SHIFT: f64 = 0.1;
/// Largest k̂, its standard error included, with errors that mean something: the weights then have a
/// finite variance (Vehtari et al. 2024, section 3.1).
const FINITE_VARIANCE: f64 = 0.5;

/// Importance sampling of an object beside the chains. Where k̂ forbids its use, all numbers but
/// `k_hat` and `round` are NaN.
#[derive(Clone, Debug, PartialEq)]
pub struct Importance {
    /// Shape k̂ of the tail of the weights.
    pub k_hat: f64,
    /// Effective number of weighted draws.
    pub ess: f64,
    /// ln P(y), the density of the fluxes relative to Hβ under model and priors.
    pub ln_evidence: f64,
    /// Monte Carlo standard error of `ln_evidence`.
    pub ln_evidence_se: f64,
    /// Largest |difference| of the two means of a sampled parameter, in posterior standard
    /// deviations.
    pub shift: f64,
    /// Name of the parameter with the largest difference; empty where k̂ forbids it.
    pub shifted: String,
    /// Parameters with means further apart than Monte Carlo errors explain, and the method in doubt.
    pub disagreeing: Vec<(String, Doubted)>,
    /// Number of times that the proposal was refreshed.
    pub round: u32,
}

/// Method in doubt where the means differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubted {
    /// Chains: the weights are reliable, and reach as far as the chains.
    Chains,
    /// Importance sampling: its weights may have no finite variance, or the chains reach further.
    Weights,
}

/// Importance sampling of an object without chains beside it.
pub(super) fn alone(estimate: &Estimate) -> Importance {
    let used = |value: f64| if estimate.usable { value } else { f64::NAN };
    Importance {
        k_hat: estimate.k_hat,
        ess: used(estimate.ess),
        ln_evidence: used(estimate.ln_evidence),
        ln_evidence_se: used(estimate.ln_evidence_se),
        shift: f64::NAN,
        shifted: String::new(),
        disagreeing: Vec::new(),
        round: estimate.round,
    }
}

/// Compares the means of `estimate` with those of the chains in `parameters`. Derived quantities
/// may follow the parameters.
pub(super) fn compare(estimate: &Estimate, parameters: &[ParameterSummary]) -> Importance {
    let mut found = alone(estimate);
    if !estimate.usable {
        return found;
    }
    let reliable = estimate.k_hat + estimate.k_hat_se < FINITE_VARIANCE;
    for (parameter, [mean, error]) in parameters.iter().zip(&estimate.means) {
        let Some(diagnostics) = &parameter.diagnostics else {
            continue;
        };
        let apart = (mean - parameter.mean).abs();
        let shift = apart / parameter.sd;
        if shift > SHIFT && apart > ERRORS * diagnostics.mcse_mean.hypot(*error) {
            // A method may miss a part of the posterior and never adds one: the narrower is in doubt.
            let weighted_sd = error * estimate.ess.sqrt();
            let doubted = match reliable && weighted_sd >= parameter.sd {
                true => Doubted::Chains,
                false => Doubted::Weights,
            };
            found.disagreeing.push((parameter.name.clone(), doubted));
        }
        if found.shift.is_nan() || shift > found.shift {
            found.shift = shift;
            found.shifted.clone_from(&parameter.name);
        }
    }
    found
}

/// Flags of the comparison.
pub(super) fn flags(found: &Importance) -> Vec<Flag> {
    if found.ess.is_nan() {
        return vec![Flag::from(Code::KHat)];
    }
    let about = |(name, doubted): &(String, Doubted)| {
        let code = match doubted {
            Doubted::Chains => Code::Shift,
            Doubted::Weights => Code::WeightShift,
        };
        Flag::about(code, name)
    };
    found.disagreeing.iter().map(about).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::Diagnostics;

    /// Flag of a mean that importance sampling has one sd above the chains', whose sd is 1.
    fn flag(k_hat: f64, weighted_sd: f64) -> Vec<String> {
        let estimate = Estimate {
            k_hat,
            k_hat_se: 0.1,
            usable: true,
            ess: 1600.0,
            ln_evidence: 0.0,
            ln_evidence_se: 0.0,
            means: vec![[1.0, weighted_sd / 40.0]],
            round: 0,
        };
        let mut parameter = super::super::finite_summary("T_low", &[-1.0, 0.0, 1.0]);
        parameter.diagnostics = Some(Diagnostics {
            r_hat: 1.0,
            nested_r_hat: f64::NAN,
            ess_bulk: 2500.0,
            ess_tail: 2500.0,
            mcse_mean: 0.02,
            mcse_sd: 0.02,
        });
        let found = compare(&estimate, &[parameter]);
        flags(&found).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_chains_are_in_doubt_where_reliable_weights_reach_as_far() {
        assert_eq!(flag(0.3, 1.1), ["is_shift:T_low"]);
    }

    #[test]
    fn the_weights_are_in_doubt_where_their_tail_is_heavy_or_the_chains_reach_further() {
        assert_eq!(flag(0.49, 1.1), ["is_shift_weights:T_low"]);
        assert_eq!(flag(0.3, 0.8), ["is_shift_weights:T_low"]);
    }
}
