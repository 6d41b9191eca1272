//! Rows of a table with their numbers in the file, from text, FITS or Parquet.

use std::io::BufRead;
use std::path::Path;
use std::sync::Arc;

use csv::StringRecord;

use super::Warning;
use super::dialect::{Dialect, dialect, is_rule};
use super::fits::Sheet;
use super::head::Head;
use super::header::Header;
use super::lines::{Fields, Lines};
use super::row::Row;
use super::separator::COMMENT;
use crate::error::Result;

/// Rows of a table, below its header if it has one.
pub(crate) struct Rows<'a> {
    source: Source<'a>,
    /// Header; without names where the table has none.
    pub(crate) header: Arc<Header>,
    /// True if a comma is the decimal point.
    pub(crate) decimal_comma: bool,
}

/// Source of the rows.
enum Source<'a> {
    Text(Box<Text<'a>>),
    Fits(Box<Sheet<'a>>, usize),
    #[cfg(feature = "parquet")]
    Parquet(Box<super::parquet::Sheet<'a>>),
}

/// Rows of a text.
struct Text<'a> {
    lines: Lines<'a>,
    fields: Fields,
    /// Number of the last row that belongs to the header.
    last_of_header: usize,
    framed: bool,
    trailing: bool,
}

impl<'a> Rows<'a> {
    /// Rows of a text that has a header, with any separator.
    pub(crate) fn new(path: &'a Path, text: &'a [u8]) -> Result<Rows<'a>> {
        let mut shape = dialect(&mut Lines::new(path, Box::new(text)), path)?;
        let first = || shape.first.iter().map(str::to_owned).collect();
        shape
            .header
            .get_or_insert_with(|| Head::plain(shape.first_row, first()));
        Rows::of_text(path, Box::new(text), &shape)
    }

    /// Rows of a text of this shape, below its header.
    pub(crate) fn of_text(path: &'a Path, text: Box<dyn BufRead + 'a>, dialect: &Dialect) -> Result<Rows<'a>> {
        let head = dialect.header.clone().unwrap_or_else(|| Head::plain(0, Vec::new()));
        Ok(Rows {
            header: Arc::new(Header::new(path, head.row, head.names, head.units)?.with_kinds(head.kinds)),
            source: Source::Text(Box::new(Text {
                lines: Lines::new(path, text),
                fields: Fields::new(dialect.separator),
                last_of_header: head.last,
                framed: dialect.framed,
                trailing: dialect.trailing,
            })),
            decimal_comma: dialect.decimal_comma,
        })
    }

    /// Rows of a FITS table, whose list of columns is the header.
    pub(crate) fn fits(sheet: Sheet<'a>) -> Result<Rows<'a>> {
        Ok(Rows {
            header: Arc::new(sheet.header()?),
            source: Source::Fits(Box::new(sheet), 0),
            decimal_comma: false,
        })
    }

    /// Rows of a Parquet table, whose list of columns is the header.
    #[cfg(feature = "parquet")]
    pub(crate) fn parquet(sheet: super::parquet::Sheet<'a>) -> Result<Rows<'a>> {
        Ok(Rows {
            header: Arc::new(sheet.header()?),
            source: Source::Parquet(Box::new(sheet)),
            decimal_comma: false,
        })
    }

    /// Selects the columns to read. The others stay blank in FITS and Parquet.
    ///
    /// # Errors
    /// [`ArrayColumn`](crate::error::FormatError::ArrayColumn) for a column whose cells
    /// hold anything but one value.
    pub(crate) fn select(&mut self, columns: &[usize]) -> Result<()> {
        match &mut self.source {
            Source::Fits(sheet, _) => sheet.select(columns),
            #[cfg(feature = "parquet")]
            Source::Parquet(sheet) => sheet.select(columns),
            Source::Text(_) => Ok(()),
        }
    }

    /// Reads the next row into `record`, past comments, rules of dashes and blank rows.
    pub(crate) fn next<'r>(&mut self, record: &'r mut StringRecord) -> Result<Option<Row<'r>>> {
        match &mut self.source {
            Source::Text(text) => text.next(self.header.names.len(), record),
            Source::Fits(sheet, next) => {
                *next += 1;
                let found = sheet.row(*next - 1, record)?;
                Ok(found.then_some(Row {
                    number: *next,
                    fields: record,
                    cut: false,
                    open: false,
                }))
            }
            #[cfg(feature = "parquet")]
            Source::Parquet(sheet) => Ok(sheet.next(record)?.map(|number| Row {
                number,
                fields: record,
                cut: false,
                open: false,
            })),
        }
    }

    /// Warnings about a text as a whole, after all rows have been read.
    pub(crate) fn warnings(&self) -> Vec<Warning> {
        let Source::Text(text) = &self.source else {
            return Vec::new();
        };
        let latin = text.lines.latin().map(|row| Warning::Latin { row });
        let cut = text
            .lines
            .is_cut()
            .then(|| Warning::NoLineEnd { row: text.lines.row() });
        latin.into_iter().chain(cut).collect()
    }
}

impl Text<'_> {
    /// Reads the next row of data. `columns` is the number of names in the header.
    fn next<'r>(&mut self, columns: usize, record: &'r mut StringRecord) -> Result<Option<Row<'r>>> {
        let open = loop {
            let Some(line) = self.lines.next()? else {
                return Ok(None);
            };
            let is_comment = line.trim_start().starts_with(COMMENT);
            if is_comment || line.trim().is_empty() || is_rule(&line) {
                continue;
            }
            let whole = self.fields.split(&line, record);
            drop(line);
            let blank = record.iter().all(|field| field.trim().is_empty());
            if self.lines.row() > self.last_of_header && !blank {
                break !whole;
            }
        };
        if self.framed && record.len() > 2 {
            *record = record.iter().skip(1).take(record.len() - 2).collect();
        }
        let last = record.len().saturating_sub(1);
        if self.trailing && record.len() == columns + 1 && record.get(last).is_some_and(|field| field.trim().is_empty())
        {
            record.truncate(last);
        }
        Ok(Some(Row {
            number: self.lines.row(),
            fields: record,
            cut: self.lines.is_cut(),
            open,
        }))
    }
}
