//! Errors of simulated catalogues.

use std::path::PathBuf;

/// Simulation whose population or true parameters are incomplete.
#[derive(Debug, thiserror::Error)]
pub enum SimulateError {
    /// An ion that the default population of simulated objects does not have.
    #[error(
        "line {line}: the default population has no {ion}; give --truth a table with a column \
         {ion}, or leave the line out"
    )]
    NoPopulation {
        /// The line.
        line: String,
        /// The ion of the line.
        ion: String,
    },

    /// Lines that the model of the configuration leaves out.
    #[error(
        "{lines}: the model leaves these lines out, so they have no flux to simulate: list them \
         under `include`, or name other lines by --lines"
    )]
    LeftOut {
        /// The lines.
        lines: String,
    },

    /// A simulation without a number of objects.
    #[error(
        "--objects: nothing given, expected a number of objects, or --truth with a table of one \
         row each"
    )]
    HowMany,

    /// A table of true parameters with neither one row nor one row per object.
    #[error(
        "{}: {found} rows of true parameters for {expected} objects: give one row for all, or one \
         each",
        path.display()
    )]
    TruthRows {
        /// The table.
        path: PathBuf,
        /// Number of rows of the table.
        found: usize,
        /// Number of simulated objects.
        expected: usize,
    },

    /// A table of true parameters without a row of the object.
    #[error(
        "{}: no row of object `{object}`: expected one with its name in a column `object`, or a \
         single row",
        path.display()
    )]
    NoTruth {
        /// The table.
        path: PathBuf,
        /// The object.
        object: String,
    },
}
