//! Kept columns of the catalogue in the results: distinct names, and the values of an object.

use std::collections::{BTreeMap, HashSet};

use crate::fit::Carried;
use crate::table::Kept;

/// Prefix of a name that another column of the results has.
const PREFIX: &str = "input_";

/// A kept column in the results.
#[derive(Clone, Debug)]
pub(super) struct Column {
    /// Name in the results.
    pub(super) name: String,
    /// Name, unit and kind in the catalogue.
    pub(super) of: Carried,
}

/// Columns under names that differ from those of `results` and from each other. Case does not
/// count, as in FITS.
pub(super) fn columns<'n>(carried: &[Carried], results: impl Iterator<Item = &'n str>) -> Vec<Column> {
    let plain = |name: &str| name.trim_end().to_lowercase();
    let mut used: HashSet<String> = results.map(plain).collect();
    let mut column = |of: &Carried| {
        let mut name = of.name.clone();
        while name.trim().is_empty() || !used.insert(plain(&name)) {
            name.insert_str(0, PREFIX);
        }
        Column { name, of: of.clone() }
    };
    carried.iter().map(&mut column).collect()
}

/// Values of an object as they stand in the catalogue; blank where the object has none.
pub(super) fn values(columns: &[Column], kept: &[Kept]) -> Vec<String> {
    let own: BTreeMap<&str, &str> = kept
        .iter()
        .map(|kept| (kept.column.name.as_str(), kept.value.as_str()))
        .collect();
    let value = |column: &Column| own.get(column.of.name.as_str()).copied().unwrap_or_default();
    columns.iter().map(|column| value(column).to_owned()).collect()
}

/// Places the items of `kept` after the first of `own`, where kept columns stand.
pub(super) fn after_first<T>(
    mut own: impl Iterator<Item = T>,
    kept: impl Iterator<Item = T>,
) -> impl Iterator<Item = T> {
    let first = own.next();
    first.into_iter().chain(kept).chain(own)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::Kind;

    #[test]
    fn names_are_distinct_without_regard_to_case() {
        let carried = ["z", "Status", "input_status", "Z", " ", "O_H_p50"].map(|name| Carried {
            name: name.to_owned(),
            unit: None,
            kind: Kind::Text,
        });
        let results = ["object", "O_H_p50", "status"];
        let names: Vec<String> = columns(&carried, results.into_iter())
            .into_iter()
            .map(|column| column.name)
            .collect();
        let expected = [
            "z",
            "input_Status",
            "input_input_status",
            "input_Z",
            "input_ ",
            "input_O_H_p50",
        ];
        assert_eq!(names, expected);
    }
}
