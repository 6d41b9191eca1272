//! Catalogues of text: separator, header, format.

use std::io::{self, BufRead};
use std::path::Path;

use super::cell::Place;
use super::format::{self, Format};
use super::long::{self, LastRows};
use super::rows::{COMMENT, Rows, Separator, separator};
use super::source::{Bytes, Contents, read, stem, unreadable};
use super::{Take, ecsv};
use crate::error::{Error, Result};

/// A byte-order mark.
const BOM: &[u8] = "\u{feff}".as_bytes();

pub(super) fn from_text(bytes: &Bytes, place: &Place, take: Take) -> Result<Contents> {
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
