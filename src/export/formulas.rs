//! Texts that a spreadsheet would take for formulas, made harmless where the configuration says so.

use std::borrow::Cow;

/// Beginnings of a formula (OWASP, "CSV Injection").
const BEGINNINGS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// The field, behind an apostrophe where it begins as a formula does and is no number.
pub(super) fn harmless(field: &str) -> Cow<'_, str> {
    match field.starts_with(BEGINNINGS) && field.parse::<f64>().is_err() {
        true => Cow::Owned(format!("'{field}")),
        false => Cow::Borrowed(field),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_made_texts_and_numbers_stay() {
        for (field, written) in [
            ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("-1.5", "-1.5"),
            ("+3e-2", "+3e-2"),
            ("-inf", "-inf"),
            ("NGC 4861", "NGC 4861"),
            ("", ""),
        ] {
            assert_eq!(harmless(field), written);
        }
    }
}
