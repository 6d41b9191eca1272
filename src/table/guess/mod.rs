//! A guess at what the columns of a catalogue hold, from their names and their first rows, for `nebulium init`.

mod affix;
mod family;
mod long;
mod object;

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use csv::StringRecord;

use self::affix::Affix;
use self::family::{Errors, Families, Found};
use self::object::object;
use super::header::Header;
use super::number;
use super::rows::Rows;
use super::settings::{ColumnNames, LimitError, Missing, Settings};
use super::{Format, Sources, source};
use crate::error::{Error, Result};
use crate::line::{H_BETA, LineList, NameSet};

/// Numbers that catalogues write for a value that is not there.
const CODES: [f64; 8] = [-1.0, -9.0, -99.0, -99.9, -999.0, -9999.0, -99999.0, 9999.0];
/// The name of objects that only their rows tell apart.
const NUMBERED: &str = "row {row}";
/// Rows that are looked at.
const ROWS: usize = 500;
/// Least Hα over Hβ, in fluxes relative to Hβ = 1, of a real nebula, and the most.
const HALPHA: [f64; 2] = [1.0, 30.0];

/// A guess at a catalogue's columns.
#[derive(Debug, Default)]
pub struct Guess {
    /// The format.
    pub format: Format,
    /// Names of the columns.
    pub columns: ColumnNames,
    /// Whether errors are in per cent of their fluxes.
    pub percent_errors: Option<bool>,
    /// Columns to ignore.
    pub ignore_columns: Vec<String>,
    /// What was guessed, a sentence each.
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

    /// Whether a column holds signs of limits and of none, and nothing else.
    fn marks(&self, column: usize) -> bool {
        self.texts(column).all(|text| number::is_limit(text).is_some())
    }

    /// Whether each row has a text of its own in these columns.
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
        .or_else(|| wide(&sample, list))
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

/// The guess for a table with one row an object; none where no columns look like fluxes.
fn wide(sample: &Sample, list: &LineList) -> Option<Guess> {
    let families = Families::of(&sample.header.names);
    let found = families.fluxes()?;
    let pattern = |affix: &Affix| {
        let (before, after) = families.written(affix);
        format!("{before}{{line}}{after}")
    };
    let mut guess = Guess {
        format: Format::Wide,
        ..Guess::default()
    };
    let columns = &mut guess.columns;
    columns.object = object(sample);
    columns.flux = Some(pattern(&found.flux));
    if let Some(errors) = &found.errors {
        let pattern_of = Some(pattern(&errors.affix));
        match errors.is_ivar() {
            true => columns.ivar = pattern_of,
            false => columns.error = pattern_of,
        }
        let twin = || {
            families
                .twin(&errors.affix)
                .map(|(before, after)| format!("{before}{{line}}{after}"))
        };
        columns.error_other = errors.lower.as_ref().map(&pattern).or_else(twin);
        guess.percent_errors = errors.is_percent.then_some(true);
    }
    columns.ew = found.ew.as_ref().map(pattern);
    columns.limit = families
        .limits(&found.flux)
        .iter()
        .find(|affix| families.family(affix).values().all(|&column| sample.marks(column)))
        .map(pattern);
    guess
        .notes
        .push(format!("{} columns match the pattern of fluxes", found.lines.len()));
    if found.errors.is_none() {
        guess.open.push(
            "no errors were found: name their pattern, or give flux_error = 0.05, a fraction of the flux".to_owned(),
        );
    }
    if let Some(limit) = &guess.columns.limit {
        let note = format!("columns {limit} mark upper limits");
        guess.notes.push(note);
    }
    if let Some(other) = &guess.columns.error_other {
        let note = format!("two errors a flux: the larger counts; the second is {other}");
        guess.notes.push(note);
    }
    if !found.rivals.is_empty() {
        let rivals: Vec<String> = found.rivals.iter().map(&pattern).collect();
        let note = format!("other columns that may be the fluxes you want: {}", rivals.join(", "));
        guess.notes.push(note);
    }
    signs(sample, &families, &found, &mut guess);
    hbeta(sample, &families, &found, list, &mut guess);
    if guess.columns.object.is_none() && sample.rows.len() > 1 {
        guess.columns.object = Some(NUMBERED.to_owned());
        let note = "no column has a name of its own for each object: objects are called by their rows in the file";
        guess.notes.push(note.to_owned());
    }
    Some(guess)
}

/// Signs for missing lines and upper limits among the fluxes and errors.
fn signs(sample: &Sample, families: &Families, found: &Found, guess: &mut Guess) {
    let numbers = |affix: &Affix| -> Vec<f64> {
        let columns = families.family(affix).values();
        columns.flat_map(|&column| sample.numbers(column)).collect()
    };
    let (fluxes, errors) = (
        numbers(&found.flux),
        found
            .errors
            .as_ref()
            .map(|errors| numbers(&errors.affix))
            .unwrap_or_default(),
    );
    let often = |code: f64| fluxes.iter().filter(|&&flux| flux == code).count() > 1;
    let mut missing: Vec<Missing> = CODES
        .into_iter()
        .filter(|&code| often(code))
        .map(Missing::Flux)
        .collect();
    let zeros = fluxes.iter().filter(|&&flux| flux == 0.0).count();
    if zeros > 1 && errors.contains(&0.0) {
        missing.push(Missing::BothZero);
    }
    let negative: Vec<f64> = errors.iter().copied().filter(|&error| error < 0.0).collect();
    let coded = |error: &f64| CODES.contains(error) && *error != -1.0;
    if found.errors.as_ref().is_some_and(Errors::is_ivar) || (!negative.is_empty() && negative.iter().all(coded)) {
        missing.push(Missing::ErrorNotPositive);
    } else if negative.iter().any(|error| !coded(error)) {
        guess.columns.limit_error = Some(LimitError::Sign(super::settings::Negative::Negative));
        guess
            .notes
            .push("errors below zero are read as the sign of an upper limit".to_owned());
    }
    if !missing.is_empty() {
        guess
            .notes
            .push("signs of lines that were not measured stand under missing".to_owned());
        missing.insert(0, Missing::NotFinite);
        guess.columns.missing = Some(missing);
    }
    if let Some(ew) = &found.ew {
        let mut widths = numbers(ew);
        widths.retain(|width| !CODES.contains(width) && *width != 0.0);
        if 2 * widths.iter().filter(|width| **width < 0.0).count() > widths.len() {
            guess.columns.ew_negative = Some(true);
            guess
                .notes
                .push("most equivalent widths are negative: emission is taken to be".to_owned());
        }
    }
}

/// The flux of Hβ where the table has none: 1 or 100 by the flux of Hα.
fn hbeta(sample: &Sample, families: &Families, found: &Found, list: &LineList, guess: &mut Guess) {
    let names = NameSet::new(list, found.lines.iter().map(String::as_str), None);
    let of = |label: &str| {
        let line = list.position(label)?;
        let is = |name: &&String| names.read(name).is_ok_and(|reading| reading.line.members == [line]);
        found.lines.iter().find(is)
    };
    if of(H_BETA).is_some() {
        return;
    }
    let halpha = of("H1_6563A").map(|name| sample.numbers(families.family(&found.flux)[name]));
    let mut halpha: Vec<f64> = halpha
        .unwrap_or_default()
        .into_iter()
        .filter(|flux| *flux > 0.0)
        .collect();
    halpha.sort_by(f64::total_cmp);
    let scale = halpha.get(halpha.len() / 2).and_then(|flux| {
        let is = |scale: &f64| (HALPHA[0]..HALPHA[1]).contains(&(flux / scale));
        [1.0, 100.0].into_iter().find(is)
    });
    match scale {
        Some(scale) => {
            guess.columns.hbeta = Some(scale);
            guess.notes.push(format!(
                "no column of Hβ: fluxes are taken to be relative to Hβ = {scale}"
            ));
        }
        None => {
            let open = "no column of Hβ: name it under [lines], or give hbeta = 100 if fluxes are relative to it";
            guess.open.push(open.to_owned());
        }
    }
}
