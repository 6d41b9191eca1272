//! Binary tables of a FITS file, their cells as text, so that every format reads them as it reads a file of text.

use std::path::Path;

use csv::StringRecord;
use fitsio_pure::bintable::{self, BinaryColumnData};
use fitsio_pure::gzip;
use fitsio_pure::hdu::{FitsData, Hdu, HduInfo, parse_fits};
use fitsio_pure::header::Card;
use fitsio_pure::value::Value;

use crate::error::{Error, Result};

/// What every FITS file starts with (FITS standard 4.0, section 4.4.1).
const MAGIC: &[u8] = b"SIMPLE  =";
/// Bytes by which a FITS file is known.
pub(crate) const SIGNATURE: usize = MAGIC.len();

/// A FITS file in memory.
pub(crate) struct Fits {
    bytes: Vec<u8>,
    data: FitsData,
}

/// One binary table, its columns read as they are asked for.
pub(crate) struct Sheet<'a> {
    path: &'a Path,
    bytes: &'a [u8],
    hdu: &'a Hdu,
    rows: usize,
    columns: Vec<Column>,
}

/// A column of a table.
struct Column {
    name: String,
    unit: Option<String>,
    /// What stands for a missing integer.
    null: Option<i64>,
    /// Factor and offset of its numbers.
    scaling: (f64, f64),
    data: Option<BinaryColumnData>,
}

/// Whether these are the bytes of a FITS file, compressed or not.
pub(crate) fn is_fits(bytes: &[u8]) -> bool {
    bytes.starts_with(MAGIC) || gzip::is_gzip(bytes)
}

fn unreadable(path: &Path, problem: impl ToString) -> Error {
    Error::Fits {
        path: path.to_owned(),
        problem: problem.to_string(),
    }
}

impl Fits {
    /// Reads the headers of a file.
    ///
    /// # Errors
    /// [`Error::Fits`] for a file that is no FITS or is cut short.
    pub(crate) fn parse(path: &Path, bytes: &[u8]) -> Result<Fits> {
        let bytes = match gzip::is_gzip(bytes) {
            true => gzip::decompress(bytes).map_err(|source| unreadable(path, source))?,
            false => bytes.to_vec(),
        };
        let data = parse_fits(&bytes).map_err(|source| unreadable(path, source))?;
        // The FITS standard (4.0, section 4.1) allows no other; the reader takes each for a character of its own.
        let sound = |hdu: &Hdu| {
            bytes
                .get(hdu.header_start..hdu.data_start)
                .is_some_and(<[u8]>::is_ascii)
        };
        if !data.hdus.iter().all(sound) {
            return Err(unreadable(path, "a header holds bytes other than ASCII"));
        }
        Ok(Fits { bytes, data })
    }

    /// The binary tables by their extensions' names; empty where one has none.
    pub(crate) fn sheets<'a>(&'a self, path: &'a Path) -> Result<Vec<(String, Sheet<'a>)>> {
        let tables = self.data.hdus.iter().filter_map(|hdu| match hdu.info {
            HduInfo::BinaryTable {
                naxis1,
                naxis2,
                tfields,
                ..
            } => Some((hdu, naxis1, naxis2, tfields)),
            _ => None,
        });
        tables
            .map(|(hdu, naxis1, naxis2, tfields)| {
                let end = naxis1
                    .checked_mul(naxis2)
                    .and_then(|length| hdu.data_start.checked_add(length));
                if end.is_none_or(|end| end > self.bytes.len()) {
                    return Err(unreadable(path, "cut short: a table ends beyond the file"));
                }
                let name = text(&hdu.cards, "EXTNAME").unwrap_or_default();
                let sheet = Sheet {
                    path,
                    bytes: &self.bytes,
                    hdu,
                    rows: naxis2,
                    columns: columns(path, hdu, naxis1, tfields)?,
                };
                Ok((name, sheet))
            })
            .collect()
    }
}

/// The columns of a table, none read yet.
fn columns(path: &Path, hdu: &Hdu, naxis1: usize, tfields: usize) -> Result<Vec<Column>> {
    let found = bintable::parse_binary_table_columns(&hdu.cards, tfields).map_err(|source| unreadable(path, source))?;
    let width = found
        .iter()
        .try_fold(0_usize, |sum, column| sum.checked_add(column.byte_width));
    if width != Some(naxis1) {
        return Err(unreadable(
            path,
            "the widths of a table's columns do not add up to its row's",
        ));
    }
    let columns = found.into_iter().enumerate().map(|(index, column)| Column {
        name: column.name.unwrap_or_default().trim().to_owned(),
        unit: text(&hdu.cards, &format!("TUNIT{}", index + 1)),
        null: integer(&hdu.cards, &format!("TNULL{}", index + 1)),
        scaling: bintable::extract_column_scaling(&hdu.cards, index + 1),
        data: None,
    });
    Ok(columns.collect())
}

fn value<'a>(cards: &'a [Card], keyword: &str) -> Option<&'a Value> {
    let card = cards.iter().find(|card| card.keyword_str() == keyword)?;
    card.value.as_ref()
}

fn text(cards: &[Card], keyword: &str) -> Option<String> {
    match value(cards, keyword)? {
        Value::String(text) => Some(text.trim().to_owned()),
        _ => None,
    }
}

fn integer(cards: &[Card], keyword: &str) -> Option<i64> {
    match value(cards, keyword)? {
        Value::Integer(value) => Some(*value),
        _ => None,
    }
}

impl Sheet<'_> {
    /// Names of the columns.
    pub(crate) fn names(&self) -> Vec<String> {
        self.columns.iter().map(|column| column.name.clone()).collect()
    }

    /// Units of the columns.
    pub(crate) fn units(&self) -> Vec<Option<String>> {
        self.columns.iter().map(|column| column.unit.clone()).collect()
    }

    /// Reads some columns.
    pub(crate) fn load(&mut self, columns: &[usize]) -> Result<()> {
        for &index in columns {
            let column = &mut self.columns[index];
            if column.data.is_none() {
                let data = bintable::read_binary_column(self.bytes, self.hdu, index);
                let data = data.map_err(|source| unreadable(self.path, format!("column {}: {source}", column.name)))?;
                column.data = Some(data);
            }
        }
        Ok(())
    }

    /// Writes a row, counted from 0, into `record`, blank where a column was not read; false beyond the last.
    pub(crate) fn row(&self, row: usize, record: &mut StringRecord) -> bool {
        record.clear();
        if row >= self.rows {
            return false;
        }
        for column in &self.columns {
            record.push_field(&column.cell(row, self.rows).unwrap_or_default());
        }
        true
    }
}

impl Column {
    /// The text of a cell; none where it is null, not read, or holds more than one value.
    fn cell(&self, row: usize, rows: usize) -> Option<String> {
        use BinaryColumnData::{Ascii, Byte, Double, Float, Int, Logical, Long, Short};
        let whole = |values: usize| values == rows;
        match self.data.as_ref()? {
            Ascii(values) if whole(values.len()) => Some(values[row].trim_end_matches('\0').trim().to_owned()),
            Logical(values) if whole(values.len()) => Some(values[row].to_string()),
            Byte(values) if whole(values.len()) => self.integer(i64::from(values[row])),
            Short(values) if whole(values.len()) => self.integer(i64::from(values[row])),
            Int(values) if whole(values.len()) => self.integer(i64::from(values[row])),
            Long(values) if whole(values.len()) => self.integer(values[row]),
            Float(values) if whole(values.len()) && self.scaling == (1.0, 0.0) => Some(values[row].to_string()),
            Float(values) if whole(values.len()) => Some(self.scaled(f64::from(values[row]))),
            Double(values) if whole(values.len()) => Some(self.scaled(values[row])),
            _ => None,
        }
    }

    fn integer(&self, value: i64) -> Option<String> {
        let (factor, offset) = self.scaling;
        match self.null == Some(value) {
            true => None,
            // An offset of 2^63 makes a signed column unsigned (FITS standard 4.0, table 19).
            false if factor == 1.0 && offset.fract() == 0.0 => Some((i128::from(value) + offset as i128).to_string()),
            false => Some(self.scaled(value as f64)),
        }
    }

    fn scaled(&self, value: f64) -> String {
        let (factor, offset) = self.scaling;
        (offset + factor * value).to_string()
    }
}
