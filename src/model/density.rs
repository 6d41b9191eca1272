//! The log density of one object and its gradient, line by line.

use super::lanes::{FEW_LANES, LANES};
use super::object::ModelObject;
use super::pulls::Pulls;
use super::terms::{Effects, Partials, Shared, TermPoint, ZonePoint, absorption};
use crate::emissivity::Grid;
use crate::shared::coordinate::{Cut, SlotValue, slot_value_cut};
use crate::shared::lanes::Lanes;
use crate::shared::layout::{FLUX, IonRecord, NONE, QUANTILE, SLOT_LINEAR, SLOT_LOG10, Slot};
use crate::shared::likelihood::line_likelihood;
use crate::shared::real::{Real, real};
use crate::shared::simd::{fused, vectorised};
use crate::shared::special::{bounded_exp, student_norm};
use crate::shared::weak::weak_flux;
use crate::shared::wgsl::shared_constants;

shared_constants! {
    /// Metals are given as 12 + log₁₀(X/H).
    pub const ABUNDANCE_ZERO: f64 = 12.0;
}

/// An ion at one point: its abundance relative to its base and ln of it; of a FLUX ion also the partials of r, dφ/dx of its
/// coordinate x, and what ln of that adds to the log density and its derivative by x.
#[derive(Clone, Copy)]
pub(super) struct IonPoint<F> {
    abundance: F,
    ln_abundance: F,
    pub(super) r: Partials<F>,
    pub(super) slope: F,
    ln_slope: F,
    d_ln_slope: F,
}

/// One object at one position, with the buffers that its evaluation needs.
///
/// The evaluation goes forward once (slots, zones, terms, ions); then each line's flux can be taken, and what pulls on it
/// spread back over ions, zones and slots to the coordinates.
///
/// `F` is one number, or one in each of several lanes, each with a position of its own.
pub struct Evaluator<'a, F: Real> {
    pub(super) object: &'a ModelObject<F::Scalar>,
    grid: &'a Grid<F::Scalar>,
    pub(super) effects: Effects,
    pub(super) slots: Vec<SlotValue<F>>,
    zones: Vec<ZonePoint<F>>,
    pub(super) shared: Shared<F>,
    terms: Vec<TermPoint<F>>,
    /// What absorption leaves of each line, and the derivatives of ln of it.
    losses: Vec<[F; 3]>,
    /// Of each slot that is not tied, what its prior loses to its bounds.
    cuts: Vec<Option<Cut<F::Scalar>>>,
    pub(super) ions: Vec<IonPoint<F>>,
    pub(super) pulls: Pulls<F>,
}

impl<'a, F: Real> Evaluator<'a, F> {
    /// An evaluator of `object`, at no position yet.
    pub fn new(object: &'a ModelObject<F::Scalar>, grid: &'a Grid<F::Scalar>) -> Self {
        let zero = F::zero();
        Evaluator {
            object,
            grid,
            effects: Effects::of(object),
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
                undimmed: [F::one(), zero],
                nu: zero,
                student: [zero; 2],
            },
            terms: vec![TermPoint::dark(); object.terms.len()],
            losses: vec![[F::one(), F::zero(), F::zero()]; object.lines.len()],
            cuts: object.slots.iter().map(known_cut).collect(),
            ions: Vec::with_capacity(object.ions.len()),
            pulls: Pulls::new(object),
        }
    }

    /// Moves to `position`: slots, zones, terms and ions are evaluated there.
    #[inline(always)]
    pub(super) fn forward(&mut self, position: &[F]) {
        let header = &self.object.header;
        self.slots.clear();
        for slot in &self.object.slots {
            let z = match position.get(slot.coordinate as usize) {
                Some(&z) => z,
                None => F::zero(),
            };
            let (parent, density) = (self.earlier(slot.parent), self.earlier(slot.density));
            let cut = self.cuts[self.slots.len()].as_ref().map(Cut::spread);
            let value = slot_value_cut(&slot.spread(), z, parent, density, cut);
            self.slots.push(value);
        }
        let value = |slot: u32| self.slots[slot as usize].value;
        let dimming = F::spread(header.absorption_hbeta);
        let undimmed = F::one() + dimming * value(header.a_h);
        self.shared = Shared {
            tau: value(header.tau),
            c_hbeta: value(header.c_hbeta),
            a_h: value(header.a_h),
            a_he: value(header.a_he),
            ln_f_hbeta: value(header.ln_f_hbeta),
            rv: value(header.rv),
            law_unit: F::one() / (F::spread(header.law_a_hbeta) * value(header.rv) + F::spread(header.law_b_hbeta)),
            xi: value(header.xi),
            d_hbeta: [F::zero(); 2],
            undimmed: [undimmed, dimming / undimmed],
            nu: value(header.nu),
            student: [F::zero(); 2],
        };
        self.zones.clear();
        for zone in 0..header.zones as usize {
            let (t, n) = header.zone(zone);
            self.zones
                .push(ZonePoint::new(self.grid, self.slots[t].value, self.slots[n].value));
        }
        if self.effects.xi {
            self.shared.excite_hbeta(&self.zones[self.object.ions[0].zone as usize]);
        }
        if F::any(F::zero().lt(self.shared.nu)) {
            self.shared.student = student_norm(self.shared.nu);
        }
        for (l, line) in self.object.lines.iter().enumerate() {
            if self.effects.absorption {
                self.losses[l] = absorption(&line.spread(), &self.shared);
            }
            for k in line.first_term as usize..(line.first_term + line.terms) as usize {
                let term = &self.object.terms[k];
                let zone = &self.zones[term.zone as usize];
                let emissivity = zone.emissivity(self.grid, &term.spread());
                self.terms[k] = TermPoint::new(term, emissivity, zone, &self.shared, self.losses[l][0], self.effects);
            }
        }
        self.ions.clear();
        for ion in 0..self.object.ions.len() {
            let point = self.ion_point(&self.object.ions[ion], position);
            self.ions.push(point);
        }
    }

    /// The value of a slot that stands before the present one, 0 where there is none.
    #[inline(always)]
    fn earlier(&self, slot: u32) -> F {
        match self.slots.get(slot as usize) {
            Some(slot) => slot.value,
            None => F::zero(),
        }
    }

    #[inline(always)]
    fn ion_point(&self, ion: &IonRecord<F::Scalar>, position: &[F]) -> IonPoint<F> {
        let mut r = Partials::zero();
        let [mut slope, mut ln_slope, mut d_ln_slope] = [F::one(), F::zero(), F::zero()];
        let ln_abundance = match ion.kind {
            FLUX => {
                let (ln_share, d) = self.reference(ion);
                r = d;
                let mut phi = position[ion.source as usize];
                if ion.weak == 1 {
                    [phi, slope, ln_slope, d_ln_slope] = weak_flux(phi, F::spread(ion.ln_unit), F::spread(ion.squeeze));
                }
                phi - ln_share
            }
            SLOT_LOG10 => {
                let dex = self.slots[ion.source as usize].value - real(ABUNDANCE_ZERO);
                real::<F>(std::f64::consts::LN_10) * dex + F::spread(ion.base)
            }
            SLOT_LINEAR => self.slots[ion.source as usize].value.max(F::min_positive()).ln() + F::spread(ion.base),
            _ => F::zero(),
        };
        IonPoint {
            abundance: bounded_exp(ln_abundance),
            ln_abundance,
            r,
            slope,
            ln_slope,
            d_ln_slope,
        }
    }

    /// r = ln Σ F_k/X over the ion's terms in its reference line, and its partials.
    #[inline(always)]
    fn reference(&self, ion: &IonRecord<F::Scalar>) -> (F, Partials<F>) {
        let first = ion.first_reference as usize;
        let loss = &self.losses[ion.reference_line as usize];
        let mut sum = F::zero();
        for point in &self.terms[first..first + ion.references as usize] {
            sum = sum + point.flux;
        }
        let inverse = F::one() / sum;
        let mut d = Partials::zero();
        for k in first..first + ion.references as usize {
            let (term, point) = (&self.object.terms[k], &self.terms[k]);
            d.add_term(point.flux * inverse, term, point, loss, self.effects);
        }
        (sum.ln(), d)
    }

    #[inline(always)]
    fn line_terms(&self, l: usize) -> std::ops::Range<usize> {
        let line = &self.object.lines[l];
        line.first_term as usize..(line.first_term + line.terms) as usize
    }

    /// The flux of term `k`.
    #[inline(always)]
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
    #[inline(always)]
    fn calibration(&self, l: usize) -> F {
        match self.slots.get(self.object.lines[l].arm as usize) {
            Some(slot) => bounded_exp(slot.value),
            None => F::one(),
        }
    }

    /// The model's flux of line `l`.
    #[inline(always)]
    pub(super) fn line_flux(&self, l: usize) -> F {
        let mut sum = F::zero();
        for k in self.line_terms(l) {
            sum = sum + self.share(k);
        }
        sum * self.calibration(l)
    }

    /// Adds `weight` · d F_l to the pulls.
    #[inline(always)]
    pub(super) fn pull_line(&mut self, l: usize, weight: F) {
        let weight = weight * self.calibration(l);
        let mut total = F::zero();
        for k in self.line_terms(l) {
            let pull = weight * self.share(k);
            let term = &self.object.terms[k];
            self.pulls.zones[term.zone as usize].add_term(pull, term, &self.terms[k], &self.losses[l], self.effects);
            self.pulls.add_ions(term, pull);
            total = total + pull;
        }
        self.pulls.ln_f_hbeta = self.pulls.ln_f_hbeta + total;
        let arm = self.object.lines[l].arm;
        if arm != NONE {
            self.pulls.add_slot(arm, total);
        }
    }

    /// (ln X − mean)/sd of an ion's abundance under its prior, for FLUX ions.
    #[inline(always)]
    fn ion_score(&self, ion: usize) -> Option<F> {
        let record = &self.object.ions[ion];
        if record.kind != FLUX {
            return None;
        }
        Some((self.ions[ion].ln_abundance - F::spread(record.location)) * F::spread(record.inverse_width))
    }

    /// As `logdensity`, compiled for the instruction set of the caller.
    #[inline(always)]
    pub(crate) fn logdensity_here(&mut self, position: &[F], grad: &mut [F]) -> F {
        let half = real::<F>(0.5);
        self.forward(position);
        grad.fill(F::zero());
        let mut sum = F::spread(self.object.header.constant);
        for (slot, value) in self.object.slots.iter().zip(&self.slots) {
            if slot.coordinate != NONE {
                sum = sum + value.logdensity;
                grad[slot.coordinate as usize] = value.d_logdensity;
            }
        }
        for ion in 0..self.ions.len() {
            if let Some(score) = self.ion_score(ion) {
                let at = &self.ions[ion];
                sum = sum - half * score * score + at.ln_slope;
                grad[self.object.ions[ion].source as usize] = at.d_ln_slope;
                let pull = &mut self.pulls.ions[ion];
                *pull = *pull - score * F::spread(self.object.ions[ion].inverse_width);
            }
        }
        for l in 0..self.object.lines.len() {
            let model = self.line_flux(l);
            let at = &self.shared;
            let of_line = line_likelihood(&self.object.lines[l].spread(), model, at.nu, at.student);
            sum = sum + of_line.value;
            self.pull_line(l, of_line.d_flux);
            self.pulls.add_slot(self.object.header.nu, of_line.d_nu);
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
        line_likelihood(&line, self.line_flux(l), at.nu, at.student).value + line.ln_normalisation()
    }
}

/// What the prior of a slot loses to its bounds, if nothing moves it.
fn known_cut<F: Real>(slot: &Slot<F>) -> Option<Cut<F>> {
    (slot.kind == QUANTILE && slot.parent == NONE && slot.density == NONE).then(|| Cut::of(slot))
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

compiled!(f64: fused, f32: fused, Lanes<f64, FEW_LANES>: fused, Lanes<f64, LANES>: vectorised);

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
