//! One object as its rows come in: measurements, priors, and everything that is wrong with it.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::cell::{Cell, Place};
use super::priors::{PriorOverride, mean, sd};
use super::rules::{Rules, Spread};
use super::settings::Quantity;
use super::{Entry, Measurement, Object, Warning};
use crate::error::{Error, Result};
use crate::line::Resolved;

const FLUX: &str = "a finite flux";
const HBETA_FLUX: &str = "a flux > 0, by which all others are divided";
const HBETA_LIMIT: &str = "no limit for Hβ, by whose flux all others are divided";
const FLUX_ERR: &str = "a finite error ≥ 0";
const IVAR: &str = "a finite inverse variance > 0";
const EW: &str = "a finite equivalent width in Å, > 0 for emission";

/// An object in the making.
pub(crate) struct Builder {
    id: String,
    row: usize,
    /// Fluxes in the table's unit, Hβ's among them.
    measurements: Vec<Measurement>,
    /// Priors with the rows that gave mean and standard deviation.
    priors: BTreeMap<String, (PriorOverride, [usize; 2])>,
    reasons: Vec<Error>,
    warnings: Vec<Warning>,
    /// Whether a row could not be read, so that nobody knows which line it held.
    row_unread: bool,
    /// Whether Hβ, or another line, was given at all, be it unusable.
    hbeta_given: bool,
    other_given: bool,
}

/// The cells of one measurement.
pub(crate) struct Cells<'a> {
    /// Where the line is named.
    pub(crate) line: Cell<'a>,
    pub(crate) flux: Cell<'a>,
    /// None where the table has no errors and a fraction of the flux stands in for them.
    pub(crate) flux_err: Option<Cell<'a>>,
    pub(crate) ew: Option<Cell<'a>>,
    pub(crate) limit: Option<Cell<'a>>,
}

/// A flux in the table's unit, and where it stands.
pub(crate) struct Given<'a> {
    /// Where the line is named.
    pub(crate) line: Cell<'a>,
    /// Column of its error.
    pub(crate) error_column: &'a str,
    pub(crate) flux: f64,
    pub(crate) flux_err: f64,
    pub(crate) ew: Option<f64>,
    pub(crate) limit: bool,
}

impl Builder {
    /// Its name.
    #[cfg(test)]
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    pub(crate) fn new(id: &str, row: usize) -> Builder {
        Builder {
            id: id.to_owned(),
            row,
            measurements: Vec::new(),
            priors: BTreeMap::new(),
            reasons: Vec::new(),
            warnings: Vec::new(),
            row_unread: false,
            hbeta_given: false,
            other_given: false,
        }
    }

    /// Rejects the object.
    pub(crate) fn reject(&mut self, reason: Error) {
        self.reasons.push(reason);
    }

    /// Rejects the object for a row that cannot be read.
    pub(crate) fn reject_row(&mut self, reason: Error) {
        self.row_unread = true;
        self.reasons.push(reason);
    }

    /// Rejects the object for a row whose line is not known.
    pub(crate) fn reject_line(&mut self, reason: Error) {
        self.other_given = true;
        self.reasons.push(reason);
    }

    /// Says what deserves a look.
    pub(crate) fn warn(&mut self, warning: Warning) {
        self.warnings.push(warning);
    }

    /// Adds a measurement, unless flux and error are blank or the catalogue's sign for a line that was not measured.
    pub(crate) fn measure(&mut self, line: &Arc<Resolved>, cells: &Cells, place: &Place) {
        let blank = cells.flux.is_blank() && cells.flux_err.is_none_or(|cell| cell.is_blank());
        if blank
            || place
                .rules
                .is_missing(cells.flux.value, cells.flux_err.map(|cell| cell.value))
        {
            return;
        }
        let is_hbeta = self.note(line, place);
        let (flux, flux_err, ew, below) = self.values(cells, is_hbeta, place.rules);
        let limit = self.limit(cells, is_hbeta) || below;
        let (Some(flux), Some(flux_err)) = (flux, flux_err) else {
            self.unique(line, cells.line);
            return;
        };
        let given = Given {
            line: cells.line,
            error_column: cells.flux_err.map_or(cells.flux.column, |cell| cell.column),
            flux,
            flux_err,
            ew,
            limit,
        };
        self.push(line, &given, place);
    }

    /// Adds a flux that was read already.
    pub(crate) fn push(&mut self, line: &Arc<Resolved>, given: &Given, place: &Place) {
        let is_hbeta = self.note(line, place);
        if !self.unique(line, given.line) {
            return;
        }
        if is_hbeta && given.flux <= 0.0 {
            let value = given.flux.to_string();
            let cell = Cell {
                value: &value,
                ..given.line
            };
            self.reasons.push(cell.wrong(HBETA_FLUX));
            return;
        }
        if given.flux_err == 0.0 && !given.limit {
            self.warnings.push(Warning::ZeroError {
                object: self.id.clone(),
                row: given.line.row,
                column: given.error_column.to_owned(),
                label: line.label.clone(),
            });
        }
        self.measurements.push(Measurement {
            line: line.clone(),
            flux: given.flux,
            flux_err: given.flux_err,
            ew: given.ew,
            limit: given.limit,
            row: given.line.row,
            column: given.line.column.into(),
        });
    }

    /// Notes that a line was given, be it unusable; whether it is Hβ.
    fn note(&mut self, line: &Resolved, place: &Place) -> bool {
        let is_hbeta = line.members == [place.hbeta];
        match is_hbeta {
            true => self.hbeta_given = true,
            false => self.other_given = true,
        }
        is_hbeta
    }

    /// Whether no earlier row has the same line; one that has is a reason to reject the object.
    fn unique(&mut self, line: &Resolved, cell: Cell) -> bool {
        let same = |first: &&Measurement| same_lines(&first.line.members, &line.members);
        let Some(first) = self.measurements.iter().find(same) else {
            return true;
        };
        self.reasons.push(Error::DuplicateLine {
            path: cell.path.to_owned(),
            row: cell.row,
            column: cell.column.to_owned(),
            label: line.label.clone(),
            first: first.line.label.clone(),
            first_row: first.row,
        });
        false
    }

    /// Flux, error and equivalent width, none where blank or wrong, and whether the flux is said to lie below.
    fn values(
        &mut self,
        cells: &Cells,
        is_hbeta: bool,
        rules: &Rules,
    ) -> (Option<f64>, Option<f64>, Option<f64>, bool) {
        let below = cells.flux.value.starts_with('<');
        let number = Cell {
            value: cells.flux.value.trim_start_matches('<').trim_start(),
            ..cells.flux
        };
        let flux = match is_hbeta {
            true => number.number(HBETA_FLUX, |flux| flux > 0.0 && !below),
            false => number.number(FLUX, |_| true),
        };
        if number.is_blank() {
            let column = cells.flux_err.map_or("", |cell| cell.column);
            self.reasons
                .push(cells.flux.wrong(&format!("a flux, as `{column}` is given")));
        }
        let flux = self.keep(flux);
        let (flux_err, limit) = self.error(cells, flux, below, rules);
        let noise = flux.is_some_and(|flux| flux <= 0.0);
        let sign = if rules.ew_negative { -1.0 } else { 1.0 };
        let ew = match cells.ew {
            Some(cell) if rules.is_blank(cell.value) => Ok(None),
            Some(cell) => cell.number(EW, |ew| sign * ew > 0.0 || noise || !rules.strict_ew),
            None => Ok(None),
        };
        let ew = self.keep(ew).map(|ew| sign * ew).filter(|ew| *ew > 0.0);
        (flux, flux_err, ew, below || limit)
    }

    /// The standard error, and whether it is the catalogue's sign for an upper limit.
    fn error(&mut self, cells: &Cells, flux: Option<f64>, below: bool, rules: &Rules) -> (Option<f64>, bool) {
        let Some(cell) = cells.flux_err else {
            let error = flux.zip(rules.flux_error).map(|(flux, fraction)| fraction * flux.abs());
            return (error, false);
        };
        if cell.is_blank() && below {
            return (Some(0.0), true);
        }
        if cell.is_blank() {
            self.reasons
                .push(cell.wrong(&format!("an error, as `{}` is given", cells.flux.column)));
            return (None, false);
        }
        if rules.limit_error.is_some() && cell.value.parse().ok() == rules.limit_error {
            return (Some(0.0), true);
        }
        let read = match rules.spread {
            Spread::Ivar => cell.number(IVAR, |ivar| ivar > 0.0),
            Spread::Sigma | Spread::Fraction => cell.number(FLUX_ERR, |error| error >= 0.0),
        };
        let error = self.keep(read).map(|value| match rules.spread {
            Spread::Sigma => value,
            Spread::Ivar => value.sqrt().recip(),
            Spread::Fraction => value * flux.unwrap_or_default().abs(),
        });
        (error, false)
    }

    /// Whether the flux is an upper limit, which Hβ's cannot be.
    fn limit(&mut self, cells: &Cells, is_hbeta: bool) -> bool {
        let Some(cell) = cells.limit else { return false };
        let limit = match cell.truth() {
            Ok(true) if is_hbeta => Err(cell.wrong(HBETA_LIMIT)),
            limit => limit.map(Some),
        };
        self.keep(limit).unwrap_or_default()
    }

    /// The value, or none and one more reason to reject the object.
    fn keep<T>(&mut self, value: Result<Option<T>>) -> Option<T> {
        value.unwrap_or_else(|reason| {
            self.reasons.push(reason);
            None
        })
    }

    /// Takes a prior's mean or standard deviation, which must agree with what other rows of the object say.
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
            Some(first) => self.reasons.push(Error::PriorConflict {
                path: cell.path.to_owned(),
                row: cell.row,
                column: cell.column.to_owned(),
                value,
                first,
                first_row: *first_row,
            }),
        }
    }

    /// Takes the priors that the settings give all objects, beside what a column gives one.
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
            // A standard deviation belongs to a mean: an object without one keeps the model's prior.
            if mean.is_some() || own {
                let (prior, _) = self.priors.entry(parameter.clone()).or_default();
                prior.mean = prior.mean.or(mean);
                prior.sd = prior.sd.or(sd);
            }
        }
    }

    /// The object relative to its Hβ, or why it cannot be fitted, and what deserves a look.
    pub(crate) fn finish(mut self, place: &Place) -> (Entry, Vec<Warning>) {
        let (path, row, object) = (place.path.to_owned(), self.row, self.id.clone());
        if !self.hbeta_given && !self.row_unread {
            self.reasons.push(Error::NoHbeta {
                path: path.clone(),
                row,
                object: object.clone(),
            });
        }
        if self.hbeta_given && !self.other_given && !self.row_unread {
            self.reasons.push(Error::OnlyHbeta { path, row, object });
        }
        let hbeta = self
            .measurements
            .iter()
            .position(|measurement| measurement.line.members == [place.hbeta]);
        self.check_detected(hbeta, place);
        let (Some(hbeta), true) = (hbeta, self.reasons.is_empty()) else {
            return (
                Entry::Rejected {
                    id: self.id,
                    row,
                    reasons: self.reasons,
                    kept: Vec::new(),
                },
                self.warnings,
            );
        };
        let hbeta = self.measurements.remove(hbeta);
        for measurement in &mut self.measurements {
            measurement.flux /= hbeta.flux;
            measurement.flux_err /= hbeta.flux;
        }
        self.warn_of_shared_members();
        let priors = self
            .priors
            .into_iter()
            .map(|(parameter, (prior, _))| (parameter, prior))
            .collect();
        let object = Object {
            id: self.id,
            hbeta,
            measurements: self.measurements,
            priors,
            row,
            flags: Vec::new(),
            kept: Vec::new(),
        };
        (Entry::Fit(object), self.warnings)
    }

    /// An Hβ too faint for all else to be relative to is a reason to reject the object.
    fn check_detected(&mut self, hbeta: Option<usize>, place: &Place) {
        let least = place.rules.hbeta_snr;
        if let Some(hbeta) = hbeta.map(|index| &self.measurements[index])
            && hbeta.flux < least * hbeta.flux_err
        {
            self.reasons.push(Error::FaintHbeta {
                path: place.path.to_owned(),
                row: hbeta.row,
                object: self.id.clone(),
                snr: hbeta.flux / hbeta.flux_err,
                least,
            });
        }
    }

    fn warn_of_shared_members(&mut self) {
        for (index, second) in self.measurements.iter().enumerate() {
            for first in &self.measurements[..index] {
                let (a, b) = (&first.line.members, &second.line.members);
                if a.len() + b.len() > 2 && a.iter().any(|member| b.contains(member)) {
                    self.warnings.push(Warning::SharedMember {
                        object: self.id.clone(),
                        row: second.row,
                        label: second.line.label.clone(),
                        first: first.line.label.clone(),
                        first_row: first.row,
                    });
                }
            }
        }
    }
}

/// Whether two lists, each without repetition, name the same lines.
fn same_lines(a: &[usize], b: &[usize]) -> bool {
    a.len() == b.len() && a.iter().all(|member| b.contains(member))
}
