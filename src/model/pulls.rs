//! What the lines and priors pull on, and its way back to the coordinates.

use super::density::Evaluator;
use super::object::ModelObject;
use super::terms::Partials;
use crate::shared::layout::{FLUX, MAX_ZONES, NONE, SLOT_LINEAR, SLOT_LOG10, Term};
use crate::shared::real::{Real, real};

/// Derivatives of a sum of functions by what stands between them and the coordinates.
pub(super) struct Pulls<F> {
    /// By ln of the ions' abundances.
    pub(super) ions: Vec<F>,
    /// By the slots' values.
    slots: Vec<F>,
    /// By the partials of the terms of each zone.
    pub(super) zones: [Partials<F>; MAX_ZONES],
    /// By ln F(Hβ).
    pub(super) ln_f_hbeta: F,
}

impl<F: Real> Pulls<F> {
    pub(super) fn new(object: &ModelObject<F::Scalar>) -> Self {
        Pulls {
            ions: vec![F::zero(); object.ions.len()],
            slots: vec![F::zero(); object.slots.len()],
            zones: [Partials::zero(); MAX_ZONES],
            ln_f_hbeta: F::zero(),
        }
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

impl<F: Real> Evaluator<'_, F> {
    /// Turns the pulls into derivatives by the coordinates, added to `grad`, and forgets them.
    #[inline(always)]
    pub(super) fn spread(&mut self, grad: &mut [F]) {
        self.spread_ions(grad);
        self.spread_zones();
        for (s, slot) in self.object.slots.iter().enumerate().rev() {
            let pull = std::mem::replace(&mut self.pulls.slots[s], F::zero());
            if slot.coordinate != NONE {
                let z = slot.coordinate as usize;
                grad[z] = grad[z] + pull * self.slots[s].d_coordinate;
            }
            if slot.parent != NONE {
                self.pulls.add_slot(slot.parent, pull * self.slots[s].d_parent);
            }
            if slot.density != NONE {
                self.pulls.add_slot(slot.density, pull * self.slots[s].d_density);
            }
        }
    }

    /// A FLUX ion's ln X is φ(x) − r: the shear takes back from its zone what its coordinate gets.
    #[inline(always)]
    fn spread_ions(&mut self, grad: &mut [F]) {
        for (ion, record) in self.object.ions.iter().enumerate() {
            let pull = std::mem::replace(&mut self.pulls.ions[ion], F::zero());
            match record.kind {
                FLUX => {
                    let source = record.source as usize;
                    grad[source] = pull.mul_add(self.ions[ion].slope, grad[source]);
                    self.pulls.zones[record.zone as usize].add(-pull, &self.ions[ion].r, self.effects);
                    self.pulls.ln_f_hbeta = self.pulls.ln_f_hbeta - pull;
                }
                SLOT_LOG10 => self.pulls.add_slot(record.source, pull * real(std::f64::consts::LN_10)),
                SLOT_LINEAR => {
                    let abundance = self.slots[record.source as usize].value;
                    self.pulls
                        .add_slot(record.source, pull / abundance.max(F::min_positive()));
                }
                _ => {}
            }
        }
    }

    /// From the zones' partials to the slots of their temperatures and densities, and to those that all zones share.
    ///
    /// ln 10 f_λ = (a R_V + b) u − ln 10 with u = 1/(A R_V + B): its derivative by R_V is u [a − A (ln 10 f_λ + ln 10)].
    #[inline(always)]
    fn spread_zones(&mut self) {
        let header = &self.object.header;
        let mut shared = Partials::zero();
        for zone in 0..header.zones as usize {
            let pulls = std::mem::replace(&mut self.pulls.zones[zone], Partials::zero());
            let (t, n) = header.zone(zone);
            self.pulls.add_slot(t as u32, pulls.t);
            self.pulls.add_slot(n as u32, pulls.n);
            shared.add(F::one(), &pulls, self.effects);
        }
        let ln_f_hbeta = std::mem::replace(&mut self.pulls.ln_f_hbeta, F::zero());
        let at = &self.shared;
        let hydrogen = self.object.ions[0].zone as usize;
        let law = shared.f_lambda + real::<F>(std::f64::consts::LN_10) * ln_f_hbeta;
        let by_rv = at.law_unit * (shared.law_a - F::spread(header.law_a_hbeta) * law);
        for (slot, pull) in [
            (header.tau, shared.tau),
            (header.c_hbeta, -shared.f_lambda),
            (header.rv, -at.c_hbeta * by_rv),
            (header.a_h, shared.a_h),
            (header.a_he, shared.a_he),
            (header.ln_f_hbeta, ln_f_hbeta),
            (header.xi, shared.xi - ln_f_hbeta * at.d_hbeta[0]),
            (header.zone(hydrogen).0 as u32, -ln_f_hbeta * at.d_hbeta[1]),
        ] {
            self.pulls.add_slot(slot, pull);
        }
    }
}
