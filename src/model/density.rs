//! The log density of one object and its gradient, line by line.

use num_traits::Float;

use super::object::ModelObject;
use super::pulls::Pulls;
use super::terms::{PARTIALS, Shared, TermPoint, ZonePoint, absorption};
use crate::emissivity::Grid;
use crate::shared::coordinate::{SlotValue, slot_value};
use crate::shared::layout::{FLUX, IonRecord, NONE, SLOT_LINEAR, SLOT_LOG10, Term};
use crate::shared::likelihood::line_likelihood;
use crate::shared::real;
use crate::shared::special::{bounded_exp, student_norm};
use crate::shared::wgsl::shared_constants;

shared_constants! {
    /// Metals are given as 12 + log₁₀(X/H).
    pub const ABUNDANCE_ZERO: f64 = 12.0;
}

/// An ion at one point: its abundance relative to its base, ln of it, and the partials of the r of a FLUX ion.
#[derive(Clone, Copy)]
pub(super) struct IonPoint<F> {
    abundance: F,
    ln_abundance: F,
    pub(super) r: [F; PARTIALS],
}

/// One object at one position, with the buffers that its evaluation needs.
///
/// The evaluation goes forward once (slots, zones, terms, ions); then each line's flux can be taken, and what pulls on it
/// spread back over ions, zones and slots to the coordinates.
pub struct Evaluator<'a, F> {
    pub(super) object: &'a ModelObject<F>,
    grid: &'a Grid<F>,
    pub(super) slots: Vec<SlotValue<F>>,
    zones: Vec<ZonePoint<F>>,
    pub(super) shared: Shared<F>,
    terms: Vec<TermPoint<F>>,
    pub(super) ions: Vec<IonPoint<F>>,
    pub(super) pulls: Pulls<F>,
}

impl<'a, F: Float> Evaluator<'a, F> {
    /// An evaluator of `object`, at no position yet.
    pub fn new(object: &'a ModelObject<F>, grid: &'a Grid<F>) -> Self {
        let zero = F::zero();
        Evaluator {
            object,
            grid,
            slots: Vec::with_capacity(object.slots.len()),
            zones: Vec::with_capacity(object.header.zones as usize),
            shared: Shared {
                tau: zero,
                c_hbeta: zero,
                a_h: zero,
                a_he: zero,
                ln_f_hbeta: zero,
                rv: zero,
                law_unit: F::one(),
                xi: zero,
                d_hbeta: [zero; 2],
                nu: zero,
                student: [zero; 2],
            },
            terms: vec![TermPoint::dark(); object.terms.len()],
            ions: Vec::with_capacity(object.ions.len()),
            pulls: Pulls::new(object),
        }
    }

    /// Moves to `position`: slots, zones, terms and ions are evaluated there.
    pub(super) fn forward(&mut self, position: &[F]) {
        let header = &self.object.header;
        self.slots.clear();
        for slot in &self.object.slots {
            let z = position.get(slot.coordinate as usize).copied().unwrap_or(F::zero());
            let earlier = |slot: u32| self.slots.get(slot as usize).map_or(F::zero(), |slot| slot.value);
            let value = slot_value(slot, z, earlier(slot.parent), earlier(slot.density));
            self.slots.push(value);
        }
        let value = |slot: u32| self.slots[slot as usize].value;
        self.shared = Shared {
            tau: value(header.tau),
            c_hbeta: value(header.c_hbeta),
            a_h: value(header.a_h),
            a_he: value(header.a_he),
            ln_f_hbeta: value(header.ln_f_hbeta),
            rv: value(header.rv),
            law_unit: F::one() / (header.law_a_hbeta * value(header.rv) + header.law_b_hbeta),
            xi: value(header.xi),
            d_hbeta: [F::zero(); 2],
            nu: value(header.nu),
            student: [F::zero(); 2],
        };
        self.zones.clear();
        for zone in 0..header.zones as usize {
            let (t, n) = header.zone(zone);
            self.zones
                .push(ZonePoint::new(self.grid, self.slots[t].value, self.slots[n].value));
        }
        if self.shared.xi != F::zero() {
            self.shared.excite_hbeta(&self.zones[self.object.ions[0].zone as usize]);
        }
        if self.shared.nu > F::zero() {
            self.shared.student = student_norm(self.shared.nu);
        }
        for line in &self.object.lines {
            let loss = absorption(line, &self.shared);
            for k in line.first_term as usize..(line.first_term + line.terms) as usize {
                self.terms[k] = self.term_point(&self.object.terms[k], loss);
            }
        }
        self.ions.clear();
        for ion in 0..self.object.ions.len() {
            let point = self.ion_point(&self.object.ions[ion], position);
            self.ions.push(point);
        }
    }

    fn term_point(&self, term: &Term<F>, loss: [F; 3]) -> TermPoint<F> {
        let zone = &self.zones[term.zone as usize];
        TermPoint::new(term, zone.emissivity(self.grid, term), zone, &self.shared, loss)
    }

    fn ion_point(&self, ion: &IonRecord<F>, position: &[F]) -> IonPoint<F> {
        let mut r = [F::zero(); PARTIALS];
        let ln_abundance = match ion.kind {
            FLUX => {
                let (ln_share, d) = self.reference(ion);
                r = d;
                position[ion.source as usize] - ln_share
            }
            SLOT_LOG10 => {
                let dex = self.slots[ion.source as usize].value - real(ABUNDANCE_ZERO);
                real::<F>(std::f64::consts::LN_10) * dex + ion.base
            }
            SLOT_LINEAR => self.slots[ion.source as usize].value.max(F::min_positive_value()).ln() + ion.base,
            _ => F::zero(),
        };
        IonPoint {
            abundance: bounded_exp(ln_abundance),
            ln_abundance,
            r,
        }
    }

    /// r = ln Σ F_k/X over the ion's terms in its reference line, and its partials.
    fn reference(&self, ion: &IonRecord<F>) -> (F, [F; PARTIALS]) {
        let first = ion.first_reference as usize;
        let mut sum = F::zero();
        let mut d = [F::zero(); PARTIALS];
        for term in &self.terms[first..first + ion.references as usize] {
            sum = sum + term.flux;
            for (total, partial) in d.iter_mut().zip(term.d) {
                *total = *total + term.flux * partial;
            }
        }
        (sum.ln(), d.map(|total| total / sum))
    }

    fn line_terms(&self, l: usize) -> std::ops::Range<usize> {
        let line = &self.object.lines[l];
        line.first_term as usize..(line.first_term + line.terms) as usize
    }

    /// The flux of term `k`.
    fn share(&self, k: usize) -> F {
        let term = &self.object.terms[k];
        let mut flux = self.ions[term.ion as usize].abundance * self.terms[k].flux;
        if term.times != NONE {
            flux = flux * self.ions[term.times as usize].abundance;
        }
        if term.over != NONE {
            flux = flux / self.ions[term.over as usize].abundance;
        }
        flux
    }

    /// The calibration of a line's spectrograph arm.
    fn calibration(&self, l: usize) -> F {
        let arm = self.object.lines[l].arm;
        self.slots
            .get(arm as usize)
            .map_or(F::one(), |slot| bounded_exp(slot.value))
    }

    /// The model's flux of line `l`.
    pub(super) fn line_flux(&self, l: usize) -> F {
        let sum = self.line_terms(l).fold(F::zero(), |sum, k| sum + self.share(k));
        sum * self.calibration(l)
    }

    /// Adds `weight` · d F_l to the pulls.
    pub(super) fn pull_line(&mut self, l: usize, weight: F) {
        let weight = weight * self.calibration(l);
        let mut total = F::zero();
        for k in self.line_terms(l) {
            let pull = weight * self.share(k);
            let term = &self.object.terms[k];
            self.pulls.add(term.zone, pull, &self.terms[k].d);
            self.pulls.add_ions(term, pull);
            total = total + pull;
        }
        let arm = self.object.lines[l].arm;
        if arm != NONE {
            self.pulls.add_slot(arm, total);
        }
    }

    /// (ln X − mean)/sd of an ion's abundance under its prior, for FLUX ions.
    fn ion_score(&self, ion: usize) -> Option<F> {
        let record = &self.object.ions[ion];
        (record.kind == FLUX).then(|| (self.ions[ion].ln_abundance - record.location) * record.inverse_width)
    }

    /// ln of the posterior density at `position`, without evidence, and its gradient in `grad` (`[dimension]`).
    pub fn logdensity(&mut self, position: &[F], grad: &mut [F]) -> F {
        let half = real::<F>(0.5);
        self.forward(position);
        grad.fill(F::zero());
        let mut sum = self.object.header.constant;
        for (slot, value) in self.object.slots.iter().zip(&self.slots) {
            if slot.coordinate != NONE {
                sum = sum + value.logdensity;
                grad[slot.coordinate as usize] = value.d_logdensity;
            }
        }
        for ion in 0..self.ions.len() {
            if let Some(score) = self.ion_score(ion) {
                sum = sum - half * score * score;
                let pull = &mut self.pulls.ions[ion];
                *pull = *pull - score * self.object.ions[ion].inverse_width;
            }
        }
        for l in 0..self.object.lines.len() {
            let model = self.line_flux(l);
            let at = &self.shared;
            let of_line = line_likelihood(&self.object.lines[l], model, at.nu, at.student);
            sum = sum + of_line.value;
            self.pull_line(l, of_line.d_flux);
            self.pulls.add_slot(self.object.header.nu, of_line.d_nu);
        }
        self.spread(grad);
        sum
    }

    /// Moves to `position`, for `slot`, `ln_abundance`, `flux` and `ln_likelihood`.
    pub fn at(&mut self, position: &[F]) -> &mut Self {
        self.forward(position);
        self
    }

    /// The value of a slot.
    pub fn slot(&self, slot: usize) -> F {
        self.slots[slot].value
    }

    /// ln of an ion's abundance X/H.
    pub fn ln_abundance(&self, ion: usize) -> F {
        self.ions[ion].ln_abundance - self.object.ions[ion].base
    }

    /// The model's flux of line `l` relative to Hβ's measured flux.
    pub fn flux(&self, l: usize) -> F {
        self.line_flux(l)
    }

    /// ln of the density of line `l`'s measurement, or of the probability of its limit, all constants included.
    pub fn ln_likelihood(&self, l: usize) -> F {
        let (line, at) = (&self.object.lines[l], &self.shared);
        line_likelihood(line, self.line_flux(l), at.nu, at.student).value + line.ln_normalisation()
    }
}
