//! The log density of one object and its gradient, line by line.

use super::evaluator::Evaluator;
use super::width::{F32_LANES, FEW_LANES, LANES, ONE_LANE};
use crate::model::code::Likelihood;
use crate::model::likelihood::line_likelihood;
use crate::model::record::NONE;
use crate::number::lanes::Lanes;
use crate::number::real::{Real, real};
use crate::number::simd::{fused, vectorised};

impl<F: Real> Evaluator<'_, F> {
    /// ln likelihood of line `l`, with its derivatives with respect to the line's terms, ions and
    /// arm.
    #[inline(always)]
    fn line_at(&mut self, l: usize) -> F {
        let line = &self.object.lines[l];
        let mut flux = F::zero();
        for k in line.term_range() {
            let share = self.share(k);
            self.terms[k].adjoint = share;
            flux = flux + share;
        }
        let calibration = self.arm_factor(l);
        let at = &self.shared;
        let [value, d_flux, d_nu] = line_likelihood(&line.splat(), flux * calibration, at.nu, at.student);
        let weight = d_flux * calibration;
        for k in line.term_range() {
            let adjoint = weight * self.terms[k].adjoint;
            self.terms[k].adjoint = adjoint;
            self.adjoints.add_ions(&self.object.terms[k], adjoint);
        }
        if line.arm != NONE {
            self.adjoints.add_slot(line.arm, weight * flux);
        }
        if line.likelihood == Likelihood::StudentT {
            self.adjoints.add_slot(self.object.header.nu, d_nu);
        }
        value
    }

    /// As `logdensity`, compiled for the instruction set of the caller.
    #[inline(always)]
    pub(crate) fn logdensity_here(&mut self, position: &[F], grad: &mut [F]) -> F {
        let half = real::<F>(0.5);
        self.forward(position);
        self.adjoints.reset();
        grad.fill(F::zero());
        let mut sum = F::splat(self.object.header.constant);
        for &s in &self.plan.moving {
            let (slot, value) = (&self.object.slots[s], &self.slots[s]);
            if slot.coordinate != NONE {
                sum = sum + value.logdensity;
                grad[slot.coordinate as usize] = value.d_logdensity;
            }
        }
        for &i in &self.plan.flux_ions {
            let (ion, at) = (&self.object.ions[i], &self.ions[i]);
            let inverse_width = F::splat(ion.inverse_width);
            let score = (at.ln_abundance - F::splat(ion.location)) * inverse_width;
            sum = sum - half * score * score + at.ln_slope;
            grad[ion.source as usize] = at.d_ln_slope;
            self.adjoints.ions[i] = -score * inverse_width;
        }
        for l in 0..self.object.lines.len() {
            sum = sum + self.line_at(l);
        }
        self.backpropagate(grad);
        sum
    }

    /// ln of the density of line `l`'s measurement, or of the probability of its limit, all
    /// constants included.
    pub fn ln_likelihood(&self, l: usize) -> F {
        let (line, at) = (self.object.lines[l].splat(), &self.shared);
        line_likelihood(&line, self.line_flux(l), at.nu, at.student)[0] + line.ln_normalisation()
    }
}

/// A number for which the log density is compiled, once, for every instruction set: generic code
/// would be compiled anew wherever it is used.
pub trait Compiled: Real {
    /// As [`Evaluator::logdensity`].
    fn logdensity(evaluator: &mut Evaluator<'_, Self>, position: &[Self], grad: &mut [Self]) -> Self;
}

/// A number for which the fluxes alone are compiled too.
pub trait Forward: Compiled {
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
        })+
    };
}

macro_rules! compiled_forward {
    ($($number:ty: $widest:ident),+) => {
        $(impl Forward for $number {
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
compiled_forward!(f64: fused, Lanes<f64, LANES>: vectorised);

impl<F: Compiled> Evaluator<'_, F> {
    /// ln of the posterior density at `position`, without evidence, and its gradient in `grad`
    /// (`[dimension]`).
    pub fn logdensity(&mut self, position: &[F], grad: &mut [F]) -> F {
        F::logdensity(self, position, grad)
    }
}

impl<F: Forward> Evaluator<'_, F> {
    /// Moves to `position`, for `slot`, `ln_abundance`, `flux` and `ln_likelihood`.
    pub fn at(&mut self, position: &[F]) -> &mut Self {
        F::forward(self, position);
        self
    }
}
