//! Summary of one object's draws: percentiles, diagnostics, the fit of each line, and flags.

#![warn(clippy::wildcard_enum_match_arm)]

mod bounds;
mod chi2;
mod densities;
mod expected;
mod flags;
mod importance;
mod lines;
mod modes;
mod parameters;
mod physical;
mod temperatures;
mod undetected;
mod weighted;
mod withheld;

pub(crate) use parameters::finite_summary;
pub(crate) use physical::{negative_extinction, unphysical};

use crate::abundance::{self, Derived};
use crate::diagnostics::{Diagnostics, Workspace, e_bfmi};
use crate::draws::Draws;
use crate::emissivity::Set;
use crate::flag::{Class, Code, Flag};
use crate::importance::{Estimate, Sample};
use crate::metric::Mixture;
use crate::mode::Mode;
use crate::nuts::Sampled;
use crate::problem::Problem;

pub use chi2::Chi2;
pub use importance::Importance;
pub use modes::Modes;
pub use undetected::Limit;

/// Percentiles of each parameter, in percent.
pub const PERCENTILES: [f64; 5] = [2.5, 16.0, 50.0, 84.0, 97.5];
/// Name of log₁₀ n_e, which is computed draw by draw and summarised beside the parameters. The same
/// holds for the quantities of [`abundance::NAMES`].
pub(crate) const LOG_NE: &str = "log_ne";

/// Names of the quantities that are computed draw by draw from the parameters.
pub fn derived_names<'a>() -> impl Iterator<Item = &'a str> {
    std::iter::once(LOG_NE).chain(abundance::NAMES)
}

/// Status of an object after the fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Sampled, without a warning.
    Ok,
    /// Sampled, with a warning.
    Warn,
    /// Failed: the draws do not represent the posterior.
    Fail,
    /// Not fitted: the input is unusable.
    Rejected,
}

impl Status {
    /// Status as the files have it.
    pub fn name(self) -> &'static str {
        match self {
            Status::Ok => "ok",
            Status::Warn => "warn",
            Status::Fail => "fail",
            Status::Rejected => "rejected",
        }
    }
}

/// Parameter or derived quantity of one object.
#[derive(Clone, Debug)]
pub struct ParameterSummary {
    /// Name of the parameter or quantity.
    pub name: String,
    /// Values at [`PERCENTILES`].
    pub percentiles: [f64; 5],
    /// Posterior mean.
    pub mean: f64,
    /// Posterior standard deviation.
    pub sd: f64,
    /// R-hat, effective sample sizes and Monte Carlo errors; none where the parameter is fixed.
    pub diagnostics: Option<Diagnostics>,
    /// Numbers of the classical method; none of a posterior.
    pub classical: Option<Classical>,
}

/// Quantity of the classical method beside its percentiles.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Classical {
    /// Value at the measured fluxes, NaN if they give none.
    pub value: f64,
    /// Fraction of the Monte Carlo realisations without a value.
    pub failed: f64,
}

/// Line of one object.
#[derive(Clone, Debug)]
pub struct LineSummary {
    /// Label as the user wrote it.
    pub label: String,
    /// Measured flux relative to Hβ.
    pub flux: f64,
    /// Standard deviation in the likelihood.
    pub sigma: f64,
    /// Posterior mean of the model's flux.
    pub model: f64,
    /// Posterior standard deviation of the model's flux.
    pub model_sd: f64,
    /// Residual (flux − model) / sigma in the line's own likelihood. A log-Gaussian compares ln F,
    /// and an upper limit gives 0 unless the model exceeds the limit.
    pub pull: f64,
    /// Likelihood: `gaussian`, `log-gaussian`, `student-t`, `interval`, `outliers` or
    /// `upper-limit`.
    pub likelihood: &'static str,
    /// Fraction of draws outside the line's atomic data.
    pub outside: f64,
}

/// Numbers of one object.
#[derive(Clone, Debug)]
pub struct Summary {
    /// Parameters in the order of every file, then those of [`derived_names`] that the object has.
    pub parameters: Vec<ParameterSummary>,
    /// Lines, in the order of the problem.
    pub lines: Vec<LineSummary>,
    /// Ions that no line detects, with their limits.
    pub limits: Vec<Limit>,
    /// Fraction of the draws outside the range of the ionisation correction, for each of
    /// [`abundance::NAMES`]; NaN without a correction.
    pub icf_outside: [f64; abundance::NAMES.len()],
    /// Fraction of the draws outside the fit of f_tau; NaN where tau is not in the model.
    pub tau_outside: f64,
    /// Largest R-hat.
    pub rhat_max: f64,
    /// Largest nested R-hat; NaN where chains are few.
    pub nested_rhat_max: f64,
    /// Smallest bulk effective sample size.
    pub ess_bulk_min: f64,
    /// Smallest tail effective sample size.
    pub ess_tail_min: f64,
    /// Smallest E-BFMI of a chain, or of a superchain where chains are many.
    pub e_bfmi_min: f64,
    /// Number of draws after warm-up, all chains together, before any thinning.
    pub n_draws: usize,
    /// Number of looks at the draws, 1 for an object that passed or ended at the first.
    pub n_looks: u32,
    /// Number of divergent draws.
    pub n_divergent: usize,
    /// Number of draws with a trajectory of the largest depth.
    pub n_max_treedepth: usize,
    /// χ², its degrees of freedom and its p-value.
    pub chi2: Chi2,
    /// Log posterior density at the mode, with normalised prior and likelihood.
    pub lp_mode: f64,
    /// Comparison with importance sampling, if there is one.
    pub importance: Option<Importance>,
    /// Modes of the posterior; none of the classical method.
    pub modes: Option<Modes>,
    /// Number of gradients, with those of the warm-up.
    pub n_gradients: u64,
    /// Flags, the gravest first.
    pub flags: Vec<Flag>,
    /// Status that follows from the flags.
    pub status: Status,
}

/// Largest number of draws at which the model is evaluated again.
const FLUX_DRAWS: usize = 400;

/// Origin of an object's draws.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Origin<'o> {
    /// Chains, and the estimate of importance sampling beside them.
    Chains(Option<&'o Estimate>),
    /// Weighted draws of importance sampling, from which the draws were resampled.
    Weighted(&'o Sample),
}

/// Summarises one sampled object.
///
/// `modes` are the heaviest mode and the mixture of all modes, where there are several.
/// `conflicts` are the parameters with a prior that the data contradict. `workspaces` serve one
/// object after another, and threads may share one each. Diagnostics are of the draws before any
/// thinning. Numbers of the parameters are those of the weighted draws, where there are such.
pub(crate) fn summarise(
    problem: &Problem,
    set: &Set,
    (mode, mixture): (&Mode, Option<&Mixture>),
    conflicts: &[String],
    origin: Origin<'_>,
    (sampled, draws, derived): (&Sampled, &Draws, &Derived),
    workspaces: &mut [Workspace],
) -> Summary {
    let columns = draws.columns();
    let parameters = match origin {
        Origin::Chains(_) => parameters::summarise(problem, &columns, derived, draws.chains, workspaces),
        Origin::Weighted(sample) => weighted::summarise(problem, sample, derived, &mut workspaces[0]),
    };
    let fluxes = lines::fluxes(problem, set, sampled);
    let lines = lines::summarise(problem, set, &columns, &fluxes);
    let widths = flags::relative_widths(problem, sampled, &columns);
    let worst = |value: fn(&Diagnostics) -> f64, choose: fn(f64, f64) -> f64, none: f64| {
        parameters
            .iter()
            .filter_map(|p| p.diagnostics.as_ref())
            .map(value)
            .fold(none, choose)
    };
    let stats = &draws.sample_stats;
    let count = |flags: &[bool]| flags.iter().filter(|&&flag| flag).count();
    let mut summary = Summary {
        rhat_max: worst(|d| d.r_hat, nan_max, f64::NEG_INFINITY),
        nested_rhat_max: worst(|d| d.nested_r_hat, nan_max, f64::NEG_INFINITY),
        ess_bulk_min: worst(|d| d.ess_bulk, nan_min, f64::INFINITY),
        ess_tail_min: worst(|d| d.ess_tail, nan_min, f64::INFINITY),
        e_bfmi_min: match origin {
            Origin::Chains(_) => e_bfmi(&stats.energy, draws.chains)
                .into_iter()
                .fold(f64::INFINITY, nan_min),
            Origin::Weighted(_) => f64::NAN,
        },
        n_draws: match origin {
            Origin::Chains(_) => draws.chains * draws.draws,
            Origin::Weighted(sample) => sample.draws(),
        },
        n_looks: 1,
        n_divergent: count(&stats.diverging),
        n_max_treedepth: count(&stats.reached_max_treedepth),
        chi2: Chi2::new(problem, set, mode, (sampled, &fluxes), &widths),
        lp_mode: mode.logdensity,
        importance: match origin {
            Origin::Chains(estimate) => estimate.map(|estimate| importance::compare(estimate, &parameters)),
            Origin::Weighted(sample) => Some(importance::alone(sample.estimate())),
        },
        modes: Some(modes::weigh(mixture, sampled, draws.chains, &mut workspaces[0])),
        n_gradients: sampled.n_gradients + sampled.n_gradients_warmup,
        flags: Vec::new(),
        status: Status::Ok,
        limits: undetected::limits(problem, set, &columns),
        icf_outside: derived.outside,
        tau_outside: flags::tau_outside(problem, set, &columns),
        parameters,
        lines,
    };
    summary.flags = problem.flags.clone();
    let mut gate = flags::gate(&summary, draws);
    if matches!(origin, Origin::Weighted(_)) {
        gate.retain(|flag| !flags::is_of_chains(flag.code));
    }
    summary.flags.extend(gate);
    summary.flags.extend(summary.modes.iter().flat_map(modes::flags));
    let is_undetected = |name: &str| {
        let parameter = problem.parameters.iter().find(|parameter| parameter.name == name);
        parameter.is_some_and(|parameter| undetected::is_undetected(problem, set, parameter))
    };
    let conflicts = conflicts.iter().filter(|name| !is_undetected(name));
    summary
        .flags
        .extend(conflicts.map(|name| Flag::about(Code::Conflict, name)));
    summary
        .flags
        .extend(summary.importance.iter().flat_map(importance::flags));
    summary.flags.extend(flags::prior_dominated(problem, &widths));
    summary.flags.extend(temperatures::unmeasured(problem, set, sampled));
    let outside = temperatures::outside_relations(problem, &summary.parameters);
    summary.flags.extend(outside);
    summary.flags.extend(bounds::reached(problem, &columns));
    summary.flags.extend(densities::disagreeing(problem, set, sampled));
    summary.flags.extend(flags::outside(&summary.lines));
    summary.flags.extend(flags::outside_recombination(problem, &columns));
    summary.flags.extend(flags::outside_tau_box(summary.tau_outside));
    summary.flags.extend(physical::bluer(problem, set, &summary.parameters));
    summary.flags.extend(unphysical(&summary.parameters));
    summary.flags.extend(derived.flags.iter().cloned());
    summary.flags.extend(flags::undetected(&summary, problem, derived));
    withheld::withhold(&mut summary, problem, derived);
    summary.status = graded(&mut summary.flags);
    summary
}

/// Sorts flags, the gravest first, and returns the status that follows.
pub(crate) fn graded(flags: &mut [Flag]) -> Status {
    flags.sort_by_key(|flag| (std::cmp::Reverse(flag.code.class()), flag.clone()));
    match flags.first().map(|flag| flag.code.class()) {
        Some(Class::Fail) => Status::Fail,
        Some(Class::Warn) => Status::Warn,
        _ => Status::Ok,
    }
}

/// Larger of two numbers, or NaN if one is NaN: a diagnostic without a value must not pass.
fn nan_max(a: f64, b: f64) -> f64 {
    if a.is_nan() || a > b { a } else { b }
}

/// Smaller of two numbers, or NaN if one is NaN.
fn nan_min(a: f64, b: f64) -> f64 {
    if a.is_nan() || a < b { a } else { b }
}

/// Positions at equal intervals over all draws, at most `FLUX_DRAWS`.
fn thinned(positions: &[f64], dimension: usize) -> impl Iterator<Item = &[f64]> {
    let total = positions.len() / dimension;
    positions.chunks_exact(dimension).step_by(total.div_ceil(FLUX_DRAWS))
}

pub(crate) fn mean_sd(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|x| (x - mean).powi(2)).sum();
    (mean, (squares / (n - 1.0)).sqrt())
}
