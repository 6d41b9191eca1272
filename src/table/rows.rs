//! Rows of a table with their numbers in the file: comments, blank rows, BOM and CRLF taken care of.

use std::path::{Path, PathBuf};

use csv::{Reader, ReaderBuilder, StringRecord};

use super::fits::Sheet;
use super::header::Header;
use super::{Settings, Warning};
use crate::error::{Error, Result};

/// Opens a comment where it is a row's first character.
const COMMENT: u8 = b'#';

/// What stands between two fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Separator {
    /// This character; fields may be quoted.
    Character(u8),
    /// Any number of blanks; no field is blank.
    Blanks,
}

/// The rows of a table, below its header if it has one.
pub(crate) struct Rows<'a> {
    path: &'a Path,
    source: Source<'a>,
    /// The header; without names where the table has none.
    pub(crate) header: Header,
}

/// Where rows come from.
enum Source<'a> {
    Separated(Separated<'a>),
    Blanks(Lines<'a>),
    Fits(Box<Sheet<'a>>, usize),
}

/// Fields between separators.
struct Separated<'a> {
    reader: Reader<&'a [u8]>,
    /// What remains to be counted into row numbers.
    counter: Counter<'a>,
    length: usize,
}

/// Fields between blanks.
struct Lines<'a> {
    text: &'a str,
    rest: &'a str,
    row: usize,
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

/// What separates the fields of a text, from its first row that is neither a comment nor blank: a comma if it has one,
/// else a semicolon, a tab, blanks; a comma if there is nothing to separate.
pub(crate) fn separator(text: &str) -> Separator {
    let rows = text.strip_prefix('\u{feff}').unwrap_or(text).lines().map(str::trim);
    let first = rows
        .clone()
        .find(|row| !row.is_empty() && !row.starts_with('#'))
        .unwrap_or_default();
    match [b',', b';', b'\t'].iter().find(|&&byte| first.contains(byte as char)) {
        Some(&byte) => Separator::Character(byte),
        None if first.split_whitespace().count() > 1 => Separator::Blanks,
        None => Separator::Character(b','),
    }
}

impl<'a> Rows<'a> {
    /// Reads the header of a text of comma-separated values.
    pub(crate) fn new(path: &'a Path, text: &'a str) -> Result<Rows<'a>> {
        Rows::bare(path, text, Separator::Character(b',')).with_header()
    }

    /// The rows of a text, its header yet to be read.
    pub(crate) fn bare(path: &'a Path, text: &'a str, separator: Separator) -> Rows<'a> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let source = match separator {
            Separator::Character(byte) => Source::Separated(Separated::new(text, byte)),
            Separator::Blanks => Source::Blanks(Lines {
                text,
                rest: text,
                row: 0,
            }),
        };
        let header = Header {
            path: PathBuf::from(path),
            row: 0,
            names: Vec::new(),
            units: Vec::new(),
        };
        Rows { path, source, header }
    }

    /// The rows of a FITS table, whose header is its list of columns.
    pub(crate) fn fits(path: &'a Path, sheet: Sheet<'a>) -> Result<Rows<'a>> {
        let header = Header {
            path: PathBuf::from(path),
            row: 0,
            names: sheet.names(),
            units: sheet.units(),
        };
        header.check_names()?;
        let source = Source::Fits(Box::new(sheet), 0);
        Ok(Rows { path, source, header })
    }

    /// Reads the header, the first row that is neither a comment nor blank.
    pub(crate) fn with_header(mut self) -> Result<Rows<'a>> {
        let mut record = StringRecord::new();
        match self.next(&mut record)? {
            None => Err(Error::EmptyTable {
                path: self.path.to_owned(),
            }),
            Some(row) => {
                self.header.row = row.number;
                self.header.names = record.iter().map(|name| name.trim().to_owned()).collect();
                self.header.check_names()?;
                Ok(self)
            }
        }
    }

    /// Says which columns will be looked at; those of a FITS table are read now, its others stay blank.
    pub(crate) fn select(&mut self, columns: &[usize]) -> Result<()> {
        match &mut self.source {
            Source::Fits(sheet, _) => sheet.load(columns),
            Source::Separated(_) | Source::Blanks(_) => Ok(()),
        }
    }

    /// The next row that is neither a comment nor blank, read into `record`.
    pub(crate) fn next<'r>(&mut self, record: &'r mut StringRecord) -> Result<Option<Row<'r>>> {
        let found = match &mut self.source {
            Source::Separated(separated) => separated.next(self.path, record)?,
            Source::Blanks(lines) => lines.next(record),
            Source::Fits(sheet, next) => {
                *next += 1;
                sheet.row(*next - 1, record).then_some((*next, false))
            }
        };
        Ok(found.map(|(number, cut)| Row {
            number,
            fields: record,
            cut,
        }))
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
        let last = match &mut self.source {
            Source::Separated(separated) => Some((separated.counter.text, separated.counter.last_row())),
            Source::Blanks(lines) => Some((lines.text.as_bytes(), lines.row)),
            Source::Fits(..) => None,
        };
        if let Some((_, row)) = last.filter(|(text, _)| !matches!(text.last(), Some(b'\n' | b'\r'))) {
            warnings.push(Warning::NoLineEnd { row });
        }
        warnings
    }
}

impl<'a> Separated<'a> {
    fn new(text: &'a str, separator: u8) -> Separated<'a> {
        let mut builder = ReaderBuilder::new();
        let reader = builder
            .has_headers(false)
            .flexible(true)
            .delimiter(separator)
            .comment(Some(COMMENT))
            .from_reader(text.as_bytes());
        let counter = Counter {
            text: text.as_bytes(),
            byte: 0,
            row: 1,
        };
        Separated {
            reader,
            counter,
            length: text.len(),
        }
    }

    /// The next row's number, and whether the file is cut within it.
    fn next(&mut self, path: &Path, record: &mut StringRecord) -> Result<Option<(usize, bool)>> {
        loop {
            let start = self.reader.position().byte() as usize;
            let more = self.reader.read_record(record);
            if !more.map_err(|source| Error::Io {
                path: path.to_owned(),
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
                    path: path.to_owned(),
                    row: number,
                });
            }
            let end = self.reader.position().byte() as usize;
            let cut = end == self.length && !matches!(self.counter.text.last(), Some(b'\n' | b'\r'));
            return Ok(Some((number, cut)));
        }
    }
}

impl Lines<'_> {
    /// The next row's number, and whether the file is cut within it.
    fn next(&mut self, record: &mut StringRecord) -> Option<(usize, bool)> {
        while !self.rest.is_empty() {
            let (line, rest) = self.rest.split_once('\n').unwrap_or((self.rest, ""));
            let cut = self.rest.len() == line.len();
            self.rest = rest;
            self.row += 1;
            let line = line.trim();
            if !line.is_empty() && !line.as_bytes().starts_with(&[COMMENT]) {
                record.clear();
                line.split_whitespace().for_each(|field| record.push_field(field));
                return Some((self.row, cut));
            }
        }
        None
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
