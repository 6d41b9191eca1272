//! What an object's measurements decide: its ions, whether absorption is fitted, which lines were detected.

use super::Builder;
use crate::flag::{Code, Flag};
use crate::line::{H_BETA, Ion};
use crate::problem::lines;
use crate::problem::preset::Normalisation;
use crate::table::Measurement;

/// An Hβ error above this fraction earns a warning where ratios do not carry it.
const HBETA_ERROR: f64 = 0.05;
/// A line counts as detected, as a thermometer or densitometer, from this signal to noise on.
const DETECTION: f64 = 3.0;

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

    /// Whether underlying absorption is wanted: asked for, or by the adaptive preset.
    fn wants_absorption(&self) -> bool {
        let settings = &self.recipe.settings;
        settings.absorption.unwrap_or(settings.preset.adapts())
    }

    /// Whether underlying absorption is fitted: wanted, and Hβ and another line that it touches have equivalent widths.
    pub(super) fn fits_absorption(&self) -> bool {
        let widths = |m: &&Measurement| m.ew.is_some() && self.absorption_factors(m) != (0.0, 0.0);
        self.wants_absorption() && self.object.hbeta.ew.is_some() && self.used.iter().any(widths)
    }

    /// Whether a line goes without the correction for absorption that it needs, for want of an equivalent width.
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
            if measurement.flux_err == 0.0 {
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
        let detected = self.used.iter().filter(|m| m.flux > DETECTION * self.sigma(m));
        detected.map(|m| self.labels(m)).collect()
    }

    /// The standard deviation of a line in the likelihood.
    pub(super) fn sigma(&self, measurement: &Measurement) -> f64 {
        measurement
            .flux_err
            .max(self.recipe.settings.error_floor * measurement.flux.abs())
    }
}
