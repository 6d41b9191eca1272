//! Header of ECSV (Enhanced Character-Separated Values, astropy's APE 6): YAML in comments. Only
//! the delimiter and the units of the columns are used.

use std::collections::HashMap;

use super::kept::Kind;
use super::separator::Separator;

/// Content of an ECSV header.
#[derive(Debug)]
pub(crate) struct Ecsv {
    pub(crate) delimiter: Separator,
    /// Units by name of the column.
    pub(crate) units: HashMap<String, String>,
    /// Kinds of value by name of the column.
    pub(crate) kinds: HashMap<String, Kind>,
}

/// Reads the header from the comments above the first row of a text; none if the text is no ECSV.
pub(crate) fn columns(comments: &[String]) -> Option<Ecsv> {
    let header: Vec<&str> = comments.iter().map(|row| row.trim_start_matches('#').trim()).collect();
    if !header.first()?.starts_with("%ECSV") {
        return None;
    }
    let delimiter = header.iter().find_map(|row| row.strip_prefix("delimiter:"));
    let delimiter = match delimiter.map(plain) {
        Some(",") => Separator::Character(b','),
        _ => Separator::Blanks,
    };
    let joined = header.join(" ");
    let of =
        |key: &'static str| entries(&joined).filter_map(move |entry| Some((value(entry, "name")?, value(entry, key)?)));
    Some(Ecsv {
        delimiter,
        units: of("unit").collect(),
        kinds: of("datatype").map(|(name, datatype)| (name, kind(&datatype))).collect(),
    })
}

fn kind(datatype: &str) -> Kind {
    match datatype {
        text if text.starts_with("int") || text.starts_with("uint") => Kind::Integer,
        text if text.starts_with("float") => Kind::Number,
        _ => Kind::Text,
    }
}

/// Mappings `{name: …, unit: …}` of the list of columns.
fn entries(header: &str) -> impl Iterator<Item = &str> {
    let columns = header.split_once("datatype:").map_or("", |(_, rest)| rest);
    columns
        .split("- {")
        .skip(1)
        .map(|entry| entry.split('}').next().unwrap_or_default())
}

/// Value of a key in a mapping on one level.
fn value(entry: &str, key: &str) -> Option<String> {
    let pairs = entry.split(", ").filter_map(|pair| pair.split_once(':'));
    let found = pairs.into_iter().find(|(name, _)| name.trim() == key)?.1;
    Some(plain(found).to_owned())
}

/// A scalar without its quotes.
fn plain(text: &str) -> &str {
    text.trim().trim_matches(['\'', '"'])
}
