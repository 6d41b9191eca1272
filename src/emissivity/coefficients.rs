//! Four coefficients of a line's emissivity, from a table of the user in place of the splines.
//!
//! log₁₀(ε/ε_Hβ) = k₁ + k₂/t + k₃ log₁₀ t + log₁₀(1 + k₄ n), t = T/10⁴ K, n in cm⁻³.

use std::collections::BTreeMap;
use std::path::Path;

use crate::error::Result;
use crate::line::LineList;
use crate::table::read_columns;

/// Names of the columns in a table of coefficients.
const COLUMNS: [&str; 5] = ["line", "k1", "k2", "k3", "k4"];

/// Reads the CSV file at `path` with the columns `line`, `k1`, `k2`, `k3` and `k4`. Returns
/// `[k1, k2, k3, k4]` by the index of the line in `list`; `#` opens a comment row.
///
/// # Errors
/// An unreadable file; a column missing; a label that names no single line, or a line for the
/// second time; a cell without a number.
pub fn read_coefficients(path: &Path, list: &LineList) -> Result<BTreeMap<usize, [f64; 4]>> {
    let columns = read_columns(path, &COLUMNS.map(String::from))?;
    let mut coefficients = BTreeMap::new();
    for row in 0..columns.len() {
        let label = columns.field(row, 0);
        let resolved = list.resolve(label.text(), &[]).map_err(|error| label.label(error))?;
        let [place] = resolved.members[..] else {
            return Err(label.wrong("one line, not a blend"));
        };
        let mut k = [0.0; 4];
        for (column, k) in k.iter_mut().enumerate() {
            *k = columns.field(row, 1 + column).number("a finite number", |_| true)?;
        }
        if coefficients.insert(place, k).is_some() {
            return Err(label.wrong("each line once"));
        }
    }
    Ok(coefficients)
}
