//! A survey's first look: weighted draws around the mode of each object, and chains where those do
//! not represent the posterior.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use rayon::prelude::*;

use super::audit::{self, compared};
use super::importance::sample;
use super::{Batch, Fitted, Found, Options, Outcome, Planned, Queue, fitted, joined, tasks, values};
use crate::backend::Backend;
use crate::backend::cpu::Cpu;
use crate::diagnostics::Workspace;
use crate::error::Result;
use crate::flag::Code;
use crate::importance::Sample;
use crate::nuts::{self, Sampled};
use crate::problem::{Problem, Recipe};
use crate::rng::Key;
use crate::summary::Origin;

/// Objects of a thread in a batch. Few of them need chains, and their batch should fill the cores.
const OBJECTS_A_THREAD: usize = 32;
/// Most draws that are kept of an object: weighted draws say no more.
const KEPT: usize = 1000;

/// Chains, draws of a chain that are kept, and the draws of which one is kept. Weighted draws are
/// resampled to this shape.
pub(crate) fn shape(settings: &nuts::Settings) -> (usize, usize, usize) {
    let every = (settings.chains * settings.draws)
        .div_ceil(KEPT)
        .clamp(1, settings.draws);
    (settings.chains, settings.draws / every, every)
}

/// Fits the objects of a queue by importance sampling on all cores in double precision. Outcomes go
/// to `sink` in the queue's order.
///
/// An object with another mode, or without weighted draws that stand for its posterior, goes to
/// NUTS. So does a fraction `audit` of the others, for the comparison. While such objects are
/// sampled, threads look at the next batch. When `stop` is set, the function returns between two
/// batches.
///
/// # Errors
/// Errors of `sink` and of the queue. An error of one object is part of its outcome.
pub fn run<'a>(
    queue: impl Into<Queue<'a>>,
    options: &Options,
    audit: f64,
    sink: &mut dyn FnMut(Outcome) -> Result<()>,
    stop: &AtomicBool,
) -> Result<()> {
    let mut queue = queue.into();
    let recipe = queue.recipe;
    let size = OBJECTS_A_THREAD * rayon::current_num_threads();
    let mut looked = Looked::new(recipe, queue.take(size)?, options, audit);
    while !looked.is_empty() && !stop.load(Ordering::Relaxed) {
        looked = thread::scope(|scope| {
            let next = scope.spawn(|| -> Result<Looked> { Ok(Looked::new(recipe, queue.take(size)?, options, audit)) });
            let outcomes = looked.finish(recipe, options)?;
            outcomes.into_iter().try_for_each(&mut *sink)?;
            joined(next)
        })?;
    }
    Ok(())
}

/// One object after the first look.
enum Look {
    /// Rejected, failed or fitted.
    Done(Outcome),
    /// To be sampled by chains, with the numbers of its weighted draws if that is for an audit.
    ToSample(Outcome, Box<Found>, Option<Box<Fitted>>),
}

/// Objects of one batch.
struct Looked {
    done: Vec<Outcome>,
    batch: Batch,
    /// For each object of the batch, the numbers of its weighted draws.
    audited: Vec<Option<Box<Fitted>>>,
}

impl Looked {
    /// Looks at planned objects.
    fn new(recipe: &Recipe<'_>, planned: Vec<(usize, Planned)>, options: &Options, audit: f64) -> Looked {
        let look = |workspace: &mut Workspace, (index, planned): (usize, Planned)| {
            let (outcome, problem) = Outcome::begin(index, planned, recipe);
            match problem {
                Some(problem) => look_at(recipe, outcome, problem, options, audit, workspace),
                None => Look::Done(outcome),
            }
        };
        let looks: Vec<Look> = planned.into_par_iter().map_init(Workspace::default, look).collect();
        let (mut done, mut outcomes, mut found, mut audited) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for look in looks {
            match look {
                Look::Done(outcome) => done.push(outcome),
                Look::ToSample(outcome, object, fitted) => {
                    let index = outcomes.len();
                    outcomes.push(outcome);
                    found.push(Found { index, ..*object });
                    audited.push(fitted);
                }
            }
        }
        let batch = Batch { outcomes, found };
        Looked { done, batch, audited }
    }

    fn is_empty(&self) -> bool {
        self.done.is_empty() && self.batch.is_empty()
    }

    /// Samples the objects that need chains. Returns all outcomes in the queue's order.
    fn finish(self, recipe: &Recipe<'_>, options: &Options) -> Result<Vec<Outcome>> {
        let Looked {
            mut done,
            batch,
            audited,
        } = self;
        if !batch.is_empty() {
            let (_, _, every) = shape(&options.sampler);
            let sampled = Cpu.sample(&recipe.set.grid, tasks(recipe, batch.found(), options))?;
            for (mut outcome, weighted) in batch.finish(recipe, sampled, options, true)?.into_iter().zip(audited) {
                if let Some(weighted) = weighted {
                    let chains = outcome.fitted.take();
                    outcome.audit = chains.map_or_else(Vec::new, |own| compared(&weighted, &own));
                    outcome.complete(*weighted);
                } else if let (Some(fitted), Some(problem)) = (&mut outcome.fitted, &outcome.problem) {
                    fitted.thin(problem.object.dimension(), every);
                }
                done.push(outcome);
            }
            done.sort_by_key(|outcome| outcome.index);
        }
        Ok(done)
    }
}

/// Finds the mode of an object and weighs draws around it.
fn look_at(
    recipe: &Recipe<'_>,
    mut outcome: Outcome,
    problem: Problem,
    options: &Options,
    audit: f64,
    workspace: &mut Workspace,
) -> Look {
    let grid = &recipe.set.grid;
    // The weighted draws are the estimate.
    let bare = Options {
        importance: 0,
        ..*options
    };
    let mut found = match Found::new(0, problem, grid, &bare) {
        Ok(found) => found,
        Err(problem) => {
            outcome.fail(*problem, Code::NoMode);
            return Look::Done(outcome);
        }
    };
    if found.modes.several.is_some() {
        return Look::ToSample(outcome, Box::new(found), None);
    }
    match sample(&found.problem, grid, &found.modes.metric, options) {
        Ok(sample) => {
            let fitted = weighed(recipe, &found, &sample, options, workspace);
            if audit::is_chosen(&Key::new(options.seed, &found.problem.id), audit) {
                return Look::ToSample(outcome, Box::new(found), Some(Box::new(fitted)));
            }
            outcome.problem = Some(found.problem);
            outcome.complete(fitted);
            Look::Done(outcome)
        }
        Err(estimate) => {
            found.modes.estimate = estimate;
            Look::ToSample(outcome, Box::new(found), None)
        }
    }
}

/// Numbers of an object from its weighted draws, and draws that are resampled from them.
fn weighed(
    recipe: &Recipe<'_>,
    found: &Found,
    sample: &Sample,
    options: &Options,
    workspace: &mut Workspace,
) -> Fitted {
    let (chains, draws, _) = shape(&options.sampler);
    let key = Key::new(options.seed, &found.problem.id);
    let chosen = spread(&sample.resampled(chains * draws, &key), chains);
    let positions = sample.positions(&chosen);
    let sampled = Sampled::without_sampler(positions, chains, found.modes.metric.clone(), sample.draws());
    let draws = values::draws(&found.problem, &recipe.set.grid, &sampled);
    let origin = Origin::Weighted(sample);
    let workspaces = std::slice::from_mut(workspace);
    let mut fitted = fitted(recipe, found, origin, (&sampled, draws), options, workspaces);
    fitted.positions = sampled.positions;
    fitted
}

/// Deals draws out to `chains` chains in turn, `[chain, draw]`, so that copies of one draw stand in
/// different chains.
fn spread(draws: &[usize], chains: usize) -> Vec<usize> {
    let of_chain = |chain: usize| draws.iter().skip(chain).step_by(chains);
    (0..chains).flat_map(of_chain).copied().collect()
}
