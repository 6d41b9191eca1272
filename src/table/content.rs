//! The content of a catalogue's file, read in a known format.

use std::path::{Path, PathBuf};

use super::cell::Place;
use super::rows::Rows;
use super::settings::Format;
use super::{Take, Warnings, lime, long, neat, pattern, pyneb, surveys, wide};
use crate::error::Result;

/// Content of a catalogue's file, without the objects.
#[derive(Debug)]
pub struct Contents {
    /// Path of the file.
    pub path: PathBuf,
    /// SHA-256 of the file in hexadecimal.
    pub sha256: String,
    /// Format in which the file was read.
    pub format: Format,
    /// Number of objects in the file, fitted and rejected.
    pub objects: usize,
    /// Warnings about the rows.
    pub warnings: Warnings,
}

impl Contents {
    /// Content of a file that cannot be read.
    pub(crate) fn unread(path: &Path) -> Contents {
        Contents {
            path: path.to_owned(),
            sha256: String::new(),
            format: Format::Auto,
            objects: 1,
            warnings: Warnings::default(),
        }
    }
}

/// Result of a first pass over the rows, for formats that need one.
#[derive(Debug)]
pub(super) enum Look {
    None,
    Long(long::Look),
    Lime(lime::Look),
}

/// Makes a first pass over a table whose objects may have rows anywhere. `id` names the object
/// where no column does.
pub(super) fn look(rows: &mut Rows, format: Format, id: &str, place: &Place) -> Result<Look> {
    let rules = surveys::rules(format, place.settings);
    let place = &Place {
        rules: &rules,
        ..*place
    };
    match format {
        Format::Long => long::look(rows, id, place).map(Look::Long),
        Format::Lime => lime::look(rows, place).map(Look::Lime),
        _ => Ok(Look::None),
    }
}

/// Reads a table in a known format. Returns the number of objects and the warnings.
pub(super) fn read(
    rows: &mut Rows,
    format: Format,
    id: &str,
    looked: &Look,
    place: &Place,
    take: Take,
) -> Result<(usize, Warnings)> {
    let rules = surveys::rules(format, place.settings);
    let place = &Place {
        rules: &rules,
        ..*place
    };
    let mut objects = 0;
    let take: Take = &mut |entry| {
        objects += 1;
        take(entry)
    };
    let warnings = match (format, looked) {
        (Format::Long, Look::Long(look)) => long::read(rows, id, look, place, take),
        (Format::Long, _) => long::read(rows, id, &long::Look::default(), place, take),
        (Format::Lime, Look::Lime(look)) => lime::read(rows, id, look, place, take),
        (Format::Lime, _) => lime::read(rows, id, &lime::Look::default(), place, take),
        (Format::Neat, _) => neat::read(rows, id, place, take),
        (Format::Pyneb, _) => pyneb::read(rows, place, take),
        (Format::Auto | Format::Wide | Format::MpaJhu | Format::Desi | Format::Hcm | Format::Pipe3d, _) => {
            let pattern = pattern::of(format, place.settings);
            wide::read(rows, id, &pattern, place, take)
        }
    }?;
    Ok((objects, warnings))
}
