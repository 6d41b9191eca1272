//! Tables of FITS and Parquet, which declare their columns: the format of the columns, and the
//! passes over the rows.

use super::cell::Place;
use super::content::{Look, look, read};
use super::format;
use super::header::Header;
use super::long;
use super::rows::Rows;
use super::separator::Separator;
use super::settings::Format;
use super::{Take, Warnings, lime, pattern, pyneb, surveys};
use crate::error::Result;

/// Format of the settings, or the format recognised from the columns.
pub(super) fn format_of(header: &Header, place: &Place) -> Format {
    match place.settings.format {
        // A field of such a table may hold blanks, so no separator is one.
        Format::Auto => format::recognise(header, Separator::Character(b',')),
        format => format,
    }
}

/// Tells whether the columns fit the format of the table, with at least one line.
pub(super) fn is_catalogue(header: &Header, place: &Place) -> bool {
    let format = format_of(header, place);
    let rules = surveys::rules(format, place.settings);
    let place = &Place {
        rules: &rules,
        ..*place
    };
    match format {
        Format::Long => long::is_catalogue(header, place),
        Format::Lime => lime::is_log(header),
        Format::Neat => (2..=4).contains(&header.names.len()),
        Format::Pyneb => pyneb::is_table(header, Separator::Blanks),
        _ => pattern::of(format, place.settings).columns(header, place).is_ok(),
    }
}

/// Reads a table. `open` starts its rows anew for each pass. Returns format, number of objects and
/// warnings.
pub(super) fn read_table<'a>(
    open: impl Fn() -> Result<Rows<'a>>,
    id: &str,
    place: &Place,
    take: Take,
) -> Result<(Format, usize, Warnings)> {
    let mut rows = open()?;
    let format = format_of(&rows.header, place);
    let looked = match format {
        Format::Long | Format::Lime => look(&mut open()?, format, id, place)?,
        _ => Look::None,
    };
    if matches!(format, Format::Neat | Format::Pyneb) {
        let all: Vec<usize> = (0..rows.header.names.len()).collect();
        rows.select(&all)?;
    }
    let (objects, warnings) = read(&mut rows, format, id, &looked, place, take)?;
    Ok((format, objects, warnings))
}
