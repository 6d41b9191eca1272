//! `nebulium check`: the catalogue on two screens, or single objects in full, before anything is
//! sampled.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::args::Check;
use super::{CASUALTIES, GOOD, INPUT, Outcome, USAGE, during, input, say, warn};
use crate::emissivity::Set;
use crate::error::{CatalogueError, Error};
use crate::fit::problem_of;
use crate::problem::Recipe;
use crate::report::{Inspection, object_in_full, rejected_in_full, warning_rows};
use crate::run::Warning;
use crate::table::{Beside, Entry};
use crate::text::Near;

/// Number of objects whose problems are made in parallel.
const TOGETHER: usize = 1024;

/// Object that the user asked for, and the text once it is found.
struct Asked {
    id: String,
    text: Option<String>,
    near: Near,
}

/// Inspection of a catalogue, object by object.
struct Look<'a> {
    recipe: &'a Recipe<'a>,
    set: &'a Set,
    inspection: Inspection<'a>,
    /// Entries whose problems are not made yet.
    waiting: Vec<Entry>,
    /// Members of every line, by label.
    lines: BTreeMap<String, Vec<String>>,
    /// Text of the first object in full: the whole answer for a catalogue of one.
    first: Option<String>,
    /// True if rejected objects are printed as they are read.
    prints_rejected: bool,
}

/// Prints the summary of the catalogue, the objects asked for, or the rejected objects.
pub(super) fn run(arguments: &Check) -> Outcome {
    let input = &arguments.input;
    let config = input::config(input)?;
    let set = input::emissivities(input, &config)?;
    let recipe = input::recipe(&config, &set)?;
    let settings = config.table_settings();
    let sources = input::sources(input, &config, &set, &settings)?;
    let mut look = Look {
        recipe: &recipe,
        set: &set,
        inspection: Inspection::new(&recipe),
        waiting: Vec::new(),
        lines: BTreeMap::new(),
        first: None,
        prints_rejected: arguments.rejected && !input.quiet,
    };
    let mut asked: Vec<Asked> = arguments.objects.iter().map(|id| Asked::new(id)).collect();
    let beside = sources.read(&mut |entry| {
        asked.iter_mut().for_each(|asked| asked.see(&entry, &look));
        look.take(entry);
        Ok(())
    });
    look.inspect();
    let beside = beside.map_err(during(INPUT))?;
    let objects = look.inspection.objects();
    let missing = asked.iter().position(|asked| asked.text.is_none());
    if let Some(missing) = missing {
        return Err(during(USAGE)(asked.swap_remove(missing).not_found(objects)));
    }
    if !input.quiet {
        say(&look.answer(arguments, &asked, &beside));
        for label in recipe.idle_exclusions(&look.lines) {
            warn(&Warning::IdleExclusion(label).to_string());
        }
    }
    Ok(match look.inspection.rejected() {
        0 => GOOD,
        rejected if rejected == objects => INPUT,
        _ if input.strict => CASUALTIES,
        _ => GOOD,
    })
}

impl Asked {
    fn new(id: &str) -> Asked {
        Asked {
            id: id.to_owned(),
            text: None,
            near: Near::to(id),
        }
    }

    /// Keeps the text of an entry with the name asked for; notes a similar name.
    fn see(&mut self, entry: &Entry, look: &Look<'_>) {
        if entry.id() != self.id {
            self.near.see(entry.id());
            return;
        }
        let text = self.text.get_or_insert_default();
        text.push_str(&look.in_full(entry));
        text.push('\n');
    }

    fn not_found(self, objects: usize) -> Error {
        Error::Catalogue(CatalogueError::NoSuchObject {
            object: self.id,
            objects,
            near: self.near.names(),
        })
    }
}

impl Look<'_> {
    /// Adds an entry, and inspects the waiting ones once there are enough.
    fn take(&mut self, entry: Entry) {
        if self.first.is_none() {
            self.first = Some(self.in_full(&entry));
        }
        if let Entry::Fit(object) = &entry {
            object.name_lines(&self.set.list, &mut self.lines);
        }
        self.waiting.push(entry);
        if self.waiting.len() == TOGETHER {
            self.inspect();
        }
    }

    /// Makes and counts the problems of the waiting entries.
    fn inspect(&mut self) {
        let recipe = self.recipe;
        let flags = |entry: &Entry| match entry {
            Entry::Fit(object) => Some(problem_of(recipe, object).map(|problem| problem.flags)),
            Entry::Rejected { .. } => None,
        };
        let made: Vec<_> = self.waiting.par_iter().map(flags).collect();
        for (entry, flags) in std::mem::take(&mut self.waiting).iter().zip(made) {
            match (entry, flags) {
                (Entry::Fit(object), Some(Ok(flags))) => self.inspection.add(object, &flags),
                (Entry::Fit(object), Some(Err(reason))) => {
                    self.print_rejected(&object.id, std::slice::from_ref(&reason));
                    self.inspection.reject(object, &reason);
                }
                _ => {
                    if let Entry::Rejected { id, reasons, .. } = entry {
                        self.print_rejected(id, reasons);
                        self.inspection.reject_unread(id, reasons);
                    }
                }
            }
        }
    }

    fn print_rejected(&self, id: &str, reasons: &[Error]) {
        if self.prints_rejected {
            say(&rejected_in_full(id, reasons));
        }
    }

    fn in_full(&self, entry: &Entry) -> String {
        match entry {
            Entry::Fit(object) => {
                let problem = problem_of(self.recipe, object);
                let flags = problem.as_ref().map_or(&[][..], |problem| &problem.flags);
                let suspicions = self.inspection.suspicions(object, flags);
                object_in_full(object, problem.as_ref(), &suspicions, self.set)
            }
            Entry::Rejected { id, reasons, .. } => rejected_in_full(id, reasons),
        }
    }

    /// Text that the arguments ask for.
    fn answer(&self, arguments: &Check, asked: &[Asked], beside: &Beside) -> String {
        let verdict = self.inspection.verdict();
        if !asked.is_empty() {
            let texts: Vec<&str> = asked.iter().filter_map(|asked| asked.text.as_deref()).collect();
            return texts.concat();
        }
        if arguments.rejected {
            return format!("{verdict}\n");
        }
        match &self.first {
            Some(text) if self.inspection.objects() == 1 && !arguments.all_lines => {
                format!("{text}\n{}{verdict}\n", warning_rows(beside))
            }
            _ => self.inspection.summary(beside, arguments.all_lines),
        }
    }
}
