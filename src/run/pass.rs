//! One method over a catalogue: its files, counts and outcomes.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use super::Observer;
use super::event::{Event, Warning};
use super::failure::{Failure, Phase, during};
use super::provenance::provenance;
use super::solver::Solver;
use crate::config::Config;
use crate::draws::Method;
use crate::export::{self, Writer};
use crate::fit::{Outcome, Survey};
use crate::report::{Audit, Tally};

/// Largest error of a log density in f32 without a warning \[nats\]: the density at a draw is then
/// off by 5 % at most.
const F32_ERROR: f64 = 0.05;

/// Results of one method.
#[derive(Debug)]
pub struct Finished {
    /// The method.
    pub method: Method,
    /// Counts of objects by status and flag.
    pub tally: Tally,
    /// Outcome of the only object of a catalogue of one.
    pub only: Option<Outcome>,
    /// Comparison of importance sampling with chains, over the objects of the audit.
    pub audit: Audit,
    /// Files of the result; none where the run writes nothing.
    pub files: Vec<PathBuf>,
}

/// Settings of one method's pass over a catalogue.
pub(super) struct Pass<'p> {
    pub(super) config: &'p Config,
    pub(super) survey: &'p Survey<'p>,
    /// Directory of the result, if the pass writes one.
    pub(super) directory: Option<PathBuf>,
    /// True if the pass may replace a result.
    pub(super) force: bool,
    /// Object that gets `posterior.nc`.
    pub(super) netcdf: Option<&'p str>,
    /// True once the pass is to stop.
    pub(super) stop: &'p AtomicBool,
}

impl Pass<'_> {
    /// Fits every object and puts the files into place; none if the pass was stopped.
    ///
    /// # Errors
    /// Errors of the backend, of the files and of a catalogue that changes.
    pub(super) fn run(&self, mut solver: Solver, observer: &mut Observer<'_>) -> Result<Option<Finished>, Failure> {
        let (method, objects) = (solver.method(), self.survey.ids.len());
        let mut writer = match &self.directory {
            Some(directory) => Some(self.open(&solver, directory, observer)?),
            None => None,
        };
        observer(Event::Begins { method, objects });
        let mut tally = Tally::of(method);
        let mut audit = Audit::default();
        let mut only = None;
        let mut sink = |outcome: Outcome| {
            if let Some(writer) = &mut writer {
                writer.add(&outcome, &self.survey.recipe.set.grid)?;
            }
            tally.add(&outcome);
            audit.add(&outcome);
            observer(Event::Object(&outcome));
            only = (objects == 1).then_some(outcome);
            Ok(())
        };
        let fitted = self
            .survey
            .run(|queue| solver.run(queue, self.config, &mut sink, self.stop));
        observer(Event::Ends(method));
        fitted.map_err(during(Phase::Fit))?;
        if self.stop.load(Ordering::Relaxed) && tally.objects() < objects {
            let done = tally.objects();
            observer(Event::Warning(&Warning::Interrupted { done, objects }));
            return Ok(None);
        }
        self.finish(&solver, writer, observer)?;
        let files = self.directory.as_deref().map_or_else(Vec::new, export::files);
        Ok(Some(Finished {
            method,
            tally,
            audit,
            only,
            files,
        }))
    }

    /// Opens the files of the result.
    fn open(&self, solver: &Solver, directory: &Path, observer: &mut Observer<'_>) -> Result<Writer, Failure> {
        let survey = self.survey;
        let ids: Vec<&str> = survey.ids.iter().map(String::as_str).collect();
        let (method, keep) = (solver.method(), self.config.output.keep_draws);
        let writer = Writer::create(
            directory,
            self.force,
            &ids,
            &solver.columns(survey, self.config),
            solver.drawn(self.config),
            (keep, self.netcdf),
            provenance(self.config, survey, solver.describe(), method)?,
        );
        let writer = writer.map_err(during(Phase::Output))?;
        if keep.is_none() && method != Method::Classical && writer.every() != Some(1) {
            observer(Event::Warning(&Warning::Thinned(writer.every())));
        }
        Ok(writer)
    }

    /// Warns about the precision of the device and puts the files into place.
    fn finish(&self, solver: &Solver, writer: Option<Writer>, observer: &mut Observer<'_>) -> Result<(), Failure> {
        let (error, replayed) = (solver.worst_error(), solver.replayed());
        if let Some(error) = error.filter(|error| error.is_nan() || *error > F32_ERROR) {
            observer(Event::Warning(&Warning::SinglePrecision(error)));
        }
        if let Some(replayed) = replayed {
            observer(Event::Warning(&Warning::Audited(replayed)));
        }
        let finished = writer.map_or(Ok(()), |writer| writer.finish(error, replayed));
        finished.map_err(during(Phase::Output))
    }
}
