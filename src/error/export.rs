//! Errors of results in files.

use std::path::PathBuf;

/// Result that cannot be written or read.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// A file that exists in the place of a result.
    #[error("{} exists: give another place, or --force to replace it", path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },

    /// Something else than a file of the program in the place of a result.
    #[error(
        "{} is {what}, which is never followed or replaced: give another place, or move it away",
        path.display()
    )]
    Obstacle {
        /// The place.
        path: PathBuf,
        /// Words for what stands there.
        what: String,
    },

    /// A directory with the name of the program's working directory, which it did not make.
    #[error(
        "{} holds files that nebulium did not make, and is needed as its working directory: move it \
         away, or give another place",
        path.display()
    )]
    Foreign {
        /// The directory.
        path: PathBuf,
    },

    /// A directory into which another run is writing.
    #[error(
        "{}: another run is writing its results here: give another directory, or wait for it",
        path.display()
    )]
    Busy {
        /// The directory.
        path: PathBuf,
    },

    /// More columns of results than a FITS table holds.
    #[error(
        "results.fits would have {own} columns of results and {kept} of the catalogue, {most} at \
         most: carry fewer by `keep`"
    )]
    TooManyColumns {
        /// Number of columns of results.
        own: usize,
        /// Number of columns carried from the catalogue.
        kept: usize,
        /// Largest number of columns of a FITS table.
        most: usize,
    },

    /// A file of a result that could not be written whole.
    #[error(
        "{} could not be written: {source}; nothing of this run was kept: mend this and run it \
         again",
        path.display()
    )]
    Write {
        /// The file.
        path: PathBuf,
        /// Words of the operating system.
        source: std::io::Error,
    },

    /// A manifest of a result that this version of the program cannot read.
    #[error("{}: no manifest of a result that this version reads: {message}", path.display())]
    BadManifest {
        /// The manifest.
        path: PathBuf,
        /// Words of the parser.
        message: String,
    },
}
