//! Wide catalogues by a pattern of column names, `{line}_flux`.

use super::Settings;
use super::cell::{Cell, Place};
use super::header::{Header, KeptColumns, OBJECT, PriorColumn};
use super::names::{LineNames, Meaning};
use super::naming::{Naming, Part, parts};
use super::rules::Spread;
use super::settings::{Format, LINE};
use super::surveys::Survey;
use crate::error::{Error, LineError, Result, TableError};
use crate::line::{self, Label};

/// Columns that a wide table without a pattern may have.
const EXPECTED: &str = "object, a line's name, <name>_err, <name>_ew, <name>_limit, l_<name>, prior_<parameter>, prior_<parameter>_sd, or a pattern such as flux = \"{line}_flux\" under [catalogue.columns], which `nebulium init` guesses";

/// A pattern from the settings, completed by a survey or by labels.
pub(crate) struct Pattern {
    flux: String,
    error: String,
    error_other: Option<String>,
    ew: Option<String>,
    limit: Option<String>,
    /// Templates for the object's name; the first whose columns all exist is taken.
    objects: Vec<String>,
    naming: Naming,
    /// True if every column must be known, as where columns are labels.
    strict: bool,
}

/// Columns of the wide form.
pub(crate) struct WideColumns {
    /// Name of the object; none where no column has it.
    pub(crate) object: Option<Vec<Part>>,
    pub(crate) naming: Naming,
    pub(crate) lines: Vec<LineColumns>,
    pub(crate) priors: Vec<PriorColumn>,
    pub(crate) kept: KeptColumns,
    /// Columns that are not read.
    pub(crate) unread: Vec<usize>,
}

/// The columns of one line in the wide form.
pub(crate) struct LineColumns {
    pub(crate) meaning: Meaning,
    pub(crate) flux: usize,
    /// None where a fraction of the flux stands in for it.
    pub(crate) flux_err: Option<usize>,
    pub(crate) error_other: Option<usize>,
    pub(crate) ew: Option<usize>,
    pub(crate) limit: Option<usize>,
}

impl LineColumns {
    /// Indices of the columns that are read.
    pub(crate) fn read(&self) -> impl Iterator<Item = usize> {
        let optional = [self.flux_err, self.error_other, self.ew, self.limit];
        std::iter::once(self.flux).chain(optional.into_iter().flatten())
    }
}

impl WideColumns {
    /// Indices of the columns that are read.
    pub(crate) fn read(&self) -> impl Iterator<Item = usize> {
        let object = self.object.iter().flatten().filter_map(|part| match part {
            Part::Column(column) => Some(*column),
            Part::Text(_) | Part::Row => None,
        });
        let lines = self.lines.iter().flat_map(LineColumns::read);
        let priors = self.priors.iter().map(|prior| prior.index);
        lines.chain(object).chain(priors).chain(self.kept.indices())
    }
}

/// Pattern of a wide catalogue in a format. Without a pattern each line's label is a column.
pub(crate) fn of(format: Format, settings: &Settings) -> Pattern {
    let names = &settings.columns;
    let survey = Survey::of(format);
    let own = names.flux.as_ref().filter(|flux| flux.contains(LINE));
    let error = names.ivar.clone().or_else(|| names.error.clone());
    let (objects, naming) = match (&names.object, survey) {
        (Some(object), _) => (vec![object.clone()], Naming::Column),
        (None, Some(survey)) => (
            survey.objects.iter().map(|&name| name.to_owned()).collect(),
            Naming::Number,
        ),
        (None, None) => (vec![OBJECT.to_owned()], Naming::File),
    };
    let known = |part: fn(&Survey) -> &'static str, label: &str| survey.map_or(label, part).to_owned();
    let by_label = survey.is_none() && own.is_none();
    Pattern {
        flux: own.cloned().unwrap_or_else(|| known(|survey| survey.flux, LINE)),
        error: error.unwrap_or_else(|| match own {
            Some(flux) => format!("{flux}_err"),
            None => known(|survey| survey.error, "{line}_err"),
        }),
        error_other: names.error_other.clone(),
        ew: names.ew.clone().or_else(|| match survey {
            Some(survey) => survey.ew.map(str::to_owned),
            None => by_label.then(|| "{line}_ew".to_owned()),
        }),
        limit: names.limit.clone(),
        objects,
        naming,
        strict: by_label,
    }
}

impl Pattern {
    /// Columns of a table, each line found by its name.
    ///
    /// # Errors
    /// A line without a column of errors, a line name with several meanings, no line at all, no
    /// column for the object's name, fluxes in two units; an unknown column where columns are
    /// labels.
    pub(crate) fn columns(&self, header: &Header, place: &Place) -> Result<WideColumns> {
        let (object, naming) = self.object(header)?;
        let mut columns = WideColumns {
            object,
            naming,
            lines: Vec::new(),
            priors: header.priors(&place.settings.columns)?,
            kept: header.kept(place.settings)?,
            unread: Vec::new(),
        };
        columns.lines = self.lines(header, &columns, place)?;
        if columns.lines.is_empty() {
            return Err(self.no_line(header, &columns, place));
        }
        same_units(header, &columns.lines, place.rules.spread)?;
        columns.unread = header.left(columns.read(), place.settings);
        match self.strict && !columns.unread.is_empty() {
            true => Err(self.unknown(header, &columns.unread)),
            false => Ok(columns),
        }
    }

    /// Columns that match the pattern of fluxes and name a line.
    fn lines(&self, header: &Header, known: &WideColumns, place: &Place) -> Result<Vec<LineColumns>> {
        let known: Vec<usize> = known.read().collect();
        let free = header.left(known, place.settings);
        let (before, after) = self.flux.split_once(LINE).unwrap_or((&self.flux, ""));
        let texts = free
            .into_iter()
            .filter_map(|column| Some((column, between(&header.names[column], before, after)?)));
        let names = LineNames::new(place, []);
        let unclear = |text: &str| names.read(text, "").is_err_and(|error| error.is_unclear());
        let is_line = |text: &str, column: usize| {
            let mapped = names.is_mapped(text) || names.is_mapped(&header.names[column]);
            mapped || line::is_name(text) || unclear(text)
        };
        let texts: Vec<(usize, &str)> = texts.filter(|(column, text)| is_line(text, *column)).collect();
        let asked = |column: usize, text: &'_ str| match names.is_mapped(&header.names[column]) {
            true => header.names[column].clone(),
            false => text.to_owned(),
        };
        let asked: Vec<(usize, &str, String)> = texts
            .iter()
            .map(|&(column, text)| (column, text, asked(column, text)))
            .collect();
        let names = LineNames::new(place, asked.iter().map(|(.., name)| name.as_str()));
        let (mut lines, mut ions) = (Vec::new(), Vec::new());
        for (column, text, name) in &asked {
            let at = || place.cell(header.row, &header.names[*column], name);
            let meaning = match names.read(name, "") {
                Ok(meaning) => meaning,
                // A survey's table may have lines that nebulium lacks. A label must name a line.
                Err(LineError::LineName { .. }) => continue,
                Err(error) if !self.strict && !error.is_unclear() => continue,
                Err(source @ LineError::SeveralLines { .. }) => {
                    ions.push((at(), source));
                    continue;
                }
                Err(source) => return Err(at().label(source)),
            };
            lines.push(self.line(header, *column, text, meaning, place)?);
        }
        match ions.is_empty() {
            true => Ok(lines),
            false => Err(several(header, ions)),
        }
    }

    /// Columns of the line with the name `text` and the flux in the column `flux`.
    fn line(&self, header: &Header, flux: usize, text: &str, meaning: Meaning, place: &Place) -> Result<LineColumns> {
        let of = |pattern: &Option<String>| {
            pattern
                .as_ref()
                .and_then(|pattern| header.find(&pattern.replace(LINE, text)))
        };
        let error = self.error.replace(LINE, text);
        let flux_err = match (header.find(&error), &meaning, place.rules.flux_error) {
            (None, Meaning::Lines(..), None) => return Err(header.missing(&error)),
            (found, ..) => found,
        };
        let name = &header.names[flux];
        let limit = of(&self.limit).or_else(|| {
            // In a survey such a name may hold a flux: `HBETA_FLUX_LIMIT` of FastSpecFit.
            let beside = self.strict.then(|| format!("{name}_limit"));
            let usual = [Some(format!("l_{name}")), beside];
            usual.iter().flatten().find_map(|column| header.find(column))
        });
        Ok(LineColumns {
            meaning,
            flux,
            flux_err,
            error_other: of(&self.error_other),
            ew: of(&self.ew),
            limit,
        })
    }

    /// Error for a table without a line, or without any known column.
    fn no_line(&self, header: &Header, columns: &WideColumns, place: &Place) -> Error {
        let left = header.left(columns.read(), place.settings);
        match self.strict && !left.is_empty() {
            true => self.unknown(header, &left),
            false => header.missing(&self.flux),
        }
    }

    /// Error that names the unknown columns, first those of errors and widths without their line.
    fn unknown(&self, header: &Header, left: &[usize]) -> Error {
        let is_beside = |name: &str| {
            ["_err", "_ew"]
                .iter()
                .any(|end| name.strip_suffix(end).is_some_and(line::is_name))
        };
        let label = |name: &str| name.parse::<Label>().is_ok();
        let stray: Vec<usize> = left
            .iter()
            .copied()
            .filter(|&column| is_beside(&header.names[column]))
            .collect();
        match stray.len() == left.len() && !left.iter().any(|&column| label(&header.names[column])) {
            true => header.unknown(left, "a column with the line's flux beside it"),
            false => header.unknown(left, EXPECTED),
        }
    }

    fn object(&self, header: &Header) -> Result<(Option<Vec<Part>>, Naming)> {
        for name in &self.objects {
            match parts(name, header) {
                Ok(parts) => return Ok((Some(parts), Naming::Column)),
                Err(error) if self.naming == Naming::Column => return Err(error),
                Err(_) => {}
            }
        }
        Ok((None, self.naming))
    }
}

/// Error for columns whose names are ions without a wavelength.
fn several(header: &Header, mut columns: Vec<(Cell, LineError)>) -> Error {
    if let [(..)] = columns[..] {
        let (cell, source) = columns.remove(0);
        return cell.label(source);
    }
    let pair = |error: &LineError| match error {
        LineError::SeveralLines { name, example, .. } => Some(format!("{name:?} = {example:?}")),
        _ => None,
    };
    Error::Table(TableError::SeveralLinesEach {
        path: header.path.clone(),
        row: header.row,
        lines: columns.iter().filter_map(|(_, error)| pair(error)).collect(),
    })
}

/// Part of a text between two other texts; case does not matter.
fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let length = text.len().checked_sub(before.len() + after.len())?;
    let (start, middle, end) = (
        text.get(..before.len())?,
        text.get(before.len()..before.len() + length)?,
        text.get(before.len() + length..)?,
    );
    (start.eq_ignore_ascii_case(before) && end.eq_ignore_ascii_case(after) && !middle.is_empty()).then_some(middle)
}

/// Refuses fluxes and errors in two units. A column without a unit has that of the others.
fn same_units(header: &Header, lines: &[LineColumns], spread: Spread) -> Result<()> {
    let errors = |line: &LineColumns| line.flux_err.filter(|_| spread == Spread::Sigma);
    let columns = lines.iter().flat_map(|line| [Some(line.flux), errors(line)]).flatten();
    let units = columns.filter_map(|column| Some((column, header.units.get(column)?.as_ref()?)));
    let mut first: Option<&String> = None;
    for (column, unit) in units.filter(|(_, unit)| !unit.is_empty()) {
        match first {
            None => first = Some(unit),
            Some(known) if known != unit => {
                return Err(Error::Table(TableError::Units {
                    path: header.path.clone(),
                    column: header.names[column].clone(),
                    unit: unit.clone(),
                    first_unit: known.clone(),
                }));
            }
            Some(_) => {}
        }
    }
    Ok(())
}
