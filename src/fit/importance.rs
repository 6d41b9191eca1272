//! Importance sampling of a problem from its mode, as a check of the chains or in their place.

use super::Options;
use crate::emissivity::Grid;
use crate::importance::{self, BLOCK, Block, Estimate, Refined, Sample};
use crate::metric::{Metric, Mixture};
use crate::model::{LaneEvaluator, SideBySide};
use crate::problem::Problem;
use crate::rng::Key;

/// Estimate by importance sampling, with the means of `problem.parameters`.
///
/// `laplace` has the mode as centre and the inverse of the Hessian there as covariance. `None` if
/// the check is off or no draw has a finite density.
pub(super) fn estimate(problem: &Problem, grid: &Grid<f64>, laplace: &Metric, options: &Options) -> Option<Estimate> {
    if options.importance == 0 {
        return None;
    }
    let (names, key) = (problem.coordinate_names(), Key::new(options.seed, &problem.id));
    let quantities = problem.parameters.len();
    importance::estimate(
        laplace,
        &names,
        &key,
        options.importance,
        quantities,
        target(problem, grid),
    )
}

/// Masses of several modes, with the mixture that fits them and the means of `problem.parameters`.
/// `laplace` has the modes and the inverses of the Hessians there. The draws are those of the
/// check, or of its default where the check is off.
pub(super) fn refine(problem: &Problem, grid: &Grid<f64>, laplace: &Mixture, options: &Options) -> Option<Refined> {
    let draws = match options.importance {
        0 => importance::Settings::default().draws,
        draws => draws,
    };
    let (names, key) = (problem.coordinate_names(), Key::new(options.seed, &problem.id));
    let target = target(problem, grid);
    importance::estimate_modes(laplace, &names, &key, draws, problem.parameters.len(), target)
}

/// Weighted draws that stand for the posterior, with the values of `problem.parameters`; else the
/// best estimate, if there is one.
pub(super) fn sample(
    problem: &Problem,
    grid: &Grid<f64>,
    laplace: &Metric,
    options: &Options,
) -> Result<Sample, Option<Estimate>> {
    let (names, key) = (problem.coordinate_names(), Key::new(options.seed, &problem.id));
    let quantities = problem.parameters.len();
    importance::sample(
        laplace,
        &names,
        &key,
        options.importance,
        quantities,
        target(problem, grid),
    )
}

/// Target of the weights: parameters and ln densities at the positions of a block.
fn target<'p>(problem: &'p Problem, grid: &'p Grid<f64>) -> impl FnMut(&[Block], &mut [f64], &mut [f64]) + 'p {
    let mut lanes = LaneEvaluator::<BLOCK>::new(&problem.object, grid);
    move |positions: &[Block], values: &mut [f64], ln_densities: &mut [f64]| {
        let (found, _) = lanes.evaluate(|at| at.copy_from_slice(positions));
        problem.physical_lanes(&lanes, values);
        ln_densities.copy_from_slice(&found[..ln_densities.len()]);
    }
}
