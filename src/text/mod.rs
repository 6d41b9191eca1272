//! Makes text from outside safe to print: hidden characters as escapes, long values cut. Finds
//! names similar to a missing one.

mod near;

use std::borrow::Cow;
use std::fmt::Write;

pub(crate) use near::Near;

/// Longest echo of a value \[characters\].
const ECHOED: usize = 80;
/// Start of an escape.
const ESCAPE: &str = "\\u{";

/// Printable form of a name, cell or path: control, invisible and direction characters as `\u{…}`.
///
/// A text without such characters stays unchanged. In any other text, and in one that holds `\u{`
/// itself, a backslash is doubled. Two different texts therefore never look alike.
pub(crate) fn printable(text: &str) -> Cow<'_, str> {
    if text.contains(is_hidden) || text.contains(ESCAPE) {
        Cow::Owned(escaped(text, |c| is_hidden(c) || c == '\\'))
    } else {
        Cow::Borrowed(text)
    }
}

/// Printable form of a value for messages, cut after 80 characters, with the number of its
/// characters.
pub(crate) fn echoed(value: &str) -> Cow<'_, str> {
    match value.char_indices().nth(ECHOED) {
        None => printable(value),
        Some((end, _)) => {
            let all = value.chars().count();
            Cow::Owned(format!("{}… ({all} characters)", printable(&value[..end])))
        }
    }
}

/// Printable form of output with any number of rows: line ends stay, other hidden characters become
/// `\u{…}`.
pub(crate) fn visible(output: &str) -> Cow<'_, str> {
    let hidden = |c: char| is_hidden(c) && c != '\n';
    if output.contains(hidden) {
        Cow::Owned(escaped(output, hidden))
    } else {
        Cow::Borrowed(output)
    }
}

/// Escapes the characters of a text that are `wanted`.
fn escaped(text: &str, wanted: impl Fn(char) -> bool) -> String {
    let mut shown = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            c if !wanted(c) => shown.push(c),
            '\\' => shown.push_str("\\\\"),
            c => write!(shown, "{ESCAPE}{:x}}}", u32::from(c)).expect("a string takes all"),
        }
    }
    shown
}

/// Tells whether a character is hidden: control characters (C0, C1), characters without width, and
/// those that change the direction of writing (Unicode 15, UAX 9).
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_stays_as_it_is() {
        for text in ["", "SHOC 579", "C:\\data\\a.csv", "Hβ été 星系 a\u{a0}b"] {
            assert!(matches!(printable(text), Cow::Borrowed(same) if same == text), "{text}");
        }
    }

    #[test]
    fn hidden_characters_become_escapes() {
        assert_eq!(printable("a\u{1b}[31mb\n"), "a\\u{1b}[31mb\\u{a}");
        assert_eq!(printable("\u{9b}x\\"), "\\u{9b}x\\\\");
        for c in [
            '\u{200b}', '\u{200f}', '\u{202a}', '\u{202e}', '\u{2066}', '\u{2069}', '\u{feff}', '\u{7f}', '\t',
        ] {
            assert_eq!(printable(&c.to_string()), format!("\\u{{{:x}}}", u32::from(c)));
        }
    }

    #[test]
    fn different_texts_never_look_alike() {
        let pieces = ["\u{1b}", "\\", "\\u{1b}", "u{1b}", "\\\\", "a"];
        let mut seen = std::collections::BTreeMap::new();
        for text in pieces
            .iter()
            .flat_map(|a| pieces.iter().map(move |b| format!("{a}{b}")))
        {
            let first = seen
                .entry(printable(&text).into_owned())
                .or_insert_with(|| text.clone());
            assert_eq!(*first, text);
        }
    }

    #[test]
    fn a_long_value_is_cut_and_counted() {
        assert_eq!(echoed(&"é".repeat(80)), "é".repeat(80));
        assert_eq!(echoed(&"é".repeat(81)), format!("{}… (81 characters)", "é".repeat(80)));
    }

    #[test]
    fn output_keeps_its_rows() {
        assert_eq!(visible("a\nb\n"), "a\nb\n");
        assert_eq!(visible("a\u{1b}\\u{7}\n"), "a\\u{1b}\\u{7}\n");
        assert_eq!(visible(&printable("\u{1b}\\")), printable("\u{1b}\\"));
    }
}
