//! Guess at the column, or the columns, with the names of objects.

use crate::table::number;
use crate::table::sample::Sample;

/// Columns that may name objects, the likelier first.
pub(super) const OBJECTS: [&str; 22] = [
    "object",
    "targetid",
    "id",
    "name",
    "objname",
    "object_name",
    "galaxy",
    "gal_name",
    "galname",
    "target",
    "objid",
    "obj_id",
    "specobjid",
    "source",
    "source_id",
    "plateifu",
    "region",
    "region_id",
    "spectrum",
    "file",
    "recno",
    "no",
];
/// Columns that name an object together, if all exist: the last one counts within the others.
const WITHIN: [&[&str]; 5] = [
    &["gal_name", "region_id"],
    &["root", "id"],
    &["field", "id"],
    &["plateifu", "ix", "iy"],
    &["plateifu", "x", "y"],
];
/// Columns that name an object together, if none does alone.
const TOGETHER: [&[&str]; 5] = [
    &["plate", "mjd", "fiberid"],
    &["plate", "mjd", "fiber"],
    &["plateid", "mjd", "fiberid"],
    &["ix", "iy"],
    &["x", "y"],
];
/// Words for identifiers in a column name.
const WORDS: [&str; 9] = [
    "id", "name", "object", "obj", "objno", "source", "target", "number", "region",
];

/// Column that names objects, or several columns together.
pub(super) fn object(sample: &Sample) -> Option<String> {
    let header = &sample.header;
    let alone = OBJECTS.iter().filter_map(|name| header.find(name));
    let usual = || {
        let mut alone = alone.filter(|&column| sample.tells_apart(&[column]));
        alone.next().map(|column| header.names[column].clone())
    };
    let like = || {
        let mut columns = (0..header.names.len()).filter(|&column| is_identifier(sample, column));
        columns.next().map(|column| header.names[column].clone())
    };
    let found = together(sample, &WITHIN).or_else(usual);
    let found = found.or_else(|| together(sample, &TOGETHER)).or_else(like);
    found.or_else(|| {
        let mut columns = (0..header.names.len()).filter(|&column| is_text(sample, column));
        columns.next().map(|column| header.names[column].clone())
    })
}

/// First of these groups whose columns all exist and distinguish the rows, in braces.
fn together(sample: &Sample, groups: &[&[&str]]) -> Option<String> {
    let header = &sample.header;
    groups.iter().find_map(|names| {
        let columns: Option<Vec<usize>> = names.iter().map(|name| header.find(name)).collect();
        let columns = columns.filter(|columns| sample.tells_apart(columns))?;
        let parts = columns.iter().map(|&column| format!("{{{}}}", header.names[column]));
        Some(parts.collect::<Vec<_>>().join("-"))
    })
}

/// Tells whether a column name has a word for identifiers, and the column distinguishes the rows by
/// texts or whole numbers.
fn is_identifier(sample: &Sample, column: usize) -> bool {
    let name = sample.header.names[column].to_lowercase();
    let named = name
        .split(|c: char| !c.is_alphanumeric())
        .any(|word| WORDS.contains(&word));
    let whole = |text: &str| number::parse(text, sample.decimal_comma).is_none_or(|number| number.fract() == 0.0);
    named && sample.texts(column).all(whole) && sample.tells_apart(&[column])
}

/// Tells whether a column distinguishes the rows by texts, none of them a number.
fn is_text(sample: &Sample, column: usize) -> bool {
    let is_word = |text: &str| number::parse(text, sample.decimal_comma).is_none();
    sample.texts(column).all(is_word) && sample.tells_apart(&[column])
}
