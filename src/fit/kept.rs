//! Columns of a catalogue that are kept in the results: names, units and kinds, no values.

use std::collections::HashMap;

use crate::table::{Kept, KeptColumn, Kind};

/// Integer that marks a blank in a column of integers; a column that has this value is text.
pub(crate) const BLANK: i64 = i64::MIN;
/// Largest size of an integer that a double holds exactly, with all below it: 2⁵³.
const EXACT: u64 = 1 << f64::MANTISSA_DIGITS;

/// Column of the catalogue that the results keep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carried {
    /// Name in the catalogue.
    pub name: String,
    /// Unit, the first that a file of the catalogue gives.
    pub unit: Option<String>,
    /// Narrowest kind that holds all values of the column.
    pub kind: Kind,
}

/// Columns met so far, in the order of first appearance.
#[derive(Debug, Default)]
pub(super) struct Collector {
    columns: Vec<Seen>,
    indices: HashMap<String, usize>,
}

/// Knowledge of a column, so far.
#[derive(Debug)]
struct Seen {
    column: KeptColumn,
    /// True once an integer was met that a double does not hold exactly.
    large: bool,
}

impl Collector {
    /// Notes the columns of one object.
    pub(super) fn add(&mut self, kept: &[Kept]) {
        for Kept { column, value } in kept {
            let index = match self.indices.get(&column.name) {
                Some(&index) => index,
                None => self.begin(&column.name),
            };
            self.columns[index].widen(column, value);
        }
    }

    /// Adds a new column and returns its index.
    fn begin(&mut self, name: &str) -> usize {
        let column = KeptColumn {
            name: name.to_owned(),
            unit: None,
            kind: None,
        };
        self.columns.push(Seen { column, large: false });
        self.indices.insert(name.to_owned(), self.columns.len() - 1);
        self.columns.len() - 1
    }

    /// Returns the columns, each of a kind that holds all values; a column of blanks is text.
    pub(super) fn finish(self) -> Vec<Carried> {
        let carried = |seen: Seen| Carried {
            kind: match seen.column.kind {
                Some(Kind::Number) if seen.large => Kind::Text,
                kind => kind.unwrap_or(Kind::Text),
            },
            name: seen.column.name,
            unit: seen.column.unit,
        };
        self.columns.into_iter().map(carried).collect()
    }
}

impl Seen {
    /// Notes a value, and the unit and kind that the file declares.
    fn widen(&mut self, declared: &KeptColumn, value: &str) {
        if self.column.unit.is_none() {
            self.column.unit.clone_from(&declared.unit);
        }
        let needed = needed(declared.kind, value);
        self.large |=
            needed == Some(Kind::Integer) && value.parse::<i64>().is_ok_and(|integer| integer.unsigned_abs() > EXACT);
        self.column.kind = self.column.kind.max(needed);
    }
}

/// Kind that holds a value: the declared kind, or a wider one where the value needs it.
fn needed(declared: Option<Kind>, value: &str) -> Option<Kind> {
    let held = match declared {
        None => false,
        Some(Kind::Integer) => value.parse::<i64>().is_ok_and(|integer| integer != BLANK),
        Some(Kind::Number) => value.parse::<f64>().is_ok(),
        Some(Kind::Text) => true,
    };
    match held {
        true => declared,
        false if value.parse() == Ok(BLANK) => Some(Kind::Text),
        false => declared.max(Kind::of(value)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Kind of a column with these values, under a declared kind.
    fn kind(declared: Option<Kind>, values: &[&str]) -> Kind {
        let mut collector = Collector::default();
        for value in values {
            collector.add(&[kept("a", None, declared, value)]);
        }
        collector.finish()[0].kind
    }

    fn kept(name: &str, unit: Option<&str>, kind: Option<Kind>, value: &str) -> Kept {
        let column = KeptColumn {
            name: name.to_owned(),
            unit: unit.map(str::to_owned),
            kind,
        };
        Kept {
            column: column.into(),
            value: value.to_owned(),
        }
    }

    #[test]
    fn a_column_is_of_the_narrowest_kind_that_holds_its_values() {
        let cases: [(&[&str], Kind); 9] = [
            (&["1237650369951662080", "", "-5", "NaN"], Kind::Integer),
            (&["1", "2.5"], Kind::Number),
            (&["1", "2.5", "x"], Kind::Text),
            (&["", ""], Kind::Text),
            (&["007", "12"], Kind::Text),
            (&["+7"], Kind::Text),
            (&["12345678901234567890"], Kind::Text),
            (&["-9223372036854775808"], Kind::Text),
            // A double would lose the last digits.
            (&["1237650369951662081", "2.5"], Kind::Text),
        ];
        for (values, expected) in cases {
            assert_eq!(kind(None, values), expected, "{values:?}");
        }
    }

    #[test]
    fn a_declared_kind_holds_where_it_can() {
        assert_eq!(kind(Some(Kind::Number), &["1", "100000000000000000000"]), Kind::Number);
        assert_eq!(kind(Some(Kind::Integer), &["", ""]), Kind::Integer);
        assert_eq!(kind(Some(Kind::Text), &["1"]), Kind::Text);
        assert_eq!(kind(Some(Kind::Integer), &["18446744073709551615"]), Kind::Text);
    }

    #[test]
    fn columns_of_all_files_come_in_order_of_appearance_with_the_first_unit() {
        let mut collector = Collector::default();
        collector.add(&[kept("z", None, None, "0.1"), kept("id", None, None, "3")]);
        collector.add(&[
            kept("id", None, Some(Kind::Integer), "4"),
            kept("ra", Some("deg"), None, ""),
        ]);
        collector.add(&[kept("ra", Some("rad"), Some(Kind::Number), "5")]);
        let found = collector.finish();
        let told: Vec<_> = found
            .iter()
            .map(|column| (column.name.as_str(), column.unit.as_deref(), column.kind))
            .collect();
        assert_eq!(
            told,
            [
                ("z", None, Kind::Number),
                ("id", None, Kind::Integer),
                ("ra", Some("deg"), Kind::Number)
            ]
        );
    }
}
