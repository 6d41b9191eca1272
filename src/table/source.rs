//! From the bytes of a catalogue to its objects: text, FITS or Parquet, then the format.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

use super::cell::Place;
use super::format::Format;
use super::from_fits::{Choice, from_fits};
use super::from_parquet::{self, from_parquet};
use super::from_text::from_text;
use super::long::LastRows;
use super::rows::Rows;
use super::rules::{Rules, Spread};
use super::settings::Missing;
use super::store::Store;
use super::unpack::{GZIP, unpack};
use super::{Settings, Take, Warnings, fits, lime, long, neat, pattern, pyneb, wide};
use crate::error::{Error, Result};
use crate::line::{H_BETA, LineList};

/// Bytes read from a file at once.
const BUFFER: usize = 1 << 18;
/// Bytes by which a kind of file is known.
const SIGNATURE: usize = 9;

/// A catalogue's bytes, as often as they are asked for.
#[derive(Debug)]
pub(crate) enum Bytes {
    /// In the file itself.
    OnDisk,
    /// Kept: those of a file that can be read but once, such as a pipe, or that was unpacked.
    Kept(Store),
}

/// What a catalogue's file holds besides objects.
#[derive(Debug)]
pub struct Contents {
    /// The file.
    pub path: PathBuf,
    /// SHA-256 of the file in hexadecimal.
    pub sha256: String,
    /// The format it was read in.
    pub format: Format,
    /// What was read, but deserves a look.
    pub warnings: Warnings,
}

impl Bytes {
    /// Those of the file `path`.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub(crate) fn of(path: &Path) -> Result<Bytes> {
        let of = || match std::fs::metadata(path)?.is_file() {
            true => Ok(Bytes::OnDisk),
            false => Store::keep(File::open(path)?).map(Bytes::Kept),
        };
        of().map_err(|source| unreadable(path, source))
    }

    pub(super) fn open(&self, path: &Path) -> Result<Box<dyn BufRead + '_>> {
        match self {
            Bytes::Kept(store) => Ok(Box::new(BufReader::with_capacity(BUFFER, store.reader(0)))),
            Bytes::OnDisk => {
                let file = File::open(path).map_err(|source| unreadable(path, source))?;
                Ok(Box::new(BufReader::with_capacity(BUFFER, file)))
            }
        }
    }

    /// The bytes at any place.
    pub(super) fn store(&self, path: &Path) -> Result<Store> {
        match self {
            Bytes::Kept(store) => Ok(store.clone()),
            Bytes::OnDisk => Store::file(path).map_err(|source| unreadable(path, source)),
        }
    }
}

/// Reads the bytes of the catalogue `path`, an object after another; of a gzipped one those that it unpacks to.
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
    };
    let packed = bytes.store(path)?;
    match starts_with(&packed, GZIP, path)? {
        false => of_kind(bytes, packed, &place, choice, take),
        true => {
            let store = unpack(path, &packed)?;
            let contents = of_kind(&Bytes::Kept(store.clone()), store, &place, choice, take)?;
            let sha256 = packed.sha256().map_err(|source| unreadable(path, source))?;
            Ok(Contents { sha256, ..contents })
        }
    }
}

/// Reads a catalogue of the kind that its first bytes say.
fn of_kind(bytes: &Bytes, store: Store, place: &Place, choice: &Choice, take: Take) -> Result<Contents> {
    let path = place.path;
    if starts_with(&store, fits::MAGIC, path)? {
        return from_fits(store, place, choice, take);
    }
    if let Some(extension) = choice.named {
        return Err(Error::NoExtension {
            path: path.to_owned(),
            extension: extension.to_owned(),
            found: "none, the file is no FITS".to_owned(),
        });
    }
    match starts_with(&store, from_parquet::MAGIC, path)? {
        true => from_parquet(store, place, take),
        false => from_text(bytes, place, take),
    }
}

/// Tells whether a file starts with these bytes.
pub(super) fn starts_with(store: &Store, magic: &[u8], path: &Path) -> Result<bool> {
    let mut start = [0; SIGNATURE];
    let mut read = 0;
    while read < magic.len() {
        match store.read_at(read as u64, &mut start[read..]) {
            Ok(0) => break,
            Ok(more) => read += more,
            Err(source) => return Err(unreadable(path, source)),
        }
    }
    Ok(start[..read].starts_with(magic))
}

pub(super) fn unreadable(path: &Path, source: io::Error) -> Error {
    let path = path.to_owned();
    Error::Io { path, source }
}

/// The name of an object whose file is all that names it.
pub(super) fn stem(path: &Path) -> String {
    path.file_stem()
        .map(|stem| stem.to_string_lossy().into_owned())
        .unwrap_or_default()
}

/// Reads a table in a format that is known: the number of its objects, and what deserves a look.
pub(super) fn read(
    rows: &mut Rows,
    format: Format,
    id: &str,
    last_rows: &LastRows,
    place: &Place,
    take: Take,
) -> Result<(usize, Warnings)> {
    let (pattern, mut rules) = pattern::of(format, place.settings);
    if format == Format::Pyneb {
        rules.missing.push(Missing::NotFinite);
        if place.settings.relative_errors != Some(false) {
            rules.spread = Spread::Fraction;
        }
    }
    let place = &Place {
        rules: &rules,
        ..*place
    };
    let mut objects = 0;
    let take: Take = &mut |entry| {
        objects += 1;
        take(entry)
    };
    let warnings = match format {
        Format::Long => long::read(rows, last_rows, place, take),
        Format::Lime => lime::read(rows, id, place, take),
        Format::Neat => neat::read(rows, id, place, take),
        Format::Pyneb => pyneb::read(rows, place, take),
        Format::Auto | Format::Wide | Format::MpaJhu | Format::Desi | Format::Hcm | Format::Pipe3d => {
            wide::read(rows, pattern.as_ref(), place, take)
        }
    }?;
    Ok((objects, warnings))
}
