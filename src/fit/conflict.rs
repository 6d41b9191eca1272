//! Conflict of prior and data, which no diagnostic of the sampler sees.
//!
//! A parameter's prior Normal(μ, σ) contradicts the data where z = |θ_L − μ|/√(σ² + s_L²) is large.
//! Here θ_L and s_L are the mode and the Laplace standard deviation without that prior. With s_L >
//! 3σ the data have no information. Over truths from the priors z is the modulus of a standard
//! normal number. The limit is the value that the largest z of an object's N parameters exceeds in
//! one object of 1000: 3.9 for N = 10, 4.1 for N = 20.

use nalgebra::DMatrix;

use crate::emissivity::Grid;
use crate::mode::{self, Mode};
use crate::model::Evaluator;
use crate::model::code::Family;
use crate::model::code::{IonKind, SlotKind};
use crate::model::coordinate::low_snr::slot_score;
use crate::number::special::normal_quantile;
use crate::problem::{Parameter, Problem, Source};

/// Probability that an object whose truth comes from its priors has a conflict.
const FALSE_ALARM: f64 = 1e-3;
/// Ratio s_L/σ above which the data have no information.
const UNINFORMATIVE: f64 = 3.0;
/// Least distance of the joint mode from the prior's centre, in prior widths, for a search without
/// the prior. With s_L at most 3σ, a conflict of 3 needs 3/√10.
const NEAR: f64 = 0.9;

/// Names of the parameters with a prior that the data contradict.
pub(super) fn find(problem: &Problem, grid: &Grid<f64>, mode: &Mode) -> Vec<String> {
    let is_tested = |parameter: &Parameter| {
        parameter.coordinate.is_some() && parameter.prior.family.is_some_and(Family::has_centre)
    };
    let tested = problem
        .parameters
        .iter()
        .filter(|parameter| is_tested(parameter))
        .count();
    let limit = least_conflict(tested);
    let conflicting = problem.parameters.iter().enumerate().filter(|(index, parameter)| {
        is_tested(parameter)
            && score(problem, grid, *index, &mode.position).abs() > NEAR
            && without_prior(problem, grid, *index, mode) > limit
    });
    conflicting.map(|(_, parameter)| parameter.name.clone()).collect()
}

/// z that the largest of `tested` standard normal moduli exceeds with the probability of a false
/// alarm, by Bonferroni's bound.
fn least_conflict(tested: usize) -> f64 {
    -normal_quantile(0.5 * FALSE_ALARM / tested.max(1) as f64)
}

/// Score (θ − μ)/σ of a parameter, in the coordinate where its prior is Gaussian.
fn score(problem: &Problem, grid: &Grid<f64>, index: usize, position: &[f64]) -> f64 {
    let parameter = &problem.parameters[index];
    let object = &problem.object;
    let mut evaluator = Evaluator::new(object, grid);
    evaluator.at(position);
    match parameter.source {
        Source::Metal(ion) | Source::Helium(ion) if object.ions[ion].kind == IonKind::Flux => {
            let record = &object.ions[ion];
            let ln_abundance = evaluator.ln_abundance(ion) + record.base;
            (ln_abundance - record.location) * record.inverse_width
        }
        Source::Slot(slot) if object.slots[slot].kind == SlotKind::Softplus => {
            let record = &object.slots[slot];
            let x = evaluator.slot(slot) - record.offset;
            record.family.score(record, x)
        }
        Source::Slot(slot) | Source::Exp10Slot(slot) => parameter.coordinate.map_or(0.0, |coordinate| {
            slot_score(&object.slots[slot], position[coordinate])[0]
        }),
        Source::Metal(_) | Source::Helium(_) => parameter.coordinate.map_or(0.0, |coordinate| position[coordinate]),
    }
}

/// Conflict z of one parameter. The prior is taken out, and the search for the mode starts from the
/// joint mode. A low-S/N slot has its score as coordinate here.
fn without_prior(problem: &Problem, grid: &Grid<f64>, index: usize, mode: &Mode) -> f64 {
    let parameter = &problem.parameters[index];
    let coordinate = parameter.coordinate.expect("a sampled parameter");
    let mut problem = problem.clone();
    let mut start = mode.position.clone();
    if let Source::Slot(slot) | Source::Exp10Slot(slot) = parameter.source {
        let slot = &mut problem.object.slots[slot];
        if slot.low_snr == 1 {
            start[coordinate] = slot_score(slot, start[coordinate])[0];
            slot.low_snr = 0;
        }
    }
    let mut freed = problem.clone();
    let mut flat = None;
    match parameter.source {
        Source::Metal(ion) | Source::Helium(ion) if problem.object.ions[ion].kind == IonKind::Flux => {
            freed.object.ions[ion].inverse_width = 0.0;
        }
        Source::Slot(slot) if problem.object.slots[slot].kind == SlotKind::Softplus => {
            freed.object.slots[slot].family = Family::Uniform
        }
        Source::Slot(_) | Source::Exp10Slot(_) | Source::Metal(_) | Source::Helium(_) => flat = Some(coordinate),
    }
    let Some(alone) = mode::climb_from(&freed, grid, start, flat) else {
        return 0.0;
    };
    let Some(sd) = marginal_sd(&alone, index, &problem, grid) else {
        return 0.0;
    };
    if sd > UNINFORMATIVE {
        return 0.0;
    }
    score(&problem, grid, index, &alone.position).abs() / (1.0 + sd * sd).sqrt()
}

/// Laplace standard deviation of a parameter's score, in prior widths.
fn marginal_sd(mode: &Mode, index: usize, problem: &Problem, grid: &Grid<f64>) -> Option<f64> {
    let d = mode.position.len();
    let covariance = DMatrix::from_row_slice(d, d, &mode.hessian).try_inverse()?;
    let gradient = nalgebra::DVector::from_fn(d, |i, _| {
        let h = 1e-4 * covariance[(i, i)].max(0.0).sqrt();
        let moved = |h: f64| {
            let mut at = mode.position.clone();
            at[i] += h;
            score(problem, grid, index, &at)
        };
        (moved(h) - moved(-h)) / (2.0 * h)
    });
    let variance = (gradient.transpose() * covariance * &gradient)[(0, 0)];
    (variance > 0.0).then(|| variance.sqrt())
}

#[cfg(test)]
mod tests {
    use super::least_conflict;

    /// Φ(−3.2905) = 0.0005 and Φ(−3.8906) = 0.00005.
    #[test]
    fn the_limit_grows_with_the_number_of_parameters() {
        assert!((least_conflict(1) - 3.290_527).abs() < 1e-5);
        assert!((least_conflict(10) - 3.890_592).abs() < 1e-5);
    }
}
