//! Priors of single objects, from columns of the catalogue or from a side table.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use csv::StringRecord;

use super::cell::Cell;
use super::header::OBJECT;
use super::rows::Rows;
use super::settings::{ColumnNames, Settings};
use crate::error::{CatalogueError, Error, Result};

/// Replacement of a parameter's prior for one object, in the unit of the parameter.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct PriorOverride {
    /// Mean, finite; none keeps the model's.
    pub mean: Option<f64>,
    /// Standard deviation, > 0; none keeps the model's.
    pub sd: Option<f64>,
}

/// A side table of priors.
#[derive(Debug, Clone, PartialEq)]
pub struct SidePriors {
    /// The file.
    pub path: PathBuf,
    /// Row in the file and priors by name of the parameter, for each object.
    pub objects: BTreeMap<String, (usize, BTreeMap<String, PriorOverride>)>,
}

/// Mean of a prior, none if blank.
pub(crate) fn mean(cell: &Cell) -> Result<Option<f64>> {
    cell.number("a finite mean", |_| true)
}

/// Standard deviation of a prior, none if blank.
pub(crate) fn sd(cell: &Cell) -> Result<Option<f64>> {
    cell.number("a finite standard deviation > 0", |sd| sd > 0.0)
}

/// Reads a side table with the columns `object` and `prior_<parameter>`, `prior_<parameter>_sd`,
/// one row per object.
///
/// # Errors
/// Any fault of the file, a row or a cell. A faulty table of priors is refused as a whole.
pub fn read_priors(path: &Path) -> Result<SidePriors> {
    let bytes = std::fs::read(path).map_err(|source| Error::Io {
        path: path.to_owned(),
        source,
    })?;
    parse(path, &bytes)
}

/// Reads the bytes of the side table `path`.
pub(super) fn parse(path: &Path, bytes: &[u8]) -> Result<SidePriors> {
    let mut rows = Rows::new(path, bytes)?;
    let object = rows.header.require(OBJECT)?;
    let columns = rows.header.priors(&ColumnNames::default())?;
    let known = columns.iter().map(|column| column.index).chain([object]);
    let left = rows.header.left(known, &Settings::default());
    if !left.is_empty() {
        return Err(rows
            .header
            .unknown(&left, "object, prior_<parameter>, prior_<parameter>_sd"));
    }
    let header = rows.header.clone();
    let mut objects: BTreeMap<String, (usize, BTreeMap<String, PriorOverride>)> = BTreeMap::new();
    let mut record = StringRecord::new();
    let decimal_comma = rows.decimal_comma;
    while let Some(row) = rows.next(&mut record)? {
        header.check(&row)?;
        let cell = |column: usize| Cell {
            path,
            row: row.number,
            column: &header.names[column],
            value: row.get(column),
            decimal_comma,
        };
        let id = row.get(object);
        if id.is_empty() {
            return Err(cell(object).wrong("an object's name"));
        }
        if let Some((first_row, _)) = objects.get(id) {
            let (path, object) = (path.to_owned(), id.to_owned());
            return Err(Error::Catalogue(CatalogueError::DuplicateObject {
                path,
                row: row.number,
                object,
                first_row: *first_row,
            }));
        }
        let mut priors: BTreeMap<String, PriorOverride> = BTreeMap::new();
        for column in &columns {
            let cell = cell(column.index);
            let known = if column.is_sd { sd(&cell)? } else { mean(&cell)? };
            if let Some(value) = known {
                let prior = priors.entry(column.parameter.clone()).or_default();
                *(if column.is_sd { &mut prior.sd } else { &mut prior.mean }) = Some(value);
            }
        }
        objects.insert(id.to_owned(), (row.number, priors));
    }
    Ok(SidePriors {
        path: path.to_owned(),
        objects,
    })
}
