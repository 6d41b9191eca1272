//! Tables of PyNeb's `Observation` (Luridiana, Morisset & Shaw 2015, A&A 573, A42), lines in rows
//! or in columns.

use std::collections::HashMap;

use csv::StringRecord;

use super::builder::{Builder, Cells};
use super::cell::{Cell, Place};
use super::first_rows::FirstRows;
use super::header::Header;
use super::names::{LineNames, Meaning};
use super::rows::Rows;
use super::separator::Separator;
use super::wide::named;
use super::{Entry, Take, Warning, Warnings};
use crate::error::{Error, Result, TableError};
use crate::line;

/// Header of the column of labels where lines stand in rows.
const LINES: &str = "LINE";
/// Header of the column of names where lines stand in columns.
const NAMES: &str = "NAME";
/// Prefix of the name of an error column where lines stand in rows.
const ERROR: &str = "err";
/// Suffix of the label of a line's errors.
const ERROR_SUFFIX: char = 'e';
/// Rows or columns of extinction, which the model fits itself.
const EXTINCTION: [&str; 2] = ["cHbeta", "E(B-V)"];

const UNKNOWN: &str = "the emissivities do not hold them";

/// Tells whether a table is PyNeb's: `LINE` or `NAME` above the first column, and blanks between
/// the fields.
pub(crate) fn is_table(header: &Header, separator: Separator) -> bool {
    let first = header.names.first().map(String::as_str);
    let lines = header.names.iter().any(|name| line::is_name(name));
    match first {
        Some(LINES) => separator == Separator::Blanks || header.find("flux").is_none(),
        Some(NAMES) => lines,
        _ => false,
    }
}

/// Rows of a table as text: number and fields of each row.
type Grid = Vec<(usize, Vec<String>)>;

/// Reads a table, each object with its lines.
///
/// # Errors
/// A row with another number of fields than the header, in a table with lines in rows.
pub(crate) fn read(rows: &mut Rows, place: &Place, take: Take) -> Result<Warnings> {
    let header = rows.header.clone();
    let lines_in_rows = header.names.first().is_some_and(|name| name == LINES);
    let (mut grid, mut unread) = (Grid::new(), HashMap::new());
    let mut record = StringRecord::new();
    while let Some(row) = rows.next(&mut record)? {
        match header.check(&row) {
            Err(reason) if lines_in_rows => return Err(reason),
            Err(reason) => drop(unread.insert(row.number, reason)),
            Ok(()) => {}
        }
        let fields = (0..header.names.len()).map(|column| row.get(column).to_owned());
        grid.push((row.number, fields.collect()));
    }
    let is_label = |name: &&str| !EXTINCTION.contains(name);
    let labels: Vec<&str> = match lines_in_rows {
        true => grid
            .iter()
            .map(|(_, fields)| fields[0].as_str())
            .filter(is_label)
            .collect(),
        false => header
            .names
            .iter()
            .skip(1)
            .map(String::as_str)
            .filter(is_label)
            .collect(),
    };
    let names = LineNames::new(place, labels.iter().copied());
    let rules = names.rules(place, labels);
    let place = &Place {
        rules: &rules,
        ..*place
    };
    let mut read = Reader {
        place,
        names,
        header: &header,
        entries: Vec::new(),
        warnings: Warnings::default(),
    };
    match lines_in_rows {
        true => read.in_rows(&grid),
        false => read.in_columns(&grid, unread),
    }
    read.entries.into_iter().try_for_each(take)?;
    Ok(read.warnings)
}

/// A table, and the objects read so far.
struct Reader<'a> {
    place: &'a Place<'a>,
    names: LineNames<'a>,
    header: &'a Header,
    entries: Vec<Entry>,
    warnings: Warnings,
}

/// A line of one object: the cells of its label, flux and error.
type Line<'a> = (Cell<'a>, Cell<'a>, Option<Cell<'a>>);

impl Reader<'_> {
    /// Reads one object per column. Errors stand in columns `err…`, one after each object's, or in
    /// rows of labels that end in `e`.
    fn in_rows(&mut self, grid: &Grid) {
        let (place, names) = (self.place, &self.header.names);
        let is_error = |column: &usize| names[*column].starts_with(ERROR);
        let (errors, objects): (Vec<usize>, Vec<usize>) = (1..names.len()).partition(is_error);
        let labels = grid
            .iter()
            .enumerate()
            .map(|(at, (_, fields))| (fields[0].as_str(), at));
        let labels: HashMap<&str, usize> = labels.collect();
        let at = |row: usize, column: usize| place.cell(grid[row].0, &names[column], &grid[row].1[column]);
        for (index, &object) in objects.iter().enumerate() {
            let mut lines = Vec::new();
            for row in 0..grid.len() {
                let label = at(row, 0);
                if is_error_of(label.value, &labels) {
                    continue;
                }
                let of = labels.get(format!("{}{ERROR_SUFFIX}", label.value).as_str());
                let error = errors.get(index).map(|&column| at(row, column));
                lines.push((label, at(row, object), error.or_else(|| of.map(|&row| at(row, object)))));
            }
            self.object(Builder::new(&names[object], self.header.row, place), &lines);
        }
    }

    /// Reads one object per row. Errors stand in columns of labels that end in `e`.
    fn in_columns(&mut self, grid: &Grid, mut unread: HashMap<usize, Error>) {
        let (place, names) = (self.place, &self.header.names);
        let labels: HashMap<&str, usize> = names.iter().enumerate().map(|(at, name)| (name.as_str(), at)).collect();
        let mut first_rows = FirstRows::default();
        for (row, fields) in grid {
            let at = |column: usize| place.cell(*row, &names[column], &fields[column]);
            let mut builder = named(at(0), &mut first_rows, place);
            if let Some(reason) = unread.remove(row) {
                builder.reject_row(reason);
            }
            let mut lines = Vec::new();
            for (column, name) in names.iter().enumerate().skip(1) {
                if is_error_of(name, &labels) {
                    continue;
                }
                let label = place.cell(*row, name, name);
                let error = labels.get(format!("{name}{ERROR_SUFFIX}").as_str());
                lines.push((label, at(column), error.map(|&column| at(column))));
            }
            self.object(builder, &lines);
        }
    }

    /// Reads an object from the cells of its lines.
    fn object(&mut self, mut builder: Builder, lines: &[Line]) {
        let place = self.place;
        let (mut left, mut without_error) = (Vec::new(), None);
        for (label, flux, error) in lines {
            if EXTINCTION.contains(&label.value) {
                if self.entries.is_empty() {
                    self.warnings.push(Warning::NotUsed {
                        row: label.row,
                        name: label.value.to_owned(),
                    });
                }
                continue;
            }
            let (line, flag) = match self.names.read(label.value, "") {
                Ok(Meaning::Lines(line, flag)) => (line, flag),
                Ok(Meaning::Ignored) => continue,
                Err(error) if error.is_unclear() => {
                    builder.reject_line(label.label(error));
                    continue;
                }
                Err(_) => {
                    left.push((label.value.to_owned(), label.row));
                    continue;
                }
            };
            if error.is_none() && place.rules.flux_error.is_none() {
                without_error.get_or_insert(label.row);
                continue;
            }
            let cells = Cells {
                line: *label,
                flux: *flux,
                flux_err: *error,
                error_other: None,
                ew: None,
                limit: None,
            };
            builder.measure(&line, flag.as_ref(), &cells, place);
        }
        if let Some(row) = without_error {
            let path = place.path.to_owned();
            builder.reject_row(Error::Table(TableError::NoErrors { path, row }));
        }
        if !left.is_empty() {
            let object = builder.name().to_owned();
            builder.warn(Warning::LeftOut {
                object,
                why: UNKNOWN,
                lines: left,
            });
        }
        let (entry, warnings) = builder.finish(place);
        self.entries.push(entry);
        self.warnings.extend(warnings);
    }
}

/// Tells whether a label is that of another line's errors.
fn is_error_of(name: &str, labels: &HashMap<&str, usize>) -> bool {
    name.strip_suffix(ERROR_SUFFIX)
        .is_some_and(|of| labels.contains_key(of))
}
