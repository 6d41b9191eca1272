//! Looks at an object's draws: an object that fails the gate is drawn further until it passes.
//!
//! A look summarises all draws since warm-up. An object that fails is drawn to `growth` times its
//! draws, from the last position of each chain, under the same metric and step size. No draw is
//! thrown away: after the last look the draws are those of one long run. Later draws are made on
//! the host's cores in f64, whatever the backend: few objects with long trees suit them.

use rayon::prelude::*;

use super::{Fitted, Found, Options, fitted, values};
use crate::backend::cpu::Cpu;
use crate::backend::{Backend, Task};
use crate::diagnostics::Workspace;
use crate::error::Result;
use crate::flag::{Code, Flag};
use crate::nuts::Sampled;
use crate::problem::Recipe;
use crate::summary::{Origin, Status};

/// Draws at a look over those at the look before. Twice is the least whole factor, so that the
/// draws kept in the files are every second, fourth or eighth.
pub const GROWTH: usize = 2;
/// The same under a likelihood with outliers, whose tails mix slowly (`docs/validation.md`, "One
/// wrong line").
pub const GROWTH_WITH_OUTLIERS: usize = 4;

/// Looks at the first draws of each object, draws further what fails, and summarises all draws.
/// The draws that are returned are thinned to the number of the first look.
pub(super) fn run(
    recipe: &Recipe<'_>,
    objects: &[&Found],
    mut sampled: Vec<Sampled>,
    options: &Options,
    is_double: bool,
) -> Result<Vec<Fitted>> {
    let mut fitted = summarised(recipe, objects, &sampled.iter().collect::<Vec<_>>(), options);
    for look in 2..=options.looks {
        let failed = |&i: &usize| fitted[i].summary.status == Status::Fail;
        let failed: Vec<usize> = (0..objects.len()).filter(failed).collect();
        if failed.is_empty() {
            break;
        }
        draw_further(recipe, objects, &mut sampled, (&failed, options.growth))?;
        let again: Vec<&Found> = failed.iter().map(|&i| objects[i]).collect();
        let draws: Vec<&Sampled> = failed.iter().map(|&i| &sampled[i]).collect();
        for (&i, mut fit) in failed.iter().zip(summarised(recipe, &again, &draws, options)) {
            fit.summary.n_looks = look;
            if !is_double && objects[i].modes.several.is_none() {
                fit.summary.flags.push(Flag::from(Code::LaterOnCpu));
            }
            fitted[i] = fit;
        }
    }
    for (fit, sampled) in fitted.iter_mut().zip(sampled) {
        thin(fit, sampled, options.sampler.draws);
    }
    Ok(fitted)
}

/// Draws the objects of these indices to `growth` times their draws.
fn draw_further(
    recipe: &Recipe<'_>,
    objects: &[&Found],
    sampled: &mut [Sampled],
    (indices, growth): (&[usize], usize),
) -> Result<()> {
    let task = |&i: &usize| Task {
        object: &objects[i].problem.object,
        sampler: sampled[i].longer((growth - 1) * sampled[i].draws()),
    };
    let more = Cpu.sample(&recipe.set.grid, indices.iter().map(task).collect())?;
    for (&i, more) in indices.iter().zip(more) {
        sampled[i].append(more);
    }
    Ok(())
}

/// Gives a fit its positions, and thins the draws to `kept` a chain.
fn thin(fitted: &mut Fitted, sampled: Sampled, kept: usize) {
    let (step, dimension) = (sampled.draws() / kept, sampled.metric.dim());
    fitted.positions = sampled.positions;
    if step > 1 {
        fitted.thin(dimension, step);
    }
}

/// Summarises the draws of each object; the positions stay with the sampled.
fn summarised(recipe: &Recipe<'_>, objects: &[&Found], sampled: &[&Sampled], options: &Options) -> Vec<Fitted> {
    let grid = &recipe.set.grid;
    // Threads that have no object of their own share those of the others.
    let workspaces = || {
        let threads = rayon::current_num_threads() / objects.len().max(1);
        (0..threads.max(1)).map(|_| Workspace::default()).collect::<Vec<_>>()
    };
    let finish = |workspaces: &mut Vec<Workspace>, (object, sampled): (&&Found, &&Sampled)| {
        let draws = values::draws(&object.problem, grid, sampled);
        let origin = Origin::Chains(object.modes.estimate.as_ref());
        fitted(recipe, object, origin, (sampled, draws), options, workspaces)
    };
    objects.par_iter().zip(sampled).map_init(workspaces, finish).collect()
}
