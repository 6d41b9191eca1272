//! What the columns of a table mean, from their names.

use std::path::PathBuf;

use super::Settings;
use super::cell::Place;
use crate::error::{Error, Result};
use crate::line::Resolved;

/// The column of the object's name in every table.
pub(crate) const OBJECT: &str = "object";
const LINE: &str = "line";
const FLUX: &str = "flux";
const FLUX_ERR: &str = "flux_err";
const EW: &str = "ew";
const BLEND: &str = "blend";
const LIMIT: &str = "limit";
const ERR_SUFFIX: &str = "_err";
const EW_SUFFIX: &str = "_ew";
const PRIOR_PREFIX: &str = "prior_";
const SD_SUFFIX: &str = "_sd";

/// The names of the columns.
pub(crate) struct Header {
    pub(crate) path: PathBuf,
    pub(crate) row: usize,
    pub(crate) names: Vec<String>,
}

/// Columns of the long form.
pub(crate) struct LongColumns {
    pub(crate) object: usize,
    pub(crate) line: usize,
    pub(crate) flux: usize,
    pub(crate) flux_err: usize,
    pub(crate) ew: Option<usize>,
    pub(crate) blend: Option<usize>,
    pub(crate) limit: Option<usize>,
    pub(crate) priors: Vec<PriorColumn>,
}

/// Columns of the wide form.
pub(crate) struct WideColumns {
    pub(crate) object: usize,
    pub(crate) lines: Vec<LineColumns>,
    pub(crate) priors: Vec<PriorColumn>,
}

/// The columns of one line in the wide form.
pub(crate) struct LineColumns {
    pub(crate) line: Resolved,
    pub(crate) flux: usize,
    pub(crate) flux_err: usize,
    pub(crate) ew: Option<usize>,
}

/// A column that holds a mean or a standard deviation of an object's own prior.
pub(crate) struct PriorColumn {
    pub(crate) index: usize,
    pub(crate) parameter: String,
    pub(crate) is_sd: bool,
}

/// Whether a table has one row a line.
pub(crate) fn is_long(header: &Header) -> bool {
    [LINE, FLUX, FLUX_ERR].iter().any(|name| header.find(name).is_some())
}

/// The parameter of a prior's column, and whether it holds the standard deviation.
pub(crate) fn prior(name: &str, index: usize) -> Option<PriorColumn> {
    let rest = name.strip_prefix(PRIOR_PREFIX)?;
    let (parameter, is_sd) = rest
        .strip_suffix(SD_SUFFIX)
        .map_or((rest, false), |parameter| (parameter, true));
    (!parameter.is_empty()).then(|| PriorColumn {
        index,
        parameter: parameter.to_owned(),
        is_sd,
    })
}

impl Header {
    /// No name twice.
    pub(crate) fn check_names(&self) -> Result<()> {
        for (second, column) in self.names.iter().enumerate() {
            let first = self.find(column).unwrap_or(second);
            if first < second && !column.is_empty() {
                let (path, row, column) = (self.path.clone(), self.row, column.clone());
                return Err(Error::DuplicateColumn {
                    path,
                    row,
                    column,
                    first: first + 1,
                    second: second + 1,
                });
            }
        }
        Ok(())
    }

    fn find(&self, column: &str) -> Option<usize> {
        self.names.iter().position(|name| name == column)
    }

    pub(crate) fn require(&self, column: &str) -> Result<usize> {
        self.find(column).ok_or_else(|| Error::MissingColumn {
            path: self.path.clone(),
            row: self.row,
            column: column.to_owned(),
            header: self.names.join(","),
        })
    }

    pub(crate) fn unknown(&self, column: &str, expected: &str) -> Error {
        let (path, row) = (self.path.clone(), self.row);
        Error::UnknownColumn {
            path,
            row,
            column: column.to_owned(),
            expected: expected.to_owned(),
        }
    }

    /// The columns that are neither among `known` nor ignored, priors apart from the others.
    fn others(&self, known: &[&str], settings: &Settings) -> (Vec<PriorColumn>, Vec<usize>) {
        let (mut priors, mut others) = (Vec::new(), Vec::new());
        for (index, name) in self.names.iter().enumerate() {
            if known.contains(&name.as_str()) || settings.ignore_columns.contains(name) {
                continue;
            }
            match prior(name, index) {
                Some(prior) => priors.push(prior),
                None => others.push(index),
            }
        }
        (priors, others)
    }

    /// The columns as those of the long form.
    pub(crate) fn long(&self, settings: &Settings) -> Result<LongColumns> {
        let (priors, others) = self.others(&[OBJECT, LINE, FLUX, FLUX_ERR, EW, BLEND, LIMIT], settings);
        let columns = LongColumns {
            object: self.require(OBJECT)?,
            line: self.require(LINE)?,
            flux: self.require(FLUX)?,
            flux_err: self.require(FLUX_ERR)?,
            ew: self.find(EW),
            blend: self.find(BLEND),
            limit: self.find(LIMIT),
            priors,
        };
        match others.first() {
            None => Ok(columns),
            Some(index) => {
                let expected = "object, line, flux, flux_err, ew, blend, limit, prior_<parameter>, prior_<parameter>_sd, \
 or its name among the columns to ignore";
                Err(self.unknown(&self.names[*index], expected))
            }
        }
    }

    /// The columns as those of the wide form, each line resolved.
    pub(crate) fn wide(&self, place: &Place) -> Result<WideColumns> {
        let object = self.require(OBJECT)?;
        let (priors, others) = self.others(&[OBJECT], place.settings);
        let mut lines = Vec::new();
        for index in others {
            let name = &self.names[index];
            let base = name.strip_suffix(ERR_SUFFIX).or_else(|| name.strip_suffix(EW_SUFFIX));
            match base {
                Some(base) if self.find(base).is_some() => {}
                Some(base) => {
                    return Err(self.unknown(
                        name,
                        &format!("a column `{base}` beside it, or its name among the columns to ignore"),
                    ));
                }
                None => lines.push(self.line(index, place)?),
            }
        }
        Ok(WideColumns { object, lines, priors })
    }

    fn line(&self, flux: usize, place: &Place) -> Result<LineColumns> {
        let name = &self.names[flux];
        let members = place.settings.blends.get(name).map_or(&[][..], Vec::as_slice);
        let line = place.list.resolve(name, members).map_err(|source| match source {
            Error::Label { label } if label == *name => self.unknown(
                name,
                "object, a line's label, <label>_err, <label>_ew, prior_<parameter>, prior_<parameter>_sd, or its name \
 among the columns to ignore",
            ),
            source => {
                let (row, column) = (self.row, name.clone());
                Error::LabelCell {
                    path: self.path.clone(),
                    row,
                    column,
                    source: Box::new(source),
                }
            }
        })?;
        let flux_err = self.require(&format!("{name}{ERR_SUFFIX}"))?;
        Ok(LineColumns {
            line,
            flux,
            flux_err,
            ew: self.find(&format!("{name}{EW_SUFFIX}")),
        })
    }
}
