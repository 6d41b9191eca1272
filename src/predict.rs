//! Predictions of the model: parameters drawn from their priors, and fluxes drawn from the
//! posterior with noise.

#![warn(clippy::wildcard_enum_match_arm)]

use rayon::prelude::*;

use crate::emissivity::Grid;
use crate::model::code::SlotKind;
use crate::model::coordinate::low_snr::score_coordinate;
use crate::model::{Evaluator, LANES, LaneEvaluator};
use crate::problem::{Problem, ProblemLine, Source};
use crate::rng::{Key, normal, normals, purpose, uniform};

/// Chain number that keys draws from priors.
const PRIOR_CHAIN: u32 = 0;

/// `count` draws of the problem's parameters from their priors, `[draw, parameter]`. A temperature
/// or density that follows another is drawn around the draw of that other.
pub fn prior(problem: &Problem, grid: &Grid<f64>, key: &Key, count: usize) -> Vec<f64> {
    let mut evaluator = Evaluator::new(&problem.object, grid);
    let names = problem.coordinate_names();
    let mut values = Vec::with_capacity(count * problem.parameters.len());
    for draw in 0..count as u32 {
        let score = |name: &str| normal(key, PRIOR_CHAIN, draw, purpose(&format!("prior:{name}")), 0);
        // The coordinate of a slot sampled through its quantiles is the score, or a low-S/N
        // coordinate of the score.
        let mut position: Vec<f64> = names.iter().map(|name| score(name)).collect();
        for slot in problem.object.slots.iter().filter(|slot| slot.low_snr == 1) {
            let x = &mut position[slot.coordinate as usize];
            *x = score_coordinate(slot, *x);
        }
        evaluator.at(&position);
        values.extend(problem.parameters.iter().map(|parameter| match parameter.source {
            Source::Slot(slot) if through_quantiles(problem, slot) => evaluator.slot(slot),
            Source::Exp10Slot(slot) if through_quantiles(problem, slot) => 10_f64.powf(evaluator.slot(slot)),
            Source::Slot(_) | Source::Exp10Slot(_) | Source::Metal(_) | Source::Helium(_) => {
                parameter.prior.value_at(score(&parameter.name))
            }
        }));
    }
    values
}

/// True if the prior of a slot is Normal(0, 1) in its coordinate. A slot that is held or follows
/// another has no prior, and counts too.
fn through_quantiles(problem: &Problem, slot: usize) -> bool {
    problem.object.slots[slot].kind != SlotKind::Softplus
}

/// Fluxes of the model at `positions`, `[draw, coordinate]`, with the noise of a new measurement:
/// `[draw, line]`, relative to Hβ.
pub fn fluxes(problem: &Problem, grid: &Grid<f64>, key: &Key, positions: &[f64]) -> Vec<f64> {
    let (object, width) = (&problem.object, problem.lines.len());
    let noise = |line: &ProblemLine| purpose(&format!("predictive:{}", line.label));
    let purposes: Vec<u32> = problem.lines.iter().map(noise).collect();
    let rows: Vec<&[f64]> = positions.chunks_exact(object.dimension()).collect();
    let mut fluxes = vec![0.0; rows.len() * width];
    let blocks = fluxes.par_chunks_mut(LANES * width).zip(rows.par_chunks(LANES));
    blocks.enumerate().for_each_init(
        || (LaneEvaluator::<LANES>::new(object, grid), vec![0.0; width]),
        |(lanes, z), (block, (fluxes, rows))| {
            lanes.at(rows);
            for (lane, fluxes) in fluxes.chunks_exact_mut(width).enumerate() {
                let draw = (block * LANES + lane) as u32;
                normals(key, 0, draw, &purposes, 0, z);
                for l in 0..width {
                    let u = || uniform(key, 0, draw, purposes[l], 0);
                    let nu = || lanes.slot(object.header.nu as usize)[lane];
                    fluxes[l] = object.lines[l].noise(lanes.flux(l)[lane], z[l], u, nu);
                }
            }
        },
    );
    fluxes
}
