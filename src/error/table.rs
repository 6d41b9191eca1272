//! Errors of headers, rows and cells of a table.

use std::path::PathBuf;

use super::LineError;

/// Header, row or cell of a table that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// A table without a header.
    #[error("{}: empty, expected a header and rows of comma-separated values", path.display())]
    EmptyTable {
        /// The file.
        path: PathBuf,
    },

    /// A table with a header and no row below the header.
    #[error("{}: no rows below the header in row {row}", path.display())]
    NoRows {
        /// The file.
        path: PathBuf,
        /// The header's row.
        row: usize,
    },

    /// A header without a column that is needed.
    #[error("{}: row {row}: no column `{column}` in the header `{header}`", path.display())]
    MissingColumn {
        /// The file.
        path: PathBuf,
        /// The header's row.
        row: usize,
        /// The column.
        column: String,
        /// The columns of the header, joined by commas.
        header: String,
    },

    /// A header with two columns of one name.
    #[error(
        "{}: row {row}: column `{column}` stands twice in the header, as number {first} and \
         {second}; where pandas wrote a header of several levels, `df.columns = ['_'.join(map(str, \
         name)) for name in df.columns]` makes one of them",
        path.display()
    )]
    DuplicateColumn {
        /// The file.
        path: PathBuf,
        /// The header's row.
        row: usize,
        /// The column.
        column: String,
        /// Number of the first of the two, counted from 1.
        first: usize,
        /// Number of the second of the two.
        second: usize,
    },

    /// Columns that are neither known nor ignored.
    #[error(
        "{}: row {row}: unknown {}: {columns}; expected {expected}, or, to leave {} unread, under \
         [catalogue]: ignore_columns = [{ignore}]",
        path.display(), columns_of(*count), them(*count)
    )]
    UnknownColumns {
        /// The file.
        path: PathBuf,
        /// The header's row.
        row: usize,
        /// Number of unknown columns.
        count: usize,
        /// The columns, joined by commas.
        columns: String,
        /// Names that are understood.
        expected: &'static str,
        /// The value of `ignore_columns` that leaves the columns unread.
        ignore: Box<str>,
    },

    /// Columns of ions without a wavelength.
    #[error(
        "{}: row {row}: ions without a wavelength can be any of their lines: say which they are, \
         such as, at the head of the configuration, lines = {{ {} }}",
        path.display(), lines.join(", ")
    )]
    SeveralLinesEach {
        /// The file.
        path: PathBuf,
        /// The header's row.
        row: usize,
        /// Each name with one line of its ion, as in a configuration.
        lines: Vec<String>,
    },

    /// A row with more or fewer fields than the header.
    #[error(
        "{}: row {row} has {found} fields, expected {expected} as in the header",
        path.display()
    )]
    FieldCount {
        /// The file.
        path: PathBuf,
        /// The row.
        row: usize,
        /// Number of fields of the row.
        found: usize,
        /// Number of fields of the header.
        expected: usize,
    },

    /// A quoted field that runs over the end of its row.
    #[error(
        "{}: row {row}: a quoted field does not end in its row, expected a second `\"`",
        path.display()
    )]
    OpenQuote {
        /// The file.
        path: PathBuf,
        /// The row.
        row: usize,
    },

    /// A cell of a table that cannot be used.
    #[error(
        "{}: row {row}, column `{column}`: found {}, expected {expected}",
        path.display(), shown(value)
    )]
    Cell {
        /// The file.
        path: PathBuf,
        /// The row.
        row: usize,
        /// The column.
        column: String,
        /// The text of the cell; empty for a blank cell.
        value: String,
        /// Description of a usable cell.
        expected: String,
    },

    /// A label in a table, or one of its members, that cannot be resolved.
    #[error("{}: row {row}, column `{column}`: {source}", path.display())]
    LabelCell {
        /// The file.
        path: PathBuf,
        /// The row.
        row: usize,
        /// The column.
        column: String,
        /// The error of the label.
        source: Box<LineError>,
    },

    /// A list of fluxes without errors.
    #[error(
        "{}: row {row}: no errors of the fluxes: give them in a column, or --flux-error FRACTION \
         (flux_error in [catalogue])",
        path.display()
    )]
    NoErrors {
        /// The file.
        path: PathBuf,
        /// The first row without an error.
        row: usize,
    },

    /// Columns of one catalogue in two units.
    #[error(
        "{}: column `{column}` is in {unit}, another in {first_unit}: expected all fluxes in one \
         unit",
        path.display()
    )]
    Units {
        /// The file.
        path: PathBuf,
        /// The column.
        column: String,
        /// Unit of the column.
        unit: String,
        /// Unit of the first flux column.
        first_unit: String,
    },
}

/// Word for the unknown columns, with their number above one.
fn columns_of(count: usize) -> String {
    match count {
        1 => "column".to_owned(),
        count => format!("columns ({count})"),
    }
}

/// Pronoun for the unknown columns.
fn them(count: usize) -> &'static str {
    if count == 1 { "it" } else { "them" }
}

/// Text of a cell in quotes, or `nothing` for a blank cell.
fn shown(value: &str) -> String {
    match value {
        "" => "nothing".to_owned(),
        value => format!("`{value}`"),
    }
}
