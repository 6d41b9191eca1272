//! A simulated catalogue and its table of truths: both or neither.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::single::check_free;
use super::staging::{Sink, Staging};
use crate::error::{ExportError, Result};

/// Catalogue and table of truths in the making.
#[derive(Debug)]
pub struct Tables {
    staging: Staging,
    names: [String; 2],
    sinks: [Sink; 2],
}

impl Tables {
    /// Opens the catalogue `path` and beside it the table of truths, `_truth` added to its stem.
    ///
    /// # Errors
    /// Without `force`, one of the two files exists and is not empty; something else than a file in
    /// the place of one; a file that cannot be opened.
    pub fn create(path: &Path, force: bool) -> Result<Tables, ExportError> {
        let truth = truth_path(path);
        check_free(path, force)?;
        check_free(&truth, force)?;
        let names = [path, &truth].map(|path| path.file_name().unwrap_or_default().to_string_lossy().into_owned());
        let directory = path
            .parent()
            .filter(|parent| !parent.as_os_str().is_empty())
            .unwrap_or(Path::new("."));
        let staging = Staging::open(directory, &format!(".{}.unfinished", names[0]))?;
        let sinks = [staging.sink(&names[0])?, staging.sink(&names[1])?];
        Ok(Tables { staging, names, sinks })
    }

    /// Adds rows to the catalogue and to the table of truths.
    ///
    /// # Errors
    /// A file that cannot be written, such as on a full disk.
    pub fn add(&mut self, catalogue: &str, truth: &str) -> Result<(), ExportError> {
        self.sinks[0].write(catalogue.as_bytes())?;
        self.sinks[1].write(truth.as_bytes())
    }

    /// Puts both files into place.
    ///
    /// # Errors
    /// A file that cannot be written or moved.
    pub fn finish(self) -> Result<(), ExportError> {
        for sink in self.sinks {
            sink.finish()?;
        }
        self.staging.publish(self.names.iter().map(String::as_str))
    }
}

/// Path of the truths of the catalogue `path`: `F_truth.csv` beside `F.csv`.
pub fn truth_path(path: &Path) -> PathBuf {
    let mut name = OsString::from(path.file_stem().unwrap_or_default());
    name.push("_truth");
    if let Some(extension) = path.extension() {
        name.push(".");
        name.push(extension);
    }
    path.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn truths_stand_beside_their_catalogue() {
        assert_eq!(truth_path(Path::new("a/b.csv")), Path::new("a/b_truth.csv"));
        assert_eq!(truth_path(Path::new("b")), Path::new("b_truth"));
    }
}
