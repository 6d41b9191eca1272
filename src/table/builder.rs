//! One object as its rows come in: measurements, priors, and everything that is wrong with it.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::cell::{Cell, Place};
use super::priors::{PriorOverride, mean, sd};
use super::{Entry, Measurement, Object, Warning};
use crate::error::{Error, Result};
use crate::line::Resolved;

const FLUX: &str = "a finite flux";
const HBETA_FLUX: &str = "a flux > 0, by which all others are divided";
const HBETA_LIMIT: &str = "no limit for Hβ, by whose flux all others are divided";
const FLUX_ERR: &str = "a finite error ≥ 0";
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
    pub(crate) flux_err: Cell<'a>,
    pub(crate) ew: Option<Cell<'a>>,
    pub(crate) limit: Option<Cell<'a>>,
}

impl Builder {
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

    /// Adds a measurement, unless flux and error are blank.
    pub(crate) fn measure(&mut self, line: &Arc<Resolved>, cells: &Cells, place: &Place) {
        if cells.flux.is_blank() && cells.flux_err.is_blank() {
            return;
        }
        let is_hbeta = line.members == [place.hbeta];
        match is_hbeta {
            true => self.hbeta_given = true,
            false => self.other_given = true,
        }
        let (flux, flux_err, ew) = self.values(cells, is_hbeta);
        let limit = self.limit(cells, is_hbeta);
        if let Some(first) = self
            .measurements
            .iter()
            .find(|first| same_lines(&first.line.members, &line.members))
        {
            self.reasons.push(Error::DuplicateLine {
                path: place.path.to_owned(),
                row: cells.line.row,
                column: cells.line.column.to_owned(),
                label: line.label.clone(),
                first: first.line.label.clone(),
                first_row: first.row,
            });
        } else if let (Some(flux), Some(flux_err)) = (flux, flux_err) {
            if flux_err == 0.0 {
                let (object, column) = (self.id.clone(), cells.flux_err.column.to_owned());
                let label = line.label.clone();
                self.warnings.push(Warning::ZeroError {
                    object,
                    row: cells.line.row,
                    column,
                    label,
                });
            }
            self.measurements.push(Measurement {
                line: line.clone(),
                flux,
                flux_err,
                ew,
                limit,
                row: cells.line.row,
            });
        }
    }

    /// Flux, error and equivalent width, none where blank or wrong.
    fn values(&mut self, cells: &Cells, is_hbeta: bool) -> (Option<f64>, Option<f64>, Option<f64>) {
        let flux = match is_hbeta {
            true => cells.flux.number(HBETA_FLUX, |flux| flux > 0.0),
            false => cells.flux.number(FLUX, |_| true),
        };
        if cells.flux.is_blank() {
            self.reasons.push(
                cells
                    .flux
                    .wrong(&format!("a flux, as `{}` is given", cells.flux_err.column)),
            );
        }
        let flux = self.keep(flux);
        let flux_err = self.keep(cells.flux_err.number(FLUX_ERR, |error| error >= 0.0));
        if cells.flux_err.is_blank() {
            self.reasons.push(
                cells
                    .flux_err
                    .wrong(&format!("an error, as `{}` is given", cells.flux.column)),
            );
        }
        let noise = flux.is_some_and(|flux| flux <= 0.0);
        let ew = cells
            .ew
            .map_or(Ok(None), |cell| cell.number(EW, |ew| ew > 0.0 || noise));
        let ew = self.keep(ew).filter(|ew| *ew > 0.0);
        (flux, flux_err, ew)
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
        let (Some(hbeta), true) = (hbeta, self.reasons.is_empty()) else {
            return (
                Entry::Rejected {
                    id: self.id,
                    row,
                    reasons: self.reasons,
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
        };
        (Entry::Fit(object), self.warnings)
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
