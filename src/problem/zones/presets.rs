//! Zones and relations of the presets, where the user configures none.

use std::collections::{BTreeMap, BTreeSet};

use super::link::{SCATTER, by_name};
use super::{HIGH, LOW, Zone, ZoneSettings, bad};
use crate::error::Result;
use crate::line::Ion;
use crate::problem::preset::Preset;

/// Zone between them with preset `default`, and its ions (Izotov et al. 2006, A&A 448, 955).
const MID: &str = "mid";
const MID_IONS: [&str; 3] = ["S3", "Ar3", "Cl3"];
/// Scatter \[K\] of T_low and T_mid around their relations to T_high with preset `default`.
/// `tools/defaults.py` measures it: with 1000 K a relation still pulls the measured T[S III] of hot
/// regions.
const PRESET_SCATTER: f64 = 1500.0;

/// Zones `low` and `high`, with the ions of `high_zone` in `high`. Without such a list, preset
/// `default` has `mid` between them.
pub(super) fn zones(
    high_zone: Option<&[String]>,
    preset: Preset,
    known: &BTreeSet<Ion>,
) -> BTreeMap<String, ZoneSettings> {
    let with_ions = |ions: Option<Vec<String>>| ZoneSettings {
        ions,
        ..ZoneSettings::default()
    };
    let mut zones = BTreeMap::from([
        (LOW.to_owned(), ZoneSettings::default()),
        (HIGH.to_owned(), with_ions(high_zone.map(<[String]>::to_vec))),
    ]);
    if high_zone.is_none() && preset.adapts() {
        let has_lines = |ion: &&&str| ion.parse().is_ok_and(|ion: Ion| known.contains(&ion));
        let ions = MID_IONS.iter().filter(has_lines).map(|&ion| ion.to_owned());
        zones.insert(MID.to_owned(), with_ions(Some(ions.collect())));
    }
    zones
}

/// Ties T_low to T_high by Garnett (1992), where `tie_T_low` or a preset that adapts says so.
pub(super) fn tie_low(
    all: &mut [Zone],
    settings: &BTreeMap<String, ZoneSettings>,
    preset: Preset,
    tie_t_low: Option<bool>,
) -> Result<()> {
    let index = |name: &str| all.iter().position(|zone| zone.name == name);
    let (low, high) = (index(LOW), index(HIGH));
    let written = settings.get(LOW).is_some_and(|zone| zone.temperature.is_some());
    let (Some(low), Some(high), false) = (low, high, written) else {
        return match tie_t_low {
            Some(_) => Err(bad(
                LOW,
                "its `temperature`, or `tie_T_low` with zones low and high, not both",
            )),
            None => Ok(()),
        };
    };
    let is_parent = all[high].temperature.parent() == Some(low);
    all[low].temperature = match tie_t_low {
        Some(true) => by_name(LOW, "garnett1992", high, SCATTER, false)?,
        None if preset.adapts() && !is_parent => by_name(LOW, "garnett1992", high, PRESET_SCATTER, true)?,
        _ => return Ok(()),
    };
    Ok(())
}

/// Ties T_mid of the preset's zone to T_high by Garnett (1992).
pub(super) fn tie_mid(all: &mut [Zone]) -> Result<()> {
    let index = |name: &str| all.iter().position(|zone| zone.name == name);
    if let (Some(mid), Some(high)) = (index(MID), index(HIGH)) {
        all[mid].temperature = by_name(MID, "garnett1992-s3", high, PRESET_SCATTER, true)?;
    }
    Ok(())
}
