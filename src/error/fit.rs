//! Errors of a fit under way.

use std::path::PathBuf;

/// Object that cannot be fitted, or a catalogue that changes during its fit.
#[derive(Debug, thiserror::Error)]
pub enum FitError {
    /// A catalogue that changed between the two readings of a fit.
    #[error(
        "{}: was changed while it was fitted: leave the catalogue as it is until the fit has \
         ended, and run again",
        path.display()
    )]
    CatalogueChanged {
        /// The file.
        path: PathBuf,
    },

    /// An object all of whose parameters are fixed.
    #[error("object `{object}`: no free parameter: every prior in its model is `fixed`")]
    NothingToSample {
        /// The object.
        object: String,
    },

    /// An object whose posterior has no mode that could be found.
    #[error(
        "object `{object}`: no mode was found, so there is nowhere to start: see what `nebulium \
         check` says of it"
    )]
    NoMode {
        /// The object.
        object: String,
    },
}
