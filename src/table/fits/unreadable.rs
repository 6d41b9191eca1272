//! The error of a FITS file that cannot be read.

use std::path::Path;

use crate::error::{Error, FormatError};

/// The error that names the file and its problem.
pub(super) fn unreadable(path: &Path, problem: impl ToString) -> Error {
    Error::Format(FormatError::Fits {
        path: path.to_owned(),
        problem: problem.to_string(),
    })
}
