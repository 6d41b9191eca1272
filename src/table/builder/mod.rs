//! One object, collected from its rows: measurements, priors, and all faults.

mod cells;
mod finish;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::cell::{Cell, Place, Side};
use super::kept::Kept;
use super::priors::{PriorOverride, mean, sd};
use super::settings::Quantity;
use super::{Measurement, Warning};
use crate::error::{CatalogueError, Error, Result};
use crate::flag::Flag;
use crate::line::Resolved;

const HBETA_FLUX: &str = "a flux > 0, by which all others are divided";

/// Longest name of an object \[bytes\]. Names are padded to the longest in ids.npy and in FITS.
const LONGEST_NAME: usize = 1024;

/// An unfinished object.
pub(crate) struct Builder {
    id: String,
    row: usize,
    /// Fluxes in the unit of the table, Hβ's included.
    measurements: Vec<Measurement>,
    /// Index of each measurement, by its sorted members.
    known: HashMap<Vec<usize>, usize>,
    /// Priors, with the rows of mean and standard deviation.
    priors: BTreeMap<String, (PriorOverride, [usize; 2])>,
    reasons: Vec<Error>,
    warnings: Vec<Warning>,
    flags: Vec<Flag>,
    kept: Vec<Kept>,
    /// True if a row could not be read, so that its line is unknown.
    row_unread: bool,
    /// True if Hβ, or another line, was given at all, even if unusable.
    hbeta_given: bool,
    other_given: bool,
}

/// The cells of one measurement.
pub(crate) struct Cells<'a> {
    /// Cell that names the line.
    pub(crate) line: Cell<'a>,
    pub(crate) flux: Cell<'a>,
    /// None where the table has no errors and a fraction of the flux replaces them.
    pub(crate) flux_err: Option<Cell<'a>>,
    /// Error of the other side.
    pub(crate) error_other: Option<Cell<'a>>,
    pub(crate) ew: Option<Cell<'a>>,
    pub(crate) limit: Option<Cell<'a>>,
}

/// A flux in the unit of the table, and its place.
pub(crate) struct Given<'a> {
    /// Cell that names the line.
    pub(crate) line: Cell<'a>,
    /// Column of the flux.
    pub(crate) column: &'a str,
    /// Column of the error.
    pub(crate) error_column: &'a str,
    pub(crate) flux: f64,
    pub(crate) flux_err: f64,
    pub(crate) ew: Option<f64>,
    pub(crate) limit: bool,
}

impl Builder {
    /// Name of the object.
    pub(crate) fn name(&self) -> &str {
        &self.id
    }

    /// An object with this name and its first row. A name of more than 1 kB rejects the object.
    pub(crate) fn new(id: &str, row: usize, place: &Place) -> Builder {
        let mut builder = Builder {
            id: id.to_owned(),
            row,
            measurements: Vec::new(),
            known: HashMap::new(),
            priors: BTreeMap::new(),
            reasons: Vec::new(),
            warnings: Vec::new(),
            flags: Vec::new(),
            kept: Vec::new(),
            row_unread: false,
            hbeta_given: false,
            other_given: false,
        };
        if id.len() > LONGEST_NAME {
            builder.id = id.chars().take(80).chain("…".chars()).collect();
            builder.reasons.push(Error::Catalogue(CatalogueError::LongName {
                path: place.path.to_owned(),
                row,
                length: id.len(),
                limit: LONGEST_NAME,
            }));
        }
        builder
    }

    /// Rejects the object.
    pub(crate) fn reject(&mut self, reason: Error) {
        self.reasons.push(reason);
    }

    /// Rejects the object because of a row that cannot be read.
    pub(crate) fn reject_row(&mut self, reason: Error) {
        self.row_unread = true;
        self.reasons.push(reason);
    }

    /// Rejects the object because of a row with an unknown line.
    pub(crate) fn reject_line(&mut self, reason: Error) {
        self.other_given = true;
        self.reasons.push(reason);
    }

    /// Adds a warning.
    pub(crate) fn warn(&mut self, warning: Warning) {
        self.warnings.push(warning);
    }

    /// Adds a flag of the input.
    pub(crate) fn flag(&mut self, flag: Flag) {
        if !self.flags.contains(&flag) {
            self.flags.push(flag);
        }
    }

    /// Takes the values of the columns that go into the results. The first row with a value counts.
    pub(crate) fn keep_columns(&mut self, values: Vec<Kept>) {
        if self.kept.is_empty() {
            self.kept = values;
            return;
        }
        for (known, value) in self.kept.iter_mut().zip(values) {
            if known.value.is_empty() {
                known.value = value.value;
            }
        }
    }

    /// Adds a measurement, unless the cells mark a line that was not measured.
    pub(crate) fn measure(&mut self, line: &Arc<Resolved>, said: Option<&Flag>, cells: &Cells, place: &Place) {
        let (flux, side) = cells.flux.side();
        let error = cells.flux_err.and_then(|cell| match cell.is_absent() {
            true => Some(f64::NAN),
            false => cell.value(),
        });
        let measured = flux.value().is_none_or(|flux| !place.rules.is_missing(flux, error));
        if !measured || (flux.is_absent() && side == Side::Both) {
            return;
        }
        let is_hbeta = self.note(line, place);
        let (flux, flux_err, ew, limit) = self.values(cells, is_hbeta, place.rules);
        let (Some(flux), Some(flux_err)) = (flux, flux_err) else {
            self.unique(line, cells.line);
            return;
        };
        let given = Given {
            line: cells.line,
            column: cells.flux.column,
            error_column: cells.flux_err.map_or(cells.flux.column, |cell| cell.column),
            flux,
            flux_err,
            ew,
            limit,
        };
        self.push(line, said, &given, place);
    }

    /// Adds a flux that was read already, with a flag if its name was not read literally.
    pub(crate) fn push(&mut self, line: &Arc<Resolved>, said: Option<&Flag>, given: &Given, place: &Place) {
        let is_hbeta = self.note(line, place);
        if !self.unique(line, given.line) {
            return;
        }
        if is_hbeta && given.flux <= 0.0 {
            let value = given.flux.to_string();
            let cell = Cell {
                value: &value,
                column: given.column,
                ..given.line
            };
            self.reasons.push(cell.wrong(HBETA_FLUX));
            return;
        }
        said.cloned().into_iter().for_each(|flag| self.flag(flag));
        if given.flux_err == 0.0 && !given.limit {
            self.warnings.push(Warning::ZeroError {
                object: self.id.clone(),
                row: given.line.row,
                column: given.error_column.to_owned(),
                label: line.label.clone(),
            });
        }
        self.add(line, given);
    }

    fn add(&mut self, line: &Arc<Resolved>, given: &Given) {
        self.known.insert(in_order(&line.members), self.measurements.len());
        self.measurements.push(Measurement {
            line: line.clone(),
            flux: given.flux,
            flux_err: given.flux_err,
            ew: given.ew,
            limit: given.limit,
            row: given.line.row,
            column: given.column.into(),
        });
    }

    /// Notes that a line was given, even if unusable. Returns whether the line is Hβ.
    fn note(&mut self, line: &Resolved, place: &Place) -> bool {
        let is_hbeta = line.members == [place.hbeta];
        match is_hbeta {
            true => self.hbeta_given = true,
            false => self.other_given = true,
        }
        is_hbeta
    }

    /// Tells whether no earlier row has the same line. An earlier row rejects the object.
    fn unique(&mut self, line: &Resolved, cell: Cell) -> bool {
        let Some(first) = self.known.get(&in_order(&line.members)) else {
            return true;
        };
        let first = &self.measurements[*first];
        self.reasons.push(Error::Catalogue(CatalogueError::DuplicateLine {
            path: cell.path.to_owned(),
            row: cell.row,
            column: cell.column.to_owned(),
            label: line.label.clone(),
            first: first.line.label.clone(),
            first_row: first.row,
        }));
        false
    }

    /// The value. An error becomes a reason to reject the object, and the value none.
    fn keep<T>(&mut self, value: Result<Option<T>>) -> Option<T> {
        value.unwrap_or_else(|reason| {
            self.reasons.push(reason);
            None
        })
    }

    /// Takes mean or standard deviation of a prior. It must agree with other rows of the object.
    pub(crate) fn prior(&mut self, parameter: &str, is_sd: bool, cell: Cell) {
        let value = if is_sd { sd(&cell) } else { mean(&cell) };
        let Some(value) = self.keep(value) else { return };
        let (prior, rows) = self.priors.entry(parameter.to_owned()).or_default();
        let (known, first_row) = match is_sd {
            true => (&mut prior.sd, &mut rows[1]),
            false => (&mut prior.mean, &mut rows[0]),
        };
        match *known {
            None => (*known, *first_row) = (Some(value), cell.row),
            Some(first) if first == value => {}
            Some(first) => self.reasons.push(Error::Catalogue(CatalogueError::PriorConflict {
                path: cell.path.to_owned(),
                row: cell.row,
                column: cell.column.to_owned(),
                value,
                first,
                first_row: *first_row,
            })),
        }
    }

    /// Takes the priors that the settings give to all objects, beside those of columns.
    pub(crate) fn constant_priors(&mut self, place: &Place) {
        for (parameter, names) in &place.settings.columns.priors {
            let number = |quantity: &Option<Quantity>| match quantity {
                Some(Quantity::Number(value)) => Some(*value),
                _ => None,
            };
            let (mean, sd) = (number(&names.mean), number(&names.sd));
            let own = self
                .priors
                .get(parameter)
                .is_some_and(|(prior, _)| prior.mean.is_some());
            // A standard deviation belongs to a mean. An object without a mean keeps the prior of
            // the model.
            if mean.is_some() || own {
                let (prior, _) = self.priors.entry(parameter.clone()).or_default();
                prior.mean = prior.mean.or(mean);
                prior.sd = prior.sd.or(sd);
            }
        }
    }
}

/// Sorted members.
fn in_order(members: &[usize]) -> Vec<usize> {
    let mut members = members.to_vec();
    members.sort_unstable();
    members
}
