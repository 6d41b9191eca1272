//! One text file, written whole or not at all.

use std::path::Path;

use super::place;
use super::staging::Staging;
use crate::error::{ExportError, Result};

/// Writes `text` to `path`.
///
/// # Errors
/// Without `force`, a file at `path` that is not empty; a file that cannot be written or moved.
pub fn write_text(path: &Path, text: &str, force: bool) -> Result<(), ExportError> {
    check_free(path, force)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    let staging = Staging::open(directory.unwrap_or(Path::new(".")), &format!(".{name}.unfinished"))?;
    let mut sink = staging.sink(&name)?;
    sink.write(text.as_bytes())?;
    sink.finish()?;
    staging.publish([name.as_str()])
}

/// Checks that a file at `path` may be replaced.
///
/// # Errors
/// Without `force`, a file at `path` that is not empty; something else than a file at `path`.
pub fn check_free(path: &Path, force: bool) -> Result<(), ExportError> {
    place::expect_file(path)?;
    let empty = std::fs::metadata(path).is_ok_and(|metadata| metadata.len() == 0);
    match path.exists() && !empty && !force {
        true => Err(ExportError::Exists { path: path.to_owned() }),
        false => Ok(()),
    }
}
