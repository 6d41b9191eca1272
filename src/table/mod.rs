//! Reads a catalogue of line fluxes into objects, each relative to its Hβ; every error names file, row, column and value.

mod below;
mod builder;
mod bytes;
mod cell;
mod columns;
mod dialect;
mod ecsv;
mod first_rows;
mod fits;
mod foreign;
mod format;
mod from_fits;
mod from_parquet;
mod from_table;
mod from_text;
mod guess;
mod header;
mod in_order;
mod kept;
mod lime;
mod lines;
mod long;
mod names;
mod naming;
mod neat;
mod number;
#[cfg(feature = "parquet")]
mod parquet;
mod pattern;
mod priors;
mod pyneb;
mod rows;
mod rules;
mod settings;
mod skip;
mod source;
mod sources;
mod store;
mod surveys;
mod warning;
mod wide;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest, Sha256};

pub use columns::{Columns, Field, column_names, read_columns};
pub use format::Format;
pub use guess::{Guess, guess};
pub use kept::{Kept, KeptColumn, Kind};
pub use priors::{PriorOverride, SidePriors, read_priors};
pub use settings::{ColumnNames, LimitError, Missing, Negative, PriorNames, Quantity, Settings};
pub use source::Contents;
pub use sources::{Beside, Sources};
pub use warning::{Warning, Warnings};

use crate::error::{Error, Result};
use crate::flag::Flag;
use crate::line::{LineList, Resolved};

/// What takes the objects of a catalogue, one after another; its error ends the reading.
pub(crate) type Take<'a> = &'a mut dyn FnMut(Entry) -> Result<()>;

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
    pub warnings: Warnings,
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
        /// Columns of the catalogue that are carried into the results.
        kept: Vec<Kept>,
    },
}

/// What was measured of one object.
#[derive(Debug, Clone, PartialEq)]
pub struct Object {
    /// Its name.
    pub id: String,
    /// Hβ itself, its flux > 0 in the catalogue's own unit.
    pub hbeta: Measurement,
    /// True if Hβ stands for the scale of a catalogue of ratios that does not list it, so that its error is no rounded one.
    pub hbeta_is_implied: bool,
    /// The other lines, one or more, in the order of the catalogue; fluxes and errors relative to Hβ's flux.
    pub measurements: Vec<Measurement>,
    /// Priors of its own by the parameter's name.
    pub priors: BTreeMap<String, PriorOverride>,
    /// Its first row, counted from 1 in the file.
    pub row: usize,
    /// Readings of the table that are not literal, and other flags of the input.
    pub flags: Vec<Flag>,
    /// Columns of the catalogue that are carried into the results.
    pub kept: Vec<Kept>,
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
    /// True if it is an upper limit: nothing was seen above `flux`, which `flux_err` blurs.
    pub limit: bool,
    /// Its row, counted from 1 in the file.
    pub row: usize,
    /// The column of its flux; shared by all objects of a file.
    pub column: Arc<str>,
}

impl Object {
    /// Adds the members of its lines, Hβ among them, by label.
    pub(crate) fn name_lines(&self, list: &LineList, lines: &mut BTreeMap<String, Vec<String>>) {
        for measurement in std::iter::once(&self.hbeta).chain(&self.measurements) {
            let line = &measurement.line;
            if !lines.contains_key(&line.label) {
                let members = line.members.iter().map(|&member| list.lines[member].label.clone());
                lines.insert(line.label.clone(), members.collect());
            }
        }
    }
}

impl Entry {
    /// The object's name.
    pub fn id(&self) -> &str {
        match self {
            Entry::Fit(object) => &object.id,
            Entry::Rejected { id, .. } => id,
        }
    }

    /// The columns of the catalogue that are carried into the results.
    pub fn kept(&self) -> &[Kept] {
        match self {
            Entry::Fit(object) => &object.kept,
            Entry::Rejected { kept, .. } => kept,
        }
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
/// Text (comma, semicolon, tab or blanks between the fields; ECSV) or FITS, gzipped or not. Long and wide form: `prior_<parameter>`,
/// `prior_<parameter>_sd`; columns in any order; `#` opens a comment row; a blank cell is not measured. Fluxes in any unit.
///
/// # Errors
/// What spoils the file as a whole: unreadable or not UTF-8, no header, no rows, a column missing, twice or unknown, in
/// wide form a label that names no line or a row with a wrong number of fields. All else rejects its object.
pub fn read(path: &Path, list: &LineList, settings: &Settings) -> Result<Catalogue> {
    Sources::open(&[path.to_owned()], list, settings)?.catalogue()
}

/// SHA-256 of the bytes in hexadecimal.
fn hexadecimal(bytes: &[u8]) -> String {
    hexadecimal_of(&Sha256::digest(bytes))
}

/// A digest in hexadecimal.
fn hexadecimal_of(digest: &[u8]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests;
