//! A plain table of named columns: points of emissivities, true parameters.

use std::path::{Path, PathBuf};

use csv::StringRecord;

use super::cell::Cell;
use super::hexadecimal;
use super::rows::Rows;
use crate::error::{Error, LineError, Result, TableError};

/// Some columns of a table, row by row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns {
    path: PathBuf,
    /// SHA-256 of the file in hexadecimal.
    pub sha256: String,
    names: Vec<String>,
    /// True if a comma is the decimal point.
    decimal_comma: bool,
    /// Number of each row in the file and its fields, in the order of `names`.
    rows: Vec<(usize, Vec<String>)>,
}

/// One field of a table; its errors name row and column.
#[derive(Debug, Clone, Copy)]
pub struct Field<'a>(Cell<'a>);

impl<'a> Field<'a> {
    /// Text of the field, without the blanks around it.
    pub fn text(&self) -> &'a str {
        self.0.value
    }

    /// Number in the field.
    ///
    /// # Errors
    /// A blank field, or a field without a finite number for which `holds`.
    pub fn number(&self, expected: &str, holds: impl Fn(f64) -> bool) -> Result<f64> {
        self.0.number(expected, holds)?.ok_or_else(|| self.0.wrong(expected))
    }

    /// Error for this field, with the text of what was expected.
    pub fn wrong(&self, expected: &str) -> Error {
        self.0.wrong(expected)
    }

    /// Error for a label in this field that names no line.
    pub fn label(&self, source: LineError) -> Error {
        self.0.label(source)
    }
}

impl Columns {
    /// Number of rows.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Tells whether there is no row. A table that was read has at least one.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Field of a row in the requested column with index `column`.
    pub fn field(&self, row: usize, column: usize) -> Field<'_> {
        let (number, fields) = &self.rows[row];
        Field(Cell {
            path: &self.path,
            row: *number,
            column: &self.names[column],
            value: &fields[column],
            decimal_comma: self.decimal_comma,
        })
    }
}

/// Names of all columns of the CSV file at `path`.
///
/// # Errors
/// An unreadable file, or a file without header.
pub fn column_names(path: &Path) -> Result<Vec<String>> {
    let bytes = read(path)?;
    Ok(Rows::new(path, &bytes)?.header.names.clone())
}

/// Reads the columns `names` of the CSV file at `path`; other columns are ignored.
///
/// # Errors
/// An unreadable file, a file without header or rows, a missing column, a row with more or fewer
/// fields than the header.
pub fn read_columns(path: &Path, names: &[String]) -> Result<Columns> {
    let bytes = read(path)?;
    let mut rows = Rows::new(path, &bytes)?;
    let header = rows.header.clone();
    let places = names
        .iter()
        .map(|name| header.require(name))
        .collect::<Result<Vec<_>>>()?;
    let mut found = Vec::new();
    let mut record = StringRecord::new();
    while let Some(row) = rows.next(&mut record)? {
        header.check(&row)?;
        let fields = places.iter().map(|&place| row.get(place).to_owned());
        found.push((row.number, fields.collect()));
    }
    if found.is_empty() {
        return Err(Error::Table(TableError::NoRows {
            path: path.to_owned(),
            row: header.row,
        }));
    }
    Ok(Columns {
        path: path.to_owned(),
        sha256: hexadecimal(&bytes),
        names: names.to_vec(),
        decimal_comma: rows.decimal_comma,
        rows: found,
    })
}

fn read(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(|source| Error::Io {
        path: path.to_owned(),
        source,
    })
}
