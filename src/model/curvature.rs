//! The curvature of the log density: the Gauss–Newton matrix of one object.

use super::density::Evaluator;
use crate::shared::coordinate::slot_value;
use crate::shared::layout::{FLUX, IonRecord, NONE, Slot};
use crate::shared::likelihood::information;
use crate::shared::simd::fused;
use crate::shared::weak::weak_flux;

impl Evaluator<'_, f64> {
    /// The rows of the Jacobian of the fluxes, by the root of their information, then of the abundance scores, at `position`,
    /// each handed to `take`.
    #[inline(always)]
    fn residual_rows(&mut self, position: &[f64], mut take: impl FnMut(&[f64])) {
        self.forward(position);
        let mut row = vec![0.0; self.object.dimension()];
        for l in 0..self.object.lines.len() {
            let weight = information(&self.object.lines[l], self.line_flux(l), self.shared.nu);
            self.pull_line(l, weight.sqrt());
            row.fill(0.0);
            self.spread(&mut row);
            take(&row);
        }
        for ion in 0..self.ions.len() {
            if self.object.ions[ion].kind == FLUX {
                self.pulls.ions[ion] = self.object.ions[ion].inverse_width;
                row.fill(0.0);
                self.spread(&mut row);
                take(&row);
            }
        }
    }
}

/// The Gauss–Newton matrix of −ln posterior at `position`: JᵀJ of the fluxes by their information and of the abundance scores, plus the
/// curvature of the slots' priors and of the weak ions' coordinates. Row-major `[dimension, dimension]` into `hessian`.
pub fn gauss_newton(evaluator: &mut Evaluator<'_, f64>, position: &[f64], hessian: &mut [f64]) {
    let dimension = position.len();
    hessian.fill(0.0);
    fused(
        #[inline(always)]
        || {
            evaluator.residual_rows(
                position,
                #[inline(always)]
                |row| {
                    for (i, &a) in row.iter().enumerate() {
                        if a != 0.0 {
                            for (h, &b) in hessian[i * dimension..].iter_mut().zip(row) {
                                *h += a * b;
                            }
                        }
                    }
                },
            );
        },
    );
    for ion in evaluator.object.ions.iter().filter(|ion| ion.weak == 1) {
        let x = ion.source as usize;
        hessian[x * (dimension + 1)] += weak_curvature(ion, position[x]);
    }
    for slot in evaluator.object.slots.iter().filter(|slot| slot.coordinate != NONE) {
        let z = slot.coordinate as usize;
        hessian[z * (dimension + 1)] += prior_curvature(slot, position[z]);
    }
}

/// Step of the central differences of the priors' slopes.
const STEP: f64 = 1e-4;

/// −d² ln(dφ/dx) / dx² of a weak ion's coordinate, not below zero.
fn weak_curvature(ion: &IonRecord<f64>, x: f64) -> f64 {
    let bend = |x| weak_flux(x, ion.ln_unit, ion.squeeze)[3];
    ((bend(x - STEP) - bend(x + STEP)) / (2.0 * STEP)).max(0.0)
}

/// −d² ln prior / dz² of a slot by a central difference, held above a small positive value.
fn prior_curvature(slot: &Slot<f64>, z: f64) -> f64 {
    const LEAST: f64 = 1e-6;
    let slope = |z| slot_value(slot, z, 0.0, 0.0).d_logdensity;
    ((slope(z - STEP) - slope(z + STEP)) / (2.0 * STEP)).max(LEAST)
}
