//! The model as the user configures it.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::absorption::Absorption;
use super::likelihood::{Arm, LikelihoodSettings};
use super::preset::{Normalisation, Preset};
use super::zones::ZoneSettings;

/// The model as the user configures it, `[model]` in TOML.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Where choices not made below come from.
    pub preset: Preset,
    /// How fluxes are normalised; the preset's where absent.
    pub normalisation: Option<Normalisation>,
    /// Errors are held above this fraction of the flux; 0 to 1.
    pub error_floor: f64,
    /// Lines to use although the preset doubts them.
    pub include: Vec<String>,
    /// Lines to leave out.
    pub exclude: Vec<String>,
    /// Ions of the high-ionisation zone; the rest are in the low one. Absent: He1 He2 O3 Ne3 C3 N3 Cl4 and stages from 4 up.
    pub high_zone: Option<Vec<String>>,
    /// `true`: absorption by stars is fitted where equivalent widths are given, and lines that it changes unknowably are left out;
    /// `false` or `"none"`: no stars lie under the lines. Absent: `true` with preset `default`, else `false`.
    pub absorption: Option<Absorption>,
    /// `true`: T_low follows T_high; `false`: T_low, and T_mid of preset `default`, are free. Absent: both follow T_high with
    /// preset `default`, unless `[priors]` has them.
    #[serde(rename = "tie_T_low")]
    pub tie_t_low: Option<bool>,
    /// Whether recombination feeds auroral lines: of all of O2, N2 and O3, or of those listed.
    pub recombination: Recombination,
    /// Whether collisions excite H I lines, by the parameter `xi`.
    pub collisional_excitation: bool,
    /// The talk's four coefficients by line, in place of the emissivity tables: a CSV file `line,k1,k2,k3,k4`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub four_coefficients: Option<PathBuf>,
    /// Uncertainty of emissivities by ion or line: a fraction of the flux added in quadrature to the errors of the lines.
    pub emissivity_error: BTreeMap<String, f64>,
    /// Tables of their own in TOML.
    #[serde(skip)]
    pub tables: Tables,
}

/// What of the model stands in tables beside `[model]`.
#[derive(Clone, Debug, Default)]
pub struct Tables {
    /// `[zones]`.
    pub zones: BTreeMap<String, ZoneSettings>,
    /// `[likelihood]`.
    pub likelihood: LikelihoodSettings,
    /// `[error_floors]`: floors by line or ion in place of `error_floor`.
    pub error_floors: BTreeMap<String, f64>,
    /// `[calibration]`.
    pub calibration: BTreeMap<String, Arm>,
}

/// Which ions' auroral lines recombination feeds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, expecting = "expected true, false or a list of O2, N2 and O3")]
pub enum Recombination {
    /// All or none.
    Switch(bool),
    /// These.
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
