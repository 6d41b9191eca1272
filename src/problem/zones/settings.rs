//! Zones as the user writes them: `[zones.NAME]` in TOML.

use serde::{Deserialize, Serialize};

/// One zone.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ZoneSettings {
    /// Ions that live here, `H1` for the zone of the H I lines. A zone without it takes what no other zone lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ions: Option<Vec<String>>,
    /// Its temperature, `T_NAME`: `"free"`, `{ tied = "ZONE" }` or `{ from = "ZONE", relation = "NAME" }`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub temperature: Option<Rule>,
    /// Its density: `"shared"` (`n_e`, the default), `"free"` (`n_e_NAME`), `{ tied = "ZONE" }` or a relation of log₁₀ n_e with
    /// the user's own `slope` and `intercept`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub density: Option<Rule>,
}

/// What a zone's temperature or density follows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(
    untagged,
    expecting = "expected \"free\", \"shared\", { tied = \"ZONE\" } or { from = \"ZONE\", relation = \"NAME\", scatter = 1000, \
                 when = \"always\" or \"no_thermometer\" }, with slope, intercept and form in place of relation for one's own"
)]
pub enum Rule {
    /// A word.
    Word(Word),
    /// The same as another zone's.
    Tied(Tied),
    /// Near what a relation makes of another zone's.
    Related(Related),
}

/// A rule of one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Word {
    /// A parameter of its own.
    Free,
    /// A density that all zones of this rule share.
    Shared,
}

/// The same as another zone's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tied {
    /// That zone.
    pub tied: String,
}

/// Near what a relation makes of another zone's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Related {
    /// That zone.
    pub from: String,
    /// A relation's name, in place of the coefficients.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub relation: Option<String>,
    /// t per t', t = T/10⁴ K; of a density, log₁₀ n_e per log₁₀ n_e'.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub slope: Option<f64>,
    /// t at t' = 0; of a density, log₁₀ n_e at log₁₀ n_e' = 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub intercept: Option<f64>,
    /// Whether slope and intercept are of t or of 1/t.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub form: Option<Form>,
    /// Intrinsic scatter: standard deviation \[K\] around the relation (default 1000), of a density in dex (default 0.3); > 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scatter: Option<f64>,
    /// For which objects.
    #[serde(default)]
    pub when: When,
}

/// The form of a relation with the user's own coefficients.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    /// t = slope t' + intercept.
    Linear,
    /// 1/t = slope/t' + intercept.
    Inverse,
}

/// For which objects a relation holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// All.
    #[default]
    Always,
    /// Those in which no auroral line of the zone was detected; elsewhere the temperature is free.
    NoThermometer,
}
