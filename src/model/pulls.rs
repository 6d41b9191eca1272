//! What the lines and priors pull on, and its way back to the coordinates.

use super::density::Evaluator;
use super::object::ModelObject;
use crate::model::code::IonKind;
use crate::model::record::{NONE, Term};
use crate::number::real::{Real, real};

/// Derivatives of a sum of functions by what stands between them and the coordinates, besides what each term holds.
pub(super) struct Pulls<F> {
    /// By ln of the ions' abundances.
    pub(super) ions: Vec<F>,
    /// By the slots' values.
    slots: Vec<F>,
}

impl<F: Real> Pulls<F> {
    pub(super) fn new(object: &ModelObject<F::Scalar>) -> Self {
        Pulls {
            ions: vec![F::zero(); object.ions.len()],
            slots: vec![F::zero(); object.slots.len()],
        }
    }

    /// Nothing pulls.
    #[inline(always)]
    pub(super) fn reset(&mut self) {
        self.ions.fill(F::zero());
        self.slots.fill(F::zero());
    }

    /// Adds `pull` on ln of a flux of `term` to what pulls on its ions.
    #[inline(always)]
    pub(super) fn add_ions(&mut self, term: &Term<F::Scalar>, pull: F) {
        self.add_ion(term.ion, pull);
        if term.times != NONE {
            self.add_ion(term.times, pull);
        }
        if term.over != NONE {
            self.add_ion(term.over, -pull);
        }
    }

    #[inline(always)]
    fn add_ion(&mut self, ion: u32, pull: F) {
        let total = &mut self.ions[ion as usize];
        *total = *total + pull;
    }

    #[inline(always)]
    pub(super) fn add_slot(&mut self, slot: u32, pull: F) {
        let total = &mut self.slots[slot as usize];
        *total = *total + pull;
    }
}

/// What pulls on the quantities that all zones share, summed over the terms.
struct Totals<F> {
    /// On ln F(Hβ).
    all: F,
    /// On −cHbeta.
    f_lambda: F,
}

impl<F: Real> Evaluator<'_, F> {
    /// Turns the pulls into derivatives by the coordinates, added to `grad`.
    #[inline(always)]
    pub(super) fn spread(&mut self, grad: &mut [F]) {
        self.spread_ions(grad);
        let totals = self.spread_terms();
        self.spread_corrections();
        self.spread_totals(&totals);
        for &s in self.plan.moving.iter().rev() {
            let (slot, value, pull) = (&self.object.slots[s], &self.slots[s], self.pulls.slots[s]);
            if slot.coordinate != NONE {
                let z = slot.coordinate as usize;
                grad[z] = pull.mul_add(value.d_coordinate, grad[z]);
            }
            if slot.parent != NONE {
                self.pulls.add_slot(slot.parent, pull * value.d_parent);
            }
            if slot.density != NONE {
                self.pulls.add_slot(slot.density, pull * value.d_density);
            }
        }
    }

    /// An ion sampled by flux's ln X is φ(x) − r, r = ln Σ F_k/X over its terms in its reference line: the shear takes back from these what
    /// its coordinate gets, from each by its share in the sum.
    #[inline(always)]
    fn spread_ions(&mut self, grad: &mut [F]) {
        for (ion, record) in self.object.ions.iter().enumerate() {
            let pull = self.pulls.ions[ion];
            match record.kind {
                IonKind::Flux => {
                    let source = record.source as usize;
                    grad[source] = pull.mul_add(self.ions[ion].slope, grad[source]);
                    let first = record.first_reference as usize;
                    let references = &mut self.terms[first..first + record.references as usize];
                    if let [only] = references {
                        only.pull = only.pull - pull;
                        continue;
                    }
                    let pull = pull / self.ions[ion].reference;
                    for point in references {
                        point.pull = point.pull - pull * point.flux;
                    }
                }
                IonKind::SlotLog10 => self.pulls.add_slot(record.source, pull * real(std::f64::consts::LN_10)),
                IonKind::SlotLinear => {
                    let abundance = self.slots[record.source as usize].value;
                    self.pulls
                        .add_slot(record.source, pull / abundance.max(F::min_positive()));
                }
                _ => {}
            }
        }
    }

    /// From the terms to the temperatures and densities of their zones.
    #[inline(always)]
    fn spread_terms(&mut self) -> Totals<F> {
        let mut totals = Totals {
            all: F::zero(),
            f_lambda: F::zero(),
        };
        for (zone, terms) in self.plan.zones.iter().enumerate() {
            let (mut by_u, mut by_v) = (F::zero(), F::zero());
            for term in terms {
                let point = &self.terms[term.place];
                by_u = point.pull.mul_add(point.d_u, by_u);
                by_v = point.pull.mul_add(point.d_v, by_v);
                totals.f_lambda = point.pull.mul_add(point.f_lambda, totals.f_lambda);
                totals.all = totals.all + point.pull;
            }
            let (t, n) = self.object.header.zone(zone);
            let cells = [self.grid.inverse_step_t, self.grid.inverse_step_n].map(F::spread);
            self.pulls
                .add_slot(t as u32, by_u * (cells[0] * self.zones[zone].d_log10_t));
            self.pulls.add_slot(n as u32, by_v * cells[1]);
        }
        totals
    }

    /// From the terms to optical depth, collisional excitation and absorption.
    #[inline(always)]
    fn spread_corrections(&mut self) {
        let header = &self.object.header;
        for (&k, &[by_t, by_n, by_tau]) in self.plan.thick.iter().zip(&self.thick) {
            let pull = self.terms[k].pull;
            let (t, n) = header.zone(self.object.terms[k].zone as usize);
            self.pulls.add_slot(t as u32, pull * by_t);
            self.pulls.add_slot(n as u32, pull * by_n);
            self.pulls.add_slot(header.tau, pull * by_tau);
        }
        for (&k, &[by_xi, by_t]) in self.plan.excited.iter().zip(&self.excited) {
            let pull = self.terms[k].pull;
            let (t, _) = header.zone(self.object.terms[k].zone as usize);
            self.pulls.add_slot(t as u32, pull * by_t);
            self.pulls.add_slot(header.xi, pull * by_xi);
        }
        for (&l, &[by_a_h, by_a_he]) in self.plan.dimmed.iter().zip(&self.dimmed) {
            let mut pull = F::zero();
            for point in &self.terms[self.object.lines[l].places()] {
                pull = pull + point.pull;
            }
            self.pulls.add_slot(header.a_h, pull * by_a_h);
            self.pulls.add_slot(header.a_he, pull * by_a_he);
        }
    }

    /// From the sums over all terms to the slots that all zones share.
    ///
    /// ln 10 f_λ = (a R_V + b) u − ln 10 with u = 1/(A R_V + B): its derivative by R_V is u [a − A (ln 10 f_λ + ln 10)].
    #[inline(always)]
    fn spread_totals(&mut self, totals: &Totals<F>) {
        let (header, at) = (&self.object.header, &self.shared);
        self.pulls.add_slot(header.c_hbeta, -totals.f_lambda);
        self.pulls.add_slot(header.ln_f_hbeta, totals.all);
        if self.plan.rv {
            let mut by_law = F::zero();
            for (term, point) in self.object.terms.iter().zip(&self.terms) {
                by_law = point.pull.mul_add(F::spread(term.law_a), by_law);
            }
            let law = totals.f_lambda + real::<F>(std::f64::consts::LN_10) * totals.all;
            let by_rv = at.law_unit * (by_law - F::spread(header.law_a_hbeta) * law);
            self.pulls.add_slot(header.rv, -at.c_hbeta * by_rv);
        }
        if self.plan.absorption {
            self.pulls.add_slot(header.a_h, totals.all * at.d_undimmed);
        }
        if self.plan.xi {
            let hydrogen = header.zone(self.object.ions[0].zone as usize).0 as u32;
            self.pulls.add_slot(header.xi, -totals.all * at.d_hbeta[0]);
            self.pulls.add_slot(hydrogen, -totals.all * at.d_hbeta[1]);
        }
    }
}
