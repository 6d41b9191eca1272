//! Rows that the settings leave out: `skip = { commented_out = "1" }`.

use super::header::Header;
use super::row::Row;
use super::{Settings, Warning};
use crate::error::Result;

/// Rules: column, its name, the text that leaves a row out, and the number of rows left out.
pub(crate) struct Skip(Vec<(usize, String, String, usize)>);

impl Skip {
    /// Rules of the settings.
    ///
    /// # Errors
    /// A column that the table does not have.
    pub(crate) fn new(settings: &Settings, header: &Header) -> Result<Skip> {
        let rules = settings.skip.iter().map(|(column, value)| {
            let index = header.require(column)?;
            Ok((index, column.clone(), value.clone(), 0))
        });
        rules.collect::<Result<_>>().map(Skip)
    }

    /// Indices of the columns to read.
    pub(crate) fn columns(&self) -> impl Iterator<Item = usize> {
        self.0.iter().map(|(column, ..)| *column)
    }

    /// Tells whether a row is left out, and counts it.
    pub(crate) fn takes(&mut self, row: &Row) -> bool {
        let rule = self
            .0
            .iter_mut()
            .find(|(column, _, value, _)| row.get(*column) == value);
        rule.map(|(.., rows)| *rows += 1).is_some()
    }

    /// Warnings about the rows left out.
    pub(crate) fn warnings(self) -> impl Iterator<Item = Warning> {
        let some = self.0.into_iter().filter(|(.., rows)| *rows > 0);
        some.map(|(_, column, value, rows)| Warning::Skipped { rows, column, value })
    }
}
