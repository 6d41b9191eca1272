//! True parameters and fluxes drawn from the priors of a configuration: the prior predictive
//! distribution.
//!
//! Intervals of a fit with the same configuration cover such truths as often as they say, for any
//! prior. The posterior of a truth drawn from the prior is calibrated by construction (Cook, Gelman
//! & Rubin 2006, J. Comput. Graph. Stat. 15, 675). Each parameter is drawn by the quantiles of its
//! prior, without the coordinates of the fit.

use super::Simulator;
use crate::model::Evaluator;
use crate::model::code::{IonKind, SlotKind};
use crate::model::coordinate::low_snr::score_coordinate;
use crate::model::coordinate::slot_value;
use crate::model::record::Slot;
use crate::problem::{Parameter, Problem, Source};
use crate::rng::{Key, normal, purpose};

/// Halvings of the interval that contains the coordinate of a softplus: enough for the last digit.
const HALVINGS: usize = 120;

impl Simulator<'_> {
    /// True parameters in the order of `parameters`, and their fluxes, line by line.
    pub(super) fn predicted(&self, key: &Key) -> [Vec<f64>; 2] {
        let score = |name: &str| normal(key, 0, 0, purpose(&format!("simulate prior:{name}")), 0);
        self.at_scores(score)
    }

    /// Truth and fluxes at the medians of all priors.
    pub(super) fn at_medians(&self) -> [Vec<f64>; 2] {
        self.at_scores(|_| 0.0)
    }

    /// Truth and fluxes where each parameter is the quantile of its prior at Φ(score).
    fn at_scores(&self, score: impl Fn(&str) -> f64) -> [Vec<f64>; 2] {
        let problem = &self.problem;
        let mut evaluator = Evaluator::new(&problem.object, &self.set.grid);
        let mut position = vec![0.0; problem.object.dimension()];
        for parameter in &problem.parameters {
            let Some(coordinate) = parameter.coordinate else {
                continue;
            };
            let score = score(&parameter.name);
            position[coordinate] = match slot_of(problem, parameter) {
                Some(slot) if slot.kind == SlotKind::Softplus => {
                    let value = parameter.prior.value_at(score);
                    softplus_coordinate(slot, if slot.log10 == 1 { value.log10() } else { value })
                }
                Some(slot) => score_coordinate(slot, score),
                None => score,
            };
        }
        set_abundances(problem, &mut evaluator, &mut position, &score);
        let mut truth = vec![0.0; problem.parameters.len()];
        problem.physical(&mut evaluator, &position, &mut truth);
        let flux = |label: &str| {
            let line = problem.lines.iter().position(|line| line.label == label);
            evaluator.flux(line.expect("every line of the template is in its problem"))
        };
        [truth, self.labels().into_iter().map(flux).collect()]
    }
}

/// The slot that holds a parameter; none of an ion sampled by flux.
fn slot_of<'a>(problem: &'a Problem, parameter: &Parameter) -> Option<&'a Slot<f64>> {
    let slot = match parameter.source {
        Source::Slot(slot) | Source::Exp10Slot(slot) => slot,
        Source::Metal(ion) | Source::Helium(ion) => match problem.object.ions[ion].kind {
            IonKind::SlotLog10 | IonKind::SlotLinear => problem.object.ions[ion].source as usize,
            IonKind::Flux | IonKind::Unity => return None,
        },
    };
    Some(&problem.object.slots[slot])
}

/// The coordinate at which a softplus slot has this value.
fn softplus_coordinate(slot: &Slot<f64>, value: f64) -> f64 {
    let (mut low, mut high) = (-700.0, 700.0 + (value - slot.lower) / slot.scale);
    for _ in 0..HALVINGS {
        let middle = 0.5 * (low + high);
        if slot_value(slot, middle, 0.0, 0.0).value < value {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

/// Sets the coordinates of ions sampled by flux so that their abundance is the quantile of its
/// prior at Φ(score). ln X grows one to one with the coordinate, since every line of the template
/// is well detected.
fn set_abundances(
    problem: &Problem,
    evaluator: &mut Evaluator<'_, f64>,
    position: &mut [f64],
    score: &impl Fn(&str) -> f64,
) {
    evaluator.at(position);
    for parameter in &problem.parameters {
        let (Source::Metal(ion) | Source::Helium(ion)) = parameter.source else {
            continue;
        };
        let record = &problem.object.ions[ion];
        if record.kind == IonKind::Flux {
            let ln_abundance = record.location - record.base + score(&parameter.name) / record.inverse_width;
            position[record.source as usize] += ln_abundance - evaluator.ln_abundance(ion);
        }
    }
}
