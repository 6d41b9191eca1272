//! A text line by line, however long it is, and the fields of a line between separators.

use std::io::BufRead;
use std::path::Path;

use csv::StringRecord;
use csv_core::ReadRecordResult;
use sha2::{Digest, Sha256};

use super::hexadecimal_of;
use super::rows::COMMENT;
use crate::error::{Error, Result};

/// The lines of a text with their numbers; holds one of them at a time.
pub(crate) struct Lines<'a> {
    path: &'a Path,
    input: Box<dyn BufRead + 'a>,
    /// The present line, with its end.
    line: Vec<u8>,
    row: usize,
    hash: Sha256,
}

impl<'a> Lines<'a> {
    /// The lines of `input`, which is what stands in the file `path`.
    pub(crate) fn new(path: &'a Path, input: Box<dyn BufRead + 'a>) -> Lines<'a> {
        Lines {
            path,
            input,
            line: Vec::new(),
            row: 0,
            hash: Sha256::new(),
        }
    }

    /// The next line with its end, without a byte-order mark; none at the end of the text, where the last line stays the
    /// present one.
    ///
    /// # Errors
    /// A line that cannot be read, or is not UTF-8.
    pub(crate) fn next(&mut self) -> Result<Option<&str>> {
        let unreadable = |source| Error::Io {
            path: self.path.to_owned(),
            source,
        };
        if self.input.fill_buf().map_err(unreadable)?.is_empty() {
            return Ok(None);
        }
        self.line.clear();
        self.input.read_until(b'\n', &mut self.line).map_err(unreadable)?;
        self.hash.update(&self.line);
        self.row += 1;
        match str::from_utf8(&self.line) {
            Ok(line) if self.row == 1 => Ok(Some(line.strip_prefix('\u{feff}').unwrap_or(line))),
            Ok(line) => Ok(Some(line)),
            Err(_) => Err(Error::NotUtf8 {
                path: self.path.to_owned(),
                row: self.row,
            }),
        }
    }

    /// The file.
    pub(crate) fn path(&self) -> &Path {
        self.path
    }

    /// The number of the present line, from 1.
    pub(crate) fn row(&self) -> usize {
        self.row
    }

    /// Whether the text ends with the present line, without a line end.
    pub(crate) fn is_cut(&self) -> bool {
        !matches!(self.line.last(), Some(b'\n' | b'\r'))
    }

    /// The number of the last line where that has no end, once all are read.
    pub(crate) fn cut_row(&self) -> Option<usize> {
        self.is_cut().then_some(self.row)
    }

    /// SHA-256 in hexadecimal of the lines so far.
    pub(crate) fn sha256(&self) -> String {
        hexadecimal_of(&self.hash.clone().finalize())
    }
}

/// The fields of a line; memory that serves line after line.
pub(crate) struct Fields {
    reader: csv_core::Reader,
    /// The line, and where in it the next row begins: a carriage return ends a row as a line end does, so that there may be
    /// rows after the first.
    line: Vec<u8>,
    next: usize,
    /// The fields of a row, one after another, and where each ends.
    text: Vec<u8>,
    ends: Vec<usize>,
}

impl Fields {
    /// Fields between `separator`s, which may be quoted.
    pub(crate) fn new(separator: u8) -> Fields {
        Fields {
            reader: csv_core::ReaderBuilder::new().delimiter(separator).build(),
            line: Vec::new(),
            next: 0,
            text: Vec::new(),
            ends: vec![0; 64],
        }
    }

    /// Begins a line.
    pub(crate) fn begin(&mut self, line: &str) {
        self.line.clear();
        self.line.extend_from_slice(line.as_bytes());
        self.next = 0;
        // No field is longer than its line.
        self.text.resize(self.line.len().max(1), 0);
    }

    /// Whether the line has another row; comments are passed over.
    pub(crate) fn has_more(&mut self) -> bool {
        let is_end = |byte: &u8| matches!(byte, b'\n' | b'\r');
        let mut is_comment = false;
        while let Some(byte) = self.line.get(self.next) {
            match is_end(byte) {
                true => is_comment = false,
                false if is_comment || *byte == COMMENT as u8 => is_comment = true,
                false => return true,
            }
            self.next += 1;
        }
        false
    }

    /// Reads the next row of the line into `record`, which stays empty where there is none; false if a quote is left open,
    /// but for one in a line at whose end the text `is_cut`.
    pub(crate) fn read(&mut self, record: &mut StringRecord, is_cut: bool) -> bool {
        record.clear();
        let (mut written, mut fields) = (0, 0);
        while self.next < self.line.len() || is_cut {
            let (found, read, wrote, ended) = self.reader.read_record(
                &self.line[self.next..],
                &mut self.text[written..],
                &mut self.ends[fields..],
            );
            self.next += read;
            written += wrote;
            fields += ended;
            match found {
                ReadRecordResult::OutputEndsFull => self.ends.resize(2 * self.ends.len(), 0),
                ReadRecordResult::OutputFull => self.text.resize(2 * self.text.len(), 0),
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::End => return true,
                ReadRecordResult::Record => {
                    let mut from = 0;
                    for &end in &self.ends[..fields] {
                        record.push_field(&String::from_utf8_lossy(&self.text[from..end]));
                        from = end;
                    }
                    return true;
                }
            }
        }
        written == 0 && fields == 0
    }
}
