//! Outlook on the fit of an object: lines and their members, zones, parameters with priors,
//! decisions.

use std::fmt::Write;

use super::check::is_suspicion;
use crate::emissivity::Set;
use crate::flag::Flag;
use crate::model::record::NONE;
use crate::problem::{Family, Parameter, Prior, Problem, Source};

/// Columns that a list of lines is broken at.
const WIDTH: usize = 100;

/// An object's problem in words.
pub fn outlook(problem: &Problem, set: &Set) -> String {
    let mut text = head(problem);
    let single = problem.lines.iter().filter(|line| line.members.len() == 1);
    wrapped(
        &mut text,
        "  lines",
        &single
            .map(|line| named(&line.label, &set.list.lines[line.members[0]].label))
            .collect::<Vec<_>>(),
    );
    for line in problem.lines.iter().filter(|line| line.members.len() > 1) {
        let members: Vec<&str> = line
            .members
            .iter()
            .map(|&member| set.list.lines[member].label.as_str())
            .collect();
        writeln!(text, "  merged: {} = {}", line.label, members.join(" + ")).expect("a string takes all");
    }
    text.push_str(&zones_and_parameters(problem));
    text.push_str(&decisions(problem.flags.iter()));
    text
}

/// The number of lines and parameters of a problem, its zones, parameters with priors, and flags
/// with advice, without those that are told as suspicions.
pub(super) fn model(problem: &Problem) -> String {
    let others = problem.flags.iter().filter(|flag| !is_suspicion(flag));
    [head(problem), zones_and_parameters(problem), decisions(others)].concat()
}

fn head(problem: &Problem) -> String {
    let free = problem.object.dimension();
    format!("  {} lines, {free} free parameters\n", problem.lines.len())
}

fn zones_and_parameters(problem: &Problem) -> String {
    let mut text = String::new();
    for (place, zone) in problem.zones.iter().enumerate() {
        let ions = problem.ions.iter().zip(&problem.object.ions);
        let there = ions.filter(|(_, record)| record.zone as usize == place);
        let there: Vec<String> = there.map(|(ion, _)| ion.to_string()).collect();
        wrapped(&mut text, &format!("  {} zone", zone.name), &there);
        let (temperature, rule, density) = (&zone.temperature, &zone.rule, &zone.density);
        writeln!(text, "    {temperature} ({rule}), {density}").expect("a string takes all");
    }
    writeln!(text, "  likelihood: {}", likelihoods(problem)).expect("a string takes all");
    text.push_str("  parameters:\n");
    let row = |parameter: &Parameter| vec![format!("    {}", parameter.name), described(problem, parameter)];
    let rows: Vec<Vec<String>> = problem.parameters.iter().map(row).collect();
    text.push_str(&super::aligned(&rows, 1));
    text
}

/// Flags with advice under a head; nothing without flags.
fn decisions<'f>(flags: impl Iterator<Item = &'f Flag>) -> String {
    let rows: String = flags
        .map(|flag| format!("    {flag}: {}\n", flag.code.advice()))
        .collect();
    match rows.is_empty() {
        true => rows,
        false => format!("  decisions:\n{rows}"),
    }
}

/// A label, and the line it was taken for where that is called otherwise.
fn named(label: &str, line: &str) -> String {
    if label == line {
        label.to_owned()
    } else {
        format!("{label} (= {line})")
    }
}

/// `title: a, b, c` over as many rows as it takes; nothing for no items.
fn wrapped(text: &mut String, title: &str, items: &[String]) {
    if items.is_empty() {
        return;
    }
    let mut row = format!("{title}:");
    for (place, item) in items.iter().enumerate() {
        if row.len() + item.len() > WIDTH {
            text.push_str(&row);
            text.push('\n');
            row = "   ".to_owned();
        }
        write!(row, " {item}{}", if place + 1 < items.len() { "," } else { "" }).expect("a string takes all");
    }
    text.push_str(&row);
    text.push('\n');
}

/// A parameter's prior, with what it is tied to, or of which it is the logarithm.
fn described(problem: &Problem, parameter: &Parameter) -> String {
    let prior = prior(&parameter.prior);
    match parameter.source {
        Source::Slot(slot) if problem.object.slots[slot].parent != NONE => related(problem, parameter),
        Source::Exp10Slot(slot) if problem.object.slots[slot].parent != NONE => {
            let slot = &problem.object.slots[slot];
            let (slope, intercept, scatter) = (slot.slope, slot.location, slot.width);
            format!("log10 ~ Normal({intercept} + {slope} log10 of that it follows, {scatter})")
        }
        Source::Exp10Slot(slot) if problem.object.slots[slot].log10 == 0 => format!("log10 ~ {prior}"),
        Source::Slot(_) | Source::Exp10Slot(_) | Source::Metal(_) | Source::Helium(_) => prior,
    }
}

/// How the lines are compared with the model, and how many so.
fn likelihoods(problem: &Problem) -> String {
    let mut kinds: Vec<(&str, usize)> = Vec::new();
    for line in &problem.lines {
        match kinds.iter_mut().find(|(kind, _)| *kind == line.likelihood) {
            Some((_, count)) => *count += 1,
            None => kinds.push((line.likelihood, 1)),
        }
    }
    let counted = kinds.into_iter().map(|(kind, count)| format!("{kind} ({count})"));
    counted.collect::<Vec<_>>().join(", ")
}

/// The relation that a temperature follows, and its cuts.
fn related(problem: &Problem, parameter: &Parameter) -> String {
    let zone = problem.zones.iter().find(|zone| zone.temperature == parameter.name);
    let rule = zone.map_or("", |zone| &zone.rule);
    let (lower, upper) = parameter.prior.support();
    format!("{rule}, from {lower} to {upper}")
}

/// A prior as one writes it: `0.1 · LogNormal(0, 1)`, `Normal(15000, 5000) cut to 5000 … 25000`.
fn prior(prior: &Prior) -> String {
    if let Some(value) = prior.fixed {
        return format!("fixed at {value}");
    }
    let family = prior.family.unwrap_or(Family::Uniform);
    let variate = family.text(prior.mean.unwrap_or(0.0), prior.sd.unwrap_or(1.0));
    let scaled = match prior.scale {
        Some(scale) if scale != 1.0 => format!("{scale} · {variate}"),
        _ => variate,
    };
    let moved = match prior.offset {
        Some(offset) if offset != 0.0 => format!("{offset} + {scaled}"),
        _ => scaled,
    };
    match (prior.lower, prior.upper) {
        (None, None) => moved,
        (Some(lower), None) => format!("{moved} above {lower}"),
        (None, Some(upper)) => format!("{moved} below {upper}"),
        (Some(lower), Some(upper)) => format!("{moved} from {lower} to {upper}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn priors_read_as_they_are_written() {
        assert_eq!(prior(&Prior::fixed(0.5)), "fixed at 0.5");
        assert_eq!(prior(&Prior::log_normal(0.0, 1.0, 0.1)), "0.1 · LogNormal(0, 1)");
        assert_eq!(
            prior(&Prior::normal(15e3, 5e3).cut(5e3, 25e3)),
            "Normal(15000, 5000) from 5000 to 25000"
        );
    }

    #[test]
    fn lists_are_broken() {
        let mut text = String::new();
        wrapped(&mut text, "lines", &vec!["O3_5007A".to_owned(); 30]);
        assert!(
            text.lines().count() > 1 && text.lines().all(|line| line.len() <= WIDTH + 2),
            "{text}"
        );
    }
}
