//! From the bytes of a catalogue to its objects: text or FITS, then the format.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use super::cell::Place;
use super::format::{self, Format};
use super::long::LastRows;
use super::rows::{COMMENT, Rows, Separator, separator};
use super::rules::{Rules, Spread};
use super::settings::Missing;
use super::{Settings, Take, Warning, Warnings, ecsv, fits, hexadecimal, lime, long, neat, pattern, pyneb, wide};
use crate::error::{Error, Result};
use crate::line::{H_BETA, LineList};

/// A byte-order mark.
const BOM: &[u8] = "\u{feff}".as_bytes();
/// Bytes read from a file at once.
const BUFFER: usize = 1 << 18;

/// A catalogue's bytes, as often as they are asked for.
#[derive(Debug)]
pub(crate) enum Bytes {
    /// In the file itself.
    OnDisk,
    /// Here: those of a file that can be read but once, such as a pipe.
    Held(Vec<u8>),
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
            false => std::fs::read(path).map(Bytes::Held),
        };
        of().map_err(|source| unreadable(path, source))
    }

    fn open(&self, path: &Path) -> Result<Box<dyn BufRead + '_>> {
        match self {
            Bytes::Held(bytes) => Ok(Box::new(&bytes[..])),
            Bytes::OnDisk => {
                let file = File::open(path).map_err(|source| unreadable(path, source))?;
                Ok(Box::new(BufReader::with_capacity(BUFFER, file)))
            }
        }
    }
}

/// Reads the bytes of the catalogue `path`, an object after another.
pub(crate) fn scan(path: &Path, bytes: &Bytes, list: &LineList, settings: &Settings, take: Take) -> Result<Contents> {
    let hbeta = list.resolve(H_BETA, &[])?.members[0];
    let rules = Rules::default();
    let place = Place {
        path,
        list,
        hbeta,
        settings,
        rules: &rules,
    };
    let mut start = Vec::new();
    let read = bytes.open(path)?.take(fits::SIGNATURE as u64).read_to_end(&mut start);
    read.map_err(|source| unreadable(path, source))?;
    match fits::is_fits(&start) {
        true => from_fits(bytes, &place, take),
        false => from_text(bytes, &place, take),
    }
}

fn unreadable(path: &Path, source: io::Error) -> Error {
    let path = path.to_owned();
    Error::Io { path, source }
}

/// The name of an object whose file is all that names it.
fn stem(path: &Path) -> String {
    path.file_stem()
        .map(|stem| stem.to_string_lossy().into_owned())
        .unwrap_or_default()
}

fn from_text(bytes: &Bytes, place: &Place, take: Take) -> Result<Contents> {
    let path = place.path;
    let (units, separator) = dialect(bytes, path)?;
    let format = match place.settings.format {
        Format::Auto if looks_like_neat(path, bytes, separator)? => Format::Neat,
        format => format,
    };
    let open = || -> Result<Rows> {
        let mut rows = Rows::bare(path, bytes.open(path)?, separator);
        if format != Format::Neat {
            rows = rows.with_header()?;
        }
        if let Some(ecsv) = &units {
            let of = |name: &String| ecsv.units.get(name).cloned();
            rows.header.units = rows.header.names.iter().map(of).collect();
        }
        Ok(rows)
    };
    let mut rows = open()?;
    let format = match format {
        Format::Auto => format::recognise(&rows.header, separator),
        format => format,
    };
    let last_rows = match format {
        Format::Long => long::last_rows(&mut open()?, place)?,
        _ => LastRows::new(),
    };
    let (objects, mut warnings) = read(&mut rows, format, &stem(path), &last_rows, place, take)?;
    if objects == 0 {
        return Err(match format {
            Format::Neat => Error::EmptyTable { path: path.to_owned() },
            _ => Error::NoRows {
                path: path.to_owned(),
                row: rows.header.row,
            },
        });
    }
    warnings.extend(rows.warnings(place.settings));
    Ok(Contents {
        path: path.to_owned(),
        sha256: rows.sha256().expect("rows of a text"),
        format,
        warnings,
    })
}

/// The header of an ECSV, if it is one, and what stands between the fields.
fn dialect(bytes: &Bytes, path: &Path) -> Result<(Option<ecsv::Ecsv>, Separator)> {
    let beginning = beginning(bytes.open(path)?).map_err(|source| unreadable(path, source))?;
    let text = Error::text(&beginning, path)?;
    let units = ecsv::columns(text);
    let separator = match &units {
        Some(ecsv) => Separator::Character(ecsv.delimiter),
        None => separator(text),
    };
    Ok((units, separator))
}

/// The beginning of a text, up to its first row that is neither a comment nor blank.
fn beginning(mut text: impl BufRead) -> io::Result<Vec<u8>> {
    let (mut beginning, mut from) = (Vec::new(), 0);
    while text.read_until(b'\n', &mut beginning)? > 0 {
        let line = &beginning[from..];
        let line = line.strip_prefix(BOM).filter(|_| from == 0).unwrap_or(line);
        // What is no text is an error of whoever reads it.
        let line = str::from_utf8(line).map_or("no text", str::trim);
        if !line.is_empty() && !line.starts_with(COMMENT) {
            break;
        }
        from = beginning.len();
    }
    Ok(beginning)
}

/// Whether the first row is one of NEAT's.
fn looks_like_neat(path: &Path, bytes: &Bytes, separator: Separator) -> Result<bool> {
    let mut record = csv::StringRecord::new();
    let first = Rows::bare(path, bytes.open(path)?, separator)
        .next(&mut record)?
        .is_some();
    Ok(first && format::is_neat(&record))
}

/// Every table that is a log of LiMe, one object each; where there is none, the first table.
fn from_fits(bytes: &Bytes, place: &Place, take: Take) -> Result<Contents> {
    let path = place.path;
    let mut whole = Vec::new();
    let read_whole = bytes.open(path)?.read_to_end(&mut whole);
    read_whole.map_err(|source| unreadable(path, source))?;
    let fits = fits::Fits::parse(path, &whole)?;
    let sheets = fits.sheets(path)?;
    let is_log = |sheet: &fits::Sheet| sheet.names().iter().any(|name| name == lime::FLUX);
    let logs = sheets.iter().filter(|(_, sheet)| is_log(sheet)).count();
    let lime = matches!(place.settings.format, Format::Lime) || (place.settings.format == Format::Auto && logs > 0);
    let found: Vec<String> = sheets.iter().map(|(name, _)| name.clone()).collect();
    let (mut objects, mut warnings, mut others) = (0, Warnings::default(), Vec::new());
    let mut format = if lime { Format::Lime } else { place.settings.format };
    for (index, (name, sheet)) in sheets.into_iter().enumerate() {
        if if lime { !is_log(&sheet) } else { index > 0 } {
            others.push(name);
            continue;
        }
        let id = match name.is_empty() {
            true if logs > 1 => format!("{} {}", stem(path), index + 1),
            true => stem(path),
            false => name,
        };
        let mut rows = Rows::fits(path, sheet)?;
        if format == Format::Auto {
            format = format::recognise(&rows.header, Separator::Character(b','));
        }
        let (of_table, of_rows) = read(&mut rows, format, &id, &LastRows::new(), place, take)?;
        objects += of_table;
        warnings.join(of_rows);
        warnings.extend(rows.warnings(place.settings));
    }
    if objects == 0 {
        let expected = if lime { "a column `intg_flux`" } else { "rows" };
        let found = found.join(", ");
        return Err(Error::NoTable {
            path: path.to_owned(),
            expected,
            found,
        });
    }
    if !others.is_empty() {
        let names = others.join(", ");
        warnings.push(Warning::OtherTables { names });
    }
    Ok(Contents {
        path: path.to_owned(),
        sha256: hexadecimal(&whole),
        format,
        warnings,
    })
}

/// Reads a table in a format that is known: the number of its objects, and what deserves a look.
fn read(
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
