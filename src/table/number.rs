//! Numbers as tables write them, and signs for a missing value.

/// Words for a missing value; case does not matter.
const ABSENT: [&str; 11] = [
    "nan", "na", "n/a", "n.a.", "none", "null", "<na>", "masked", "no", "nodata", "\\n",
];

/// Tells whether a text marks a missing value: blank, a word such as `N/A`, or dots and dashes
/// alone.
pub(crate) fn is_absent(text: &str) -> bool {
    let strokes = |c: char| matches!(c, '-' | '\u{2013}' | '\u{2014}' | '\u{2212}' | '.' | '\u{2026}' | '_');
    text.chars().all(strokes) || ABSENT.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// Tells whether a text marks an upper limit: `true`, `yes`, `1`, `<` and their like, or marks
/// none. `None` for any other text.
pub(crate) fn is_limit(text: &str) -> Option<bool> {
    let is = |words: &[&str]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    if is_absent(text) || is(&["false", "f", "no", "n", "0", "0.0", "="]) {
        return Some(false);
    }
    is(&["true", "t", "yes", "y", "1", "1.0", "<", "\u{2264}", "<=", "u", "ul"]).then_some(true)
}

/// Number of a text, as in Rust, with Fortran's `1.5D-17`, a Unicode minus, and `1,5` if
/// `decimal_comma`.
pub(crate) fn parse(text: &str, decimal_comma: bool) -> Option<f64> {
    if let Ok(value) = text.parse() {
        return Some(value);
    }
    let comma = decimal_comma && text.matches(',').count() == 1 && !text.contains('.');
    let digits = text.bytes().any(|byte| byte.is_ascii_digit());
    let plain = |c: char| match c {
        'd' | 'D' if digits => 'e',
        '\u{2212}' => '-',
        ',' if comma => '.',
        c => c,
    };
    text.chars().map(plain).collect::<String>().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_other_programs_are_read() {
        let cases = [
            ("1.5", Some(1.5)),
            ("+2e-17", Some(2e-17)),
            ("1.5D-17", Some(1.5e-17)),
            ("1.5d+02", Some(150.0)),
            ("\u{2212}0.3", Some(-0.3)),
            ("1,5", None),
            ("d", None),
            ("1.5x", None),
            ("", None),
        ];
        for (text, value) in cases {
            assert_eq!(parse(text, false), value, "{text}");
        }
        assert_eq!(parse("1,5", true), Some(1.5));
        assert_eq!(parse("-1,5e-3", true), Some(-1.5e-3));
        assert_eq!(parse("1,500.5", true), None);
        assert_eq!(parse("1,2,3", true), None);
    }

    #[test]
    fn signs_for_no_value_are_known() {
        for text in [
            "", "-", "--", "---", "...", "\u{2026}", "N/A", "NaN", "null", "None", "<NA>", "\u{2014}",
        ] {
            assert!(is_absent(text), "{text}");
        }
        for text in ["0", "-1", "a", "<0.2", "nanometre"] {
            assert!(!is_absent(text), "{text}");
        }
    }
}
