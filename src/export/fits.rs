//! `results.fits`: the rows of `results.csv` as one FITS binary table, with units, UCDs and the run it came from.

use std::path::Path;

use super::cards::{ascii, card, column_names, header, padding, quoted};
use super::manifest::Provenance;
use super::staging::Sink;
use super::units::{ucd, unit};
use crate::error::{Error, Result};

/// The most files of a catalogue whose hashes have a card: keywords have eight characters.
const MOST_FILES: usize = 99;
/// Bytes of a number: IEEE 754 of 64 bits, big-endian (`TFORMn = 'D'`, section 7.3.3).
const NUMBER: usize = 8;
/// Columns of text; all others are numbers.
const TEXTS: [&str; 5] = ["object", "is_shift_of", "status", "flags", "reason"];

/// Writes the table into `sink` from the finished `results.csv` at `csv`, read twice: for the widths of its texts and for its
/// rows. Values are the ones that stand there, so that the two files say the same.
///
/// # Errors
/// A file that cannot be read or written.
pub(super) fn write(csv: &Path, sink: &mut Sink, provenance: &Provenance) -> Result<()> {
    let (columns, rows) = measure(csv)?;
    sink.write(&header(&primary()))?;
    sink.write(&header(&table(&columns, rows, provenance)))?;
    let mut bytes = 0;
    for record in reader(csv)?.records() {
        let record = record.map_err(|source| unreadable(csv, source))?;
        let row: Vec<u8> = columns
            .iter()
            .zip(&record)
            .flat_map(|(column, field)| column.bytes(field))
            .collect();
        bytes += row.len();
        sink.write(&row)?;
    }
    sink.write(&vec![0; padding(bytes)])
}

/// A column: its name and, of a text, the bytes of its longest value.
struct Column {
    name: String,
    text: Option<usize>,
}

impl Column {
    /// A value as it stands in the table.
    fn bytes(&self, field: &str) -> Vec<u8> {
        match self.text {
            Some(width) => {
                let mut bytes = ascii(field).into_bytes();
                bytes.resize(width, 0);
                bytes
            }
            None => field.parse().unwrap_or(f64::NAN).to_be_bytes().to_vec(),
        }
    }

    fn width(&self) -> usize {
        self.text.unwrap_or(NUMBER)
    }
}

/// The columns of the table and its number of rows.
fn measure(csv: &Path) -> Result<(Vec<Column>, usize)> {
    let mut reader = reader(csv)?;
    let names = reader.headers().map_err(|source| unreadable(csv, source))?.clone();
    let mut columns: Vec<Column> = names
        .iter()
        .map(|name| Column {
            name: name.to_owned(),
            text: TEXTS.contains(&name).then_some(1),
        })
        .collect();
    let mut rows = 0;
    for record in reader.records() {
        let record = record.map_err(|source| unreadable(csv, source))?;
        for (column, field) in columns.iter_mut().zip(&record) {
            column.text = column.text.map(|width| width.max(ascii(field).len()));
        }
        rows += 1;
    }
    Ok((columns, rows))
}

fn reader(path: &Path) -> Result<csv::Reader<std::fs::File>> {
    csv::Reader::from_path(path).map_err(|source| unreadable(path, source))
}

fn unreadable(path: &Path, source: csv::Error) -> Error {
    Error::Io {
        path: path.to_owned(),
        source: source.into(),
    }
}

/// The header of the empty primary array, which every file begins with.
fn primary() -> Vec<String> {
    vec![
        card("SIMPLE", "T", "FITS standard 4.0"),
        card("BITPIX", "8", ""),
        card("NAXIS", "0", "the table is in the extension"),
        card("EXTEND", "T", ""),
    ]
}

/// The header of the table (section 7.3.1).
fn table(columns: &[Column], rows: usize, provenance: &Provenance) -> Vec<String> {
    let width: usize = columns.iter().map(Column::width).sum();
    let number = |keyword: &str, value: usize, comment: &str| card(keyword, &value.to_string(), comment);
    let mut cards = vec![
        card("XTENSION", &quoted("BINTABLE"), ""),
        number("BITPIX", 8, ""),
        number("NAXIS", 2, ""),
        number("NAXIS1", width, "bytes of a row"),
        number("NAXIS2", rows, "one row an object"),
        number("PCOUNT", 0, ""),
        number("GCOUNT", 1, ""),
        number("TFIELDS", columns.len(), ""),
        card("EXTNAME", &quoted("RESULTS"), ""),
        card("CREATOR", &quoted(concat!("nebulium ", env!("CARGO_PKG_VERSION"))), ""),
        card("SEED", &provenance.seed.to_string(), "of all random numbers"),
        card("CONFSHA", &quoted(&provenance.configuration.1), ""),
        card("EMISSET", &quoted(&provenance.emissivities.0), "set of emissivities"),
        card("EMISSHA", &quoted(&provenance.emissivities.1), ""),
        card("REDLAW", &quoted(&provenance.extinction.0), "reddening law"),
    ];
    for ((_, sha256), n) in provenance.catalogues.iter().zip(1..=MOST_FILES) {
        let keyword = if n == 1 {
            "CATSHA".to_owned()
        } else {
            format!("CATSHA{n}")
        };
        cards.push(card(&keyword, &quoted(sha256), ""));
    }
    let names = column_names(columns.iter().map(|column| column.name.as_str()));
    for ((column, name), n) in columns.iter().zip(&names).zip(1..) {
        let form = column.text.map_or("D".to_owned(), |width| format!("{width}A"));
        cards.push(card(&format!("TTYPE{n}"), &quoted(name), ""));
        cards.push(card(&format!("TFORM{n}"), &quoted(&form), ""));
        for (keyword, value) in [("TUNIT", unit(&column.name)), ("TUCD", ucd(&column.name))] {
            if let Some(value) = value {
                cards.push(card(&format!("{keyword}{n}"), &quoted(&value), ""));
            }
        }
    }
    cards
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_ascii_and_numbers_big_endian() {
        let text = Column {
            name: "object".to_owned(),
            text: Some(9),
        };
        assert_eq!(text.bytes("α1"), b"\\u{3b1}1\0");
        let number = Column {
            name: "chi2".to_owned(),
            text: None,
        };
        assert_eq!(number.bytes("2"), [0x40, 0, 0, 0, 0, 0, 0, 0]);
        assert!(f64::from_be_bytes(number.bytes("NaN").try_into().unwrap()).is_nan());
    }
}
