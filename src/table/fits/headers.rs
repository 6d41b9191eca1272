//! Headers of a FITS file, read one by one without the data between them.

use std::collections::HashMap;
use std::ops::Range;

use fitsio_pure::header::{Card, header_byte_len, parse_header_blocks};
use fitsio_pure::value::Value;

use crate::table::store::Store;

/// Bytes of a block, the unit of headers and data (section 3.1).
const BLOCK: usize = 2880;
/// Longest header that is read \[bytes\]: twice a header of 999 columns with ten cards each.
const LONGEST: usize = 2 << 20;
/// Most axes of an array and most columns of a table (sections 4.4.1 and 7.2.1).
const MOST: i64 = 999;

/// Values of a header by keyword; the first value of each keyword.
pub(super) struct Cards(HashMap<String, Value>);

/// Encoding of a table: ASCII or binary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Coding {
    Ascii,
    Binary,
}

/// A table of the file.
pub(super) struct Unit {
    pub(super) coding: Coding,
    pub(super) cards: Cards,
    /// Number among all units of the file, from 0.
    pub(super) number: usize,
    /// Offset of the first row in the file \[bytes\].
    pub(super) start: u64,
    /// Bytes of a row.
    pub(super) width: usize,
    pub(super) rows: usize,
    pub(super) fields: usize,
}

impl Cards {
    fn new(cards: Vec<Card>) -> Cards {
        let mut values = HashMap::with_capacity(cards.len());
        for card in cards {
            let keyword = card.keyword_str().to_owned();
            if let Some(value) = card.value {
                values.entry(keyword).or_insert(value);
            }
        }
        Cards(values)
    }

    /// A text without the blanks around it.
    pub(super) fn text(&self, keyword: &str) -> Option<&str> {
        match self.0.get(keyword)? {
            Value::String(text) => Some(text.trim()),
            _ => None,
        }
    }

    pub(super) fn integer(&self, keyword: &str) -> Option<i64> {
        match self.0.get(keyword)? {
            Value::Integer(value) => Some(*value),
            _ => None,
        }
    }

    pub(super) fn number(&self, keyword: &str) -> Option<f64> {
        match self.0.get(keyword)? {
            Value::Integer(value) => Some(*value as f64),
            Value::Float(value) => Some(*value),
            _ => None,
        }
    }

    /// An integer ≥ 0 that the header must have.
    fn count(&self, keyword: &str) -> Result<u64, String> {
        let count = self.integer(keyword).and_then(|count| u64::try_from(count).ok());
        count.ok_or_else(|| format!("a header without {keyword} ≥ 0"))
    }

    /// Bytes of the data after the header (section 4.4.1.1, equations 1 and 2; section 6.1.1).
    fn data_length(&self) -> Result<u64, String> {
        let axes = self.count("NAXIS")?;
        if axes > MOST as u64 {
            return Err(format!("NAXIS = {axes}, expected {MOST} at most"));
        }
        let sizes: Vec<u64> = (1..=axes)
            .map(|axis| self.count(&format!("NAXIS{axis}")))
            .collect::<Result<_, _>>()?;
        let groups = matches!(self.0.get("GROUPS"), Some(Value::Logical(true)));
        let array = match &sizes[..] {
            [] => return Ok(0),
            [0, others @ ..] if groups => others,
            all => all,
        };
        let bits = self.integer("BITPIX").ok_or("a header without BITPIX")?;
        let extra = |keyword, default| self.integer(keyword).map_or(Ok(default), |_| self.count(keyword));
        let (parameters, groups) = (extra("PCOUNT", 0)?, extra("GCOUNT", 1)?);
        let elements = array.iter().try_fold(1_u64, |product, size| product.checked_mul(*size));
        elements
            .and_then(|elements| elements.checked_add(parameters)?.checked_mul(groups))
            .and_then(|elements| elements.checked_mul(bits.unsigned_abs() / 8))
            .ok_or_else(|| "a header that claims more bytes than any file has".to_owned())
    }
}

/// Tables of a file.
pub(super) fn tables(store: &Store) -> Result<Vec<Unit>, String> {
    let (mut tables, mut start) = (Vec::new(), 0);
    for number in 0.. {
        // Special records may follow the last unit (section 3.5), and some writers fill the last
        // block with arbitrary bytes.
        let mut first = [0; b"XTENSION".len()];
        let whole = store.fill_at(start, &mut first).is_ok();
        if number > 0 && !(whole && &first == b"XTENSION") {
            break;
        }
        let (cards, length) = header(store, start)?;
        let data = start + length as u64;
        let bytes = cards.data_length()?;
        let end = data.checked_add(bytes).filter(|end| *end <= store.len());
        let end = end.ok_or("cut short: a header claims data beyond the end of the file")?;
        if let Some(coding) = coding(&cards) {
            tables.push(table(coding, cards, number, data..end)?);
        }
        start = end.next_multiple_of(BLOCK as u64);
    }
    Ok(tables)
}

/// Encoding of the table that a header opens, if any. Compressed images (section 10) are no tables.
fn coding(cards: &Cards) -> Option<Coding> {
    match cards.text("XTENSION")? {
        "TABLE" => Some(Coding::Ascii),
        "BINTABLE" if !matches!(cards.0.get("ZIMAGE"), Some(Value::Logical(true))) => Some(Coding::Binary),
        _ => None,
    }
}

fn table(coding: Coding, cards: Cards, number: usize, data: Range<u64>) -> Result<Unit, String> {
    let size = |keyword| usize::try_from(cards.count(keyword)?).map_err(|_| format!("{keyword} is too large"));
    let (width, rows, fields) = (size("NAXIS1")?, size("NAXIS2")?, size("TFIELDS")?);
    if fields > MOST as usize {
        return Err(format!("TFIELDS = {fields}, expected {MOST} at most"));
    }
    let bytes = (width as u64).checked_mul(rows as u64);
    let within = bytes.is_some_and(|bytes| bytes <= data.end - data.start);
    if cards.integer("NAXIS") != Some(2) || cards.integer("BITPIX") != Some(8) || !within {
        return Err("a table's header without NAXIS = 2, BITPIX = 8 and GCOUNT = 1".to_owned());
    }
    // Rows without bytes hold nothing, whatever number the header gives.
    let rows = if width == 0 { 0 } else { rows };
    Ok(Unit {
        coding,
        cards,
        number,
        start: data.start,
        width,
        rows,
        fields,
    })
}

/// Reads the header at `start`. Returns it with its length in bytes, a number of whole blocks.
fn header(store: &Store, start: u64) -> Result<(Cards, usize), String> {
    let mut bytes = Vec::new();
    loop {
        let read = bytes.len();
        if read >= LONGEST {
            return Err(format!("a header longer than {LONGEST} bytes"));
        }
        bytes.resize(read + BLOCK, 0);
        let block = store.fill_at(start + read as u64, &mut bytes[read..]);
        block.map_err(|_| "cut short within a header")?;
        // The standard (section 4.1) allows ASCII only; the reader would take each other byte for a
        // character.
        if !bytes[read..].is_ascii() {
            return Err("a header holds bytes other than ASCII".to_owned());
        }
        if header_byte_len(&bytes[read..]).is_ok() {
            break;
        }
    }
    let cards = parse_header_blocks(&bytes).map_err(|problem| problem.to_string())?;
    Ok((Cards::new(cards), bytes.len()))
}
