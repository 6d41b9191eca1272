//! Lines, their terms, and each ion's reference line.

use std::collections::BTreeMap;

use super::Builder;
use crate::error::{Error, Result};
use crate::problem::preset::Normalisation;
use crate::problem::{ProblemLine, likelihood, lines};
use crate::shared::layout::{GAUSSIAN, LineRecord, NONE, Term, UNITY};
use crate::table::Measurement;

const LN_10: f64 = std::f64::consts::LN_10;

/// Fluxes and errors relative to Hβ are at most this, and errors at least that: their ratio and its square stay inside single
/// precision.
const LARGEST: f64 = 1e9;
const SMALLEST_SIGMA: f64 = 1e-15;

impl<'a> Builder<'a> {
    pub(super) fn add_lines(&mut self) -> Result<()> {
        let hbeta_ew = if self.recipe.normalisation() == Normalisation::Ratio {
            self.object.hbeta.ew
        } else {
            None
        };
        for measurement in self.used.clone() {
            let is_hbeta = std::ptr::eq(measurement, &raw const self.object.hbeta);
            let flux = if is_hbeta { 1.0 } else { measurement.flux };
            let scale = if is_hbeta { self.object.hbeta.flux } else { 1.0 };
            let sigma = self.sigma(measurement) / scale;
            self.check_measurement(measurement, flux, sigma)?;
            let first_term = self.terms.len() as u32;
            self.add_terms(measurement)?;
            let (k_h, k_he) = self.absorption_factors(measurement);
            let per_ew = |k: f64| measurement.ew.filter(|_| self.absorption).map_or(0.0, |ew| k / ew);
            self.rows.push(LineRecord {
                first_term,
                terms: self.terms.len() as u32 - first_term,
                likelihood: GAUSSIAN,
                arm: NONE,
                flux,
                inverse_sigma: 1.0 / sigma,
                absorption_h: per_ew(k_h),
                absorption_he: per_ew(k_he),
                absorption_hbeta: hbeta_ew.filter(|_| self.absorption).map_or(0.0, |ew| 1.0 / ew),
            });
            self.constant += -0.5 * (2.0 * std::f64::consts::PI).ln() - sigma.ln();
            self.lines.push(ProblemLine {
                label: measurement.line.label.clone(),
                members: measurement.line.members.clone(),
                flux,
                flux_err: measurement.flux_err / scale,
                sigma,
                likelihood: likelihood::name(GAUSSIAN),
            });
        }
        self.choose_references();
        Ok(())
    }

    /// Refuses a line without an error, or beyond what single precision can hold.
    fn check_measurement(&self, measurement: &Measurement, flux: f64, sigma: f64) -> Result<()> {
        let (object, line) = (self.object.id.clone(), measurement.line.label.clone());
        if sigma == 0.0 {
            return Err(Error::NoSigma { object, line });
        }
        if !(flux.abs() <= LARGEST && (SMALLEST_SIGMA..=LARGEST).contains(&sigma)) {
            return Err(Error::FluxRange {
                object,
                line,
                flux,
                sigma,
            });
        }
        Ok(())
    }

    /// One term a member, the members of one ion together.
    fn add_terms(&mut self, measurement: &Measurement) -> Result<()> {
        let set = self.recipe.set;
        let mut members = measurement.line.members.clone();
        members.sort_by_key(|&member| (set.list.lines[member].ion, member));
        for member in members {
            let line = &set.list.lines[member];
            let f_lambda = self.recipe.f_lambda[member].ok_or_else(|| Error::LineOutsideLaw {
                object: self.object.id.clone(),
                line: measurement.line.label.clone(),
                wavelength: line.wavelength_air,
                law: self.recipe.law.name().to_owned(),
            })?;
            let [tau_a, tau_b0, tau_b1, tau_b2] = lines::optical_depth(&line.label);
            let ion = self
                .ions
                .binary_search(&line.ion)
                .expect("every member's ion is in the object's model");
            self.terms.push(Term {
                ion: ion as u32,
                times: NONE,
                over: NONE,
                zone: self.records[ion].zone,
                table: 1 + member as u32,
                collisional: 0,
                constant: set.reference[1 + member],
                k2: 0.0,
                k3: 0.0,
                k4: 0.0,
                law_a: 0.0,
                law_b: LN_10 * (1.0 + f_lambda),
                tau_a,
                tau_b0,
                tau_b1,
                tau_b2,
            });
        }
        Ok(())
    }

    /// Each ion's reference is its brightest line, blends with other ions only where it has no other; `base` is the constant of
    /// the first term there and is taken out of all its terms.
    fn choose_references(&mut self) {
        let mut best: BTreeMap<u32, ((bool, f64), usize)> = BTreeMap::new();
        for (l, row) in self.rows.iter().enumerate() {
            let terms = &self.terms[row.first_term as usize..(row.first_term + row.terms) as usize];
            let pure = terms.iter().all(|term| term.ion == terms[0].ion);
            for term in terms {
                let rank = (pure, row.flux);
                let entry = best.entry(term.ion).or_insert((rank, l));
                if rank > entry.0 {
                    *entry = (rank, l);
                }
            }
        }
        for (ion, (_, l)) in best {
            let record = &mut self.records[ion as usize];
            let row = &self.rows[l];
            let range = row.first_term..row.first_term + row.terms;
            let own: Vec<u32> = range.filter(|&k| self.terms[k as usize].ion == ion).collect();
            record.reference_line = l as u32;
            record.first_reference = own[0];
            record.references = own.len() as u32;
            if record.kind != UNITY {
                record.base = self.terms[own[0] as usize].constant;
                record.location += record.base;
                for term in self.terms.iter_mut().filter(|term| term.ion == ion) {
                    term.constant -= record.base;
                }
            }
        }
    }
}
