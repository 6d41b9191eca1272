//! Outcome of one object of a catalogue: status, flags, kept columns, numbers and draws.

use std::mem;

use super::compared::Compared;
use super::plan::Planned;
use crate::abundance::Derived;
use crate::draws::{Draws, Method, thinned_rows};
use crate::error::Error;
use crate::flag::{Code, Flag};
use crate::problem::{Problem, Recipe};
use crate::summary::{Status, Summary, graded};
use crate::table::Kept;

/// Outcome of one object of the catalogue.
#[derive(Debug)]
pub struct Outcome {
    /// Index among the catalogue's entries.
    pub index: usize,
    /// Name of the object.
    pub id: String,
    /// Status of the fit.
    pub status: Status,
    /// Flags, those of the input among them, the gravest first.
    pub flags: Vec<Flag>,
    /// Values of the kept columns of the catalogue.
    pub kept: Vec<Kept>,
    /// Reasons for which the object was rejected.
    pub reasons: Vec<Error>,
    /// Problem; none of a rejected object.
    pub problem: Option<Problem>,
    /// Numbers and draws; none of an object that was not sampled.
    pub fitted: Option<Fitted>,
    /// Comparison of weighted draws with chains, parameter by parameter; empty without an audit.
    pub audit: Vec<Compared>,
}

/// Draws of one object, and their summary.
#[derive(Debug)]
pub struct Fitted {
    /// Method that made the draws.
    pub method: Method,
    /// Summary of the draws.
    pub summary: Summary,
    /// Draws of the problem's parameters, in their order.
    pub draws: Draws,
    /// Derived quantities, draw by draw.
    pub derived: Derived,
    /// Sampled positions, `[chain, draw, coordinate]`.
    pub positions: Vec<f64>,
}

impl Fitted {
    /// Keeps every `step`-th draw of each chain; `dimension` is the number of coordinates. The
    /// summary stays that of all draws.
    pub(super) fn thin(&mut self, dimension: usize, step: usize) {
        let draws = self.draws.draws;
        self.positions = thinned_rows(&self.positions, dimension, draws, step);
        self.derived = self.derived.thinned(draws, step);
        self.draws = self.draws.thinned(step);
    }
}

impl Outcome {
    /// Begins the outcome of a planned object, for any method. An object with a problem counts as
    /// failed until it is fitted; one without is rejected.
    pub(crate) fn begin(index: usize, mut planned: Planned, recipe: &Recipe<'_>) -> (Outcome, Option<Problem>) {
        let mut flags = mem::take(&mut planned.flags);
        graded(&mut flags);
        flags.dedup();
        let (id, kept) = (mem::take(&mut planned.id), mem::take(&mut planned.kept));
        let (status, reasons, problem) = match planned.problem(recipe) {
            Ok(problem) => (Status::Fail, Vec::new(), Some(problem)),
            Err(reasons) => (Status::Rejected, reasons, None),
        };
        let outcome = Outcome {
            index,
            id,
            status,
            flags,
            kept,
            reasons,
            problem: None,
            fitted: None,
            audit: Vec::new(),
        };
        (outcome, problem)
    }

    /// Takes in the numbers and draws of an object, with status and flags.
    pub(super) fn complete(&mut self, mut fitted: Fitted) {
        self.status = fitted.summary.status;
        self.flags = mem::take(&mut fitted.summary.flags);
        self.fitted = Some(fitted);
    }

    /// Fails an object without draws: gives it the flags of its problem and the code `why`.
    pub(super) fn fail(&mut self, problem: Problem, why: Code) {
        self.flags = [problem.flags.as_slice(), &[why.into()]].concat();
        self.status = graded(&mut self.flags);
        self.problem = Some(problem);
    }
}
