//! Rejected objects counted by reason, each reason with an example in full.

use std::mem::discriminant;

use crate::error::{Error, TableError, Variant};
use crate::text::{echoed, visible};

/// Kinds of reasons that are told apart.
const KINDS: usize = 32;

/// Kind of a reason: the error, and the expectation of a cell.
#[derive(Clone, Debug, PartialEq)]
struct Kind(Variant, Option<String>);

/// Objects rejected for one kind of reason.
#[derive(Clone, Debug)]
struct Reason {
    kind: Kind,
    objects: usize,
    /// Name and error of the first.
    example: String,
}

/// Reasons in the order of their first objects.
#[derive(Clone, Debug, Default)]
pub(super) struct Rejected {
    reasons: Vec<Reason>,
    /// Objects whose reason is of a kind beyond those told apart.
    other: usize,
    /// Objects counted.
    pub(super) objects: usize,
}

impl Rejected {
    /// Counts an object under the first of its reasons.
    pub(super) fn add(&mut self, id: &str, reasons: &[Error]) {
        self.objects += 1;
        let Some(error) = reasons.first() else {
            self.other += 1;
            return;
        };
        let kind = kind(error);
        let known = self.reasons.iter().position(|reason| reason.kind == kind);
        match known {
            Some(known) => self.reasons[known].objects += 1,
            None if self.reasons.len() == KINDS => self.other += 1,
            None => self.reasons.push(Reason {
                kind,
                objects: 1,
                example: format!("{}: {}", named(id), visible(&error.to_string())),
            }),
        }
    }

    /// Each kind with the number of its objects, the most frequent first.
    pub(super) fn rows(&self) -> Vec<String> {
        let mut reasons: Vec<&Reason> = self.reasons.iter().collect();
        reasons.sort_by_key(|reason| std::cmp::Reverse(reason.objects));
        let row = |reason: &Reason| match reason.objects {
            1 => reason.example.clone(),
            objects => format!("{objects} objects, such as {}", reason.example),
        };
        let mut rows: Vec<String> = reasons.into_iter().map(row).collect();
        if self.other > 0 {
            rows.push(format!("{} objects for other reasons", self.other));
        }
        rows
    }
}

/// The name of an object, or words for none.
pub(super) fn named(id: &str) -> std::borrow::Cow<'_, str> {
    match id {
        "" => "(no name)".into(),
        id => echoed(id),
    }
}

fn kind(error: &Error) -> Kind {
    match error {
        Error::Table(TableError::Cell { expected, .. }) => Kind(error.variant(), Some(expected.clone())),
        Error::Table(TableError::LabelCell { source, .. }) => Kind(Variant::Line(discriminant(source.as_ref())), None),
        _ => Kind(error.variant(), None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ProblemError;

    fn cell(row: usize, expected: &str) -> Error {
        Error::Table(TableError::Cell {
            path: "a.csv".into(),
            row,
            column: "flux".into(),
            value: "x\u{1b}".into(),
            expected: expected.into(),
        })
    }

    #[test]
    fn reasons_are_counted_by_kind_with_one_example() {
        let mut rejected = Rejected::default();
        rejected.add("lone", &[cell(1, "an error")]);
        (2..5).for_each(|row| {
            rejected.add(
                &format!("g{row}"),
                &[cell(row, "a flux"), Error::Problem(ProblemError::TwoDensityPriors)],
            )
        });
        let rows = rejected.rows();
        assert_eq!((rows.len(), rejected.objects), (2, 4));
        assert!(
            rows[0].starts_with("3 objects, such as g2: a.csv: row 2, column `flux`"),
            "{rows:?}"
        );
        assert!(
            rows[1].starts_with("lone: a.csv: row 1") && rows[1].contains("\\u{1b}"),
            "{rows:?}"
        );
    }

    #[test]
    fn the_kinds_are_bounded() {
        let mut rejected = Rejected::default();
        (0..100).for_each(|row| rejected.add("", &[cell(row, &row.to_string())]));
        let rows = rejected.rows();
        assert_eq!(rows.len(), KINDS + 1);
        assert_eq!(rows[KINDS], "68 objects for other reasons");
        assert!(rows[0].starts_with("(no name): "));
    }
}
