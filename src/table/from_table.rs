//! Tables that declare their columns, of FITS and Parquet: the format that their columns fit, and the passes over their rows.

use super::cell::Place;
use super::format::{self, Format};
use super::header::Header;
use super::long;
use super::rows::{Rows, Separator};
use super::source::{Look, look, read};
use super::{Take, Warnings, lime, pattern, pyneb, surveys};
use crate::error::Result;

/// The format of the settings, else the one that the columns look like.
pub(super) fn format_of(header: &Header, place: &Place) -> Format {
    match place.settings.format {
        // A field of such a table may hold blanks.
        Format::Auto => format::recognise(header, Separator::Character(b',')),
        format => format,
    }
}

/// True if the columns are those of the table's format, with a line among them.
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

/// Reads the table whose rows `open` begins anew: its format, the number of its objects, and its warnings.
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
