//! From the bytes of a catalogue to its objects: text or FITS, then the format.

use std::path::Path;

use super::cell::Place;
use super::format::{self, Format};
use super::rows::{Rows, Separator, separator};
use super::rules::{Rules, Spread};
use super::settings::Missing;
use super::{Catalogue, Entry, Settings, Warning, ecsv, fits, hexadecimal, lime, long, neat, pattern, pyneb, wide};
use crate::error::{Error, Result};
use crate::line::{H_BETA, LineList};

/// A catalogue read: its format, objects and warnings.
type Read = (Format, Vec<Entry>, Vec<Warning>);

/// Reads the bytes of the catalogue `path`.
pub(crate) fn parse(path: &Path, bytes: &[u8], list: &LineList, settings: &Settings) -> Result<Catalogue> {
    let hbeta = list.resolve(H_BETA, &[])?.members[0];
    let rules = Rules::default();
    let place = Place {
        path,
        list,
        hbeta,
        settings,
        rules: &rules,
    };
    let (format, entries, warnings) = match fits::is_fits(bytes) {
        true => from_fits(bytes, &place)?,
        false => from_text(Error::text(bytes, path)?, &place)?,
    };
    Ok(Catalogue {
        files: vec![(path.to_owned(), hexadecimal(bytes))],
        format,
        entries,
        warnings,
    })
}

/// The name of an object whose file is all that names it.
fn stem(path: &Path) -> String {
    path.file_stem()
        .map(|stem| stem.to_string_lossy().into_owned())
        .unwrap_or_default()
}

fn from_text(text: &str, place: &Place) -> Result<Read> {
    let path = place.path;
    let units = ecsv::columns(text);
    let separator = match &units {
        Some(ecsv) => Separator::Character(ecsv.delimiter),
        None => separator(text),
    };
    let format = match place.settings.format {
        Format::Auto if looks_like_neat(path, text, separator)? => Format::Neat,
        format => format,
    };
    let mut rows = Rows::bare(path, text, separator);
    if format != Format::Neat {
        rows = rows.with_header()?;
    }
    if let Some(ecsv) = &units {
        let of = |name: &String| ecsv.units.get(name).cloned();
        rows.header.units = rows.header.names.iter().map(of).collect();
    }
    let format = match format {
        Format::Auto => format::recognise(&rows.header, separator),
        format => format,
    };
    let (entries, mut warnings) = read(&mut rows, format, &stem(path), place)?;
    if entries.is_empty() {
        return Err(match format {
            Format::Neat => Error::EmptyTable { path: path.to_owned() },
            _ => Error::NoRows {
                path: path.to_owned(),
                row: rows.header.row,
            },
        });
    }
    warnings.extend(rows.warnings(place.settings));
    Ok((format, entries, warnings))
}

/// Whether the first row is one of NEAT's.
fn looks_like_neat(path: &Path, text: &str, separator: Separator) -> Result<bool> {
    let mut record = csv::StringRecord::new();
    let first = Rows::bare(path, text, separator).next(&mut record)?.is_some();
    Ok(first && format::is_neat(&record))
}

/// Every table that is a log of LiMe, one object each; where there is none, the first table.
fn from_fits(bytes: &[u8], place: &Place) -> Result<Read> {
    let path = place.path;
    let fits = fits::Fits::parse(path, bytes)?;
    let sheets = fits.sheets(path)?;
    let is_log = |sheet: &fits::Sheet| sheet.names().iter().any(|name| name == lime::FLUX);
    let logs = sheets.iter().filter(|(_, sheet)| is_log(sheet)).count();
    let lime = matches!(place.settings.format, Format::Lime) || (place.settings.format == Format::Auto && logs > 0);
    let found: Vec<String> = sheets.iter().map(|(name, _)| name.clone()).collect();
    let (mut entries, mut warnings, mut others) = (Vec::new(), Vec::new(), Vec::new());
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
        let (of_table, of_rows) = read(&mut rows, format, &id, place)?;
        entries.extend(of_table);
        warnings.extend(of_rows);
        warnings.extend(rows.warnings(place.settings));
    }
    if entries.is_empty() {
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
    Ok((format, entries, warnings))
}

/// Reads a table in a format that is known.
fn read(rows: &mut Rows, format: Format, id: &str, place: &Place) -> Result<(Vec<Entry>, Vec<Warning>)> {
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
    match format {
        Format::Long => long::read(rows, place),
        Format::Lime => lime::read(rows, id, place),
        Format::Neat => neat::read(rows, id, place),
        Format::Pyneb => pyneb::read(rows, place),
        Format::Auto | Format::Wide | Format::MpaJhu | Format::Desi | Format::Hcm | Format::Pipe3d => {
            wide::read(rows, pattern.as_ref(), place)
        }
    }
}
