//! One row of a table.

use csv::StringRecord;

/// One row of a table, unchanged.
pub(crate) struct Row<'a> {
    /// Number of the row, counted from 1 in the file.
    pub(crate) number: usize,
    pub(super) fields: &'a StringRecord,
    /// True if the file ends within this row, without a line end.
    pub(crate) cut: bool,
    /// True if a quoted field has no second quote, so that the fields are unknown.
    pub(crate) open: bool,
}

impl Row<'_> {
    /// A field without the blanks around it; empty beyond the last.
    pub(crate) fn get(&self, column: usize) -> &str {
        self.fields.get(column).unwrap_or_default().trim()
    }

    /// Number of fields.
    pub(crate) fn len(&self) -> usize {
        self.fields.len()
    }
}
