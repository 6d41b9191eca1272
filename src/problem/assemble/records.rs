//! Records of lines: flux, error and likelihood of each.

use super::Assembly;
use crate::error::{Error, ProblemError, Result};
use crate::flag::{Code, Flag};
use crate::model::code::Likelihood;
use crate::model::record::{LineRecord, NONE};
use crate::problem::ProblemLine;
use crate::problem::likelihood::Kind;
use crate::table::Measurement;

/// Bounds of fluxes and errors relative to Hβ. Inside them, their ratio and its square stay in the
/// range of single precision.
const LARGEST: f64 = 1e9;
const SMALLEST_SIGMA: f64 = 1e-15;

impl<'a> Assembly<'a> {
    pub(super) fn add_lines(&mut self) -> Result<()> {
        for measurement in self.used.clone() {
            self.add_line(measurement)?;
        }
        self.choose_references();
        Ok(())
    }

    fn add_line(&mut self, measurement: &Measurement) -> Result<()> {
        let is_hbeta = std::ptr::eq(measurement, &raw const self.object.hbeta);
        let flux = if is_hbeta { 1.0 } else { measurement.flux };
        let scale = if is_hbeta { self.object.hbeta.flux } else { 1.0 };
        let sigma = self.sigma(measurement) / scale;
        self.check_measurement(measurement, flux, sigma)?;
        let first_term = self.terms.len() as u32;
        let plain = self.add_terms(measurement)?;
        let recombination = self.add_recombination(measurement)?;
        self.plain_terms.push(plain);
        let row = self.row(measurement, first_term, flux, sigma);
        if self.recipe.settings.tables.likelihood.kind == Kind::LogGaussian && row.likelihood == Likelihood::Gaussian {
            self.flags.push(Flag::about(Code::LinearFlux, &measurement.line.label));
        }
        self.constant += row.ln_normalisation();
        self.rows.push(row);
        self.lines.push(ProblemLine {
            label: measurement.line.label.clone(),
            members: measurement.line.members.clone(),
            flux,
            flux_err: measurement.flux_err / scale,
            sigma,
            likelihood: row.likelihood.name(),
            f_lambda: self.f_lambda(measurement),
            recombination,
        });
        Ok(())
    }

    /// Reddening law f_λ of a line that is no blend.
    fn f_lambda(&self, measurement: &Measurement) -> Option<f64> {
        let [member] = measurement.line.members[..] else {
            return None;
        };
        let line = &self.recipe.set.list.lines[member];
        self.recipe.law.f_lambda(line.wavelength_air).ok()
    }

    /// Record of a line. Its terms are the last that were added.
    fn row(&self, measurement: &Measurement, first_term: u32, flux: f64, sigma: f64) -> LineRecord<f64> {
        let [absorption_h, absorption_he] = self.absorption_per_width(measurement);
        let likelihood = self.recipe.settings.tables.likelihood;
        LineRecord {
            first_term,
            terms: self.terms.len() as u32 - first_term,
            arm: self.arm(measurement).map_or(NONE, |slot| slot as u32),
            absorption_h,
            absorption_he,
            ..likelihood.record(flux, sigma, measurement.limit)
        }
    }

    /// Slot of the calibration of the arm that holds a line's members.
    fn arm(&self, measurement: &Measurement) -> Option<usize> {
        let inside = self.recipe.arm(&measurement.line.members)?;
        self.arms.iter().find(|(name, _)| name == inside).map(|(_, slot)| *slot)
    }

    /// Refuses a line without an error, or outside the range of single precision.
    fn check_measurement(&self, measurement: &Measurement, flux: f64, sigma: f64) -> Result<()> {
        let (object, line) = (self.object.id.clone(), measurement.line.label.clone());
        if sigma == 0.0 {
            return Err(Error::Problem(ProblemError::NoSigma { object, line }));
        }
        if !(flux.abs() <= LARGEST && (SMALLEST_SIGMA..=LARGEST).contains(&sigma)) {
            return Err(Error::Problem(ProblemError::FluxRange {
                object,
                line,
                flux,
                sigma,
            }));
        }
        Ok(())
    }
}
