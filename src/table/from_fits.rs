//! Catalogues in FITS files: which of the tables is read.

use super::cell::Place;
use super::format::{self, Format};
use super::long::LastRows;
use super::rows::{Rows, Separator};
use super::source::{Bytes, Contents, read, stem, unreadable};
use super::{Take, Warning, Warnings, fits, hexadecimal, lime};
use crate::error::{Error, Result};

/// Every table that is a log of LiMe, one object each; where there is none, the first table.
pub(super) fn from_fits(bytes: &Bytes, place: &Place, take: Take) -> Result<Contents> {
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
