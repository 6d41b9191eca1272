//! FITS files written byte by byte.

/// Bytes of a block.
const BLOCK: usize = 2880;

/// A card: keyword and value as written.
fn card(keyword: &str, value: &str) -> String {
    format!("{keyword:<8}= {value:<70}")
}

/// A header with these cards, and the data after it, both in whole blocks.
pub(in crate::table) fn unit(cards: &[(String, String)], data: &[u8]) -> Vec<u8> {
    let mut header: String = cards.iter().map(|(keyword, value)| card(keyword, value)).collect();
    header.push_str(&format!("{:<80}", "END"));
    let mut bytes = header.into_bytes();
    bytes.resize(bytes.len().next_multiple_of(BLOCK), b' ');
    bytes.extend_from_slice(data);
    bytes.resize(bytes.len().next_multiple_of(BLOCK), 0);
    bytes
}

/// The primary header of a file without an image.
pub(in crate::table) fn primary() -> Vec<u8> {
    let cards = [("SIMPLE", "T"), ("BITPIX", "8"), ("NAXIS", "0")];
    unit(
        &cards.map(|(keyword, value)| (keyword.to_owned(), value.to_owned())),
        &[],
    )
}

/// A table: `XTENSION`, `EXTNAME`, (TTYPE, TFORM) of its columns, further cards, and its rows.
pub(in crate::table) fn extension(
    kind: &str,
    name: &str,
    columns: &[(&str, &str)],
    more: &[(&str, &str)],
    rows: &[Vec<u8>],
) -> Vec<u8> {
    let text = |text: &str| format!("'{text}'");
    let width = rows.first().map_or(0, Vec::len);
    let mut cards = vec![
        ("XTENSION".to_owned(), text(kind)),
        ("BITPIX".to_owned(), "8".to_owned()),
        ("NAXIS".to_owned(), "2".to_owned()),
        ("NAXIS1".to_owned(), width.to_string()),
        ("NAXIS2".to_owned(), rows.len().to_string()),
        ("PCOUNT".to_owned(), "0".to_owned()),
        ("GCOUNT".to_owned(), "1".to_owned()),
        ("TFIELDS".to_owned(), columns.len().to_string()),
    ];
    if !name.is_empty() {
        cards.push(("EXTNAME".to_owned(), text(name)));
    }
    for (number, (name, form)) in (1..).zip(columns) {
        cards.push((format!("TTYPE{number}"), text(name)));
        cards.push((format!("TFORM{number}"), text(form)));
    }
    let more = more
        .iter()
        .map(|(keyword, value)| (keyword.to_string(), value.to_string()));
    cards.extend(more);
    unit(&cards, &rows.concat())
}

/// A row of a wide table with a column `object` of 8 characters, and numbers of 64 bits.
pub(in crate::table) fn row(object: &str, numbers: &[f64]) -> Vec<u8> {
    let mut row = format!("{object:<8}").into_bytes();
    numbers
        .iter()
        .for_each(|number| row.extend_from_slice(&number.to_be_bytes()));
    row
}

/// Columns of a wide table.
pub(in crate::table) const WIDE: [(&str, &str); 7] = [
    ("object", "8A"),
    ("H1_4861A", "D"),
    ("H1_4861A_err", "D"),
    ("O3_5007A", "D"),
    ("O3_5007A_err", "D"),
    ("O3_4363A", "D"),
    ("O3_4363A_err", "D"),
];
