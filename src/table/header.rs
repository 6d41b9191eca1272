//! What the columns of a table mean, from their names.

use std::path::PathBuf;

use super::cell::Place;
use super::settings::{ColumnNames, Quantity};
use super::{Kind, Settings};
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
    /// Their units, where the table gives any.
    pub(crate) units: Vec<Option<String>>,
    /// Their kinds, where the file declares any.
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "columns that are kept take their kinds from here")
    )]
    pub(crate) kinds: Vec<Option<Kind>>,
}

/// Columns of the long form.
pub(crate) struct LongColumns {
    pub(crate) object: usize,
    pub(crate) line: usize,
    pub(crate) flux: usize,
    /// None where a fraction of the flux stands in for it.
    pub(crate) flux_err: Option<usize>,
    pub(crate) ew: Option<usize>,
    pub(crate) blend: Option<usize>,
    pub(crate) limit: Option<usize>,
    pub(crate) priors: Vec<PriorColumn>,
}

/// Columns of the wide form.
pub(crate) struct WideColumns {
    /// The object's name, each part a text or a column; none where rows are numbered.
    pub(crate) object: Option<Vec<Part>>,
    pub(crate) lines: Vec<LineColumns>,
    pub(crate) priors: Vec<PriorColumn>,
    /// Columns that are not read.
    pub(crate) unread: Vec<String>,
}

/// A part of an object's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Part {
    /// As it stands.
    Text(String),
    /// What the column says.
    Column(usize),
}

/// The columns of one line in the wide form.
pub(crate) struct LineColumns {
    pub(crate) line: Resolved,
    pub(crate) flux: usize,
    /// None where a fraction of the flux stands in for it.
    pub(crate) flux_err: Option<usize>,
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

    pub(crate) fn find(&self, column: &str) -> Option<usize> {
        self.names.iter().position(|name| name == column)
    }

    /// A column of this name, whatever its case; one of the same case first.
    pub(crate) fn find_alike(&self, column: &str) -> Option<usize> {
        let alike = || self.names.iter().position(|name| name.eq_ignore_ascii_case(column));
        self.find(column).or_else(alike)
    }

    pub(crate) fn missing(&self, column: &str) -> Error {
        Error::MissingColumn {
            path: self.path.clone(),
            row: self.row,
            column: column.to_owned(),
            header: self.names.join(","),
        }
    }

    pub(crate) fn require(&self, column: &str) -> Result<usize> {
        self.find(column).ok_or_else(|| self.missing(column))
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
            let mapped = settings
                .columns
                .priors
                .values()
                .any(|prior| [&prior.mean, &prior.sd].contains(&&Some(Quantity::Column(name.clone()))));
            let skipped = mapped || settings.skip.contains_key(name) || settings.ignore_columns.contains(name);
            if known.contains(&name.as_str()) || skipped {
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
        let names = &settings.columns;
        let error = names.ivar.as_ref().or(names.error.as_ref());
        let known = [
            (&names.object, OBJECT),
            (&names.line, LINE),
            (&names.flux, FLUX),
            (&error.cloned(), FLUX_ERR),
            (&names.ew, EW),
            (&names.blend, BLEND),
            (&names.limit, LIMIT),
        ]
        .map(|(chosen, default)| chosen.clone().unwrap_or_else(|| default.to_owned()));
        let [object, line, flux, flux_err, ew, blend, limit] = &known;
        let (mut priors, others) = self.others(&known.each_ref().map(String::as_str), settings);
        priors.extend(self.mapped_priors(names)?);
        let given = |chosen: &Option<String>, name: &str| match chosen {
            Some(_) => self.require(name).map(Some),
            None => Ok(self.find(name)),
        };
        let columns = LongColumns {
            object: self.require(object)?,
            line: self.require(line)?,
            flux: self.require(flux)?,
            flux_err: match settings.flux_error {
                Some(_) => self.find(flux_err),
                None => Some(self.require(flux_err)?),
            },
            ew: given(&names.ew, ew)?,
            blend: given(&names.blend, blend)?,
            limit: given(&names.limit, limit)?,
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

    /// The columns that the settings name for priors.
    pub(crate) fn mapped_priors(&self, names: &ColumnNames) -> Result<Vec<PriorColumn>> {
        let mut priors = Vec::new();
        for (parameter, prior) in &names.priors {
            for (quantity, is_sd) in [(&prior.mean, false), (&prior.sd, true)] {
                if let Some(Quantity::Column(name)) = quantity {
                    priors.push(PriorColumn {
                        index: self.require(name)?,
                        parameter: parameter.clone(),
                        is_sd,
                    });
                }
            }
        }
        Ok(priors)
    }

    /// The columns as those of the wide form, each line resolved.
    pub(crate) fn wide(&self, place: &Place) -> Result<WideColumns> {
        let object = self.require(OBJECT)?;
        let (mut priors, others) = self.others(&[OBJECT], place.settings);
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
        priors.extend(self.mapped_priors(&place.settings.columns)?);
        Ok(WideColumns {
            object: Some(vec![Part::Column(object)]),
            lines,
            priors,
            unread: Vec::new(),
        })
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
        let error = format!("{name}{ERR_SUFFIX}");
        let flux_err = match place.rules.flux_error {
            Some(_) => self.find(&error),
            None => Some(self.require(&error)?),
        };
        Ok(LineColumns {
            line,
            flux,
            flux_err,
            ew: self.find(&format!("{name}{EW_SUFFIX}")),
        })
    }
}
