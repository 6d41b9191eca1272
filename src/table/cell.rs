//! One cell of a table: its number, or an error that says where it stands and what was expected.

use std::path::Path;

use super::Settings;
use super::rules::Rules;
use crate::error::{Error, Result};
use crate::line::{LineList, Resolved};

/// What every row of a catalogue is read against.
pub(crate) struct Place<'a> {
    pub(crate) path: &'a Path,
    pub(crate) list: &'a LineList,
    /// Index of Hβ in the list.
    pub(crate) hbeta: usize,
    pub(crate) settings: &'a Settings,
    /// How cells become numbers.
    pub(crate) rules: &'a Rules,
}

impl Place<'_> {
    /// The lines of a label, or the members that the settings give it.
    ///
    /// # Errors
    /// Members that name no line.
    pub(crate) fn with_members(&self, line: Resolved) -> Result<Resolved> {
        match self.settings.blends.get(&line.label) {
            Some(members) => {
                let first = members.first().map_or(line.label.as_str(), String::as_str);
                let members = self.list.resolve(first, members)?.members;
                Ok(Resolved { members, ..line })
            }
            None => Ok(line),
        }
    }
}

/// A cell's text and where it stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cell<'a> {
    pub(crate) path: &'a Path,
    pub(crate) row: usize,
    pub(crate) column: &'a str,
    pub(crate) value: &'a str,
}

impl Cell<'_> {
    /// Nothing stands in it.
    pub(crate) fn is_blank(&self) -> bool {
        self.value.is_empty()
    }

    /// Its number, none if blank; an error unless the number is finite and `holds`.
    pub(crate) fn number(&self, expected: &str, holds: impl Fn(f64) -> bool) -> Result<Option<f64>> {
        if self.is_blank() {
            return Ok(None);
        }
        match self.value.parse::<f64>() {
            Ok(value) if value.is_finite() && holds(value) => Ok(Some(value)),
            _ => Err(self.wrong(expected)),
        }
    }

    /// Whether it says `true`; false if blank.
    pub(crate) fn truth(&self) -> Result<bool> {
        match self.value {
            "true" => Ok(true),
            "false" | "" => Ok(false),
            _ => Err(self.wrong("`true` or `false`")),
        }
    }

    /// That something else was expected here.
    pub(crate) fn wrong(&self, expected: &str) -> Error {
        Error::Cell {
            path: self.path.to_owned(),
            row: self.row,
            column: self.column.to_owned(),
            value: self.value.to_owned(),
            expected: expected.to_owned(),
        }
    }

    /// That its label does not resolve.
    pub(crate) fn label(&self, source: Error) -> Error {
        let (row, column) = (self.row, self.column.to_owned());
        Error::LabelCell {
            path: self.path.to_owned(),
            row,
            column,
            source: Box::new(source),
        }
    }
}
