//! Wide catalogues by a pattern of column names, `{line}_flux`, and the catalogues whose pattern is known by name.

use super::Settings;
use super::cell::Place;
use super::format::Format;
use super::header::{Header, LineColumns, Part, WideColumns};
use super::rules::{Rules, Spread};
use super::settings::{ColumnNames, Missing};
use crate::error::{Error, Result};
use crate::line::{Name, Resolved};

/// Stands for the name of a line in a pattern.
const LINE: &str = "{line}";

/// Hβ of a survey's object is detected where its flux is this many times its error.
const DETECTED: f64 = 3.0;

/// A survey's catalogue: how its columns are called, what stands for a missing line, and how its objects are named.
struct Survey {
    format: Format,
    flux: &'static str,
    error: &'static str,
    is_ivar: bool,
    ew: Option<&'static str>,
    ew_negative: bool,
    missing: &'static [Missing],
    /// Names of the object, the first whose columns are all there.
    objects: &'static [&'static str],
    /// The flux of Hβ where it has no column.
    hbeta: Option<f64>,
}

const SURVEYS: [Survey; 4] = [
    // Tremonti et al. 2004, ApJ 613, 898; columns of galSpecLine, SDSS data release 8. Emission has EW < 0.
    Survey {
        format: Format::MpaJhu,
        flux: "{line}_flux",
        error: "{line}_flux_err",
        is_ivar: false,
        ew: Some("{line}_eqw"),
        ew_negative: true,
        missing: &[Missing::NotFinite, Missing::ErrorNotPositive, Missing::Flux(-9999.0)],
        objects: &["specObjID", "{plate}-{mjd}-{fiberid}", "{plateid}-{mjd}-{fiberid}"],
        hbeta: None,
    },
    // FastSpecFit 3.1, HDU FASTSPEC (fastspecfit.readthedocs.io); inverse variance 0 where a line was not fitted.
    Survey {
        format: Format::Desi,
        flux: "{line}_flux",
        error: "{line}_flux_ivar",
        is_ivar: true,
        ew: Some("{line}_ew"),
        ew_negative: false,
        missing: &[Missing::NotFinite, Missing::ErrorNotPositive],
        objects: &["targetid"],
        hbeta: None,
    },
    // Pérez-Montero 2014, MNRAS 441, 2663: ratios to Hβ, 0 where a line was not measured.
    Survey {
        format: Format::Hcm,
        flux: "{line}",
        error: "e{line}",
        is_ivar: false,
        ew: None,
        ew_negative: false,
        missing: &[Missing::NotFinite, Missing::Flux(0.0)],
        objects: &["id"],
        hbeta: Some(1.0),
    },
    // Sánchez et al. 2016, RMxAA 52, 171; the tables of edge_pydb (Wong et al. 2024, ApJS 271, 35).
    Survey {
        format: Format::Pipe3d,
        flux: "flux_{line}",
        error: "e_flux_{line}",
        is_ivar: false,
        ew: None,
        ew_negative: false,
        missing: &[Missing::NotFinite, Missing::BothZero, Missing::ErrorNotPositive],
        objects: &["{name}-{ix}-{iy}", "{ix}-{iy}"],
        hbeta: None,
    },
];

/// A pattern made of settings and, where they are silent, of a survey.
pub(crate) struct Pattern {
    flux: String,
    error: String,
    ew: Option<String>,
    /// Names of the object, the first whose columns are all there; whether one must be.
    objects: (Vec<String>, bool),
    /// The flux of Hβ where it has no column.
    pub(crate) hbeta: Option<f64>,
}

/// The survey whose names of columns those of the header are.
pub(crate) fn recognise(header: &Header) -> Option<Format> {
    let has = |pattern: &str, line: &str| header.find_alike(&pattern.replace(LINE, line)).is_some();
    let line = |survey: &Survey| match survey.hbeta {
        Some(_) => "OIII_5007",
        None if survey.format == Format::MpaJhu => "h_beta",
        None => "Hbeta",
    };
    let of = |survey: &&Survey| has(survey.flux, line(survey)) && has(survey.error, line(survey));
    SURVEYS.iter().find(of).map(|survey| survey.format)
}

/// The pattern and the rules of a wide catalogue; no pattern for one with a column a label.
pub(crate) fn of(format: Format, settings: &Settings) -> (Option<Pattern>, Rules) {
    let names = &settings.columns;
    let survey = SURVEYS.iter().find(|survey| survey.format == format);
    let spread = match (&names.ivar, &names.error, survey) {
        (Some(_), ..) => Spread::Ivar,
        (None, None, Some(survey)) if survey.is_ivar => Spread::Ivar,
        _ if settings.relative_errors == Some(true) => Spread::Fraction,
        _ => Spread::Sigma,
    };
    let missing = names.missing.clone();
    let rules = Rules {
        spread,
        missing: missing.unwrap_or_else(|| survey.map_or_else(Vec::new, |survey| survey.missing.to_vec())),
        limit_error: names.limit_error,
        ew_negative: names
            .ew_negative
            .unwrap_or(survey.is_some_and(|survey| survey.ew_negative)),
        strict_ew: survey.is_none(),
        hbeta_snr: settings
            .hbeta_snr
            .unwrap_or(if survey.is_some() { DETECTED } else { 0.0 }),
        flux_error: settings.flux_error,
    };
    (pattern(names, survey), rules)
}

fn pattern(names: &ColumnNames, survey: Option<&Survey>) -> Option<Pattern> {
    let is_pattern = |name: &&String| name.contains(LINE);
    let flux = names.flux.as_ref().filter(is_pattern);
    if flux.is_none() && survey.is_none() {
        return None;
    }
    let known = |part: fn(&Survey) -> &'static str| survey.map(|survey| part(survey).to_owned());
    let error = names.ivar.clone().or_else(|| names.error.clone());
    let objects = match (&names.object, survey) {
        (Some(object), _) => (vec![object.clone()], true),
        (None, Some(survey)) => (survey.objects.iter().map(|&name| name.to_owned()).collect(), false),
        (None, None) => (vec![super::header::OBJECT.to_owned()], true),
    };
    Some(Pattern {
        flux: flux.cloned().or_else(|| known(|survey| survey.flux))?,
        error: error
            .or_else(|| known(|survey| survey.error))
            .unwrap_or_else(|| format!("{LINE}_flux_err")),
        ew: names
            .ew
            .clone()
            .or_else(|| survey.and_then(|survey| survey.ew).map(str::to_owned)),
        objects,
        hbeta: names.hbeta.or_else(|| survey.and_then(|survey| survey.hbeta)),
    })
}

impl Pattern {
    /// The columns of a table, each line found by its catalogue's name.
    ///
    /// # Errors
    /// A line without a column of errors, no line at all, no column for the object's name, fluxes in two units.
    pub(crate) fn columns(&self, header: &Header, place: &Place) -> Result<WideColumns> {
        let named = self.named(header);
        let all: Vec<Name> = named.iter().map(|(_, _, name)| name.clone()).collect();
        let (mut lines, mut read) = (Vec::new(), Vec::new());
        for (flux, text, name) in &named {
            let Ok(line) = resolve(place, text, name, &all) else {
                continue;
            };
            let error = self.error.replace(LINE, text);
            let flux_err = match (header.find_alike(&error), place.rules.flux_error) {
                (None, None) => return Err(header.missing(&error)),
                (found, _) => found,
            };
            let ew = self.ew.as_ref().map(|ew| ew.replace(LINE, text));
            let ew = ew.and_then(|ew| header.find_alike(&ew));
            read.extend([Some(*flux), flux_err, ew].into_iter().flatten());
            lines.push(LineColumns {
                line,
                flux: *flux,
                flux_err,
                ew,
            });
        }
        if lines.is_empty() {
            return Err(header.missing(&self.flux));
        }
        same_units(header, &lines, place.rules.spread)?;
        let object = self.object(header)?;
        let priors = header.mapped_priors(&place.settings.columns)?;
        read.extend(priors.iter().map(|prior| prior.index));
        read.extend(object.iter().flatten().filter_map(|part| match part {
            Part::Column(column) => Some(*column),
            Part::Text(_) => None,
        }));
        let unread = (0..header.names.len()).filter(|column| !read.contains(column));
        Ok(WideColumns {
            object,
            lines,
            priors,
            unread: unread.map(|column| header.names[column].clone()).collect(),
        })
    }

    /// The columns that match the pattern of fluxes and name a line: column, its line's text, the line.
    fn named<'h>(&self, header: &'h Header) -> Vec<(usize, &'h str, Name)> {
        let (before, after) = self.flux.split_once(LINE).unwrap_or((&self.flux, ""));
        let names = header.names.iter().enumerate();
        let named = names.filter_map(|(column, name)| {
            let text = between(name, before, after)?;
            Some((column, text, text.parse::<Name>().ok()?))
        });
        named.collect()
    }

    fn object(&self, header: &Header) -> Result<Option<Vec<Part>>> {
        let (names, required) = &self.objects;
        for name in names {
            match parts(name, header) {
                Ok(parts) => return Ok(Some(parts)),
                Err(error) if *required => return Err(error),
                Err(_) => {}
            }
        }
        Ok(None)
    }
}

/// The members that the settings give the column's name or its label, else those that the name stands for.
fn resolve(place: &Place, text: &str, name: &Name, others: &[Name]) -> Result<Resolved> {
    match place.settings.blends.contains_key(text) {
        true => place.with_members(Resolved {
            label: text.to_owned(),
            members: Vec::new(),
        }),
        false => place.with_members(name.resolve(place.list, others)?),
    }
}

/// What stands between two texts, whatever their case.
fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let length = text.len().checked_sub(before.len() + after.len())?;
    let (start, middle, end) = (
        text.get(..before.len())?,
        text.get(before.len()..before.len() + length)?,
        text.get(before.len() + length..)?,
    );
    (start.eq_ignore_ascii_case(before) && end.eq_ignore_ascii_case(after) && !middle.is_empty()).then_some(middle)
}

/// An object's name, `"{ix}-{iy}"` or the name of a column, in parts.
fn parts(template: &str, header: &Header) -> Result<Vec<Part>> {
    let column = |name: &str| header.find_alike(name).ok_or_else(|| header.missing(name));
    if !template.contains('{') {
        return Ok(vec![Part::Column(column(template)?)]);
    }
    let mut parts = Vec::new();
    for piece in template.split_inclusive('}') {
        let (text, name) = piece.split_once('{').unwrap_or((piece, ""));
        if !text.is_empty() {
            parts.push(Part::Text(text.to_owned()));
        }
        if let Some(name) = name.strip_suffix('}') {
            parts.push(Part::Column(column(name)?));
        }
    }
    Ok(parts)
}

/// Refuses fluxes and errors in two units; a column without one is as the others are.
fn same_units(header: &Header, lines: &[LineColumns], spread: Spread) -> Result<()> {
    let errors = |line: &LineColumns| line.flux_err.filter(|_| spread == Spread::Sigma);
    let columns = lines.iter().flat_map(|line| [Some(line.flux), errors(line)]).flatten();
    let units = columns.filter_map(|column| Some((column, header.units.get(column)?.as_ref()?)));
    let mut first: Option<&String> = None;
    for (column, unit) in units.filter(|(_, unit)| !unit.is_empty()) {
        match first {
            None => first = Some(unit),
            Some(known) if known != unit => {
                return Err(Error::Units {
                    path: header.path.clone(),
                    column: header.names[column].clone(),
                    unit: unit.clone(),
                    first_unit: known.clone(),
                });
            }
            Some(_) => {}
        }
    }
    Ok(())
}
