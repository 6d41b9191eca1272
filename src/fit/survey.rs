//! Survey of a catalogue that is never held in memory. The files are read once for the columns of
//! the results, and again for the fits, some objects ahead.

use std::collections::{BTreeMap, BTreeSet};
use std::io::ErrorKind;
use std::path::PathBuf;
use std::sync::mpsc::sync_channel;
use std::thread;

use super::kept::{Carried, Collector};
use super::plan::{Planned, Queue, parameter_names, sorted_columns};
use crate::error::{Error, FitError, Result};
use crate::problem::{Problem, Recipe};
use crate::table::{Beside, Entry, Sources};

/// Objects read ahead of their fits, and objects whose parameters are named in parallel.
const AHEAD: usize = 1024;

/// Catalogue on disk under a recipe, with all that the results need before the first fit.
#[derive(Debug)]
pub struct Survey<'a> {
    /// Recipe of all problems.
    pub recipe: &'a Recipe<'a>,
    sources: &'a Sources<'a>,
    /// Names of the objects, in the catalogue's order.
    pub ids: Vec<String>,
    /// Names of all parameters of all problems, in the order of every file.
    pub columns: Vec<String>,
    /// Other names, those that the caller's function gave.
    pub more: BTreeSet<String>,
    /// Members of every fitted line, by label.
    pub lines: BTreeMap<String, Vec<String>>,
    /// Kept columns of all files, in the order of first appearance.
    pub kept: Vec<Carried>,
    /// Contents of the files besides objects.
    pub beside: Beside,
}

impl<'a> Survey<'a> {
    /// Reads the catalogue once; `more` gives names of a problem, beside parameters, that have
    /// columns in the results.
    ///
    /// # Errors
    /// An error that spoils a file as a whole (see [`read`](crate::table::read)).
    pub fn new(
        sources: &'a Sources<'a>,
        recipe: &'a Recipe<'a>,
        more: &(dyn Fn(&Problem) -> Vec<String> + Sync),
    ) -> Result<Survey<'a>> {
        let (mut ids, mut lines) = (Vec::new(), BTreeMap::new());
        let mut names: [BTreeSet<String>; 2] = Default::default();
        let mut kept = Collector::default();
        let mut waiting: Vec<Planned> = Vec::new();
        let mut name = |waiting: &[Planned]| {
            for (names, found) in names.iter_mut().zip(parameter_names(waiting, recipe, more)) {
                names.extend(found);
            }
        };
        let beside = sources.read(&mut |entry| {
            if let Entry::Fit(object) = &entry {
                object.name_lines(&recipe.set.list, &mut lines);
            }
            kept.add(entry.kept());
            ids.push(entry.id().to_owned());
            waiting.push(entry.into());
            if waiting.len() == AHEAD {
                name(&waiting);
                waiting.clear();
            }
            Ok(())
        })?;
        name(&waiting);
        let [parameters, more] = names;
        Ok(Survey {
            recipe,
            sources,
            ids,
            columns: sorted_columns(parameters),
            more,
            lines,
            kept: kept.finish(),
            beside,
        })
    }

    /// Reads the catalogue again, while `fit` takes the objects from the queue.
    ///
    /// # Errors
    /// Errors of `fit`. The queue gives [`FitError::CatalogueChanged`] or
    /// [`Error::CatalogueLost`] where a file has changed since the first reading.
    pub fn run(&self, fit: impl FnOnce(Queue<'_>) -> Result<()>) -> Result<()> {
        thread::scope(|scope| {
            let (sender, receiver) = sync_channel(AHEAD);
            scope.spawn(move || {
                let read = self.sources.read(&mut |entry| {
                    let sent = sender.send(Ok(Planned::from(entry)));
                    // A closed queue means that the run was stopped, or failed.
                    sent.map_err(|_| Error::Io {
                        path: PathBuf::new(),
                        source: ErrorKind::BrokenPipe.into(),
                    })
                });
                let lost = |source| Error::CatalogueLost {
                    source: Box::new(source),
                };
                if let Err(error) = read.map_err(lost).and_then(|again| self.check_unchanged(&again)) {
                    // A closed queue takes no error either.
                    let _ = sender.send(Err(error));
                }
            });
            fit(Queue::new(self.recipe, receiver.into_iter()))
        })
    }

    /// Checks that the files are those of the first reading.
    fn check_unchanged(&self, again: &Beside) -> Result<()> {
        let changed = self
            .beside
            .files
            .iter()
            .zip(&again.files)
            .find(|(a, b)| a.sha256 != b.sha256);
        changed.map_or(Ok(()), |(file, _)| {
            Err(Error::Fit(FitError::CatalogueChanged {
                path: file.path.clone(),
            }))
        })
    }
}
