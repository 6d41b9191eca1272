//! Names of objects: a column, several columns and texts, or the number of the row.

use super::header::Header;
use crate::error::Result;

/// The part of an object's name that stands for its row.
const ROW: &str = "row";
/// The way of naming objects where no column has their names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Naming {
    /// None: the column must be there.
    Column,
    /// By the file, which has one row.
    File,
    /// By the number of the row.
    Number,
}

/// A part of an object's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Part {
    /// A text.
    Text(String),
    /// The content of a column.
    Column(usize),
    /// The number of the row in the file, `{row}` where no column is called so.
    Row,
}

/// An object's name, `"{ix}-{iy}"`, `"row {row}"` or the name of a column, in parts.
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
