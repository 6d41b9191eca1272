//! Reads the bytes of a catalogue into objects: text or FITS, then the format.

use std::path::Path;

use super::bytes::Bytes;
use super::cell::Place;
use super::content::Contents;
use super::from_fits::{self, Choice, from_fits};
use super::from_parquet::{self, from_parquet};
use super::from_text::{self, from_text};
use super::rules::Rules;
use super::sample::Sample;
use super::{Settings, Take, fits, foreign};
use crate::error::{Error, FormatError, Result};
use crate::line::{H_BETA, LineList};

/// Reads the bytes of the catalogue `path`, one object after another.
pub(crate) fn scan(
    path: &Path,
    bytes: &Bytes,
    list: &LineList,
    settings: &Settings,
    choice: &Choice,
    take: Take,
) -> Result<Contents> {
    let hbeta = list.resolve(H_BETA, &[])?.members[0];
    let rules = Rules::default();
    let place = Place {
        path,
        list,
        hbeta,
        settings,
        rules: &rules,
        decimal_comma: false,
    };
    let start = bytes.start(path, foreign::SIGNATURE)?;
    if start.starts_with(fits::MAGIC) {
        return from_fits(bytes, &place, choice, take);
    }
    if let Some(extension) = choice.named {
        return Err(Error::Format(FormatError::NoExtension {
            path: path.to_owned(),
            extension: extension.to_owned(),
            found: "none, the file is no FITS".to_owned(),
        }));
    }
    if start.starts_with(from_parquet::MAGIC) {
        return from_parquet(bytes, choice.id, &place, take);
    }
    match foreign::recognise(path, &start) {
        Some(error) => Err(error),
        None => from_text(bytes, choice.id, &place, take),
    }
}

/// Header and first rows of a catalogue, in any format.
///
/// # Errors
/// A file that cannot be read, or has no header.
pub(super) fn sample(path: &Path, bytes: &Bytes, settings: &Settings) -> Result<Sample> {
    let start = bytes.start(path, foreign::SIGNATURE)?;
    if start.starts_with(fits::MAGIC) {
        return from_fits::sample(bytes, path, settings);
    }
    if start.starts_with(from_parquet::MAGIC) {
        return from_parquet::sample(bytes, path);
    }
    match foreign::recognise(path, &start) {
        Some(error) => Err(error),
        None => from_text::sample(bytes, path),
    }
}
