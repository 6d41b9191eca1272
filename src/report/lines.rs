//! Lines of a set of emissivities with their other names, and meanings of given names.

use std::fmt::Write;

use super::{aligned, meant};
use crate::emissivity::Set;
use crate::error::{Error, ExportError, Result};
use crate::line::{Line, NameSet, Reading, Said, names_of_line, names_of_sum};

/// Columns of [`lines_csv`]: wavelengths in Å, temperatures in K, densities in cm⁻³.
const COLUMNS: [&str; 11] = [
    "label",
    "ion",
    "wavelength_air",
    "wavelength_vac",
    "members",
    "names",
    "data",
    "T_min",
    "T_max",
    "ne_min",
    "ne_max",
];

/// Table of all lines by atomic data, with wavelengths in air and vacuum \[Å\] and other names;
/// then the sums.
pub fn lines_table(set: &Set) -> String {
    let labels = all_labels(set);
    let mut rows = Vec::new();
    let mut heads = Vec::new();
    let mut above = String::new();
    for (index, line) in set.list.lines.iter().enumerate() {
        let head = data(set, index);
        if head != above {
            heads.push((rows.len(), head.clone()));
            above = head;
        }
        let names = names_of_line(&set.list, &labels, index).join("  ");
        let wavelengths = [line.wavelength_air, line.wavelength_vac].map(|wavelength| format!("{wavelength:.3}"));
        let [air, vacuum] = wavelengths;
        rows.push(vec![format!("  {}", line.label), air, vacuum, names]);
    }
    let mut text = String::new();
    for (row, line) in aligned(&rows, 1).lines().enumerate() {
        for (_, head) in heads.iter().filter(|(first, _)| *first == row) {
            writeln!(text, "{head}").expect("a string takes all");
        }
        writeln!(text, "{line}").expect("a string takes all");
    }
    text + "Sums of lines\n" + &sums_table(set)
}

fn sums_table(set: &Set) -> String {
    let mut rows = Vec::new();
    for merged in &set.list.merged {
        let names = names_of_sum(&set.list, &positions(set, &merged.members)).join("  ");
        let mut members = merged.members.chunks(4).map(|some| some.join(" + ")).peekable();
        let mut first = Some((format!("  {}", merged.label), names));
        while let Some(some) = members.next() {
            let (label, names) = first.take().unwrap_or_default();
            let more = if members.peek().is_some() { " +" } else { "" };
            rows.push(vec![label, some + more, names]);
        }
    }
    aligned(&rows, 2)
}

/// All lines and sums as CSV, one row each.
///
/// # Errors
/// None, since the text is written to memory.
pub fn lines_csv(set: &Set) -> Result<String> {
    let labels = all_labels(set);
    let mut writer = csv::Writer::from_writer(Vec::new());
    let failed = |source: csv::Error| {
        Error::Export(ExportError::Write {
            path: "-".into(),
            source: std::io::Error::other(source),
        })
    };
    writer.write_record(COLUMNS).map_err(failed)?;
    for (index, line) in set.list.lines.iter().enumerate() {
        let names = names_of_line(&set.list, &labels, index).join(" | ");
        writer
            .write_record(csv_row(line, names, set.provenance[index].data.join(" ")))
            .map_err(failed)?;
    }
    for merged in &set.list.merged {
        let names = names_of_sum(&set.list, &positions(set, &merged.members)).join(" | ");
        let mut row = vec![String::new(); COLUMNS.len()];
        row[0].clone_from(&merged.label);
        (row[4], row[5]) = (merged.members.join("+"), names);
        writer.write_record(row).map_err(failed)?;
    }
    let bytes = writer.into_inner().map_err(|error| failed(error.into_error().into()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Table of the meaning of each name beside all others, and the number of names without a meaning.
pub fn meanings_table(set: &Set, names: &[String]) -> (String, usize) {
    let table = NameSet::new(&set.list, names.iter().map(String::as_str), None);
    let mut failed = 0;
    let rows = names.iter().map(|name| {
        let meaning = table.read(name).map_or_else(
            |error| {
                failed += 1;
                let error = Error::from(error);
                match meant(&error) {
                    Some(name) => format!("{error}; did you mean `{name}`?"),
                    None => error.to_string(),
                }
            },
            |reading| told(set, &reading),
        );
        vec![name.clone(), meaning]
    });
    let rows: Vec<Vec<String>> = rows.collect();
    (aligned(&rows, 1), failed)
}

fn told(set: &Set, reading: &Reading) -> String {
    let members = reading
        .line
        .members
        .iter()
        .map(|&member| set.list.lines[member].label.as_str());
    let members = members.collect::<Vec<_>>().join(" + ");
    match reading.said {
        None => members,
        Some(Said::Sum) => format!("{members}  (read as the sum: no other name gives one of them)"),
        Some(Said::Lone) => format!("{members}  (alone: its close neighbour is not among the names)"),
    }
}

fn all_labels(set: &Set) -> NameSet<'_> {
    NameSet::new(&set.list, set.list.lines.iter().map(|line| line.label.as_str()), None)
}

fn positions(set: &Set, members: &[String]) -> Vec<usize> {
    members.iter().filter_map(|label| set.list.position(label)).collect()
}

/// Atomic data of an ion, with their range.
fn data(set: &Set, index: usize) -> String {
    let line = &set.list.lines[index];
    let ([t_min, t_max], [n_min, n_max]) = (line.valid_t, line.valid_ne);
    let files = set.provenance[index].data.join(", ");
    format!(
        "{}: {files}; {t_min:.0} to {t_max:.0} K, {n_min:.1} to {n_max:.1e} cm-3",
        line.ion
    )
}

fn csv_row(line: &Line, names: String, data: String) -> Vec<String> {
    let mut row = vec![line.label.clone(), line.ion.to_string()];
    row.extend([line.wavelength_air, line.wavelength_vac].map(|wavelength| wavelength.to_string()));
    row.extend([String::new(), names, data]);
    row.extend([line.valid_t, line.valid_ne].concat().iter().map(f64::to_string));
    row
}
