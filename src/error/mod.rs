//! Everything that can go wrong with files, settings and devices: one enum for each task, and one
//! for all.

mod catalogue;
mod device;
mod emissivity;
mod export;
mod extinction;
mod fit;
mod format;
mod line;
mod problem;
mod simulate;
mod table;
mod variant;
mod zone;

use std::path::{Path, PathBuf};

pub use catalogue::CatalogueError;
pub use device::DeviceError;
pub use emissivity::EmissivityError;
pub use export::ExportError;
pub use extinction::ExtinctionError;
pub use fit::FitError;
pub use format::FormatError;
pub use line::LineError;
pub use problem::ProblemError;
pub use simulate::SimulateError;
pub use table::TableError;
pub use zone::ZoneError;

pub(crate) use variant::Variant;

/// An error that stops the program or rejects an object. The message names file, row, column, value
/// and the expected value.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file that could not be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Words of the operating system.
        source: std::io::Error,
    },

    /// A file that is no TOML, or TOML without an expected key; names line and column.
    #[error("{}: {source}", path.display())]
    Toml {
        /// The file.
        path: PathBuf,
        /// Words of the parser.
        source: Box<toml::de::Error>,
    },

    /// A setting out of its range.
    #[error("{key} = `{value}`: expected {expected}")]
    Setting {
        /// Key in the configuration.
        key: &'static str,
        /// The value given.
        value: String,
        /// Description of a valid value.
        expected: &'static str,
    },

    /// A setting of a configuration file that the model refuses.
    #[error("{}: {source}", path.display())]
    InConfig {
        /// The configuration.
        path: PathBuf,
        /// The error of the setting.
        source: Box<Error>,
    },

    /// A catalogue that cannot be read a second time.
    #[error(
        "{source}; it was another when the fit began: leave the catalogue as it is until the fit \
         has ended, and run again"
    )]
    CatalogueLost {
        /// The error of the second reading.
        source: Box<Error>,
    },

    /// Object of a catalogue that cannot be used, or that is not there.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),

    /// Device that is not there, fails, or is too small.
    #[error(transparent)]
    Device(#[from] DeviceError),

    /// Set of emissivities that cannot be read, mixed or used.
    #[error(transparent)]
    Emissivity(#[from] EmissivityError),

    /// Result that cannot be written or read.
    #[error(transparent)]
    Export(#[from] ExportError),

    /// Reddening law that does not exist, or does not take its R_V or wavelength.
    #[error(transparent)]
    Extinction(#[from] ExtinctionError),

    /// Object that cannot be fitted, or a catalogue that changes during its fit.
    #[error(transparent)]
    Fit(#[from] FitError),

    /// File that cannot be read as a table.
    #[error(transparent)]
    Format(#[from] FormatError),

    /// Name or label that means no line, or more than one.
    #[error(transparent)]
    Line(#[from] LineError),

    /// Prior, likelihood or object that makes no problem to sample.
    #[error(transparent)]
    Problem(#[from] ProblemError),

    /// Simulation whose population or true parameters are incomplete.
    #[error(transparent)]
    Simulate(#[from] SimulateError),

    /// Header, row or cell of a table that cannot be used.
    #[error(transparent)]
    Table(#[from] TableError),

    /// Zones that make no nebula.
    #[error(transparent)]
    Zone(#[from] ZoneError),
}

impl Error {
    /// The bytes of the file `path` as text, or [`FormatError::NotUtf8`].
    pub(crate) fn text<'a>(bytes: &'a [u8], path: &Path) -> Result<&'a str> {
        std::str::from_utf8(bytes).map_err(|error| {
            let before = &bytes[..error.valid_up_to()];
            Error::Format(FormatError::NotUtf8 {
                path: path.to_owned(),
                row: 1 + before.iter().filter(|byte| **byte == b'\n').count(),
            })
        })
    }
}

/// Result of a fallible function of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_small_enough_for_every_result() {
        assert!(size_of::<Error>() <= 112, "{} bytes", size_of::<Error>());
    }
}
