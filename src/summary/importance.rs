//! Importance sampling beside the chains: how far their means are apart, and the evidence.

use super::ParameterSummary;
use crate::flag::{Code, Flag};
use crate::importance::Estimate;

/// Means apart by more than this many of their combined Monte Carlo errors …
const ERRORS: f64 = 5.0;
/// … and by more than this many posterior standard deviations are named …
const SHIFT: f64 = 0.1;
/// … where k̂ is below this: only weights of finite variance have errors that mean something (Vehtari et al. 2024, section 3.1).
const FINITE_VARIANCE: f64 = 0.5;

/// What importance sampling says of an object. Where k̂ forbids its use, everything but `k_hat` and `round` is NaN.
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
    /// The largest |difference| of the two means of a sampled parameter, in posterior standard deviations.
    pub shift: f64,
    /// That parameter; empty where k̂ forbids it to be named.
    pub shifted: String,
    /// Parameters whose means are further apart than Monte Carlo errors explain.
    pub disagreeing: Vec<String>,
    /// How often the proposal was refreshed.
    pub round: u32,
}

/// `estimate`, whose means are those of the parameters, beside what the chains say of `parameters` (derived ones may follow).
pub(super) fn compare(estimate: &Estimate, parameters: &[ParameterSummary]) -> Importance {
    let mut found = Importance {
        k_hat: estimate.k_hat,
        ess: f64::NAN,
        ln_evidence: f64::NAN,
        ln_evidence_se: f64::NAN,
        shift: f64::NAN,
        shifted: String::new(),
        disagreeing: Vec::new(),
        round: estimate.round,
    };
    if !estimate.usable {
        return found;
    }
    found.ess = estimate.ess;
    found.ln_evidence = estimate.ln_evidence;
    found.ln_evidence_se = estimate.ln_evidence_se;
    for (parameter, [mean, error]) in parameters.iter().zip(&estimate.means) {
        let Some(diagnostics) = &parameter.diagnostics else {
            continue;
        };
        let apart = (mean - parameter.mean).abs();
        let shift = apart / parameter.sd;
        let has_error = estimate.k_hat < FINITE_VARIANCE;
        if has_error && shift > SHIFT && apart > ERRORS * diagnostics.mcse_mean.hypot(*error) {
            found.disagreeing.push(parameter.name.clone());
        }
        if found.shift.is_nan() || shift > found.shift {
            found.shift = shift;
            found.shifted.clone_from(&parameter.name);
        }
    }
    found
}

/// What is to be said of the comparison.
pub(super) fn flags(found: &Importance) -> Vec<Flag> {
    if found.ess.is_nan() {
        return vec![Flag::from(Code::KHat)];
    }
    let about = |name: &String| Flag::about(Code::Shift, name);
    found.disagreeing.iter().map(about).collect()
}
