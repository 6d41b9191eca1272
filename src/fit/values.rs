//! Draws of the parameters that users know, from sampled positions.

use crate::draws::{Draws, SampleStats};
use crate::emissivity::Grid;
use crate::model::{LANES, LaneEvaluator};
use crate::nuts::Sampled;
use crate::problem::Problem;

/// Values of the problem's parameters at the sampled positions.
pub(super) fn draws(problem: &Problem, grid: &Grid<f64>, sampled: &Sampled) -> Draws {
    let mut lanes = LaneEvaluator::<LANES>::new(&problem.object, grid);
    let (width, dimension) = (problem.parameters.len(), problem.object.dimension());
    let mut values = vec![0.0; sampled.chains() * sampled.draws() * width];
    let blocks = sampled.positions.chunks(LANES * dimension);
    for (positions, values) in blocks.zip(values.chunks_mut(LANES * width)) {
        let rows: Vec<&[f64]> = positions.chunks_exact(dimension).collect();
        problem.physical_lanes(lanes.at(&rows), values);
    }
    let stats = &sampled.stats;
    Draws {
        names: problem
            .parameters
            .iter()
            .map(|parameter| parameter.name.clone())
            .collect(),
        chains: sampled.chains(),
        draws: sampled.draws(),
        values,
        sample_stats: SampleStats {
            lp: stats.iter().map(|s| s.lp).collect(),
            acceptance_rate: stats.iter().map(|s| s.acceptance_rate).collect(),
            step_size: stats.iter().map(|s| s.step_size).collect(),
            tree_depth: stats.iter().map(|s| s.tree_depth).collect(),
            n_steps: stats.iter().map(|s| s.n_steps).collect(),
            reached_max_treedepth: stats.iter().map(|s| s.reached_max_treedepth).collect(),
            independence_accepted: stats.iter().map(|s| s.independence_accepted).collect(),
            diverging: stats.iter().map(|s| s.diverging).collect(),
            energy: stats.iter().map(|s| s.energy).collect(),
            energy_error: stats.iter().map(|s| s.energy_error).collect(),
        },
    }
}
