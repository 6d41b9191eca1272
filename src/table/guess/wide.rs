//! Guess for tables with one row per object.

use super::Guess;
use super::affix::Affix;
use super::family::{Errors, Families, Found};
use super::object::object;
use crate::line::{H_BETA, LineList, NameSet};
use crate::table::Format;
use crate::table::sample::Sample;
use crate::table::settings::{LimitError, Missing, Negative};

/// Numbers that catalogues write for a missing value.
const CODES: [f64; 8] = [-1.0, -9.0, -99.0, -99.9, -999.0, -9999.0, -99999.0, 9999.0];
/// Name of objects that only their rows distinguish.
const NUMBERED: &str = "row {row}";
/// Least and largest Hα/Hβ of a real nebula.
const HALPHA: [f64; 2] = [1.0, 30.0];

/// Guesses the columns of a table with one row per object; none if no columns look like fluxes.
pub(super) fn guess(sample: &Sample, list: &LineList) -> Option<Guess> {
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

/// Adds signs for missing lines and upper limits among the fluxes and errors.
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
        guess.columns.limit_error = Some(LimitError::Sign(Negative::Negative));
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

/// Adds the flux of Hβ where the table has none: 1 or 100, judged by the flux of Hα.
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
