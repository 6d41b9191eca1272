//! The curvature of the log density: the Gauss–Newton matrix of one object.

use super::density::Forward;
use super::evaluator::Evaluator;
use super::lanes::LaneEvaluator;
use crate::model::coordinate::low_snr::low_snr_flux;
use crate::model::coordinate::slot_value;
use crate::model::likelihood::information;
use crate::model::record::{IonRecord, NONE, Slot};
use crate::number::lanes::Lanes;
use crate::number::real::Real;
use crate::number::simd::vectorised;

impl<const N: usize> Evaluator<'_, Lanes<f64, N>> {
    /// Rows of the Jacobian of the fluxes, by the root of their information, then of the abundance
    /// scores, at a position that all lanes share: row `first` + i, if there is one, in lane i of
    /// `rows`, `[dimension]`.
    #[inline(always)]
    fn residual_rows(&mut self, first: usize, rows: &mut [Lanes<f64, N>]) {
        let lines = self.object.lines.len();
        self.adjoints.reset();
        for point in &mut self.terms {
            point.adjoint = Lanes::zero();
        }
        for lane in 0..N {
            let row = first + lane;
            if row < lines {
                self.adjoint_line(lane, row);
            } else if let Some(&ion) = self.plan.flux_ions.get(row - lines) {
                self.adjoints.ions[ion].0[lane] = self.object.ions[ion].inverse_width;
            }
        }
        rows.fill(Lanes::zero());
        self.backpropagate(rows);
    }

    /// Sets the adjoints of the terms and ions of line `l` to the root of its information, in one
    /// lane.
    #[inline(always)]
    fn adjoint_line(&mut self, lane: usize, l: usize) {
        let line = &self.object.lines[l];
        let alone = |value: f64| {
            let mut lanes = Lanes::zero();
            lanes.0[lane] = value;
            lanes
        };
        let weight = information(line, self.line_flux(l).0[0], self.shared.nu.0[0]).sqrt() * self.arm_factor(l).0[0];
        let mut total = 0.0;
        for k in line.term_range() {
            let adjoint = weight * self.share(k).0[0];
            self.terms[k].adjoint.0[lane] = adjoint;
            self.adjoints.add_ions(&self.object.terms[k], alone(adjoint));
            total += adjoint;
        }
        if line.arm != NONE {
            self.adjoints.add_slot(line.arm, alone(total));
        }
    }
}

impl<const N: usize> LaneEvaluator<'_, N>
where
    Lanes<f64, N>: Forward<Scalar = f64>,
{
    /// The Gauss–Newton matrix of −ln posterior at `position`: JᵀJ of the fluxes by their
    /// information and of the abundance scores, plus the curvature of the slots' priors and of the
    /// low-S/N coordinates. Row-major `[dimension, dimension]` into `hessian`.
    pub fn gauss_newton(&mut self, position: &[f64], hessian: &mut [f64]) {
        self.at(&[position]);
        let mut squares = vec![Lanes::zero(); position.len() * (position.len() + 1) / 2];
        let (evaluator, rows) = (&mut self.evaluator, &mut self.grad);
        let object = evaluator.object;
        for first in (0..object.lines.len() + evaluator.plan.flux_ions.len()).step_by(N) {
            vectorised(
                #[inline(always)]
                || {
                    evaluator.residual_rows(first, rows);
                    add_squares(rows, &mut squares);
                },
            );
        }
        let mut sums = squares.iter().map(|lanes| lanes.0.iter().sum());
        for i in 0..position.len() {
            for j in 0..=i {
                let sum = sums.next().expect("a sum of every pair");
                hessian[i * position.len() + j] = sum;
                hessian[j * position.len() + i] = sum;
            }
        }
        let mut add = |coordinate: u32, curvature: f64| {
            hessian[coordinate as usize * (position.len() + 1)] += curvature;
        };
        for ion in object.ions.iter().filter(|ion| ion.low_snr == 1) {
            add(ion.source, low_snr_curvature(ion, position[ion.source as usize]));
        }
        for slot in object.slots.iter().filter(|slot| slot.coordinate != NONE) {
            add(
                slot.coordinate,
                prior_curvature(slot, position[slot.coordinate as usize]),
            );
        }
    }
}

impl<const N: usize> LaneEvaluator<'_, N>
where
    Lanes<f64, N>: Forward<Scalar = f64>,
{
    /// Jacobian of the lines' fluxes at `position`, each row by the root of the line's information:
    /// `[line, dimension]`. JᵀJ is the lines' part of the Gauss–Newton matrix.
    pub fn weighted_jacobian(&mut self, position: &[f64]) -> Vec<f64> {
        self.at(&[position]);
        let (evaluator, rows) = (&mut self.evaluator, &mut self.grad);
        let lines = evaluator.object.lines.len();
        let mut jacobian = Vec::with_capacity(lines * position.len());
        for first in (0..lines).step_by(N) {
            vectorised(
                #[inline(always)]
                || evaluator.residual_rows(first, rows),
            );
            for lane in 0..N.min(lines - first) {
                jacobian.extend(rows.iter().map(|row| row.0[lane]));
            }
        }
        jacobian
    }
}

/// Adds the squares of rows, one a lane, to the lower triangle of a matrix in each lane.
#[inline(always)]
fn add_squares<const N: usize>(rows: &[Lanes<f64, N>], squares: &mut [Lanes<f64, N>]) {
    let mut first = 0;
    for i in 0..rows.len() {
        for (j, square) in squares[first..=first + i].iter_mut().enumerate() {
            *square = rows[i].mul_add(rows[j], *square);
        }
        first += i + 1;
    }
}

/// Step of the central differences of the priors' slopes.
const STEP: f64 = 1e-4;

/// −d² ln(dφ/dx) / dx² of a low-S/N coordinate, not below zero.
fn low_snr_curvature(ion: &IonRecord<f64>, x: f64) -> f64 {
    let bend = |x| low_snr_flux(x, ion.ln_unit, ion.tail_slope)[3];
    ((bend(x - STEP) - bend(x + STEP)) / (2.0 * STEP)).max(0.0)
}

/// −d² ln prior / dz² of a slot by a central difference, held above a small positive value.
fn prior_curvature(slot: &Slot<f64>, z: f64) -> f64 {
    const LEAST: f64 = 1e-6;
    let slope = |z| slot_value(slot, z, 0.0, 0.0).d_logdensity;
    ((slope(z - STEP) - slope(z + STEP)) / (2.0 * STEP)).max(LEAST)
}
