//! `nebulium convergence`: speed of convergence of an object's posterior, over a grid of chains,
//! warm-ups and draws.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::args::{Convergence, Input};
use super::interrupt::{exit_code, stop_at_signal};
use super::progress::Progress;
use super::{DEVICE, Failure, GOOD, INPUT, Outcome, USAGE, devices, during, input, say, warn};
use crate::backend::Backend;
use crate::config::Config;
use crate::convergence::{Grid, Lab, Point, Reference, long_run};
use crate::error::{CatalogueError, Error, SimulateError};
use crate::export::LabFiles;
use crate::fit::Planned;
use crate::problem::{Problem, Recipe};
use crate::report::convergence_table;
use crate::table::{column_names, read_columns};
use crate::text::Near;

/// Largest R-hat of a long run that serves as reference.
const REFERENCE_R_HAT: f64 = 1.01;
/// Column of the objects' names in a table of truths.
const OBJECT: &str = "object";

/// Samples the object at every point of the grid, writes the statistics and prints a table.
pub(super) fn run(arguments: &Convergence) -> Outcome {
    let input = &arguments.input;
    let mut config = input::config(input)?;
    config.sampler.seed = arguments.seed.unwrap_or(config.sampler.seed);
    let grid = grid(arguments);
    let long = long_run(&grid, arguments.reference_draws.map(|draws| draws as usize));
    check(&config, grid.points().chain([long]))?;
    let set = input::emissivities(input, &config)?;
    let recipe = input::recipe(&config, &set)?;
    let problem = chosen(input, &config, &recipe, arguments.object.as_deref())?;
    let truths = match &arguments.truth {
        Some(path) => Some(truths(path, &problem)?),
        None => None,
    };
    let files = LabFiles::create(&arguments.out, arguments.force).map_err(during(USAGE))?;
    devices::set_threads(arguments.machine.threads);
    let stop = Arc::default();
    stop_at_signal(&stop);
    let chains = grid.points().map(|point| point.chains).max().unwrap_or_default();
    let mut backend = devices::backend(&arguments.machine, &set.grid, chains)?;
    let lab = Lab {
        recipe: &recipe,
        problem,
        options: config.fit_options(),
    };
    let references = match truths {
        Some(truths) => truths,
        None => reference(&lab, long, backend.as_mut(), input.quiet)?,
    };
    let Some(measured) = measured(&lab, &grid, &references, (backend.as_mut(), input.quiet), &stop)? else {
        warn("interrupted; nothing was written");
        return Ok(exit_code());
    };
    files.write(&measured).map_err(during(USAGE))?;
    if !input.quiet {
        say(&format!(
            "{}, {} runs of each, the worst parameter of each point:\n\n{}\nTable and arrays are in {}.\n",
            lab.problem.id,
            grid.replicates,
            convergence_table(&measured),
            arguments.out.display()
        ));
    }
    Ok(GOOD)
}

/// Makes the grid of the arguments.
fn grid(arguments: &Convergence) -> Grid {
    let sizes = |numbers: &[u64]| numbers.iter().map(|number| *number as usize).collect();
    Grid {
        chains: sizes(&arguments.chains),
        warmup: sizes(&arguments.warmup),
        draws: sizes(&arguments.draws),
        replicates: arguments.replicates as usize,
    }
}

/// Checks that each run has a length that `fit` takes.
fn check(config: &Config, points: impl Iterator<Item = Point>) -> Result<(), Failure> {
    let mut config = config.clone();
    for Point { chains, warmup, draws } in points {
        (config.sampler.chains, config.sampler.warmup, config.sampler.draws) = (chains, warmup, draws);
        config.validate().map_err(during(USAGE))?;
    }
    Ok(())
}

/// Reads the catalogue and makes the problem of one object: of the one asked for, or the only one.
fn chosen(input: &Input, config: &Config, recipe: &Recipe<'_>, asked: Option<&str>) -> Result<Problem, Failure> {
    let settings = config.table_settings();
    let (mut objects, mut found, mut near) = (0, None, asked.map(Near::to));
    let beside = input::sources(input, config, recipe.set, &settings)?.read(&mut |entry| {
        objects += 1;
        if found.is_none() && asked.is_none_or(|object| entry.id() == object) {
            found = Some(Planned::from(entry));
        } else if let Some(near) = &mut near {
            near.see(entry.id());
        }
        Ok(())
    });
    input::warn_of(input, &beside.map_err(during(INPUT))?);
    let found = match (asked, found) {
        (Some(object), None) => Err(Error::Catalogue(CatalogueError::NoSuchObject {
            object: object.to_owned(),
            objects,
            near: near.map_or_else(Vec::new, Near::names),
        })),
        (Some(_), Some(planned)) => Ok(planned),
        (None, Some(planned)) if objects == 1 => Ok(planned),
        (None, _) => Err(Error::Catalogue(CatalogueError::WhichObject { objects })),
    };
    let mut reasons = match found.map_err(during(USAGE))?.problem(recipe) {
        Ok(problem) => return Ok(problem),
        Err(reasons) => reasons.into_iter(),
    };
    let first = reasons
        .next()
        .unwrap_or(Error::Catalogue(CatalogueError::WhichObject { objects }));
    for reason in reasons {
        warn(&format!("error: {reason}"));
    }
    Err(during(INPUT)(first))
}

/// Reads the true parameters of an object from a table as `simulate` writes it.
///
/// A table with names has a row for the object; a table without has one row.
fn truths(path: &Path, problem: &Problem) -> Result<BTreeMap<String, Reference>, Failure> {
    let names = column_names(path).map_err(during(INPUT))?;
    let known = problem.parameters.iter().any(|p| names.contains(&p.name));
    // A table without any parameter gives the error of a missing column.
    let asked = if known {
        names
    } else {
        vec![problem.parameters[0].name.clone()]
    };
    let table = read_columns(path, &asked).map_err(during(INPUT))?;
    let row = match asked.iter().position(|name| name == OBJECT) {
        Some(column) => (0..table.len()).find(|&row| table.field(row, column).text() == problem.id),
        None => (table.len() == 1).then_some(0),
    };
    let row = row.ok_or_else(|| {
        Error::Simulate(SimulateError::NoTruth {
            path: path.to_owned(),
            object: problem.id.clone(),
        })
    });
    let row = row.map_err(during(INPUT))?;
    let mut truths = BTreeMap::new();
    for (column, name) in asked.iter().enumerate().filter(|(_, name)| *name != OBJECT) {
        let field = table.field(row, column);
        if !field.text().is_empty() && !field.text().eq_ignore_ascii_case("nan") {
            let value = field.number("a number", |_| true).map_err(during(INPUT))?;
            truths.insert(name.clone(), Reference::truth(value));
        }
    }
    Ok(truths)
}

/// Samples the long run that serves as reference; warns if R-hat is too large.
fn reference(
    lab: &Lab<'_>,
    point: Point,
    backend: &mut dyn Backend,
    quiet: bool,
) -> Result<BTreeMap<String, Reference>, Failure> {
    if !quiet {
        let Point { chains, warmup, draws } = point;
        warn(&format!("reference: {chains} chains of {warmup} + {draws} draws"));
    }
    let (references, r_hat) = lab.reference(point, backend).map_err(during(DEVICE))?;
    if r_hat.is_nan() || r_hat > REFERENCE_R_HAT {
        warn(&format!(
            "warning: the reference has an R-hat of {r_hat:.3}, so that what is measured against it means little: give it more \
             draws (--reference-draws), or a truth (--truth)"
        ));
    }
    Ok(references)
}

/// Samples all runs and shows the progress; none if interrupted.
fn measured(
    lab: &Lab<'_>,
    grid: &Grid,
    references: &BTreeMap<String, Reference>,
    (backend, quiet): (&mut dyn Backend, bool),
    stop: &AtomicBool,
) -> Result<Option<crate::convergence::Measured>, Failure> {
    let progress = Progress::of("runs", grid.runs(), quiet);
    let mut advance = || progress.advance();
    lab.measure(grid, references, backend, &mut advance, stop)
        .map_err(during(DEVICE))
}
