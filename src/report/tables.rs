//! Tables of one object's parameters and of a catalogue's objects.

use std::fmt::Write;

use super::{Row, aligned};
use crate::diagnostics::SUPERCHAINS;
use crate::draws::Method;
use crate::fit::Outcome;
use crate::flag::Class;
use crate::problem::parameter_order;
use crate::summary::{Importance, LineSummary, ParameterSummary, Summary};
use crate::text::{echoed, printable};

/// Quantities of a catalogue's overview after the temperatures: name and title.
const QUANTITIES: [(&str, &str); 3] = [("log_ne", "log n_e"), ("cHbeta", "cHbeta"), ("O_H", "12+log O/H")];
/// Lines shown with the largest pulls.
const WORST: usize = 5;
/// Significant digits of a number without a standard deviation.
const DIGITS: i32 = 4;

/// Table of one object: one row per parameter, and the lines with the largest pulls.
pub fn object_table(outcome: &Outcome) -> String {
    let mut text = format!("{}: {}\n", printable(&outcome.id), outcome.status.name());
    let Some(fitted) = &outcome.fitted else {
        return text;
    };
    let summary = &fitted.summary;
    if summary.parameters.iter().any(|p| p.classical.is_some()) {
        let (lines, realisations) = (summary.lines.len(), fitted.draws.draws);
        writeln!(
            text,
            "{lines} lines, classical method, {realisations} realisations of the fluxes\n"
        )
        .expect("a string takes all");
        return text + &estimates(summary);
    }
    let free = outcome.problem.as_ref().map_or(0, |problem| problem.object.dimension());
    let draws = match fitted.method {
        Method::Importance => format!("{} draws by importance sampling", summary.n_draws),
        Method::Nuts | Method::Classical => {
            format!(
                "{} chains of {} draws",
                fitted.draws.chains,
                summary.n_draws / fitted.draws.chains
            )
        }
    };
    writeln!(
        text,
        "{} lines, {free} free parameters, {draws}, chi2 {:.1}\n",
        summary.lines.len(),
        summary.chi2.value
    )
    .expect("a string takes all");
    text.push_str(&parameters(summary));
    if !summary.nested_rhat_max.is_nan() {
        let nested = summary.nested_rhat_max;
        writeln!(
            text,
            "\nNested R-hat, in {SUPERCHAINS} superchains of one start each: {nested:.3} at most."
        )
        .expect("a string takes all");
    }
    text.push_str(&second_opinion(summary.importance.as_ref()));
    text.push_str("\nLargest pulls, (flux - model) / sigma:\n");
    text.push_str(&worst_lines(&summary.lines));
    text
}

/// Result of importance sampling, in one line.
fn second_opinion(found: Option<&Importance>) -> String {
    match found {
        None => String::new(),
        Some(found) if found.ess.is_nan() => format!(
            "\nImportance sampling: k-hat {:.2}, too large to say anything of this posterior.\n",
            found.k_hat
        ),
        Some(found) if found.shifted.is_empty() => format!(
            "\nImportance sampling: k-hat {:.2}, {:.0} effective draws, ln P(y) {:.2} ± {:.2}.\n",
            found.k_hat, found.ess, found.ln_evidence, found.ln_evidence_se
        ),
        Some(found) => format!(
            "\nImportance sampling: k-hat {:.2}, {:.0} effective draws, ln P(y) {:.2} ± {:.2}, means within {:.2} sd ({}).\n",
            found.k_hat, found.ess, found.ln_evidence, found.ln_evidence_se, found.shift, found.shifted
        ),
    }
}

fn parameters(summary: &Summary) -> String {
    let head = [
        "parameter",
        "median",
        "16 %",
        "84 %",
        "sd",
        "R-hat",
        "ESS bulk",
        "ESS tail",
    ];
    let mut rows = vec![head.map(String::from).to_vec()];
    rows.extend(summary.parameters.iter().map(parameter));
    aligned(&rows, 0)
}

fn parameter(p: &ParameterSummary) -> Vec<String> {
    let [_, p16, p50, p84, _] = p.percentiles;
    let mut row = vec![p.name.clone()];
    row.extend([p50, p16, p84].map(|value| rounded(value, p.sd)));
    row.push(if p.diagnostics.is_some() {
        rounded(p.sd, p.sd)
    } else {
        "fixed".to_owned()
    });
    if let Some(d) = &p.diagnostics {
        row.extend([
            format!("{:.3}", d.r_hat),
            format!("{:.0}", d.ess_bulk),
            format!("{:.0}", d.ess_tail),
        ]);
    }
    row
}

/// Quantities of the classical method.
fn estimates(summary: &Summary) -> String {
    let head = ["quantity", "value", "median", "16 %", "84 %", "sd", "failed"];
    let mut rows = vec![head.map(String::from).to_vec()];
    rows.extend(summary.parameters.iter().map(|p| {
        let mut row = vec![p.name.clone()];
        row.extend(estimate(p));
        row
    }));
    aligned(&rows, 0)
}

/// Value at the measured fluxes, median, 16 %, 84 %, sd, and the fraction of failed realisations.
fn estimate(p: &ParameterSummary) -> Vec<String> {
    let [_, p16, p50, p84, _] = p.percentiles;
    let (value, failed) = p.classical.map_or((f64::NAN, f64::NAN), |own| (own.value, own.failed));
    let mut cells = [value, p50, p16, p84].map(|value| rounded(value, p.sd)).to_vec();
    cells.push(rounded(p.sd, p.sd));
    cells.push(format!("{:.1} %", 100.0 * failed));
    cells
}

/// Posterior of one object beside the answer of the classical method, quantity by quantity. `-`
/// marks a quantity that a method lacks.
pub fn compared_table(posterior: &Outcome, classical: &Outcome) -> String {
    let statuses = [posterior, classical].map(|outcome| outcome.status.name());
    let mut text = format!(
        "{}: posterior {}, classical {}\n\n",
        printable(&posterior.id),
        statuses[0],
        statuses[1]
    );
    let (Some(posterior), Some(classical)) = (&posterior.fitted, &classical.fitted) else {
        return text;
    };
    let head = [
        "quantity",
        "posterior",
        "16 %",
        "84 %",
        "classical",
        "median",
        "16 %",
        "84 %",
        "sd",
        "failed",
    ];
    let mut rows = vec![head.map(String::from).to_vec()];
    let [posterior, classical] = [&posterior.summary.parameters, &classical.summary.parameters];
    let only_classical = classical
        .iter()
        .filter(|p| posterior.iter().all(|other| other.name != p.name));
    for own in posterior.iter().chain(only_classical) {
        let of = |all: &[ParameterSummary]| all.iter().position(|p| p.name == own.name);
        let mut row = vec![own.name.clone()];
        row.extend(match of(posterior) {
            Some(place) => {
                let [_, p16, p50, p84, _] = posterior[place].percentiles;
                [p50, p16, p84]
                    .map(|value| rounded(value, posterior[place].sd))
                    .to_vec()
            }
            None => vec!["-".to_owned(); 3],
        });
        row.extend(match of(classical) {
            Some(place) => estimate(&classical[place]),
            None => vec!["-".to_owned(); 6],
        });
        rows.push(row);
    }
    text.push_str(&aligned(&rows, 0));
    text
}

/// Rows of both methods, object by object.
pub fn interleaved(posterior: &[Row], classical: &[Row]) -> Vec<Row> {
    let pair = |(posterior, classical): (&Row, &Row)| {
        let classical = Row {
            id: format!("{} classical", classical.id),
            ..classical.clone()
        };
        [posterior.clone(), classical]
    };
    posterior.iter().zip(classical).flat_map(pair).collect()
}

fn worst_lines(lines: &[LineSummary]) -> String {
    let mut sorted: Vec<&LineSummary> = lines.iter().collect();
    sorted.sort_by(|a, b| b.pull.abs().total_cmp(&a.pull.abs()));
    let mut rows = vec![["line", "flux", "sigma", "model", "pull"].map(String::from).to_vec()];
    rows.extend(sorted.into_iter().take(WORST).map(|line| {
        let numbers = [line.flux, line.sigma, line.model].map(|value| rounded(value, line.sigma));
        let mut row = vec![line.label.clone()];
        row.extend(numbers);
        row.push(format!("{:+.1}", line.pull));
        row
    }));
    aligned(&rows, 0)
}

/// Row of an object in the overview of its catalogue.
pub(super) fn row(outcome: &Outcome) -> Row {
    let parameters = outcome.fitted.iter().flat_map(|fitted| &fitted.summary.parameters);
    let known = |name: &str| is_temperature(name) || QUANTITIES.iter().any(|(known, _)| *known == name);
    let shown = parameters.filter(|p| known(&p.name));
    let grave = outcome.flags.iter().filter(|flag| flag.code.class() > Class::Note);
    Row {
        id: echoed(&outcome.id).into_owned(),
        status: outcome.status,
        quantities: shown.map(|p| (p.name.clone(), [p.percentiles[2], p.sd])).collect(),
        flags: grave.map(ToString::to_string).collect::<Vec<_>>().join(" "),
    }
}

fn is_temperature(name: &str) -> bool {
    name.starts_with("T_")
}

/// Overview of a catalogue: one row per object, median ± standard deviation.
pub fn overview(rows: &[Row]) -> String {
    let named = rows.iter().flat_map(|row| row.quantities.keys());
    let mut temperatures: Vec<&str> = named.map(String::as_str).filter(|name| is_temperature(name)).collect();
    temperatures.sort_by_key(|name| parameter_order(name));
    temperatures.dedup();
    let titled = temperatures.iter().map(|name| (*name, format!("{name} [K]")));
    let columns: Vec<(&str, String)> = titled
        .chain(QUANTITIES.map(|(name, title)| (name, title.to_owned())))
        .collect();
    let titles = columns.iter().map(|(_, title)| title.clone());
    let ends = |first: &str| first.to_owned();
    let head = std::iter::once(ends("object"))
        .chain(titles)
        .chain(["status", "flags"].map(ends));
    let mut table = vec![head.collect::<Vec<_>>()];
    for row in rows {
        let mut cells = vec![row.id.clone()];
        cells.extend(columns.iter().map(|(name, _)| match row.quantities.get(*name) {
            Some([median, sd]) => format!("{} ± {}", rounded(*median, *sd), rounded(*sd, *sd)),
            None => "-".to_owned(),
        }));
        cells.extend([row.status.name().to_owned(), row.flags.clone()]);
        table.push(cells);
    }
    aligned(&table, 2)
}

/// A value with the decimals of two digits of its standard deviation; four digits without one.
fn rounded(value: f64, spread: f64) -> String {
    let magnitude = |x: f64| x.abs().log10().floor() as i32;
    let decimals = if spread > 0.0 && spread.is_finite() {
        1 - magnitude(spread)
    } else if value != 0.0 && value.is_finite() {
        DIGITS - 1 - magnitude(value)
    } else {
        0
    };
    format!("{value:.*}", decimals.clamp(0, 12) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_have_the_decimals_of_their_spread() {
        assert_eq!(rounded(15_590.4, 295.0), "15590");
        assert_eq!(rounded(8.0512, 0.0169), "8.051");
        assert_eq!(rounded(0.000_88, 1.8e-5), "0.000880");
        assert_eq!(rounded(0.085_012, 0.0), "0.08501");
        assert_eq!(rounded(0.0, 0.0), "0");
        assert_eq!(rounded(f64::NAN, f64::NAN), "NaN");
    }
}
