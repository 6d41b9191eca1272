//! The header of ECSV (Enhanced Character-Separated Values, astropy's APE 6): YAML in comments, of which the delimiter and the
//! columns' units count.

use std::collections::HashMap;

/// What an ECSV header says.
pub(crate) struct Ecsv {
    pub(crate) delimiter: u8,
    /// Units by the column's name.
    pub(crate) units: HashMap<String, String>,
}

/// The header of a text, none if it is no ECSV.
pub(crate) fn columns(text: &str) -> Option<Ecsv> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let rows = text.lines().take_while(|row| row.starts_with('#'));
    let header: Vec<&str> = rows.map(|row| row.trim_start_matches('#').trim()).collect();
    if !header.first()?.starts_with("%ECSV") {
        return None;
    }
    let delimiter = header.iter().find_map(|row| row.strip_prefix("delimiter:"));
    let delimiter = match delimiter.map(plain) {
        Some(",") => b',',
        _ => b' ',
    };
    let joined = header.join(" ");
    let units = entries(&joined).filter_map(|entry| Some((value(entry, "name")?, value(entry, "unit")?)));
    Some(Ecsv {
        delimiter,
        units: units.collect(),
    })
}

/// The mappings `{name: …, unit: …}` of the list of columns.
fn entries(header: &str) -> impl Iterator<Item = &str> {
    let columns = header.split_once("datatype:").map_or("", |(_, rest)| rest);
    columns
        .split("- {")
        .skip(1)
        .map(|entry| entry.split('}').next().unwrap_or_default())
}

/// The value of a key in a mapping on one level.
fn value(entry: &str, key: &str) -> Option<String> {
    let pairs = entry.split(", ").filter_map(|pair| pair.split_once(':'));
    let found = pairs.into_iter().find(|(name, _)| name.trim() == key)?.1;
    Some(plain(found).to_owned())
}

/// A scalar without its quotes.
fn plain(text: &str) -> &str {
    text.trim().trim_matches(['\'', '"'])
}
