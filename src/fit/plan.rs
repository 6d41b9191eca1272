//! Objects to fit: a plan in memory, and the queue that both methods take objects from.

use std::collections::BTreeSet;

use rayon::prelude::*;

use crate::error::{self, Error, FitError};
use crate::flag::Flag;
use crate::problem::{Problem, Recipe, parameter_order};
use crate::table::{Catalogue, Entry, Kept, Object};

/// Plan of a fit in memory: the entries of a catalogue.
#[derive(Debug)]
pub struct Plan<'a> {
    /// Recipe of all problems.
    pub recipe: &'a Recipe<'a>,
    /// Entries in the catalogue's order.
    pub entries: Vec<Planned>,
    /// Names of all parameters of all problems, in the order of every file.
    pub columns: Vec<String>,
}

/// Entry of a plan. A problem takes ten times the memory of the measurements, so it is made late.
#[derive(Debug)]
pub struct Planned {
    /// Name of the object.
    pub id: String,
    /// Flags of the input.
    pub flags: Vec<Flag>,
    /// Values of the kept columns of the catalogue.
    pub kept: Vec<Kept>,
    wanted: Wanted,
}

#[derive(Debug)]
enum Wanted {
    Object(Box<Object>),
    Problem(Box<Problem>),
    Nothing(Vec<Error>),
}

impl Planned {
    /// Plans a problem that is made already.
    pub fn with_problem(problem: Problem) -> Self {
        Planned {
            id: problem.id.clone(),
            flags: Vec::new(),
            kept: Vec::new(),
            wanted: Wanted::Problem(Box::new(problem)),
        }
    }

    /// Makes the problem of the entry.
    ///
    /// # Errors
    /// Reasons for which the object is rejected.
    pub fn problem(self, recipe: &Recipe<'_>) -> Result<Problem, Vec<Error>> {
        match self.wanted {
            Wanted::Object(object) => problem_of(recipe, &object).map_err(|reason| vec![reason]),
            Wanted::Problem(problem) => Ok(*problem),
            Wanted::Nothing(reasons) => Err(reasons),
        }
    }

    /// Makes the problem of the entry without using it up; none of a rejected object.
    pub fn peek(&self, recipe: &Recipe<'_>) -> Option<Problem> {
        match &self.wanted {
            Wanted::Object(object) => problem_of(recipe, object).ok(),
            Wanted::Problem(problem) => Some((**problem).clone()),
            Wanted::Nothing(_) => None,
        }
    }
}

impl<'a> Plan<'a> {
    /// Plans the fit of a catalogue under a recipe.
    pub fn new(catalogue: Catalogue, recipe: &'a Recipe<'a>) -> Self {
        let entries: Vec<Planned> = catalogue.entries.into_iter().map(Planned::from).collect();
        let [names, _] = parameter_names(&entries, recipe, &|_| Vec::new());
        let columns = sorted_columns(names);
        Plan {
            recipe,
            entries,
            columns,
        }
    }
}

/// Queue of entries to fit, in the catalogue's order.
pub struct Queue<'a> {
    /// Recipe of all problems.
    pub recipe: &'a Recipe<'a>,
    entries: Box<dyn Iterator<Item = error::Result<Planned>> + Send + 'a>,
    /// Index of the next entry in the catalogue.
    next: usize,
}

impl<'a> Queue<'a> {
    /// Makes the queue of these entries.
    pub(super) fn new(
        recipe: &'a Recipe<'a>,
        entries: impl Iterator<Item = error::Result<Planned>> + Send + 'a,
    ) -> Self {
        Queue {
            recipe,
            entries: Box::new(entries),
            next: 0,
        }
    }

    /// Takes the next `count` entries, or the rest, each with its index in the catalogue.
    ///
    /// # Errors
    /// An error of the catalogue, met while entries are read.
    pub(crate) fn take(&mut self, count: usize) -> error::Result<Vec<(usize, Planned)>> {
        let taken: Vec<Planned> = self.entries.by_ref().take(count).collect::<error::Result<_>>()?;
        let first = self.next;
        self.next += taken.len();
        Ok((first..).zip(taken).collect())
    }
}

impl<'a> From<Plan<'a>> for Queue<'a> {
    fn from(plan: Plan<'a>) -> Self {
        Queue::new(plan.recipe, plan.entries.into_iter().map(Ok))
    }
}

impl From<Entry> for Planned {
    fn from(entry: Entry) -> Self {
        match entry {
            Entry::Fit(mut object) => Planned {
                id: object.id.clone(),
                flags: object.flags.clone(),
                kept: std::mem::take(&mut object.kept),
                wanted: Wanted::Object(Box::new(object)),
            },
            Entry::Rejected { id, reasons, kept, .. } => Planned {
                id,
                flags: Vec::new(),
                kept,
                wanted: Wanted::Nothing(reasons),
            },
        }
    }
}

/// Names of all parameters of the problems, and the names that `more` gives.
pub(super) fn parameter_names(
    entries: &[Planned],
    recipe: &Recipe<'_>,
    more: &(dyn Fn(&Problem) -> Vec<String> + Sync),
) -> [BTreeSet<String>; 2] {
    let names = |planned: &Planned| -> [BTreeSet<String>; 2] {
        let Some(problem) = planned.peek(recipe) else {
            return Default::default();
        };
        let more = more(&problem).into_iter().collect();
        let parameters = problem.parameters.into_iter().map(|parameter| parameter.name);
        [parameters.collect(), more]
    };
    let together = |mut all: [BTreeSet<String>; 2], others: [BTreeSet<String>; 2]| {
        for (names, others) in all.iter_mut().zip(others) {
            names.extend(others);
        }
        all
    };
    entries.par_iter().map(names).reduce(Default::default, together)
}

/// Puts the names of parameters into the order of every file.
pub(super) fn sorted_columns(names: BTreeSet<String>) -> Vec<String> {
    let mut columns: Vec<String> = names.into_iter().collect();
    columns.sort_by_key(|name| parameter_order(name));
    columns
}

/// Makes the problem of an object.
///
/// # Errors
/// As [`Problem::new`], and [`FitError::NothingToSample`].
pub fn problem_of(recipe: &Recipe<'_>, object: &Object) -> error::Result<Problem> {
    Problem::new(recipe, object).and_then(samplable)
}

/// Refuses a problem without coordinates.
fn samplable(problem: Problem) -> error::Result<Problem> {
    match problem.object.dimension() {
        0 => Err(Error::Fit(FitError::NothingToSample { object: problem.id })),
        _ => Ok(problem),
    }
}
