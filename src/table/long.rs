//! The long form of a catalogue: one row a line of an object, rows of one object anywhere.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::sync::Arc;

use csv::StringRecord;

use super::builder::{Builder, Cells};
use super::cell::{Cell, Place};
use super::header::LongColumns;
use super::rows::{Row, Rows};
use super::skip::Skip;
use super::{Take, Warning, Warnings};
use crate::error::{Error, Result};
use crate::line::Resolved;

/// The last row of each object, by name: its place among the rows that count, from 1.
pub(crate) type LastRows = HashMap<String, usize>;

/// Objects in the making, in the order of their first rows.
#[derive(Default)]
struct Objects {
    /// Each with whether its last row has been read.
    open: VecDeque<(Builder, bool)>,
    /// Number of the first of them among all objects.
    first: usize,
    /// Numbers by name.
    numbers: HashMap<String, usize>,
}

impl Objects {
    /// That of a row, which is its `last` or not.
    fn get(&mut self, id: &str, row: usize, last: bool) -> &mut Builder {
        let number = self.numbers.get(id).copied().unwrap_or_else(|| {
            let number = self.first + self.open.len();
            self.open.push_back((Builder::new(id, row), false));
            self.numbers.insert(id.to_owned(), number);
            number
        });
        if last {
            self.numbers.remove(id);
        }
        let (builder, complete) = &mut self.open[number - self.first];
        *complete = last;
        builder
    }

    /// The next in order, if it is complete, or if there are no more rows.
    fn next(&mut self, at_end: bool) -> Option<Builder> {
        self.open.front().filter(|(_, complete)| *complete || at_end)?;
        self.first += 1;
        self.open.pop_front().map(|(builder, _)| builder)
    }
}

/// Hands each row that the settings do not leave out to `take`, with its place among them, from 1.
fn each_row(
    rows: &mut Rows,
    columns: &LongColumns,
    skip: &mut Skip,
    place: &Place,
    mut take: impl FnMut(&RowReader, usize) -> Result<()>,
) -> Result<()> {
    let names = rows.header.names.clone();
    let (mut record, mut taken) = (StringRecord::new(), 0);
    while let Some(row) = rows.next(&mut record)? {
        if skip.takes(&row) {
            continue;
        }
        taken += 1;
        let reader = RowReader {
            row: &row,
            names: &names,
            columns,
            place,
        };
        take(&reader, taken)?;
    }
    Ok(())
}

/// Reads the names alone.
pub(crate) fn last_rows(rows: &mut Rows, place: &Place) -> Result<LastRows> {
    let columns = rows.header.long(place.settings)?;
    let mut skip = Skip::new(place.settings, &rows.header)?;
    rows.select(&skip.columns().chain([columns.object]).collect::<Vec<_>>())?;
    let mut last = LastRows::new();
    each_row(rows, &columns, &mut skip, place, |reader, row| {
        match last.get_mut(reader.id()) {
            Some(last) => *last = row,
            None => drop(last.insert(reader.id().to_owned(), row)),
        }
        Ok(())
    })?;
    Ok(last)
}

/// What labels were resolved to, by label and members as given.
type Known = HashMap<String, HashMap<String, Arc<Resolved>>>;

/// Reads all rows; an object is done with at its last row, or, where that is not known, at the end.
pub(crate) fn read(rows: &mut Rows, last_rows: &LastRows, place: &Place, take: Take) -> Result<Warnings> {
    let columns = rows.header.long(place.settings)?;
    let mut skip = Skip::new(place.settings, &rows.header)?;
    rows.select(&used(&columns, &skip))?;
    let (mut objects, mut known) = (Objects::default(), Known::new());
    let mut unused: BTreeSet<&String> = place.settings.blends.keys().collect();
    let mut of_objects = Warnings::default();
    let mut finish = |mut builder: Builder| {
        builder.constant_priors(place);
        let (entry, warnings) = builder.finish(place);
        of_objects.extend(warnings);
        take(entry)
    };
    each_row(rows, &columns, &mut skip, place, |reader, row| {
        let last = last_rows.get(reader.id()) == Some(&row);
        reader.read(&mut objects, &mut known, last);
        while let Some(builder) = objects.next(false) {
            finish(builder)?;
        }
        if !unused.is_empty() {
            unused.retain(|label| *label != reader.row.get(columns.line));
        }
        Ok(())
    })?;
    let mut warnings: Warnings = unused
        .into_iter()
        .map(|label| Warning::UnusedBlend { label: label.clone() })
        .collect();
    while let Some(builder) = objects.next(true) {
        finish(builder)?;
    }
    warnings.extend(skip.warnings());
    warnings.join(of_objects);
    Ok(warnings)
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

    fn read(&self, objects: &mut Objects, known: &mut Known, last: bool) {
        let id = self.id();
        let builder = objects.get(id, self.row.number, last);
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

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::table::rules::Rules;
    use crate::table::{Settings, tests::list};

    /// A row that the settings leave out is nobody's last: its object would never be done with.
    #[test]
    fn rows_left_out_are_not_waited_for() {
        let text = "object,line,flux,flux_err,out\na,H1_4861A,1,0.1,0\na,O3_5007A,4,0.1,1\nb,H1_4861A,1,0.1,0\n";
        let settings = Settings {
            skip: [("out".to_owned(), "1".to_owned())].into(),
            ..Settings::default()
        };
        let place = Place {
            path: Path::new("c.csv"),
            list: &list(),
            hbeta: 1,
            settings: &settings,
            rules: &Rules::default(),
        };
        let mut rows = Rows::new(place.path, text.as_bytes()).unwrap();
        let expected = [("a".to_owned(), 1), ("b".to_owned(), 2)];
        assert_eq!(last_rows(&mut rows, &place).unwrap(), expected.into());
    }

    /// Objects are handed on in the order of their first rows, each as soon as it and all before it have had their last.
    #[test]
    fn objects_are_done_with_at_their_last_rows() {
        let mut objects = Objects::default();
        let mut done = |id: &str, row: usize, last: bool| {
            objects.get(id, row, last);
            std::iter::from_fn(|| objects.next(false).map(|builder| builder.id().to_owned())).collect::<Vec<_>>()
        };
        assert_eq!(done("a", 2, false), [""; 0]);
        assert_eq!(done("b", 3, true), [""; 0]);
        assert_eq!(done("a", 4, true), ["a", "b"]);
        assert_eq!(done("c", 5, true), ["c"]);
        assert_eq!(done("d", 6, false), [""; 0]);
        assert!(objects.numbers.len() == 1 && objects.next(false).is_none());
        assert_eq!(objects.next(true).expect("the last").id(), "d");
    }
}
