//! First row of each name, in a few bytes, so that the names of a catalogue of millions need no
//! memory.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

/// First rows by a 128-bit hash of the name. Among 10^7 names two share a hash in 1 of 10^24
/// catalogues.
#[derive(Default)]
pub(crate) struct FirstRows(HashMap<[u64; 2], usize>);

impl FirstRows {
    /// Earlier row of a name, if there is one. Otherwise this row is stored as its first.
    pub(crate) fn earlier(&mut self, name: &str, row: usize) -> Option<usize> {
        let half = |seed: u64| {
            let mut hasher = DefaultHasher::new();
            (seed, name).hash(&mut hasher);
            hasher.finish()
        };
        let first = *self.0.entry([half(0), half(1)]).or_insert(row);
        (first != row).then_some(first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_known_by_its_first_row() {
        let mut rows = FirstRows::default();
        assert_eq!([rows.earlier("a", 2), rows.earlier("b", 3)], [None, None]);
        assert_eq!([rows.earlier("a", 4), rows.earlier("a", 5)], [Some(2), Some(2)]);
    }
}
