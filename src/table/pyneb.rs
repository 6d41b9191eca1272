//! Tables of PyNeb's `Observation` (Luridiana, Morisset & Shaw 2015, A&A 573, A42), lines in rows or in columns.

use std::sync::Arc;

use csv::StringRecord;

use super::builder::{Builder, Cells};
use super::cell::{Cell, Place};
use super::header::Header;
use super::rows::{Rows, Separator};
use super::{Entry, Take, Warning, Warnings};
use crate::error::{Error, Result};
use crate::line::{Label, Resolved};

/// Heads the column of labels where lines stand in rows.
const LINES: &str = "LINE";
/// Heads the column of names where lines stand in columns.
const NAMES: &str = "NAME";
/// Starts the name of a column of errors where lines stand in rows.
const ERROR: &str = "err";
/// Ends the label of a line's errors.
const ERROR_SUFFIX: char = 'e';
/// Rows or columns of extinction, which the model finds itself.
const EXTINCTION: [&str; 2] = ["cHbeta", "E(B-V)"];
/// Lines of an ion within this \[Å\] of the wavelength of a blend `S2_6725A+` are its members.
const BLEND: f64 = 10.0;

const UNKNOWN: &str = "the emissivities do not hold them";

/// Whether a table is PyNeb's: `LINE` or `NAME` above its first column, and blanks between its fields.
pub(crate) fn is_table(header: &Header, separator: Separator) -> bool {
    let first = header.names.first().map(String::as_str);
    let lines = header.names.iter().any(|name| label(name).is_some());
    match first {
        Some(LINES) => separator == Separator::Blanks || header.find("flux").is_none(),
        Some(NAMES) => lines,
        _ => false,
    }
}

/// A table as text: a row's number and fields.
type Grid = Vec<(usize, Vec<String>)>;

/// Reads a table, each object with its lines.
///
/// # Errors
/// A row of another length than the header; a table without errors, unless a fraction stands in for them.
pub(crate) fn read(rows: &mut Rows, place: &Place, take: Take) -> Result<Warnings> {
    let names = rows.header.names.clone();
    let mut grid = Grid::new();
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
        grid.push((
            row.number,
            (0..names.len()).map(|column| row.get(column).to_owned()).collect(),
        ));
    }
    let mut read = Reader {
        place,
        entries: Vec::new(),
        warnings: Warnings::default(),
    };
    match names[0] == NAMES {
        true => read.in_columns(&names, &grid)?,
        false => read.in_rows(&names, &grid, rows.header.row)?,
    }
    read.entries.into_iter().try_for_each(take)?;
    Ok(read.warnings)
}

/// What was read so far.
struct Reader<'a> {
    place: &'a Place<'a>,
    entries: Vec<Entry>,
    warnings: Warnings,
}

/// A line of one object: its label and where flux and error stand.
type Line<'a> = (Cell<'a>, Cell<'a>, Option<Cell<'a>>);

impl Reader<'_> {
    /// One object a column; errors in columns `err…`, one after each object's, or in rows of labels that end in `e`.
    fn in_rows(&mut self, names: &[String], grid: &Grid, header_row: usize) -> Result<()> {
        let place = self.place;
        let is_error = |column: &usize| names[*column].starts_with(ERROR);
        let objects: Vec<usize> = (1..names.len()).filter(|column| !is_error(column)).collect();
        let errors: Vec<usize> = (1..names.len()).filter(is_error).collect();
        for (index, &object) in objects.iter().enumerate() {
            let at = |row: usize, column: usize| Cell {
                path: place.path,
                row: grid[row].0,
                column: &names[column],
                value: &grid[row].1[column],
            };
            let mut lines = Vec::new();
            for row in 0..grid.len() {
                let label = at(row, 0);
                let of = format!("{}{ERROR_SUFFIX}", label.value);
                let error_row = grid.iter().position(|(_, fields)| fields[0] == of);
                if is_error_of(label.value, grid.iter().map(|(_, fields)| fields[0].as_str())) {
                    continue;
                }
                let error = errors.get(index).map(|&column| at(row, column));
                let error = error.or_else(|| error_row.map(|row| at(row, object)));
                lines.push((label, at(row, object), error));
            }
            self.object(&names[object], header_row, &lines)?;
        }
        Ok(())
    }

    /// One object a row; errors in columns of labels that end in `e`.
    fn in_columns(&mut self, names: &[String], grid: &Grid) -> Result<()> {
        let place = self.place;
        for (row, fields) in grid {
            let at = |column: usize| Cell {
                path: place.path,
                row: *row,
                column: &names[column],
                value: &fields[column],
            };
            let mut lines = Vec::new();
            for column in 1..names.len() {
                let name = &names[column];
                if is_error_of(name, names.iter().map(String::as_str)) {
                    continue;
                }
                let label = Cell {
                    value: name,
                    ..at(column)
                };
                let error = names.iter().position(|other| *other == format!("{name}{ERROR_SUFFIX}"));
                lines.push((label, at(column), error.map(at)));
            }
            self.object(&fields[0], *row, &lines)?;
        }
        Ok(())
    }

    /// Reads an object from the cells of its lines.
    fn object(&mut self, id: &str, row: usize, lines: &[Line]) -> Result<()> {
        let place = self.place;
        let first = self.entries.is_empty();
        let mut builder = Builder::new(id, row);
        let mut left = Vec::new();
        for (label, flux, error) in lines {
            if EXTINCTION.contains(&label.value) {
                if first {
                    self.warnings.push(Warning::NotUsed {
                        row: label.row,
                        name: label.value.to_owned(),
                    });
                }
                continue;
            }
            let Ok(line) = resolve(label.value, place) else {
                left.push((label.value.to_owned(), label.row));
                continue;
            };
            if error.is_none() && place.rules.flux_error.is_none() {
                let (path, row) = (place.path.to_owned(), label.row);
                return Err(Error::NoErrors { path, row });
            }
            let cells = Cells {
                line: *label,
                flux: *flux,
                flux_err: *error,
                ew: None,
                limit: None,
            };
            builder.measure(&Arc::new(line), &cells, place);
        }
        if !left.is_empty() {
            let object = id.to_owned();
            builder.warn(Warning::LeftOut {
                object,
                why: UNKNOWN,
                lines: left,
            });
        }
        let (entry, warnings) = builder.finish(place);
        self.entries.push(entry);
        self.warnings.extend(warnings);
        Ok(())
    }
}

/// Whether a label is that of another's errors.
fn is_error_of<'a>(name: &str, mut labels: impl Iterator<Item = &'a str>) -> bool {
    name.strip_suffix(ERROR_SUFFIX)
        .is_some_and(|of| labels.any(|label| label == of))
}

/// A label of PyNeb in LiMe's notation: `H1r_4861A`, `O3_5007`, `S3_18.7m` and `O2_3727A+`, whose sum it marks; none if it is
/// no label.
fn label(text: &str) -> Option<(String, bool)> {
    let (text, blend) = text.strip_suffix('+').map_or((text, false), |text| (text, true));
    let (ion, wavelength) = text.split_once('_')?;
    let ion = ion.strip_suffix('r').unwrap_or(ion);
    let wavelength = match wavelength.strip_suffix('m') {
        Some(microns) => format!("{microns}um"),
        None if wavelength.ends_with(|c: char| c.is_ascii_digit()) => format!("{wavelength}A"),
        None => wavelength.to_owned(),
    };
    let label = format!("{ion}_{wavelength}");
    label.parse::<Label>().ok()?;
    Some((label, blend))
}

/// The lines of a label: of a blend, those of the merged label, else those of its ion within 10 Å.
fn resolve(text: &str, place: &Place) -> Result<Resolved> {
    if place.settings.blends.contains_key(text) {
        return place.with_members(Resolved {
            label: text.to_owned(),
            members: Vec::new(),
        });
    }
    let (name, blend) = label(text).ok_or_else(|| Error::Label { label: text.to_owned() })?;
    let parsed = name.parse::<Label>()?;
    if !blend {
        return place.list.resolve(&name, &[]);
    }
    let merged = format!("{name}_m");
    place.list.resolve(&merged, &[]).or_else(|error| {
        let near = |index: &usize| {
            let line = &place.list.lines[*index];
            line.ion == parsed.ion && (line.wavelength_air - parsed.wavelength).abs() <= BLEND
        };
        let members: Vec<usize> = (0..place.list.lines.len()).filter(near).collect();
        match members.len() {
            0 | 1 => Err(error),
            _ => Ok(Resolved { label: merged, members }),
        }
    })
}
