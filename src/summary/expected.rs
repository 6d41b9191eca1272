//! Expected width of a temperature: the posterior sd that the errors of an object's lines allow,
//! whatever their noise was.

use std::collections::BTreeMap;

use crate::emissivity::Set;
use crate::line::Ion;
use crate::model::Evaluator;
use crate::nuts::Sampled;
use crate::problem::Problem;

/// Prior scores at which fluxes are compared: ±2.4 in steps of 0.2.
const NODES: i32 = 12;
const STEP: f64 = 0.2;

/// Flux of a metal line in σ at each node, and its derivative with respect to ln of the ion's
/// abundance.
struct Track {
    signal: Vec<f64>,
    growth: Vec<f64>,
}

/// Expected standard deviation of the score of the slot at `coordinate`, from the lines of metals.
/// The prior has 1. The expectation is the root of the mean variance over truths drawn from the
/// prior.
///
/// Fluxes are the model's with the other coordinates at their posterior means, so the flux of each
/// ion's brightest line stays. Abundances are free; extinction and density are not. The data of
/// each truth have no noise, which leaves the variance of a Gaussian posterior unchanged. An
/// object's own auroral flux enters only through its error.
pub(super) fn standard_deviation(problem: &Problem, set: &Set, sampled: &Sampled, coordinate: usize) -> f64 {
    let scores: Vec<f64> = (-NODES..=NODES).map(|node| STEP * f64::from(node)).collect();
    let ions = tracks(problem, set, sampled, coordinate, &scores);
    let prior: Vec<f64> = scores.iter().map(|score| (-0.5 * score * score).exp()).collect();
    let variance = |truth: usize| {
        let misfit = |node: usize| ions.values().map(|lines| distance(lines, truth, node)).sum::<f64>();
        let weights: Vec<f64> = (0..scores.len())
            .map(|node| prior[node] * (-0.5 * misfit(node)).exp())
            .collect();
        let moment = |power: i32| -> f64 { weights.iter().zip(&scores).map(|(w, s)| w * s.powi(power)).sum() };
        let mean = moment(1) / moment(0);
        moment(2) / moment(0) - mean * mean
    };
    let mean: f64 = prior
        .iter()
        .enumerate()
        .map(|(truth, weight)| weight * variance(truth))
        .sum();
    (mean / prior.iter().sum::<f64>()).max(0.0).sqrt()
}

/// Lines of each metal, without blends of several ions and limits.
fn tracks(
    problem: &Problem,
    set: &Set,
    sampled: &Sampled,
    coordinate: usize,
    scores: &[f64],
) -> BTreeMap<Ion, Vec<Track>> {
    let mut position = mean_position(sampled, problem.object.dimension());
    let mut evaluator = Evaluator::new(&problem.object, &set.grid);
    let mut fluxes = vec![Vec::with_capacity(scores.len()); problem.lines.len()];
    for &score in scores {
        position[coordinate] = score;
        evaluator.at(&position);
        for (l, fluxes) in fluxes.iter_mut().enumerate() {
            fluxes.push(evaluator.flux(l));
        }
    }
    let mut ions: BTreeMap<Ion, Vec<Track>> = BTreeMap::new();
    for (l, fluxes) in fluxes.into_iter().enumerate() {
        let record = &problem.object.lines[l];
        let members = &problem.lines[l].members;
        let ion = set.list.lines[members[0]].ion;
        let is_pure = members.iter().all(|&member| set.list.lines[member].ion == ion);
        if record.likelihood.is_limit() || !is_pure || !ion.is_metal() {
            continue;
        }
        let in_sigmas = |flux: f64| flux * record.inverse_sigma;
        let track = if record.likelihood.is_logarithmic() {
            Track {
                signal: fluxes.iter().map(|flux| in_sigmas(flux.ln())).collect(),
                growth: vec![record.inverse_sigma; scores.len()],
            }
        } else {
            Track {
                signal: fluxes.iter().map(|&flux| in_sigmas(flux)).collect(),
                growth: fluxes.iter().map(|&flux| in_sigmas(flux)).collect(),
            }
        };
        ions.entry(ion).or_default().push(track);
    }
    ions
}

/// χ² between an ion's fluxes at two nodes, with a free abundance.
fn distance(lines: &[Track], truth: usize, node: usize) -> f64 {
    let [mut difference, mut projected, mut growth] = [0.0; 3];
    for line in lines {
        let apart = line.signal[node] - line.signal[truth];
        difference += apart * apart;
        projected += apart * line.growth[node];
        growth += line.growth[node] * line.growth[node];
    }
    let taken = if growth > 0.0 {
        projected * projected / growth
    } else {
        0.0
    };
    (difference - taken).max(0.0)
}

/// Mean of the sampled positions.
pub(super) fn mean_position(sampled: &Sampled, dimension: usize) -> Vec<f64> {
    let mut mean = vec![0.0; dimension];
    let positions = super::thinned(&sampled.positions, dimension);
    let mut count = 0.0;
    for position in positions {
        count += 1.0;
        mean.iter_mut().zip(position).for_each(|(sum, value)| *sum += value);
    }
    mean.iter().map(|sum| sum / count).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_abundance_absorbs_what_all_lines_of_an_ion_share() {
        let line = |signal: [f64; 2]| Track {
            signal: signal.to_vec(),
            growth: signal.to_vec(),
        };
        assert!(distance(&[line([10.0, 20.0]), line([5.0, 10.0])], 0, 1) < 1e-9);
        let auroral = distance(&[line([1.0, 4.0]), line([1e4, 1e4])], 0, 1);
        assert!((auroral - 9.0).abs() < 1e-3);
    }
}
