//! Two fits of the same objects side by side: the shift of each posterior mean in standard
//! deviations of the first fit.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::aligned;
use crate::fit::Outcome;
use crate::problem::parameter_order;
use crate::summary::{ParameterSummary, Status};
use crate::text::echoed;

/// Columns of the table of shifts.
const COLUMNS: &str = "object,parameter,mean_a,sd_a,mean_b,sd_b,shift_sd,mcse_sd,status_a,status_b\n";

/// Part of one fit of one object that is kept.
#[derive(Clone, Debug)]
pub struct Fitted {
    id: String,
    /// Status of the object.
    pub status: Status,
    parameters: Vec<ParameterSummary>,
}

/// One parameter of one object in both fits.
#[derive(Clone, Debug)]
struct Shift<'a> {
    object: &'a str,
    status: [Status; 2],
    /// Summaries in the first fit and in the second.
    of: [&'a ParameterSummary; 2],
}

impl Fitted {
    /// Part of an outcome that is kept; no parameters if the object was rejected.
    pub fn new(outcome: &Outcome) -> Fitted {
        Fitted {
            id: outcome.id.clone(),
            status: outcome.status,
            parameters: outcome
                .fitted
                .as_ref()
                .map(|fitted| fitted.summary.parameters.clone())
                .unwrap_or_default(),
        }
    }
}

impl Shift<'_> {
    /// Shift (mean_b − mean_a)/sd_a; NaN where the parameter is fixed.
    fn shift(&self) -> f64 {
        let [a, b] = self.of;
        (b.mean - a.mean) / a.sd
    }

    /// Monte Carlo error of the shift, in the same unit.
    fn error(&self) -> f64 {
        let mcse = self
            .of
            .map(|of| of.diagnostics.as_ref().map_or(f64::NAN, |known| known.mcse_mean));
        mcse[0].hypot(mcse[1]) / self.of[0].sd
    }
}

/// Parameters in both fits, object by object. Both fits list the objects of one catalogue in its
/// order.
fn shifts<'a>(a: &'a [Fitted], b: &'a [Fitted]) -> Vec<Shift<'a>> {
    let mut all = Vec::new();
    for (first, second) in a.iter().zip(b) {
        for of in &first.parameters {
            if let Some(other) = second.parameters.iter().find(|other| other.name == of.name) {
                all.push(Shift {
                    object: &first.id,
                    status: [first.status, second.status],
                    of: [of, other],
                });
            }
        }
    }
    all
}

/// Shifts as CSV, one row per object and parameter: `object`, `parameter`, mean and sd of either
/// fit in the unit of the parameter, `shift_sd` = (mean_b − mean_a)/sd_a, its Monte Carlo error,
/// and the status of either fit.
pub fn shifts_csv(a: &[Fitted], b: &[Fitted]) -> String {
    let mut text = COLUMNS.to_owned();
    for shift in shifts(a, b) {
        let ([first, second], [status_a, status_b]) = (shift.of, shift.status);
        let object = match shift.object.contains([',', '"']) {
            true => format!("\"{}\"", shift.object.replace('"', "\"\"")),
            false => shift.object.to_owned(),
        };
        writeln!(
            text,
            "{object},{},{},{},{},{},{},{},{},{}",
            first.name,
            first.mean,
            first.sd,
            second.mean,
            second.sd,
            shift.shift(),
            shift.error(),
            status_a.name(),
            status_b.name()
        )
        .expect("a string takes all");
    }
    text
}

/// Number of objects, median shift, largest shift and its object, for each parameter.
pub fn shifts_table(a: &[Fitted], b: &[Fitted]) -> String {
    let all = shifts(a, b);
    let mut by_name: BTreeMap<_, Vec<(f64, &str)>> = BTreeMap::new();
    for shift in all.iter().filter(|shift| shift.shift().is_finite()) {
        let name = shift.of[0].name.as_str();
        by_name
            .entry((parameter_order(name), name))
            .or_default()
            .push((shift.shift(), shift.object));
    }
    let header = ["parameter", "objects", "median", "largest", "of"];
    let mut rows = vec![header.map(String::from).to_vec()];
    for ((_, name), mut shifts) in by_name {
        shifts.sort_by(|x, y| x.0.total_cmp(&y.0));
        let middle = shifts.len() / 2;
        let median = match shifts.len() % 2 {
            0 => (shifts[middle - 1].0 + shifts[middle].0) / 2.0,
            _ => shifts[middle].0,
        };
        let largest = shifts.iter().copied().max_by(|x, y| x.0.abs().total_cmp(&y.0.abs()));
        let (largest, object) = largest.unwrap_or((f64::NAN, ""));
        rows.push(vec![
            name.to_owned(),
            shifts.len().to_string(),
            format!("{median:+.2}"),
            format!("{largest:+.2}"),
            echoed(object).into_owned(),
        ]);
    }
    aligned(&rows, 1)
}
