//! The header of a text.

use super::kept::Kind;

/// Header of a text: names of the columns, with units and kinds.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Head {
    /// Number of the header's row in the file.
    pub(crate) row: usize,
    pub(crate) names: Vec<String>,
    /// Units of the columns, where the text gives any.
    pub(crate) units: Vec<Option<String>>,
    /// Kinds of the columns' values, where the text declares them.
    pub(crate) kinds: Vec<Option<Kind>>,
    /// Number of the last row without data: the header, or the units or dashes below it.
    pub(crate) last: usize,
}

impl Head {
    /// A header of names in this row, and nothing else.
    pub(crate) fn plain(row: usize, names: Vec<String>) -> Head {
        Head {
            row,
            units: vec![None; names.len()],
            kinds: vec![None; names.len()],
            names,
            last: row,
        }
    }
}
