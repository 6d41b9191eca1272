//! `nebulium compare`: the same objects with two sets of emissivities, and how far their posteriors
//! move.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::args::Compare;
use super::interrupt::{exit_code, stop_at_signal};
use super::progress::Progress;
use super::{DEVICE, Failure, GOOD, INPUT, Outcome, USAGE, devices, during, input, say, warn};
use crate::config::Config;
use crate::emissivity::Set;
use crate::export::{check_free, write_text};
use crate::fit::Survey;
use crate::report::{Fitted, counted, shifts_csv, shifts_table};
use crate::summary::Status;

/// Fits with the configuration as it is and with the ions of `--with` replaced, says how far means
/// moved, writes the table.
pub(super) fn run(arguments: &Compare) -> Outcome {
    let first = input::sampled_config(&arguments.input, &arguments.sampling)?;
    let mut second = first.clone();
    second.emissivities.ions.extend(arguments.with.iter().cloned());
    if let Some(path) = &arguments.out {
        check_free(path, arguments.force).map_err(during(USAGE))?;
    }
    let sets = [&first, &second].map(|config| input::emissivities(&arguments.input, config));
    let [set_a, set_b] = sets;
    let (set_a, set_b) = (set_a?, set_b?);
    devices::set_threads(arguments.sampling.machine.threads);
    let stop = Arc::default();
    stop_at_signal(&stop);
    let settings = first.table_settings();
    let sources = input::sources(&arguments.input, &first, &set_a, &settings)?;
    let recipe_a = input::recipe(&first, &set_a)?;
    let recipe_b = input::recipe(&second, &set_b)?;
    let survey = |recipe| Survey::new(&sources, recipe, &|_| Vec::new()).map_err(during(INPUT));
    let (survey_a, survey_b) = (survey(&recipe_a)?, survey(&recipe_b)?);
    input::warn_of(&arguments.input, &survey_a.beside);
    let a = fitted(arguments, &first, &set_a, &survey_a, &stop)?;
    let b = fitted(arguments, &second, &set_b, &survey_b, &stop)?;
    if stop.load(Ordering::Relaxed) {
        warn("interrupted; nothing was written");
        return Ok(exit_code());
    }
    if let Some(path) = &arguments.out {
        write_text(path, &shifts_csv(&a, &b), arguments.force).map_err(during(USAGE))?;
    }
    let fitted = |fits: &[Fitted]| fits.iter().filter(|fit| fit.status != Status::Rejected).count();
    let both = fitted(&a).min(fitted(&b));
    if !arguments.input.quiet {
        say(&format!(
            "a: {}\nb: {}\n{}, shifts (mean_b - mean_a)/sd_a:\n\n{}",
            set_a.name,
            set_b.name,
            counted(both, "object"),
            shifts_table(&a, &b)
        ));
    }
    Ok(if both == 0 { INPUT } else { GOOD })
}

/// Results kept of each object's fit with one set.
fn fitted(
    arguments: &Compare,
    config: &Config,
    set: &Set,
    survey: &Survey<'_>,
    stop: &AtomicBool,
) -> Result<Vec<Fitted>, Failure> {
    let (input, sampling) = (&arguments.input, &arguments.sampling);
    let objects = survey.ids.len();
    let mut backend = devices::backend(&sampling.machine, &set.grid, objects * config.sampler.chains)?;
    let progress = Progress::new(objects, input.quiet);
    let mut fits = Vec::with_capacity(objects);
    let mut sink = |outcome: crate::fit::Outcome| {
        fits.push(Fitted::new(&outcome));
        progress.advance();
        Ok(())
    };
    let options = config.fit_options();
    let run = survey.run(|queue| crate::fit::run(queue, backend.as_mut(), &options, &mut sink, stop));
    run.map_err(during(DEVICE))?;
    Ok(fits)
}
