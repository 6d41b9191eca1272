//! Lists of NEAT (Wesson, Stock & Scicluna 2012, MNRAS 422, 3516): two to four columns, wavelength,
//! flux and error.

use std::collections::{BTreeMap, HashMap};

use csv::StringRecord;

use super::builder::{Builder, Given};
use super::cell::{Cell, Place};
use super::names::{LineNames, Meaning};
use super::number;
use super::row::Row;
use super::rows::Rows;
use super::{Take, Warning, Warnings};
use crate::error::{Error, Result, TableError};
use crate::flag::{Code, Flag};
use crate::line::Resolved;

/// Mark of a line whose flux is part of the flux above.
const BLENDED: &str = "*";

const UNKNOWN: &str = "no line of the emissivities lies within 0.6 Å";
const UNCLEAR: &str = "nothing tells which line, or which sum of lines, is meant";
const BLEND: &str = "they are blended with a line that the emissivities do not hold";
const REPEATED: &str = "the list has that line more than once, and nothing tells which flux is meant";
const UNMEASURED: &str = "flux and error are zero, as lists write what was not measured";
const NEGATIVE: &str =
    "their errors are below zero; `limit_error` or `missing` under [catalogue.columns] gives them a meaning";
const IGNORED: &str = "[lines] says so";

/// A flux and the wavelengths that share it.
struct Feature {
    row: usize,
    /// Rest wavelengths as written in the list.
    wavelengths: Vec<String>,
    flux: String,
    error: String,
}

/// Reads a list as one object.
///
/// # Errors
/// A list that cannot be read as a whole.
pub(crate) fn read(rows: &mut Rows, id: &str, place: &Place, take: Take) -> Result<Warnings> {
    let mut unread = Vec::new();
    let features = features(rows, place, &mut unread)?;
    let first = features.first().map(|feature| feature.row);
    let Some(first) = first.or(unread.first().map(|(row, _)| *row)) else {
        return Ok(Warnings::default());
    };
    let mut builder = Builder::new(id, first, place);
    unread.into_iter().for_each(|(_, reason)| builder.reject_row(reason));
    let without_error = features.iter().find(|feature| number::is_absent(&feature.error));
    if let Some(feature) = without_error.filter(|_| place.rules.flux_error.is_none()) {
        builder.reject_row(Error::Table(TableError::NoErrors {
            path: place.path.to_owned(),
            row: feature.row,
        }));
        take(builder.finish(place).0)?;
        return Ok(Warnings::default());
    }
    let wavelengths = features.iter().flat_map(|feature| &feature.wavelengths);
    let names = LineNames::new(place, wavelengths.map(String::as_str));
    let lines: Vec<Found> = features.iter().map(|feature| line(feature, &names, place)).collect();
    let mut times: HashMap<Vec<usize>, usize> = HashMap::new();
    for (line, _) in lines.iter().flatten() {
        *times.entry(line.members.clone()).or_default() += 1;
    }
    let mut left: BTreeMap<&'static str, Vec<(String, usize)>> = BTreeMap::new();
    for (feature, line) in features.iter().zip(lines) {
        let used = line.and_then(|(line, flag)| match times[&line.members] {
            1 => add(feature, &line, flag.as_ref(), &mut builder, place),
            _ => Err(REPEATED),
        });
        if let Err(why) = used {
            let wavelength = feature.wavelengths[0].clone();
            if [UNCLEAR, REPEATED, NEGATIVE].contains(&why) {
                builder.flag(Flag::about(Code::UnclearLine, &wavelength));
            }
            left.entry(why).or_default().push((wavelength, feature.row));
        }
    }
    for (why, lines) in left {
        let object = id.to_owned();
        builder.warn(Warning::LeftOut { object, why, lines });
    }
    let (entry, warnings) = builder.finish(place);
    take(entry)?;
    Ok(warnings.into_iter().collect())
}

/// Rows of a list. A row marked as blended is joined to the row above.
fn features(rows: &mut Rows, place: &Place, unread: &mut Vec<(usize, Error)>) -> Result<Vec<Feature>> {
    let mut features: Vec<Feature> = Vec::new();
    let mut record = StringRecord::new();
    while let Some(row) = rows.next(&mut record)? {
        match feature(&row, place) {
            Err(reason) => unread.push((row.number, reason)),
            Ok(feature) => match features.last_mut() {
                Some(above) if feature.flux == BLENDED => above.wavelengths.extend(feature.wavelengths),
                _ => features.push(feature),
            },
        }
    }
    Ok(features)
}

/// Reads a row of a list: wavelength, flux and perhaps an error. The first of four columns is the
/// observed wavelength.
fn feature(row: &Row, place: &Place) -> Result<Feature> {
    let (path, number) = (place.path.to_owned(), row.number);
    let rest = match row.len() {
        _ if row.open => return Err(Error::Table(TableError::OpenQuote { path, row: number })),
        2 | 3 => 0,
        4 => 1,
        found => {
            return Err(Error::Table(TableError::FieldCount {
                path,
                row: number,
                found,
                expected: 3,
            }));
        }
    };
    let wavelength = place.cell(number, "wavelength", row.get(rest));
    let expected = "a wavelength in Å";
    let value = wavelength.number(expected, |wavelength| wavelength > 0.0)?;
    value.ok_or_else(|| wavelength.wrong(expected))?;
    Ok(Feature {
        row: number,
        wavelengths: vec![wavelength.value.to_owned()],
        flux: row.get(rest + 1).to_owned(),
        error: row.get(rest + 2).to_owned(),
    })
}

/// Lines of a feature, with a flag if it was not read literally, or the reason for leaving it out.
type Found = std::result::Result<(Resolved, Option<Flag>), &'static str>;

fn line(feature: &Feature, names: &LineNames, place: &Place) -> Found {
    let mut found: Vec<(Resolved, Option<Flag>)> = Vec::new();
    let mut missed = None;
    for wavelength in &feature.wavelengths {
        match names.read(wavelength, "") {
            Ok(Meaning::Lines(line, flag)) => found.push((Resolved::clone(&line), flag)),
            Ok(Meaning::Ignored) => return Err(IGNORED),
            Err(error) if error.is_unclear() => missed = missed.or(Some(UNCLEAR)),
            Err(_) => missed = missed.or(Some(UNKNOWN)),
        }
    }
    match (missed, found.len()) {
        (Some(why), 0) => return Err(why),
        (Some(_), _) => return Err(BLEND),
        (None, 1) => return Ok(found.remove(0)),
        (None, _) => {}
    }
    let mut members: Vec<usize> = found.iter().flat_map(|(line, _)| line.members.clone()).collect();
    members.sort_unstable();
    members.dedup();
    let label = place.list.merged_label(&members);
    Ok((Resolved { label, members }, None))
}

/// Adds a feature to the object, or a warning with the reason for leaving it out.
fn add(
    feature: &Feature,
    line: &Resolved,
    flag: Option<&Flag>,
    builder: &mut Builder,
    place: &Place,
) -> std::result::Result<(), &'static str> {
    let cell = |column: &'static str, text| place.cell(feature.row, column, text);
    let (flux, error) = (cell("flux", &feature.flux), cell("error", &feature.error));
    let zero = |cell: Cell| cell.value() == Some(0.0);
    let negative = error.value().is_some_and(|error| error < 0.0);
    if flux.is_absent() || (zero(flux) && zero(error)) {
        return Err(UNMEASURED);
    }
    let is_sign = error
        .value()
        .zip(place.rules.limit_error)
        .is_some_and(|(error, sign)| sign.is(error));
    if negative && !is_sign && !place.rules.is_missing(flux.value().unwrap_or(1.0), error.value()) {
        return Err(NEGATIVE);
    }
    let read = || -> Result<Given> {
        let expected = "a flux, or * below the line that it is blended with";
        let value = flux.number(expected, |_| true)?.ok_or_else(|| flux.wrong(expected))?;
        let own = match is_sign {
            true => Some(0.0),
            false => error.number("an error ≥ 0", |error| error >= 0.0)?,
        };
        let fraction = place.rules.flux_error.unwrap_or_default();
        Ok(Given {
            line: cell("wavelength", &feature.wavelengths[0]),
            column: "flux",
            error_column: "error",
            flux: value,
            flux_err: own.map_or(fraction * value.abs(), |own| place.rules.sigma(own, value)),
            ew: None,
            limit: is_sign,
        })
    };
    match read() {
        Ok(given) => builder.push(&line.clone().into(), flag, &given, place),
        Err(reason) => builder.reject_line(reason),
    }
    Ok(())
}
