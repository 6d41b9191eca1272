//! `nebulium fit`: a catalogue of line fluxes in, posteriors, classical answers or both out.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::args::{Fit, Input, MethodName, Sampling};
use super::progress::Progress;
use super::{
    CASUALTIES, DEVICE, Failure, GOOD, INPUT, INTERRUPTED, Outcome, USAGE, classical, devices, during, input, say, warn,
};
use crate::backend::Replayed;
use crate::config::Config;
use crate::draws::Method;
use crate::export::{Provenance, Writer};
use crate::fit::{self, Survey};
use crate::problem::Problem;
use crate::report::{Tally, compared_table, counted, interleaved, object_table, overview};
use crate::summary::Status;

/// The error of a log density in f32, against f64, above which a user is warned: it tilts the posterior by that many nats.
const F32_ERROR: f64 = 0.05;

/// What a method came to: its counts, and the outcome of the only object of a catalogue of one.
pub(super) struct Done {
    pub(super) tally: Tally,
    pub(super) only: Option<fit::Outcome>,
}

/// Fits the catalogue by the method asked for, writes the result if there is a place for it, and says what came out.
pub(super) fn run(arguments: &Fit) -> Outcome {
    let input = &arguments.input;
    let config = with_flags(arguments)?;
    let set = input::emissivities(input, &config)?;
    let recipe = input::recipe(input, &config, &set)?;
    set_threads(arguments.sampling.machine.threads);
    let settings = config.table_settings();
    let sources = input::sources(input, &config, &set, &settings)?;
    let more = |problem: &Problem| match arguments.method {
        MethodName::Nuts => Vec::new(),
        _ => crate::classical::named(problem, &recipe, &config.classical),
    };
    let survey = Survey::new(&sources, &recipe, &more).map_err(during(INPUT))?;
    input::warn_of(input, &survey.beside);
    let stop = stop_at_interrupt();
    let out = arguments.out.as_deref();
    let classical_out = match arguments.method {
        MethodName::Both => out.map(|directory| directory.join(Method::Classical.name())),
        _ => out.map(Path::to_owned),
    };
    let classical = match arguments.method {
        MethodName::Nuts => None,
        _ => match classical::run(arguments, &config, &survey, classical_out.as_deref(), &stop)? {
            Some(done) => Some(done),
            None => return Ok(INTERRUPTED),
        },
    };
    let posterior = match arguments.method {
        MethodName::Classical => None,
        _ => match posterior(arguments, &config, &survey, &stop)? {
            Some(done) => Some(done),
            None => return Ok(INTERRUPTED),
        },
    };
    if !input.quiet {
        say(&told(posterior.as_ref(), classical.as_ref(), out));
    }
    let tallies = posterior
        .iter()
        .chain(&classical)
        .map(|done| code(&done.tally, input.strict));
    Ok(tallies.max().unwrap_or(GOOD))
}

/// Samples the posteriors of the catalogue's objects; none if interrupted.
fn posterior(
    arguments: &Fit,
    config: &Config,
    survey: &Survey<'_>,
    stop: &AtomicBool,
) -> Result<Option<Done>, Failure> {
    let input = &arguments.input;
    let set = survey.recipe.set;
    let sampling = &arguments.sampling;
    let objects = survey.ids.len();
    let chains = objects * config.sampler.chains;
    let mut backend = devices::backend(&sampling.machine, &set.grid, chains)?;
    let provenance = provenance(config, survey, backend.describe(), Method::Nuts)?;
    let mut writer = match &arguments.out {
        Some(directory) => Some(open(directory, arguments, config, survey, provenance)?),
        None => None,
    };
    let progress = Progress::new(objects, input.quiet);
    let mut tally = Tally::default();
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
    let run = survey.run(|queue| fit::run(queue, backend.as_mut(), &options, &mut sink, stop));
    drop(progress);
    run.map_err(during(DEVICE))?;
    if interrupted(&tally, objects, stop) {
        return Ok(None);
    }
    let error = backend.worst_error();
    if let Some(error) = error.filter(|error| error.is_nan() || *error > F32_ERROR) {
        warn(&format!(
            "warning: log densities in f32 are off by up to {error:.2e}: fit lines of such precision with --backend cpu --precision f64"
        ));
    }
    let replayed = backend.replayed();
    if let Some(replayed) = replayed.filter(|_| !input.quiet) {
        warn(&audited(&replayed));
    }
    writer
        .map_or(Ok(()), |writer| writer.finish(error, replayed))
        .map_err(during(USAGE))?;
    Ok(Some(Done { tally, only }))
}

/// The audit of a device's transitions in words.
fn audited(replayed: &Replayed) -> String {
    format!(
        "audit: {} replayed in f64, {} disagree, worst energy difference {:.1e}",
        counted(replayed.transitions as usize, "transition"),
        replayed.disagreeing,
        replayed.worst_energy
    )
}

/// True if a run stopped before its end; then it says so.
pub(super) fn interrupted(tally: &Tally, objects: usize, stop: &AtomicBool) -> bool {
    let stopped = stop.load(Ordering::Relaxed) && tally.objects() < objects;
    if stopped {
        warn(&format!(
            "interrupted after {} of {objects} objects; nothing was written",
            tally.objects()
        ));
    }
    stopped
}

/// The configuration with the flags in place of its settings.
fn with_flags(arguments: &Fit) -> Result<Config, Failure> {
    let mut config = config(&arguments.input, &arguments.sampling)?;
    let classical = &mut config.classical;
    classical.realisations = arguments.mc.map_or(classical.realisations, |mc| mc as usize);
    config.output.keep_draws = arguments.keep_draws.or(config.output.keep_draws);
    Ok(config)
}

/// The configuration with the sampler's flags in place of its settings.
pub(super) fn config(input: &Input, sampling: &Sampling) -> Result<Config, Failure> {
    let mut config = input::config(input)?;
    let sampler = &mut config.sampler;
    sampler.chains = sampling.chains.map_or(sampler.chains, |chains| chains as usize);
    sampler.warmup = sampling.warmup.unwrap_or(sampler.warmup);
    sampler.draws = sampling.draws.map_or(sampler.draws, |draws| draws as usize);
    sampler.seed = sampling.seed.unwrap_or(sampler.seed);
    Ok(config)
}

/// Opens the result's files, and says so where not all draws will be in them.
fn open(
    directory: &Path,
    arguments: &Fit,
    config: &Config,
    survey: &Survey<'_>,
    provenance: Provenance,
) -> Result<Writer, Failure> {
    let ids: Vec<&str> = survey.ids.iter().map(String::as_str).collect();
    let drawn = (config.sampler.chains, config.sampler.draws);
    let keep = config.output.keep_draws;
    let kept = (keep, arguments.netcdf.as_deref());
    let writer = Writer::create(
        directory,
        arguments.force,
        &ids,
        &survey.columns,
        drawn,
        kept,
        provenance,
    );
    let writer = writer.map_err(during(USAGE))?;
    if keep.is_none() && !arguments.input.quiet {
        match writer.every() {
            Some(1) => {}
            Some(every) => warn(&format!(
                "all draws would take more than 1 GiB: one in {every} is kept; --keep-draws all keeps them all"
            )),
            None => warn("draws of so many objects would take more than 1 GiB: none are kept; see --keep-draws"),
        }
    }
    Ok(writer)
}

/// What the result comes from, for its manifest.
pub(super) fn provenance(
    config: &Config,
    survey: &Survey<'_>,
    backend: String,
    method: Method,
) -> Result<Provenance, Failure> {
    let set = survey.recipe.set;
    let law = config.law().map_err(during(USAGE))?;
    let priors = config.priors_table().map_err(during(INPUT))?;
    Ok(Provenance {
        catalogues: survey
            .beside
            .files
            .iter()
            .map(|file| (file.path.display().to_string(), file.sha256.clone()))
            .collect(),
        priors,
        configuration: (config.canonical(), config.hash()),
        method,
        seed: config.sampler.seed,
        emissivities: (set.name.clone(), set.hash.clone(), set.citations.clone()),
        f_tau: (
            set.f_tau.name.clone(),
            set.f_tau.hash.clone(),
            set.f_tau.citation.clone(),
        ),
        extinction: (
            law.name().to_owned(),
            law.rv(),
            law.table().map(|table| table.sha256.clone()),
        ),
        abundances: config.abundances,
        backend,
        lines: survey.lines.clone(),
        kept: survey.kept.clone(),
        escape_formulas: config.output.escape_formulas,
    })
}

/// The first Ctrl-C asks to stop after the objects in hand, the second ends the program.
pub(super) fn stop_at_interrupt() -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stop);
    let handler = move || {
        if flag.swap(true, Ordering::Relaxed) {
            std::process::exit(i32::from(INTERRUPTED));
        }
        warn("stopping after the objects in hand; again to stop at once");
    };
    // Without a handler Ctrl-C ends the program at once, which leaves no file under a final name either.
    let _ = ctrlc::set_handler(handler);
    stop
}

pub(super) fn set_threads(threads: Option<u64>) {
    if let Some(threads) = threads {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads as usize);
        // It fails only where the pool is in use already, and nothing has used it yet.
        let _ = pool.build_global();
    }
}

/// The summary that a user reads.
fn told(posterior: Option<&Done>, classical: Option<&Done>, out: Option<&Path>) -> String {
    let (table, closing) = match (posterior, classical) {
        (Some(posterior), Some(classical)) => (side_by_side(posterior, classical), closings(posterior, classical)),
        (Some(done), None) | (None, Some(done)) => (table(done), done.tally.closing()),
        (None, None) => Default::default(),
    };
    let kept = match out {
        Some(directory) => format!("Results, draws and manifest are in {}.\n", directory.display()),
        None => "Nothing was written: add --out DIR to keep results, draws and manifest.\n".to_owned(),
    };
    format!("{table}\n{closing}{kept}")
}

fn table(done: &Done) -> String {
    match (&done.only, done.tally.rows()) {
        (Some(outcome), _) => object_table(outcome),
        (None, Some(rows)) => overview(rows),
        (None, None) => counted(done.tally.objects(), "object") + " fitted.\n",
    }
}

/// Both answers: quantity by quantity for one object, object by object for a few.
fn side_by_side(posterior: &Done, classical: &Done) -> String {
    match (
        &posterior.only,
        &classical.only,
        posterior.tally.rows(),
        classical.tally.rows(),
    ) {
        (Some(posterior), Some(classical), ..) => compared_table(posterior, classical),
        (_, _, Some(posterior), Some(classical)) => overview(&interleaved(posterior, classical)),
        _ => counted(posterior.tally.objects(), "object") + " fitted both ways.\n",
    }
}

fn closings(posterior: &Done, classical: &Done) -> String {
    let [posterior, classical] = [posterior, classical].map(|done| done.tally.closing());
    format!("Posterior. {posterior}Classical. {classical}")
}

fn code(tally: &Tally, strict: bool) -> u8 {
    match tally.count(Status::Rejected) {
        rejected if rejected == tally.objects() => INPUT,
        _ if strict && tally.has_casualties() => CASUALTIES,
        _ => GOOD,
    }
}
