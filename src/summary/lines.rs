//! Fluxes of the model over the draws, and the pull of each measured line.

use super::{LineSummary, mean_sd, thinned};
use crate::emissivity::Set;
use crate::model::{LANES, LaneEvaluator};
use crate::nuts::Sampled;
use crate::problem::{Problem, ProblemLine};

/// Temperatures and densities of a zone over the draws, and their extremes.
struct Gas<'d> {
    temperatures: &'d [f64],
    densities: &'d [f64],
    hottest: f64,
    coolest: f64,
    densest: f64,
}

impl<'d> Gas<'d> {
    fn new(temperatures: &'d [f64], densities: &'d [f64]) -> Self {
        let most = |values: &[f64]| values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        Gas {
            temperatures,
            densities,
            hottest: most(temperatures),
            coolest: temperatures.iter().copied().fold(f64::INFINITY, f64::min),
            densest: most(densities),
        }
    }
}

/// Fluxes of the model at the `thinned` draws, `[line][draw]`.
pub(super) fn fluxes(problem: &Problem, set: &Set, sampled: &Sampled) -> Vec<Vec<f64>> {
    let dimension = problem.object.dimension();
    let mut lanes = LaneEvaluator::<LANES>::new(&problem.object, &set.grid);
    let mut fluxes = vec![Vec::new(); problem.lines.len()];
    let positions: Vec<&[f64]> = thinned(&sampled.positions, dimension).collect();
    for rows in positions.chunks(LANES) {
        lanes.at(rows);
        for (l, fluxes) in fluxes.iter_mut().enumerate() {
            fluxes.extend_from_slice(&lanes.flux(l)[..rows.len()]);
        }
    }
    fluxes
}

/// Summarises the model's `fluxes` of each line, with the pull of the measured one. `columns` are
/// the draws of each parameter.
pub(super) fn summarise(problem: &Problem, set: &Set, columns: &[Vec<f64>], fluxes: &[Vec<f64>]) -> Vec<LineSummary> {
    let column = |name: &str| {
        &columns[problem
            .parameter_index(name)
            .expect("a zone's parameters are in the model")]
    };
    let zones = problem.zones.iter();
    let gas: Vec<Gas<'_>> = zones
        .map(|zone| Gas::new(column(&zone.temperature), column(&zone.density)))
        .collect();
    let line = |(l, (line, fluxes)): (usize, (&ProblemLine, &Vec<f64>))| {
        let (model, model_sd) = mean_sd(fluxes);
        LineSummary {
            label: line.label.clone(),
            flux: line.flux,
            sigma: line.sigma,
            model,
            model_sd,
            pull: problem.pull(l, model),
            likelihood: line.likelihood,
            outside: outside(problem, set, &gas, line),
        }
    };
    problem.lines.iter().zip(fluxes).enumerate().map(line).collect()
}

/// Fraction of draws at which a line is outside the atomic data of one of its members. The
/// low-density end of the data is no limit: emissivity ratios are constant below it.
fn outside(problem: &Problem, set: &Set, gas: &[Gas<'_>], line: &ProblemLine) -> f64 {
    let limits = line.members.iter().map(|&member| {
        let atom = &set.list.lines[member];
        let ion = problem
            .ions
            .iter()
            .position(|ion| *ion == atom.ion)
            .expect("a member's ion is in the model");
        let gas = &gas[problem.object.ions[ion].zone as usize];
        (gas, atom.valid_t, atom.valid_ne[1])
    });
    // Nearly all ranges hold every draw, and need no count.
    let exceeded =
        limits.filter(|(gas, [low, high], most)| gas.coolest < *low || gas.hottest > *high || gas.densest > *most);
    let exceeded: Vec<_> = exceeded.collect();
    if exceeded.is_empty() {
        return 0.0;
    }
    let out = |&draw: &usize| {
        exceeded.iter().any(|&(gas, [low, high], most)| {
            let (t, density) = (gas.temperatures[draw], gas.densities[draw]);
            t < low || t > high || density > most
        })
    };
    let total = gas[0].temperatures.len();
    (0..total).filter(out).count() as f64 / total as f64
}
