//! The log density of one object and its gradient, line by line.

use super::effect::optical_depth::{TauLaw, thickened};
use super::lanes::{F32_LANES, FEW_LANES, LANES, ONE_LANE};
use super::object::ModelObject;
use super::plan::Plan;
use super::pulls::Pulls;
use super::terms::{Shared, TermPoint, ZonePoint, absorption};
use crate::emissivity::Grid;
use crate::model::code::{IonKind, SlotKind};
use crate::model::coordinate::low_snr::low_snr_flux;
use crate::model::coordinate::{SlotValue, slot_value_cut};
use crate::model::likelihood::{Likelihood, line_likelihood};
use crate::model::prior::Cut;
use crate::model::record::{NONE, Slot};
use crate::number::lanes::Lanes;
use crate::number::real::{Real, real};
use crate::number::simd::{fused, vectorised};
use crate::number::special::{bounded_exp, student_norm};
use crate::number::wgsl::shared_constants;

shared_constants! {
    /// Metals are given as 12 + log₁₀(X/H).
    pub const ABUNDANCE_ZERO: f64 = 12.0;
}

/// An ion at one point: its abundance relative to its base and ln of it; of an ion sampled by flux also Σ F_k/X of its reference line, dφ/dx of
/// its coordinate x, and what ln of that adds to the log density and its derivative by x.
#[derive(Clone, Copy, Debug)]
pub(super) struct IonPoint<F> {
    abundance: F,
    ln_abundance: F,
    pub(super) reference: F,
    pub(super) slope: F,
    ln_slope: F,
    d_ln_slope: F,
}

/// One object at one position, with the buffers that its evaluation needs.
///
/// The evaluation goes forward once (slots, zones, terms, ions); then each line's flux can be taken, and what pulls on it
/// spread back over ions, terms, zones and slots to the coordinates.
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
    /// Of each term with an optical depth the derivatives of ln f_tau by T, log₁₀ n_e and tau.
    pub(super) thick: Vec<[F; 3]>,
    /// Of each term that collisions excite the derivatives of what they add to its ln by ξ and T.
    pub(super) excited: Vec<[F; 2]>,
    /// Of each line with absorption of its own the derivatives of ln of what is left by a_H and a_He.
    pub(super) dimmed: Vec<[F; 2]>,
    /// Of each slot that is not tied, what its prior loses to its bounds.
    cuts: Vec<Option<Cut<F::Scalar>>>,
    pub(super) ions: Vec<IonPoint<F>>,
    pub(super) pulls: Pulls<F>,
}

impl<'a, F: Real> Evaluator<'a, F> {
    /// An evaluator of `object`, at no position yet.
    pub fn new(object: &'a ModelObject<F::Scalar>, grid: &'a Grid<F::Scalar>) -> Self {
        fused(
            #[inline(always)]
            || Self::new_here(object, grid),
        )
    }

    #[inline(always)]
    fn new_here(object: &'a ModelObject<F::Scalar>, grid: &'a Grid<F::Scalar>) -> Self {
        let (zero, one) = (F::zero(), F::one());
        let plan = Plan::new(object, grid);
        let mut slots = vec![SlotValue::still(zero); object.slots.len()];
        for (s, slot) in object.slots.iter().enumerate() {
            if !plan.moving.contains(&s) {
                slots[s] = slot_value_cut(&slot.spread(), zero, zero, zero, None);
            }
        }
        let law = TauLaw::new(&object.header);
        let zones = vec![ZonePoint::new(grid, real(1e4), zero, &law); plan.zones.len()];
        let term = TermPoint {
            flux: zero,
            d_u: zero,
            d_v: zero,
            f_lambda: zero,
            pull: zero,
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
            slots,
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
                nu: zero,
                student: [zero; 2],
            },
            terms: vec![term; object.terms.len()],
            thick: vec![[zero; 3]; plan.thick.len()],
            excited: vec![[zero; 2]; plan.excited.len()],
            dimmed: vec![[zero; 2]; plan.dimmed.len()],
            cuts: object.slots.iter().map(known_cut).collect(),
            ions: vec![ion; object.ions.len()],
            pulls: Pulls::new(object),
            plan,
        };
        evaluator.redden();
        evaluator.student();
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
            let cut = self.cuts[s].as_ref().map(Cut::spread);
            self.slots[s] = slot_value_cut(&slot.spread(), z, parent, density, cut);
        }
    }

    /// What all zones share, and the zones.
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
            self.shared.excite_hbeta(&self.zones[self.object.ions[0].zone as usize]);
        }
        if self.plan.absorption {
            self.shared.dim_hbeta(F::spread(header.absorption_hbeta));
        }
        if self.plan.rv {
            self.redden();
        }
        if self.plan.nu {
            self.student();
        }
    }

    /// ln 10 · f_λ of every term.
    #[inline(always)]
    fn redden(&mut self) {
        let header = &self.object.header;
        self.shared.rv = self.slots[header.rv as usize].value;
        self.shared.law_unit =
            F::one() / (F::spread(header.law_a_hbeta) * self.shared.rv + F::spread(header.law_b_hbeta));
        for (term, point) in self.object.terms.iter().zip(&mut self.terms) {
            point.f_lambda = self.shared.f_lambda(&term.spread());
        }
    }

    /// The normalisation of Student's t.
    #[inline(always)]
    fn student(&mut self) {
        self.shared.nu = self.slots[self.object.header.nu as usize].value;
        if F::any(F::zero().lt(self.shared.nu)) {
            self.shared.student = student_norm(self.shared.nu);
        }
    }

    /// ln of every term's flux, less what thickness and absorption do to it, in the place of its flux.
    #[inline(always)]
    fn exponents_at(&mut self) {
        let (c_hbeta, ln_f_hbeta) = (self.shared.c_hbeta, self.shared.ln_f_hbeta);
        for (zone, terms) in self.zones.iter().zip(&self.plan.zones) {
            for term in terms {
                let [ln_emissivity, d_u, d_v] = match term.cells {
                    Some(cells) => zone.stencil.value(cells),
                    None => self.four_coefficients(zone, term.place),
                };
                let point = &mut self.terms[term.place];
                let emitted = F::spread(term.constant) + ln_emissivity;
                point.flux = (-point.f_lambda).mul_add(c_hbeta, emitted) + ln_f_hbeta;
                point.d_u = d_u;
                point.d_v = d_v;
            }
        }
        for (&k, partials) in self.plan.excited.iter().zip(&mut self.excited) {
            let term = &self.object.terms[k];
            let [ln_grown, d_xi, d_t] = self.zones[term.zone as usize].excited(term.collisional, self.shared.xi);
            self.terms[k].flux = self.terms[k].flux + ln_grown;
            *partials = [d_xi, d_t];
        }
    }

    /// ln(ε/ε_Hβ) of a term without a table, its derivatives per cell of one.
    #[inline(always)]
    fn four_coefficients(&self, zone: &ZonePoint<F>, place: usize) -> [F; 3] {
        let [value, by_log10_t, by_log10_n] = zone.four_coefficients(&self.object.terms[place].spread());
        [
            value,
            by_log10_t / F::spread(self.grid.inverse_step_t),
            by_log10_n / F::spread(self.grid.inverse_step_n),
        ]
    }

    /// Optical depth and absorption.
    #[inline(always)]
    fn correct_fluxes(&mut self) {
        for (&k, partials) in self.plan.thick.iter().zip(&mut self.thick) {
            let term = &self.object.terms[k];
            let at = &self.zones[term.zone as usize].tau;
            let [f_tau, by_t, by_n, by_tau] = thickened(&term.spread(), at, self.shared.tau);
            self.terms[k].flux = self.terms[k].flux * f_tau;
            *partials = [by_t, by_n, by_tau];
        }
        for (&l, partials) in self.plan.dimmed.iter().zip(&mut self.dimmed) {
            let line = &self.object.lines[l];
            let [left, by_a_h, by_a_he] = absorption(&line.spread(), &self.shared);
            for point in &mut self.terms[line.places()] {
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
                            low_snr_flux(phi, F::spread(ion.ln_unit), F::spread(ion.tail_slope));
                    }
                    at.ln_abundance = phi + at.ln_abundance;
                }
                IonKind::SlotLog10 => {
                    let dex = self.slots[ion.source as usize].value - real(ABUNDANCE_ZERO);
                    at.ln_abundance = real::<F>(std::f64::consts::LN_10) * dex + F::spread(ion.base);
                }
                IonKind::SlotLinear => {
                    let abundance = self.slots[ion.source as usize].value.max(F::min_positive());
                    at.ln_abundance = abundance.ln() + F::spread(ion.base);
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

    /// The calibration of a line's spectrograph arm.
    #[inline(always)]
    pub(super) fn calibration(&self, l: usize) -> F {
        match self.slots.get(self.object.lines[l].arm as usize) {
            Some(slot) => bounded_exp(slot.value),
            None => F::one(),
        }
    }

    /// The model's flux of line `l`.
    #[inline(always)]
    pub(super) fn line_flux(&self, l: usize) -> F {
        let mut sum = F::zero();
        for k in self.object.lines[l].places() {
            sum = sum + self.share(k);
        }
        sum * self.calibration(l)
    }

    /// ln likelihood of line `l`, which begins to pull on its terms, its ions, and its arm.
    #[inline(always)]
    fn line_at(&mut self, l: usize) -> F {
        let line = &self.object.lines[l];
        let mut flux = F::zero();
        for k in line.places() {
            let share = self.share(k);
            self.terms[k].pull = share;
            flux = flux + share;
        }
        let calibration = self.calibration(l);
        let at = &self.shared;
        let [value, d_flux, d_nu] = line_likelihood(&line.spread(), flux * calibration, at.nu, at.student);
        let weight = d_flux * calibration;
        for k in line.places() {
            let pull = weight * self.terms[k].pull;
            self.terms[k].pull = pull;
            self.pulls.add_ions(&self.object.terms[k], pull);
        }
        if line.arm != NONE {
            self.pulls.add_slot(line.arm, weight * flux);
        }
        if line.likelihood == Likelihood::StudentT {
            self.pulls.add_slot(self.object.header.nu, d_nu);
        }
        value
    }

    /// As `logdensity`, compiled for the instruction set of the caller.
    #[inline(always)]
    pub(crate) fn logdensity_here(&mut self, position: &[F], grad: &mut [F]) -> F {
        let half = real::<F>(0.5);
        self.forward(position);
        self.pulls.reset();
        grad.fill(F::zero());
        let mut sum = F::spread(self.object.header.constant);
        for &s in &self.plan.moving {
            let (slot, value) = (&self.object.slots[s], &self.slots[s]);
            if slot.coordinate != NONE {
                sum = sum + value.logdensity;
                grad[slot.coordinate as usize] = value.d_logdensity;
            }
        }
        for &i in &self.plan.flux_ions {
            let (ion, at) = (&self.object.ions[i], &self.ions[i]);
            let inverse_width = F::spread(ion.inverse_width);
            let score = (at.ln_abundance - F::spread(ion.location)) * inverse_width;
            sum = sum - half * score * score + at.ln_slope;
            grad[ion.source as usize] = at.d_ln_slope;
            self.pulls.ions[i] = -score * inverse_width;
        }
        for l in 0..self.object.lines.len() {
            sum = sum + self.line_at(l);
        }
        self.spread(grad);
        sum
    }

    /// The value of a slot.
    pub fn slot(&self, slot: usize) -> F {
        self.slots[slot].value
    }

    /// ln of an ion's abundance X/H.
    pub fn ln_abundance(&self, ion: usize) -> F {
        self.ions[ion].ln_abundance - F::spread(self.object.ions[ion].base)
    }

    /// The model's flux of line `l` relative to Hβ's measured flux.
    pub fn flux(&self, l: usize) -> F {
        self.line_flux(l)
    }

    /// ln of the density of line `l`'s measurement, or of the probability of its limit, all constants included.
    pub fn ln_likelihood(&self, l: usize) -> F {
        let (line, at) = (self.object.lines[l].spread(), &self.shared);
        line_likelihood(&line, self.line_flux(l), at.nu, at.student)[0] + line.ln_normalisation()
    }
}

/// What the prior of a slot loses to its bounds, if nothing moves it.
#[inline(always)]
fn known_cut<F: Real>(slot: &Slot<F>) -> Option<Cut<F>> {
    (slot.kind == SlotKind::Quantile && slot.parent == NONE && slot.density == NONE).then(|| Cut::of(slot))
}
/// A number for which the evaluation is compiled, once, for every instruction set: generic code would be compiled anew wherever
/// it is used.
pub trait Compiled: Real {
    /// As [`Evaluator::logdensity`].
    fn logdensity(evaluator: &mut Evaluator<'_, Self>, position: &[Self], grad: &mut [Self]) -> Self;
    /// As [`Evaluator::at`].
    fn forward(evaluator: &mut Evaluator<'_, Self>, position: &[Self]);
}

macro_rules! compiled {
    ($($number:ty: $widest:ident),+) => {
        $(impl Compiled for $number {
            fn logdensity(evaluator: &mut Evaluator<'_, Self>, position: &[Self], grad: &mut [Self]) -> Self {
                $widest(
                    #[inline(always)]
                    || evaluator.logdensity_here(position, grad),
                )
            }

            fn forward(evaluator: &mut Evaluator<'_, Self>, position: &[Self]) {
                $widest(
                    #[inline(always)]
                    || evaluator.forward(position),
                );
            }
        })+
    };
}

compiled!(
    f64: fused,
    f32: fused,
    Lanes<f64, ONE_LANE>: fused,
    Lanes<f64, FEW_LANES>: fused,
    Lanes<f64, LANES>: vectorised,
    Lanes<f32, LANES>: fused,
    Lanes<f32, F32_LANES>: vectorised
);

impl<F: Compiled> Evaluator<'_, F> {
    /// ln of the posterior density at `position`, without evidence, and its gradient in `grad` (`[dimension]`).
    pub fn logdensity(&mut self, position: &[F], grad: &mut [F]) -> F {
        F::logdensity(self, position, grad)
    }

    /// Moves to `position`, for `slot`, `ln_abundance`, `flux` and `ln_likelihood`.
    pub fn at(&mut self, position: &[F]) -> &mut Self {
        F::forward(self, position);
        self
    }
}
