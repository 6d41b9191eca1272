//! `[catalogue]`: everything about a catalogue that its header does not say.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// Place of the line's name in a pattern.
pub(super) const LINE: &str = "{line}";

/// Format of a catalogue.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// Recognised from the content.
    #[default]
    Auto,
    /// One row per line.
    Long,
    /// One row per object, flux columns by label or by pattern.
    Wide,
    /// A line log of LiMe, one object per table.
    Lime,
    /// A list of NEAT: wavelength, flux, error; one object per file.
    Neat,
    /// A table of PyNeb.
    Pyneb,
    /// The MPA-JHU catalogue of SDSS galaxies.
    MpaJhu,
    /// FastSpecFit's catalogue of DESI galaxies.
    Desi,
    /// Input of HII-CHI-mistry.
    Hcm,
    /// Tables of Pipe3D.
    Pipe3d,
}

impl Format {
    /// Name of the format in the configuration.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Format::Auto => "auto",
            Format::Long => "long",
            Format::Wide => "wide",
            Format::Lime => "lime",
            Format::Neat => "neat",
            Format::Pyneb => "pyneb",
            Format::MpaJhu => "mpa-jhu",
            Format::Desi => "desi",
            Format::Hcm => "hcm",
            Format::Pipe3d => "pipe3d",
        }
    }
}

/// Least ratio of flux to error at which Hβ counts as detected. All other fluxes are relative to
/// Hβ.
const HBETA_SNR: f64 = 3.0;

/// Settings for reading a catalogue, beyond its header.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Format of the catalogue; `auto` recognises it from the content.
    pub format: Format,
    /// Least ratio of flux to error of a listed Hβ. An object below it is rejected as not detected;
    /// 0 rejects none.
    pub hbeta_snr: f64,
    /// Errors as a fraction of the flux, for a list without errors.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flux_error: Option<f64>,
    /// True if the wavelengths of a list are in vacuum. If absent, the medium that finds more lines
    /// is taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vacuum: Option<bool>,
    /// True if errors are fractions of their fluxes. If absent, the format decides: true for PyNeb
    /// alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub relative_errors: Option<bool>,
    /// True if errors are in per cent of their fluxes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub percent_errors: Option<bool>,
    /// True if an error of 0 means that the error is unknown. If absent, the format decides: true
    /// for HII-CHI-mistry alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zero_error_unknown: Option<bool>,
    /// Table of a FITS file, by name or number of its extension. If absent, the first table whose
    /// columns fit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extension: Option<String>,
    /// Columns to leave unread without a warning, by name or with `*` for any text. Any other
    /// unknown column is an error.
    pub ignore_columns: Vec<String>,
    /// Columns to carry into the results, beside the usual identifiers; `*` stands for any text.
    pub keep: Vec<String>,
    /// A side table of priors, one row per object. In the file, the path is relative to the file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priors: Option<PathBuf>,
    /// Rows to leave out: those with this text in this column.
    pub skip: BTreeMap<String, String>,
    /// Names of the columns.
    pub columns: ColumnNames,
    /// Members of blends, by the label in the catalogue. A cell in its column `blend` overrides
    /// them.
    #[serde(skip)]
    pub blends: BTreeMap<String, Vec<String>>,
    /// Labels by the line names of the catalogue, in columns and cells. They come before all other
    /// rules.
    #[serde(skip)]
    pub lines: BTreeMap<String, String>,
}

impl Default for Settings {
    /// Ignores `f_lambda`, since the reddening law is the model's.
    fn default() -> Settings {
        Settings {
            format: Format::Auto,
            hbeta_snr: HBETA_SNR,
            flux_error: None,
            vacuum: None,
            relative_errors: None,
            percent_errors: None,
            zero_error_unknown: None,
            extension: None,
            ignore_columns: vec!["f_lambda".to_owned()],
            keep: Vec::new(),
            priors: None,
            skip: BTreeMap::new(),
            columns: ColumnNames::default(),
            blends: BTreeMap::new(),
            lines: BTreeMap::new(),
        }
    }
}

/// `[catalogue.columns]`: names of columns. In a table with one row per object they are patterns,
/// in which `{line}` stands for the name of a line.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ColumnNames {
    /// Name of the object: a column, or a text with columns in braces, `"{ix}-{iy}"`. `{row}` is
    /// the number of the row where no column has that name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub object: Option<String>,
    /// Label of the line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<String>,
    /// Flux.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flux: Option<String>,
    /// Error of the flux.
    #[serde(skip_serializing_if = "Option::is_none", alias = "flux_err")]
    pub error: Option<String>,
    /// A second error, of the other side; the larger of the two counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_other: Option<String>,
    /// Inverse variance of the flux, in place of the error.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ivar: Option<String>,
    /// Equivalent width.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ew: Option<String>,
    /// True if equivalent widths in emission are negative.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ew_negative: Option<bool>,
    /// Members of a blend.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub blend: Option<String>,
    /// True if the flux is an upper limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<String>,
    /// The error that marks an upper limit, or `negative`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit_error: Option<LimitError>,
    /// Signs for a line that was not measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missing: Option<Vec<Missing>>,
    /// Flux of Hβ, without error, in a catalogue of ratios that does not list it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hbeta: Option<f64>,
    /// Priors of each object, by name of the parameter.
    pub priors: BTreeMap<String, PriorNames>,
}

/// Columns or numbers with the mean and the standard deviation of a prior.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PriorNames {
    /// Mean of the prior.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mean: Option<Quantity>,
    /// Standard deviation of the prior.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sd: Option<Quantity>,
}

/// A number for all objects, or the column with the number of each object.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged, expecting = "expected a number or the name of a column")]
pub enum Quantity {
    /// One number for all objects.
    Number(f64),
    /// Name of the column.
    Column(String),
}

/// The error that marks an upper limit.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(untagged, expecting = "expected a number or \"negative\"")]
pub enum LimitError {
    /// Exactly this value.
    Value(f64),
    /// Any value below zero.
    Sign(Negative),
}

/// The word for any value below zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Negative {
    /// `negative`.
    Negative,
}

impl LimitError {
    /// Tells whether an error is the sign.
    pub(crate) fn is(self, error: f64) -> bool {
        match self {
            LimitError::Value(value) => error == value,
            LimitError::Sign(Negative::Negative) => error < 0.0,
        }
    }
}

/// A sign for a line that was not measured.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Missing {
    /// `nan`: a flux or error that is not a finite number.
    NotFinite,
    /// `0/0`: flux and error both zero.
    BothZero,
    /// `error<=0`: an error that is not above zero.
    ErrorNotPositive,
    /// A flux of exactly this value.
    Flux(f64),
}

impl TryFrom<String> for Missing {
    type Error = String;

    fn try_from(text: String) -> std::result::Result<Missing, String> {
        let said: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        match said.to_ascii_lowercase().as_str() {
            "nan" => Ok(Missing::NotFinite),
            "0/0" => Ok(Missing::BothZero),
            "error<=0" | "ivar<=0" => Ok(Missing::ErrorNotPositive),
            number => match number.parse::<f64>() {
                Ok(value) if value.is_finite() => Ok(Missing::Flux(value)),
                _ => Err(format!(
                    "`{text}`: expected \"nan\", \"0/0\", \"error<=0\" or a flux such as \"-99\""
                )),
            },
        }
    }
}

impl From<Missing> for String {
    fn from(missing: Missing) -> String {
        match missing {
            Missing::NotFinite => "nan".to_owned(),
            Missing::BothZero => "0/0".to_owned(),
            Missing::ErrorNotPositive => "error<=0".to_owned(),
            Missing::Flux(value) => value.to_string(),
        }
    }
}

impl Missing {
    /// Tells whether flux and error mark a line that was not measured. An unreadable value is NaN.
    pub(crate) fn is(self, flux: f64, error: f64) -> bool {
        match self {
            Missing::NotFinite => !flux.is_finite() || !error.is_finite(),
            Missing::BothZero => flux == 0.0 && error == 0.0,
            Missing::ErrorNotPositive => error <= 0.0,
            Missing::Flux(value) => flux == value,
        }
    }
}

impl Settings {
    /// Checks the numbers.
    ///
    /// # Errors
    /// [`Error::Setting`] for the first number out of its range.
    pub fn validate(&self) -> Result<()> {
        let checks = [
            (
                "flux_error",
                self.flux_error,
                self.flux_error.is_none_or(|error| error > 0.0 && error < 1.0),
                "a fraction between 0 and 1",
            ),
            (
                "hbeta_snr",
                Some(self.hbeta_snr),
                self.hbeta_snr.is_finite() && self.hbeta_snr >= 0.0,
                "a number ≥ 0",
            ),
        ];
        for (key, value, holds, expected) in checks {
            if !holds {
                return Err(Error::Setting {
                    key,
                    value: value.map_or_else(String::new, |value| value.to_string()),
                    expected,
                });
            }
        }
        Ok(())
    }
}
