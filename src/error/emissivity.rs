//! Errors of sets of emissivities.

use std::path::PathBuf;

/// Set of emissivities that cannot be read, mixed or used.
#[derive(Debug, thiserror::Error)]
pub enum EmissivityError {
    /// A value in the manifest of a set of emissivities that cannot be right.
    #[error("{}: {key} is `{value}`, expected {expected}", path.display())]
    ManifestValue {
        /// The manifest.
        path: PathBuf,
        /// The key and its entry.
        key: String,
        /// The value.
        value: String,
        /// Description of a right value.
        expected: String,
    },

    /// A name without a set of emissivities.
    #[error("no emissivities are called `{name}`: expected one of {known}, or dir:PATH")]
    UnknownSet {
        /// The name.
        name: String,
        /// Known names, joined by commas.
        known: String,
    },

    /// A set of emissivities without an ion that is needed.
    #[error("emissivities {set} hold no line of {ion}: they hold {known}")]
    WithoutIon {
        /// The set.
        set: String,
        /// The ion.
        ion: String,
        /// Ions of the set, joined by commas.
        known: String,
    },

    /// A set of emissivities without a line that is needed.
    #[error("emissivities {set} hold no {line}, which is needed")]
    WithoutLine {
        /// The set.
        set: String,
        /// The line.
        line: String,
    },

    /// Two sets of emissivities with different nodes, which do not mix.
    #[error(
        "emissivities {set} have other nodes in temperature and density than {base}: only sets of \
         the same nodes mix"
    )]
    Axes {
        /// The set.
        set: String,
        /// The other set.
        base: String,
    },

    /// A file that is no `.npy`, or one cut short.
    #[error("{}: unreadable as .npy: {source}", path.display())]
    Npy {
        /// The file.
        path: PathBuf,
        /// Words of the reader.
        source: std::io::Error,
    },

    /// An array of emissivities whose shape, type or order differs from the manifest's.
    #[error("{}: holds {found}, expected {expected}", path.display())]
    NodesShape {
        /// The file.
        path: PathBuf,
        /// Type, shape and order found.
        found: String,
        /// Type, shape and order that the manifest implies.
        expected: String,
    },

    /// A node of emissivities that is NaN or infinite.
    #[error("{}: node {index:?} (row, T, n) is {value}, expected a finite log₁₀", path.display())]
    NodeNotFinite {
        /// The file.
        path: PathBuf,
        /// Row (0 is Hβ), index in temperature, index in density.
        index: [usize; 3],
        /// The value of the node.
        value: f64,
    },
}
