//! The frequentist direct method on the same tables: ratios solved for temperatures and density,
//! Monte Carlo over the flux errors.

mod chain;
mod choose;
mod doublet;
mod line;
mod measured;
mod numbers;
mod ratio;
mod root;
mod settings;

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

pub use settings::{MOST_REALISATIONS, Settings};

use crate::error::Result;
use crate::fit::{Options, Outcome, Planned, Queue};
use crate::line::Ion;
use crate::problem::{Problem, Recipe};
use crate::rng::{Key, normal, purpose};
use crate::summary::LOG_NE;
use chain::{Chain, Choice, Solution, twelve_plus_log};
use measured::{DENSITY, Measured};
use numbers::{Realisation, summarise};

/// Objects solved before their outcomes are handed on.
const BATCH: usize = 64;

/// Names of the quantities of a problem that have columns, in no order.
pub fn named(problem: &Problem, recipe: &Recipe<'_>, settings: &Settings) -> Vec<String> {
    names(&Measured::new(problem, recipe, settings))
}

/// Puts `named`, the names of all objects' quantities, into the order of the files: parameters,
/// which a posterior has too, then the ratios' temperatures \[K\] and densities [cm⁻³].
pub fn columns(parameters: &[String], named: &BTreeSet<String>, settings: &Settings) -> Vec<String> {
    let ratios = settings.temperatures.iter().chain(&settings.densities);
    let all = parameters.iter().chain(ratios);
    all.filter(|&name| named.contains(name)).cloned().collect()
}

/// Solves each object of a queue, and the realisations of its fluxes; outcomes go to `sink` in the
/// queue's order.
///
/// Seed and ionisation corrections are those of `options`. The result of an object depends on the
/// object and the seed alone. When `stop` is set, the function returns between two batches.
///
/// # Errors
/// Errors of `sink` and of the queue.
pub fn run<'a>(
    queue: impl Into<Queue<'a>>,
    settings: &Settings,
    options: &Options,
    sink: &mut dyn FnMut(Outcome) -> Result<()>,
    stop: &AtomicBool,
) -> Result<()> {
    let mut queue = queue.into();
    let recipe = queue.recipe;
    loop {
        let batch = queue.take(BATCH)?;
        if batch.is_empty() || stop.load(Ordering::Relaxed) {
            return Ok(());
        }
        let outcome = |(index, planned): (usize, Planned)| {
            let (outcome, problem) = Outcome::begin(index, planned, recipe);
            let Some(problem) = problem else {
                return outcome;
            };
            let measured = Measured::new(&problem, recipe, settings);
            let chain = Chain {
                measured: &measured,
                set: recipe.set,
                settings,
            };
            solved(outcome, &chain, problem, options)
        };
        let outcomes: Vec<Outcome> = batch.into_par_iter().map(outcome).collect();
        outcomes.into_iter().try_for_each(&mut *sink)?;
    }
}

/// Solves one object: first the fluxes as measured, then fluxes with errors drawn anew.
fn solved(outcome: Outcome, chain: &Chain<'_>, problem: Problem, options: &Options) -> Outcome {
    let measured = chain.measured;
    let fluxes: Vec<f64> = measured.lines.iter().map(|line| line.flux).collect();
    let (choice, solution, chosen) = choose::choose(chain, &chain.normalised(&fluxes));
    let realised = |draw: u32| {
        let fluxes = chain.normalised(&noisy(measured, options.seed, draw));
        realisation(chain, &fluxes, &choice, chain.solve(&fluxes, &choice).ok().as_ref())
    };
    let draws: Vec<Realisation> = (0..chain.settings.realisations as u32)
        .into_par_iter()
        .map(realised)
        .collect();
    let nominal = realisation(chain, &chain.normalised(&fluxes), &choice, solution.as_ref());
    let mut flags = [outcome.flags.as_slice(), &measured.flags].concat();
    flags.extend(chosen);
    flags.sort();
    flags.dedup();
    let derivation = (&options.abundances, chain.set, options.seed);
    let fitted = summarise(names(measured), measured, &nominal, &draws, flags, derivation);
    Outcome {
        status: fitted.summary.status,
        flags: fitted.summary.flags.clone(),
        problem: Some(problem),
        fitted: Some(fitted),
        ..outcome
    }
}

/// Draws fluxes around the measured ones. Each line has a random number of its own in each draw, so
/// that it does not depend on the other lines.
fn noisy(measured: &Measured, seed: u64, draw: u32) -> Vec<f64> {
    let key = Key::new(seed, &measured.id);
    let noise = |label: &str| normal(&key, 0, draw, purpose(&format!("classical flux:{label}")), 0);
    measured
        .lines
        .iter()
        .map(|line| line.flux + line.sigma * noise(&line.label))
        .collect()
}

/// Names of an object's quantities: temperatures of the zones, n_e, cHbeta, ions, ratios, log_ne.
fn names(measured: &Measured) -> Vec<String> {
    let mut names = measured.zones.clone();
    names.extend([DENSITY, "cHbeta"].map(str::to_owned));
    names.extend(
        measured
            .ions
            .iter()
            .filter(|own| own.ion != Ion::H1)
            .map(|own| own.ion.to_string()),
    );
    let ratios = measured.temperatures.iter().chain(&measured.densities);
    names.extend(ratios.map(|found| found.ratio.name.to_owned()));
    names.push(LOG_NE.to_owned());
    names
}

/// Values of the quantities, and the predicted fluxes of the lines. Without a solution all are NaN
/// but the extinction, which is that at 10⁴ K.
fn realisation(chain: &Chain<'_>, fluxes: &[f64], choice: &Choice, solution: Option<&Solution>) -> Realisation {
    let measured = chain.measured;
    let Some(solution) = solution else {
        let mut values = vec![f64::NAN; names(measured).len()];
        if choice.temperatures.iter().all(Option::is_none) {
            values[measured.zones.len() + 1] = chain.extinction(fluxes, &chain.start());
        }
        return Realisation {
            values,
            predicted: vec![f64::NAN; measured.lines.len()],
        };
    };
    let state = &solution.state;
    let exp10 = |log: f64| 10_f64.powf(log);
    let mut values: Vec<f64> = state.log_t.iter().map(|&log_t| exp10(log_t)).collect();
    values.extend([exp10(state.density.value()), state.c]);
    let metals = measured
        .ions
        .iter()
        .zip(&solution.abundances)
        .filter(|(own, _)| own.ion != Ion::H1);
    values.extend(metals.map(|(own, &abundance)| match own.ion.is_metal() {
        true => twelve_plus_log(abundance),
        false => abundance,
    }));
    let ratios = solution.temperatures.iter().chain(&solution.densities);
    values.extend(ratios.map(|solved| exp10(solved.value())));
    values.push(state.density.value());
    Realisation {
        values,
        predicted: (0..measured.lines.len())
            .map(|line| chain.predicted(line, solution))
            .collect(),
    }
}
