//! The rows of `results.csv` and `lines.csv`.

use crate::abundance;
use crate::draws::Method;
use crate::fit::Outcome;
use crate::line::Ion;
use crate::summary::{Importance, ParameterSummary, derived_names};

/// What follows a parameter's name in the columns of `results.csv`.
pub(super) const SUFFIXES: [&str; 7] = ["p2p5", "p16", "p50", "p84", "p97p5", "mean", "sd"];
/// What follows them in the classical method: the value at the fluxes as measured, the fraction of realisations without one.
const CLASSICAL: [&str; 2] = ["value", "failed"];
/// Suffix of an ion's name in the column of its limit.
pub(super) const LIMIT: &str = "limit95";
/// The columns of `results.csv` after the parameters'.
const AFTER: [&str; 20] = [
    "rhat_max",
    "nested_rhat_max",
    "ess_bulk_min",
    "ess_tail_min",
    "e_bfmi_min",
    "n_divergent",
    "chi2",
    "is_khat",
    "is_ess",
    "is_round",
    "is_shift_max",
    "is_shift_of",
    "ln_evidence",
    "ln_evidence_se",
    "n_lines",
    "n_parameters",
    "n_gradients",
    "status",
    "flags",
    "reason",
];
/// Reasons that the row of a rejected object gives.
const REASONS: usize = 5;
/// The columns of `lines.csv`.
pub(super) const LINES: [&str; 10] = [
    "object",
    "line",
    "flux",
    "flux_err",
    "sigma",
    "model",
    "model_sd",
    "pull",
    "outside",
    "likelihood",
];

/// The header of `results.csv` for a catalogue whose parameters are `columns`.
pub(super) fn results_header(columns: &[String], method: Method) -> Vec<String> {
    let named = columns.iter().map(String::as_str).chain(derived_names());
    let suffixes = SUFFIXES.iter().chain(match method {
        Method::Nuts => &[][..],
        Method::Classical => &CLASSICAL,
    });
    let summaries = named.flat_map(|name| suffixes.clone().map(move |suffix| format!("{name}_{suffix}")));
    let snr = resolvable(columns).map(|name| format!("snr_{name}"));
    let limits = ions(columns).map(|name| format!("{name}_{LIMIT}"));
    let outside = abundance::NAMES.map(|name| format!("{name}_outside"));
    let after = AFTER.map(String::from);
    std::iter::once("object".to_owned())
        .chain(summaries)
        .chain(snr)
        .chain(limits)
        .chain(outside)
        .chain(after)
        .collect()
}

/// The ions among the parameters.
fn ions(columns: &[String]) -> impl Iterator<Item = &String> {
    columns.iter().filter(|name| name.parse::<Ion>().is_ok())
}

/// An object's row of `results.csv`.
pub(super) fn result(columns: &[String], outcome: &Outcome, method: Method) -> Vec<String> {
    let summary = outcome.fitted.as_ref().map(|fitted| &fitted.summary);
    let mut row = vec![outcome.id.clone()];
    for name in columns.iter().map(String::as_str).chain(derived_names()) {
        let found = summary.and_then(|summary| summary.parameters.iter().find(|p| p.name == name));
        row.extend(of_parameter(found).map(number));
        if method == Method::Classical {
            let classical = found.and_then(|p| p.classical);
            row.extend(
                classical
                    .map_or([f64::NAN; 2], |own| [own.value, own.failed])
                    .map(number),
            );
        }
    }
    row.extend(resolvable(columns).map(|name| number(resolution(outcome, name))));
    for ion in ions(columns) {
        let found = summary.and_then(|summary| summary.limits.iter().find(|limit| limit.ion == *ion));
        row.push(number(found.map_or(f64::NAN, |limit| limit.below)));
    }
    let outside = summary.map_or([f64::NAN; abundance::NAMES.len()], |s| s.icf_outside);
    row.extend(outside.map(number));
    let of_summary = summary.map(|s| {
        [
            s.rhat_max,
            s.nested_rhat_max,
            s.ess_bulk_min,
            s.ess_tail_min,
            s.e_bfmi_min,
            s.n_divergent as f64,
            s.chi2,
        ]
    });
    row.extend(of_summary.unwrap_or([f64::NAN; 7]).map(number));
    row.extend(of_importance(summary.and_then(|summary| summary.importance.as_ref())));
    let of_problem = outcome
        .problem
        .as_ref()
        .map(|p| [p.lines.len() as f64, p.object.dimension() as f64]);
    row.extend(of_problem.unwrap_or([f64::NAN; 2]).map(number));
    row.push(number(summary.map_or(f64::NAN, |s| s.n_gradients as f64)));
    row.push(outcome.status.name().to_owned());
    row.push(joined(&outcome.flags, ";"));
    row.push(reasons(&outcome.reasons));
    row
}

/// The temperatures and densities among the parameters, which ratios of lines measure.
fn resolvable(columns: &[String]) -> impl Iterator<Item = &str> {
    let names = columns.iter().map(String::as_str);
    names.filter(|name| *name == "n_e" || ["T_", "n_e_"].iter().any(|start| name.starts_with(start)))
}

/// The S/N of the ratio that measures a temperature or density best; NaN where the object has no such
/// parameter or was not sampled.
fn resolution(outcome: &Outcome, name: &str) -> f64 {
    let mut snr = outcome.problem.iter().flat_map(|problem| &problem.snr);
    let found = snr.find(|(of, _)| of == name);
    found.map_or(f64::NAN, |(_, sn)| *sn)
}

/// The first reasons and the number of the others: FITS pads each row to the longest text.
fn reasons<T: ToString>(reasons: &[T]) -> String {
    let more = reasons.len().saturating_sub(REASONS);
    let first = joined(&reasons[..reasons.len() - more], "; ");
    match more {
        0 => first,
        more => format!("{first}; and {more} more"),
    }
}

fn of_parameter(summary: Option<&ParameterSummary>) -> [f64; 7] {
    let Some(summary) = summary else {
        return [f64::NAN; 7];
    };
    let [p2, p16, p50, p84, p97] = summary.percentiles;
    [p2, p16, p50, p84, p97, summary.mean, summary.sd]
}

/// The seven columns of importance sampling.
fn of_importance(found: Option<&Importance>) -> [String; 7] {
    let value = |value: fn(&Importance) -> f64| number(found.map_or(f64::NAN, value));
    [
        value(|found| found.k_hat),
        value(|found| found.ess),
        value(|found| f64::from(found.round)),
        value(|found| found.shift),
        found.map_or_else(String::new, |found| found.shifted.clone()),
        value(|found| found.ln_evidence),
        value(|found| found.ln_evidence_se),
    ]
}

/// An object's rows of `lines.csv`; none if it was not sampled.
pub(super) fn lines(outcome: &Outcome) -> Vec<Vec<String>> {
    let (Some(fitted), Some(problem)) = (&outcome.fitted, &outcome.problem) else {
        return Vec::new();
    };
    let pairs = fitted.summary.lines.iter().zip(&problem.lines);
    let row = |(line, given): (&crate::summary::LineSummary, &crate::problem::ProblemLine)| {
        let numbers = [
            line.flux,
            given.flux_err,
            line.sigma,
            line.model,
            line.model_sd,
            line.pull,
            line.outside,
        ];
        let texts = [outcome.id.clone(), line.label.clone()];
        let likelihood = std::iter::once(line.likelihood.to_owned());
        texts.into_iter().chain(numbers.map(number)).chain(likelihood).collect()
    };
    pairs.map(row).collect()
}

fn joined<T: ToString>(items: &[T], separator: &str) -> String {
    items
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(separator)
}

/// A number with nine significant digits at most, `NaN` where there is none.
pub(super) fn number(value: f64) -> String {
    let rounded: f64 = format!("{value:.8e}").parse().unwrap_or(value);
    rounded.to_string()
}

/// A row as CSV, fields quoted where they must be.
pub(super) fn csv(fields: impl IntoIterator<Item = impl AsRef<[u8]>>) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(fields).expect("memory takes all");
    writer.into_inner().expect("memory takes all")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_nine_digits_and_say_nan() {
        assert_eq!(number(15_590.123_456_789), "15590.1235");
        assert_eq!(number(0.000_88), "0.00088");
        assert_eq!(number(f64::NAN), "NaN");
        assert_eq!(number(f64::INFINITY), "inf");
    }

    #[test]
    fn of_many_reasons_the_first_are_given() {
        let some: Vec<usize> = (0..7).collect();
        assert_eq!(reasons(&some), "0; 1; 2; 3; 4; and 2 more");
        assert_eq!(reasons(&some[..5]), "0; 1; 2; 3; 4");
        assert_eq!(reasons(&some[..0]), "");
    }

    #[test]
    fn fields_with_separators_are_quoted() {
        assert_eq!(csv(["a,b", "c"]), b"\"a,b\",c\n");
    }

    #[test]
    fn the_header_has_seven_columns_a_quantity() {
        let header = results_header(&["T_low".to_owned(), "O3".to_owned()], Method::Nuts);
        let derived = abundance::NAMES.len();
        assert_eq!(header.len(), 1 + 7 * (2 + 1 + derived) + 2 + derived + AFTER.len());
        assert!(header.contains(&"snr_T_low".to_owned()));
        assert_eq!(header.iter().filter(|name| name.ends_with(LIMIT)).count(), 1);
        assert_eq!(header[..3], ["object", "T_low_p2p5", "T_low_p16"]);
        let classical = results_header(&["T_low".to_owned(), "O3".to_owned()], Method::Classical);
        assert_eq!(classical.len(), header.len() + 2 * (2 + derived_names().count()));
        assert!(header.iter().all(|name| classical.contains(name)) && classical[8] == "T_low_value");
        assert!(header.contains(&"O_H_p97p5".to_owned()) && header.last().is_some_and(|last| last == "reason"));
    }
}
