//! The wide form of a catalogue: one row an object, a column a line.

use std::sync::Arc;

use csv::StringRecord;

use super::builder::{Builder, Cells, Given};
use super::cell::{Cell, Place};
use super::header::{LineColumns, OBJECT, Part, WideColumns};
use super::names::FirstRows;
use super::pattern::Pattern;
use super::rows::{Row, Rows};
use super::skip::Skip;
use super::{Entry, Take, Warning, Warnings};
use crate::error::{Error, Result};
use crate::line::{H_BETA, Resolved};

/// A line and its columns.
type Columns<'a> = (Arc<Resolved>, &'a LineColumns);

/// What stands for a name in a table whose rows have none.
const NUMBERED: &str = "row";

/// Reads all rows, an object each.
pub(crate) fn read(rows: &mut Rows, pattern: Option<&Pattern>, place: &Place, take: Take) -> Result<Warnings> {
    let columns = match pattern {
        Some(pattern) => pattern.columns(&rows.header, place)?,
        None => rows.header.wide(place)?,
    };
    let mut skip = Skip::new(place.settings, &rows.header)?;
    rows.select(&used(&columns, &skip))?;
    let names = rows.header.names.clone();
    let reader = RowReader {
        lines: columns
            .lines
            .iter()
            .map(|columns| (Arc::new(columns.line.clone()), columns))
            .collect(),
        hbeta: pattern.and_then(|pattern| pattern.hbeta),
        columns: &columns,
        names: &names,
        place,
    };
    let mut warnings = reader.unused_blends();
    let mut first_rows = FirstRows::default();
    let mut record = StringRecord::new();
    while let Some(row) = rows.next(&mut record)? {
        if row.len() != names.len() {
            let (path, found) = (place.path.to_owned(), row.len());
            return Err(Error::FieldCount {
                path,
                row: row.number,
                found,
                expected: names.len(),
            });
        }
        if skip.takes(&row) {
            continue;
        }
        let (entry, of_object) = reader.read(&row, &mut first_rows);
        take(entry)?;
        warnings.extend(of_object);
    }
    warnings.extend(skip.warnings());
    if columns.object.is_none() {
        warnings.push(Warning::Nameless);
    }
    let unread: Vec<String> = columns
        .unread
        .iter()
        .filter(|name| !place.settings.skip.contains_key(*name) && !place.settings.ignore_columns.contains(name))
        .cloned()
        .collect();
    if !unread.is_empty() {
        warnings.push(Warning::Unread { columns: unread });
    }
    Ok(warnings)
}

/// The columns that are looked at.
fn used(columns: &WideColumns, skip: &Skip) -> Vec<usize> {
    let lines = columns
        .lines
        .iter()
        .flat_map(|line| [Some(line.flux), line.flux_err, line.ew]);
    let object = columns.object.iter().flatten().map(|part| match part {
        Part::Column(column) => Some(*column),
        Part::Text(_) => None,
    });
    let priors = columns.priors.iter().map(|prior| Some(prior.index));
    let used = lines.chain(object).chain(priors).chain(skip.columns().map(Some));
    used.flatten().collect()
}

/// What the columns of a row mean.
struct RowReader<'a> {
    lines: Vec<Columns<'a>>,
    /// The flux of Hβ where it has no column.
    hbeta: Option<f64>,
    columns: &'a WideColumns,
    names: &'a [String],
    place: &'a Place<'a>,
}

impl RowReader<'_> {
    /// Members given for labels that no column has.
    fn unused_blends(&self) -> Warnings {
        let used = |label: &str| {
            let of_line = self.lines.iter().any(|(line, _)| line.label == label);
            of_line || self.names.iter().any(|name| name == label)
        };
        let unused = self.place.settings.blends.keys().filter(|label| !used(label));
        unused
            .map(|label| Warning::UnusedBlend { label: label.clone() })
            .collect()
    }

    fn read(&self, row: &Row, first_rows: &mut FirstRows) -> (Entry, Vec<Warning>) {
        let place = self.place;
        let cell = |column: usize| Cell {
            path: place.path,
            row: row.number,
            column: &self.names[column],
            value: row.get(column),
        };
        let mut builder = self.named(row, first_rows);
        for prior in &self.columns.priors {
            builder.prior(&prior.parameter, prior.is_sd, cell(prior.index));
        }
        builder.constant_priors(place);
        for (line, columns) in &self.lines {
            let flux = cell(columns.flux);
            let cells = Cells {
                line: flux,
                flux,
                flux_err: columns.flux_err.map(cell),
                ew: columns.ew.map(cell),
                limit: None,
            };
            builder.measure(line, &cells, place);
        }
        if let Some(flux) = self
            .hbeta
            .filter(|_| !self.lines.iter().any(|(line, _)| line.members == [place.hbeta]))
        {
            let line = Cell {
                path: place.path,
                row: row.number,
                column: H_BETA,
                value: "",
            };
            let given = Given {
                line,
                error_column: H_BETA,
                flux,
                flux_err: 0.0,
                ew: None,
                limit: false,
            };
            let hbeta = Resolved {
                label: H_BETA.to_owned(),
                members: vec![place.hbeta],
            };
            builder.push(&Arc::new(hbeta), &given, place);
        }
        builder.finish(place)
    }

    /// The object of a row by its name; by its row where the table has none.
    fn named(&self, row: &Row, first_rows: &mut FirstRows) -> Builder {
        let Some(parts) = &self.columns.object else {
            return Builder::new(&format!("{NUMBERED} {}", row.number), row.number);
        };
        let text = |part: &Part| match part {
            Part::Text(text) => text.clone(),
            Part::Column(column) => row.get(*column).to_owned(),
        };
        let name: String = parts.iter().map(text).collect();
        let blank = parts
            .iter()
            .any(|part| matches!(part, Part::Column(column) if row.get(*column).is_empty()));
        let column = match &parts[..] {
            [Part::Column(column)] => self.names[*column].as_str(),
            _ => OBJECT,
        };
        let cell = Cell {
            path: self.place.path,
            row: row.number,
            column,
            value: if blank { "" } else { &name },
        };
        named(cell, first_rows)
    }
}

/// An object by its name, rejected if it has none or one that stands in an earlier row.
fn named(cell: Cell, first_rows: &mut FirstRows) -> Builder {
    let (id, row) = (cell.value, cell.row);
    let mut builder = Builder::new(id, row);
    if id.is_empty() {
        builder.reject(cell.wrong("an object's name"));
    } else if let Some(first_row) = first_rows.earlier(id, row) {
        let (path, object) = (cell.path.to_owned(), id.to_owned());
        builder.reject(Error::DuplicateObject {
            path,
            row,
            object,
            first_row,
        });
    }
    builder
}
