//! Columns of a catalogue that are carried into the results as they stand.

use std::sync::Arc;

/// The kind of value that a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Integers that a 64-bit signed integer holds.
    Integer,
    /// Numbers.
    Number,
    /// Anything else.
    Text,
}

/// A column that is carried into the results.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptColumn {
    /// Its name in the catalogue.
    pub name: String,
    /// Its unit, where the catalogue gives one.
    pub unit: Option<String>,
    /// Its kind, where the file declares one; absent for text files, whose values decide.
    pub kind: Option<Kind>,
}

/// One object's value of a kept column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The column; shared by all objects of a file.
    pub column: Arc<KeptColumn>,
    /// The value as it stands; empty where it is blank.
    pub value: String,
}

impl Kind {
    /// The narrowest kind of a value; none for a blank one.
    pub fn of(value: &str) -> Option<Kind> {
        match value {
            "" => None,
            value if value.parse::<i64>().is_ok() => Some(Kind::Integer),
            value if value.parse::<f64>().is_ok() => Some(Kind::Number),
            _ => Some(Kind::Text),
        }
    }
}
