//! Numbers of a measurement from its cells: flux, error, equivalent width, upper limit.

use super::{Builder, Cells, HBETA_FLUX};
use crate::flag::Code;
use crate::table::cell::{Cell, Side};
use crate::table::rules::{Rules, Spread};

const FLUX: &str = "a finite flux";
const HBETA_LIMIT: &str = "no limit for Hβ, by whose flux all others are divided";
const LOWER_LIMIT: &str = "a flux or an upper limit: lower limits are not fitted";
const FLUX_ERR: &str = "a finite error ≥ 0; a sign for missing or for limits is set by `missing` or `limit_error`";
const KNOWN_ERROR: &str = "an error > 0, as 0 says here that the error is not known; `flux_error` gives a fraction";
const IVAR: &str = "a finite inverse variance > 0";
const EW: &str = "a finite equivalent width in Å, > 0 for emission";

impl Builder {
    /// Flux, error and equivalent width, none where absent or wrong, and whether the flux is an
    /// upper limit.
    pub(super) fn values(
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

    /// Tells whether the flux is an upper limit: by a sign in its cell, a column of limits, or the
    /// error that marks one. Hβ cannot be a limit.
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

    /// Standard error of the flux; 0 for a limit without one.
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
}
