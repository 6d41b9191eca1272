//! A guess at what the columns of a catalogue hold, from their names and their first rows, for `nebulium init`.

mod affix;
mod family;
mod long;
mod object;
mod wide;

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use csv::StringRecord;

use super::header::Header;
use super::number;
use super::rows::Rows;
use super::settings::{ColumnNames, Settings};
use super::{Format, Sources, source};
use crate::error::{Error, Result};

/// Rows that are looked at.
const ROWS: usize = 500;
/// A guess at a catalogue's columns.
#[derive(Debug, Default)]
pub struct Guess {
    /// The format.
    pub format: Format,
    /// Names of the columns.
    pub columns: ColumnNames,
    /// True if errors are in per cent of their fluxes.
    pub percent_errors: Option<bool>,
    /// Columns to ignore.
    pub ignore_columns: Vec<String>,
    /// Guesses, a sentence each.
    pub notes: Vec<String>,
    /// Decisions that only the user can take, a sentence each; the catalogue cannot be fitted before.
    pub open: Vec<String>,
    /// Columns that have no place in the configuration.
    pub unplaced: Vec<String>,
}

/// The names of a table's columns and its first rows.
pub(super) struct Sample {
    pub(super) header: Arc<Header>,
    pub(super) rows: Vec<StringRecord>,
    pub(super) decimal_comma: bool,
}

impl Sample {
    /// The first of these rows; those of another length than the header are passed over, and so are columns of arrays.
    pub(super) fn of(mut rows: Rows) -> Result<Sample> {
        let header = rows.header.clone();
        for column in 0..header.names.len() {
            match rows.select(&[column]) {
                Err(Error::ArrayColumn { .. }) => {}
                selected => selected?,
            }
        }
        let (mut record, mut found) = (StringRecord::new(), Vec::new());
        while found.len() < ROWS {
            let Some(row) = rows.next(&mut record)? else { break };
            if row.check(&header).is_ok() {
                found.push(record.clone());
            }
        }
        Ok(Sample {
            decimal_comma: rows.decimal_comma,
            header,
            rows: found,
        })
    }

    /// The texts of a column.
    fn texts(&self, column: usize) -> impl Iterator<Item = &str> {
        self.rows
            .iter()
            .map(move |row| row.get(column).unwrap_or_default().trim())
    }

    /// The numbers of a column.
    fn numbers(&self, column: usize) -> Vec<f64> {
        let numbers = self
            .texts(column)
            .filter_map(|text| number::parse(text, self.decimal_comma));
        numbers.filter(|number| number.is_finite()).collect()
    }

    /// True if a column holds signs of limits and of none, and nothing else.
    fn marks(&self, column: usize) -> bool {
        self.texts(column).all(|text| number::is_limit(text).is_some())
    }

    /// True if each row has a text of its own in these columns.
    fn tells_apart(&self, columns: &[usize]) -> bool {
        let mut seen = HashSet::new();
        self.rows.iter().all(|row| {
            let key: Vec<&str> = columns
                .iter()
                .map(|&column| row.get(column).unwrap_or_default().trim())
                .collect();
            !key.iter().any(|text| text.is_empty()) && seen.insert(key.join("\u{1f}"))
        })
    }
}

/// Guesses what the columns of a catalogue's first file hold; none of a catalogue without files.
///
/// # Errors
/// A file that cannot be read, or has no rows.
pub fn guess(sources: &Sources, settings: &Settings) -> Result<Guess> {
    let Some((path, bytes)) = sources.first() else {
        return Ok(Guess::default());
    };
    let list = sources.list();
    let sample = source::sample(path, bytes, settings)?;
    let mut guess = long::guess(&sample, list)
        .or_else(|| wide::guess(&sample, list))
        .unwrap_or_else(|| nothing(&sample));
    let placed = placed(&guess.columns, &sample);
    let kept: HashSet<usize> = sample.header.kept(&Settings::default())?.places().collect();
    let left = (0..sample.header.names.len()).filter(|column| !placed.contains(column) && !kept.contains(column));
    guess.unplaced = left
        .map(|column| sample.header.names[column].clone())
        .filter(|name| !name.is_empty())
        .collect();
    Ok(guess)
}

/// The guess where nothing looks like fluxes of lines.
fn nothing(sample: &Sample) -> Guess {
    Guess {
        format: Format::Wide,
        open: vec![format!(
            "none of the {} columns looks like fluxes of lines: give the pattern of their names, such as flux = \
             \"{{line}}_flux\", or, in a table with one row a line, the columns line, flux and error",
            sample.header.names.len()
        )],
        ..Guess::default()
    }
}

/// The places of the columns that a guess has a use for.
fn placed(columns: &ColumnNames, sample: &Sample) -> BTreeSet<usize> {
    let patterns = [
        &columns.object,
        &columns.line,
        &columns.flux,
        &columns.error,
        &columns.error_other,
        &columns.ivar,
        &columns.ew,
        &columns.limit,
    ];
    let mut placed = BTreeSet::new();
    for pattern in patterns.into_iter().flatten() {
        match pattern.split_once("{line}") {
            Some((before, after)) => {
                let (before, after) = (before.to_lowercase(), after.to_lowercase());
                for (column, name) in sample.header.names.iter().enumerate() {
                    let name = name.to_lowercase();
                    let middle = name.strip_prefix(&before).and_then(|rest| rest.strip_suffix(&after));
                    if middle.is_some_and(crate::line::is_name) {
                        placed.insert(column);
                    }
                }
            }
            None => {
                let of = |part: &str| sample.header.find(part.trim_end_matches('}'));
                let columns = match pattern.contains('{') {
                    true => pattern
                        .split('{')
                        .skip(1)
                        .filter_map(|part| of(part.split('}').next()?))
                        .collect(),
                    false => Vec::from_iter(of(pattern)),
                };
                placed.extend(columns);
            }
        }
    }
    placed
}
