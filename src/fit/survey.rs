//! A catalogue that is never held: read for what its files will have columns for, and again, some objects ahead of their fits.

use std::collections::{BTreeMap, BTreeSet};
use std::io::ErrorKind;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::sync_channel;
use std::thread;

use super::plan::{Planned, in_order, parameters};
use super::{Options, Outcome, run_queue};
use crate::backend::Backend;
use crate::error::{Error, Result};
use crate::problem::Recipe;
use crate::table::{Beside, Entry, Sources};

/// Objects read ahead of their fits, and objects whose parameters are looked up side by side.
const AHEAD: usize = 1024;

/// A catalogue on disk under a recipe: what must be known before the first object is fitted.
#[derive(Debug)]
pub struct Survey<'a> {
    recipe: &'a Recipe<'a>,
    sources: &'a Sources<'a>,
    /// Names of the objects, in the catalogue's order.
    pub ids: Vec<String>,
    /// Names of all parameters of all problems, in the order of every file.
    pub columns: Vec<String>,
    /// The members of every line that is fitted, by its label.
    pub lines: BTreeMap<String, Vec<String>>,
    /// What the files hold besides objects.
    pub beside: Beside,
}

impl<'a> Survey<'a> {
    /// Reads the catalogue once.
    ///
    /// # Errors
    /// What spoils a file as a whole (see [`read`](crate::table::read)).
    pub fn new(sources: &'a Sources<'a>, recipe: &'a Recipe<'a>) -> Result<Survey<'a>> {
        let (mut ids, mut lines, mut names) = (Vec::new(), BTreeMap::new(), BTreeSet::new());
        let mut waiting: Vec<Planned> = Vec::new();
        let beside = sources.read(&mut |entry| {
            if let Entry::Fit(object) = &entry {
                object.name_lines(&recipe.set.list, &mut lines);
            }
            ids.push(entry.id().to_owned());
            waiting.push(entry.into());
            if waiting.len() == AHEAD {
                names.extend(parameters(&waiting, recipe));
                waiting.clear();
            }
            Ok(())
        })?;
        names.extend(parameters(&waiting, recipe));
        Ok(Survey {
            recipe,
            sources,
            ids,
            columns: in_order(names),
            lines,
            beside,
        })
    }

    /// Fits the catalogue while it is read again, as [`run`](super::run) does.
    ///
    /// # Errors
    /// Those of the backend and of `sink`; [`Error::CatalogueChanged`] where a file is not what it was.
    pub fn run(
        &self,
        backend: &mut dyn Backend,
        options: &Options,
        sink: &mut dyn FnMut(Outcome) -> Result<()>,
        stop: &AtomicBool,
    ) -> Result<()> {
        thread::scope(|scope| {
            let (sender, receiver) = sync_channel(AHEAD);
            scope.spawn(move || {
                let read = self.sources.read(&mut |entry| {
                    let sent = sender.send(Ok(Planned::from(entry)));
                    // Nobody waits for more: the run was stopped, or failed.
                    sent.map_err(|_| Error::Io {
                        path: PathBuf::new(),
                        source: ErrorKind::BrokenPipe.into(),
                    })
                });
                // Where nobody waits nobody asks why.
                let _ = read
                    .and_then(|again| self.same(&again))
                    .map_err(|error| sender.send(Err(error)));
            });
            run_queue(self.recipe, &mut receiver.into_iter(), backend, options, sink, stop)
        })
    }

    /// Whether the files are what they were.
    fn same(&self, again: &Beside) -> Result<()> {
        let changed = self
            .beside
            .files
            .iter()
            .zip(&again.files)
            .find(|(a, b)| a.sha256 != b.sha256);
        changed.map_or(Ok(()), |(file, _)| {
            Err(Error::CatalogueChanged {
                path: file.path.clone(),
            })
        })
    }
}
