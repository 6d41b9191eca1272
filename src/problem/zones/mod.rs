//! Zones of a catalogue: the zone of each ion, and the links of each temperature and density.

mod link;
mod presets;
mod relations;
mod settings;

pub(super) use link::{Follows, Link};
pub use settings::{Form, Related, Rule, Tied, When, Word, ZoneSettings};

use std::collections::{BTreeMap, BTreeSet};

use super::preset::Preset;
use crate::error::{Error, Result, ZoneError};
use crate::line::Ion;
use crate::model::record::MAX_ZONES;

/// Zones without a configuration. The first is also the zone of the H I lines.
pub(super) const LOW: &str = "low";
pub(super) const HIGH: &str = "high";
/// Zone of the recipe.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Zone {
    pub name: String,
    pub temperature: Link,
    pub density: Link,
}

impl Zone {
    /// Name of the temperature.
    pub fn t(&self) -> String {
        format!("T_{}", self.name)
    }

    /// Suffix of `n_e` and `log_ne` in the name of the density.
    pub fn suffix(&self) -> String {
        match self.density {
            Link::Shared => String::new(),
            Link::Own | Link::Same(_) | Link::Follows(_) => format!("_{}", self.name),
        }
    }
}

/// Zones in the order of every file: `low`, `high`, then the others by name.
#[derive(Clone, Debug)]
pub(super) struct Zones {
    pub all: Vec<Zone>,
    /// Zones of the ions that a zone lists.
    listed: BTreeMap<Ion, usize>,
    /// Zones `low` and `high`, where they take the ions that no zone lists.
    low_high: [Option<usize>; 2],
    /// Zone that alone takes the ions that no zone lists.
    rest: Option<usize>,
    preset: Preset,
}

impl Zones {
    /// Zones of `[zones]`, or the preset's. `known` has the ions of the emissivities.
    pub fn new(
        settings: &BTreeMap<String, ZoneSettings>,
        (preset, high_zone, tie_t_low): (Preset, Option<&[String]>, Option<bool>),
        known: &BTreeSet<Ion>,
    ) -> Result<Self> {
        let is_default = settings.is_empty();
        let settings = match high_zone {
            _ if settings.is_empty() => presets::zones(high_zone, preset, known),
            Some(_) => return Err(bad(HIGH, "`ions` in [zones] or `high_zone` in [model], not both")),
            None => settings.clone(),
        };
        let names = ordered(&settings)?;
        let index = |zone: &str, named: &str| find(&names, zone, named);
        let mut all = Vec::with_capacity(names.len());
        for name in &names {
            let zone = &settings[name];
            all.push(Zone {
                name: name.clone(),
                temperature: link::temperature(name, zone.temperature.as_ref(), &index)?,
                density: link::density(name, zone.density.as_ref(), &index)?,
            });
        }
        presets::tie_low(&mut all, &settings, preset, tie_t_low)?;
        if is_default && preset.adapts() && tie_t_low != Some(false) {
            presets::tie_mid(&mut all)?;
        }
        let mut zones = Zones {
            listed: listed(&names, &settings, known)?,
            low_high: [LOW, HIGH].map(|name| names.iter().position(|known| known == name)),
            rest: None,
            all,
            preset,
        };
        zones.take_the_rest(&names, &settings)?;
        for ion in known {
            zones
                .assigned(*ion)
                .ok_or_else(|| Error::Zone(ZoneError::HomelessIon { ion: ion.to_string() }))?;
        }
        parents_first(&zones.all, |z| &zones.all[z].temperature)?;
        parents_first(&zones.all, |z| &zones.all[z].density)?;
        Ok(zones)
    }

    /// Sets the zones for the ions that no zone lists: the one zone without `ions`, or `low` and
    /// `high`.
    fn take_the_rest(&mut self, names: &[String], settings: &BTreeMap<String, ZoneSettings>) -> Result<()> {
        let open: Vec<usize> = (0..names.len())
            .filter(|&z| settings[&names[z]].ions.is_none())
            .collect();
        if let &[only] = &open[..] {
            self.rest = Some(only);
            self.low_high = [None; 2];
            return Ok(());
        }
        let other = open.iter().find(|&&z| ![LOW, HIGH].contains(&names[z].as_str()));
        other.map_or(Ok(()), |&z| {
            Err(bad(&names[z], "`ions`: only one zone goes without, or low and high"))
        })
    }

    /// Zone of an ion.
    pub fn zone_of(&self, ion: Ion) -> usize {
        self.assigned(ion).unwrap_or(0)
    }

    /// Zone that owns the temperature of zone `z`: itself, or the zone that it is tied to.
    pub fn temperature_owner(&self, z: usize) -> usize {
        self.owner(z, |zone| &zone.temperature)
    }

    /// Zone that owns the density of zone `z`: itself, or the zone that it is tied to.
    pub fn density_owner(&self, z: usize) -> usize {
        self.owner(z, |zone| &zone.density)
    }

    fn owner(&self, mut z: usize, link: fn(&Zone) -> &Link) -> usize {
        while let Link::Same(other) = link(&self.all[z]) {
            z = *other;
        }
        z
    }

    fn assigned(&self, ion: Ion) -> Option<usize> {
        let [low, high] = self.low_high;
        let by_default = if self.preset.is_high(ion) { high } else { low };
        let hydrogen = || (ion == Ion::H1).then_some(0);
        self.listed
            .get(&ion)
            .copied()
            .or_else(hydrogen)
            .or(by_default)
            .or(self.rest)
    }

    /// Zones in an order with parents first, along the links that `link` gives.
    pub fn parents_first<'l>(&self, link: impl Fn(usize) -> &'l Link) -> Vec<usize> {
        parents_first(&self.all, link).unwrap_or_default()
    }

    /// Zone with a temperature of this name.
    pub fn with_temperature(&self, name: &str) -> Option<&Zone> {
        self.all.iter().find(|zone| name.strip_prefix("T_") == Some(&zone.name))
    }
}

fn bad(zone: &str, expected: &'static str) -> Error {
    Error::Zone(ZoneError::BadZone {
        zone: zone.into(),
        expected,
    })
}

/// Names in the order of every file.
fn ordered(settings: &BTreeMap<String, ZoneSettings>) -> Result<Vec<String>> {
    if settings.len() > MAX_ZONES {
        return Err(Error::Zone(ZoneError::TooManyZones {
            found: settings.len(),
            most: MAX_ZONES,
        }));
    }
    let mut names: Vec<String> = settings.keys().cloned().collect();
    let word = |name: &&String| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if let Some(name) = names.iter().find(|name| !word(name)) {
        return Err(bad(name, "a name of letters, digits and _"));
    }
    names.sort_by_key(|name| (name != LOW, name != HIGH, name.clone()));
    Ok(names)
}

fn find(names: &[String], zone: &str, named: &str) -> Result<usize> {
    names.iter().position(|name| name == named).ok_or_else(|| {
        Error::Zone(ZoneError::UnknownZone {
            zone: zone.into(),
            named: named.into(),
            known: names.join(", "),
        })
    })
}

fn listed(
    names: &[String],
    settings: &BTreeMap<String, ZoneSettings>,
    known: &BTreeSet<Ion>,
) -> Result<BTreeMap<Ion, usize>> {
    let mut listed = BTreeMap::new();
    for (z, name) in names.iter().enumerate() {
        for ion in settings[name].ions.iter().flatten() {
            let ion: Ion = ion.parse()?;
            if !known.contains(&ion) {
                return Err(Error::Zone(ZoneError::IonWithoutLines { ion: ion.to_string() }));
            }
            if let Some(first) = listed.insert(ion, z) {
                return Err(Error::Zone(ZoneError::IonInTwoZones {
                    ion: ion.to_string(),
                    first: names[first].clone(),
                    second: name.clone(),
                }));
            }
        }
    }
    Ok(listed)
}

/// Zones with parents before children; an error where the links make a circle.
fn parents_first<'l>(all: &[Zone], link: impl Fn(usize) -> &'l Link) -> Result<Vec<usize>> {
    let mut order: Vec<usize> = Vec::with_capacity(all.len());
    while order.len() < all.len() {
        let ready = |z: &usize| !order.contains(z) && link(*z).parent().is_none_or(|p| order.contains(&p));
        let Some(next) = (0..all.len()).find(ready) else {
            let caught = (0..all.len()).filter(|z| !order.contains(z));
            return Err(Error::Zone(ZoneError::ZoneCycle {
                zones: caught.map(|z| all[z].name.as_str()).collect::<Vec<_>>().join(", "),
            }));
        };
        order.push(next);
    }
    Ok(order)
}
