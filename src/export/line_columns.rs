//! The list of the columns of `lines.csv`: a new column is a new entry.

use super::column::digits;
use crate::fit::Outcome;
use crate::problem::ProblemLine;
use crate::summary::LineSummary;

/// Line of an object: the object's outcome, the line's summary and the line as given.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line<'o> {
    object: &'o Outcome,
    found: &'o LineSummary,
    given: &'o ProblemLine,
}

/// Column of `lines.csv`; fluxes are relative to Hβ.
#[derive(Debug)]
pub struct LineColumn {
    /// Name in the header.
    pub name: &'static str,
    /// Meaning, in the words of the manual.
    pub description: &'static str,
    /// Field of a line, as text.
    pub(super) field: fn(Line<'_>) -> String,
}

/// Columns of `lines.csv` in the order of the file.
pub const LINE_COLUMNS: [LineColumn; 10] = [
    column("object", "name of the object", |line| line.object.id.clone()),
    column("line", "label as the catalogue has it", |line| line.found.label.clone()),
    column("flux", "flux as measured", |line| digits(line.found.flux)),
    column("flux_err", "error as measured", |line| digits(line.given.flux_err)),
    column("sigma", "standard deviation in the likelihood", |line| {
        digits(line.found.sigma)
    }),
    column("model", "posterior mean of the model's flux", |line| {
        digits(line.found.model)
    }),
    column("model_sd", "posterior standard deviation of the model's flux", |line| {
        digits(line.found.model_sd)
    }),
    column("pull", "(flux − model)/sigma", |line| digits(line.found.pull)),
    column("outside", "fraction of draws outside the line's atomic data", |line| {
        digits(line.found.outside)
    }),
    column(
        "likelihood",
        "`gaussian`, `log-gaussian`, `student-t`, `interval`, `outliers` or `upper-limit`",
        |line| line.found.likelihood.to_owned(),
    ),
];

const fn column(name: &'static str, description: &'static str, field: fn(Line<'_>) -> String) -> LineColumn {
    LineColumn {
        name,
        description,
        field,
    }
}

/// Rows of an object in `lines.csv`; none if it was not sampled.
pub(super) fn rows(outcome: &Outcome) -> Vec<Vec<String>> {
    let (Some(fitted), Some(problem)) = (&outcome.fitted, &outcome.problem) else {
        return Vec::new();
    };
    let lines = fitted.summary.lines.iter().zip(&problem.lines);
    let row = |(found, given)| {
        let line = Line {
            object: outcome,
            found,
            given,
        };
        LINE_COLUMNS.iter().map(|column| (column.field)(line)).collect()
    };
    lines.map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manual_has_a_row_for_each_column() {
        let page = include_str!("../../docs/outputs.md");
        for column in &LINE_COLUMNS {
            let row = format!("| `{}` | {} |", column.name, column.description);
            assert!(page.lines().any(|line| line == row), "docs/outputs.md lacks {row}");
        }
    }
}
