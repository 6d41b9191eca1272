//! What an object's measurements decide: its ions, whether absorption is fitted, which lines were detected.

use super::Builder;
use crate::error::{Error, Result};
use crate::flag::{Code, Flag};
use crate::line::{H_BETA, Ion};
use crate::problem::Recipe;
use crate::problem::lines;
use crate::problem::preset::Normalisation;
use crate::table::{Measurement, Object};

/// An Hβ error above this fraction earns a warning where ratios do not carry it.
const HBETA_ERROR: f64 = 0.05;
/// A line counts as detected, as a thermometer or densitometer, from this signal to noise on.
pub(super) const DETECTION: f64 = 3.0;

/// The lines that are used, in the order of their members so that the order of rows says nothing, Hβ last where it is one; and
/// the flags of the object's input and of the lines that are left out.
pub(super) fn used<'a>(recipe: &Recipe<'_>, object: &'a Object) -> Result<(Vec<&'a Measurement>, Vec<Flag>)> {
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
    if used.is_empty() {
        return Err(Error::NoUsableLine {
            object: object.id.clone(),
        });
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
    Ok((used, flags))
}

impl<'a> Builder<'a> {
    /// The ions of the lines used, hydrogen first.
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

    /// The ions whose recombination feeds the lines used.
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

    /// Largest k_H and k_He of a measurement's members.
    pub(super) fn absorption_factors(&self, measurement: &Measurement) -> (f64, f64) {
        let factors = self.labels(measurement).into_iter().map(lines::absorption);
        factors.fold((0.0, 0.0), |(h, he), (k_h, k_he)| {
            (f64::max(h, k_h), f64::max(he, k_he))
        })
    }

    /// True if underlying absorption is wanted: asked for, or by the adaptive preset.
    fn wants_absorption(&self) -> bool {
        let settings = &self.recipe.settings;
        settings.absorption.unwrap_or(settings.preset.adapts())
    }

    /// True if underlying absorption is fitted: wanted, and Hβ and another line that it touches have equivalent widths.
    pub(super) fn fits_absorption(&self) -> bool {
        let widths = |m: &&Measurement| m.ew.is_some() && self.absorption_factors(m) != (0.0, 0.0);
        self.wants_absorption() && self.object.hbeta.ew.is_some() && self.used.iter().any(widths)
    }

    /// True if a line goes without the correction for absorption that it needs, for want of an equivalent width.
    fn lacks_width(&self, measurement: &Measurement) -> bool {
        let touched = if self.absorption {
            self.absorption_factors(measurement) != (0.0, 0.0)
        } else {
            let most = |label| lines::MOST_ABSORBED.contains(&label);
            self.wants_absorption() && self.labels(measurement).into_iter().any(most)
        };
        touched && measurement.ew.is_none()
    }

    pub(super) fn flag_measurements(&mut self) {
        let hbeta = &self.object.hbeta;
        if self.recipe.normalisation() == Normalisation::Ratio && hbeta.flux_err > HBETA_ERROR * hbeta.flux {
            self.flags.push(Flag::about(Code::HbetaError, H_BETA));
        }
        for measurement in &self.used {
            let label = &measurement.line.label;
            // The noise of a limit is often not given, and an Hβ that is not listed has none.
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
    }

    /// The members of the lines that were detected.
    pub(super) fn detected(&self) -> Vec<Vec<&'a str>> {
        let seen = |m: &&&Measurement| !m.limit && m.flux > DETECTION * self.sigma(m);
        let detected = self.used.iter().filter(seen);
        detected.map(|m| self.labels(m)).collect()
    }

    /// The standard deviation of a line in the likelihood: its error, not below its floor, and in quadrature the largest
    /// uncertainty of its members' emissivities.
    pub(super) fn sigma(&self, measurement: &Measurement) -> f64 {
        let recipe = self.recipe;
        let members = &measurement.line.members;
        let floor = recipe.floors.of(members, recipe.set);
        let floored = measurement.flux_err.max(floor * measurement.flux.abs());
        let ions = members.iter().map(|&member| &recipe.set.list.lines[member].ion);
        let errors = ions.filter_map(|ion| recipe.emissivity_error.get(ion));
        let of_data = errors.fold(0.0, |most, &error| f64::max(most, error));
        floored.hypot(of_data * measurement.flux)
    }
}
