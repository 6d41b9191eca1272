//! The model's flux of each line over the draws, and the pull of the measured one.

use super::{LineSummary, mean_sd, spread};
use crate::draws::Draws;
use crate::emissivity::Set;
use crate::model::Evaluator;
use crate::nuts::Sampled;
use crate::problem::{Problem, ProblemLine};

/// The model's flux of each line over (at most `FLUX_DRAWS`) draws, and the pull of the measured one.
pub(super) fn summarise(problem: &Problem, set: &Set, sampled: &Sampled, draws: &Draws) -> Vec<LineSummary> {
    let dimension = problem.object.dimension();
    let mut evaluator = Evaluator::new(&problem.object, &set.grid);
    let mut fluxes = vec![Vec::new(); problem.lines.len()];
    for position in spread(&sampled.positions, dimension) {
        evaluator.at(position);
        for (l, fluxes) in fluxes.iter_mut().enumerate() {
            fluxes.push(evaluator.flux(l));
        }
    }
    let line = |(l, (line, fluxes)): (usize, (&ProblemLine, Vec<f64>))| {
        let (model, model_sd) = mean_sd(&fluxes);
        LineSummary {
            label: line.label.clone(),
            flux: line.flux,
            sigma: line.sigma,
            model,
            model_sd,
            pull: problem.pull(l, model),
            likelihood: line.likelihood,
            outside: outside(problem, set, draws, line),
        }
    };
    problem.lines.iter().zip(fluxes).enumerate().map(line).collect()
}

/// The fraction of draws at which a line is outside the atomic data of one of its members. The low-density end of the data is
/// no limit: emissivity ratios are constant below it.
fn outside(problem: &Problem, set: &Set, draws: &Draws, line: &ProblemLine) -> f64 {
    let place = |name: &str| draws.position(name).expect("a zone's parameters are in the model");
    let zones = problem.zones.iter();
    let columns: Vec<_> = zones
        .map(|zone| (place(&zone.temperature), place(&zone.density)))
        .collect();
    let limits = line.members.iter().map(|&member| {
        let atom = &set.list.lines[member];
        let ion = problem
            .ions
            .iter()
            .position(|ion| *ion == atom.ion)
            .expect("a member's ion is in the model");
        let columns = columns[problem.object.ions[ion].zone as usize];
        (columns, atom.valid_t, atom.valid_ne[1])
    });
    let limits: Vec<_> = limits.collect();
    let out = |draw: &&[f64]| {
        limits
            .iter()
            .any(|&((t, density), [low, high], most)| draw[t] < low || draw[t] > high || draw[density] > most)
    };
    let all = draws.values.chunks_exact(draws.names.len());
    let total = all.len() as f64;
    all.filter(out).count() as f64 / total
}
