//! Fits a catalogue: problems, modes, chains and summaries, batch after batch, on a backend.

mod check;
mod conflict;
mod plan;
mod start;
mod values;

pub use plan::{Plan, Planned};

use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use crate::abundance::{self, Derived};
use crate::backend::{Backend, Task};
use crate::diagnostics::Workspace;
use crate::draws::{Draws, thinned_rows};
use crate::error::{Error, Result};
use crate::flag::{Code, Flag};
use crate::importance::Estimate;
use crate::mode::{self, Mode};
use crate::nuts::{self, Metric, ObjectSampler, Sampled};
use crate::problem::{Problem, Recipe};
use crate::rng::Key;
use crate::summary::{Status, Summary, summarise};

/// How many times the draws, and the warm-up, of a second run are those of the first.
const RERUN_DRAWS: usize = 4;
const RERUN_WARMUP: usize = 2;

/// How a catalogue is sampled.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Chains, warm-up, draws and the rest of the sampler's settings.
    pub sampler: nuts::Settings,
    /// Seed of all random numbers.
    pub seed: u64,
    /// Whether an object that fails is run once more with four times the draws, of which every fourth is kept.
    pub rerun: bool,
    /// Draws of importance sampling, the second opinion on every posterior; 0 for none.
    pub importance: usize,
    /// The ionisation corrections of the derived abundances.
    pub abundances: abundance::Settings,
}

/// What became of one object of the catalogue.
#[derive(Debug)]
pub struct Outcome {
    /// Its place among the catalogue's entries.
    pub index: usize,
    /// Its name.
    pub id: String,
    /// What became of it.
    pub status: Status,
    /// Flags, the gravest first.
    pub flags: Vec<Flag>,
    /// Why it was rejected.
    pub reasons: Vec<Error>,
    /// Its problem, if it has one.
    pub problem: Option<Problem>,
    /// Its numbers and draws, if it was sampled.
    pub fitted: Option<Fitted>,
}

/// One object's draws and what they come to.
#[derive(Debug)]
pub struct Fitted {
    /// In numbers.
    pub summary: Summary,
    /// The draws of the problem's parameters, in their order.
    pub draws: Draws,
    /// What is derived from them, draw by draw.
    pub derived: Derived,
    /// The sampled positions that they come from, `[chain, draw, coordinate]`.
    pub positions: Vec<f64>,
}

/// Fits the plan on a backend, in batches as large as that asks for; outcomes go to `sink` in the plan's order. Returns early, between batches, when
/// `stop` is set.
///
/// # Errors
/// Those of the backend and of `sink`. What befalls a single object is its outcome, not an error.
pub fn run(
    plan: Plan<'_>,
    backend: &mut dyn Backend,
    options: &Options,
    sink: &mut dyn FnMut(Outcome) -> Result<()>,
    stop: &AtomicBool,
) -> Result<()> {
    let recipe = plan.recipe;
    let mut entries = plan.entries.into_iter().enumerate();
    loop {
        let batch: Vec<(usize, Planned)> = entries.by_ref().take(backend.batch(&options.sampler)).collect();
        if batch.is_empty() || stop.load(Ordering::Relaxed) {
            return Ok(());
        }
        for outcome in fit_batch(recipe, batch, backend, options)? {
            sink(outcome)?;
        }
    }
}

/// A problem with its mode, before or after sampling.
struct Found {
    problem: Problem,
    mode: Mode,
    metric: Metric,
    conflicts: Vec<String>,
    estimate: Option<Estimate>,
}

fn fit_batch(
    recipe: &Recipe<'_>,
    batch: Vec<(usize, Planned)>,
    backend: &mut dyn Backend,
    options: &Options,
) -> Result<Vec<Outcome>> {
    let grid = &recipe.set.grid;
    let mut outcomes: Vec<Outcome> = Vec::with_capacity(batch.len());
    let mut problems = Vec::new();
    for (index, planned) in batch {
        let id = planned.id.clone();
        let (problem, reasons) = match planned.problem(recipe) {
            Ok(problem) => (Some(problem), Vec::new()),
            Err(reasons) => (None, reasons),
        };
        let status = if problem.is_some() {
            Status::Fail
        } else {
            Status::Rejected
        };
        problems.extend(problem.map(|problem| (outcomes.len(), problem)));
        outcomes.push(Outcome {
            index,
            id,
            status,
            flags: Vec::new(),
            reasons,
            problem: None,
            fitted: None,
        });
    }
    let search = |(place, problem): (usize, Problem)| {
        let mode = mode::find(&problem, grid);
        let metric = mode
            .as_ref()
            .and_then(|mode| Metric::from_precision(&mode.position, &mode.hessian));
        let Some((mode, metric)) = mode.zip(metric) else {
            return (place, Err(problem));
        };
        let conflicts = conflict::find(&problem, grid, &mode);
        let estimate = check::estimate(&problem, grid, &metric, options);
        (
            place,
            Ok(Found {
                problem,
                mode,
                metric,
                conflicts,
                estimate,
            }),
        )
    };
    let searched: Vec<_> = problems.into_par_iter().map(search).collect();
    let mut found = Vec::new();
    for (place, result) in searched {
        match result {
            Ok(object) => found.push((place, object)),
            Err(problem) => {
                outcomes[place].flags = vec![Flag::from(Code::NoMode)];
                outcomes[place].problem = Some(problem);
            }
        }
    }
    let fitted = sample(recipe, &found, backend, options)?;
    for ((place, object), mut fitted) in found.into_iter().zip(fitted) {
        let outcome = &mut outcomes[place];
        outcome.status = fitted.summary.status;
        outcome.flags = std::mem::take(&mut fitted.summary.flags);
        outcome.problem = Some(object.problem);
        outcome.fitted = Some(fitted);
    }
    Ok(outcomes)
}

/// Samples the objects, and once more those that fail, if the options say so.
fn sample(
    recipe: &Recipe<'_>,
    found: &[(usize, Found)],
    backend: &mut dyn Backend,
    options: &Options,
) -> Result<Vec<Fitted>> {
    let all: Vec<&Found> = found.iter().map(|(_, object)| object).collect();
    let mut fitted = sample_once(recipe, &all, backend, options, options.sampler)?;
    if !options.rerun {
        return Ok(fitted);
    }
    let failed: Vec<usize> = (0..all.len())
        .filter(|&i| fitted[i].summary.status == Status::Fail)
        .collect();
    let again: Vec<&Found> = failed.iter().map(|&i| all[i]).collect();
    let longer = nuts::Settings {
        warmup: RERUN_WARMUP * options.sampler.warmup,
        draws: RERUN_DRAWS * options.sampler.draws,
        ..options.sampler
    };
    for (i, mut second) in failed
        .into_iter()
        .zip(sample_once(recipe, &again, backend, options, longer)?)
    {
        let dimension = all[i].problem.object.dimension();
        second.positions = thinned_rows(&second.positions, dimension, second.draws.draws, RERUN_DRAWS);
        second.derived = second.derived.thinned(second.draws.draws, RERUN_DRAWS);
        second.draws = second.draws.thinned(RERUN_DRAWS);
        second.summary.flags.push(Flag::from(Code::Rerun));
        fitted[i] = second;
    }
    Ok(fitted)
}

fn sample_once(
    recipe: &Recipe<'_>,
    objects: &[&Found],
    backend: &mut dyn Backend,
    options: &Options,
    settings: nuts::Settings,
) -> Result<Vec<Fitted>> {
    let grid = &recipe.set.grid;
    let prepare = |object: &&Found| {
        start::sampler(
            &object.problem,
            grid,
            &object.mode,
            &object.metric,
            options.seed,
            settings,
        )
    };
    let samplers: Vec<ObjectSampler> = objects.par_iter().map(prepare).collect();
    let tasks = objects.iter().zip(samplers).map(|(object, sampler)| Task {
        object: &object.problem.object,
        sampler,
    });
    let sampled = backend.sample(grid, tasks.collect())?;
    // Threads that have no object of their own share those of the others.
    let workspaces = || {
        let threads = rayon::current_num_threads() / objects.len().max(1);
        (0..threads.max(1)).map(|_| Workspace::default()).collect::<Vec<_>>()
    };
    let finish = |workspaces: &mut Vec<Workspace>, (object, sampled): (&&Found, Sampled)| {
        let draws = values::draws(&object.problem, grid, &sampled, settings);
        let key = Key::new(options.seed, &object.problem.id);
        let derived = Derived::new(&options.abundances, &draws, &key);
        let summary = summarise(
            &object.problem,
            recipe.set,
            &object.mode,
            &object.conflicts,
            object.estimate.as_ref(),
            (&sampled, &draws, &derived),
            workspaces,
        );
        Fitted {
            summary,
            draws,
            derived,
            positions: sampled.positions,
        }
    };
    Ok(objects.par_iter().zip(sampled).map_init(workspaces, finish).collect())
}
