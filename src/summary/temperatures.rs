//! Temperatures that the lines do not measure, with a posterior as wide as the prior, and relations
//! between temperatures outside their range.

use super::flags::{PRIOR_DOMINATED, score_sd};
use super::{ParameterSummary, expected};
use crate::emissivity::Set;
use crate::flag::{Code, Flag};
use crate::line::Ion;
use crate::model::record::NONE;
use crate::nuts::Sampled;
use crate::problem::{Parameter, Problem, ProblemZone, Source};

/// Expected width above which lines have no information on a temperature.
const UNSAID: f64 = 0.99;

/// Flags `no_thermometer` for the temperature of the zone of O²⁺, on which most of O/H depends.
/// Without O²⁺ every zone counts.
///
/// The rule takes the width of the posterior that the errors of the lines give in the mean. It
/// takes neither a detection nor the width in this object: a fluctuation of a faint auroral line
/// changes both. Such a rule would choose rows by the error of their temperature. Where no ratio of
/// metal lines depends on the temperature, there is no such fluctuation, and the object's own width
/// decides.
pub(super) fn unmeasured(problem: &Problem, set: &Set, sampled: &Sampled) -> Vec<Flag> {
    let mut names: Vec<&str> = concerned(problem)
        .filter(|zone| !is_measured(problem, set, sampled, &zone.temperature))
        .map(|zone| zone.temperature.as_str())
        .collect();
    names.sort_unstable();
    names.dedup();
    let flags = names.into_iter().map(|name| Flag::about(Code::NoThermometer, name));
    flags.collect()
}

/// Flags `relation_range` for each temperature that follows a relation outside its published range.
/// The posterior median on the right side of the relation counts.
pub(super) fn outside_relations(problem: &Problem, parameters: &[ParameterSummary]) -> Vec<Flag> {
    let median = |name: &str| {
        let parameter = parameters.iter().find(|parameter| parameter.name == name);
        parameter.map(|parameter| parameter.percentiles[2])
    };
    let flag = |zone: &ProblemZone| {
        let relation = zone.relation.as_ref()?;
        let [from, to] = relation.range;
        let outside = median(&relation.parent).is_some_and(|t| t < from || t > to);
        outside.then(|| Flag::about(Code::RelationRange, format!("{}:{}", zone.temperature, relation.name)))
    };
    problem.zones.iter().filter_map(flag).collect()
}

/// Zone of O²⁺, or all zones.
fn concerned(problem: &Problem) -> impl Iterator<Item = &ProblemZone> {
    let oxygen = problem.ions.iter().position(|ion| *ion == Ion::O3);
    let zone = oxygen.map(|ion| problem.object.ions[ion].zone as usize);
    let zones = problem.zones.iter().enumerate();
    zones
        .filter(move |(z, _)| zone.is_none_or(|own| own == *z))
        .map(|(_, zone)| zone)
}

/// True if a temperature is held, given by the user, or narrower than its prior. A temperature near
/// a relation to such a temperature is measured too.
fn is_measured(problem: &Problem, set: &Set, sampled: &Sampled, name: &str) -> bool {
    if problem
        .zones
        .iter()
        .any(|zone| zone.temperature == name && zone.is_given)
    {
        return true;
    }
    let parameter = problem.parameter_index(name).map(|index| &problem.parameters[index]);
    let Some((slot, coordinate)) = parameter.and_then(slot_and_coordinate) else {
        return true;
    };
    let slot = &problem.object.slots[slot];
    let expected = expected::standard_deviation(problem, set, sampled, coordinate);
    let width = match expected {
        ..UNSAID => expected,
        _ => score_sd(problem, sampled, slot, coordinate),
    };
    if width <= PRIOR_DOMINATED {
        return true;
    }
    let parent = problem
        .parameters
        .iter()
        .find(|p| p.source == Source::Slot(slot.parent as usize));
    slot.parent != NONE && parent.is_some_and(|parent| is_measured(problem, set, sampled, &parent.name))
}

/// Slot and coordinate of a sampled parameter that is a slot's value.
fn slot_and_coordinate(parameter: &Parameter) -> Option<(usize, usize)> {
    match parameter.source {
        Source::Slot(slot) => parameter.coordinate.map(|coordinate| (slot, coordinate)),
        Source::Exp10Slot(_) | Source::Metal(_) | Source::Helium(_) => None,
    }
}
