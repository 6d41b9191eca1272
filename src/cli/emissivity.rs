//! `nebulium emissivity`: log₁₀ of emissivities relative to Hβ at given points, as CSV.

use std::fmt::Write;

use super::args::Emissivity;
use super::{Failure, GOOD, INPUT, Outcome, USAGE, during, input, say, warn};
use crate::config::Emissivities;
use crate::emissivity::{Axis, Set};
use crate::report::counted;
use crate::table::{Columns, read_columns};

/// Columns of the table of points.
const COLUMNS: [&str; 3] = ["line", "T", "n_e"];

/// Prints a row for each point, in the order of the table.
pub(super) fn run(arguments: &Emissivity) -> Outcome {
    let Some(path) = &arguments.points else {
        return list();
    };
    let choice = Emissivities {
        f_tau: None,
        ions: arguments.with.iter().cloned().collect(),
    };
    let set = choice.applied_to(input::whole_set(arguments.emissivities.as_deref())?);
    let set = set.map_err(during(USAGE))?;
    let points = read_columns(path, &COLUMNS.map(String::from)).map_err(during(INPUT))?;
    let mut text = "line,T,n_e,log10_ratio\n".to_owned();
    let mut beyond = 0;
    for row in 0..points.len() {
        beyond += usize::from(write_point(&mut text, &set, &points, row)?);
    }
    say(&text);
    if beyond > 0 {
        let (t, n) = (range(&set.axes.log10_t), range(&set.axes.log10_ne));
        warn(&format!(
            "warning: points beyond the nodes, T {t} K and n_e {n} cm-3: {beyond}; they are extrapolated"
        ));
    }
    Ok(GOOD)
}

/// Prints the sets that are part of the program, their lines and what they are made from.
fn list() -> Outcome {
    let mut text = String::new();
    for name in Set::names() {
        let set = Set::named(name).map_err(during(USAGE))?;
        let lines = counted(set.list.lines.len(), "line");
        writeln!(text, "{name}: {lines}; {}", set.description).expect("a string takes all");
    }
    say(&text);
    Ok(GOOD)
}

/// Writes a point's row; whether it lies beyond the nodes.
fn write_point(text: &mut String, set: &Set, points: &Columns, row: usize) -> Result<bool, Failure> {
    let [label, t, n_e] = [0, 1, 2].map(|column| points.field(row, column));
    let resolved = set
        .list
        .resolve(label.text(), &[])
        .map_err(|error| during(INPUT)(label.label(error)))?;
    let number = |field: &crate::table::Field<'_>, what| field.number(what, |value| value > 0.0).map_err(during(INPUT));
    let (kelvin, density) = (
        number(&t, "a temperature in K, > 0")?,
        number(&n_e, "a density in cm-3, > 0")?,
    );
    let ratio = set.log10_ratio(&resolved, kelvin, density);
    writeln!(text, "{},{},{},{ratio}", label.text(), t.text(), n_e.text()).expect("a string takes all");
    Ok(!inside(&set.axes.log10_t, kelvin) || !inside(&set.axes.log10_ne, density))
}

fn inside(axis: &Axis, value: f64) -> bool {
    // A node's own value, written with a few digits, is not beyond it.
    const ROUNDING: f64 = 1e-6;
    (axis.first - ROUNDING..=axis.last + ROUNDING).contains(&value.log10())
}

fn range(axis: &Axis) -> String {
    format!("{:.3e} to {:.3e}", 10_f64.powf(axis.first), 10_f64.powf(axis.last))
}
