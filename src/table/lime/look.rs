//! First pass over a log or frame, for the names of objects and lines.

use std::collections::{BTreeSet, HashMap};

use csv::StringRecord;

use super::levels::Levels;
use super::log::{self, Columns};
use crate::error::Result;
use crate::table::cell::Place;
use crate::table::rows::Rows;

/// Result of a first pass over the rows.
#[derive(Debug, Default)]
pub(crate) struct Look {
    /// Last row of each object, by its key: the position among the rows, from 1.
    pub(super) last_rows: HashMap<String, usize>,
    /// Files of each `id`.
    pub(super) files: HashMap<String, BTreeSet<String>>,
    /// All labels, without their components, and the members of all groups.
    pub(super) names: BTreeSet<String>,
}

/// Collects the names of objects and lines from all rows.
pub(crate) fn look(rows: &mut Rows, place: &Place) -> Result<Look> {
    let header = rows.header.clone();
    let (columns, levels) = (Columns::of(&header)?, Levels::of(&header, place)?);
    let used = levels.columns().chain([columns.label()]).chain(columns.group());
    rows.select(&used.collect::<Vec<_>>())?;
    let mut look = Look::default();
    let (mut record, mut taken) = (StringRecord::new(), 0);
    while let Some(row) = rows.next(&mut record)? {
        taken += 1;
        look.last_rows.insert(levels.key(&row), taken);
        if let (Some(id), Some(file)) = (levels.id, levels.file) {
            let files = look.files.entry(row.get(id).to_owned()).or_default();
            files.insert(row.get(file).to_owned());
        }
        let members = columns
            .group()
            .map_or_else(Vec::new, |group| log::group(row.get(group)));
        for label in members.iter().map(String::as_str).chain([row.get(columns.label())]) {
            let (transition, ..) = log::transition(label);
            look.names.insert(transition);
        }
    }
    Ok(look)
}
