//! Terms of lines: one for each member, those of recombination, and each ion's reference line.

use std::collections::BTreeMap;

use super::Assembly;
use crate::emissivity::TauCoefficients;
use crate::error::{Error, ProblemError, Result};
use crate::flag::{Code, Flag};
use crate::line::Ion;
use crate::model::code::IonKind;
use crate::model::collisional;
use crate::model::record::{NONE, Term};
use crate::problem::Recombined;
use crate::problem::recombination::{self, Feed};
use crate::table::Measurement;

const LN_10: f64 = std::f64::consts::LN_10;

/// Adds the coefficients of an optical depth to `term`.
fn thickened(term: Term<f64>, coefficients: &TauCoefficients) -> Term<f64> {
    let [tau_p0, tau_p1, tau_p2, tau_p3, tau_p4] = coefficients.p;
    let [tau_q0, tau_q1, tau_q2, tau_q3, tau_q4] = coefficients.q;
    Term {
        thick: 1,
        tau_p0,
        tau_p1,
        tau_p2,
        tau_p3,
        tau_p4,
        tau_q0,
        tau_q1,
        tau_q2,
        tau_q3,
        tau_q4,
        tau_b: coefficients.b,
        ..term
    }
}

impl<'a> Assembly<'a> {
    /// Adds one term for each member, the members of one ion together. Returns their number.
    pub(super) fn add_terms(&mut self, measurement: &Measurement) -> Result<usize> {
        let list = &self.recipe.set.list.lines;
        let mut members = measurement.line.members.clone();
        members.sort_by_key(|&member| (list[member].ion, member));
        for &member in &members {
            let term = self.member_term(measurement, member)?;
            self.terms.push(term);
        }
        Ok(members.len())
    }

    fn member_term(&self, measurement: &Measurement, member: usize) -> Result<Term<f64>> {
        let line = &self.recipe.set.list.lines[member];
        let ion = self
            .ion_index(line.ion)
            .expect("every member's ion is in the object's model");
        let term = Term {
            ion: ion as u32,
            zone: self.records[ion].zone,
            collisional: collisional(line),
            ..self.reddened(measurement, member)?
        };
        let term = match self.recipe.set.f_tau.coefficients(&line.label) {
            Some(coefficients) => thickened(term, &coefficients),
            None => term,
        };
        let Some(coefficients) = &self.recipe.coefficients else {
            return Ok(Term {
                table: 1 + member as u32,
                shift: self.shift_row(member),
                constant: self.recipe.set.reference[1 + member],
                ..term
            });
        };
        let hbeta = line.ion == Ion::H1 && line.label == crate::line::H_BETA;
        let [k1, k2, k3, k4] = match coefficients.get(&member) {
            Some(k) => *k,
            None if hbeta => [0.0; 4],
            None => {
                return Err(Error::Problem(ProblemError::NoCoefficients {
                    object: self.object.id.clone(),
                    line: measurement.line.label.clone(),
                }));
            }
        };
        Ok(Term {
            constant: LN_10 * k1,
            k2: LN_10 * k2,
            k3,
            k4,
            ..term
        })
    }

    /// Row of the shift of a line of He I, where the shift is in the object's model.
    fn shift_row(&self, member: usize) -> u32 {
        let row = self.recipe.set.helium_shift.get(&member);
        row.filter(|_| self.shared.he1_shift != 0).copied().unwrap_or(NONE)
    }

    /// Term with the reddening of a line, and nothing else.
    fn reddened(&self, measurement: &Measurement, member: usize) -> Result<Term<f64>> {
        let [law_a, law_b] = self.recipe.reddening[member].ok_or_else(|| {
            Error::Problem(ProblemError::LineOutsideLaw {
                object: self.object.id.clone(),
                line: measurement.line.label.clone(),
                wavelength: self.recipe.set.list.lines[member].wavelength_air,
                law: self.recipe.law.name().to_owned(),
            })
        })?;
        Ok(Term {
            law_a,
            law_b,
            ..Term::EMPTY
        })
    }

    /// Index of an ion among the object's ions.
    fn ion_index(&self, ion: Ion) -> Option<usize> {
        self.ions.binary_search(&ion).ok()
    }

    /// Adds the terms of recombination after those of the line's members. Returns the zone and the
    /// range of temperatures of the last one.
    pub(super) fn add_recombination(&mut self, measurement: &Measurement) -> Result<Option<Recombined>> {
        let mut fed = None;
        for &member in &measurement.line.members {
            let label = &self.recipe.set.list.lines[member].label;
            let Some((feed, share)) = self.recipe.feed(label) else {
                continue;
            };
            let template = Term {
                zone: self.zone(feed.parent()),
                constant: (feed.coefficient * share).ln(),
                k3: feed.power,
                ..self.reddened(measurement, member)?
            };
            match self.parent_abundance(feed, template) {
                Some(terms) => {
                    self.terms.extend(terms);
                    fed = Some(Recombined {
                        zone: template.zone as usize,
                        range: feed.range,
                    });
                }
                None => {
                    let flag = Flag::about(Code::NoRecombination, &measurement.line.label);
                    if !self.flags.contains(&flag) {
                        self.flags.push(flag);
                    }
                }
            }
        }
        Ok(fed)
    }

    /// Terms of the abundance of the ion that recombines. None if one of its ions is outside the
    /// object's model.
    fn parent_abundance(&self, feed: &Feed, template: Term<f64>) -> Option<Vec<Term<f64>>> {
        let index = |name: &str| self.ion_index(recombination::ion(name)).map(|index| index as u32);
        let product = |(ion, ratio): &recombination::Product| {
            let (times, over) = match ratio {
                Some((times, over)) => (index(times)?, index(over)?),
                None => (NONE, NONE),
            };
            Some(Term {
                ion: index(ion)?,
                times,
                over,
                ..template
            })
        };
        feed.abundance.iter().map(product).collect()
    }

    /// Chooses each ion's reference line: the brightest line that is no limit. A blend with other
    /// ions is chosen only for an ion without another line. `base` is the first term of that line
    /// at 10⁴ K. It is taken out of every term of the ion's abundance.
    pub(super) fn choose_references(&mut self) {
        let mut best: BTreeMap<u32, ((bool, bool, f64), usize)> = BTreeMap::new();
        for (l, row) in self.rows.iter().enumerate() {
            let first = row.first_term as usize;
            let terms = &self.terms[first..first + self.plain_terms[l]];
            let pure = terms.iter().all(|term| term.ion == terms[0].ion);
            for term in terms {
                let rank = (!row.likelihood.is_limit(), pure, self.lines[l].flux);
                let entry = best.entry(term.ion).or_insert((rank, l));
                if rank > entry.0 {
                    *entry = (rank, l);
                }
            }
        }
        for (ion, (_, l)) in best {
            let first = self.rows[l].first_term;
            let range = first..first + self.plain_terms[l] as u32;
            let own: Vec<u32> = range.filter(|&k| self.terms[k as usize].ion == ion).collect();
            let record = &mut self.records[ion as usize];
            record.reference_line = l as u32;
            record.first_reference = own[0];
            record.references = own.len() as u32;
            if record.kind != IonKind::Unity {
                let term = &self.terms[own[0] as usize];
                record.base = term.constant + term.k2;
                record.location += record.base;
                self.measure_low_snr_ion(ion);
                self.subtract_base(ion, self.records[ion as usize].base);
            }
        }
    }

    /// Takes an ion's `base` out of the terms that the abundance multiplies, and adds it to the
    /// terms that the abundance divides.
    fn subtract_base(&mut self, ion: u32, base: f64) {
        for term in &mut self.terms {
            let times = f64::from(u8::from(term.ion == ion)) + f64::from(u8::from(term.times == ion));
            term.constant -= base * (times - f64::from(u8::from(term.over == ion)));
        }
    }
}
