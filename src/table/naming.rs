//! Names of objects: a column, several columns and texts, or the number of the row.

use super::header::Header;
use crate::error::Result;

/// Part of an object's name that stands for the row.
const ROW: &str = "row";
/// Naming of objects where no column has their names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Naming {
    /// No other name: the column must exist.
    Column,
    /// Name of the file, which has one row.
    File,
    /// Number of the row.
    Number,
}

/// A part of an object's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Part {
    /// A fixed text.
    Text(String),
    /// Content of a column.
    Column(usize),
    /// Number of the row in the file: `{row}` where no column has that name.
    Row,
}

/// Parts of an object's name: `"{ix}-{iy}"`, `"row {row}"` or the name of a column.
pub(crate) fn parts(template: &str, header: &Header) -> Result<Vec<Part>> {
    let column = |name: &str| header.find(name).ok_or_else(|| header.missing(name));
    if !template.contains('{') {
        return Ok(vec![Part::Column(column(template)?)]);
    }
    let mut parts = Vec::new();
    for piece in template.split_inclusive('}') {
        let (text, name) = piece.split_once('{').unwrap_or((piece, ""));
        if !text.is_empty() {
            parts.push(Part::Text(text.to_owned()));
        }
        if let Some(name) = name.strip_suffix('}') {
            parts.push(match header.find(name) {
                None if name == ROW => Part::Row,
                _ => Part::Column(column(name)?),
            });
        }
    }
    Ok(parts)
}
