//! Reads a catalogue of line fluxes into objects, each relative to its Hβ; every error names file, row, column and value.

mod builder;
mod cell;
mod columns;
mod header;
mod long;
mod priors;
mod rows;
mod warning;
mod wide;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Deserialize;
use sha2::{Digest, Sha256};

pub use columns::{Columns, Field, read_columns};
pub use priors::{PriorOverride, SidePriors, read_priors};
pub use warning::Warning;

use crate::error::{Error, Result};
use crate::line::{H_BETA, LineList, Resolved};
use cell::Place;
use rows::Rows;

/// How to read a catalogue beyond what its header says.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Members of blends by the label that the catalogue uses; a cell in its column `blend` overrides them.
    pub blends: BTreeMap<String, Vec<String>>,
    /// Columns to leave unread, each with a warning; any other unknown column is an error.
    pub ignore_columns: Vec<String>,
}

impl Default for Settings {
    /// No blends; `f_lambda` is left unread, since the reddening law is the model's.
    fn default() -> Settings {
        Settings {
            blends: BTreeMap::new(),
            ignore_columns: vec!["f_lambda".to_owned()],
        }
    }
}

/// A catalogue, its objects in the order of their first rows.
#[derive(Debug)]
pub struct Catalogue {
    /// The file.
    pub path: PathBuf,
    /// SHA-256 of the file in hexadecimal.
    pub sha256: String,
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

/// Reads a catalogue: long form, one row a line, if its header has a column `line`, `flux` or `flux_err`; else wide form,
/// one row an object.
///
/// Long form: `object,line,flux,flux_err[,ew][,blend][,limit]`, the rows of an object anywhere, members of a blend joined by `+`, `limit`
/// `true` where the flux is an upper limit.
/// Wide form: `object` and for each line its label, `<label>_err` and perhaps `<label>_ew`. Both: `prior_<parameter>`,
/// `prior_<parameter>_sd`; columns in any order; `#` opens a comment row; a blank cell is not measured. Fluxes in any
/// unit.
///
/// # Errors
/// What spoils the file as a whole: unreadable or not UTF-8, no header, no rows, a column missing, twice or unknown, in
/// wide form a label that names no line or a row with a wrong number of fields. All else rejects its object.
pub fn read(path: &Path, list: &LineList, settings: &Settings) -> Result<Catalogue> {
    let bytes = std::fs::read(path).map_err(|source| Error::Io {
        path: path.to_owned(),
        source,
    })?;
    parse(path, &bytes, list, settings)
}

/// Reads the bytes of the catalogue `path`.
fn parse(path: &Path, bytes: &[u8], list: &LineList, settings: &Settings) -> Result<Catalogue> {
    let mut rows = Rows::new(path, Error::text(bytes, path)?)?;
    let hbeta = list.resolve(H_BETA, &[])?.members[0];
    let place = Place {
        path,
        list,
        hbeta,
        settings,
    };
    let (entries, mut warnings) = match header::is_long(&rows.header) {
        true => long::read(&mut rows, &place)?,
        false => wide::read(&mut rows, &place)?,
    };
    if entries.is_empty() {
        return Err(Error::NoRows {
            path: path.to_owned(),
            row: rows.header.row,
        });
    }
    warnings.extend(rows.warnings(settings));
    Ok(Catalogue {
        path: path.to_owned(),
        sha256: hexadecimal(bytes),
        entries,
        warnings,
    })
}

/// SHA-256 of the bytes in hexadecimal.
fn hexadecimal(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests;
