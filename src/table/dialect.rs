//! Shape of a text: the separator of its fields and the place of its header, judged on the first
//! rows.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use csv::StringRecord;

use super::below::below;
use super::ecsv::{self, Ecsv};
use super::head::Head;
use super::lines::{Fields, Lines};
use super::number;
use super::separator::{COMMENT, Separator};
use crate::error::{Error, Result, TableError};

/// Rows examined before a text is read.
const LOOKED_AT: usize = 24;
/// Bytes after which no further row is examined.
const BYTES: usize = 4 << 20;
/// Comments that are kept as candidates for a header.
const COMMENTS: usize = 40;
/// Separators in order of preference where several fit equally well.
const SEPARATORS: [Separator; 5] = [
    Separator::Character(b','),
    Separator::Character(b';'),
    Separator::Character(b'\t'),
    Separator::Character(b'|'),
    Separator::Blanks,
];
/// The shape of a text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Dialect {
    pub(crate) separator: Separator,
    /// Header, where there is one.
    pub(crate) header: Option<Head>,
    /// True if separators also stand before the first and after the last field.
    pub(crate) framed: bool,
    /// True if each row of data ends with a separator that the header lacks.
    pub(crate) trailing: bool,
    /// True if a comma is the decimal point.
    pub(crate) decimal_comma: bool,
    /// Fields of the first row that is neither a comment nor the header.
    pub(crate) first: StringRecord,
    /// Number of that row.
    pub(crate) first_row: usize,
}

/// The first rows of a text.
struct Beginning {
    /// Last comments above the first row of data, without `#`.
    comments: Vec<(usize, String)>,
    /// Rows that are neither blank nor comments.
    rows: Vec<(usize, String)>,
    ecsv: Option<Ecsv>,
}

/// Fields of the first rows of a text.
struct Split {
    /// Rows that are neither blank nor comments, with their numbers.
    rows: Vec<(usize, Vec<String>)>,
    /// Comments above these rows, the last one first.
    comments: Vec<(usize, Vec<String>)>,
    /// Numbers of the rows that are rules of dashes.
    rules: HashSet<usize>,
    framed: bool,
    /// True if a quoted field of the first row has no second quote.
    open: bool,
}

impl Split {
    fn of(beginning: &Beginning, separator: Separator) -> Split {
        let mut fields = Fields::new(separator);
        let mut split = |text: &str| {
            let mut record = StringRecord::new();
            let whole = fields.split(text, &mut record);
            (record, whole)
        };
        let rows = beginning.rows.iter();
        let rows: Vec<(usize, (StringRecord, bool))> = rows.map(|(row, text)| (*row, split(text))).collect();
        let rules = beginning.rows.iter().filter(|(_, text)| is_rule(text));
        let rules: HashSet<usize> = rules.map(|(row, _)| *row).collect();
        let mut of_data = rows.iter().filter(|(row, _)| !rules.contains(row));
        let framed = separator == Separator::Character(b'|') && of_data.all(|(_, (row, _))| is_framed(row));
        let comments = beginning.comments.iter().rev().map(|(number, text)| {
            let (row, _) = split(text);
            (*number, trimmed(&row, framed && is_framed(&row)))
        });
        Split {
            comments: comments.collect(),
            open: rows.first().is_some_and(|(_, (_, whole))| !whole),
            rows: rows
                .into_iter()
                .map(|(number, (row, _))| (number, trimmed(&row, framed)))
                .collect(),
            rules,
            framed,
        }
    }
}

/// Reads the first rows of a text and judges the shape of the text.
///
/// # Errors
/// An unreadable text, a text without rows, a quote left open in the header.
pub(crate) fn dialect(lines: &mut Lines, path: &Path) -> Result<Dialect> {
    let beginning = beginning(lines)?;
    if beginning.rows.is_empty() {
        return Err(Error::Table(TableError::EmptyTable { path: path.to_owned() }));
    }
    let separator = match &beginning.ecsv {
        Some(ecsv) => ecsv.delimiter,
        None => separator(&beginning.rows),
    };
    let split = Split::of(&beginning, separator);
    let rows = &split.rows[..];
    let commented = split.comments.iter().find(|(_, names)| heads(names, rows));
    let (head, data) = match commented {
        Some(head) => (Some(head.clone()), rows),
        None if is_list(&rows[0].1) => (None, rows),
        None if split.open => {
            let (path, row) = (path.to_owned(), rows[0].0);
            return Err(Error::Table(TableError::OpenQuote { path, row }));
        }
        None => (Some(rows[0].clone()), &rows[1..]),
    };
    let head = head.map(|(row, names)| below(row, names, data, beginning.ecsv.as_ref()));
    let last = head.as_ref().map_or(0, |head| head.last);
    let of_data = data.iter().filter(|(row, _)| *row > last && !split.rules.contains(row));
    let data = &of_data.cloned().collect::<Vec<_>>()[..];
    let first = data.first();
    let trailing = head.as_ref().is_some_and(|head| is_trailing(&head.names, data));
    Ok(Dialect {
        header: head.map(|head| indexed(head, data, trailing)),
        framed: split.framed,
        trailing,
        decimal_comma: separator == Separator::Character(b';'),
        separator,
        first: first.map_or_else(StringRecord::new, |(_, row)| row.iter().collect()),
        first_row: first.map_or(0, |(number, _)| *number),
    })
}

fn beginning(lines: &mut Lines) -> Result<Beginning> {
    let (mut comments, mut all, mut rows, mut bytes) = (Vec::new(), Vec::new(), Vec::new(), 0);
    while rows.len() < LOOKED_AT && bytes < BYTES {
        let Some(line) = lines.next()? else { break };
        let line = line.trim_end().to_owned();
        bytes += line.len();
        let row = lines.row();
        match line.trim_start().strip_prefix(COMMENT) {
            Some(comment) if rows.is_empty() => {
                all.push(line.clone());
                comments.push((row, comment.trim_start_matches(COMMENT).trim().to_owned()));
                if comments.len() > COMMENTS {
                    comments.remove(0);
                }
            }
            Some(_) => {}
            None if is_blank(&line) || (rows.is_empty() && is_rule(&line)) => {}
            None => rows.push((row, line)),
        }
    }
    Ok(Beginning {
        comments,
        rows,
        ecsv: ecsv::columns(&all),
    })
}

/// Tells whether no field of a row has a text, for any separator.
fn is_blank(line: &str) -> bool {
    line.chars()
        .all(|c| c.is_whitespace() || matches!(c, ',' | ';' | '|' | '"'))
}

/// The separator that gives most rows the same number of fields, at least two. A comma if no
/// separator does.
fn separator(rows: &[(usize, String)]) -> Separator {
    let mut best = (0.0, Separator::Character(b','));
    for separator in SEPARATORS {
        let mut fields = Fields::new(separator);
        let mut record = StringRecord::new();
        let counts: Vec<usize> = rows
            .iter()
            .filter(|(_, text)| !is_rule(text))
            .map(|(_, text)| {
                fields.split(text, &mut record);
                record.len()
            })
            .collect();
        let agreement = agreement(&counts);
        if agreement > best.0 + 1e-9 {
            best = (agreement, separator);
        }
    }
    best.1
}

/// Share of the rows with the most common number of fields, 0 if that number is below two. The
/// header counts twice.
fn agreement(counts: &[usize]) -> f64 {
    let Some(&header) = counts.first() else { return 0.0 };
    let mut of: HashMap<usize, usize> = HashMap::new();
    for &count in counts.iter().filter(|count| **count > 1) {
        *of.entry(count).or_default() += 1;
    }
    let Some((&most, &rows)) = of.iter().max_by_key(|(count, rows)| (**rows, **count)) else {
        return 0.0;
    };
    // A header may lack the name of an index, or a last separator.
    let near = header.abs_diff(most) <= 1;
    (rows as f64 + f64::from(u8::from(near))) / (counts.len() as f64 + 1.0)
}

/// Tells whether a row is a rule of dashes, for any separator.
pub(crate) fn is_rule(text: &str) -> bool {
    let stroke = |c: char| matches!(c, '-' | '=' | ':' | '+' | '|' | ',' | ';') || c.is_whitespace();
    (text.contains("---") || text.contains("===")) && text.chars().all(stroke)
}

fn is_framed(row: &StringRecord) -> bool {
    let blank = |field: Option<&str>| field.is_some_and(|field| field.trim().is_empty());
    row.len() > 2 && blank(row.get(0)) && blank(row.get(row.len() - 1))
}

fn trimmed(row: &StringRecord, framed: bool) -> Vec<String> {
    let inner = if framed { 1..row.len() - 1 } else { 0..row.len() };
    row.iter()
        .enumerate()
        .filter(|(index, _)| inner.contains(index))
        .map(|(_, field)| field.trim().to_owned())
        .collect()
}

/// Tells whether a comment is the header of the rows: it has as many fields as the rows, and fewer
/// numbers than the first row.
fn heads(names: &[String], rows: &[(usize, Vec<String>)]) -> bool {
    let numbers = |row: &[String]| row.iter().filter(|text| number::parse(text, true).is_some()).count();
    let first = &rows[0].1;
    // Two to four numbers per row and nothing else are a list. Columns of a list need no names.
    let list = is_list(first) && !names.iter().any(|name| name.chars().any(|c| c.is_ascii_digit()));
    names.len() > 1 && names.len() == first.len() && numbers(names) < numbers(first) && !list
}

/// Tells whether a row belongs to a list of NEAT: two to four columns, each a number or an
/// asterisk, the first a number.
fn is_list(row: &[String]) -> bool {
    let is_number = |text: &String| number::parse(text, false).is_some();
    (2..=4).contains(&row.len())
        && row.iter().all(|text| is_number(text) || text == "*")
        && row.first().is_some_and(is_number)
}

/// Tells whether the rows have one field more than the header, and that field is blank.
fn is_trailing(names: &[String], data: &[(usize, Vec<String>)]) -> bool {
    let longer =
        |(_, row): &(usize, Vec<String>)| row.len() == names.len() + 1 && row.last().is_some_and(String::is_empty);
    !data.is_empty() && data.iter().all(longer)
}

/// Adds an empty name to a header that lacks the name of an index column.
fn indexed(mut head: Head, data: &[(usize, Vec<String>)], trailing: bool) -> Head {
    let longer = data.iter().filter(|(_, row)| row.len() == head.names.len() + 1);
    let first: Vec<&str> = longer.filter_map(|(_, row)| row.first()).map(String::as_str).collect();
    let longer = first.len();
    // An index distinguishes the rows. `NGC` before each number is part of the object's name.
    let is_index = first.iter().collect::<HashSet<_>>().len() == longer;
    if !trailing && is_index && longer > 0 && 2 * longer > data.len() {
        head.names.insert(0, String::new());
        head.units.insert(0, None);
        head.kinds.insert(0, None);
    }
    head
}
