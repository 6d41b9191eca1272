//! Tables that declare their columns, of FITS and Parquet: the format that their columns fit, and the passes over their rows.

use super::cell::Place;
use super::format::{self, Format};
use super::header::Header;
use super::long::{self, LastRows};
use super::rows::{Rows, Separator};
use super::source::read;
use super::{Take, Warnings, lime, pattern, pyneb};
use crate::error::Result;

/// The format of the settings, else the one that the columns look like.
pub(super) fn format_of(header: &Header, place: &Place) -> Format {
    match place.settings.format {
        // A field of such a table may hold blanks.
        Format::Auto => format::recognise(header, Separator::Character(b',')),
        format => format,
    }
}

/// Tells whether the columns are those of the table's format, with a line among them.
pub(super) fn is_catalogue(header: &Header, place: &Place) -> bool {
    let format = format_of(header, place);
    let (pattern, rules) = pattern::of(format, place.settings);
    let place = &Place {
        rules: &rules,
        ..*place
    };
    match (format, pattern) {
        (Format::Long, _) => header.long(place.settings).is_ok(),
        (Format::Lime, _) => lime::is_log(header),
        (Format::Neat, _) => (2..=4).contains(&header.names.len()),
        (Format::Pyneb, _) => pyneb::is_table(header, Separator::Blanks),
        (_, Some(pattern)) => pattern.columns(header, place).is_ok(),
        (_, None) => header.wide(place).is_ok_and(|columns| !columns.lines.is_empty()),
    }
}

/// Reads the table whose rows `open` begins anew: its format, the number of its objects, and what deserves a look.
pub(super) fn read_table<'a>(
    open: impl Fn() -> Result<Rows<'a>>,
    id: &str,
    place: &Place,
    take: Take,
) -> Result<(Format, usize, Warnings)> {
    let mut rows = open()?;
    let format = format_of(&rows.header, place);
    let last_rows = match format {
        Format::Long => long::last_rows(&mut open()?, place)?,
        _ => LastRows::new(),
    };
    if matches!(format, Format::Neat | Format::Pyneb) {
        let all: Vec<usize> = (0..rows.header.names.len()).collect();
        rows.select(&all)?;
    }
    let (objects, mut warnings) = read(&mut rows, format, id, &last_rows, place, take)?;
    warnings.extend(rows.warnings(place.settings));
    Ok((format, objects, warnings))
}
