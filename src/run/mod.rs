//! Runs: a catalogue fitted into a directory, by one method or by several.
//!
//! ```no_run
//! use std::path::Path;
//!
//! use nebulium::config::Config;
//!
//! let catalogue = ["galaxies.csv".into()];
//! let directory = Path::new("result");
//! let results = nebulium::run::fit(&catalogue, &Config::default(), Some(directory), &mut |_| {})?;
//! for finished in &results.finished {
//!     print!("{}", finished.tally.closing());
//! }
//! # Ok::<(), nebulium::run::Failure>(())
//! ```

mod event;
mod failure;
mod input;
mod pass;
mod provenance;
mod solver;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

pub use event::{Event, Warning};
pub use failure::{Failure, Phase};
pub use input::{built_in_or, emissivities, recipe, sources};
pub use pass::Finished;

use crate::backend::Backend;
use crate::backend::cpu::Cpu;
use crate::config::Config;
use crate::draws::Method;
use crate::emissivity::Grid;
use crate::error::Error;
use crate::fit::Survey;
use crate::problem::Problem;
use crate::report::warning_count;
pub(crate) use failure::during;
use pass::Pass;
use solver::Solver;

/// Function that hears the events of a run as they happen.
pub type Observer<'o> = dyn FnMut(Event<'_>) + 'o;

/// Function that opens a backend for the emissivities of a grid and a number of chains in all.
pub type OpenBackend<'b> = dyn FnMut(&Grid<f64>, usize) -> Result<Box<dyn Backend>, Failure> + 'b;

/// Settings of a run: the configuration, and the choices that are not part of it.
pub struct Run<'r> {
    /// Model, sampler, catalogue's format and outputs.
    pub config: &'r Config,
    /// Methods in the order in which they run. Beside other methods, all but NUTS write into a
    /// folder of their own name inside the directory of the result.
    pub methods: Vec<Method>,
    /// Directory of a set of emissivities; the built-in set if absent.
    pub emissivities: Option<PathBuf>,
    /// Opens the backend of NUTS.
    pub backend: Box<OpenBackend<'r>>,
    /// True if the run may replace a result that stands in the directory.
    pub force: bool,
    /// Object that gets `posterior.nc`; if absent, the only object of a catalogue of one.
    pub netcdf: Option<String>,
    /// Set to true, from any thread, to stop the run after the objects in hand.
    pub stop: Arc<AtomicBool>,
}

/// Results of a run.
#[derive(Debug, Default)]
pub struct Results {
    /// Results of each method, in the order in which the methods ran.
    pub finished: Vec<Finished>,
    /// Warnings, in the order in which they arose.
    pub warnings: Vec<Warning>,
    /// True if the run was stopped: the method in hand left no files, and no other method began.
    pub interrupted: bool,
}

/// Fits the catalogue in the files `paths` with NUTS, on all cores in double precision. The files
/// of the result appear in `out` together, at the end; without `out` the run writes nothing.
///
/// # Errors
/// A configuration, catalogue or directory that cannot be used; a file that cannot be written. An
/// object that cannot be fitted is a row of the result, not an error.
pub fn fit(
    paths: &[PathBuf],
    config: &Config,
    out: Option<&Path>,
    observer: &mut Observer<'_>,
) -> Result<Results, Failure> {
    Run::of(config).fit(paths, out, observer)
}

impl<'r> Run<'r> {
    /// Settings of [`fit`]: NUTS on the CPU, built-in emissivities, no result replaced.
    pub fn of(config: &'r Config) -> Run<'r> {
        Run {
            config,
            methods: vec![Method::Nuts],
            emissivities: None,
            backend: Box::new(|_, _| Ok(Box::new(Cpu))),
            force: false,
            netcdf: None,
            stop: Arc::default(),
        }
    }

    /// Fits the catalogue in the files `paths`, and writes the results into `out` if given.
    ///
    /// # Errors
    /// Errors of [`fit`], and of the backend.
    pub fn fit(
        mut self,
        paths: &[PathBuf],
        out: Option<&Path>,
        observer: &mut Observer<'_>,
    ) -> Result<Results, Failure> {
        let config = self.config;
        let set = emissivities(self.emissivities.as_deref(), config)?;
        let recipe = recipe(config, &set)?;
        let settings = config.table_settings();
        let sources = sources(paths, config, &set, &settings)?;
        let classical = self.methods.contains(&Method::Classical);
        let more = |problem: &Problem| match classical {
            true => crate::classical::named(problem, &recipe, &config.classical),
            false => Vec::new(),
        };
        let survey = Survey::new(&sources, &recipe, &more).map_err(during(Phase::Input))?;
        let mut results = Results::default();
        let mut tell = |event: Event<'_>| {
            if let Event::Warning(warning) = &event {
                results.warnings.push((*warning).clone());
            }
            observer(event);
        };
        tell(Event::Read(&survey.beside));
        match warning_count(&survey.beside) {
            0 => {}
            count => tell(Event::Warning(&Warning::Catalogue(count))),
        }
        for label in recipe.idle_exclusions(&survey.lines) {
            tell(Event::Warning(&Warning::IdleExclusion(label)));
        }
        for method in self.methods.clone() {
            let solver = self.solver(method, &survey)?;
            let pass = Pass {
                config,
                survey: &survey,
                directory: out.map(|out| self.directory(out, method)),
                force: self.force,
                netcdf: self.netcdf.as_deref(),
                stop: &self.stop,
            };
            let Some(finished) = pass.run(solver, &mut tell)? else {
                results.interrupted = true;
                break;
            };
            results.finished.push(finished);
        }
        Ok(results)
    }

    /// Makes the solver of a method; that of NUTS opens the backend.
    fn solver(&mut self, method: Method, survey: &Survey<'_>) -> Result<Solver, Failure> {
        match method {
            Method::Nuts => {
                let chains = survey.ids.len().saturating_mul(self.config.sampler.chains);
                let backend = (self.backend)(&survey.recipe.set.grid, chains)?;
                Ok(Solver::Nuts(backend))
            }
            Method::Importance if self.config.importance.draws == 0 => Err(during(Phase::Settings)(Error::Setting {
                key: "importance.draws",
                value: "0".to_owned(),
                expected: "100 to 10^6 with --method importance",
            })),
            Method::Importance => Ok(Solver::Importance),
            Method::Classical => Ok(Solver::Classical),
        }
    }

    /// Directory of a method's files inside that of the result.
    fn directory(&self, out: &Path, method: Method) -> PathBuf {
        match self.methods.len() > 1 && method != Method::Nuts {
            true => out.join(method.name()),
            false => out.to_owned(),
        }
    }
}
