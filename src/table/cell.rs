//! One cell of a table: a number, or an error that says where the cell stands and what was
//! expected.

use std::path::Path;

use super::Settings;
use super::number;
use super::rules::Rules;
use crate::error::{Error, LineError, Result, TableError};
use crate::line::LineList;
use crate::text::echoed;

/// Signs before an upper limit in its cell.
const BELOW: [char; 2] = ['<', '\u{2264}'];
/// Signs before a lower limit in its cell.
const ABOVE: [char; 2] = ['>', '\u{2265}'];

/// Context shared by all rows of a table.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    pub(crate) path: &'a Path,
    pub(crate) list: &'a LineList,
    /// Index of Hβ in the list.
    pub(crate) hbeta: usize,
    pub(crate) settings: &'a Settings,
    /// Rules that turn cells into numbers.
    pub(crate) rules: &'a Rules,
    /// True if a comma is the decimal point.
    pub(crate) decimal_comma: bool,
}

impl<'a> Place<'a> {
    /// The cell with this row, column and text.
    pub(crate) fn cell(&self, row: usize, column: &'a str, value: &'a str) -> Cell<'a> {
        Cell {
            path: self.path,
            row,
            column,
            value,
            decimal_comma: self.decimal_comma,
        }
    }
}

/// Text of a cell, with its row and column.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cell<'a> {
    pub(crate) path: &'a Path,
    pub(crate) row: usize,
    pub(crate) column: &'a str,
    pub(crate) value: &'a str,
    pub(crate) decimal_comma: bool,
}

/// Side of the measured flux on which the true flux lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// The flux is measured.
    Both,
    /// The flux is an upper limit.
    Below,
    /// The flux is a lower limit.
    Above,
}

impl<'a> Cell<'a> {
    /// Tells whether the cell is blank.
    pub(crate) fn is_blank(&self) -> bool {
        self.value.is_empty()
    }

    /// Tells whether the cell marks a missing value.
    pub(crate) fn is_absent(&self) -> bool {
        number::is_absent(self.value)
    }

    /// Number in the cell, finite or not, if there is one.
    pub(crate) fn value(&self) -> Option<f64> {
        number::parse(self.value, self.decimal_comma)
    }

    /// Number in the cell; none if the value is missing. An error unless the number is finite and
    /// `holds`.
    pub(crate) fn number(&self, expected: &str, holds: impl Fn(f64) -> bool) -> Result<Option<f64>> {
        if self.is_absent() {
            return Ok(None);
        }
        match self.value() {
            Some(value) if value.is_finite() && holds(value) => Ok(Some(value)),
            _ => Err(self.wrong(expected)),
        }
    }

    /// The cell without the sign of a limit, and the side that the sign means.
    pub(crate) fn side(&self) -> (Cell<'a>, Side) {
        let side = match self.value.chars().next() {
            // pandas writes `<NA>`.
            _ if self.is_absent() => return (*self, Side::Both),
            Some(sign) if BELOW.contains(&sign) => Side::Below,
            Some(sign) if ABOVE.contains(&sign) => Side::Above,
            _ => return (*self, Side::Both),
        };
        let value = self
            .value
            .trim_start_matches(['<', '>', '\u{2264}', '\u{2265}', '=', '~']);
        let value = value.trim_start();
        (Cell { value, ..*self }, side)
    }

    /// Tells whether the cell marks an upper limit: `true`, `yes`, `1`, `<` and their like. A
    /// missing value marks none.
    pub(crate) fn truth(&self) -> Result<bool> {
        let expected = "a sign of an upper limit (`true`, `1`, `<`) or of none (`false`, `0`, blank)";
        number::is_limit(self.value).ok_or_else(|| self.wrong(expected))
    }

    /// Error for this cell, with the text of what was expected.
    pub(crate) fn wrong(&self, expected: &str) -> Error {
        Error::Table(TableError::Cell {
            path: self.path.to_owned(),
            row: self.row,
            column: echoed(self.column).into_owned(),
            value: echoed(self.value).into_owned(),
            expected: expected.to_owned(),
        })
    }

    /// Error for a label in this cell that names no line.
    pub(crate) fn label(&self, source: LineError) -> Error {
        Error::Table(TableError::LabelCell {
            path: self.path.to_owned(),
            row: self.row,
            column: echoed(self.column).into_owned(),
            source: Box::new(source),
        })
    }
}
