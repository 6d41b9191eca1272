//! Reads a catalogue of line fluxes into objects, relative to Hβ. Every error names file, row,
//! column and value.

mod below;
mod builder;
mod bytes;
mod cell;
mod columns;
mod content;
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
mod head;
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
mod row;
mod rows;
mod rules;
mod sample;
mod separator;
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
pub use content::Contents;
pub use guess::{Guess, guess};
pub use kept::{Kept, KeptColumn, Kind};
pub use priors::{PriorOverride, SidePriors, read_priors};
pub use settings::{ColumnNames, Format, LimitError, Missing, Negative, PriorNames, Quantity, Settings};
pub use sources::{Beside, Sources};
pub use warning::{Warning, Warnings};

pub use crate::error::{CatalogueError, FormatError, TableError};
use crate::error::{Error, Result};
use crate::flag::Flag;
use crate::line::{LineList, Resolved};

/// Receiver of the objects of a catalogue, one after another. An error of the receiver ends the
/// reading.
pub(crate) type Take<'a> = &'a mut dyn FnMut(Entry) -> Result<()>;

/// A catalogue, its objects in the order of their first rows.
#[derive(Debug, Default)]
pub struct Catalogue {
    /// The files, each with its SHA-256 in hexadecimal.
    pub files: Vec<(PathBuf, String)>,
    /// Format of the last file.
    pub format: Format,
    /// Objects to fit and objects that cannot be.
    pub entries: Vec<Entry>,
    /// Warnings about the catalogue.
    pub warnings: Warnings,
}

/// An object of a catalogue.
#[derive(Debug)]
pub enum Entry {
    /// An object that can be fitted.
    Fit(Object),
    /// An object that cannot be fitted.
    Rejected {
        /// Name of the object; empty if the table gives none.
        id: String,
        /// First row of the object, counted from 1 in the file.
        row: usize,
        /// All reasons for the rejection, in the order of the file.
        reasons: Vec<Error>,
        /// Columns of the catalogue that go into the results.
        kept: Vec<Kept>,
    },
}

/// Measurements of one object.
#[derive(Debug, Clone, PartialEq)]
pub struct Object {
    /// Name of the object.
    pub id: String,
    /// Hβ, with a flux > 0 in the catalogue's own unit.
    pub hbeta: Measurement,
    /// True if Hβ is the scale of a catalogue of ratios that does not list it. An error of 0 is
    /// then exact, not rounded.
    pub hbeta_is_implied: bool,
    /// Other lines, one or more, in the order of the catalogue; fluxes and errors relative to the
    /// flux of Hβ.
    pub measurements: Vec<Measurement>,
    /// Priors of this object, by name of the parameter.
    pub priors: BTreeMap<String, PriorOverride>,
    /// First row of the object, counted from 1 in the file.
    pub row: usize,
    /// Flags of the input, among them names that were not read literally.
    pub flags: Vec<Flag>,
    /// Columns of the catalogue that go into the results.
    pub kept: Vec<Kept>,
}

/// A measured flux.
#[derive(Debug, Clone, PartialEq)]
pub struct Measurement {
    /// Label as given, with its lines; shared by all objects that use the label.
    pub line: Arc<Resolved>,
    /// Flux, finite; noise may make it negative.
    pub flux: f64,
    /// Standard error in the unit of the flux, finite, ≥ 0. The error of Hβ is not included.
    pub flux_err: f64,
    /// Equivalent width \[Å\], > 0, emission positive. None if it is not given, or if flux and
    /// width are both not > 0.
    pub ew: Option<f64>,
    /// True for an upper limit: nothing was seen above `flux`, and `flux_err` is the noise.
    pub limit: bool,
    /// Row of the measurement, counted from 1 in the file.
    pub row: usize,
    /// Column of the flux; shared by all objects of a file.
    pub column: Arc<str>,
}

impl Object {
    /// Adds the members of the object's lines, Hβ included, by label.
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
    /// Name of the object.
    pub fn id(&self) -> &str {
        match self {
            Entry::Fit(object) => &object.id,
            Entry::Rejected { id, .. } => id,
        }
    }

    /// Columns of the catalogue that go into the results.
    pub fn kept(&self) -> &[Kept] {
        match self {
            Entry::Fit(object) => &object.kept,
            Entry::Rejected { kept, .. } => kept,
        }
    }
}

/// Reads a catalogue in the format of the settings, or in the format recognised from its content:
///
/// * long form, one row per line: `object,line,flux,flux_err[,ew][,blend][,limit]`. The rows of an
///   object stand anywhere. Members of a blend are joined by `+`. An upper limit has `limit` =
///   `true`, or a flux such as `<0.012`;
/// * wide form, one row per object: `object` and for each line its label, `<label>_err` and perhaps
///   `<label>_ew`, or columns after the pattern of a survey;
/// * line logs of LiMe, lists of NEAT, tables of PyNeb.
///
/// The file is text (comma, semicolon, tab or blanks between the fields; ECSV) or FITS, gzipped or
/// not. Long and wide form may have `prior_<parameter>` and `prior_<parameter>_sd`. Columns stand
/// in any order, `#` opens a comment, and a blank cell is not measured. Fluxes may be in any unit.
///
/// # Errors
/// Faults of the file as a whole: unreadable, no header, no rows, a column missing, twice or
/// unknown; in wide form a label that names no line or a row with a wrong number of fields. Any
/// other fault rejects its object.
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
