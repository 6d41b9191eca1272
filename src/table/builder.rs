//! One object as its rows come in: measurements, priors, and everything that is wrong with it.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::cell::{Cell, Place, Side};
use super::kept::Kept;
use super::priors::{PriorOverride, mean, sd};
use super::rules::{Rules, Spread};
use super::settings::Quantity;
use super::{Entry, Measurement, Object, Warning};
use crate::error::{Error, Result};
use crate::flag::{Code, Flag};
use crate::line::{H_BETA, Resolved};

const FLUX: &str = "a finite flux";
const HBETA_FLUX: &str = "a flux > 0, by which all others are divided";
const HBETA_LIMIT: &str = "no limit for Hβ, by whose flux all others are divided";
const LOWER_LIMIT: &str = "a flux or an upper limit: lower limits are not fitted";
const FLUX_ERR: &str = "a finite error ≥ 0; a sign for missing or for limits is set by `missing` or `limit_error`";
const KNOWN_ERROR: &str = "an error > 0, as 0 says here that the error is not known; `flux_error` gives a fraction";
const IVAR: &str = "a finite inverse variance > 0";
const EW: &str = "a finite equivalent width in Å, > 0 for emission";

/// Longest name of an object \[bytes\]: names are padded to the longest in ids.npy and in FITS.
const LONGEST_NAME: usize = 1024;
/// Lines from which on errors above most fluxes are doubted.
const DOUBTED: usize = 3;

/// An object in the making.
pub(crate) struct Builder {
    id: String,
    row: usize,
    /// Fluxes in the table's unit, Hβ's among them.
    measurements: Vec<Measurement>,
    /// Places of the measurements by their members in order.
    known: HashMap<Vec<usize>, usize>,
    /// Priors with the rows that gave mean and standard deviation.
    priors: BTreeMap<String, (PriorOverride, [usize; 2])>,
    reasons: Vec<Error>,
    warnings: Vec<Warning>,
    flags: Vec<Flag>,
    kept: Vec<Kept>,
    /// Whether a row could not be read, so that nobody knows which line it held.
    row_unread: bool,
    /// Whether Hβ, or another line, was given at all, be it unusable.
    hbeta_given: bool,
    other_given: bool,
}

/// The cells of one measurement.
pub(crate) struct Cells<'a> {
    /// The cell that names the line.
    pub(crate) line: Cell<'a>,
    pub(crate) flux: Cell<'a>,
    /// None where the table has no errors and a fraction of the flux stands in for them.
    pub(crate) flux_err: Option<Cell<'a>>,
    /// The error of the other side.
    pub(crate) error_other: Option<Cell<'a>>,
    pub(crate) ew: Option<Cell<'a>>,
    pub(crate) limit: Option<Cell<'a>>,
}

/// A flux in the table's unit, and where it stands.
pub(crate) struct Given<'a> {
    /// The cell that names the line.
    pub(crate) line: Cell<'a>,
    /// Column of its flux.
    pub(crate) column: &'a str,
    /// Column of its error.
    pub(crate) error_column: &'a str,
    pub(crate) flux: f64,
    pub(crate) flux_err: f64,
    pub(crate) ew: Option<f64>,
    pub(crate) limit: bool,
}

impl Builder {
    /// The object's name.
    pub(crate) fn name(&self) -> &str {
        &self.id
    }

    /// An object of this name, whose first row is `row`; a name of more than 1 kB rejects it.
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
            builder.reasons.push(Error::LongName {
                path: place.path.to_owned(),
                row,
                length: id.len(),
                limit: LONGEST_NAME,
            });
        }
        builder
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

    /// Takes the values of columns that are carried into the results; the first row that has one counts.
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

    /// Adds a measurement, unless the cells say that the line was not measured.
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

    /// Adds a flux that was read already, with the flag of a reading that is not literal.
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
        let Some(first) = self.known.get(&in_order(&line.members)) else {
            return true;
        };
        let first = &self.measurements[*first];
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

    /// Flux, error and equivalent width, none where absent or wrong, and whether the flux is an upper limit.
    fn values(
        &mut self,
        cells: &Cells,
        is_hbeta: bool,
        rules: &Rules,
    ) -> (Option<f64>, Option<f64>, Option<f64>, bool) {
        let (number, side) = cells.flux.side();
        let flux = match side {
            Side::Above => Err(cells.flux.wrong(LOWER_LIMIT)),
            Side::Below if number.is_absent() => Err(cells.flux.wrong("a flux after the sign of a limit")),
            Side::Below | Side::Both if is_hbeta => number.number(HBETA_FLUX, |flux| flux > 0.0),
            Side::Below | Side::Both => number.number(FLUX, |_| true),
        };
        let flux = self.keep(flux);
        let limit = self.limit(cells, side, is_hbeta, rules);
        let flux_err = self.error(cells, flux, limit, rules);
        let noise = limit || flux.is_some_and(|flux| flux <= 0.0);
        let sign = if rules.ew_negative { -1.0 } else { 1.0 };
        let ew = match cells.ew {
            Some(cell) if rules.is_blank(cell.value) => Ok(None),
            Some(cell) => cell.number(EW, |ew| sign * ew > 0.0 || noise || !rules.strict_ew),
            None => Ok(None),
        };
        let ew = self.keep(ew).map(|ew| sign * ew).filter(|ew| *ew > 0.0);
        (flux, flux_err, ew, limit)
    }

    /// Whether the flux is an upper limit: by a sign in its cell, a column of limits, or the error that marks one. Hβ
    /// cannot be one.
    fn limit(&mut self, cells: &Cells, side: Side, is_hbeta: bool, rules: &Rules) -> bool {
        let of_column = cells.limit.map_or(Ok(false), |cell| cell.truth());
        let of_column = self.keep(of_column.map(Some)).unwrap_or_default();
        let error = cells.flux_err.filter(|error| {
            let value = error.value();
            value.is_some_and(|value| rules.limit_error.is_some_and(|sign| sign.is(value)))
        });
        let said = match (side, cells.limit, error) {
            (Side::Below, ..) => Some(cells.flux),
            (_, Some(limit), _) if of_column => Some(limit),
            (_, _, error) => error,
        };
        if let Some(cell) = said.filter(|_| is_hbeta) {
            self.reasons.push(cell.wrong(HBETA_LIMIT));
        }
        said.is_some()
    }

    /// The standard error; of a limit 0 where none is given.
    fn error(&mut self, cells: &Cells, flux: Option<f64>, limit: bool, rules: &Rules) -> Option<f64> {
        let fraction = flux.zip(rules.flux_error).map(|(flux, fraction)| fraction * flux.abs());
        let Some(cell) = cells.flux_err else { return fraction };
        let given = cell.value();
        let unknown = cell.is_absent() || (rules.zero_is_unknown && given == Some(0.0));
        let is_sign = limit && given.is_some_and(|error| error < 0.0);
        if limit && (unknown || is_sign) {
            return Some(0.0);
        }
        if unknown {
            if fraction.is_none() {
                let expected = match cell.is_absent() {
                    true => format!("an error, as `{}` is given", cells.flux.column),
                    false => KNOWN_ERROR.to_owned(),
                };
                self.reasons.push(cell.wrong(&expected));
            }
            return fraction;
        }
        let number = |cell: &Cell| match rules.spread {
            Spread::Ivar => cell.number(IVAR, |ivar| ivar > 0.0),
            Spread::Sigma | Spread::Fraction | Spread::Percent => cell.number(FLUX_ERR, |error| error >= 0.0),
        };
        let own = self.keep(number(&cell))?;
        let other = cells.error_other.map_or(Ok(None), |cell| {
            // Lower errors are written with either sign.
            let unsigned = Cell {
                value: cell.value.trim_start_matches(['-', '\u{2212}']),
                ..cell
            };
            number(&unsigned)
        });
        let other = self.keep(other).unwrap_or(own);
        if other != own {
            self.flag(Code::AsymmetricError.into());
        }
        let flux = flux.unwrap_or_default();
        Some(rules.sigma(own, flux).max(rules.sigma(other, flux)))
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

    /// The object relative to its Hβ, or why it cannot be fitted, and the warnings of its rows.
    pub(crate) fn finish(mut self, place: &Place) -> (Entry, Vec<Warning>) {
        let hbeta_is_implied = self.imply_hbeta(place);
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
        let hbeta = self.known.get(&vec![place.hbeta]).copied();
        self.check_detected(hbeta, place);
        self.doubt_errors(hbeta, place);
        let (Some(hbeta), true) = (hbeta, self.reasons.is_empty()) else {
            let entry = Entry::Rejected {
                id: self.id,
                row,
                reasons: self.reasons,
                kept: self.kept,
            };
            return (entry, self.warnings);
        };
        self.flag_shared_members();
        let hbeta = self.measurements.remove(hbeta);
        for measurement in &mut self.measurements {
            measurement.flux /= hbeta.flux;
            measurement.flux_err /= hbeta.flux;
        }
        let priors = self.priors.into_iter();
        let object = Object {
            id: self.id,
            hbeta,
            hbeta_is_implied,
            measurements: self.measurements,
            priors: priors.map(|(parameter, (prior, _))| (parameter, prior)).collect(),
            row,
            flags: self.flags,
            kept: self.kept,
        };
        (Entry::Fit(object), self.warnings)
    }

    /// Adds the Hβ of a catalogue of ratios that does not list it; whether it did.
    fn imply_hbeta(&mut self, place: &Place) -> bool {
        let Some(flux) = place.rules.hbeta.filter(|_| !self.hbeta_given && self.other_given) else {
            return false;
        };
        let given = Given {
            line: place.cell(self.row, H_BETA, ""),
            column: "hbeta",
            error_column: "hbeta",
            flux,
            flux_err: 0.0,
            ew: None,
            limit: false,
        };
        let hbeta = Resolved {
            label: H_BETA.to_owned(),
            members: vec![place.hbeta],
        };
        self.hbeta_given = true;
        self.add(&Arc::new(hbeta), &given);
        true
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

    /// Doubts errors that exceed most fluxes: a reason to reject the object where they were taken for fractions or per
    /// cent and Hβ's is one of them, else a flag.
    fn doubt_errors(&mut self, hbeta: Option<usize>, place: &Place) {
        let measured = || self.measurements.iter().filter(|measurement| !measurement.limit);
        let exceeds = |measurement: &Measurement| measurement.flux_err > measurement.flux.abs();
        let (all, doubtful) = (measured().count(), measured().filter(|line| exceeds(line)).count());
        if all < DOUBTED || 2 * doubtful <= all {
            return;
        }
        let of_fluxes = matches!(place.rules.spread, Spread::Fraction | Spread::Percent);
        match hbeta.map(|index| &self.measurements[index]) {
            Some(hbeta) if of_fluxes && exceeds(hbeta) => self.reasons.push(Error::DoubtfulErrors {
                path: place.path.to_owned(),
                row: self.row,
                object: self.id.clone(),
                doubtful,
                all,
            }),
            _ => self.flag(Code::DoubtfulErrors.into()),
        }
    }

    /// Flags blends that are given beside one of their members.
    fn flag_shared_members(&mut self) {
        let mut of_member: HashMap<usize, usize> = HashMap::new();
        let mut found = Vec::new();
        for (index, measurement) in self.measurements.iter().enumerate() {
            for &member in &measurement.line.members {
                match of_member.get(&member) {
                    Some(&first) => found.push((first, index)),
                    None => drop(of_member.insert(member, index)),
                }
            }
        }
        found.sort_unstable();
        found.dedup();
        for (first, second) in found {
            let (first, second) = (&self.measurements[first], &self.measurements[second]);
            self.warnings.push(Warning::SharedMember {
                object: self.id.clone(),
                row: second.row,
                label: second.line.label.clone(),
                first: first.line.label.clone(),
                first_row: first.row,
            });
            let subject = format!("{}+{}", first.line.label, second.line.label);
            self.flags.push(Flag::about(Code::SharedLine, subject));
        }
    }
}

/// Members in order, whatever the order in which they were given.
fn in_order(members: &[usize]) -> Vec<usize> {
    let mut members = members.to_vec();
    members.sort_unstable();
    members
}
