//! Settings of the model, as the user configures it.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::absorption::Absorption;
use super::likelihood::{Arm, LikelihoodSettings};
use super::preset::{Normalisation, Preset};
use super::zones::ZoneSettings;

/// Settings of the model, `[model]` in TOML.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Preset of the choices that are absent below.
    pub preset: Preset,
    /// Normalisation of the fluxes; absent: the preset's.
    pub normalisation: Option<Normalisation>,
    /// Least error, as a fraction of the flux, 0 to 1.
    pub error_floor: f64,
    /// Lines to use although the preset doubts them.
    pub include: Vec<String>,
    /// Lines to leave out.
    pub exclude: Vec<String>,
    /// Ions of the high-ionisation zone; the others are in the low one. Absent: He1 He2 O3 Ne3 C3
    /// N3 Cl4 and stages from 4 up.
    pub high_zone: Option<Vec<String>>,
    /// Absorption by stars. With `true` it is fitted where equivalent widths are given, and lines
    /// with an unknown absorption are left out. `false` or `"none"` means that no stars lie under
    /// the lines. Absent: `true` with preset `default`, else `false`.
    pub absorption: Option<Absorption>,
    /// Relations of temperatures to T_high. With `true`, T_low follows T_high. With `false`, T_low
    /// is free, as is T_mid of preset `default`. Absent: both follow T_high with preset `default`,
    /// unless `[priors]` has them.
    #[serde(rename = "tie_T_low")]
    pub tie_t_low: Option<bool>,
    /// Recombination that feeds auroral lines: of all of O2, N2 and O3, or of the listed ions.
    pub recombination: Recombination,
    /// True if collisions excite H I lines; the parameter is `xi`.
    pub collisional_excitation: bool,
    /// CSV file `line,k1,k2,k3,k4` with the talk's four coefficients of each line. They replace the
    /// emissivity tables.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub four_coefficients: Option<PathBuf>,
    /// Uncertainty of emissivities by ion or line, as a fraction of the flux. It is added in
    /// quadrature to the errors of the lines.
    pub emissivity_error: BTreeMap<String, f64>,
    /// Settings that stand in other tables of TOML.
    #[serde(skip)]
    pub tables: Tables,
}

/// Settings of the model in tables beside `[model]`.
#[derive(Clone, Debug, Default)]
pub struct Tables {
    /// `[zones]`.
    pub zones: BTreeMap<String, ZoneSettings>,
    /// `[likelihood]`.
    pub likelihood: LikelihoodSettings,
    /// `[error_floors]`: floors of lines or ions; the others have `error_floor`.
    pub error_floors: BTreeMap<String, f64>,
    /// `[calibration]`.
    pub calibration: BTreeMap<String, Arm>,
}

/// Ions with auroral lines that recombination feeds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, expecting = "expected true, false or a list of O2, N2 and O3")]
pub enum Recombination {
    /// Switch for all ions.
    Switch(bool),
    /// Listed ions.
    Ions(Vec<String>),
}

impl Default for Recombination {
    fn default() -> Self {
        Recombination::Switch(false)
    }
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            preset: Preset::Default,
            normalisation: None,
            error_floor: 0.02,
            include: Vec::new(),
            exclude: Vec::new(),
            high_zone: None,
            absorption: None,
            tie_t_low: None,
            recombination: Recombination::default(),
            collisional_excitation: false,
            four_coefficients: None,
            emissivity_error: BTreeMap::new(),
            tables: Tables::default(),
        }
    }
}
