//! One object's draws in numbers: percentiles, diagnostics, the fit of each line, and the flags that follow.

#![warn(clippy::wildcard_enum_match_arm)]

mod bounds;
mod densities;
mod expected;
mod flags;
mod importance;
mod lines;
mod parameters;
mod physical;
mod temperatures;
mod undetected;
mod withheld;

pub(crate) use parameters::finite_summary;
pub(crate) use physical::{negative_extinction, unphysical};

use crate::abundance::{self, Derived};
use crate::diagnostics::{Diagnostics, Workspace, e_bfmi};
use crate::draws::Draws;
use crate::emissivity::Set;
use crate::flag::{Class, Code, Flag};
use crate::importance::Estimate;
use crate::mode::Mode;
use crate::model::Evaluator;
use crate::nuts::Sampled;
use crate::problem::Problem;

pub use importance::Importance;
pub use undetected::Limit;

/// Percentiles given of each parameter, in percent.
pub const PERCENTILES: [f64; 5] = [2.5, 16.0, 50.0, 84.0, 97.5];
/// log₁₀ n_e, computed draw by draw and summarised beside the parameters, as are the quantities of [`abundance::NAMES`].
pub(crate) const LOG_NE: &str = "log_ne";

/// All that is computed draw by draw from the parameters and summarised beside them.
pub fn derived_names<'a>() -> impl Iterator<Item = &'a str> {
    std::iter::once(LOG_NE).chain(abundance::NAMES)
}

/// What became of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Sampled, and nothing to warn of.
    Ok,
    /// Sampled, and something to look at.
    Warn,
    /// The draws do not represent the posterior.
    Fail,
    /// Not fitted: its input is unusable.
    Rejected,
}

impl Status {
    /// The status as it stands in the files.
    pub fn name(self) -> &'static str {
        match self {
            Status::Ok => "ok",
            Status::Warn => "warn",
            Status::Fail => "fail",
            Status::Rejected => "rejected",
        }
    }
}

/// One parameter (or derived quantity) of one object.
#[derive(Clone, Debug)]
pub struct ParameterSummary {
    /// Its name.
    pub name: String,
    /// Its `PERCENTILES`.
    pub percentiles: [f64; 5],
    /// Posterior mean.
    pub mean: f64,
    /// Posterior standard deviation.
    pub sd: f64,
    /// R-hat, effective sample sizes and Monte Carlo errors; none where the parameter is fixed.
    pub diagnostics: Option<Diagnostics>,
    /// What the classical method has besides; none of a posterior.
    pub classical: Option<Classical>,
}

/// A quantity of the classical method beside its percentiles.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Classical {
    /// Its value at the fluxes as measured, NaN if they give none.
    pub value: f64,
    /// Fraction of the Monte Carlo realisations without a value.
    pub failed: f64,
}

/// One line of one object.
#[derive(Clone, Debug)]
pub struct LineSummary {
    /// Its label as the user wrote it.
    pub label: String,
    /// Measured flux relative to Hβ.
    pub flux: f64,
    /// Its standard deviation in the likelihood.
    pub sigma: f64,
    /// Posterior mean of the model's flux.
    pub model: f64,
    /// Posterior standard deviation of the model's flux.
    pub model_sd: f64,
    /// (flux − model) / sigma in the likelihood's own terms: of a log-Gaussian in ln F; of an upper limit 0 unless the model
    /// exceeds it.
    pub pull: f64,
    /// Its likelihood: `gaussian`, `log-gaussian`, `student-t` or `upper-limit`.
    pub likelihood: &'static str,
    /// Fraction of draws at which the line is outside its atomic data.
    pub outside: f64,
}

/// One object in numbers.
#[derive(Clone, Debug)]
pub struct Summary {
    /// The parameters in the order of every file, then those of [`derived_names`] that the object has.
    pub parameters: Vec<ParameterSummary>,
    /// The lines.
    pub lines: Vec<LineSummary>,
    /// The ions that no line detects, with their limits.
    pub limits: Vec<Limit>,
    /// Fraction of the draws outside the range of the correction of each of [`abundance::NAMES`]; NaN where there is none.
    pub icf_outside: [f64; abundance::NAMES.len()],
    /// Largest R-hat.
    pub rhat_max: f64,
    /// Largest nested R-hat; NaN where chains are not many.
    pub nested_rhat_max: f64,
    /// Smallest bulk effective sample size.
    pub ess_bulk_min: f64,
    /// Smallest tail effective sample size.
    pub ess_tail_min: f64,
    /// Smallest E-BFMI of a chain, of a superchain where chains are many.
    pub e_bfmi_min: f64,
    /// Divergent draws.
    pub n_divergent: usize,
    /// Draws whose tree could not grow further.
    pub n_max_treedepth: usize,
    /// χ² at the mode.
    pub chi2: f64,
    /// ln of posterior density at the mode, prior and likelihood normalised.
    pub lp_mode: f64,
    /// Importance sampling beside the chains, if it was done.
    pub importance: Option<Importance>,
    /// Gradients evaluated, warm-up included.
    pub n_gradients: u64,
    /// Flags, the gravest first.
    pub flags: Vec<Flag>,
    /// What they come to.
    pub status: Status,
}

/// Draws, at most, at which the model is evaluated again.
const FLUX_DRAWS: usize = 400;

/// Everything about one sampled object.
///
/// `conflicts` are the parameters whose prior the data contradict, `estimate` is what importance sampling says, `workspaces` serve one
/// object after another, as many as threads may share each; diagnostics are of the draws as given, before any thinning.
pub fn summarise(
    problem: &Problem,
    set: &Set,
    mode: &Mode,
    conflicts: &[String],
    estimate: Option<&Estimate>,
    (sampled, draws, derived): (&Sampled, &Draws, &Derived),
    workspaces: &mut [Workspace],
) -> Summary {
    let columns = draws.columns();
    let parameters = parameters::summarise(problem, &columns, derived, draws.chains, workspaces);
    let lines = lines::summarise(problem, set, sampled, &columns);
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
        e_bfmi_min: e_bfmi(&stats.energy, draws.chains)
            .into_iter()
            .fold(f64::INFINITY, nan_min),
        n_divergent: count(&stats.diverging),
        n_max_treedepth: count(&stats.reached_max_treedepth),
        chi2: chi2(problem, set, mode),
        lp_mode: mode.logdensity,
        importance: estimate.map(|estimate| importance::compare(estimate, &parameters)),
        n_gradients: sampled.n_gradients + sampled.n_gradients_warmup,
        flags: Vec::new(),
        status: Status::Ok,
        limits: undetected::limits(problem, set, &columns),
        icf_outside: derived.outside,
        parameters,
        lines,
    };
    summary.flags = problem.flags.clone();
    summary.flags.extend(flags::gate(&summary, draws));
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
    summary.flags.extend(flags::prior_dominated(problem, sampled, &columns));
    summary.flags.extend(temperatures::unmeasured(problem, set, sampled));
    let outside = temperatures::outside_relations(problem, &summary.parameters);
    summary.flags.extend(outside);
    summary.flags.extend(bounds::reached(problem, &columns));
    summary.flags.extend(densities::disagreeing(problem, set, sampled));
    summary.flags.extend(flags::outside(&summary.lines));
    summary.flags.extend(flags::outside_recombination(problem, &columns));
    summary.flags.extend(flags::outside_tau_box(problem, set, &columns));
    summary.flags.extend(physical::bluer(problem, set, &summary.parameters));
    summary.flags.extend(unphysical(&summary.parameters));
    summary.flags.extend(derived.flags.iter().cloned());
    summary.flags.extend(flags::undetected(&summary, problem, derived));
    withheld::withhold(&mut summary, problem, derived);
    summary.status = graded(&mut summary.flags);
    summary
}

/// Sorts flags, the gravest first, and says what they come to.
pub(crate) fn graded(flags: &mut [Flag]) -> Status {
    flags.sort_by_key(|flag| (std::cmp::Reverse(flag.code.class()), flag.clone()));
    match flags.first().map(|flag| flag.code.class()) {
        Some(Class::Fail) => Status::Fail,
        Some(Class::Warn) => Status::Warn,
        _ => Status::Ok,
    }
}

/// χ², or twice the log likelihood lost against a perfect fit of every line where that is not Gaussian, at the mode.
fn chi2(problem: &Problem, set: &Set, mode: &Mode) -> f64 {
    let mut evaluator = Evaluator::new(&problem.object, &set.grid);
    evaluator.at(&mode.position);
    let nu = evaluator.slot(problem.object.header.nu as usize);
    let mut deviance = |l: usize| problem.deviance(l, evaluator.flux(l), nu);
    (0..problem.lines.len()).map(&mut deviance).sum()
}

/// The larger, or NaN if either is: a diagnostic that could not be computed must not pass.
fn nan_max(a: f64, b: f64) -> f64 {
    if a.is_nan() || a > b { a } else { b }
}

/// The smaller, or NaN if either is.
fn nan_min(a: f64, b: f64) -> f64 {
    if a.is_nan() || a < b { a } else { b }
}

/// Sampled positions, at most `FLUX_DRAWS` of them, at equal intervals over all draws.
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
