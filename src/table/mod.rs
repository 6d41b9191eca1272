//! Reads a catalogue of line fluxes into objects, each relative to its Hβ; every error names file, row, column and value.

mod builder;
mod cell;
mod columns;
mod ecsv;
mod fits;
mod format;
mod header;
mod lime;
mod long;
mod neat;
mod pattern;
mod priors;
mod pyneb;
mod rows;
mod rules;
mod settings;
mod skip;
mod source;
mod warning;
mod wide;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest, Sha256};

pub use columns::{Columns, Field, column_names, read_columns};
pub use format::Format;
pub use priors::{PriorOverride, SidePriors, read_priors};
pub use settings::{ColumnNames, Missing, PriorNames, Quantity, Settings};
pub use warning::Warning;

use crate::error::{Error, Result};
use crate::line::{LineList, Resolved};

/// A catalogue, its objects in the order of their first rows.
#[derive(Debug, Default)]
pub struct Catalogue {
    /// The files, each with its SHA-256 in hexadecimal.
    pub files: Vec<(PathBuf, String)>,
    /// Format of the last of them.
    pub format: Format,
    /// Objects to fit and objects that cannot be.
    pub entries: Vec<Entry>,
    /// What was read, but deserves a look.
    pub warnings: Vec<Warning>,
}

/// An object of a catalogue.
#[derive(Debug)]
pub enum Entry {
    /// It can be fitted.
    Fit(Object),
    /// It cannot.
    Rejected {
        /// Its name; empty if the table gives none.
        id: String,
        /// Its first row, counted from 1 in the file.
        row: usize,
        /// Everything that is wrong with it, in the order of the file.
        reasons: Vec<Error>,
    },
}

/// What was measured of one object.
#[derive(Debug, Clone, PartialEq)]
pub struct Object {
    /// Its name.
    pub id: String,
    /// Hβ itself, its flux > 0 in the catalogue's own unit.
    pub hbeta: Measurement,
    /// The other lines, one or more, in the order of the catalogue; fluxes and errors relative to Hβ's flux.
    pub measurements: Vec<Measurement>,
    /// Priors of its own by the parameter's name.
    pub priors: BTreeMap<String, PriorOverride>,
    /// Its first row, counted from 1 in the file.
    pub row: usize,
}

/// A measured flux.
#[derive(Debug, Clone, PartialEq)]
pub struct Measurement {
    /// The label as given and its lines; shared by all objects that use the label.
    pub line: Arc<Resolved>,
    /// Flux, finite; below zero where noise made it so.
    pub flux: f64,
    /// Its standard error, finite, ≥ 0, in the flux's unit; Hβ's own error is not in it.
    pub flux_err: f64,
    /// Equivalent width \[Å\], > 0, emission positive; none if not given, or not > 0 beside a flux that is not either.
    pub ew: Option<f64>,
    /// Whether it is an upper limit: nothing was seen above `flux`, which `flux_err` blurs.
    pub limit: bool,
    /// Its row, counted from 1 in the file.
    pub row: usize,
}

impl Entry {
    /// The object's name.
    pub fn id(&self) -> &str {
        match self {
            Entry::Fit(object) => &object.id,
            Entry::Rejected { id, .. } => id,
        }
    }
}

impl Catalogue {
    /// Adds the objects of another file; one whose name the catalogue has is rejected.
    pub fn append(&mut self, other: Catalogue) {
        let first = self.files.first().map(|(path, _)| path.clone()).unwrap_or_default();
        let path = other.files.first().map(|(path, _)| path.clone()).unwrap_or_default();
        let known: BTreeSet<String> = self.entries.iter().map(|entry| entry.id().to_owned()).collect();
        for entry in other.entries {
            self.entries.push(match entry {
                Entry::Fit(Object { id, row, .. }) if known.contains(&id) => {
                    let (path, object, first) = (path.clone(), id.clone(), first.clone());
                    let reasons = vec![Error::RepeatedObject { path, object, first }];
                    Entry::Rejected { id, row, reasons }
                }
                entry => entry,
            });
        }
        self.files.extend(other.files);
        self.warnings.extend(other.warnings);
        self.format = other.format;
    }

    /// Gives the objects the priors of a side table, which win over those of the catalogue's own columns; a row for an
    /// object that the catalogue lacks becomes a warning.
    pub fn apply_priors(&mut self, side: &SidePriors) {
        let mut unused: BTreeMap<&String, usize> = side.objects.iter().map(|(id, (row, _))| (id, *row)).collect();
        for entry in &mut self.entries {
            unused.remove(&entry.id().to_owned());
            if let Entry::Fit(object) = entry
                && let Some((_, priors)) = side.objects.get(&object.id)
            {
                for (parameter, prior) in priors {
                    let own = object.priors.entry(parameter.clone()).or_default();
                    own.mean = prior.mean.or(own.mean);
                    own.sd = prior.sd.or(own.sd);
                }
            }
        }
        let path = &side.path;
        let warning = |(object, row): (&String, usize)| Warning::PriorOfNoObject {
            path: path.clone(),
            row,
            object: object.clone(),
        };
        self.warnings.extend(unused.into_iter().map(warning));
    }
}

/// Reads a catalogue in the format of the settings, else in the one that its content looks like:
///
/// * long form, one row a line: `object,line,flux,flux_err[,ew][,blend][,limit]`, the rows of an object anywhere, members of a
///   blend joined by `+`, `limit` `true` where the flux is an upper limit, as is a flux `<0.012`;
/// * wide form, one row an object: `object` and for each line its label, `<label>_err` and perhaps `<label>_ew`, or columns
///   after the pattern of a survey;
/// * line logs of LiMe, lists of NEAT, tables of PyNeb.
///
/// Text (comma, semicolon, tab or blanks between the fields; ECSV) or FITS. Long and wide form: `prior_<parameter>`,
/// `prior_<parameter>_sd`; columns in any order; `#` opens a comment row; a blank cell is not measured. Fluxes in any unit.
///
/// # Errors
/// What spoils the file as a whole: unreadable or not UTF-8, no header, no rows, a column missing, twice or unknown, in
/// wide form a label that names no line or a row with a wrong number of fields. All else rejects its object.
pub fn read(path: &Path, list: &LineList, settings: &Settings) -> Result<Catalogue> {
    let bytes = std::fs::read(path).map_err(|source| Error::Io {
        path: path.to_owned(),
        source,
    })?;
    source::parse(path, &bytes, list, settings)
}

/// SHA-256 of the bytes in hexadecimal.
fn hexadecimal(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests;
