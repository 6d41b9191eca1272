//! Everything that can go wrong with files, settings and devices, as one enum.

use std::path::PathBuf;

/// An error that stops the program or rejects an object; the message names file, row, column, value and what was expected.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file could not be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
}

/// The result of anything fallible here.
pub type Result<T> = std::result::Result<T, Error>;
