//! Guess at the content of a catalogue's columns, from their names and first rows, for
//! `nebulium init`.

mod affix;
mod family;
mod long;
mod object;
mod wide;

use std::collections::{BTreeSet, HashSet};

use super::sample::Sample;
use super::settings::{ColumnNames, Settings};
use super::{Format, Sources, source};
use crate::error::Result;

/// Guess at the columns of a catalogue.
#[derive(Debug, Default)]
pub struct Guess {
    /// Format of the catalogue.
    pub format: Format,
    /// Names of the columns.
    pub columns: ColumnNames,
    /// True if errors are in per cent of their fluxes.
    pub percent_errors: Option<bool>,
    /// Columns to ignore.
    pub ignore_columns: Vec<String>,
    /// Guesses, one sentence each.
    pub notes: Vec<String>,
    /// Decisions that only the user can take, one sentence each. The catalogue cannot be fitted
    /// before.
    pub open: Vec<String>,
    /// Columns that have no place in the configuration.
    pub unplaced: Vec<String>,
}

/// Guesses the content of the columns in the first file of a catalogue; an empty guess without
/// files.
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
    let kept: HashSet<usize> = sample.header.kept(&Settings::default())?.indices().collect();
    let left = (0..sample.header.names.len()).filter(|column| !placed.contains(column) && !kept.contains(column));
    guess.unplaced = left
        .map(|column| sample.header.names[column].clone())
        .filter(|name| !name.is_empty())
        .collect();
    Ok(guess)
}

/// Guess where no column looks like fluxes of lines.
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

/// Indices of the columns that a guess uses.
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
