//! Lists of NEAT (Wesson, Stock & Scicluna 2012, MNRAS 422, 3516): two to four columns, wavelength, flux and error.

use std::collections::BTreeMap;
use std::sync::Arc;

use csv::StringRecord;

use super::builder::{Builder, Given};
use super::cell::{Cell, Place};
use super::rows::Rows;
use super::{Take, Warning, Warnings};
use crate::error::{Error, Result};
use crate::line::{Companions, Identified, Resolved};

/// Marks a line whose flux is in that of the line above.
const BLENDED: &str = "*";

const UNKNOWN: &str = "no line of the emissivities lies within 0.6 Å";
const STRANGER: &str = "a hydrogen line that the emissivities do not hold lies too near to tell them apart";
const BLEND: &str = "they are blended with a line that the emissivities do not hold";
const REPEATED: &str = "the list has that line more than once, and nothing tells which flux is meant";
const UNMEASURED: &str = "flux and error are zero, as lists write what was not measured";

/// A flux and the wavelengths that share it.
struct Feature {
    row: usize,
    /// Rest wavelengths \[Å\] with the texts they were read from.
    wavelengths: Vec<(f64, String)>,
    flux: f64,
    /// None if the list has no errors.
    flux_err: Option<f64>,
}

/// Reads a list as one object.
///
/// # Errors
/// A row that is no row of such a list; a list without errors, unless a fraction stands in for them.
pub(crate) fn read(rows: &mut Rows, id: &str, place: &Place, take: Take) -> Result<Warnings> {
    let features = features(rows, place)?;
    let Some(first) = features.first() else {
        return Ok(Warnings::default());
    };
    let wavelengths: Vec<f64> = features
        .iter()
        .flat_map(|feature| &feature.wavelengths)
        .map(|(w, _)| *w)
        .collect();
    let vacuum = place
        .settings
        .vacuum
        .unwrap_or_else(|| place.list.in_vacuum(&wavelengths));
    let found: Vec<Identified> = wavelengths.iter().map(|&w| place.list.identify(w, vacuum)).collect();
    let claimed = |index: usize| found.contains(&Identified::Line(index));
    let mut builder = Builder::new(id, first.row);
    let lines: Vec<Found> = features
        .iter()
        .map(|feature| line(feature, vacuum, claimed, place))
        .collect();
    let mut left: BTreeMap<&'static str, Vec<(String, usize)>> = BTreeMap::new();
    for (feature, line) in features.iter().zip(&lines) {
        let used = match line {
            Ok(_) if lines.iter().filter(|other| *other == line).count() > 1 => Err(REPEATED),
            Ok(_) if feature.flux == 0.0 && feature.flux_err == Some(0.0) => Err(UNMEASURED),
            line => line.clone(),
        };
        match used {
            Err(why) => {
                let named = (feature.wavelengths[0].1.clone(), feature.row);
                left.entry(why).or_default().push(named);
            }
            Ok(line) => {
                let line = place.with_members(line)?;
                let cell = Cell {
                    path: place.path,
                    row: feature.row,
                    column: "wavelength",
                    value: &feature.wavelengths[0].1,
                };
                let fraction = place.rules.flux_error.map(|fraction| fraction * feature.flux.abs());
                let (path, row) = (place.path.to_owned(), feature.row);
                let flux_err = feature.flux_err.or(fraction).ok_or(Error::NoErrors { path, row })?;
                let given = Given {
                    line: cell,
                    error_column: "error",
                    flux: feature.flux,
                    flux_err,
                    ew: None,
                    limit: false,
                };
                builder.push(&Arc::new(line), &given, place);
            }
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

/// The rows of a list, those marked as blended joined to the one above.
fn features(rows: &mut Rows, place: &Place) -> Result<Vec<Feature>> {
    let mut features: Vec<Feature> = Vec::new();
    let mut record = StringRecord::new();
    while let Some(row) = rows.next(&mut record)? {
        let cell = |index: usize, column: &'static str| Cell {
            path: place.path,
            row: row.number,
            column,
            value: row.get(index),
        };
        // Four columns are the observed wavelength, the rest wavelength, flux and error.
        let rest = match row.len() {
            2 | 3 => 0,
            4 => 1,
            found => {
                let path = place.path.to_owned();
                return Err(Error::FieldCount {
                    path,
                    row: row.number,
                    found,
                    expected: 3,
                });
            }
        };
        let wavelength = cell(rest, "wavelength");
        let value = wavelength.number("a wavelength in Å", |wavelength| wavelength > 0.0)?;
        let named = (value.unwrap_or_default(), wavelength.value.to_owned());
        let (flux, error) = (cell(rest + 1, "flux"), cell(rest + 2, "error"));
        match features.last_mut() {
            Some(above) if flux.value == BLENDED => above.wavelengths.push(named),
            _ => features.push(Feature {
                row: row.number,
                wavelengths: vec![named],
                flux: flux
                    .number("a flux, or * below the line it is blended with", |_| true)?
                    .unwrap_or_default(),
                flux_err: error.number("an error ≥ 0", |error| error >= 0.0)?,
            }),
        }
    }
    Ok(features)
}

/// The lines of a feature, or why it is left out.
type Found = std::result::Result<Resolved, &'static str>;

fn line(feature: &Feature, vacuum: bool, claimed: impl Fn(usize) -> bool, place: &Place) -> Found {
    let found = feature
        .wavelengths
        .iter()
        .map(|(wavelength, _)| match place.list.identify(*wavelength, vacuum) {
            Identified::Line(index) => Ok(index),
            Identified::Unknown => Err(UNKNOWN),
            Identified::Blended(..) => Err(STRANGER),
        });
    let known: Vec<_> = found.collect();
    let mut members: Vec<usize> = known.iter().filter_map(|index| index.ok()).collect();
    if members.len() < known.len() {
        let first = known.into_iter().find_map(std::result::Result::err);
        return Err(first.filter(|_| members.is_empty()).unwrap_or(BLEND));
    }
    members.sort_unstable();
    members.dedup();
    let label = |index: usize| place.list.lines[index].label.clone();
    let [index] = members[..] else {
        return Ok(Resolved {
            label: place.list.merged_label(&members),
            members,
        });
    };
    Ok(match place.list.companions(index, claimed) {
        Companions::None => Resolved {
            label: label(index),
            members,
        },
        Companions::Merged(label, members) => Resolved { label, members },
    })
}
