//! What is to be fitted of a catalogue.

use crate::error::{self, Error};
use crate::problem::{Problem, Recipe, parameter_order};
use crate::table::{Catalogue, Entry};

/// What is to be fitted: a problem for each entry of a catalogue that has one.
#[derive(Debug)]
pub struct Plan<'a> {
    /// The recipe of all problems.
    pub recipe: &'a Recipe<'a>,
    /// In the catalogue's order.
    pub entries: Vec<Planned>,
    /// Names of all parameters of all problems, in the order of every file.
    pub columns: Vec<String>,
}

/// One entry of a plan.
#[derive(Debug)]
pub struct Planned {
    /// The object's name.
    pub id: String,
    /// What is to be fitted, or why nothing is.
    pub problem: Result<Problem, Vec<Error>>,
}

impl<'a> Plan<'a> {
    /// The problems of a catalogue under a recipe.
    pub fn new(catalogue: Catalogue, recipe: &'a Recipe<'a>) -> Self {
        let plan = |entry: Entry| match entry {
            Entry::Fit(object) => Planned {
                problem: Problem::new(recipe, &object)
                    .and_then(samplable)
                    .map_err(|reason| vec![reason]),
                id: object.id,
            },
            Entry::Rejected { id, reasons, .. } => Planned {
                id,
                problem: Err(reasons),
            },
        };
        let entries: Vec<Planned> = catalogue.entries.into_iter().map(plan).collect();
        let problems = entries.iter().filter_map(|planned| planned.problem.as_ref().ok());
        let mut columns: Vec<String> = problems.flat_map(|p| &p.parameters).map(|p| p.name.clone()).collect();
        columns.sort_by_key(|name| parameter_order(name));
        columns.dedup();
        Plan {
            recipe,
            entries,
            columns,
        }
    }
}

/// A problem with at least one coordinate.
fn samplable(problem: Problem) -> error::Result<Problem> {
    match problem.object.dimension() {
        0 => Err(Error::NothingToSample { object: problem.id }),
        _ => Ok(problem),
    }
}
