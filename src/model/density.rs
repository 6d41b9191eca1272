//! The log density of one object and its gradient, line by line.

use num_traits::Float;

use super::object::ModelObject;
use super::terms::{A_H, A_HE, C, LN_F, N, PARTIALS, Shared, T, TAU, TermPoint, ZonePoint, absorption};
use crate::emissivity::Grid;
use crate::shared::coordinate::{SlotValue, slot_value};
use crate::shared::layout::{FLUX, IonRecord, NONE, SLOT_LINEAR, SLOT_LOG10};
use crate::shared::real;
use crate::shared::special::bounded_exp;
use crate::shared::wgsl::shared_constants;

shared_constants! {
    /// Metals are given as 12 + log₁₀(X/H).
    pub const ABUNDANCE_ZERO: f64 = 12.0;
}

/// An ion at one point: ln of its abundance (relative to its base) and the partials of that at fixed coordinates.
#[derive(Clone, Copy)]
pub(super) struct IonPoint<F> {
    ln_abundance: F,
    pub(super) d: [F; PARTIALS],
}

/// One object at one position, with the buffers that its evaluation needs.
///
/// The evaluation goes forward once (slots, zones, ions); then each line's flux can be taken, and what pulls on it spread
/// back over slots and ions, and from them to the coordinates.
pub struct Evaluator<'a, F> {
    pub(super) object: &'a ModelObject<F>,
    grid: &'a Grid<F>,
    slots: Vec<SlotValue<F>>,
    zones: Vec<ZonePoint<F>>,
    shared: Shared<F>,
    pub(super) ions: Vec<IonPoint<F>>,
    /// Terms of the line last taken, and their fluxes.
    line: Vec<(TermPoint<F>, F)>,
    slot_pull: Vec<F>,
    ion_pull: Vec<F>,
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
            },
            ions: Vec::with_capacity(object.ions.len()),
            line: Vec::new(),
            slot_pull: vec![zero; object.slots.len()],
            ion_pull: vec![zero; object.ions.len()],
        }
    }

    /// Moves to `position`: slots, zones and ions are evaluated there.
    pub(super) fn forward(&mut self, position: &[F]) {
        let header = &self.object.header;
        self.slots.clear();
        for slot in &self.object.slots {
            let z = if slot.coordinate == NONE {
                F::zero()
            } else {
                position[slot.coordinate as usize]
            };
            let parent = if slot.parent == NONE {
                F::zero()
            } else {
                self.slots[slot.parent as usize].value
            };
            self.slots.push(slot_value(slot, z, parent));
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
        };
        self.zones.clear();
        for zone in 0..header.zones as usize {
            let (t, n) = header.zone(zone);
            self.zones
                .push(ZonePoint::new(self.grid, self.slots[t].value, self.slots[n].value));
        }
        self.ions.clear();
        for ion in 0..self.object.ions.len() {
            let point = self.ion_point(&self.object.ions[ion], position);
            self.ions.push(point);
        }
    }

    fn ion_point(&self, ion: &IonRecord<F>, position: &[F]) -> IonPoint<F> {
        let mut point = IonPoint {
            ln_abundance: F::zero(),
            d: [F::zero(); PARTIALS],
        };
        match ion.kind {
            FLUX => {
                let (r, d) = self.reference(ion);
                point.ln_abundance = position[ion.source as usize] - r;
                point.d = d.map(|d| -d);
            }
            SLOT_LOG10 => {
                let dex = self.slots[ion.source as usize].value - real(ABUNDANCE_ZERO);
                point.ln_abundance = real::<F>(std::f64::consts::LN_10) * dex + ion.base;
            }
            SLOT_LINEAR => {
                point.ln_abundance = self.slots[ion.source as usize].value.max(F::min_positive_value()).ln() + ion.base
            }
            _ => {}
        }
        point
    }

    /// r = ln Σ exp(ln F_k − ln X) over the ion's terms in its reference line, and its partials.
    fn reference(&self, ion: &IonRecord<F>) -> (F, [F; PARTIALS]) {
        let first = ion.first_reference as usize;
        let loss = absorption(&self.object.lines[ion.reference_line as usize], &self.shared);
        let mut sum = F::zero();
        let mut d = [F::zero(); PARTIALS];
        for k in first..first + ion.references as usize {
            let term = self.term_point(k, loss);
            let flux = bounded_exp(term.ln_flux);
            sum = sum + flux;
            for (total, partial) in d.iter_mut().zip(term.d) {
                *total = *total + flux * partial;
            }
        }
        (sum.ln(), d.map(|total| total / sum))
    }

    fn term_point(&self, k: usize, loss: [F; 3]) -> TermPoint<F> {
        let term = &self.object.terms[k];
        let zone = &self.zones[term.zone as usize];
        let emissivity = self.grid.value(term.table as usize, &zone.stencil);
        TermPoint::new(term, emissivity, zone, &self.shared, loss)
    }

    /// The model's flux of line `l`; its terms stay for `pull_line`.
    pub(super) fn line_flux(&mut self, l: usize) -> F {
        let record = &self.object.lines[l];
        let loss = absorption(record, &self.shared);
        let first = record.first_term as usize;
        self.line.clear();
        let mut sum = F::zero();
        for k in first..first + record.terms as usize {
            let term = self.term_point(k, loss);
            let ion = &self.ions[self.object.terms[k].ion as usize];
            let flux = bounded_exp(term.ln_flux + ion.ln_abundance);
            sum = sum + flux;
            self.line.push((term, flux));
        }
        sum
    }

    /// Adds `weight` · d F_l to the pulls, for the line last taken.
    pub(super) fn pull_line(&mut self, l: usize, weight: F) {
        let first = self.object.lines[l].first_term as usize;
        for index in 0..self.line.len() {
            let (term, flux) = self.line[index];
            let ion = self.object.terms[first + index].ion as usize;
            let mut d = term.d;
            for (partial, of_ion) in d.iter_mut().zip(self.ions[ion].d) {
                *partial = *partial + of_ion;
            }
            self.pull(ion, weight * flux, &d);
        }
    }

    /// Adds `weight` · d to the slots of `ion`'s zone and the shared ones, and `weight` to the ion itself.
    pub(super) fn pull(&mut self, ion: usize, weight: F, d: &[F; PARTIALS]) {
        let header = &self.object.header;
        let (t, n) = header.zone(self.object.ions[ion].zone as usize);
        let slot = |slot: u32| slot as usize;
        let into = [
            (t, d[T]),
            (n, d[N]),
            (slot(header.tau), d[TAU]),
            (slot(header.c_hbeta), d[C]),
            (slot(header.a_h), d[A_H]),
            (slot(header.a_he), d[A_HE]),
            (slot(header.ln_f_hbeta), d[LN_F]),
        ];
        for (slot, partial) in into {
            self.slot_pull[slot] = self.slot_pull[slot] + weight * partial;
        }
        self.ion_pull[ion] = self.ion_pull[ion] + weight;
    }

    /// Turns the pulls on slots and ions into one on the coordinates, added to `grad`, and forgets them.
    pub(super) fn spread(&mut self, grad: &mut [F]) {
        for (ion, record) in self.object.ions.iter().enumerate() {
            let pull = std::mem::replace(&mut self.ion_pull[ion], F::zero());
            let source = record.source as usize;
            match record.kind {
                FLUX => grad[source] = grad[source] + pull,
                SLOT_LOG10 => {
                    self.slot_pull[source] = self.slot_pull[source] + pull * real(std::f64::consts::LN_10);
                }
                SLOT_LINEAR => {
                    let abundance = self.slots[source].value.max(F::min_positive_value());
                    self.slot_pull[source] = self.slot_pull[source] + pull / abundance;
                }
                _ => {}
            }
        }
        for (s, slot) in self.object.slots.iter().enumerate().rev() {
            let pull = std::mem::replace(&mut self.slot_pull[s], F::zero());
            if slot.coordinate != NONE {
                let z = slot.coordinate as usize;
                grad[z] = grad[z] + pull * self.slots[s].d_coordinate;
            }
            if slot.parent != NONE {
                let parent = slot.parent as usize;
                self.slot_pull[parent] = self.slot_pull[parent] + pull * self.slots[s].d_parent;
            }
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
                let d = self.ions[ion].d;
                self.pull(ion, -score * self.object.ions[ion].inverse_width, &d);
            }
        }
        for l in 0..self.object.lines.len() {
            let model = self.line_flux(l);
            let record = &self.object.lines[l];
            let residual = (model - record.flux) * record.inverse_sigma;
            sum = sum - half * residual * residual;
            self.pull_line(l, -residual * record.inverse_sigma);
        }
        self.spread(grad);
        sum
    }

    /// Moves to `position`, for `slot`, `ln_abundance` and `flux`.
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
    pub fn flux(&mut self, l: usize) -> F {
        self.line_flux(l)
    }
}
