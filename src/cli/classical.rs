//! `nebulium fit --method classical`: a catalogue of line fluxes in, the answers of the classical direct method out.

use std::path::Path;
use std::sync::atomic::AtomicBool;

use super::args::Fit;
use super::fit::{Done, interrupted, provenance};
use super::progress::Progress;
use super::{Failure, USAGE, during};
use crate::classical;
use crate::config::Config;
use crate::draws::Method;
use crate::export::Writer;
use crate::fit::{self, Survey};
use crate::report::Tally;

/// Solves the catalogue's objects and writes the result to `out`; none if interrupted.
pub(super) fn run(
    arguments: &Fit,
    config: &Config,
    survey: &Survey<'_>,
    out: Option<&Path>,
    stop: &AtomicBool,
) -> Result<Option<Done>, Failure> {
    let settings = &config.classical;
    let backend = format!("cpu, {} threads, f64", rayon::current_num_threads());
    let set = survey.recipe.set;
    let provenance = provenance(config, survey, backend, Method::Classical)?;
    let objects = survey.ids.len();
    let writer = out.map(|directory| {
        let ids: Vec<&str> = survey.ids.iter().map(String::as_str).collect();
        let columns = classical::columns(&survey.columns, &survey.more, settings);
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
            writer.add(&outcome, &set.grid)?;
        }
        tally.add(&outcome);
        progress.advance();
        only = (objects == 1).then_some(outcome);
        Ok(())
    };
    let options = config.fit_options();
    let run = survey.run(|queue| classical::run(queue, settings, &options, &mut sink, stop));
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
