//! Fit of a catalogue: problems, modes, chains and summaries, batch after batch, on a backend.

#![warn(clippy::wildcard_enum_match_arm)]

mod audit;
mod compared;
mod conflict;
pub mod first_look;
mod importance;
mod kept;
mod looks;
mod modes;
mod outcome;
mod plan;
mod start;
mod survey;
mod values;

pub use compared::{COMPARED, Compared};
pub(crate) use kept::BLANK;
pub use kept::Carried;
pub use looks::{GROWTH, GROWTH_WITH_OUTLIERS};
pub use outcome::{Fitted, Outcome};
pub use plan::{Plan, Planned, Queue, problem_of};
pub use survey::Survey;

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use rayon::prelude::*;

use crate::abundance::{self, Derived, Observed};
use crate::backend::cpu::Cpu;
use crate::backend::{Backend, Task};
use crate::diagnostics::Workspace;
use crate::draws::{Draws, Method};
use crate::emissivity::Grid;
pub use crate::error::FitError;
use crate::error::Result;
use crate::flag::Code;
use crate::nuts::{self, Sampled};
use crate::problem::{Problem, Recipe};
use crate::rng::Key;
use crate::summary::{Origin, summarise};
use modes::Modes;

/// Options of a fit.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Chains, warm-up, draws and the rest of the sampler's settings.
    pub sampler: nuts::Settings,
    /// Seed of all random numbers.
    pub seed: u64,
    /// Most looks at an object's draws, at least 1. After each look but the last an object that
    /// fails is drawn further, to `growth` times its draws.
    pub looks: u32,
    /// Draws at a look over those at the look before, at least 2: [`GROWTH`] or
    /// [`GROWTH_WITH_OUTLIERS`].
    pub growth: usize,
    /// Draws of importance sampling, the check of every posterior; 0 for none.
    pub importance: usize,
    /// Ionisation corrections of the derived abundances.
    pub abundances: abundance::Settings,
}

/// Fits the objects of a queue on a backend. Outcomes go to `sink` in the queue's order.
///
/// The backend sets the size of a batch. While one batch is sampled, threads find the modes of the
/// next and summarise the draws of the last. When `stop` is set, the function returns between two
/// batches.
///
/// # Errors
/// Errors of the backend, of `sink` and of the queue. An error of one object is part of its
/// outcome.
pub fn run<'a>(
    queue: impl Into<Queue<'a>>,
    backend: &mut dyn Backend,
    options: &Options,
    sink: &mut dyn FnMut(Outcome) -> Result<()>,
    stop: &AtomicBool,
) -> Result<()> {
    let mut queue = queue.into();
    let recipe = queue.recipe;
    let (size, is_double) = (backend.batch(&options.sampler), backend.is_double());
    let mut batch = Batch::prepare(recipe, queue.take(size)?, options);
    let mut last: Option<(Batch, Vec<Sampled>)> = None;
    while !(batch.is_empty() && last.is_none()) {
        if stop.load(Ordering::Relaxed) {
            return Ok(());
        }
        let finish = |(batch, sampled): (Batch, Vec<Sampled>)| batch.finish(recipe, sampled, options, is_double);
        let (next, sampled, finished) = thread::scope(|scope| {
            let next = scope.spawn(|| -> Result<Batch> { Ok(Batch::prepare(recipe, queue.take(size)?, options)) });
            let finished = scope.spawn(|| last.take().map(finish));
            let sampled = sample(backend, recipe, &batch.found(), options);
            (joined(next), sampled, joined(finished))
        });
        for outcome in finished.transpose()?.into_iter().flatten() {
            sink(outcome)?;
        }
        let sampled = sampled?;
        last = (!batch.is_empty()).then_some((batch, sampled));
        batch = next?;
    }
    Ok(())
}

/// Joins a thread; a panic of the thread continues here.
fn joined<T>(thread: thread::ScopedJoinHandle<'_, T>) -> T {
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// Problem with its mode.
struct Found {
    /// Index among the batch's outcomes.
    index: usize,
    problem: Problem,
    modes: Modes,
    conflicts: Vec<String>,
}

impl Found {
    /// Finds the modes of a problem, and the conflicts of its priors. The error is the problem, if
    /// there is no mode.
    fn new(
        index: usize,
        problem: Problem,
        grid: &Grid<f64>,
        options: &Options,
    ) -> std::result::Result<Found, Box<Problem>> {
        let Some(modes) = Modes::find(&problem, grid, options) else {
            return Err(Box::new(problem));
        };
        let conflicts = conflict::find(&problem, grid, &modes.mode);
        Ok(Found {
            index,
            problem,
            modes,
            conflicts,
        })
    }
}

/// Objects of one batch: the outcomes that are known already, and the objects to sample.
struct Batch {
    outcomes: Vec<Outcome>,
    found: Vec<Found>,
}

impl Batch {
    /// Finds the modes of planned objects; an object without a mode has its outcome.
    fn prepare(recipe: &Recipe<'_>, planned: Vec<(usize, Planned)>, options: &Options) -> Batch {
        let mut outcomes: Vec<Outcome> = Vec::with_capacity(planned.len());
        let mut problems = Vec::new();
        for (index, planned) in planned {
            let (outcome, problem) = Outcome::begin(index, planned, recipe);
            problems.extend(problem.map(|problem| (outcomes.len(), problem)));
            outcomes.push(outcome);
        }
        let grid = &recipe.set.grid;
        let search = |(index, problem): (usize, Problem)| {
            Found::new(index, problem, grid, options).map_err(|problem| (index, problem))
        };
        let searched: Vec<_> = problems.into_par_iter().map(search).collect();
        let mut found = Vec::with_capacity(searched.len());
        for result in searched {
            match result {
                Ok(object) => found.push(object),
                Err::<_, (usize, Box<Problem>)>((index, problem)) => outcomes[index].fail(*problem, Code::NoMode),
            }
        }
        Batch { outcomes, found }
    }

    fn is_empty(&self) -> bool {
        self.outcomes.is_empty()
    }

    fn found(&self) -> Vec<&Found> {
        self.found.iter().collect()
    }

    /// Looks at the draws, draws further where an object fails, and puts the summaries into
    /// outcomes. `is_double` says that the first draws are of the CPU in f64, as later ones are.
    fn finish(
        mut self,
        recipe: &Recipe<'_>,
        sampled: Vec<Sampled>,
        options: &Options,
        is_double: bool,
    ) -> Result<Vec<Outcome>> {
        let fitted = looks::run(recipe, &self.found(), sampled, options, is_double)?;
        for (object, fitted) in self.found.into_iter().zip(fitted) {
            let outcome = &mut self.outcomes[object.index];
            outcome.problem = Some(object.problem);
            outcome.complete(fitted);
        }
        Ok(self.outcomes)
    }
}

/// Samples the objects. Those with several modes run on the host's cores in double precision,
/// whatever the backend: they are few, and the kernels know one mode.
fn sample(
    backend: &mut dyn Backend,
    recipe: &Recipe<'_>,
    objects: &[&Found],
    options: &Options,
) -> Result<Vec<Sampled>> {
    let grid = &recipe.set.grid;
    let on_host = |object: &&Found| object.modes.several.is_some() && !backend.is_double();
    let (host, device): (Vec<&Found>, Vec<&Found>) = objects.iter().partition(|object| on_host(object));
    let is_on_host: Vec<bool> = objects.iter().map(on_host).collect();
    let mut device = backend.sample(grid, tasks(recipe, device, options))?.into_iter();
    let mut host = Cpu.sample(grid, tasks(recipe, host, options))?.into_iter();
    let next = |on_host: bool| if on_host { host.next() } else { device.next() };
    Ok(is_on_host.into_iter().map_while(next).collect())
}

/// Makes the samplers of the objects.
fn tasks<'a>(recipe: &Recipe<'_>, objects: Vec<&'a Found>, options: &Options) -> Vec<Task<'a>> {
    let prepare = |object: &'a Found| Task {
        object: &object.problem.object,
        sampler: start::sampler(object, &recipe.set.grid, options.seed, options.sampler),
    };
    objects.into_par_iter().map(prepare).collect()
}
/// Derives abundances from the draws of an object, and summarises all; the positions stay with the
/// sampled.
fn fitted(
    recipe: &Recipe<'_>,
    object: &Found,
    origin: Origin<'_>,
    (sampled, draws): (&Sampled, Draws),
    options: &Options,
    workspaces: &mut [Workspace],
) -> Fitted {
    let key = Key::new(options.seed, &object.problem.id);
    let ionisation = object.problem.ionisation(recipe.set);
    let observed = Observed {
        detects: &|ion| ion.parse().is_ok_and(|ion| object.problem.detects(ion, recipe.set)),
        conditions: &|draw| ionisation.at(draw),
    };
    let derived = Derived::new(&options.abundances, &draws, &key, &observed);
    let summary = summarise(
        &object.problem,
        recipe.set,
        (&object.modes.mode, object.modes.mixture()),
        &object.conflicts,
        origin,
        (sampled, &draws, &derived),
        workspaces,
    );
    Fitted {
        method: match origin {
            Origin::Chains(_) => Method::Nuts,
            Origin::Weighted(_) => Method::Importance,
        },
        summary,
        draws,
        derived,
        positions: Vec::new(),
    }
}
