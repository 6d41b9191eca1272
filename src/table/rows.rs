//! Rows of comma-separated text with their numbers in the file: comments, blank rows, BOM and CRLF taken care of.

use std::path::{Path, PathBuf};

use csv::{Reader, ReaderBuilder, StringRecord};

use super::header::Header;
use super::{Settings, Warning};
use crate::error::{Error, Result};

/// Opens a comment where it is a row's first character.
const COMMENT: u8 = b'#';

/// The rows below a header.
pub(crate) struct Rows<'a> {
    path: &'a Path,
    /// What remains to be counted into row numbers.
    counter: Counter<'a>,
    reader: Reader<&'a [u8]>,
    length: usize,
    /// The header.
    pub(crate) header: Header,
}

/// A row as it stands.
pub(crate) struct Row<'a> {
    /// Its number, counted from 1 in the file.
    pub(crate) number: usize,
    fields: &'a StringRecord,
    /// Whether the file ends with it, without a line end.
    pub(crate) cut: bool,
}

impl Row<'_> {
    /// Number of fields.
    pub(crate) fn len(&self) -> usize {
        self.fields.len()
    }

    /// A field without the blanks around it; empty beyond the last.
    pub(crate) fn get(&self, column: usize) -> &str {
        self.fields.get(column).unwrap_or_default().trim()
    }
}

impl<'a> Rows<'a> {
    /// Reads the header of a table.
    pub(crate) fn new(path: &'a Path, text: &'a str) -> Result<Rows<'a>> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut builder = ReaderBuilder::new();
        let reader = builder
            .has_headers(false)
            .flexible(true)
            .comment(Some(COMMENT))
            .from_reader(text.as_bytes());
        let counter = Counter {
            text: text.as_bytes(),
            byte: 0,
            row: 1,
        };
        let header = Header {
            path: PathBuf::from(path),
            row: 0,
            names: Vec::new(),
        };
        let mut rows = Rows {
            path,
            counter,
            reader,
            length: text.len(),
            header,
        };
        let mut record = StringRecord::new();
        match rows.next(&mut record)? {
            None => Err(Error::EmptyTable { path: path.to_owned() }),
            Some(row) => {
                rows.header.row = row.number;
                rows.header.names = record.iter().map(|name| name.trim().to_owned()).collect();
                rows.header.check_names()?;
                Ok(rows)
            }
        }
    }

    /// The next row that is neither a comment nor blank, read into `record`.
    pub(crate) fn next<'r>(&mut self, record: &'r mut StringRecord) -> Result<Option<Row<'r>>> {
        loop {
            let start = self.reader.position().byte() as usize;
            let more = self.reader.read_record(record);
            if !more.map_err(|source| Error::Io {
                path: self.path.to_owned(),
                source: source.into(),
            })? {
                return Ok(None);
            }
            if record.iter().all(|field| field.trim().is_empty()) {
                continue;
            }
            let number = self.counter.row_from(start);
            if record.iter().any(|field| field.contains('\n')) {
                return Err(Error::OpenQuote {
                    path: self.path.to_owned(),
                    row: number,
                });
            }
            let end = self.reader.position().byte() as usize;
            let cut = end == self.length && !matches!(self.counter.text.last(), Some(b'\n' | b'\r'));
            return Ok(Some(Row {
                number,
                fields: record,
                cut,
            }));
        }
    }

    /// What the file as a whole deserves to be warned of, once all rows are read.
    pub(crate) fn warnings(&mut self, settings: &Settings) -> Vec<Warning> {
        let ignored = self
            .header
            .names
            .iter()
            .filter(|name| settings.ignore_columns.contains(name));
        let mut warnings: Vec<Warning> = ignored
            .map(|name| Warning::IgnoredColumn { column: name.clone() })
            .collect();
        if !matches!(self.counter.text.last(), Some(b'\n' | b'\r')) {
            warnings.push(Warning::NoLineEnd {
                row: self.counter.last_row(),
            });
        }
        warnings
    }
}

/// Turns places in the text into row numbers, moving forwards only.
struct Counter<'a> {
    text: &'a [u8],
    byte: usize,
    row: usize,
}

impl Counter<'_> {
    /// The number of the first row at or after `byte` that is neither empty nor a comment.
    fn row_from(&mut self, byte: usize) -> usize {
        self.advance(byte);
        loop {
            match self.text.get(self.byte) {
                Some(b'\n' | b'\r') => self.advance(self.byte + 1),
                Some(&COMMENT) => {
                    let rest = &self.text[self.byte..];
                    let length = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
                    self.advance(self.byte + length);
                }
                _ => return self.row,
            }
        }
    }

    fn last_row(&mut self) -> usize {
        self.advance(self.text.len());
        self.row
    }

    fn advance(&mut self, byte: usize) {
        if byte > self.byte {
            self.row += self.text[self.byte..byte].iter().filter(|byte| **byte == b'\n').count();
            self.byte = byte;
        }
    }
}
