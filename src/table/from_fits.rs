//! Catalogues in FITS files: choice of the tables, and names of their objects.

use std::collections::BTreeSet;
use std::path::Path;

use super::bytes::Bytes;
use super::cell::Place;
use super::content::Contents;
use super::fits::{Fits, MAGIC, Sheet};
use super::from_table::{is_catalogue, read_table};
use super::rows::Rows;
use super::sample::Sample;
use super::settings::Format;
use super::{Settings, Take, Warning, Warnings, lime};
use crate::error::{Error, FormatError, Result};

/// Extension of a log for which LiMe was given no name.
const UNNAMED: &str = "FRAME";

/// Table requested beside the settings, and context of the other files.
pub(crate) struct Choice<'a> {
    /// Name of the object where only the file names it.
    pub(crate) id: &'a str,
    /// Name or number of the extension, given with the file.
    pub(crate) named: Option<&'a str>,
    /// Extensions with a LiMe log whose name occurs in several files.
    pub(crate) repeated: &'a BTreeSet<String>,
}

/// Reads the requested table; otherwise every log of LiMe, one object each; otherwise the first
/// table whose columns fit.
pub(super) fn from_fits(bytes: &Bytes, place: &Place, choice: &Choice, take: Take) -> Result<Contents> {
    let path = place.path;
    let fits = Fits::open(path, bytes.content(path)?)?;
    let sheets = fits.sheets()?;
    let chosen = chosen(&sheets, place, choice)?;
    let (mut objects, mut warnings, mut format) = (0, Warnings::default(), place.settings.format);
    for &index in &chosen {
        let id = name(&sheets, &chosen, index, choice);
        let open = || Rows::fits(fits.sheet(index)?);
        let (of_table, read, of_rows) = read_table(open, &id, place, take)?;
        format = of_table;
        objects += read;
        warnings.join(of_rows);
    }
    if objects == 0 {
        let lime = chosen.is_empty() || format == Format::Lime;
        let names: Vec<&str> = sheets.iter().map(|sheet| sheet.name.as_str()).collect();
        return Err(Error::Format(FormatError::NoTable {
            path: path.to_owned(),
            expected: if lime { "a column `intg_flux`" } else { "rows" },
            found: names.join(", "),
        }));
    }
    let others = (0..sheets.len()).filter(|index| !chosen.contains(index));
    let others: Vec<String> = others.map(|index| label(&sheets[index])).collect();
    if !others.is_empty() {
        let names = others.join(", ");
        warnings.push(Warning::OtherTables { names });
    }
    Ok(Contents {
        path: path.to_owned(),
        sha256: bytes.sha256(path)?,
        format,
        objects,
        warnings,
    })
}

/// Names of the extensions with a log of LiMe; none if the file is no FITS or cannot be read.
pub(super) fn log_names(path: &Path, bytes: &Bytes) -> BTreeSet<String> {
    let names = || -> Result<BTreeSet<String>> {
        if !bytes.start(path, MAGIC.len())?.starts_with(MAGIC) {
            return Ok(BTreeSet::new());
        }
        let sheets = Fits::open(path, bytes.content(path)?)?.sheets()?;
        let logs = sheets.into_iter().filter(is_log);
        Ok(logs.map(|sheet| sheet.name).collect())
    };
    names().unwrap_or_default()
}

fn is_log(sheet: &Sheet) -> bool {
    sheet.names().iter().any(|name| name == lime::log::FLUX)
}

/// Indices of the tables to read.
fn chosen(sheets: &[Sheet], place: &Place, choice: &Choice) -> Result<Vec<usize>> {
    let path = place.path;
    if let Some(asked) = choice.named.or(place.settings.extension.as_deref()) {
        let named = |sheet: &Sheet| !asked.is_empty() && sheet.name.eq_ignore_ascii_case(asked);
        let numbered = |sheet: &Sheet| asked.parse() == Ok(sheet.number);
        let found = sheets
            .iter()
            .position(named)
            .or_else(|| sheets.iter().position(numbered));
        return found.map(|index| vec![index]).ok_or_else(|| {
            Error::Format(FormatError::NoExtension {
                path: path.to_owned(),
                extension: asked.to_owned(),
                found: listed(sheets),
            })
        });
    }
    let logs: Vec<usize> = (0..sheets.len()).filter(|&index| is_log(&sheets[index])).collect();
    match place.settings.format {
        Format::Lime => return Ok(logs),
        Format::Auto if !logs.is_empty() => return Ok(logs),
        _ if sheets.len() < 2 => return Ok((0..sheets.len()).collect()),
        _ => {}
    }
    let fits = |sheet: &Sheet| sheet.header().is_ok_and(|header| is_catalogue(&header, place));
    let found = sheets.iter().position(fits);
    found.map(|index| vec![index]).ok_or_else(|| {
        Error::Format(FormatError::NoTableFits {
            path: path.to_owned(),
            expected: match place.settings.format {
                Format::Auto => "a format that is known".to_owned(),
                format => format!("the format `{}`", format.name()),
            },
            found: listed(sheets),
        })
    })
}

/// Name of a table, or its number if it has none.
fn label(sheet: &Sheet) -> String {
    match sheet.name.is_empty() {
        true => sheet.number.to_string(),
        false => sheet.name.clone(),
    }
}

/// Number, name and size of each table.
fn listed(sheets: &[Sheet]) -> String {
    let one = |sheet: &Sheet| {
        let (number, name) = (sheet.number, &sheet.name);
        let (rows, columns) = (sheet.len(), sheet.names().len());
        format!("{number} `{name}` ({rows} rows, {columns} columns)")
    };
    let all: Vec<String> = sheets.iter().map(one).collect();
    match all.is_empty() {
        true => "no table at all".to_owned(),
        false => all.join(", "),
    }
}

/// Name of the object in a table: that of the extension, or that of the file if the extension does
/// not name the object.
fn name(sheets: &[Sheet], chosen: &[usize], index: usize, choice: &Choice) -> String {
    let Sheet { name, number, .. } = &sheets[index];
    let stem = choice.id;
    let elsewhere = choice.repeated.contains(name);
    if let [_] = chosen {
        let says_nothing = name.is_empty() || name.eq_ignore_ascii_case(UNNAMED) || elsewhere;
        return if says_nothing { stem.to_owned() } else { name.clone() };
    }
    let here = chosen.iter().filter(|&&other| sheets[other].name == *name).count();
    match (name.is_empty(), here > 1, elsewhere) {
        (true, ..) => format!("{stem} {number}"),
        (_, false, false) => name.clone(),
        (_, false, true) => format!("{stem} {name}"),
        (_, true, false) => format!("{name} {number}"),
        (_, true, true) => format!("{stem} {name} {number}"),
    }
}

/// Header and first rows of the requested table, or of the table with the most columns.
pub(super) fn sample(bytes: &Bytes, path: &Path, settings: &Settings) -> Result<Sample> {
    let fits = Fits::open(path, bytes.content(path)?)?;
    let sheets = fits.sheets()?;
    let asked = settings.extension.as_deref();
    let is_asked = |sheet: &Sheet| asked.is_some_and(|asked| sheet.name.eq_ignore_ascii_case(asked));
    let widest = (0..sheets.len()).max_by_key(|&index| (is_asked(&sheets[index]), sheets[index].names().len()));
    let index = widest.ok_or_else(|| {
        Error::Format(FormatError::NoTable {
            path: path.to_owned(),
            expected: "columns",
            found: "none".to_owned(),
        })
    })?;
    Sample::of(Rows::fits(fits.sheet(index)?)?)
}
