//! Guess for tables with one row per line.

use super::Guess;
use super::object::OBJECTS;
use crate::line::{LineList, NameSet, is_name};
use crate::table::Format;
use crate::table::number;
use crate::table::sample::Sample;

/// Names of columns of fluxes, the likelier first.
const FLUXES: [&str; 16] = [
    "flux",
    "line_flux",
    "flux_obs",
    "f",
    "fluxes",
    "ratio",
    "intensity",
    "i",
    "f_obs",
    "fobs",
    "flux_line",
    "int_flux",
    "i_lambda",
    "f_lambda",
    "value",
    "flux_corr",
];
/// Names of columns of errors, the likelier first; `{}` stands for the column of fluxes.
const ERRORS: [&str; 17] = [
    "{}_err",
    "{}_error",
    "e_{}",
    "{}err",
    "err_{}",
    "e{}",
    "{}_unc",
    "{}_e",
    "sigma_{}",
    "{}_sigma",
    "d{}",
    "err",
    "error",
    "sigma",
    "unc",
    "uncertainty",
    "eflux",
];
/// Names of columns of equivalent widths.
const WIDTHS: [&str; 6] = ["ew", "eqw", "ew_rest", "eqwidth", "eq_width", "w"];
/// Names of columns of upper limits; `{}` stands for the column of fluxes.
const LIMITS: [&str; 10] = [
    "limit",
    "l_{}",
    "{}_limit",
    "{}_uplim",
    "upper_limit",
    "is_limit",
    "is_upper_limit",
    "uplim",
    "ulim",
    "ul",
];
/// Names of columns of blend members.
const BLENDS: [&str; 3] = ["blend", "members", "components"];
/// Least fraction of a column's texts that name lines.
const NAMES: f64 = 0.6;

/// Guesses the columns of a table with one row per line; none if no column names lines.
pub(super) fn guess(sample: &Sample, list: &LineList) -> Option<Guess> {
    let header = &sample.header;
    let line = line_column(sample, list)?;
    let find = |names: &[&str], flux: &str| {
        let found = names.iter().find_map(|name| header.find(&name.replace("{}", flux)));
        found
            .filter(|&column| column != line)
            .map(|column| header.names[column].clone())
    };
    let flux = find(&FLUXES, "").or_else(|| only_number(sample, line))?;
    let mut guess = Guess {
        format: Format::Long,
        ..Guess::default()
    };
    let columns = &mut guess.columns;
    columns.line = Some(header.names[line].clone());
    columns.error = find(&ERRORS, &flux);
    columns.ew = find(&WIDTHS, &flux);
    columns.limit = find(&LIMITS, &flux);
    columns.blend = find(&BLENDS, &flux);
    columns.object = find(&OBJECTS, &flux).filter(|name| repeats(sample, header.find(name)));
    if columns.error.is_none() {
        guess.open.push(
            "no column of errors was found: name it under error, or give flux_error = 0.05, a fraction".to_owned(),
        );
    }
    columns.flux = Some(flux);
    guess.notes.push("one row a line".to_owned());
    Some(guess)
}

/// Column whose texts name lines; labels are preferred to wavelengths.
fn line_column(sample: &Sample, list: &LineList) -> Option<usize> {
    let share = |column: usize| {
        let texts: Vec<&str> = sample.texts(column).filter(|text| !text.is_empty()).collect();
        let names = texts.iter().filter(|text| is_name(text)).count();
        let is_number = texts.iter().filter(|text| number::parse(text, false).is_some()).count() == texts.len();
        if texts.is_empty() || (names as f64) < NAMES * texts.len() as f64 {
            return None;
        }
        if !is_number {
            return Some((names as f64 / texts.len() as f64, true));
        }
        // Any number can be a wavelength, so the numbers must match lines of the list.
        let set = NameSet::new(list, texts.iter().copied(), None);
        let hit = texts.iter().filter(|text| set.read(text).is_ok()).count() as f64 / texts.len() as f64;
        (hit > NAMES).then_some((hit, false))
    };
    let columns = (0..sample.header.names.len()).filter_map(|column| Some((share(column)?, column)));
    let best = columns.max_by(|((a, a_label), _), ((b, b_label), _)| a_label.cmp(b_label).then(a.total_cmp(b)))?;
    Some(best.1)
}

/// The only column of numbers beside the lines.
fn only_number(sample: &Sample, line: usize) -> Option<String> {
    let is_number = |&column: &usize| column != line && !sample.numbers(column).is_empty();
    let mut columns = (0..sample.header.names.len()).filter(is_number);
    let first = columns.next()?;
    columns.next().is_none().then(|| sample.header.names[first].clone())
}

/// Tells whether the texts of a column repeat, as the name of an object does in each of its rows.
fn repeats(sample: &Sample, column: Option<usize>) -> bool {
    column.is_some_and(|column| !sample.tells_apart(&[column]) || sample.rows.len() < 2)
}
