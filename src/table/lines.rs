//! Lines of a text, read one by one with limits on memory, and the fields of a line.

use std::borrow::Cow;
use std::io::{self, BufRead};
use std::path::Path;

use csv::StringRecord;
use csv_core::ReadRecordResult;

use super::bytes::read_error;
use super::separator::Separator;
use crate::error::{Error, FormatError, Result};

/// Longest line that is read \[bytes\]: 20,000 columns take a hundredth of this.
const LONGEST: usize = 16 << 20;
/// A byte-order mark.
const BOM: &[u8] = "\u{feff}".as_bytes();

/// Numbered lines of a text; one line is in memory at a time.
pub(crate) struct Lines<'a> {
    path: &'a Path,
    input: Box<dyn BufRead + 'a>,
    /// The current line without its end.
    line: Vec<u8>,
    row: usize,
    /// True if the current line has an end, so that the text was not cut within the line.
    ended: bool,
    /// The first line that is not UTF-8.
    latin: Option<usize>,
}

impl<'a> Lines<'a> {
    /// Lines of `input`, the content of the file `path`.
    pub(crate) fn new(path: &'a Path, input: Box<dyn BufRead + 'a>) -> Lines<'a> {
        Lines {
            path,
            input,
            line: Vec::new(),
            row: 0,
            ended: true,
            latin: None,
        }
    }

    /// Next line without its end (LF, CRLF or CR) and without a byte-order mark; none at the end of
    /// the text. Bytes that are not UTF-8 are read as Latin-1.
    ///
    /// # Errors
    /// A line that cannot be read, or a line of more than 16 MB.
    pub(crate) fn next(&mut self) -> Result<Option<Cow<'_, str>>> {
        self.line.clear();
        let (found, ended) = self.take_line()?;
        if !found {
            return Ok(None);
        }
        self.row += 1;
        self.ended = ended;
        let line = self
            .line
            .strip_prefix(BOM)
            .filter(|_| self.row == 1)
            .unwrap_or(&self.line);
        match str::from_utf8(line) {
            Ok(line) => Ok(Some(Cow::Borrowed(line))),
            Err(_) => {
                self.latin.get_or_insert(self.row);
                Ok(Some(Cow::Owned(line.iter().map(|&byte| char::from(byte)).collect())))
            }
        }
    }

    /// Reads a line into `self.line`. Returns whether there is a line, and whether it has an end.
    fn take_line(&mut self) -> Result<(bool, bool)> {
        let path = self.path;
        let unreadable = |source: io::Error| read_error(path, source);
        let mut found = false;
        loop {
            let buffer = self.input.fill_buf().map_err(unreadable)?;
            if buffer.is_empty() {
                return Ok((found, false));
            }
            found = true;
            let end = buffer.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
            let length = end.unwrap_or(buffer.len());
            if self.line.len() + length > LONGEST {
                return Err(Error::Format(FormatError::LongLine {
                    path: self.path.to_owned(),
                    row: self.row + 1,
                    limit: LONGEST >> 20,
                }));
            }
            self.line.extend_from_slice(&buffer[..length]);
            let returned = end.is_some_and(|at| buffer[at] == b'\r');
            let used = length + usize::from(end.is_some());
            self.input.consume(used);
            if returned && self.input.fill_buf().map_err(unreadable)?.first() == Some(&b'\n') {
                self.input.consume(1);
            }
            if end.is_some() {
                return Ok((true, true));
            }
        }
    }

    /// Number of the current line, from 1.
    pub(crate) fn row(&self) -> usize {
        self.row
    }

    /// Tells whether the text ends within the current line, without a line end.
    pub(crate) fn is_cut(&self) -> bool {
        !self.ended
    }

    /// First line that is not UTF-8 and was read as Latin-1.
    pub(crate) fn latin(&self) -> Option<usize> {
        self.latin
    }
}

/// Fields of a line, in memory that is reused for each line.
pub(crate) struct Fields {
    separator: Separator,
    reader: csv_core::Reader,
    text: Vec<u8>,
    ends: Vec<usize>,
}

impl Fields {
    /// Fields between `separator`s. A field in double quotes may hold the separator.
    pub(crate) fn new(separator: Separator) -> Fields {
        let delimiter = match separator {
            Separator::Character(byte) => byte,
            Separator::Blanks => b' ',
        };
        Fields {
            separator,
            reader: csv_core::ReaderBuilder::new().delimiter(delimiter).build(),
            text: Vec::new(),
            ends: vec![0; 64],
        }
    }

    /// Reads the fields of a line into `record`; false where a quote is left open.
    pub(crate) fn split(&mut self, line: &str, record: &mut StringRecord) -> bool {
        record.clear();
        match self.separator {
            Separator::Blanks => between_blanks(line, record),
            Separator::Character(_) => self.between_characters(line, record),
        }
    }

    fn between_characters(&mut self, line: &str, record: &mut StringRecord) -> bool {
        self.reader.reset();
        self.text.resize(line.len().max(1), 0);
        let (mut read, mut written, mut fields) = (0, 0, 0);
        loop {
            // An empty input tells the reader that the line has ended.
            let (found, took, wrote, ended) = self.reader.read_record(
                &line.as_bytes()[read..],
                &mut self.text[written..],
                &mut self.ends[fields..],
            );
            read += took;
            written += wrote;
            fields += ended;
            match found {
                ReadRecordResult::OutputEndsFull => self.ends.resize(2 * self.ends.len(), 0),
                ReadRecordResult::OutputFull => self.text.resize(2 * self.text.len(), 0),
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::Record | ReadRecordResult::End => break,
            }
        }
        let mut from = 0;
        for &end in &self.ends[..fields] {
            record.push_field(&String::from_utf8_lossy(&self.text[from..end]));
            from = end;
        }
        // A quote is open if the reader takes the following text as part of the field.
        !is_open(line, self.separator)
    }
}

/// Tells whether the last quoted field of a line has no second quote.
fn is_open(line: &str, separator: Separator) -> bool {
    let Separator::Character(separator) = separator else {
        return false;
    };
    if !line.contains('"') {
        return false;
    }
    let (mut quoted, mut start) = (false, true);
    let mut bytes = line.bytes().peekable();
    while let Some(byte) = bytes.next() {
        match byte {
            // Two quotes within a quoted field are one quote of its text.
            b'"' if quoted && bytes.peek() == Some(&b'"') => drop(bytes.next()),
            b'"' if quoted => quoted = false,
            b'"' if start => (quoted, start) = (true, false),
            byte if byte == separator && !quoted => start = true,
            _ => start = false,
        }
    }
    quoted
}

/// Reads fields between blanks. A field that begins with a double quote ends at the next one.
fn between_blanks(line: &str, record: &mut StringRecord) -> bool {
    let mut rest = line.trim_start();
    while !rest.is_empty() {
        let field = match rest.strip_prefix('"') {
            Some(quoted) => match quoted.split_once('"') {
                Some((field, after)) => {
                    rest = after;
                    field
                }
                None => return false,
            },
            None => {
                let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
                let (field, after) = rest.split_at(end);
                rest = after;
                field
            }
        };
        record.push_field(field);
        rest = rest.trim_start();
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(line: &str, separator: Separator) -> Option<Vec<String>> {
        let mut record = StringRecord::new();
        let whole = Fields::new(separator).split(line, &mut record);
        whole.then(|| record.iter().map(str::to_owned).collect())
    }

    #[test]
    fn quoted_fields_hold_separators() {
        let comma = Separator::Character(b',');
        assert_eq!(
            fields("a,\"b,c\",,\"d\"\"e\"", comma).unwrap(),
            ["a", "b,c", "", "d\"e"]
        );
        assert_eq!(fields("a,5\" slit,c", comma).unwrap(), ["a", "5\" slit", "c"]);
        assert_eq!(fields("a,\"b", comma), None);
        assert_eq!(fields("\"a\"\",b", comma), None);
        assert_eq!(
            fields("  \"NGC 1\" 1.0\t2 ", Separator::Blanks).unwrap(),
            ["NGC 1", "1.0", "2"]
        );
        assert_eq!(fields("\"NGC 1 2", Separator::Blanks), None);
        let wide: Vec<String> = (0..500).map(|n| n.to_string()).collect();
        assert_eq!(fields(&wide.join(","), comma).unwrap(), wide);
    }

    #[test]
    fn lines_end_in_each_way_and_are_counted() {
        let text = b"\xef\xbb\xbfa\r\nb\rc\nd\xe9";
        let mut lines = Lines::new(Path::new("t"), Box::new(&text[..]));
        let mut read = Vec::new();
        while let Some(line) = lines.next().unwrap() {
            read.push(line.into_owned());
        }
        assert_eq!(read, ["a", "b", "c", "dé"]);
        assert_eq!((lines.row(), lines.is_cut(), lines.latin()), (4, true, Some(4)));
    }

    #[test]
    fn a_line_without_end_is_refused_before_it_fills_the_memory() {
        struct Endless;
        impl io::Read for Endless {
            fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
                buffer.fill(b'x');
                Ok(buffer.len())
            }
        }
        let mut lines = Lines::new(Path::new("t"), Box::new(io::BufReader::new(Endless)));
        assert!(matches!(
            lines.next(),
            Err(Error::Format(FormatError::LongLine { row: 1, .. }))
        ));
    }
}
