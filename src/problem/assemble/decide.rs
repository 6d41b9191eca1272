//! Decisions from an object's measurements: its lines, its ions, and the fit of absorption.

use super::{Assembly, absorption};
use crate::error::{Error, ProblemError, Result};
use crate::flag::{Code, Flag};
use crate::line::{H_BETA, Ion};
use crate::problem::Recipe;
use crate::problem::preset::Normalisation;
use crate::table::{Measurement, Object};

/// Relative error of Hβ above which a warning is due where ratios leave that error out.
const HBETA_ERROR: f64 = 0.05;

/// Lines of the fit, and the flags of the decision.
pub(super) struct Used<'a> {
    /// Lines in the order of their members, so that the order of rows has no effect. Hβ is last
    /// where it is a line.
    pub lines: Vec<&'a Measurement>,
    /// True if underlying absorption is fitted.
    pub absorption: bool,
    /// Flags of the object's input and of the lines that are left out.
    pub flags: Vec<Flag>,
}

/// Decides which lines of an object are fitted.
pub(super) fn used<'a>(recipe: &Recipe<'_>, object: &'a Object) -> Result<Used<'a>> {
    let mut flags = object.flags.clone();
    let mut used: Vec<&Measurement> = Vec::new();
    for measurement in &object.measurements {
        let members = &measurement.line.members;
        if members.iter().any(|member| recipe.excluded.contains(member)) {
            continue;
        }
        if members.iter().all(|member| recipe.doubtful.contains(member)) {
            flags.push(Flag::about(Code::LeftOut, &measurement.line.label));
            continue;
        }
        used.push(measurement);
    }
    let absorption = absorption::is_fitted(recipe, object, &used);
    absorption::leave_out(recipe, absorption, &mut used, &mut flags);
    if used.is_empty() {
        return Err(Error::Problem(ProblemError::NoUsableLine {
            object: object.id.clone(),
        }));
    }
    used.sort_by_cached_key(|measurement| {
        let mut members = measurement.line.members.clone();
        members.sort_unstable();
        members
    });
    flags.sort();
    flags.dedup();
    if recipe.normalisation() == Normalisation::Free {
        used.push(&object.hbeta);
    }
    Ok(Used {
        lines: used,
        absorption,
        flags,
    })
}

impl<'a> Assembly<'a> {
    /// Ions of the fitted lines, hydrogen first.
    pub(super) fn ions_present(&self) -> Vec<Ion> {
        let list = &self.recipe.set.list.lines;
        let mut ions: Vec<Ion> = vec![Ion::H1];
        ions.extend(
            self.used
                .iter()
                .flat_map(|m| &m.line.members)
                .map(|&member| list[member].ion),
        );
        ions.sort_unstable();
        ions.dedup();
        ions
    }

    /// Ions whose recombination feeds the fitted lines.
    pub(super) fn recombining_ions(&self) -> Vec<Ion> {
        let labels = self.used.iter().flat_map(|m| self.labels(m));
        let feeds = labels.filter_map(|label| self.recipe.feed(label));
        feeds.map(|(feed, _)| feed.parent()).collect()
    }

    pub(super) fn labels(&self, measurement: &Measurement) -> Vec<&'a str> {
        let list = &self.recipe.set.list.lines;
        measurement
            .line
            .members
            .iter()
            .map(|&member| list[member].label.as_str())
            .collect()
    }

    pub(super) fn flag_measurements(&mut self) {
        let hbeta = &self.object.hbeta;
        if self.recipe.normalisation() == Normalisation::Ratio && hbeta.flux_err > HBETA_ERROR * hbeta.flux {
            self.flags.push(Flag::about(Code::HbetaError, H_BETA));
        }
        for measurement in &self.used {
            let label = &measurement.line.label;
            // The noise of a limit is often missing, and an Hβ outside the table has none.
            let is_implied = self.object.hbeta_is_implied && std::ptr::eq(*measurement, hbeta);
            if measurement.flux_err == 0.0 && !measurement.limit && !is_implied {
                self.flags.push(Flag::about(Code::ZeroError, label));
            }
            if self.lacks_width(measurement) {
                self.flags.push(Flag::about(Code::NoEw, label));
            }
        }
        if self.absorption {
            self.flags.push(Flag::from(Code::Absorption));
        }
        self.flag_hydrogen();
    }

    /// Standard deviation of a line in the likelihood: the error, not below the floor. The largest
    /// uncertainty of the members' emissivities and that of the absorption are added in quadrature.
    pub(super) fn sigma(&self, measurement: &Measurement) -> f64 {
        let recipe = self.recipe;
        let members = &measurement.line.members;
        let floor = recipe.floors.largest(members, recipe.set);
        let floored = measurement.flux_err.max(floor * measurement.flux.abs());
        let emissivity = recipe.emissivity_error.largest(members, recipe.set);
        let model = emissivity.hypot(self.absorption_error(measurement));
        floored.hypot(model * measurement.flux)
    }
}
