//! Settings of zones, `[zones.NAME]` in TOML.

use serde::{Deserialize, Serialize};

/// Settings of one zone.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ZoneSettings {
    /// Ions of the zone; `H1` for the zone of the H I lines. A zone without a list takes the ions
    /// that no other zone lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ions: Option<Vec<String>>,
    /// Temperature `T_NAME`: `"free"`, `{ tied = "ZONE" }` or `{ from = "ZONE", relation = "NAME"
    /// }`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub temperature: Option<Rule>,
    /// Density: `"shared"` (`n_e`, the default), `"free"` (`n_e_NAME`), `{ tied = "ZONE" }` or a
    /// relation of log₁₀ n_e with the user's own `slope` and `intercept`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub density: Option<Rule>,
}

/// Rule of a zone's temperature or density.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(
    untagged,
    expecting = "expected \"free\", \"shared\", { tied = \"ZONE\" } or { from = \"ZONE\", relation = \"NAME\", scatter = 1000, \
                 when = \"always\" or \"no_thermometer\" }, with slope, intercept and form in place of relation for one's own"
)]
pub enum Rule {
    /// Rule of one word.
    Word(Word),
    /// Value of another zone.
    Tied(Tied),
    /// Relation to the value of another zone.
    Related(Related),
}

/// Rule of one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Word {
    /// Parameter of its own.
    Free,
    /// Density that all zones of this rule share.
    Shared,
}

/// Value of another zone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tied {
    /// Name of the other zone.
    pub tied: String,
}

/// Relation to the value of another zone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Related {
    /// Name of the other zone.
    pub from: String,
    /// Name of a relation, in place of the coefficients.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub relation: Option<String>,
    /// t per t', t = T/10⁴ K; of a density, log₁₀ n_e per log₁₀ n_e'.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub slope: Option<f64>,
    /// t at t' = 0; of a density, log₁₀ n_e at log₁₀ n_e' = 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub intercept: Option<f64>,
    /// Form of the relation: slope and intercept of t, or of 1/t.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub form: Option<Form>,
    /// Intrinsic scatter around the relation, > 0: of a temperature in K (default 1000), of a
    /// density in dex (default 0.3).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scatter: Option<f64>,
    /// Objects for which the relation holds.
    #[serde(default)]
    pub when: When,
}

/// Form of a relation with the user's own coefficients.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    /// t = slope t' + intercept.
    Linear,
    /// 1/t = slope/t' + intercept.
    Inverse,
}

/// Objects for which a relation holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// Every object.
    #[default]
    Always,
    /// Objects without a detected auroral line of the zone; elsewhere the temperature is free.
    NoThermometer,
}
