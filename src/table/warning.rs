//! What a catalogue may contain and yet deserves a look.

use std::fmt;
use std::path::PathBuf;

/// Something read as it stands that may not be meant so; its text says what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Warning {
    /// An error of exactly 0: a rounded small one.
    ZeroError {
        /// The object.
        object: String,
        /// The row.
        row: usize,
        /// The column.
        column: String,
        /// The line's label.
        label: String,
    },
    /// Two measurements of one object that both contain a line.
    SharedMember {
        /// The object.
        object: String,
        /// The row of the second.
        row: usize,
        /// The label of the second.
        label: String,
        /// The label of the first.
        first: String,
        /// The row of the first.
        first_row: usize,
    },
    /// A column left unread as the settings ask.
    IgnoredColumn {
        /// The column.
        column: String,
    },
    /// Members given for a label that the catalogue does not have.
    UnusedBlend {
        /// The label.
        label: String,
    },
    /// A last row without its line end: the file may have been cut short within its last value.
    NoLineEnd {
        /// The row.
        row: usize,
    },
    /// A row of a side table of priors for an object that is not in the catalogue.
    PriorOfNoObject {
        /// The side table.
        path: PathBuf,
        /// The row.
        row: usize,
        /// The object.
        object: String,
    },
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Warning::ZeroError {
                object,
                row,
                column,
                label,
            } => write!(
                f,
                "row {row}, column `{column}`: the error of {label} of object `{object}` is 0: the error floor stands in \
                 for it; give the error if it is known"
            ),
            Warning::SharedMember {
                object,
                row,
                label,
                first,
                first_row,
            } => write!(
                f,
                "row {row}: {label} of object `{object}` shares a line with {first} in row {first_row}: its flux counts \
                 twice; leave one of them out"
            ),
            Warning::IgnoredColumn { column } => write!(f, "column `{column}` is not read"),
            Warning::UnusedBlend { label } => {
                write!(
                    f,
                    "members are given for `{label}`, which the catalogue does not have; check its spelling"
                )
            }
            Warning::NoLineEnd { row } => {
                write!(
                    f,
                    "the last row, {row}, has no line end: see that the file was not cut short within its last value"
                )
            }
            Warning::PriorOfNoObject { path, row, object } => write!(
                f,
                "{}: row {row}: priors for object `{object}`, which the catalogue does not have; check its spelling",
                path.display()
            ),
        }
    }
}
