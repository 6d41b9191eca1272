//! Quantities that a prior of `[priors]` may be on, and the range of each under a preset.

use std::collections::BTreeMap;

use super::preset::Preset;
use super::zones::{Link, Zones};
use crate::problem::prior::Prior;

/// Quantity of a prior in `[priors]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Temperature \[K\].
    Temperature,
    /// Density \[cm⁻³\].
    Density,
    /// Density, log₁₀ n_e \[cm⁻³\].
    LogDensity,
}

/// Quantity that `name` stands for, if it is a temperature or density of the zones. A value tied to
/// another zone's has no prior.
pub(super) fn kind(name: &str, zones: &Zones) -> Option<Kind> {
    if let Some(zone) = zones.with_temperature(name) {
        return (!matches!(zone.temperature, Link::Same(_))).then_some(Kind::Temperature);
    }
    let kinds = [("log_ne", Kind::LogDensity), ("n_e", Kind::Density)];
    let (suffix, kind) = kinds
        .into_iter()
        .find_map(|(stem, kind)| Some((name.strip_prefix(stem)?, kind)))?;
    let own = |zone: &super::zones::Zone| !matches!(zone.density, Link::Same(_)) && zone.suffix() == suffix;
    (suffix.is_empty() || zones.all.iter().any(own)).then_some(kind)
}

/// Cuts every prior on a temperature or density without bounds to the range of the preset.
pub(super) fn cut_to_range(priors: &mut BTreeMap<String, Prior>, zones: &Zones, preset: Preset) {
    for (name, prior) in priors {
        if let Some(kind) = kind(name, zones) {
            *prior = cut(*prior, kind, preset);
        }
    }
}

/// Cuts a prior without bounds to those of the preset.
pub(super) fn cut(prior: Prior, kind: Kind, preset: Preset) -> Prior {
    let (least, most) = preset.log_ne_range();
    let (lower, upper) = match kind {
        Kind::Temperature => preset.t_range(),
        Kind::LogDensity => (least, most),
        Kind::Density => (10_f64.powf(least), 10_f64.powf(most)),
    };
    if prior.fixed.is_some() || prior.family.is_none() {
        return prior;
    }
    Prior {
        lower: prior.lower.or(Some(lower)),
        upper: prior.upper.or(Some(upper)),
        ..prior
    }
}
