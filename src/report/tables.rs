//! Tables of one object's parameters and of a catalogue's objects.

use std::fmt::Write;

use super::{Row, aligned};
use crate::fit::Outcome;
use crate::flag::Class;
use crate::problem::parameter_order;
use crate::summary::{Importance, LineSummary, ParameterSummary, Summary};

/// What a catalogue is shown by, after its temperatures: name and title.
const QUANTITIES: [(&str, &str); 3] = [("log_ne", "log n_e"), ("cHbeta", "cHbeta"), ("O_H", "12+log O/H")];
/// Lines shown with the largest pulls.
const WORST: usize = 5;
/// Significant digits of a number without a spread.
const DIGITS: i32 = 4;

/// One object: a row a parameter, and the lines with the largest pulls.
pub fn object_table(outcome: &Outcome) -> String {
    let mut text = format!("{}: {}\n", outcome.id, outcome.status.name());
    let Some(fitted) = &outcome.fitted else {
        return text;
    };
    let summary = &fitted.summary;
    let free = outcome.problem.as_ref().map_or(0, |problem| problem.object.dimension());
    writeln!(
        text,
        "{} lines, {free} free parameters, {} chains of {} draws, chi2 {:.1}\n",
        summary.lines.len(),
        fitted.draws.chains,
        fitted.draws.draws,
        summary.chi2
    )
    .expect("a string takes all");
    text.push_str(&parameters(summary));
    text.push_str(&second_opinion(summary.importance.as_ref()));
    text.push_str("\nLargest pulls, (flux - model) / sigma:\n");
    text.push_str(&worst_lines(&summary.lines));
    text
}

/// What importance sampling says, in a line.
fn second_opinion(found: Option<&Importance>) -> String {
    match found {
        None => String::new(),
        Some(found) if found.ess.is_nan() => format!(
            "\nImportance sampling: k-hat {:.2}, too large to say anything of this posterior.\n",
            found.k_hat
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

/// An object as a row of its catalogue.
pub(super) fn row(outcome: &Outcome) -> Row {
    let parameters = outcome.fitted.iter().flat_map(|fitted| &fitted.summary.parameters);
    let known = |name: &str| is_temperature(name) || QUANTITIES.iter().any(|(known, _)| *known == name);
    let shown = parameters.filter(|p| known(&p.name));
    let grave = outcome.flags.iter().filter(|flag| flag.code.class() != Class::Note);
    Row {
        id: outcome.id.clone(),
        status: outcome.status,
        quantities: shown.map(|p| (p.name.clone(), [p.percentiles[2], p.sd])).collect(),
        flags: grave.map(ToString::to_string).collect::<Vec<_>>().join(" "),
    }
}

fn is_temperature(name: &str) -> bool {
    name.starts_with("T_")
}

/// A catalogue: a row an object, median ± standard deviation.
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

/// A value with as many decimals as two digits of its spread have; four digits where there is no spread.
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
