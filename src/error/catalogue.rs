//! Errors of the objects of a catalogue.

use std::path::PathBuf;

/// Object of a catalogue that cannot be used, or that is not there.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    /// A name of an object beyond the limit.
    #[error(
        "{}: row {row}: the object's name has {length} bytes, expected {limit} at most",
        path.display()
    )]
    LongName {
        /// The file.
        path: PathBuf,
        /// The row.
        row: usize,
        /// Bytes of the name.
        length: usize,
        /// The limit.
        limit: usize,
    },

    /// An object most of whose errors, taken for fractions of the fluxes, exceed the fluxes.
    #[error(
        "{}: row {row}: {doubtful} of {all} errors of object `{object}`, Hβ's among them, exceed \
         their fluxes as fractions: expected fractions such as 0.03, or `relative_errors = false` \
         under [catalogue] if they are in the unit of the fluxes",
        path.display()
    )]
    DoubtfulErrors {
        /// The file.
        path: PathBuf,
        /// The object's first row.
        row: usize,
        /// The object.
        object: String,
        /// Number of errors that exceed their fluxes.
        doubtful: usize,
        /// Number of all errors.
        all: usize,
    },

    /// A line given twice for one object, by one label or two.
    #[error(
        "{}: row {row}, column `{column}`: {label} is the same line as {first} in row {first_row}, \
         expected each once",
        path.display()
    )]
    DuplicateLine {
        /// The file.
        path: PathBuf,
        /// The second row.
        row: usize,
        /// The column.
        column: String,
        /// The label in the second row.
        label: String,
        /// The label in the first row.
        first: String,
        /// The first row.
        first_row: usize,
    },

    /// An object without Hβ, to which all fluxes are relative.
    #[error(
        "{}: row {row}: object `{object}` has no flux of H1_4861A (Hβ), expected one, or `hbeta = \
         100` under [catalogue.columns] if all fluxes are relative to Hβ = 100",
        path.display()
    )]
    NoHbeta {
        /// The file.
        path: PathBuf,
        /// The object's first row.
        row: usize,
        /// The object.
        object: String,
    },

    /// An object whose Hβ is not detected.
    #[error(
        "{}: row {row}: H1_4861A (Hβ) of object `{object}` is not detected: its flux is {snr:.2} \
         times its error, expected {least} or more (hbeta_snr)",
        path.display()
    )]
    FaintHbeta {
        /// The file.
        path: PathBuf,
        /// Hβ's row.
        row: usize,
        /// The object.
        object: String,
        /// Flux of Hβ over its error.
        snr: f64,
        /// Least ratio that is accepted.
        least: f64,
    },

    /// An object without any line besides Hβ.
    #[error(
        "{}: row {row}: object `{object}` has no line besides Hβ, expected one or more",
        path.display()
    )]
    OnlyHbeta {
        /// The file.
        path: PathBuf,
        /// The object's first row.
        row: usize,
        /// The object.
        object: String,
    },

    /// Two rows of one name in a table with one row per object.
    #[error(
        "{}: row {row}, column `object`: `{object}` stands in row {first_row} already, expected \
         each once",
        path.display()
    )]
    DuplicateObject {
        /// The file.
        path: PathBuf,
        /// The second row.
        row: usize,
        /// The object.
        object: String,
        /// The first row.
        first_row: usize,
    },

    /// Two objects of one name in two files.
    #[error(
        "{}: object `{object}` stands in {} already, expected each once",
        path.display(), first.display()
    )]
    RepeatedObject {
        /// The second file.
        path: PathBuf,
        /// The object.
        object: String,
        /// The first file.
        first: PathBuf,
    },

    /// Rows of one object that disagree on a prior.
    #[error(
        "{}: row {row}, column `{column}`: found {value}, expected {first} as in row {first_row} \
         of the same object",
        path.display()
    )]
    PriorConflict {
        /// The file.
        path: PathBuf,
        /// The second row.
        row: usize,
        /// The column.
        column: String,
        /// The value in the second row.
        value: f64,
        /// The value in the first row.
        first: f64,
        /// The first row.
        first_row: usize,
    },

    /// A name of an object that the catalogue does not have.
    #[error(
        "the catalogue has no object `{object}`: expected one of its {objects} names{}",
        such_as(near)
    )]
    NoSuchObject {
        /// The name as given.
        object: String,
        /// Number of objects in the catalogue.
        objects: usize,
        /// Similar names of the catalogue, the nearest first.
        near: Vec<String>,
    },

    /// A catalogue of several objects where one object must be named.
    #[error("the catalogue has {objects} objects: name one with --object")]
    WhichObject {
        /// Number of objects in the catalogue.
        objects: usize,
    },
}

/// Words for the similar names of the catalogue; empty without any.
fn such_as(near: &[String]) -> String {
    if near.is_empty() {
        return String::new();
    }
    let near: Vec<String> = near.iter().map(|name| format!("`{name}`")).collect();
    format!(", such as {}", near.join(", "))
}
