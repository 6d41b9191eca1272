//! Words, numbers and marks of a line's name, in lower case, with ASCII spellings of other signs.

/// A piece of a name.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Token<'a> {
    /// Letters.
    Word(&'a str),
    /// Digits, perhaps with a decimal point.
    Number(&'a str),
    /// A separator.
    Mark(char),
}

/// Signs between the parts of a name. A text with any other sign is no name.
const MARKS: &str = " _-[]():.,/&+";

/// Greek letters as words, signs of units as letters, separating signs as blanks.
const SPELT: [(char, &str); 17] = [
    ('α', "alpha"),
    ('β', "beta"),
    ('γ', "gamma"),
    ('δ', "delta"),
    ('ε', "epsilon"),
    ('ζ', "zeta"),
    ('η', "eta"),
    ('θ', "theta"),
    ('λ', " "),
    ('å', "a"),
    ('µ', "u"),
    ('μ', "u"),
    ('−', "-"),
    ('–', "-"),
    ('\u{a0}', " "),
    ('{', " "),
    ('}', " "),
];

/// The name in lower case, Greek letters written out.
pub(super) fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for letter in text.trim().chars().flat_map(char::to_lowercase) {
        match SPELT.iter().find(|(sign, _)| *sign == letter) {
            Some((_, word)) => plain.push_str(word),
            None => plain.push(letter),
        }
    }
    plain
}

/// Pieces of a plain name; none where a sign belongs to no name.
pub(super) fn tokens(plain: &str) -> Option<Vec<Token<'_>>> {
    let mut tokens = Vec::new();
    let mut rest = plain;
    while let Some(first) = rest.chars().next() {
        let run = |belongs: fn(char) -> bool| rest.find(|c| !belongs(c)).unwrap_or(rest.len());
        let (token, length) = match first {
            'a'..='z' => {
                let length = run(|c| c.is_ascii_lowercase());
                (Token::Word(&rest[..length]), length)
            }
            '0'..='9' => {
                let length = number(rest);
                (Token::Number(&rest[..length]), length)
            }
            mark if MARKS.contains(mark) => (Token::Mark(mark), 1),
            _ => return None,
        };
        tokens.push(token);
        rest = &rest[length..];
    }
    Some(tokens)
}

/// Length of the number at the start of a text: digits, and a point with digits behind it.
fn number(text: &str) -> usize {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let whole = digits(text);
    match text[whole..].strip_prefix('.').map(digits) {
        Some(decimals) if decimals > 0 => whole + 1 + decimals,
        _ => whole,
    }
}

#[cfg(test)]
mod tests {
    use super::Token::*;
    use super::*;

    #[test]
    fn names_fall_into_words_numbers_and_marks() {
        assert_eq!(
            tokens(&plain("O3_5007A")).unwrap(),
            [Word("o"), Number("3"), Mark('_'), Number("5007"), Word("a")]
        );
        assert_eq!(tokens(&plain("Hβ 4861.33 Å")).unwrap()[0], Word("hbeta"));
        assert_eq!(
            tokens("oii.3727.5").unwrap(),
            [Word("oii"), Mark('.'), Number("3727.5")]
        );
        assert_eq!(tokens("o3*2"), None);
        assert_eq!(tokens("").unwrap(), []);
    }
}
