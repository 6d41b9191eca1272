//! Places of files: nothing but a file of its own is replaced, and no link is followed.

use std::fs::{self, FileType};
use std::io::ErrorKind;
use std::path::Path;

use crate::error::ExportError;

/// Checks that nothing or a file stands at `path`.
///
/// # Errors
/// A link, a directory, a pipe, a socket or a device at `path`.
pub(super) fn expect_file(path: &Path) -> Result<(), ExportError> {
    match kind(path)? {
        None => Ok(()),
        Some(kind) if kind.is_file() => Ok(()),
        Some(kind) => Err(obstacle(path, kind)),
    }
}

/// Checks that nothing or a directory stands at `path`; true if there is nothing.
///
/// # Errors
/// A link, a file, a pipe, a socket or a device at `path`.
pub(super) fn expect_directory(path: &Path) -> Result<bool, ExportError> {
    match kind(path)? {
        None => Ok(true),
        Some(kind) if kind.is_dir() => Ok(false),
        Some(kind) => Err(obstacle(path, kind)),
    }
}

/// The kind of what stands at `path`, of a link the link itself; none if nothing stands there.
fn kind(path: &Path) -> Result<Option<FileType>, ExportError> {
    match fs::symlink_metadata(path) {
        Ok(metadata) => Ok(Some(metadata.file_type())),
        Err(source) if source.kind() == ErrorKind::NotFound => Ok(None),
        Err(source) => Err(ExportError::Write {
            path: path.to_owned(),
            source,
        }),
    }
}

fn obstacle(path: &Path, kind: FileType) -> ExportError {
    let target = || fs::read_link(path).map_or_else(|_| "elsewhere".to_owned(), |to| to.display().to_string());
    let what = match kind {
        kind if kind.is_symlink() => format!("a link to {}", target()),
        kind if kind.is_dir() => "a directory".to_owned(),
        kind if kind.is_file() => "a file".to_owned(),
        _ => "a pipe, a socket or a device".to_owned(),
    };
    ExportError::Obstacle {
        path: path.to_owned(),
        what,
    }
}
