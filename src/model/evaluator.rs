//! One object at one position: slots, zones, terms and ions forward, then the flux of each line.

use super::adjoints::Adjoints;
use super::effect::absorption::{absorption, undimmed_hbeta};
use super::effect::calibration::calibration;
use super::effect::collisions::{COLLISIONAL_HBETA, excited};
use super::effect::emission::four_coefficients;
use super::effect::optical_depth::{TauLaw, thickened};
use super::effect::reddening::{f_lambda, law_unit};
use super::effect::shift::shifted;
use super::object::ModelObject;
use super::plan::Plan;
use super::terms::{Shared, TermPoint, ZonePoint};
use crate::emissivity::Grid;
use crate::model::code::{IonKind, SlotKind};
use crate::model::coordinate::low_snr::low_snr_flux;
use crate::model::coordinate::{SlotValue, slot_value_cut};
use crate::model::prior::Cut;
use crate::model::record::{NONE, Slot};
use crate::number::real::{Real, real};
use crate::number::special::{bounded_exp, student_norm};
use crate::number::wgsl::shared_constants;

shared_constants! {
    /// Metals are given as 12 + log₁₀(X/H).
    pub const ABUNDANCE_ZERO: f64 = 12.0;
}

/// An ion at one point.
#[derive(Clone, Copy, Debug)]
pub(super) struct IonPoint<F> {
    /// Its abundance relative to its base, and ln of that.
    abundance: F,
    pub(super) ln_abundance: F,
    /// For an ion sampled by flux, Σ F_k/X over its terms in its reference line.
    pub(super) reference: F,
    /// dφ/dx of its coordinate x, ln of that, and d ln(dφ/dx)/dx.
    pub(super) slope: F,
    pub(super) ln_slope: F,
    pub(super) d_ln_slope: F,
}

/// One object at one position, with the buffers that its evaluation needs.
///
/// The evaluation goes forward once over slots, zones, terms and ions. Then the flux of each line
/// can be taken, and derivatives with respect to the fluxes propagated back to the coordinates.
///
/// `F` is one number, or one in each of several lanes, each with a position of its own.
pub struct Evaluator<'a, F: Real> {
    pub(super) object: &'a ModelObject<F::Scalar>,
    pub(super) grid: &'a Grid<F::Scalar>,
    pub(super) plan: Plan<'a, F::Scalar>,
    pub(super) slots: Vec<SlotValue<F>>,
    pub(super) zones: Vec<ZonePoint<F>>,
    pub(super) shared: Shared<F>,
    pub(super) terms: Vec<TermPoint<F>>,
    /// For each term with an optical depth, the derivatives of ln f_tau with respect to T, log₁₀
    /// n_e and tau.
    pub(super) thick: Vec<[F; 3]>,
    /// For each term that collisions excite, the derivatives of ln(1 + C/R) with respect to ξ and
    /// T.
    pub(super) excited: Vec<[F; 2]>,
    /// For each term of He I that is shifted, the derivative of ln of its flux with respect to the
    /// amplitude.
    pub(super) shifted: Vec<F>,
    /// For each line with absorption of its own, the derivatives of ln of the fraction that is left
    /// with respect to a_H and a_He.
    pub(super) dimmed: Vec<[F; 2]>,
    /// For each slot that is not tied, the probability that its prior loses to its bounds.
    cuts: Vec<Option<Cut<F::Scalar>>>,
    pub(super) ions: Vec<IonPoint<F>>,
    pub(super) adjoints: Adjoints<F>,
}

impl<'a, F: Real> Evaluator<'a, F> {
    /// An evaluator of `object`, at no position yet.
    pub fn new(object: &'a ModelObject<F::Scalar>, grid: &'a Grid<F::Scalar>) -> Self {
        let (zero, one) = (F::zero(), F::one());
        let plan = Plan::new(object, grid);
        let still = |slot: &Slot<F::Scalar>| SlotValue::still(F::splat(value_of_still(slot)));
        let nu = object.slots[object.header.nu as usize].location;
        let law = TauLaw::new(&object.header);
        let zones = vec![ZonePoint::new(grid, real(1e4), zero, &law); plan.zones.len()];
        let term = TermPoint {
            flux: zero,
            d_u: zero,
            d_v: zero,
            f_lambda: zero,
            adjoint: zero,
        };
        let ion = IonPoint {
            abundance: one,
            ln_abundance: zero,
            reference: one,
            slope: one,
            ln_slope: zero,
            d_ln_slope: zero,
        };
        let mut evaluator = Evaluator {
            object,
            grid,
            slots: object.slots.iter().map(still).collect(),
            zones,
            shared: Shared {
                tau: zero,
                c_hbeta: zero,
                a_h: zero,
                a_he: zero,
                ln_f_hbeta: zero,
                rv: zero,
                law_unit: one,
                xi: zero,
                d_hbeta: [zero; 2],
                d_undimmed: zero,
                nu: F::splat(nu),
                student: normalisation(nu).map(F::splat),
            },
            terms: vec![term; object.terms.len()],
            thick: vec![[zero; 3]; plan.thick.len()],
            excited: vec![[zero; 2]; plan.excited.len()],
            shifted: vec![zero; plan.shifted.len()],
            dimmed: vec![[zero; 2]; plan.dimmed.len()],
            cuts: object.slots.iter().map(known_cut).collect(),
            ions: vec![ion; object.ions.len()],
            adjoints: Adjoints::new(object),
            plan,
        };
        evaluator.redden();
        evaluator
    }

    /// Moves to `position`: slots, zones, terms and ions are evaluated there.
    #[inline(always)]
    pub(super) fn forward(&mut self, position: &[F]) {
        self.slots_at(position);
        self.shared_at();
        self.exponents_at();
        for point in &mut self.terms {
            point.flux = bounded_exp(point.flux);
        }
        self.correct_fluxes();
        self.ions_at(position);
    }

    #[inline(always)]
    fn slots_at(&mut self, position: &[F]) {
        for &s in &self.plan.moving {
            let slot = &self.object.slots[s];
            let z = match position.get(slot.coordinate as usize) {
                Some(&z) => z,
                None => F::zero(),
            };
            let earlier = |slot: u32| match self.slots.get(slot as usize) {
                Some(slot) => slot.value,
                None => F::zero(),
            };
            let (parent, density) = (earlier(slot.parent), earlier(slot.density));
            let cut = self.cuts[s].as_ref().map(Cut::splat);
            self.slots[s] = slot_value_cut(&slot.splat(), z, parent, density, cut);
        }
    }

    /// Quantities that all zones share, and the zones.
    #[inline(always)]
    fn shared_at(&mut self) {
        let header = &self.object.header;
        let value = |slot: u32| self.slots[slot as usize].value;
        self.shared.tau = value(header.tau);
        self.shared.c_hbeta = value(header.c_hbeta);
        self.shared.a_h = value(header.a_h);
        self.shared.a_he = value(header.a_he);
        self.shared.ln_f_hbeta = value(header.ln_f_hbeta);
        self.shared.xi = value(header.xi);
        let law = TauLaw::new(header);
        for (zone, point) in self.zones.iter_mut().enumerate() {
            let (t, n) = header.zone(zone);
            let (t, log_n) = (self.slots[t].value, self.slots[n].value);
            *point = ZonePoint::new(self.grid, t, log_n, &law);
        }
        if self.plan.xi {
            // Every other line is a ratio to Hβ of recombination alone.
            let hydrogen = &self.zones[self.object.ions[0].zone as usize];
            let [ln_grown, d_xi, d_t] = excited(COLLISIONAL_HBETA, self.shared.xi, hydrogen.t4, hydrogen.ln_t4);
            self.shared.ln_f_hbeta = self.shared.ln_f_hbeta - ln_grown;
            self.shared.d_hbeta = [d_xi, d_t];
        }
        if self.plan.absorption {
            // Fluxes are ratios to what absorption leaves of Hβ.
            let [ln_undimmed, d_undimmed] = undimmed_hbeta(F::splat(header.absorption_hbeta), self.shared.a_h);
            self.shared.ln_f_hbeta = self.shared.ln_f_hbeta + ln_undimmed;
            self.shared.d_undimmed = d_undimmed;
        }
        if self.plan.rv {
            self.redden();
        }
        if self.plan.nu {
            self.shared.nu = self.slots[header.nu as usize].value;
            self.shared.student = student_norm(self.shared.nu);
        }
    }

    /// ln 10 · f_λ of every term.
    #[inline(always)]
    fn redden(&mut self) {
        let header = &self.object.header;
        self.shared.rv = self.slots[header.rv as usize].value;
        self.shared.law_unit = law_unit(
            F::splat(header.law_a_hbeta),
            F::splat(header.law_b_hbeta),
            self.shared.rv,
        );
        for (term, point) in self.object.terms.iter().zip(&mut self.terms) {
            point.f_lambda = f_lambda(&term.splat(), self.shared.rv, self.shared.law_unit);
        }
    }

    /// ln of the flux of each term, without optical depth and absorption, into `flux` of its point.
    #[inline(always)]
    fn exponents_at(&mut self) {
        let (c_hbeta, ln_f_hbeta) = (self.shared.c_hbeta, self.shared.ln_f_hbeta);
        for (zone, terms) in self.zones.iter().zip(&self.plan.zones) {
            for term in terms {
                let [ln_emissivity, d_u, d_v] = match term.cells {
                    Some(cells) => zone.stencil.value(cells),
                    None => self.coefficients_per_cell(zone, term.index),
                };
                let point = &mut self.terms[term.index];
                let emitted = F::splat(term.constant) + ln_emissivity;
                point.flux = (-point.f_lambda).mul_add(c_hbeta, emitted) + ln_f_hbeta;
                point.d_u = d_u;
                point.d_v = d_v;
            }
        }
        self.shift_helium();
        for (&k, partials) in self.plan.excited.iter().zip(&mut self.excited) {
            let term = &self.object.terms[k];
            let zone = &self.zones[term.zone as usize];
            let [ln_grown, d_xi, d_t] = excited(term.collisional, self.shared.xi, zone.t4, zone.ln_t4);
            self.terms[k].flux = self.terms[k].flux + ln_grown;
            *partials = [d_xi, d_t];
        }
    }

    /// Shift of the emissivities of He I.
    #[inline(always)]
    fn shift_helium(&mut self) {
        let amplitude = self.slots[self.object.header.he1_shift as usize].value;
        for (&(k, cells), partial) in self.plan.shifted.iter().zip(&mut self.shifted) {
            let zone = &self.zones[self.object.terms[k].zone as usize];
            let direction = zone.stencil.value(cells);
            let point = &mut self.terms[k];
            [point.flux, point.d_u, point.d_v] = shifted([point.flux, point.d_u, point.d_v], direction, amplitude);
            *partial = direction[0];
        }
    }

    /// ln(ε/ε_Hβ) of a term without a table, and its derivatives per cell of a table.
    #[inline(always)]
    fn coefficients_per_cell(&self, zone: &ZonePoint<F>, index: usize) -> [F; 3] {
        let [value, by_log10_t, by_log10_n] =
            four_coefficients(&self.object.terms[index].splat(), zone.t4, zone.ln_t4, zone.n);
        [
            value,
            by_log10_t / F::splat(self.grid.inverse_step_t),
            by_log10_n / F::splat(self.grid.inverse_step_n),
        ]
    }

    /// Optical depth and absorption.
    #[inline(always)]
    fn correct_fluxes(&mut self) {
        for (&k, partials) in self.plan.thick.iter().zip(&mut self.thick) {
            let term = &self.object.terms[k];
            let at = &self.zones[term.zone as usize].tau;
            let [f_tau, by_t, by_n, by_tau] = thickened(&term.splat(), at, self.shared.tau);
            self.terms[k].flux = self.terms[k].flux * f_tau;
            *partials = [by_t, by_n, by_tau];
        }
        for (&l, partials) in self.plan.dimmed.iter().zip(&mut self.dimmed) {
            let line = &self.object.lines[l];
            let [left, by_a_h, by_a_he] = absorption(&line.splat(), self.shared.a_h, self.shared.a_he);
            for point in &mut self.terms[line.term_range()] {
                point.flux = point.flux * left;
            }
            *partials = [by_a_h, by_a_he];
        }
    }

    #[inline(always)]
    fn ions_at(&mut self, position: &[F]) {
        for &i in &self.plan.flux_ions {
            let ion = &self.object.ions[i];
            let first = ion.first_reference as usize;
            let mut sum = F::zero();
            for point in &self.terms[first..first + ion.references as usize] {
                sum = sum + point.flux;
            }
            let at = &mut self.ions[i];
            at.reference = sum;
            at.ln_abundance = -sum.ln();
        }
        for (ion, at) in self.object.ions.iter().zip(&mut self.ions) {
            match ion.kind {
                IonKind::Flux => {
                    let mut phi = position[ion.source as usize];
                    if ion.low_snr == 1 {
                        [phi, at.slope, at.ln_slope, at.d_ln_slope] =
                            low_snr_flux(phi, F::splat(ion.ln_unit), F::splat(ion.tail_slope));
                    }
                    at.ln_abundance = phi + at.ln_abundance;
                }
                IonKind::SlotLog10 => {
                    let dex = self.slots[ion.source as usize].value - real(ABUNDANCE_ZERO);
                    at.ln_abundance = real::<F>(std::f64::consts::LN_10) * dex + F::splat(ion.base);
                }
                IonKind::SlotLinear => {
                    let abundance = self.slots[ion.source as usize].value.max(F::min_positive());
                    at.ln_abundance = abundance.ln() + F::splat(ion.base);
                }
                _ => {}
            }
        }
        for at in &mut self.ions {
            at.abundance = bounded_exp(at.ln_abundance);
        }
    }

    /// The flux of term `k`.
    #[inline(always)]
    pub(super) fn share(&self, k: usize) -> F {
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

    /// The factor on the fluxes of the spectrograph arm of line `l`.
    #[inline(always)]
    pub(super) fn arm_factor(&self, l: usize) -> F {
        match self.slots.get(self.object.lines[l].arm as usize) {
            Some(slot) => calibration(slot.value),
            None => F::one(),
        }
    }

    /// The model's flux of line `l`.
    #[inline(always)]
    pub(super) fn line_flux(&self, l: usize) -> F {
        let mut sum = F::zero();
        for k in self.object.lines[l].term_range() {
            sum = sum + self.share(k);
        }
        sum * self.arm_factor(l)
    }

    /// The value of a slot.
    pub fn slot(&self, slot: usize) -> F {
        self.slots[slot].value
    }

    /// ln of an ion's abundance X/H.
    pub fn ln_abundance(&self, ion: usize) -> F {
        self.ions[ion].ln_abundance - F::splat(self.object.ions[ion].base)
    }

    /// The model's flux of line `l` relative to Hβ's measured flux.
    pub fn flux(&self, l: usize) -> F {
        self.line_flux(l)
    }
}

/// The value of a slot that stands still.
fn value_of_still<F: Real>(slot: &Slot<F>) -> F {
    slot_value_cut(slot, F::zero(), F::zero(), F::zero(), None).value
}

/// The normalisation of Student's t of `nu` degrees of freedom; 0 where no line has that
/// likelihood.
fn normalisation<F: Real>(nu: F) -> [F; 2] {
    if F::any(F::zero().lt(nu)) {
        student_norm(nu)
    } else {
        [F::zero(); 2]
    }
}

/// The probability that the prior of a slot loses to its bounds, where the location does not move.
#[inline(always)]
fn known_cut<F: Real>(slot: &Slot<F>) -> Option<Cut<F>> {
    (slot.kind == SlotKind::Quantile && slot.parent == NONE && slot.density == NONE).then(|| Cut::of(slot))
}
