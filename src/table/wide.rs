//! The wide form of a catalogue: one row an object, a column a line.

use std::collections::HashMap;
use std::sync::Arc;

use csv::StringRecord;

use super::builder::{Builder, Cells};
use super::cell::{Cell, Place};
use super::header::LineColumns;
use super::rows::Rows;
use super::{Entry, Warning};
use crate::error::{Error, Result};
use crate::line::Resolved;

/// A line and its columns.
type Columns<'a> = (Arc<Resolved>, &'a LineColumns);

/// Reads all rows.
pub(crate) fn read(rows: &mut Rows, place: &Place) -> Result<(Vec<Entry>, Vec<Warning>)> {
    let columns = rows.header.wide(place)?;
    let names = rows.header.names.clone();
    let lines: Vec<Columns> = columns
        .lines
        .iter()
        .map(|columns| (Arc::new(columns.line.clone()), columns))
        .collect();
    let unused = place.settings.blends.keys().filter(|label| !names.contains(label));
    let mut warnings: Vec<Warning> = unused
        .map(|label| Warning::UnusedBlend { label: label.clone() })
        .collect();
    let mut entries = Vec::new();
    let mut first_rows: HashMap<String, usize> = HashMap::new();
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
        let cell = |column: usize| Cell {
            path: place.path,
            row: row.number,
            column: &names[column],
            value: row.get(column),
        };
        let mut builder = named(cell(columns.object), &mut first_rows);
        for prior in &columns.priors {
            builder.prior(&prior.parameter, prior.is_sd, cell(prior.index));
        }
        for (line, columns) in &lines {
            let (flux, flux_err) = (cell(columns.flux), cell(columns.flux_err));
            let cells = Cells {
                line: flux,
                flux,
                flux_err,
                ew: columns.ew.map(cell),
                limit: None,
            };
            builder.measure(line, &cells, place);
        }
        let (entry, of_object) = builder.finish(place);
        entries.push(entry);
        warnings.extend(of_object);
    }
    Ok((entries, warnings))
}

/// An object by its name, rejected if it has none or one that stands in an earlier row.
fn named(cell: Cell, first_rows: &mut HashMap<String, usize>) -> Builder {
    let (id, row) = (cell.value, cell.row);
    let mut builder = Builder::new(id, row);
    if id.is_empty() {
        builder.reject(cell.wrong("an object's name"));
    } else if let Some(first_row) = first_rows.get(id) {
        let (path, object) = (cell.path.to_owned(), id.to_owned());
        builder.reject(Error::DuplicateObject {
            path,
            row,
            object,
            first_row: *first_row,
        });
    } else {
        first_rows.insert(id.to_owned(), row);
    }
    builder
}
