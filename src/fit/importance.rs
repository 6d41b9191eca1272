//! Importance sampling of a problem from its mode, as a check of the chains.

use super::Options;
use crate::emissivity::Grid;
use crate::importance::{self, BLOCK, Block, Estimate};
use crate::metric::Metric;
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
    let mut lanes = LaneEvaluator::<BLOCK>::new(&problem.object, grid);
    let target = |positions: &[Block], values: &mut [f64], ln_densities: &mut [f64]| {
        let (found, _) = lanes.evaluate(|at| at.copy_from_slice(positions));
        problem.physical_lanes(&lanes, values);
        ln_densities.copy_from_slice(&found[..ln_densities.len()]);
    };
    let (names, key) = (problem.coordinate_names(), Key::new(options.seed, &problem.id));
    importance::estimate(
        laplace,
        &names,
        &key,
        options.importance,
        problem.parameters.len(),
        target,
    )
}
