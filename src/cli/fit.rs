//! `nebulium fit`: a catalogue of line fluxes in, posteriors, classical answers or both out.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::args::{Fit, MethodName};
use super::interrupt::{exit_code, stop_at_signal};
use super::progress::Progress;
use super::{CASUALTIES, Failure, GOOD, INPUT, Outcome, devices, input, say, warn};
use crate::config::Config;
use crate::draws::Method;
use crate::report::{Tally, compared_table, counted, interleaved, object_table, overview};
use crate::run::{Event, Finished, Run, Warning};
use crate::summary::Status;

/// Fits the catalogue by the methods asked for, and prints the results.
pub(super) fn run(arguments: &Fit) -> Outcome {
    let input = &arguments.input;
    let config = config(arguments)?;
    let machine = &arguments.sampling.machine;
    devices::set_threads(machine.threads);
    let out = arguments.out.as_deref();
    let run = Run {
        methods: methods(arguments.method),
        emissivities: input.emissivities.clone(),
        backend: Box::new(|grid, chains| devices::backend(machine, grid, chains)),
        force: arguments.force,
        netcdf: arguments.netcdf.clone(),
        ..Run::of(&config)
    };
    let mut screen = Screen {
        quiet: input.quiet,
        stop: Arc::clone(&run.stop),
        progress: None,
    };
    let results = run.fit(&input.catalogue, out, &mut |event| screen.show(event))?;
    if results.interrupted {
        return Ok(exit_code());
    }
    if !input.quiet {
        say(&text(&results.finished, out));
    }
    let codes = results.finished.iter();
    Ok(codes.map(|done| code(&done.tally, input.strict)).max().unwrap_or(GOOD))
}

/// Makes the configuration of the arguments.
fn config(arguments: &Fit) -> Result<Config, Failure> {
    let mut config = input::sampled_config(&arguments.input, &arguments.sampling)?;
    let classical = &mut config.classical;
    classical.realisations = arguments.mc.map_or(classical.realisations, |mc| mc as usize);
    if arguments.method == MethodName::Importance {
        let audited = arguments.sampling.machine.audit;
        config.importance.audit = audited.unwrap_or(config.importance.audit);
    }
    config.output.keep_draws = arguments.keep_draws.or(config.output.keep_draws);
    Ok(config)
}

/// Methods in the order in which they run: the classical one, which takes seconds, first.
fn methods(name: MethodName) -> Vec<Method> {
    match name {
        MethodName::Nuts => vec![Method::Nuts],
        MethodName::Importance => vec![Method::Importance],
        MethodName::Classical => vec![Method::Classical],
        MethodName::Both => vec![Method::Classical, Method::Nuts],
    }
}

/// Progress and warnings of a run on the standard error.
struct Screen {
    quiet: bool,
    /// Asks the run to stop.
    stop: Arc<AtomicBool>,
    progress: Option<Progress>,
}

impl Screen {
    /// Shows an event of the run.
    fn show(&mut self, event: Event<'_>) {
        match event {
            Event::Read(_) => stop_at_signal(&self.stop),
            Event::Begins { objects, .. } => self.progress = Some(Progress::new(objects, self.quiet)),
            Event::Object(_) => self.progress.iter().for_each(Progress::advance),
            Event::Ends(_) => self.progress = None,
            Event::Warning(warning) if !self.quiet || is_grave(warning) => warn(&warning.to_string()),
            Event::Warning(_) => {}
        }
    }
}

/// True for a warning that a quiet run prints too.
fn is_grave(warning: &Warning) -> bool {
    match warning {
        Warning::SinglePrecision(_) | Warning::Interrupted { .. } => true,
        Warning::Catalogue(_) | Warning::IdleExclusion(_) | Warning::Thinned(_) | Warning::Audited(_) => false,
    }
}

/// Text at the end of a run: table, closing paragraph, place of the files.
fn text(finished: &[Finished], out: Option<&Path>) -> String {
    let of = |method| finished.iter().find(|done| done.method == method);
    let posterior = of(Method::Nuts).or(of(Method::Importance));
    let (table, closing) = match (posterior, of(Method::Classical)) {
        (Some(posterior), Some(classical)) => (side_by_side(posterior, classical), closings(posterior, classical)),
        (Some(done), None) | (None, Some(done)) => (table(done), done.tally.closing() + &done.audit.text()),
        (None, None) => Default::default(),
    };
    let kept = match out {
        Some(directory) => format!("Results, draws and manifest are in {}.\n", directory.display()),
        None => "Nothing was written: add --out DIR to keep results, draws and manifest.\n".to_owned(),
    };
    format!("{table}\n{closing}{kept}")
}

/// One method: the only object parameter by parameter, or a few objects row by row.
fn table(done: &Finished) -> String {
    match (&done.only, done.tally.rows()) {
        (Some(outcome), _) => object_table(outcome),
        (None, Some(rows)) => overview(rows),
        (None, None) => counted(done.tally.objects(), "object") + " fitted.\n",
    }
}

/// Table of two methods side by side: the only object quantity by quantity, or a few objects row by
/// row.
fn side_by_side(posterior: &Finished, classical: &Finished) -> String {
    if let (Some(posterior), Some(classical)) = (&posterior.only, &classical.only) {
        return compared_table(posterior, classical);
    }
    match (posterior.tally.rows(), classical.tally.rows()) {
        (Some(posterior), Some(classical)) => overview(&interleaved(posterior, classical)),
        _ => counted(posterior.tally.objects(), "object") + " fitted both ways.\n",
    }
}

/// Closing paragraphs of both methods.
fn closings(posterior: &Finished, classical: &Finished) -> String {
    let [posterior, classical] = [posterior, classical].map(|done| done.tally.closing());
    format!("Posterior. {posterior}Classical. {classical}")
}

/// Exit code of one method's counts.
fn code(tally: &Tally, strict: bool) -> u8 {
    match tally.count(Status::Rejected) {
        rejected if rejected == tally.objects() => INPUT,
        _ if strict && tally.has_casualties() => CASUALTIES,
        _ => GOOD,
    }
}
