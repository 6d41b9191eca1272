//! Cards of a FITS header, each of 80 characters whatever the text (FITS standard 4.0, section 4).

use std::collections::HashSet;

/// Bytes of a block, the unit of length of every part of a FITS file (section 3.1).
const BLOCK: usize = 2880;
/// Characters of a card, the unit of a header (section 3.2).
const CARD: usize = 80;
/// Characters of a text between quotes: those of a card less keyword, value indicator and quotes.
pub(super) const ROOM: usize = CARD - 12;
/// End of a text that a card does not hold whole.
const CUT: &str = "...";

/// A card with a value in the fixed format (section 4.2): texts from column 11, numbers and truth
/// values to column 30. A comment without room beside the value is left out.
pub(super) fn card(keyword: &str, value: &str, comment: &str) -> String {
    let value = if value.starts_with('\'') {
        format!("{value:<20}")
    } else {
        format!("{value:>20}")
    };
    let alone = format!("{keyword:<8}= {value}");
    let whole = format!("{alone} / {comment}");
    match comment.is_empty() || whole.len() > CARD {
        true => alone,
        false => whole,
    }
}

/// Text as a value: quotes doubled, at least eight characters (section 4.2.1). A text longer than a
/// card is cut and ends in three points.
pub(super) fn quoted(text: &str) -> String {
    let inside = cut(&ended(text)).replace('\'', "''");
    format!("'{inside:<8}'")
}

/// Text as FITS has it, printable ASCII (section 3.2); any other character as `\u{3b1}`.
pub(super) fn ascii(text: &str) -> String {
    let plain = |c: char| c == ' ' || c.is_ascii_graphic();
    text.chars()
        .map(|c| {
            if plain(c) {
                c.to_string()
            } else {
                c.escape_unicode().to_string()
            }
        })
        .collect()
}

/// Text of a card in ASCII. Blanks at the end mean nothing (section 4.2.1) and are left out; `&`
/// there would announce a continuation (section 4.2.1.2) and is escaped.
fn ended(text: &str) -> String {
    let ascii = ascii(text.trim_end_matches(' '));
    match ascii.strip_suffix('&') {
        Some(beginning) => beginning.to_owned() + "\\u{26}",
        None => ascii,
    }
}

/// Names of columns as a table has them: ASCII, short enough for a card, none blank, and no two
/// alike without regard to case (section 7.3.2). A name that is blank, or like an earlier one,
/// ends in `~2`, `~3`…
pub(super) fn column_names<'n>(names: impl Iterator<Item = &'n str>) -> Vec<String> {
    let mut used: HashSet<String> = HashSet::new();
    let mut distinct = |name: &str| {
        let whole = ended(name);
        let numbered = (2_usize..).map(|n| format!("~{n}"));
        let numbered = numbered.map(|end| format!("{}{end}", shortened(&whole, ROOM - end.len())));
        let mut candidates = std::iter::once(cut(&whole)).chain(numbered);
        let free = candidates.find(|name| !name.is_empty() && used.insert(name.to_ascii_lowercase()));
        free.expect("numbers do not end")
    };
    names.map(&mut distinct).collect()
}

/// Text of ASCII that a card holds, with three points at the end where it was longer.
fn cut(text: &str) -> String {
    match shortened(text, ROOM) {
        whole if whole == text => whole.to_owned(),
        _ => format!("{}{CUT}", shortened(text, ROOM - CUT.len())),
    }
}

/// Longest beginning of a text of ASCII that takes `room` characters at most, quotes doubled.
fn shortened(text: &str, room: usize) -> &str {
    let lengths = text.bytes().scan(0, |length, byte| {
        *length += if byte == b'\'' { 2 } else { 1 };
        Some(*length)
    });
    &text[..lengths.take_while(|length| *length <= room).count()]
}

/// Cards and END as whole blocks.
pub(super) fn header(cards: &[String]) -> Vec<u8> {
    let mut bytes: Vec<u8> = cards
        .iter()
        .flat_map(|card| format!("{card:<CARD$}").into_bytes())
        .collect();
    bytes.extend(format!("{:<CARD$}", "END").into_bytes());
    bytes.resize(bytes.len() + padding(bytes.len()), b' ');
    bytes
}

/// Bytes from `length` to the end of its block.
pub(super) fn padding(length: usize) -> usize {
    length.next_multiple_of(BLOCK) - length
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Key, Stream};
    use rand_core::Rng;

    /// A random text of quotes, blanks, controls and letters.
    fn text(stream: &mut Stream, most: u32) -> String {
        let alphabet = ['\'', ' ', 'a', 'A', '\\', '/', '\n', 'α', '\u{202e}', '=', '&', '1'];
        let length = stream.next_u32() % (most + 1);
        (0..length)
            .map(|_| alphabet[stream.next_u32() as usize % alphabet.len()])
            .collect()
    }

    #[test]
    fn cards_have_their_fixed_format() {
        assert_eq!(card("NAXIS1", "12", "bytes"), format!("NAXIS1  = {:>20} / bytes", 12));
        assert_eq!(
            card("TFORM1", &quoted("D"), ""),
            format!("TFORM1  = {:<20}", "'D       '")
        );
        assert_eq!(quoted("O'Donnell"), "'O''Donnell'");
        let long = "s".repeat(60);
        assert_eq!(
            card("EMISSET", &quoted(&long), "set of emissivities"),
            format!("EMISSET = '{long}'")
        );
        assert_eq!(quoted(&"s".repeat(69)), format!("'{}...'", "s".repeat(65)));
        assert_eq!(header(&[card("SIMPLE", "T", "")]).len(), BLOCK);
    }

    #[test]
    fn any_text_makes_one_card_that_reads_back() {
        let mut stream = Stream::new(Key::new(1, "cards"), 0, 0, 0);
        for _ in 0..2000 {
            let given = text(&mut stream, 90);
            let bytes = header(&[card("REDLAW", &quoted(&given), "reddening law")]);
            let cards = fitsio_pure::header::parse_header_blocks(&bytes).expect("a header");
            assert_eq!(cards.len(), 2, "{given:?}: one card and END");
            let Some(fitsio_pure::value::Value::String(read)) = &cards[0].value else {
                panic!("{given:?}: no text")
            };
            let whole = ended(&given);
            let kept = read.strip_suffix(CUT).filter(|_| *read != whole);
            assert!(
                *read == whole || kept.is_some_and(|kept| whole.starts_with(kept)),
                "{given:?}: {read:?}"
            );
        }
    }

    #[test]
    fn no_two_names_of_columns_are_alike() {
        let mut stream = Stream::new(Key::new(2, "cards"), 0, 0, 0);
        let mut names: Vec<String> = (0..300).map(|_| text(&mut stream, 3)).collect();
        names.extend((0..300).map(|_| format!("{}{}", "'q".repeat(40), text(&mut stream, 9))));
        let found = column_names(names.iter().map(String::as_str));
        let told: HashSet<String> = found.iter().map(|name| name.to_ascii_lowercase()).collect();
        assert_eq!(told.len(), names.len());
        assert!(
            found
                .iter()
                .all(|name| quoted(name).len() <= ROOM + 2 && cut(name) == *name)
        );
        assert_eq!(
            column_names(["z", "Z", "α", " "].into_iter()),
            ["z", "Z~2", "\\u{3b1}", "~2"]
        );
    }
}
