//! Wide form of a catalogue: one row per object, one column per line.

use std::collections::HashSet;
use std::sync::Arc;

use csv::StringRecord;

use super::builder::{Builder, Cells};
use super::cell::{Cell, Place};
use super::first_rows::FirstRows;
use super::header::{Header, OBJECT};
use super::names::Meaning;
use super::naming::{Naming, Part};
use super::pattern::{LineColumns, Pattern, WideColumns};
use super::row::Row;
use super::rows::Rows;
use super::rules::Rules;
use super::skip::Skip;
use super::{Entry, Take, Warning, Warnings};
use crate::error::{CatalogueError, Error, Result};
use crate::flag::Flag;
use crate::line::Resolved;

/// Prefix of an object's name in a table without names.
const NUMBERED: &str = "row";

/// Reads all rows, one object each. `id` names the only object of a table without a column of
/// names.
pub(crate) fn read(rows: &mut Rows, id: &str, pattern: &Pattern, place: &Place, take: Take) -> Result<Warnings> {
    let header = rows.header.clone();
    let columns = pattern.columns(&header, place)?;
    let mut skip = Skip::new(place.settings, &header)?;
    rows.select(&columns.read().chain(skip.columns()).collect::<Vec<_>>())?;
    let lines: Vec<Line> = columns.lines.iter().filter_map(line).collect();
    let rules = rules(&lines, place);
    let place = &Place {
        rules: &rules,
        ..*place
    };
    let reader = RowReader {
        lines,
        columns: &columns,
        header: &header,
        id,
        place,
    };
    let mut warnings = reader.unused_blends();
    let mut first_rows = FirstRows::default();
    let mut record = StringRecord::new();
    let mut read = 0;
    while let Some(row) = rows.next(&mut record)? {
        if skip.takes(&row) {
            continue;
        }
        read += 1;
        if read > 1 && columns.naming == Naming::File {
            return Err(header.missing(OBJECT));
        }
        let (entry, of_object) = reader.read(&row, &mut first_rows);
        take(entry)?;
        warnings.extend(of_object);
    }
    warnings.extend(skip.warnings());
    if columns.naming == Naming::Number {
        warnings.push(Warning::Nameless);
    }
    if !columns.unread.is_empty() {
        let unread = columns.unread.iter().map(|&column| header.names[column].clone());
        warnings.push(Warning::Unread {
            columns: unread.collect(),
        });
    }
    Ok(warnings)
}

/// A line, a flag if its name was not read literally, and its columns.
type Line<'a> = (Arc<Resolved>, Option<&'a Flag>, &'a LineColumns);

fn line(columns: &LineColumns) -> Option<Line<'_>> {
    match &columns.meaning {
        Meaning::Lines(line, flag) => Some((line.clone(), flag.as_ref(), columns)),
        Meaning::Ignored => None,
    }
}

/// Rules of the table. An Hβ that has a column is not implied where the cell is blank.
fn rules(lines: &[Line], place: &Place) -> Rules {
    let has_hbeta = lines.iter().any(|(line, ..)| line.members == [place.hbeta]);
    let mut rules = place.rules.clone();
    rules.hbeta = rules.hbeta.filter(|_| !has_hbeta);
    rules
}

/// Columns of a table, with their meaning.
struct RowReader<'a> {
    lines: Vec<Line<'a>>,
    columns: &'a WideColumns,
    header: &'a Header,
    id: &'a str,
    place: &'a Place<'a>,
}

impl<'a> RowReader<'a> {
    /// Warnings about members given for labels that no column has.
    fn unused_blends(&self) -> Warnings {
        let labels: HashSet<&str> = self.lines.iter().map(|(line, ..)| line.label.as_str()).collect();
        let used = |label: &str| labels.contains(label) || self.header.find(label).is_some();
        let unused = self.place.settings.blends.keys().filter(|label| !used(label));
        unused
            .map(|label| Warning::UnusedBlend { label: label.clone() })
            .collect()
    }

    fn read(&self, row: &Row, first_rows: &mut FirstRows) -> (Entry, Vec<Warning>) {
        let place = self.place;
        let cell = |column: usize| place.cell(row.number, &self.header.names[column], row.get(column));
        let name = self.name(row);
        let column = match self.columns.object.as_deref() {
            Some([Part::Column(column)]) => self.header.names[*column].as_str(),
            _ => OBJECT,
        };
        let mut builder = named(place.cell(row.number, column, &name), first_rows, place);
        builder.keep_columns(self.columns.kept.of(row));
        if let Err(reason) = self.header.check(row) {
            builder.reject_row(reason);
            return builder.finish(place);
        }
        for prior in &self.columns.priors {
            builder.prior(&prior.parameter, prior.is_sd, cell(prior.index));
        }
        builder.constant_priors(place);
        for (line, flag, columns) in &self.lines {
            let flux = cell(columns.flux);
            let cells = Cells {
                line: flux,
                flux,
                flux_err: columns.flux_err.map(cell),
                error_other: columns.error_other.map(cell),
                ew: columns.ew.map(cell),
                limit: columns.limit.map(cell),
            };
            builder.measure(line, *flag, &cells, place);
        }
        builder.finish(place)
    }

    /// Name of the object in a row; empty where a part of the name is blank.
    fn name(&self, row: &Row) -> String {
        let Some(parts) = &self.columns.object else {
            return match self.columns.naming {
                Naming::Number => format!("{NUMBERED} {}", row.number),
                Naming::File | Naming::Column => self.id.to_owned(),
            };
        };
        let blank = |part: &Part| matches!(part, Part::Column(column) if row.get(*column).is_empty());
        let text = |part: &Part| match part {
            Part::Text(text) => text.clone(),
            Part::Column(column) => row.get(*column).to_owned(),
            Part::Row => row.number.to_string(),
        };
        match parts.iter().any(blank) {
            true => String::new(),
            false => parts.iter().map(text).collect(),
        }
    }
}

/// Starts an object with its name. The object is rejected if it has no name, or the name of an
/// earlier row.
pub(super) fn named(cell: Cell, first_rows: &mut FirstRows, place: &Place) -> Builder {
    let (id, row) = (cell.value, cell.row);
    let mut builder = Builder::new(id, row, place);
    if id.is_empty() {
        builder.reject(cell.wrong("an object's name"));
    } else if let Some(first_row) = first_rows.earlier(id, row) {
        builder.reject(Error::Catalogue(CatalogueError::DuplicateObject {
            path: cell.path.to_owned(),
            row,
            object: id.to_owned(),
            first_row,
        }));
    }
    builder
}
