//! Text for a catalogue, a plan or a finished run: tables, and a closing paragraph with passes,
//! failures and advice.

mod audit;
mod check;
mod convergence;
mod flagged;
mod lines;
mod meant;
mod object;
mod outlook;
mod shifts;
mod tables;

use std::collections::BTreeMap;
use std::fmt::Write;

pub use audit::Audit;
pub use check::{Inspection, warning_count, warning_rows};
pub use convergence::convergence_table;
pub use lines::{lines_csv, lines_table, meanings_table};
pub use meant::meant;
pub use object::{object_in_full, rejected_in_full};
pub use outlook::outlook;
pub use shifts::{Fitted, shifts_csv, shifts_table};
pub use tables::{compared_table, interleaved, object_table, overview};

use crate::draws::Method;
use crate::fit::Outcome;
use crate::flag::Class;
use crate::summary::Status;
use crate::text::echoed;
use flagged::FlagCounts;

/// Longest catalogue that is shown object by object.
pub const SHOWN: usize = 30;
/// Number of objects or subjects named as examples.
const EXAMPLES: usize = 3;

/// Row of one object in the overview.
#[derive(Clone, Debug)]
pub struct Row {
    /// Name of the object.
    pub id: String,
    /// Status of the object.
    pub status: Status,
    /// Median and standard deviation of a few quantities, by name.
    pub quantities: BTreeMap<String, [f64; 2]>,
    /// Flags of the object that are no notes.
    pub flags: String,
}

/// Counts of a run, object by object. Its size does not grow with the catalogue.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    method: Method,
    objects: usize,
    status: BTreeMap<Status, usize>,
    flagged: FlagCounts,
    rejected: Vec<(String, String)>,
    rows: Vec<Row>,
    /// Objects with the numbers of chains.
    by_chains: usize,
}

impl Tally {
    /// Counts of a run with a method, before its first object.
    pub fn of(method: Method) -> Tally {
        Tally {
            method,
            ..Tally::default()
        }
    }

    /// Counts an object.
    pub fn add(&mut self, outcome: &Outcome) {
        self.objects += 1;
        *self.status.entry(outcome.status).or_default() += 1;
        let method = outcome.fitted.as_ref().map(|fitted| fitted.method);
        self.by_chains += usize::from(method == Some(Method::Nuts));
        self.flagged.add(&outcome.id, &outcome.flags);
        if self.rejected.len() < EXAMPLES {
            let reason = outcome
                .reasons
                .first()
                .map(|reason| (echoed(&outcome.id).into_owned(), reason.to_string()));
            self.rejected.extend(reason);
        }
        if self.rows.len() <= SHOWN {
            self.rows.push(tables::row(outcome));
        }
    }

    /// Number of objects with a status.
    pub fn count(&self, status: Status) -> usize {
        self.status.get(&status).copied().unwrap_or_default()
    }

    /// Number of objects counted.
    pub fn objects(&self) -> usize {
        self.objects
    }

    /// Tells whether any object was rejected or failed.
    pub fn has_casualties(&self) -> bool {
        self.count(Status::Rejected) + self.count(Status::Fail) > 0
    }

    /// Rows of all objects, if there are few.
    pub fn rows(&self) -> Option<&[Row]> {
        (self.rows.len() <= SHOWN).then_some(&self.rows)
    }

    /// Closing paragraph: passes, failures, and advice.
    pub fn closing(&self) -> String {
        let [ok, warn, fail, rejected] =
            [Status::Ok, Status::Warn, Status::Fail, Status::Rejected].map(|s| self.count(s));
        let sampled = ok + warn + fail;
        let mut text = format!("{}: ", counted(self.objects, "object"));
        let parts = [(ok, "ok"), (warn, "warned"), (fail, "failed"), (rejected, "rejected")];
        let parts = parts
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, word)| format!("{count} {word}"));
        text.push_str(&parts.collect::<Vec<_>>().join(", "));
        text.push_str(".\n");
        let checks = match self.method {
            Method::Importance => "every check of its draws",
            Method::Nuts | Method::Classical => "every check of convergence",
        };
        if self.method == Method::Classical {
            writeln!(
                text,
                "{} of {sampled} {} an answer.",
                ok + warn,
                if ok + warn == 1 { "has" } else { "have" }
            )
            .expect("a string takes all");
        } else if sampled > 0 && fail == 0 {
            let whose = if sampled == 1 { "It" } else { "Each of those sampled" };
            writeln!(text, "{whose} passed {checks}.").expect("a string takes all");
        } else if sampled > 0 {
            writeln!(
                text,
                "{} of {sampled} passed {checks}; do not use the draws of the others.",
                ok + warn
            )
            .expect("a string takes all");
        }
        if self.method == Method::Importance && sampled > 0 {
            let weighted = sampled - self.by_chains.min(sampled);
            writeln!(
                text,
                "{weighted} of {sampled} by importance sampling, {} by NUTS.",
                self.by_chains
            )
            .expect("a string takes all");
        }
        self.write_flags(&mut text, Class::Fail, "Failed checks");
        self.write_flags(&mut text, Class::Warn, "Warnings");
        self.write_flags(&mut text, Class::Note, "Notes");
        self.write_flags(&mut text, Class::Decision, "Decisions");
        self.write_rejected(&mut text, rejected);
        text
    }

    /// Writes the flags of a class: number of objects, subjects, advice.
    fn write_flags(&self, text: &mut String, class: Class, title: &str) {
        let of_class = self.flagged.of_class(class);
        if of_class.is_empty() {
            return;
        }
        writeln!(text, "{title}:").expect("a string takes all");
        for (code, flagged) in of_class {
            let mut whom = match self.objects {
                1 => String::new(),
                _ => format!(", {}", counted(flagged.count, "object")),
            };
            if self.objects > 1 && flagged.count <= EXAMPLES {
                write!(whom, " ({})", flagged.objects.join(", ")).expect("a string takes all");
            }
            let about = flagged.about();
            writeln!(text, "  {}{about}{whom}: {}.", code.name(), code.advice()).expect("a string takes all");
        }
    }

    fn write_rejected(&self, text: &mut String, rejected: usize) {
        if rejected == 0 {
            return;
        }
        writeln!(text, "Rejected, so not fitted; mend these rows and run again:").expect("a string takes all");
        for (id, reason) in &self.rejected {
            writeln!(text, "  {}: {reason}", if id.is_empty() { "(no name)" } else { id }).expect("a string takes all");
        }
        if rejected > self.rejected.len() {
            writeln!(
                text,
                "  and {} more: `nebulium check --rejected` names them all.",
                rejected - self.rejected.len()
            )
            .expect("a string takes all");
        }
    }
}

/// Number with its noun: `1 object`, `2 objects`.
pub fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// Rows as aligned columns: the first and the last `left` columns to the left, the others to the
/// right.
pub(crate) fn aligned(rows: &[Vec<String>], left: usize) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        rows.iter()
            .filter_map(|row| row.get(column))
            .map(|cell| cell.chars().count())
            .max()
    };
    let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or(0)).collect();
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for (column, cell) in row.iter().enumerate() {
            let width = widths[column];
            let to_left = column == 0 || column + left >= columns;
            let gap = if column == 0 { "" } else { "  " };
            // Padding by hand, since a width in a format ends at 65,535 characters.
            let blanks = " ".repeat(width - cell.chars().count());
            let parts = if to_left {
                [gap, cell, &blanks]
            } else {
                [gap, &blanks, cell]
            };
            line.extend(parts);
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{Error, ProblemError};
    use crate::flag::{Code, Flag};

    fn outcome(index: usize, status: Status, flags: Vec<Flag>) -> Outcome {
        let rejected = status == Status::Rejected;
        Outcome {
            index,
            id: format!("g{index}"),
            status,
            flags,
            kept: Vec::new(),
            reasons: rejected
                .then_some(Error::Problem(ProblemError::TwoDensityPriors))
                .into_iter()
                .collect(),
            problem: None,
            fitted: None,
            audit: Vec::new(),
        }
    }

    #[test]
    fn the_closing_counts_flags_and_names_advice() {
        let mut tally = Tally::default();
        let pulls = vec![
            Flag::about(Code::Pull, "He1_4471A"),
            Flag::about(Code::Pull, "He1_5876A"),
        ];
        tally.add(&outcome(1, Status::Ok, vec![]));
        tally.add(&outcome(2, Status::Warn, pulls));
        tally.add(&outcome(3, Status::Fail, vec![Code::RHat.into()]));
        tally.add(&outcome(4, Status::Rejected, vec![]));
        let text = tally.closing();
        assert!(
            text.starts_with("4 objects: 1 ok, 1 warned, 1 failed, 1 rejected.\n2 of 3 passed"),
            "{text}"
        );
        assert!(
            text.contains("pull He1_4471A, He1_5876A, 1 object (g2): check the measurement"),
            "{text}"
        );
        assert!(
            text.contains("rhat, 1 object (g3)") && text.contains("g4: priors of both"),
            "{text}"
        );
        assert!(tally.has_casualties() && tally.rows().is_some_and(|rows| rows.len() == 4));
    }

    #[test]
    fn a_long_catalogue_keeps_its_tally_short() {
        let mut tally = Tally::default();
        (0..1000).for_each(|index| tally.add(&outcome(index, Status::Rejected, vec![Code::Chi2.into()])));
        assert!(tally.rows().is_none() && tally.rows.len() == SHOWN + 1 && tally.rejected.len() == EXAMPLES);
        assert!(tally.closing().contains("and 997 more"));
    }

    #[test]
    fn columns_are_aligned() {
        let rows = [["a", "1", "x"], ["bb", "22", "yy"]].map(|row| row.map(String::from).to_vec());
        assert_eq!(aligned(&rows, 1), "a    1  x\nbb  22  yy\n");
        let long = "n".repeat(70_000);
        let rows = [["a", "1", "x"], [&long, "2", "y"]].map(|row| row.map(String::from).to_vec());
        assert!(aligned(&rows, 1).ends_with(&format!("\n{long}  2  y\n")));
    }
}
