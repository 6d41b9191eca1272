//! Table of the convergence lab: the worst parameter at each point of the grid.

use super::aligned;
use crate::convergence::{Measured, Row, rows};

/// One row per point: bias and scatter of posterior means in posterior sd, largest R-hat and nested
/// R-hat, smallest effective sample sizes, also per gradient and per second, and seconds.
pub fn convergence_table(measured: &Measured) -> String {
    let head = [
        "chains",
        "warmup",
        "draws",
        "bias/sd",
        "scatter/sd",
        "R-hat",
        "nested",
        "ESS bulk",
        "ESS tail",
        "ESS/gradient",
        "ESS/s",
        "seconds",
    ];
    let all: Vec<Row<'_>> = rows(measured).collect();
    let mut table = vec![head.map(String::from).to_vec()];
    table.extend(all.chunks(measured.names.len().max(1)).map(point));
    aligned(&table, 0)
}

/// Row of one point, from the rows of its parameters.
fn point(rows: &[Row<'_>]) -> Vec<String> {
    let most = |number: &dyn Fn(&Row<'_>) -> f64| rows.iter().map(number).fold(f64::NAN, f64::max);
    let least = |column: &str| rows.iter().map(|row| row.number(column)).fold(f64::NAN, f64::min);
    let in_sd = |column: &'static str| most(&move |row| row.number(column).sqrt() / row.number("sd"));
    let hat = |column: &'static str| match most(&move |row| row.number(column)) {
        hat if hat.is_nan() => "-".to_owned(),
        hat => format!("{hat:.3}"),
    };
    let at = rows[0].point;
    vec![
        at.chains.to_string(),
        at.warmup.to_string(),
        at.draws.to_string(),
        format!("{:.3}", in_sd("mean_bias2")),
        format!("{:.3}", in_sd("mean_variance")),
        hat("r_hat"),
        hat("nested_r_hat"),
        format!("{:.0}", least("ess_bulk")),
        format!("{:.0}", least("ess_tail")),
        format!("{:.3}", least("ess_bulk_per_gradient")),
        format!("{:.0}", least("ess_bulk_per_second")),
        format!("{:.3}", rows[0].number("seconds")),
    ]
}
