//! Names of the columns of a table, and their uses.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use wildmatch::WildMatchPattern;

use super::Settings;
use super::kept::{Kept, KeptColumn, Kind};
use super::row::Row;
use super::settings::{ColumnNames, Quantity};
use crate::error::{Error, Result, TableError};
use crate::text::echoed;

/// Column with the object's name in every table.
pub(crate) const OBJECT: &str = "object";
const PRIOR_PREFIX: &str = "prior_";
const SD_SUFFIX: &str = "_sd";
/// Most unknown columns that an error or a warning names.
const NAMED: usize = 12;
/// Longest column name that an error repeats for a configuration \[bytes\].
const LONG: usize = 200;

/// Identifiers and positions that go into the results unasked.
const IDENTIFIERS: [&str; 26] = [
    "ra",
    "dec",
    "ra_deg",
    "dec_deg",
    "raj2000",
    "dej2000",
    "_raj2000",
    "_dej2000",
    "z",
    "z_spec",
    "zspec",
    "redshift",
    "targetid",
    "specobjid",
    "objid",
    "plate",
    "plateid",
    "mjd",
    "fiber",
    "fiberid",
    "plateifu",
    "mangaid",
    "healpix",
    "survey",
    "ix",
    "iy",
];

/// Names of the columns, with units and kinds.
#[derive(Debug)]
pub(crate) struct Header {
    pub(crate) path: PathBuf,
    /// Row of the header in the file; 0 where the columns are declared elsewhere.
    pub(crate) row: usize,
    pub(crate) names: Vec<String>,
    /// Units of the columns, where the table gives any.
    pub(crate) units: Vec<Option<String>>,
    /// Kinds of the values, where the table declares any.
    pub(crate) kinds: Vec<Option<Kind>>,
    exact: HashMap<String, usize>,
    /// Index of a column by its name in lower case; the first of several.
    alike: HashMap<String, usize>,
}

/// A column with the mean or the standard deviation of an object's own prior.
#[derive(Debug)]
pub(crate) struct PriorColumn {
    pub(crate) index: usize,
    pub(crate) parameter: String,
    pub(crate) is_sd: bool,
}

/// Columns that go into the results.
#[derive(Debug, Default)]
pub(crate) struct KeptColumns(Vec<(usize, Arc<KeptColumn>)>);

impl KeptColumns {
    /// Indices of the columns in the header.
    pub(crate) fn indices(&self) -> impl Iterator<Item = usize> {
        self.0.iter().map(|(place, _)| *place)
    }

    /// Values of the columns in a row.
    pub(crate) fn of(&self, row: &Row) -> Vec<Kept> {
        let value = |(place, column): &(usize, Arc<KeptColumn>)| Kept {
            column: column.clone(),
            value: row.get(*place).to_owned(),
        };
        self.0.iter().map(value).collect()
    }
}

/// Tells whether a column has no name, or the name that pandas gives to an index without one.
fn is_nameless(name: &str) -> bool {
    let number = name.strip_prefix("Unnamed: ");
    name.is_empty() || number.is_some_and(|number| number.chars().all(|c| c.is_ascii_digit()))
}

/// Tells whether a name matches one of `patterns`, in which `*` stands for any text. Case does not
/// matter.
pub(crate) fn is_among(name: &str, patterns: &[String]) -> bool {
    let matches = |pattern: &String| {
        pattern == name || WildMatchPattern::<'*', '\0'>::new(&pattern.to_lowercase()).matches(&name.to_lowercase())
    };
    patterns.iter().any(matches)
}

/// Parameter of a prior's column, and whether the column holds the standard deviation.
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
    /// Checks that a row has as many fields as the header, all of them known.
    pub(crate) fn check(&self, row: &Row) -> Result<()> {
        let (path, open) = (self.path.clone(), row.open);
        let (found, expected) = (row.len(), self.names.len());
        let row = row.number;
        if open {
            return Err(Error::Table(TableError::OpenQuote { path, row }));
        }
        match found == expected {
            true => Ok(()),
            false => Err(Error::Table(TableError::FieldCount {
                path,
                row,
                found,
                expected,
            })),
        }
    }

    /// The columns of a table.
    ///
    /// # Errors
    /// A name that occurs twice.
    pub(crate) fn new(path: &Path, row: usize, names: Vec<String>, units: Vec<Option<String>>) -> Result<Header> {
        let (mut exact, mut alike) = (HashMap::new(), HashMap::new());
        for (index, name) in names.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
            if let Some(first) = exact.insert(name.clone(), index) {
                return Err(Error::Table(TableError::DuplicateColumn {
                    path: path.to_owned(),
                    row,
                    column: echoed(name).into_owned(),
                    first: first + 1,
                    second: index + 1,
                }));
            }
            alike.entry(name.to_lowercase()).or_insert(index);
        }
        Ok(Header {
            path: path.to_owned(),
            row,
            kinds: vec![None; names.len()],
            names,
            units,
            exact,
            alike,
        })
    }

    /// The header with the kinds of its columns.
    pub(crate) fn with_kinds(self, kinds: Vec<Option<Kind>>) -> Header {
        Header { kinds, ..self }
    }

    /// Index of the column with this name. A name of the same case comes first; otherwise case does
    /// not matter.
    pub(crate) fn find(&self, column: &str) -> Option<usize> {
        let alike = || self.alike.get(&column.to_lowercase());
        self.exact.get(column).or_else(alike).copied()
    }

    /// Error for a column that is missing.
    pub(crate) fn missing(&self, column: &str) -> Error {
        Error::Table(TableError::MissingColumn {
            path: self.path.clone(),
            row: self.row,
            column: echoed(column).into_owned(),
            header: listed(&mut self.names.iter()),
        })
    }

    pub(crate) fn require(&self, column: &str) -> Result<usize> {
        self.find(column).ok_or_else(|| self.missing(column))
    }

    /// Column named in the settings, which must exist, or the column with the default name if there
    /// is one.
    pub(crate) fn chosen(&self, chosen: Option<&String>, default: &str) -> Result<Option<usize>> {
        match chosen {
            Some(name) => self.require(name).map(Some),
            None => Ok(self.find(default)),
        }
    }

    /// Error for columns that are neither known nor ignored.
    pub(crate) fn unknown(&self, columns: &[usize], expected: &'static str) -> Error {
        let names = || columns.iter().map(|&column| &self.names[column]);
        let quoted: Vec<String> = names().take(NAMED).map(|name| format!("{:?}", echoed(name))).collect();
        let is_long = names().any(|name| name.len() > LONG);
        Error::Table(TableError::UnknownColumns {
            path: self.path.clone(),
            row: self.row,
            count: columns.len(),
            columns: listed(&mut names()),
            expected,
            ignore: match columns.len() > NAMED || is_long {
                true => "\"*\"".into(),
                false => quoted.join(", ").into(),
            },
        })
    }

    /// Columns of priors, by their own names or by the names in the settings.
    pub(crate) fn priors(&self, names: &ColumnNames) -> Result<Vec<PriorColumn>> {
        let own = self.names.iter().enumerate();
        let mut priors: Vec<PriorColumn> = own.filter_map(|(index, name)| prior(name, index)).collect();
        for (parameter, of) in &names.priors {
            for (quantity, is_sd) in [(&of.mean, false), (&of.sd, true)] {
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

    /// Columns that go into the results: those of the settings, and the usual identifiers.
    ///
    /// # Errors
    /// A name in the settings that matches no column.
    pub(crate) fn kept(&self, settings: &Settings) -> Result<KeptColumns> {
        for asked in &settings.keep {
            if !self
                .names
                .iter()
                .any(|name| is_among(name, std::slice::from_ref(asked)))
            {
                return Err(self.missing(asked));
            }
        }
        let is_kept = |name: &String| {
            let usual = IDENTIFIERS.contains(&name.to_lowercase().as_str());
            let ignored = usual && is_among(name, &settings.ignore_columns);
            (usual && !ignored) || is_among(name, &settings.keep)
        };
        let columns = self.names.iter().enumerate().filter(|(_, name)| is_kept(name));
        let column = |(place, name): (usize, &String)| {
            let column = KeptColumn {
                name: name.clone(),
                unit: self.units.get(place).cloned().flatten(),
                kind: self.kinds.get(place).copied().flatten(),
            };
            (place, Arc::new(column))
        };
        Ok(KeptColumns(columns.map(column).collect()))
    }

    /// Columns that are neither read nor ignored by the settings.
    pub(crate) fn left(&self, read: impl IntoIterator<Item = usize>, settings: &Settings) -> Vec<usize> {
        let read: HashSet<usize> = read.into_iter().collect();
        let skipped: HashSet<String> = settings.skip.keys().map(|name| name.to_lowercase()).collect();
        let is_left = |&index: &usize| {
            let name = &self.names[index];
            let known = is_nameless(name) || read.contains(&index) || skipped.contains(&name.to_lowercase());
            !known && !is_among(name, &settings.ignore_columns)
        };
        (0..self.names.len()).filter(is_left).collect()
    }
}

/// First names, joined by commas, and the number of further ones.
fn listed(names: &mut dyn ExactSizeIterator<Item = &String>) -> String {
    let more = names.len().saturating_sub(NAMED);
    let mut shown: Vec<Cow<str>> = names.take(NAMED).map(|name| echoed(name)).collect();
    if more > 0 {
        shown.push(format!("… and {more} more").into());
    }
    shown.join(",")
}
