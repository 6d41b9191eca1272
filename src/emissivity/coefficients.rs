//! The four coefficients of a line's emissivity, from a user's own table in place of the splines.
//!
//! log₁₀(ε/ε_Hβ) = k₁ + k₂/t + k₃ log₁₀ t + log₁₀(1 + k₄ n), t = T/10⁴ K, n in cm⁻³.

use std::collections::BTreeMap;
use std::path::Path;

use crate::error::{Error, Result};
use crate::line::LineList;

/// The columns of a table of coefficients.
const COLUMNS: [&str; 5] = ["line", "k1", "k2", "k3", "k4"];

/// Reads the CSV file at `path` with the columns `line`, `k1`, `k2`, `k3` and `k4`: `[k1, k2, k3, k4]` by the line's place in
/// `list`; `#` opens a comment row.
///
/// # Errors
/// An unreadable file; a column missing; a label that names no single line, or one a second time; a cell that is no number.
pub fn read_coefficients(path: &Path, list: &LineList) -> Result<BTreeMap<usize, [f64; 4]>> {
    let bytes = super::read(path)?;
    let mut reader = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .trim(csv::Trim::All)
        .from_reader(Error::text(&bytes, path)?.as_bytes());
    let unreadable = |source: csv::Error| Error::Io {
        path: path.to_owned(),
        source: source.into(),
    };
    let header = reader.headers().map_err(unreadable)?.clone();
    let place = |column: &str| {
        header
            .iter()
            .position(|name| name == column)
            .ok_or_else(|| Error::MissingColumn {
                path: path.to_owned(),
                row: 1,
                column: column.to_owned(),
                header: header.iter().collect::<Vec<_>>().join(","),
            })
    };
    let places = COLUMNS.iter().map(|column| place(column)).collect::<Result<Vec<_>>>()?;
    let mut found = BTreeMap::new();
    for record in reader.records() {
        let record = record.map_err(unreadable)?;
        let row = record.position().map_or(0, |position| position.line() as usize);
        let wrong = |column: usize, expected: &str| Error::Cell {
            path: path.to_owned(),
            row,
            column: COLUMNS[column].to_owned(),
            value: record[places[column]].to_owned(),
            expected: expected.to_owned(),
        };
        let resolved = list
            .resolve(&record[places[0]], &[])
            .map_err(|source| Error::LabelCell {
                path: path.to_owned(),
                row,
                column: COLUMNS[0].to_owned(),
                source: Box::new(source),
            })?;
        let &[line] = &resolved.members[..] else {
            return Err(wrong(0, "one line, not a blend"));
        };
        let mut k = [0.0; 4];
        for (column, k) in (1..).zip(&mut k) {
            let number = record[places[column]].parse().ok().filter(|k: &f64| k.is_finite());
            *k = number.ok_or_else(|| wrong(column, "a finite number"))?;
        }
        if found.insert(line, k).is_some() {
            return Err(wrong(0, "each line once"));
        }
    }
    Ok(found)
}
