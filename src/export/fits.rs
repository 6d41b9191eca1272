//! `results.fits`: the rows of `results.csv` as one FITS binary table, with units, UCDs and
//! provenance.

use std::path::Path;

use super::cards::{ROOM, ascii, card, column_names, header, padding, quoted};
use super::carried;
use super::column;
use super::identifiers::ucds_of_identifiers;
use super::manifest::Provenance;
use super::staging::Sink;
use crate::error::{Error, Result};
use crate::fit::BLANK;
use crate::table::Kind;

/// Most columns of a table (FITS standard 4.0, section 7.3.1).
pub(super) const MOST_COLUMNS: usize = 999;
/// Most files of a catalogue whose hashes have a card: keywords have eight characters.
const MOST_FILES: usize = 99;
/// Bytes of a number: IEEE 754 of 64 bits (`TFORMn = 'D'`) or a 64-bit integer (`'K'`), big-endian
/// (sections 5.2, 5.3, 7.3.3).
const NUMBER: usize = 8;

/// Writes the table into `sink` from the finished `results.csv` at `csv`. The file is read twice:
/// for the widths of texts and for the rows. The two files have the same columns and values.
///
/// # Errors
/// A file that cannot be read or written.
pub(super) fn write(csv: &Path, sink: &mut Sink, mut columns: Vec<Column>, provenance: &Provenance) -> Result<()> {
    let rows = measure(csv, &mut columns)?;
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
    Ok(sink.write(&vec![0; padding(bytes)])?)
}

/// Form of the values of a column.
#[derive(Clone, Copy)]
enum Form {
    /// Numbers, NaN where there is none.
    Number,
    /// Integers, [`BLANK`] where there is none; `blanks` is true once a blank was met.
    Integer { blanks: bool },
    /// Texts; `width` is the bytes of the longest.
    Text { width: usize },
}

/// Makes the columns of the table: the results' own, with the kept columns after the first.
pub(super) fn columns(own: &[column::Column], kept: &[carried::Column]) -> Vec<Column> {
    let ucds = ucds_of_identifiers(kept.iter().map(|column| column.of.name.as_str()));
    let kept = kept.iter().zip(ucds).map(|(column, ucd)| Column::carried(column, ucd));
    carried::after_first(own.iter().map(Column::own), kept).collect()
}

/// Column of the table.
pub(super) struct Column {
    name: String,
    form: Form,
    unit: Option<String>,
    ucd: Option<String>,
}

impl Column {
    /// Makes a column of the results' own.
    fn own(column: &column::Column) -> Column {
        let unit = column.unit();
        // FITS has no unit of logarithms.
        let known = !unit.is_empty() && !unit.starts_with("dex");
        Column {
            name: column.name().to_owned(),
            form: match column.is_text() {
                true => Form::Text { width: 1 },
                false => Form::Number,
            },
            unit: known.then(|| unit.to_owned()),
            ucd: column.ucd(),
        }
    }

    /// Makes a kept column; the unit is left out of texts and where a card does not hold it.
    fn carried(column: &carried::Column, ucd: Option<&'static str>) -> Column {
        let of_numbers = column.of.kind != Kind::Text;
        let held = |unit: &String| !unit.trim().is_empty() && unit.len() <= ROOM && *unit == ascii(unit);
        Column {
            name: column.name.clone(),
            form: match column.of.kind {
                Kind::Integer => Form::Integer { blanks: false },
                Kind::Number => Form::Number,
                Kind::Text => Form::Text { width: 1 },
            },
            unit: column.of.unit.clone().filter(|unit| of_numbers && held(unit)),
            ucd: ucd.map(str::to_owned),
        }
    }

    /// Notes a value: width of a text, blank of an integer.
    fn measure(&mut self, field: &str) {
        match &mut self.form {
            Form::Number => {}
            Form::Integer { blanks } => *blanks |= integer(field) == BLANK,
            Form::Text { width } => *width = (*width).max(ascii(field).len()),
        }
    }

    /// A value as it stands in the table.
    fn bytes(&self, field: &str) -> Vec<u8> {
        match self.form {
            Form::Number => field.parse().unwrap_or(f64::NAN).to_be_bytes().to_vec(),
            Form::Integer { .. } => integer(field).to_be_bytes().to_vec(),
            Form::Text { width } => {
                let mut bytes = ascii(field).into_bytes();
                bytes.resize(width, 0);
                bytes
            }
        }
    }

    fn width(&self) -> usize {
        match self.form {
            Form::Text { width } => width,
            _ => NUMBER,
        }
    }

    /// Cards of the `n`th column (section 7.3.2).
    fn cards(&self, name: &str, n: usize) -> Vec<String> {
        let form = match self.form {
            Form::Number => "D".to_owned(),
            Form::Integer { .. } => "K".to_owned(),
            Form::Text { width } => format!("{width}A"),
        };
        let mut cards = vec![
            card(&format!("TTYPE{n}"), &quoted(name), ""),
            card(&format!("TFORM{n}"), &quoted(&form), ""),
        ];
        if let Form::Integer { blanks: true } = self.form {
            cards.push(card(&format!("TNULL{n}"), &BLANK.to_string(), ""));
        }
        for (keyword, value) in [("TUNIT", &self.unit), ("TUCD", &self.ucd)] {
            let value = value.iter();
            cards.extend(value.map(|value| card(&format!("{keyword}{n}"), &quoted(value), "")));
        }
        cards
    }
}

/// Integer of a field, [`BLANK`] of a field without one.
fn integer(field: &str) -> i64 {
    field.parse().unwrap_or(BLANK)
}

/// Lets the columns measure all values; returns the number of rows.
fn measure(csv: &Path, columns: &mut [Column]) -> Result<usize> {
    let mut rows = 0;
    for record in reader(csv)?.records() {
        let record = record.map_err(|source| unreadable(csv, source))?;
        for (column, field) in columns.iter_mut().zip(&record) {
            column.measure(field);
        }
        rows += 1;
    }
    Ok(rows)
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

/// Header of the empty primary array, with which every file begins.
fn primary() -> Vec<String> {
    vec![
        card("SIMPLE", "T", "FITS standard 4.0"),
        card("BITPIX", "8", ""),
        card("NAXIS", "0", "the table is in the extension"),
        card("EXTEND", "T", ""),
    ]
}

/// Header of the table (section 7.3.1).
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
        cards.extend(column.cards(name, n));
    }
    cards
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_ascii_and_numbers_big_endian() {
        let of = |form| Column {
            name: String::new(),
            form,
            unit: None,
            ucd: None,
        };
        let mut text = of(Form::Text { width: 1 });
        text.measure("α1-");
        assert_eq!(text.bytes("α1"), b"\\u{3b1}1\0");
        let number = of(Form::Number);
        assert_eq!(number.bytes("2"), [0x40, 0, 0, 0, 0, 0, 0, 0]);
        assert!(f64::from_be_bytes(number.bytes("NaN").try_into().unwrap()).is_nan());
        let integer = of(Form::Integer { blanks: true });
        assert_eq!(integer.bytes("258"), [0, 0, 0, 0, 0, 0, 1, 2]);
        assert_eq!(integer.bytes(""), [0x80, 0, 0, 0, 0, 0, 0, 0]);
    }
}
