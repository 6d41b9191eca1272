//! Rows of a table with their numbers in the file: comments, blank rows, BOM and CRLF taken care of.

use std::io::BufRead;
use std::path::{Path, PathBuf};

use csv::StringRecord;

use super::fits::Sheet;
use super::header::Header;
use super::lines::{Fields, Lines};
use super::{Settings, Warning};
use crate::error::{Error, Result};

/// Opens a comment where it is a row's first character.
pub(crate) const COMMENT: char = '#';

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
    Separated(Lines<'a>, Box<Fields>),
    Blanks(Lines<'a>),
    Fits(Box<Sheet<'a>>, usize),
    #[cfg(feature = "parquet")]
    Parquet(Box<super::parquet::Sheet<'a>>),
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
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut rows = text.split(['\n', '\r']).map(str::trim);
    let first = rows
        .find(|row| !row.is_empty() && !row.starts_with(COMMENT))
        .unwrap_or_default();
    match [b',', b';', b'\t'].iter().find(|&&byte| first.contains(byte as char)) {
        Some(&byte) => Separator::Character(byte),
        None if first.split_whitespace().count() > 1 => Separator::Blanks,
        None => Separator::Character(b','),
    }
}

impl<'a> Rows<'a> {
    /// Reads the header of a text of comma-separated values.
    pub(crate) fn new(path: &'a Path, text: &'a [u8]) -> Result<Rows<'a>> {
        Rows::bare(path, Box::new(text), Separator::Character(b',')).with_header()
    }

    /// The rows of a text, its header yet to be read.
    pub(crate) fn bare(path: &'a Path, text: Box<dyn BufRead + 'a>, separator: Separator) -> Rows<'a> {
        let lines = Lines::new(path, text);
        let source = match separator {
            Separator::Character(byte) => Source::Separated(lines, Box::new(Fields::new(byte))),
            Separator::Blanks => Source::Blanks(lines),
        };
        let header = Header {
            path: PathBuf::from(path),
            row: 0,
            names: Vec::new(),
            units: Vec::new(),
            kinds: Vec::new(),
        };
        Rows { path, source, header }
    }

    /// The rows of a FITS table, whose header is its list of columns.
    pub(crate) fn fits(path: &'a Path, sheet: Sheet<'a>) -> Result<Rows<'a>> {
        let header = sheet.header();
        header.check_names()?;
        let source = Source::Fits(Box::new(sheet), 0);
        Ok(Rows { path, source, header })
    }

    /// The rows of a Parquet table, whose header is its list of columns.
    #[cfg(feature = "parquet")]
    pub(crate) fn parquet(path: &'a Path, sheet: super::parquet::Sheet<'a>) -> Result<Rows<'a>> {
        let header = sheet.header();
        header.check_names()?;
        let source = Source::Parquet(Box::new(sheet));
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

    /// Says which columns will be looked at; the others of FITS and Parquet stay blank.
    ///
    /// # Errors
    /// [`Error::ArrayColumn`] for one whose cells hold anything but one value.
    pub(crate) fn select(&mut self, columns: &[usize]) -> Result<()> {
        match &mut self.source {
            Source::Fits(sheet, _) => sheet.select(columns),
            #[cfg(feature = "parquet")]
            Source::Parquet(sheet) => sheet.select(columns),
            Source::Separated(..) | Source::Blanks(_) => Ok(()),
        }
    }

    /// The next row that is neither a comment nor blank, read into `record`.
    pub(crate) fn next<'r>(&mut self, record: &'r mut StringRecord) -> Result<Option<Row<'r>>> {
        let found = match &mut self.source {
            Source::Separated(lines, fields) => separated(lines, fields, record)?,
            Source::Blanks(lines) => between_blanks(lines, record)?,
            Source::Fits(sheet, next) => {
                *next += 1;
                sheet.row(*next - 1, record)?.then_some((*next, false))
            }
            #[cfg(feature = "parquet")]
            Source::Parquet(sheet) => sheet.next(record)?.map(|row| (row, false)),
        };
        Ok(found.map(|(number, cut)| Row {
            number,
            fields: record,
            cut,
        }))
    }

    /// SHA-256 of a text in hexadecimal, once all rows are read; none of FITS and Parquet.
    pub(crate) fn sha256(&self) -> Option<String> {
        match &self.source {
            Source::Separated(lines, _) | Source::Blanks(lines) => Some(lines.sha256()),
            _ => None,
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
        let cut = match &self.source {
            Source::Separated(lines, _) | Source::Blanks(lines) => lines.cut_row(),
            _ => None,
        };
        warnings.extend(cut.map(|row| Warning::NoLineEnd { row }));
        warnings
    }
}

/// The next row of fields between separators: its number, and whether the file is cut within it.
fn separated(lines: &mut Lines, fields: &mut Fields, record: &mut StringRecord) -> Result<Option<(usize, bool)>> {
    loop {
        while !fields.has_more() {
            match lines.next()? {
                None => return Ok(None),
                Some(line) => fields.begin(line),
            }
        }
        let whole = fields.read(record, lines.is_cut());
        if !whole {
            return Err(Error::OpenQuote {
                path: lines.path().to_owned(),
                row: lines.row(),
            });
        }
        if record.iter().any(|field| !field.trim().is_empty()) {
            return Ok(Some((lines.row(), lines.is_cut() && !fields.has_more())));
        }
    }
}

/// The next row of fields between blanks.
fn between_blanks(lines: &mut Lines, record: &mut StringRecord) -> Result<Option<(usize, bool)>> {
    while let Some(line) = lines.next()? {
        let line = line.trim();
        if !line.is_empty() && !line.starts_with(COMMENT) {
            record.clear();
            line.split_whitespace().for_each(|field| record.push_field(field));
            return Ok(Some((lines.row(), lines.is_cut())));
        }
    }
    Ok(None)
}
