//! The long form of a catalogue: one row a line of an object, rows of one object anywhere.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use csv::StringRecord;

use super::builder::{Builder, Cells};
use super::cell::{Cell, Place};
use super::header::LongColumns;
use super::rows::{Row, Rows};
use super::skip::Skip;
use super::{Entry, Warning};
use crate::error::{Error, Result};
use crate::line::Resolved;

/// Objects by name, in the order of their first rows.
#[derive(Default)]
struct Objects {
    builders: Vec<Builder>,
    index: HashMap<String, usize>,
}

impl Objects {
    fn get(&mut self, id: &str, row: usize) -> &mut Builder {
        let index = self.index.get(id).copied().unwrap_or_else(|| {
            self.builders.push(Builder::new(id, row));
            self.index.insert(id.to_owned(), self.builders.len() - 1);
            self.builders.len() - 1
        });
        &mut self.builders[index]
    }
}

/// What labels were resolved to, by label and members as given.
type Known = HashMap<String, HashMap<String, Arc<Resolved>>>;

/// Reads all rows.
pub(crate) fn read(rows: &mut Rows, place: &Place) -> Result<(Vec<Entry>, Vec<Warning>)> {
    let columns = rows.header.long(place.settings)?;
    let mut skip = Skip::new(place.settings, &rows.header)?;
    rows.select(&used(&columns, &skip))?;
    let names = rows.header.names.clone();
    let (mut objects, mut known) = (Objects::default(), Known::new());
    let mut unused: BTreeSet<&String> = place.settings.blends.keys().collect();
    let mut record = StringRecord::new();
    while let Some(row) = rows.next(&mut record)? {
        if skip.takes(&row) {
            continue;
        }
        let reader = RowReader {
            row: &row,
            names: &names,
            columns: &columns,
            place,
        };
        reader.read(&mut objects, &mut known);
        if !unused.is_empty() {
            unused.retain(|label| *label != row.get(columns.line));
        }
    }
    let mut warnings: Vec<Warning> = unused
        .into_iter()
        .map(|label| Warning::UnusedBlend { label: label.clone() })
        .collect();
    warnings.extend(skip.warnings());
    let mut entries = Vec::with_capacity(objects.builders.len());
    for mut builder in objects.builders {
        builder.constant_priors(place);
        let (entry, of_object) = builder.finish(place);
        entries.push(entry);
        warnings.extend(of_object);
    }
    Ok((entries, warnings))
}

/// The columns that are looked at.
fn used(columns: &LongColumns, skip: &Skip) -> Vec<usize> {
    let optional = [columns.flux_err, columns.ew, columns.blend, columns.limit];
    let priors = columns.priors.iter().map(|prior| prior.index);
    let used = [columns.object, columns.line, columns.flux].into_iter().chain(priors);
    used.chain(skip.columns())
        .chain(optional.into_iter().flatten())
        .collect()
}

/// One row and what its columns mean.
struct RowReader<'a> {
    row: &'a Row<'a>,
    names: &'a [String],
    columns: &'a LongColumns,
    place: &'a Place<'a>,
}

impl<'a> RowReader<'a> {
    fn cell(&self, column: usize) -> Cell<'a> {
        Cell {
            path: self.place.path,
            row: self.row.number,
            column: &self.names[column],
            value: self.row.get(column),
        }
    }

    fn read(&self, objects: &mut Objects, known: &mut Known) {
        let id = self.id();
        let builder = objects.get(id, self.row.number);
        if self.row.len() != self.names.len() {
            let (path, row) = (self.place.path.to_owned(), self.row.number);
            builder.reject_row(Error::FieldCount {
                path,
                row,
                found: self.row.len(),
                expected: self.names.len(),
            });
            return;
        }
        if id.is_empty() {
            builder.reject_row(self.cell(self.columns.object).wrong("an object's name"));
            return;
        }
        for prior in &self.columns.priors {
            builder.prior(&prior.parameter, prior.is_sd, self.cell(prior.index));
        }
        match self.line(known) {
            Err(error) => builder.reject_line(error),
            Ok(line) => {
                let cells = Cells {
                    line: self.cell(self.columns.line),
                    flux: self.cell(self.columns.flux),
                    flux_err: self.columns.flux_err.map(|column| self.cell(column)),
                    ew: self.columns.ew.map(|column| self.cell(column)),
                    limit: self.columns.limit.map(|column| self.cell(column)),
                };
                builder.measure(&line, &cells, self.place);
            }
        }
    }

    /// The object's name; empty where the file was cut within it.
    fn id(&self) -> &'a str {
        match self.row.cut && self.row.len() == self.columns.object + 1 && self.names.len() > self.row.len() {
            true => "",
            false => self.row.get(self.columns.object),
        }
    }

    fn line(&self, known: &mut Known) -> Result<Arc<Resolved>> {
        let cell = self.cell(self.columns.line);
        let blend = self
            .columns
            .blend
            .map(|column| self.cell(column))
            .filter(|blend| !blend.is_blank());
        let members = blend.map_or("", |blend| blend.value);
        if let Some(line) = known.get(cell.value).and_then(|of_label| of_label.get(members)) {
            return Ok(line.clone());
        }
        let list = match blend {
            Some(_) => members.split('+').map(|member| member.trim().to_owned()).collect(),
            None => self.place.settings.blends.get(cell.value).cloned().unwrap_or_default(),
        };
        if cell.is_blank() {
            return Err(cell.wrong("a line's label, such as O3_5007A"));
        }
        let resolved = self
            .place
            .list
            .resolve(cell.value, &list)
            .map_err(|error| blend.unwrap_or(cell).label(error))?;
        let line = Arc::new(resolved);
        known
            .entry(cell.value.to_owned())
            .or_default()
            .insert(members.to_owned(), line.clone());
        Ok(line)
    }
}
