//! Columns of a catalogue that go unchanged into the results.

use std::sync::Arc;

/// Kind of value in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Integers that a 64-bit signed integer holds.
    Integer,
    /// Numbers.
    Number,
    /// Anything else.
    Text,
}

/// A column that goes into the results.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptColumn {
    /// Name of the column in the catalogue.
    pub name: String,
    /// Unit, where the catalogue gives one.
    pub unit: Option<String>,
    /// Kind, where the file declares one; absent for text files, where the values decide.
    pub kind: Option<Kind>,
}

/// One object's value of a kept column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The column, shared by all objects of a file.
    pub column: Arc<KeptColumn>,
    /// The value as written in the catalogue; empty where it is blank.
    pub value: String,
}

impl Kind {
    /// Narrowest kind that reproduces a value exactly: `007`, `+7` and integers of more than 64
    /// bits are text. None for a missing value, blank or NaN.
    pub fn of(value: &str) -> Option<Kind> {
        let digits = value.strip_prefix(['-', '+']).unwrap_or(value);
        let whole = value != "-0" && !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        let same = |integer: i64| integer.to_string() == value;
        match value.parse::<f64>() {
            _ if value.is_empty() => None,
            Ok(number) if number.is_nan() => None,
            Ok(_) if whole => Some(match value.parse().is_ok_and(same) {
                true => Kind::Integer,
                false => Kind::Text,
            }),
            Ok(_) => Some(Kind::Number),
            Err(_) => Some(Kind::Text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_of_the_narrowest_kind_that_gives_it_back() {
        let integers = ["0", "-12", "1237650369951662080"];
        let numbers = ["1.5", "-0", "-0.0", "+0.5", "1e-3", "inf"];
        let texts = ["007", "+7", "12345678901234567890", "J0100", "12h30m", "-"];
        for (values, kind) in [
            (&integers[..], Kind::Integer),
            (&numbers, Kind::Number),
            (&texts, Kind::Text),
        ] {
            for value in values {
                assert_eq!(Kind::of(value), Some(kind), "{value}");
            }
        }
        assert_eq!(["", "NaN", "nan"].map(Kind::of), [None; 3]);
    }
}
