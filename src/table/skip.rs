//! Rows that the settings leave out: `skip = { commented_out = "1" }`.

use super::header::Header;
use super::rows::Row;
use super::{Settings, Warning};
use crate::error::Result;

/// The columns that decide, what they say, and how many rows that left out.
pub(crate) struct Skip(Vec<(usize, String, String, usize)>);

impl Skip {
    /// The settings' rules.
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

    /// The columns to look at.
    pub(crate) fn columns(&self) -> impl Iterator<Item = usize> {
        self.0.iter().map(|(column, ..)| *column)
    }

    /// Whether a row is left out.
    pub(crate) fn takes(&mut self, row: &Row) -> bool {
        let rule = self
            .0
            .iter_mut()
            .find(|(column, _, value, _)| row.get(*column) == value);
        rule.map(|(.., rows)| *rows += 1).is_some()
    }

    /// What was left out.
    pub(crate) fn warnings(self) -> impl Iterator<Item = Warning> {
        let some = self.0.into_iter().filter(|(.., rows)| *rows > 0);
        some.map(|(_, column, value, rows)| Warning::Skipped { rows, column, value })
    }
}
