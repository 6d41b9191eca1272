//! The way back from terms and ions to the coordinates.

use super::evaluator::Evaluator;
use crate::model::code::IonKind;
use crate::model::record::NONE;
use crate::number::real::{Real, real};

/// Adjoints of the quantities that all zones share, summed over the terms.
struct Totals<F> {
    /// Adjoint of ln F(Hβ).
    all: F,
    /// Adjoint of −cHbeta.
    f_lambda: F,
}

impl<F: Real> Evaluator<'_, F> {
    /// Adds the derivatives with respect to the coordinates to `grad`, from the adjoints of terms
    /// and ions.
    #[inline(always)]
    pub(super) fn backpropagate(&mut self, grad: &mut [F]) {
        self.backpropagate_ions(grad);
        let totals = self.backpropagate_terms();
        self.backpropagate_corrections();
        self.backpropagate_totals(&totals);
        for &s in self.plan.moving.iter().rev() {
            let (slot, value, adjoint) = (&self.object.slots[s], &self.slots[s], self.adjoints.slots[s]);
            if slot.coordinate != NONE {
                let z = slot.coordinate as usize;
                grad[z] = adjoint.mul_add(value.d_coordinate, grad[z]);
            }
            if slot.parent != NONE {
                self.adjoints.add_slot(slot.parent, adjoint * value.d_parent);
            }
            if slot.density != NONE {
                self.adjoints.add_slot(slot.density, adjoint * value.d_density);
            }
        }
    }

    /// ln X of an ion sampled by flux is φ(x) − r, r = ln Σ F_k/X over its terms in its reference
    /// line: the shear takes back from these what its coordinate gets, from each by its share in
    /// the sum.
    #[inline(always)]
    fn backpropagate_ions(&mut self, grad: &mut [F]) {
        for (ion, record) in self.object.ions.iter().enumerate() {
            let adjoint = self.adjoints.ions[ion];
            match record.kind {
                IonKind::Flux => {
                    let source = record.source as usize;
                    grad[source] = adjoint.mul_add(self.ions[ion].slope, grad[source]);
                    let first = record.first_reference as usize;
                    let references = &mut self.terms[first..first + record.references as usize];
                    if let [only] = references {
                        only.adjoint = only.adjoint - adjoint;
                        continue;
                    }
                    let adjoint = adjoint / self.ions[ion].reference;
                    for point in references {
                        point.adjoint = point.adjoint - adjoint * point.flux;
                    }
                }
                IonKind::SlotLog10 => self
                    .adjoints
                    .add_slot(record.source, adjoint * real(std::f64::consts::LN_10)),
                IonKind::SlotLinear => {
                    let abundance = self.slots[record.source as usize].value;
                    self.adjoints
                        .add_slot(record.source, adjoint / abundance.max(F::min_positive()));
                }
                _ => {}
            }
        }
    }

    /// From the terms to the temperatures and densities of their zones.
    #[inline(always)]
    fn backpropagate_terms(&mut self) -> Totals<F> {
        let mut totals = Totals {
            all: F::zero(),
            f_lambda: F::zero(),
        };
        for (zone, terms) in self.plan.zones.iter().enumerate() {
            let (mut d_u, mut d_v) = (F::zero(), F::zero());
            for term in terms {
                let point = &self.terms[term.index];
                d_u = point.adjoint.mul_add(point.d_u, d_u);
                d_v = point.adjoint.mul_add(point.d_v, d_v);
                totals.f_lambda = point.adjoint.mul_add(point.f_lambda, totals.f_lambda);
                totals.all = totals.all + point.adjoint;
            }
            let (t, n) = self.object.header.zone(zone);
            let cells = [self.grid.inverse_step_t, self.grid.inverse_step_n].map(F::splat);
            self.adjoints
                .add_slot(t as u32, d_u * (cells[0] * self.zones[zone].d_log10_t));
            self.adjoints.add_slot(n as u32, d_v * cells[1]);
        }
        totals
    }

    /// From the terms to optical depth, collisional excitation and absorption.
    #[inline(always)]
    fn backpropagate_corrections(&mut self) {
        let header = &self.object.header;
        for (&k, &[d_t, d_n, d_tau]) in self.plan.thick.iter().zip(&self.thick) {
            let adjoint = self.terms[k].adjoint;
            let (t, n) = header.zone(self.object.terms[k].zone as usize);
            self.adjoints.add_slot(t as u32, adjoint * d_t);
            self.adjoints.add_slot(n as u32, adjoint * d_n);
            self.adjoints.add_slot(header.tau, adjoint * d_tau);
        }
        for (&k, &[d_xi, d_t]) in self.plan.excited.iter().zip(&self.excited) {
            let adjoint = self.terms[k].adjoint;
            let (t, _) = header.zone(self.object.terms[k].zone as usize);
            self.adjoints.add_slot(t as u32, adjoint * d_t);
            self.adjoints.add_slot(header.xi, adjoint * d_xi);
        }
        for (&(k, _), &d_shift) in self.plan.shifted.iter().zip(&self.shifted) {
            self.adjoints
                .add_slot(header.he1_shift, self.terms[k].adjoint * d_shift);
        }
        for (&l, &[d_a_h, d_a_he]) in self.plan.dimmed.iter().zip(&self.dimmed) {
            let mut adjoint = F::zero();
            for point in &self.terms[self.object.lines[l].term_range()] {
                adjoint = adjoint + point.adjoint;
            }
            self.adjoints.add_slot(header.a_h, adjoint * d_a_h);
            self.adjoints.add_slot(header.a_he, adjoint * d_a_he);
        }
    }

    /// From the sums over all terms to the slots that all zones share.
    ///
    /// ln 10 f_λ = (a R_V + b) u − ln 10 with u = 1/(A R_V + B): its derivative with respect to R_V
    /// is u [a − A (ln 10 f_λ + ln 10)].
    #[inline(always)]
    fn backpropagate_totals(&mut self, totals: &Totals<F>) {
        let (header, at) = (&self.object.header, &self.shared);
        self.adjoints.add_slot(header.c_hbeta, -totals.f_lambda);
        self.adjoints.add_slot(header.ln_f_hbeta, totals.all);
        if self.plan.rv {
            let mut d_law = F::zero();
            for (term, point) in self.object.terms.iter().zip(&self.terms) {
                d_law = point.adjoint.mul_add(F::splat(term.law_a), d_law);
            }
            let law = totals.f_lambda + real::<F>(std::f64::consts::LN_10) * totals.all;
            let d_rv = at.law_unit * (d_law - F::splat(header.law_a_hbeta) * law);
            self.adjoints.add_slot(header.rv, -at.c_hbeta * d_rv);
        }
        if self.plan.absorption {
            self.adjoints.add_slot(header.a_h, totals.all * at.d_undimmed);
        }
        if self.plan.xi {
            let hydrogen = header.zone(self.object.ions[0].zone as usize).0 as u32;
            self.adjoints.add_slot(header.xi, -totals.all * at.d_hbeta[0]);
            self.adjoints.add_slot(hydrogen, -totals.all * at.d_hbeta[1]);
        }
    }
}
