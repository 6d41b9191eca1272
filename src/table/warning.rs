//! Warnings about a catalogue that can be fitted.

use std::fmt;
use std::mem::{Discriminant, discriminant};
use std::path::PathBuf;

/// Number of warnings of one kind that are kept.
const KEPT: usize = 5;

/// Warnings in their order; of each kind the first few, and the number of further ones.
#[derive(Debug, Default)]
pub struct Warnings {
    kept: Vec<Warning>,
    kinds: Vec<(Discriminant<Warning>, usize)>,
}

impl Warnings {
    /// The warnings that were kept.
    pub fn iter(&self) -> impl Iterator<Item = &Warning> {
        self.kept.iter()
    }

    /// Number of warnings beyond those kept, for each kind that has more.
    pub fn more(&self) -> impl Iterator<Item = usize> {
        let counts = self.kinds.iter().map(|(_, count)| *count);
        counts.filter(|count| *count > KEPT).map(|count| count - KEPT)
    }

    /// First warning of each kind, and the number of warnings of that kind.
    pub fn by_kind(&self) -> impl Iterator<Item = (&Warning, usize)> {
        let first = |kind: &Discriminant<Warning>| self.kept.iter().find(|warning| discriminant(*warning) == *kind);
        self.kinds
            .iter()
            .filter_map(move |(kind, count)| Some((first(kind)?, *count)))
    }

    pub(crate) fn push(&mut self, warning: Warning) {
        let count = self.count(discriminant(&warning));
        *count += 1;
        if *count <= KEPT {
            self.kept.push(warning);
        }
    }

    /// Appends the warnings of `other`.
    pub(crate) fn join(&mut self, other: Warnings) {
        self.extend(other.kept);
        for (kind, count) in other.kinds {
            *self.count(kind) += count.saturating_sub(KEPT);
        }
    }

    fn count(&mut self, kind: Discriminant<Warning>) -> &mut usize {
        let place = self.kinds.iter().position(|(known, _)| *known == kind);
        let place = place.unwrap_or_else(|| {
            self.kinds.push((kind, 0));
            self.kinds.len() - 1
        });
        &mut self.kinds[place].1
    }
}

impl Extend<Warning> for Warnings {
    fn extend<I: IntoIterator<Item = Warning>>(&mut self, warnings: I) {
        warnings.into_iter().for_each(|warning| self.push(warning));
    }
}

impl FromIterator<Warning> for Warnings {
    fn from_iter<I: IntoIterator<Item = Warning>>(warnings: I) -> Self {
        let mut all = Warnings::default();
        all.extend(warnings);
        all
    }
}

/// A doubtful content of the catalogue, read literally. Its text says what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Warning {
    /// An error of exactly 0: a small one that was rounded.
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
    /// Two measurements of one object that contain the same line.
    SharedMember {
        /// The object.
        object: String,
        /// Row of the second measurement.
        row: usize,
        /// Label of the second measurement.
        label: String,
        /// Label of the first measurement.
        first: String,
        /// Row of the first measurement.
        first_row: usize,
    },
    /// A text that is not UTF-8 and was read as Latin-1.
    Latin {
        /// First row that is not UTF-8.
        row: usize,
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
    /// Lines of an object that are not used.
    LeftOut {
        /// The object.
        object: String,
        /// Reason for leaving the lines out.
        why: &'static str,
        /// Labels or wavelengths of the lines, and their rows.
        lines: Vec<(String, usize)>,
    },
    /// A kinematic component that the group names and the log lacks.
    AbsentComponent {
        /// The object.
        object: String,
        /// The row.
        row: usize,
        /// The line.
        label: String,
        /// The component.
        component: String,
    },
    /// Columns that the pattern of the catalogue does not name.
    Unread {
        /// The columns.
        columns: Vec<String>,
    },
    /// Rows left out by the settings.
    Skipped {
        /// Number of rows.
        rows: usize,
        /// The column.
        column: String,
        /// Text in the column.
        value: String,
    },
    /// Extensions of a FITS file without a table to read.
    OtherTables {
        /// Names of the extensions, joined by commas.
        names: String,
    },
    /// Objects without a name, numbered by row.
    Nameless,
    /// A quantity in the table that the model fits itself.
    NotUsed {
        /// The row.
        row: usize,
        /// Name of the quantity.
        name: String,
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
            Warning::Latin { row } => write!(f, "row {row} is not UTF-8: rows that are not are read as Latin-1"),
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
            Warning::LeftOut { object, why, lines } => {
                let lines: Vec<String> = lines
                    .iter()
                    .map(|(label, row)| format!("{label} (row {row})"))
                    .collect();
                write!(f, "object `{object}`: left out, as {why}: {}", lines.join(", "))
            }
            Warning::AbsentComponent {
                object,
                row,
                label,
                component,
            } => write!(
                f,
                "row {row}: {label} of object `{object}` was fitted with {component}, which the log does not have: its \
                 flux lacks that component's"
            ),
            Warning::Unread { columns } => write!(f, "columns that are not read: {}", columns.join(", ")),
            Warning::Skipped { rows, column, value } => {
                write!(f, "{rows} rows are left out, where column `{column}` says `{value}`")
            }
            Warning::OtherTables { names } => write!(f, "extensions that are not read: {names}"),
            Warning::Nameless => {
                write!(
                    f,
                    "no column with names of objects: they are called by their rows; name one under `object` of \
                 [catalogue.columns]"
                )
            }
            Warning::NotUsed { row, name } => write!(f, "row {row}: `{name}` is not used: the model finds it itself"),
            Warning::PriorOfNoObject { path, row, object } => write!(
                f,
                "{}: row {row}: priors for object `{object}`, which the catalogue does not have; check its spelling",
                path.display()
            ),
        }
    }
}
