//! One object in full: every line with its place in the table and its use, then the model.

use std::fmt::Write;

use super::aligned;
use super::check::significant;
use super::outlook::model;
use crate::emissivity::Set;
use crate::error::Error;
use crate::flag::Code;
use crate::line::H_BETA;
use crate::problem::Problem;
use crate::table::{Measurement, Object};
use crate::text::{echoed, printable, visible};

/// Digits of fluxes, and of less precise numbers.
const DIGITS: i32 = 4;
const ROUGH: i32 = 3;

/// Lines, suspicions and problem of an object, or the reason why it cannot be fitted.
pub fn object_in_full(object: &Object, problem: Result<&Problem, &Error>, suspicions: &[String], set: &Set) -> String {
    let mut text = format!("{}, from row {}\n\n", printable(&object.id), object.row);
    text.push_str(&lines(object, problem.ok(), set));
    if !suspicions.is_empty() {
        text.push_str("\n  suspicious:\n");
    }
    for suspicion in suspicions {
        writeln!(text, "{suspicion}").expect("a string takes all");
    }
    text.push('\n');
    match problem {
        Ok(problem) => text.push_str(&model(problem)),
        Err(reason) => text.push_str(&rejection(std::slice::from_ref(reason))),
    }
    text
}

/// Name of an object that could not be read, and all reasons.
pub fn rejected_in_full(id: &str, reasons: &[Error]) -> String {
    let name = if id.is_empty() {
        "(no name)".into()
    } else {
        printable(id)
    };
    format!("{name}\n{}", rejection(reasons))
}

fn rejection(reasons: &[Error]) -> String {
    let row = |reason: &Error| format!("    {}\n", visible(&reason.to_string()));
    let rows: String = reasons.iter().map(row).collect();
    format!("  rejected:\n{rows}")
}

/// One row per line, by wavelength, with the members of a merged line below it.
fn lines(object: &Object, problem: Option<&Problem>, set: &Set) -> String {
    let head = [
        "  line", "flux", "error", "S/N", "EW [Å]", "F/F(Hβ)", "±", "row", "column", "",
    ];
    let mut rows = vec![head.map(String::from).to_vec()];
    let mut meanings = vec![None];
    let mut measured: Vec<&Measurement> = std::iter::once(&object.hbeta).chain(&object.measurements).collect();
    let wavelength = |m: &Measurement| {
        m.line
            .members
            .first()
            .map_or(0.0, |&member| set.list.lines[member].wavelength_air)
    };
    measured.sort_by(|a, b| wavelength(a).total_cmp(&wavelength(b)));
    for measurement in measured {
        rows.push(row(object, measurement, problem));
        meanings.push(meaning(measurement, set));
    }
    let table = aligned(&rows, 2);
    let mut text = String::new();
    for (row, meaning) in table.lines().zip(meanings) {
        writeln!(text, "{row}").expect("a string takes all");
        if let Some(meaning) = meaning {
            writeln!(text, "    = {meaning}").expect("a string takes all");
        }
    }
    text
}

/// Members of a merged line, or the line of a label with another spelling.
fn meaning(measurement: &Measurement, set: &Set) -> Option<String> {
    let members = &measurement.line.members;
    let names: Vec<&str> = members
        .iter()
        .map(|&member| set.list.lines[member].label.as_str())
        .collect();
    (names != [measurement.line.label.as_str()]).then(|| names.join(" + "))
}

fn row(object: &Object, measurement: &Measurement, problem: Option<&Problem>) -> Vec<String> {
    let hbeta = std::ptr::eq(measurement, &object.hbeta);
    let (flux, error) = (measurement.flux, measurement.flux_err);
    let unit = if hbeta { 1.0 } else { object.hbeta.flux };
    let relative = if hbeta { 1.0 / flux } else { 1.0 };
    let snr = if error > 0.0 {
        significant(flux / error, ROUGH)
    } else {
        "-".to_owned()
    };
    let below = if measurement.limit { "<" } else { "" };
    vec![
        format!("  {}", echoed(&measurement.line.label)),
        format!("{below}{}", significant(flux * unit, DIGITS)),
        significant(error * unit, ROUGH),
        snr,
        measurement
            .ew
            .map_or_else(|| "-".to_owned(), |ew| significant(ew, ROUGH)),
        format!("{below}{}", significant(flux * relative, DIGITS)),
        significant(error * relative, ROUGH),
        measurement.row.to_string(),
        echoed(&measurement.column).into_owned(),
        fate(measurement, hbeta, problem),
    ]
}

/// Use of a line in the fit, with its flags.
fn fate(measurement: &Measurement, hbeta: bool, problem: Option<&Problem>) -> String {
    let Some(problem) = problem else {
        return String::new();
    };
    let label = &measurement.line.label;
    let used = problem.lines.iter().any(|line| line.label == *label);
    let own = |subject: &str| subject == label || hbeta && subject == H_BETA;
    let mut flags: Vec<Code> = problem
        .flags
        .iter()
        .filter(|flag| own(&flag.subject))
        .map(|flag| flag.code)
        .collect();
    let by_preset = flags.contains(&Code::LeftOut);
    flags.retain(|code| *code != Code::LeftOut);
    let fate = match (used, hbeta, measurement.limit) {
        (true, _, true) => "used as a limit",
        (true, _, false) => "used",
        (false, true, _) => "reference of all fluxes",
        (false, false, _) if by_preset => "left out by the preset",
        (false, false, _) => "left out by `exclude`",
    };
    let flags: Vec<&str> = flags.into_iter().map(Code::name).collect();
    match flags.is_empty() {
        true => fate.to_owned(),
        false => format!("{fate}: {}", flags.join(", ")),
    }
}
