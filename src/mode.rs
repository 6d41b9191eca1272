//! Mode of an object's posterior, and the exact Hessian there.
//!
//! The posterior is a Gaussian likelihood of a smooth model. Levenberg–Marquardt with the
//! Gauss–Newton matrix (Marquardt 1963, SIAM J. Appl. Math. 11, 431) finds the mode from several
//! starts. Where residuals are large, that matrix has the wrong curvature. The search therefore
//! ends with Newton steps on the exact Hessian, from differences of the gradient.

#![warn(clippy::wildcard_enum_match_arm)]

mod several;

pub use several::all;

use nalgebra::{Cholesky, DMatrix, DVector, Dyn};

use crate::emissivity::Grid;
use crate::model::code::{IonKind, SlotKind};
use crate::model::coordinate::low_snr::starting_coordinate;
use crate::model::record::NONE;
use crate::model::{Evaluator, LANES, LaneEvaluator};
use crate::problem::Problem;

/// Most steps of Levenberg–Marquardt; real galaxies need up to about 200.
const MAX_STEPS: usize = 400;
/// Most Newton steps on the exact Hessian.
const NEWTON_STEPS: usize = 20;
/// Newton decrement gᵀH⁻¹g/2 below which the search ends \[nats\].
const TOLERANCE: f64 = 1e-10;
/// The same for a climb with coordinates held, from whose end another climb goes on.
const ON_THE_WAY: f64 = 1e-2;
/// Distance below another climb's maximum at which a climb stops \[nats\], by the log density and
/// by the curvature at that maximum. It corresponds to a tenth of a standard deviation, too little
/// for a mode of its own.
const ATTRACTED: f64 = 0.01;
/// First damping, relative to the diagonal of the matrix.
const DAMPING: f64 = 1e-2;
/// Damping beyond which no step helps.
const MAX_DAMPING: f64 = 1e12;
/// Half-width of the central differences for the Hessian, in units of a coordinate's own width.
const DIFFERENCE: f64 = 1e-3;
/// Temperature coordinates of the starts, in prior standard deviations.
const STARTS: [f64; 3] = [-0.5, 0.8, -1.2];

/// Mode, and the Hessian of −ln posterior at the mode.
#[derive(Clone, Debug)]
pub struct Mode {
    /// Position, `[dimension]`.
    pub position: Vec<f64>,
    /// ln posterior density at the mode.
    pub logdensity: f64,
    /// Hessian of −ln posterior, positive definite, row-major `[dimension, dimension]`. It is
    /// exact, or the Gauss–Newton matrix where the exact one is not positive definite.
    pub hessian: Vec<f64>,
}

/// Best mode over all starts; none if no start has a finite log density.
pub fn find(problem: &Problem, grid: &Grid<f64>) -> Option<Mode> {
    let mut search = Search::new(problem, grid);
    let mut ends: Vec<End> = Vec::new();
    for temperature in STARTS {
        ends.extend(search.climb(starting_point(problem, temperature), &ends));
    }
    let best = highest(&ends)?;
    search.finish(ends.swap_remove(best).position)
}

/// Index of the highest end.
fn highest(ends: &[End]) -> Option<usize> {
    let indices = 0..ends.len();
    indices.max_by(|&a, &b| ends[a].logdensity.total_cmp(&ends[b].logdensity))
}

/// Mode from one start. With `flat`, the posterior lacks the Normal(0, 1) prior of that coordinate.
/// None if the search does not end at a finite log density with a positive definite matrix.
pub(crate) fn climb_from(problem: &Problem, grid: &Grid<f64>, start: Vec<f64>, flat: Option<usize>) -> Option<Mode> {
    let mut search = Search::new(problem, grid);
    search.flat = flat;
    let end = search.climb(start, &[])?;
    search.finish(end.position)
}

/// End of a climb.
struct End {
    position: Vec<f64>,
    logdensity: f64,
    /// True if the climb ended because the log density rose no further.
    converged: bool,
    /// Gauss–Newton matrix of the last step, row-major `[dimension, dimension]`.
    hessian: Vec<f64>,
}

impl End {
    /// True if a climb at `position` with the log density `logdensity` will end here.
    fn attracts(&self, position: &[f64], logdensity: f64) -> bool {
        self.converged
            && 0.5 * self.square(position) < ATTRACTED
            && (0.0..ATTRACTED).contains(&(self.logdensity - logdensity))
    }

    /// Square of the distance of `position` from here, by the curvature here.
    fn square(&self, position: &[f64]) -> f64 {
        let offset: Vec<f64> = position.iter().zip(&self.position).map(|(a, b)| a - b).collect();
        let rows = self.hessian.chunks_exact(offset.len()).zip(&offset);
        rows.map(|(row, x)| x * row.iter().zip(&offset).map(|(h, y)| h * y).sum::<f64>())
            .sum()
    }
}

/// Start of a search. The reference line of every ion has its measured flux, or a third of a limit.
/// Temperatures are at `temperature` prior sd, softplus coordinates where they become straight, and
/// all others at the medians of their priors.
fn starting_point(problem: &Problem, temperature: f64) -> Vec<f64> {
    let object = &problem.object;
    let mut position = vec![0.0; object.dimension()];
    let header = &object.header;
    for (s, slot) in object
        .slots
        .iter()
        .enumerate()
        .filter(|(_, slot)| slot.coordinate != NONE)
    {
        let is_temperature = (0..header.zones as usize).any(|zone| header.zone(zone).0 == s);
        let tied = slot.parent != NONE;
        position[slot.coordinate as usize] = match (slot.kind, is_temperature && !tied) {
            (SlotKind::Softplus, _) => 2.0,
            (_, true) => temperature,
            _ if slot.low_snr == 1 => (-slot.ln_unit).exp().max(1.0),
            _ => 0.0,
        };
    }
    for ion in object.ions.iter().filter(|ion| ion.kind == IonKind::Flux) {
        let line = &object.lines[ion.reference_line as usize];
        position[ion.source as usize] = starting_coordinate(ion, line);
    }
    position
}

struct Search<'a> {
    evaluator: Evaluator<'a, f64>,
    lanes: LaneEvaluator<'a, LANES>,
    dimension: usize,
    /// Coordinate whose Normal(0, 1) prior is removed.
    flat: Option<usize>,
    /// Coordinates that stay where they are.
    held: Vec<usize>,
    grad: Vec<f64>,
    hessian: Vec<f64>,
}

impl<'a> Search<'a> {
    fn new(problem: &'a Problem, grid: &'a Grid<f64>) -> Self {
        let dimension = problem.object.dimension();
        Search {
            evaluator: Evaluator::new(&problem.object, grid),
            lanes: LaneEvaluator::new(&problem.object, grid),
            dimension,
            flat: None,
            held: Vec::new(),
            grad: vec![0.0; dimension],
            hessian: vec![0.0; dimension * dimension],
        }
    }

    fn logdensity(&mut self, position: &[f64]) -> f64 {
        let value = self.evaluator.logdensity(position, &mut self.grad);
        self.held.iter().for_each(|&held| self.grad[held] = 0.0);
        let Some(flat) = self.flat else { return value };
        self.grad[flat] += position[flat];
        value + 0.5 * position[flat] * position[flat]
    }

    /// Writes the Gauss–Newton matrix at `position` into `hessian`.
    fn gauss_newton(&mut self, position: &[f64]) {
        self.lanes.gauss_newton(position, &mut self.hessian);
        if let Some(flat) = self.flat {
            self.hessian[flat * (self.dimension + 1)] -= 1.0;
        }
        for &held in &self.held {
            for i in 0..self.dimension {
                self.hessian[held * self.dimension + i] = 0.0;
                self.hessian[i * self.dimension + held] = 0.0;
            }
            self.hessian[held * (self.dimension + 1)] = 1.0;
        }
    }

    /// Climbs from `position` by Levenberg–Marquardt. Returns the end, or none if it is one of the
    /// `known` ends.
    fn climb(&mut self, mut position: Vec<f64>, known: &[End]) -> Option<End> {
        let mut best = self.logdensity(&position);
        let mut damping = DAMPING;
        let tolerance = if self.held.is_empty() { TOLERANCE } else { ON_THE_WAY };
        for _ in 0..MAX_STEPS {
            self.gauss_newton(&position);
            let grad = DVector::from_column_slice(&self.grad);
            loop {
                let step = self.damped_step(damping, &grad)?;
                let trial: Vec<f64> = position.iter().zip(&step).map(|(x, d)| x + d).collect();
                let value = self.logdensity(&trial);
                if value.is_finite() && value >= best {
                    position = trial;
                    let gain = value - best;
                    best = value;
                    damping = (damping / 10.0).max(1e-12);
                    if gain < tolerance && 0.5 * grad.dot(&step) < tolerance.sqrt() {
                        return self.end(position, best, true);
                    }
                    if known.iter().any(|end| end.attracts(&position, best)) {
                        return None;
                    }
                    break;
                }
                damping *= 10.0;
                if damping > MAX_DAMPING {
                    return self.end(position, best, false);
                }
            }
        }
        self.end(position, best, false)
    }

    fn end(&self, position: Vec<f64>, logdensity: f64, converged: bool) -> Option<End> {
        let hessian = self.hessian.clone();
        logdensity.is_finite().then_some(End {
            position,
            logdensity,
            converged,
            hessian,
        })
    }

    /// (H + damping · diag H)⁻¹ g; none if even that matrix is not positive definite.
    fn damped_step(&self, damping: f64, grad: &DVector<f64>) -> Option<DVector<f64>> {
        let mut matrix = DMatrix::from_row_slice(self.dimension, self.dimension, &self.hessian);
        for i in 0..self.dimension {
            matrix[(i, i)] *= 1.0 + damping;
        }
        Some(matrix.cholesky()?.solve(grad))
    }

    /// Takes Newton steps on the exact Hessian, as long as it is positive definite and they climb.
    fn finish(&mut self, mut position: Vec<f64>) -> Option<Mode> {
        let mut logdensity = self.logdensity(&position);
        let mut exact = self.exact_hessian(&position);
        for _ in 0..NEWTON_STEPS {
            let Some(factor) = &exact else { break };
            let grad = DVector::from_column_slice(&self.grad);
            let step = factor.solve(&grad);
            if 0.5 * grad.dot(&step) < TOLERANCE {
                break;
            }
            let trial: Vec<f64> = position.iter().zip(&step).map(|(x, d)| x + d).collect();
            let value = self.logdensity(&trial);
            if value.is_nan() || value < logdensity {
                break;
            }
            (position, logdensity) = (trial, value);
            exact = self.exact_hessian(&position);
        }
        if exact.is_none() {
            self.gauss_newton(&position);
            DMatrix::from_row_slice(self.dimension, self.dimension, &self.hessian).cholesky()?;
        }
        Some(Mode {
            position,
            logdensity,
            hessian: self.hessian.clone(),
        })
    }

    /// Writes the Hessian of −ln posterior into `hessian`, by central differences of the gradient.
    /// None if it is not positive definite.
    fn exact_hessian(&mut self, position: &[f64]) -> Option<Cholesky<f64, Dyn>> {
        self.gauss_newton(position);
        let d = self.dimension;
        let steps: Vec<f64> = (0..d).map(|i| DIFFERENCE / self.hessian[i * (d + 1)].sqrt()).collect();
        // A step forward and a step backward in each coordinate, one after the other.
        let moved = |k: usize| {
            let mut point = position.to_vec();
            point[k / 2] += if k.is_multiple_of(2) {
                steps[k / 2]
            } else {
                -steps[k / 2]
            };
            point
        };
        let points: Vec<Vec<f64>> = (0..2 * d).map(moved).collect();
        let mut grads = vec![0.0; points.len().next_multiple_of(LANES) * d];
        for (points, grads) in points.chunks(LANES).zip(grads.chunks_exact_mut(LANES * d)) {
            let rows: Vec<&[f64]> = points.iter().map(Vec::as_slice).collect();
            self.lanes.logdensity(&rows, grads);
            if let Some(flat) = self.flat {
                for (row, grad) in rows.iter().zip(grads.chunks_exact_mut(d)) {
                    grad[flat] += row[flat];
                }
            }
        }
        let slope = |i: usize, j: usize| (grads[(2 * i + 1) * d + j] - grads[2 * i * d + j]) / (2.0 * steps[i]);
        let matrix = DMatrix::from_fn(d, d, slope);
        let symmetric = 0.5 * (&matrix + matrix.transpose());
        self.hessian.copy_from_slice(symmetric.as_slice());
        symmetric.cholesky()
    }
}
