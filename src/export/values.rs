//! Values of an object that columns hold; NaN where the object has none.

use crate::abundance;
use crate::draws::Method;
use crate::fit::Outcome;
use crate::flag::{Class, Flag};
use crate::problem::Problem;
use crate::summary::{Classical, Importance, ParameterSummary, Status, Summary};

/// Reasons in the row of a rejected object: FITS pads each row to the longest text.
const REASONS: usize = 5;

fn summary(outcome: &Outcome) -> Option<&Summary> {
    outcome.fitted.as_ref().map(|fitted| &fitted.summary)
}

/// Method of the row's numbers.
pub(super) fn method(outcome: &Outcome) -> Option<Method> {
    outcome.fitted.as_ref().map(|fitted| fitted.method)
}

pub(super) fn importance(outcome: &Outcome) -> Option<&Importance> {
    summary(outcome)?.importance.as_ref()
}

fn parameter<'o>(outcome: &'o Outcome, name: &str) -> Option<&'o ParameterSummary> {
    summary(outcome)?.parameters.iter().find(|p| p.name == name)
}

pub(super) fn of_summary(outcome: &Outcome, value: fn(&Summary) -> f64) -> f64 {
    summary(outcome).map_or(f64::NAN, value)
}

pub(super) fn of_importance(outcome: &Outcome, value: fn(&Importance) -> f64) -> f64 {
    importance(outcome).map_or(f64::NAN, value)
}

pub(super) fn of_parameter(outcome: &Outcome, name: &str, value: fn(&ParameterSummary) -> f64) -> f64 {
    parameter(outcome, name).map_or(f64::NAN, value)
}

pub(super) fn of_problem(outcome: &Outcome, count: fn(&Problem) -> usize) -> f64 {
    let problem = outcome.problem.as_ref();
    problem.map_or(f64::NAN, |problem| count(problem) as f64)
}

pub(super) fn classical(outcome: &Outcome, name: &str, value: fn(Classical) -> f64) -> f64 {
    let own = parameter(outcome, name).and_then(|parameter| parameter.classical);
    own.map_or(f64::NAN, value)
}

/// Fractions of the draws in each mode, to three digits; empty of one mode.
pub(super) fn mode_weights(outcome: &Outcome) -> String {
    let modes = summary(outcome).and_then(|summary| summary.modes.as_ref());
    let modes = modes.filter(|modes| modes.weights.len() > 1);
    let text = |weight: &f64| format!("{weight:.3}");
    modes.map_or_else(String::new, |modes| {
        joined(&modes.weights.iter().map(text).collect::<Vec<_>>(), ";")
    })
}

/// S/N of the ratio that measures a temperature or density best.
pub(super) fn resolution(outcome: &Outcome, name: &str) -> f64 {
    let mut snr = outcome.problem.iter().flat_map(|problem| &problem.snr);
    let found = snr.find(|(of, _)| of == name);
    found.map_or(f64::NAN, |(_, sn)| *sn)
}

/// Upper limit of an ion that no line detects.
pub(super) fn limit(outcome: &Outcome, ion: &str) -> f64 {
    let mut limits = summary(outcome).into_iter().flat_map(|summary| &summary.limits);
    let found = limits.find(|limit| limit.ion == ion);
    found.map_or(f64::NAN, |limit| limit.below)
}

/// Fraction of draws outside the range of an element's ionisation correction.
pub(super) fn outside(outcome: &Outcome, element: &str) -> f64 {
    let place = abundance::NAMES.iter().position(|name| *name == element);
    let found = summary(outcome).zip(place);
    found.map_or(f64::NAN, |(summary, place)| summary.icf_outside[place])
}

/// Flags of an object that are decisions, or those that are not.
pub(super) fn of_decisions(outcome: &Outcome, decisions: bool) -> Vec<&Flag> {
    let is_decision = |flag: &&Flag| flag.code.class() == Class::Decision;
    let flags = outcome.flags.iter();
    flags.filter(|flag| is_decision(flag) == decisions).collect()
}

/// Reasons of a rejected object, or of a failed one its grave flags with their advice.
pub(super) fn reasons_of(outcome: &Outcome) -> String {
    let grave = outcome.flags.iter().filter(|flag| flag.code.class() == Class::Fail);
    let grave: Vec<String> = grave.map(|flag| format!("{flag}: {}", flag.code.advice())).collect();
    match outcome.status {
        Status::Fail => reasons(&grave),
        Status::Ok | Status::Warn | Status::Rejected => reasons(&outcome.reasons),
    }
}

/// The first reasons and the number of the others.
fn reasons<T: ToString>(reasons: &[T]) -> String {
    let more = reasons.len().saturating_sub(REASONS);
    let first = joined(&reasons[..reasons.len() - more], "; ");
    match more {
        0 => first,
        more => format!("{first}; and {more} more"),
    }
}

pub(super) fn joined<T: ToString>(items: &[T], separator: &str) -> String {
    let texts: Vec<String> = items.iter().map(ToString::to_string).collect();
    texts.join(separator)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flag::Code;

    #[test]
    fn a_failed_object_has_its_grave_flags_as_reason_and_its_decisions_apart() {
        let outcome = Outcome {
            index: 0,
            id: "a".into(),
            status: Status::Fail,
            flags: vec![Code::NoMode.into(), Code::FewLines.into(), Code::Absorption.into()],
            kept: Vec::new(),
            reasons: Vec::new(),
            problem: None,
            audit: Vec::new(),
            fitted: None,
        };
        assert_eq!(reasons_of(&outcome), format!("no_mode: {}", Code::NoMode.advice()));
        assert_eq!(joined(&of_decisions(&outcome, false), ";"), "no_mode;few_lines");
        assert_eq!(joined(&of_decisions(&outcome, true), ";"), "absorption");
    }

    #[test]
    fn of_many_reasons_the_first_are_given() {
        let some: Vec<usize> = (0..7).collect();
        assert_eq!(reasons(&some), "0; 1; 2; 3; 4; and 2 more");
        assert_eq!(reasons(&some[..5]), "0; 1; 2; 3; 4");
        assert_eq!(reasons(&some[..0]), "");
    }
}
