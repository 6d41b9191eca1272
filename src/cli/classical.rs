//! `nebulium fit --method classical`: a catalogue of line fluxes in, the answers of the classical direct method out.

use std::path::Path;
use std::sync::atomic::AtomicBool;

use super::args::Fit;
use super::fit::{Done, interrupted, provenance};
use super::progress::Progress;
use super::{Failure, USAGE, during, input};
use crate::classical;
use crate::config::Config;
use crate::draws::Method;
use crate::export::Writer;
use crate::fit::{self, Plan};
use crate::problem::Recipe;
use crate::report::Tally;

/// Solves the catalogue's objects and writes the result to `out`; none if interrupted.
pub(super) fn run(
    arguments: &Fit,
    config: &Config,
    recipe: &Recipe<'_>,
    out: Option<&Path>,
    stop: &AtomicBool,
) -> Result<Option<Done>, Failure> {
    let settings = &config.classical;
    let catalogue = input::catalogue(&arguments.input, config, recipe.set)?;
    let backend = format!("cpu, {} threads, f64", rayon::current_num_threads());
    let (files, lines) = (catalogue.files.clone(), catalogue.lines(&recipe.set.list));
    let provenance = provenance(config, recipe.set, files, lines, backend, Method::Classical)?;
    let plan = Plan::new(catalogue, recipe);
    let objects = plan.entries.len();
    let writer = out.map(|directory| {
        let ids: Vec<&str> = plan.entries.iter().map(|planned| planned.id.as_str()).collect();
        let columns = classical::columns(&plan, settings);
        let drawn = (1, settings.realisations);
        let keep = (config.output.keep_draws, None);
        Writer::create(directory, arguments.force, &ids, &columns, drawn, keep, provenance)
    });
    let mut writer = writer.transpose().map_err(during(USAGE))?;
    let progress = Progress::new(objects, arguments.input.quiet);
    let mut tally = Tally::of(Method::Classical);
    let mut only = None;
    let mut sink = |outcome: fit::Outcome| {
        if let Some(writer) = &mut writer {
            writer.add(&outcome, &recipe.set.grid)?;
        }
        tally.add(&outcome);
        progress.advance();
        only = (objects == 1).then_some(outcome);
        Ok(())
    };
    let run = classical::run(plan, settings, &config.fit_options(), &mut sink, stop);
    drop(progress);
    run.map_err(during(USAGE))?;
    if interrupted(&tally, objects, stop) {
        return Ok(None);
    }
    writer
        .map_or(Ok(()), |writer| writer.finish(None, None))
        .map_err(during(USAGE))?;
    Ok(Some(Done { tally, only }))
}
