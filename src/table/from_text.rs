//! Catalogues of text: shape, format, rows.

use std::path::Path;

use super::Take;
use super::bytes::Bytes;
use super::cell::Place;
use super::content::{Contents, Look, look, read};
use super::dialect::{Dialect, dialect};
use super::format;
use super::head::Head;
use super::lines::Lines;
use super::rows::Rows;
use super::sample::Sample;
use super::settings::Format;
use crate::error::{Error, Result, TableError};
use crate::table::Warning;

/// Reads a text. `id` names the object where only the file names it.
pub(super) fn from_text(bytes: &Bytes, id: &str, place: &Place, take: Take) -> Result<Contents> {
    let path = place.path;
    let mut shape = dialect(&mut Lines::new(path, bytes.open(path)?.0), path)?;
    let format = match (place.settings.format, &shape.header) {
        (Format::Auto, None) => Format::Neat,
        (Format::Auto, Some(_)) => Format::Auto,
        (Format::Neat, _) => Format::Neat,
        (format, _) => format,
    };
    named(&mut shape, format);
    let open = || -> Result<_> {
        let (input, hash) = bytes.open(path)?;
        Ok((Rows::of_text(path, input, &shape)?, hash))
    };
    let (mut rows, hash) = open()?;
    let format = match format {
        Format::Auto => format::recognise(&rows.header, shape.separator),
        format => format,
    };
    let place = &Place {
        decimal_comma: shape.decimal_comma,
        ..*place
    };
    let looked = match format {
        Format::Long | Format::Lime => look(&mut open()?.0, format, id, place)?,
        _ => Look::None,
    };
    let (objects, mut warnings) = read(&mut rows, format, id, &looked, place, take)?;
    if objects == 0 {
        let path = path.to_owned();
        return Err(match format {
            Format::Neat => Error::Table(TableError::EmptyTable { path }),
            _ => Error::Table(TableError::NoRows {
                path,
                row: rows.header.row,
            }),
        });
    }
    // LiMe writes no line end after its last row.
    let of_text = rows.warnings().into_iter();
    warnings
        .extend(of_text.filter(|warning| !(format == Format::Lime && matches!(warning, Warning::NoLineEnd { .. }))));
    Ok(Contents {
        path: path.to_owned(),
        sha256: hash.hexadecimal(),
        format,
        objects,
        warnings,
    })
}

/// Takes the first row as header if the format needs one; drops the header of a list.
fn named(shape: &mut Dialect, format: Format) {
    match format {
        Format::Neat => shape.header = None,
        _ => {
            let first = &shape.first;
            shape
                .header
                .get_or_insert_with(|| Head::plain(shape.first_row, first.iter().map(str::to_owned).collect()));
        }
    }
}

/// Header and first rows of a text.
pub(super) fn sample(bytes: &Bytes, path: &Path) -> Result<Sample> {
    let mut shape = dialect(&mut Lines::new(path, bytes.open(path)?.0), path)?;
    named(&mut shape, Format::Auto);
    Sample::of(Rows::of_text(path, bytes.open(path)?.0, &shape)?)
}
