//! Columns of a frame that name the object of a row: `id`, `file`, or those of the settings.

use std::collections::{BTreeSet, HashMap};

use crate::error::Result;
use crate::table::cell::Place;
use crate::table::header::Header;
use crate::table::naming::{Part, parts};
use crate::table::row::Row;

/// Columns that name the objects of a frame.
const LEVELS: [&str; 2] = ["id", "file"];

/// Columns that name the objects of a frame; none in a log of one object.
pub(super) struct Levels {
    pub(super) id: Option<usize>,
    pub(super) file: Option<usize>,
    /// Template of the name in the settings, in place of the columns.
    object: Option<Vec<Part>>,
}

impl Levels {
    pub(super) fn of(header: &Header, place: &Place) -> Result<Levels> {
        let [id, file] = LEVELS.map(|level| header.find(level));
        let object = place.settings.columns.object.as_ref();
        Ok(Levels {
            id,
            file,
            object: object.map(|object| parts(object, header)).transpose()?,
        })
    }

    /// Indices of the columns that distinguish objects.
    pub(super) fn columns(&self) -> impl Iterator<Item = usize> {
        let parts = self.object.iter().flatten().filter_map(|part| match part {
            Part::Column(column) => Some(*column),
            Part::Text(_) | Part::Row => None,
        });
        let levels = [self.id, self.file].into_iter().flatten();
        parts.chain(levels.filter(|_| self.object.is_none()))
    }

    /// Text shared by all rows of one object and by no other row.
    pub(super) fn key(&self, row: &Row) -> String {
        self.columns()
            .map(|column| row.get(column))
            .collect::<Vec<_>>()
            .join("\u{1f}")
    }

    /// Checks that no column naming the object of a row is blank.
    pub(super) fn named(&self, row: &Row, header: &Header, place: &Place) -> Result<()> {
        let is_beside = |column: usize| self.object.is_none() && self.id.is_some_and(|id| id != column);
        let mut needed = self.columns().filter(|&column| !is_beside(column));
        match needed.find(|&column| row.get(column).is_empty()) {
            None => Ok(()),
            Some(column) => Err(place
                .cell(row.number, &header.names[column], "")
                .wrong("an object's name")),
        }
    }

    /// Name of the object of a row; `stem` where no column gives a name. `files` are those of each
    /// `id`.
    pub(super) fn name(&self, row: &Row, files: &HashMap<String, BTreeSet<String>>, stem: &str) -> String {
        if let Some(parts) = &self.object {
            let text = |part: &Part| match part {
                Part::Text(text) => text.clone(),
                Part::Column(column) => row.get(*column).to_owned(),
                Part::Row => row.number.to_string(),
            };
            return parts.iter().map(text).collect();
        }
        match (self.id, self.file) {
            (None, None) => stem.to_owned(),
            (None, Some(file)) => row.get(file).to_owned(),
            (Some(id), file) => {
                let several = files.get(row.get(id)).is_some_and(|files| files.len() > 1);
                match file.filter(|_| several) {
                    Some(file) => format!("{} {}", row.get(id), row.get(file)),
                    None => row.get(id).to_owned(),
                }
            }
        }
    }
}
