//! Flags of diagnostics, residuals and draws.

use std::f64::consts::LN_10;

use super::{LineSummary, Summary, mean_sd, thinned};
use crate::abundance::{self, Derived};
use crate::diagnostics::MANY_CHAINS;
use crate::draws::Draws;
use crate::emissivity::Set;
use crate::flag::{Code, Flag};
use crate::line::Ion;
use crate::model::code::{IonKind, SlotKind};
use crate::model::coordinate::low_snr::slot_score;
use crate::model::record::{NONE, Slot};
use crate::nuts::Sampled;
use crate::problem::{HE1_SHIFT, Parameter, Problem, Recombined, Source};

/// R-hat at which an object fails.
const R_HAT: f64 = 1.01;
/// Effective sample size, bulk and tail, below which an object fails.
const ESS: f64 = 400.0;
/// Fraction of draws that are divergent, or at the largest depth, above which an object fails.
const BAD_DRAWS: f64 = 0.01;
/// E-BFMI below which an object fails.
const E_BFMI: f64 = 0.3;
/// p-value of χ² below which there is a warning.
const CHI2_P: f64 = 1e-3;
/// Pull above which a line is named.
const PULL: f64 = 4.0;
/// Posterior sd over prior sd, in the sampling coordinate, above which a parameter is
/// prior-dominated.
pub(super) const PRIOR_DOMINATED: f64 = 0.8;
/// Fraction of draws outside a range of data above which there is a flag.
const OUTSIDE: f64 = 0.01;
/// Fraction of draws outside the fit of f_tau above which there is a flag. The fit ends at few
/// hundred particles per cm³, below the densities of most priors: a smaller fraction would flag
/// nearly all objects.
const MOSTLY: f64 = 0.5;

/// Flags of diagnostics and residuals. Of many short chains R-hat says little: half a chain has few
/// draws, and its mean scatters about the posterior's. Nested R-hat is taken then.
pub(super) fn gate(summary: &Summary, draws: &Draws) -> Vec<Flag> {
    let fraction = |count: usize| count as f64 / (draws.chains * draws.draws) as f64;
    let r_hat = match draws.chains {
        MANY_CHAINS.. => summary.nested_rhat_max,
        _ => summary.rhat_max,
    };
    // Every test is a pass, so that NaN does not pass.
    let passes = [
        (Code::RHat, r_hat < R_HAT),
        (Code::EssBulk, summary.ess_bulk_min >= ESS),
        (Code::EssTail, summary.ess_tail_min >= ESS),
        (Code::EBfmi, summary.e_bfmi_min >= E_BFMI),
        (Code::Divergences, fraction(summary.n_divergent) <= BAD_DRAWS),
        (Code::TreeDepth, fraction(summary.n_max_treedepth) <= BAD_DRAWS),
        (
            Code::Divergence,
            summary.n_divergent == 0 || fraction(summary.n_divergent) > BAD_DRAWS,
        ),
    ];
    let failed = passes.into_iter().filter(|(_, passed)| !passed);
    let mut flags: Vec<Flag> = failed.map(|(code, _)| code.into()).collect();
    // An object of which nothing contradicts the model has no p-value.
    if summary.chi2.p < CHI2_P {
        let worst = summary
            .lines
            .iter()
            .max_by(|a, b| a.pull.abs().total_cmp(&b.pull.abs()));
        flags.push(Flag::about(Code::Chi2, worst.map_or("", |line| &line.label)));
    }
    let pulled = summary.lines.iter().filter(|line| line.pull.abs() > PULL);
    flags.extend(pulled.map(|line| Flag::about(Code::Pull, &line.label)));
    flags
}

/// True for a check of chains, which draws without chains do not have.
pub(super) fn is_of_chains(code: Code) -> bool {
    [
        Code::RHat,
        Code::EssBulk,
        Code::EssTail,
        Code::EBfmi,
        Code::Divergences,
        Code::TreeDepth,
        Code::Divergence,
    ]
    .contains(&code)
}

/// Posterior sd over prior sd of each parameter that is sampled, with its index among the
/// parameters. The scale is that of the sampling coordinate: the prior's normal score, ln X of an
/// ion sampled by flux, or the value itself under a softplus. `columns` are the draws of each
/// parameter.
pub(super) fn relative_widths(problem: &Problem, sampled: &Sampled, columns: &[Vec<f64>]) -> Vec<(usize, f64)> {
    let object = &problem.object;
    let width = |(parameter, column): (&Parameter, &Vec<f64>), coordinate: usize| {
        let score_sd_of =
            |score: &dyn Fn(f64) -> f64| mean_sd(&thinned(column, 1).map(|v| score(v[0])).collect::<Vec<_>>()).1;
        match parameter.source {
            Source::Metal(ion) if object.ions[ion].kind == IonKind::Flux => {
                score_sd_of(&|x| x * LN_10 * object.ions[ion].inverse_width)
            }
            Source::Helium(ion) if object.ions[ion].kind == IonKind::Flux => {
                score_sd_of(&|x| x.ln() * object.ions[ion].inverse_width)
            }
            Source::Slot(slot) if object.slots[slot].kind == SlotKind::Softplus => {
                let prior_sd = parameter.prior.standard_deviation();
                score_sd_of(&|x| x / prior_sd)
            }
            Source::Slot(slot) | Source::Exp10Slot(slot) => score_sd(problem, sampled, &object.slots[slot], coordinate),
            Source::Metal(_) | Source::Helium(_) => {
                let positions = thinned(&sampled.positions, object.dimension());
                mean_sd(&positions.map(|position| position[coordinate]).collect::<Vec<_>>()).1
            }
        }
    };
    let parameters = problem.parameters.iter().zip(columns).enumerate();
    let sampled = parameters.filter_map(|(index, pair)| Some((index, pair, pair.0.coordinate?)));
    sampled
        .map(|(index, pair, coordinate)| (index, width(pair, coordinate)))
        .collect()
}

/// Flags parameters with a posterior nearly as wide as their prior. A value that follows another by
/// a relation has its scatter as prior, and the decision `tied` says so. The shift between two sets
/// of emissivities is an error of theory, which lines are not meant to measure.
pub(super) fn prior_dominated(problem: &Problem, widths: &[(usize, f64)]) -> Vec<Flag> {
    let is_wide = |(index, width): &&(usize, f64)| {
        let parameter = &problem.parameters[*index];
        *width > PRIOR_DOMINATED && parameter.name != HE1_SHIFT && !follows_another(problem, parameter)
    };
    let wide = widths.iter().filter(is_wide);
    wide.map(|(index, _)| Flag::about(Code::PriorDominated, &problem.parameters[*index].name))
        .collect()
}

/// True if the location of a parameter's prior is another parameter's value.
fn follows_another(problem: &Problem, parameter: &Parameter) -> bool {
    match parameter.source {
        Source::Slot(slot) | Source::Exp10Slot(slot) => problem.object.slots[slot].parent != NONE,
        Source::Metal(_) | Source::Helium(_) => false,
    }
}

/// Posterior standard deviation of a slot's score; the prior has 1.
pub(super) fn score_sd(problem: &Problem, sampled: &Sampled, slot: &Slot<f64>, coordinate: usize) -> f64 {
    let positions = thinned(&sampled.positions, problem.object.dimension());
    let scores = positions.map(|position| slot_score(slot, position[coordinate])[0]);
    mean_sd(&scores.collect::<Vec<_>>()).1
}

/// Flags the ions that no line detects, and the quantities that are computed from them.
pub(super) fn undetected(summary: &Summary, problem: &Problem, derived: &Derived) -> Vec<Flag> {
    let is_undetected = |ion: &str| summary.limits.iter().any(|limit| limit.ion == ion);
    let taken = abundance::ions_of(&derived.settings, |ion| problem.parameter_index(ion).is_some());
    let quantities = abundance::NAMES.iter().zip(&taken);
    let from_undetected = quantities.filter(|(_, ions)| ions.iter().any(|ion| is_undetected(ion)));
    let ions = summary.limits.iter().map(|limit| limit.ion.as_str());
    ions.chain(from_undetected.map(|(name, _)| *name))
        .map(|subject| Flag::about(Code::Undetected, subject))
        .collect()
}

/// Flags lines with more than 1 % of the draws outside their atomic data.
pub(super) fn outside(lines: &[LineSummary]) -> impl Iterator<Item = Flag> {
    let out = lines.iter().filter(|line| line.outside > OUTSIDE);
    out.map(|line| Flag::about(Code::Outside, &line.label))
}

/// Flags lines fed by recombination with more than 1 % of the draws outside the temperatures of the
/// fit.
pub(super) fn outside_recombination(problem: &Problem, columns: &[Vec<f64>]) -> impl Iterator<Item = Flag> {
    let out = |recombined: &Recombined| {
        let [low, high] = recombined.range;
        let temperature = problem.parameter_index(&problem.zones[recombined.zone].temperature);
        let values = temperature.map_or([].as_slice(), |index| &columns[index]);
        let out = values.iter().filter(|t| **t < low || **t > high).count();
        out as f64 > OUTSIDE * values.len() as f64
    };
    let fed = problem
        .lines
        .iter()
        .filter(move |line| line.recombination.as_ref().is_some_and(out));
    fed.map(|line| Flag::about(Code::RecombinationRange, &line.label))
}

/// Fraction of draws outside the fit of f_tau; NaN without tau.
pub(super) fn tau_outside(problem: &Problem, set: &Set, columns: &[Vec<f64>]) -> f64 {
    let column = |name: &str| {
        problem
            .parameter_index(name)
            .map_or([].as_slice(), |index| &columns[index])
    };
    let tau = column("tau");
    let law = &set.f_tau;
    let within = |value: f64, [from, to]: [f64; 2]| (from..=to).contains(&value);
    let helium = problem.ions.iter().position(|ion| *ion == Ion::HE1);
    let zone = helium.map_or(0, |ion| problem.object.ions[ion].zone as usize); // tau has no part without He I
    let zone = &problem.zones[zone];
    let (t, density) = (column(&zone.temperature), column(&zone.density));
    let inside = |i: usize| within(t[i], law.valid_t) && within(density[i], law.valid_n) && tau[i] <= law.tau_max;
    let out = |&i: &usize| !inside(i);
    (0..tau.len()).filter(out).count() as f64 / tau.len() as f64
}

/// Flags tau where most draws are outside the fit of f_tau.
pub(super) fn outside_tau_box(fraction: f64) -> Option<Flag> {
    (fraction > MOSTLY).then(|| Flag::about(Code::TauBox, "tau"))
}
