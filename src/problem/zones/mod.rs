//! Zones resolved once for a catalogue: which ion lives where, and what each temperature and density follows.

mod relations;
mod settings;

pub(super) use relations::Relation;
pub use settings::{Form, Related, Rule, Tied, When, Word, ZoneSettings};

use std::collections::{BTreeMap, BTreeSet};

use super::preset::Preset;
use crate::error::{Error, Result};
use crate::line::Ion;
use crate::model::code::RelationForm;
use crate::model::record::MAX_ZONES;

/// The zones where none are configured, the first also that of the H I lines.
pub(super) const LOW: &str = "low";
pub(super) const HIGH: &str = "high";
/// The zone between them, with preset `default`, and its ions (Izotov et al. 2006, A&A 448, 955).
const MID: &str = "mid";
const MID_IONS: [&str; 3] = ["S3", "Ar3", "Cl3"];
/// Scatter \[K\] of a temperature around its relation where none is given: that of measured low-zone temperatures around
/// Garnett's (1992) relation, which the other papers' samples do not beat.
pub(super) const SCATTER: f64 = 1000.0;
/// Scatter \[K\] of T_low and T_mid around their relations to T_high with preset `default`. `tools/defaults.py` measures it:
/// with 1000 K a relation still pulls the measured T[S III] of hot regions.
const PRESET_SCATTER: f64 = 1500.0;
/// Scatter \[dex\] of a density around its relation where none is given.
const DENSITY_SCATTER: f64 = 0.3;

/// What a zone's temperature or density follows, by the zones' places.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Link {
    /// Nothing: a parameter of its own.
    Own,
    /// The density shared by all zones of this kind.
    Shared,
    /// Another zone's, the same slot.
    Same(usize),
    /// Another zone's, through a relation.
    Follows(Follows),
}

/// A relation to another zone.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Follows {
    pub from: usize,
    pub relation: Relation,
    pub scatter: f64,
    pub when: When,
    /// Whether the preset chose it, so that a prior that the user wrote wins.
    pub by_preset: bool,
}

impl Link {
    /// The zone that this one needs.
    pub fn parent(&self) -> Option<usize> {
        match self {
            Link::Own | Link::Shared => None,
            Link::Same(parent) => Some(*parent),
            Link::Follows(follows) => Some(follows.from),
        }
    }
}

/// One zone.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Zone {
    pub name: String,
    pub temperature: Link,
    pub density: Link,
}

impl Zone {
    /// The name of its temperature.
    pub fn t(&self) -> String {
        format!("T_{}", self.name)
    }

    /// What follows `n_e` and `log_ne` in the name of its density.
    pub fn suffix(&self) -> String {
        match self.density {
            Link::Shared => String::new(),
            Link::Own | Link::Same(_) | Link::Follows(_) => format!("_{}", self.name),
        }
    }
}

/// All zones: `low`, `high`, then the others by name.
#[derive(Clone, Debug)]
pub(super) struct Zones {
    pub all: Vec<Zone>,
    /// Zones of the ions that a zone lists.
    listed: BTreeMap<Ion, usize>,
    /// The zones `low` and `high`, as far as they take ions that none lists.
    low_high: [Option<usize>; 2],
    /// The only zone that takes what is left.
    rest: Option<usize>,
    preset: Preset,
}

impl Zones {
    /// The zones of `[zones]`, or the preset's; `known` are the ions of the emissivities.
    pub fn new(
        settings: &BTreeMap<String, ZoneSettings>,
        (preset, high_zone, tie_t_low): (Preset, Option<&[String]>, Option<bool>),
        known: &BTreeSet<Ion>,
    ) -> Result<Self> {
        let is_default = settings.is_empty();
        let settings = match high_zone {
            _ if settings.is_empty() => default_zones(high_zone, preset, known),
            Some(_) => return Err(bad(HIGH, "`ions` in [zones] or `high_zone` in [model], not both")),
            None => settings.clone(),
        };
        let names = ordered(&settings)?;
        let place = |zone: &str, named: &str| find(&names, zone, named);
        let mut all = Vec::with_capacity(names.len());
        for name in &names {
            let zone = &settings[name];
            all.push(Zone {
                name: name.clone(),
                temperature: temperature(name, zone.temperature.as_ref(), &place)?,
                density: density(name, zone.density.as_ref(), &place)?,
            });
        }
        tie_low(&mut all, &settings, preset, tie_t_low)?;
        if is_default && preset.adapts() && tie_t_low != Some(false) {
            tie_mid(&mut all)?;
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
                .place(*ion)
                .ok_or_else(|| Error::HomelessIon { ion: ion.to_string() })?;
        }
        parents_first(&zones.all, |z| &zones.all[z].temperature)?;
        parents_first(&zones.all, |z| &zones.all[z].density)?;
        Ok(zones)
    }

    /// Which zones take the ions that none lists: the one without `ions`, or `low` and `high` as by default.
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

    /// The zone of an ion.
    pub fn of(&self, ion: Ion) -> usize {
        self.place(ion).unwrap_or(0)
    }

    /// The zone whose temperature a zone has: itself, or the one that it is tied to.
    pub fn temperature_owner(&self, z: usize) -> usize {
        self.owner(z, |zone| &zone.temperature)
    }

    /// The zone whose density a zone has: itself, or the one that it is tied to.
    pub fn density_owner(&self, z: usize) -> usize {
        self.owner(z, |zone| &zone.density)
    }

    fn owner(&self, mut z: usize, link: fn(&Zone) -> &Link) -> usize {
        while let Link::Same(other) = link(&self.all[z]) {
            z = *other;
        }
        z
    }

    fn place(&self, ion: Ion) -> Option<usize> {
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

    /// All zones in an order that has parents first; by what each follows.
    pub fn parents_first<'l>(&self, link: impl Fn(usize) -> &'l Link) -> Vec<usize> {
        parents_first(&self.all, link).unwrap_or_default()
    }

    /// A zone by the name of its temperature.
    pub fn of_temperature(&self, name: &str) -> Option<&Zone> {
        self.all.iter().find(|zone| name.strip_prefix("T_") == Some(&zone.name))
    }
}

fn bad(zone: &str, expected: &'static str) -> Error {
    Error::BadZone {
        zone: zone.into(),
        expected,
    }
}

/// `low` and `high`, with the ions of `high_zone` in the latter; without such a list `default` has `mid` between them.
fn default_zones(
    high_zone: Option<&[String]>,
    preset: Preset,
    known: &BTreeSet<Ion>,
) -> BTreeMap<String, ZoneSettings> {
    let of_ions = |ions: Option<Vec<String>>| ZoneSettings {
        ions,
        ..ZoneSettings::default()
    };
    let mut zones = BTreeMap::from([
        (LOW.to_owned(), ZoneSettings::default()),
        (HIGH.to_owned(), of_ions(high_zone.map(<[String]>::to_vec))),
    ]);
    if high_zone.is_none() && preset.adapts() {
        let has_lines = |ion: &&&str| ion.parse().is_ok_and(|ion: Ion| known.contains(&ion));
        let ions = MID_IONS.iter().filter(has_lines).map(|&ion| ion.to_owned());
        zones.insert(MID.to_owned(), of_ions(Some(ions.collect())));
    }
    zones
}

/// The names in the order of every file.
fn ordered(settings: &BTreeMap<String, ZoneSettings>) -> Result<Vec<String>> {
    if settings.len() > MAX_ZONES {
        return Err(Error::TooManyZones {
            found: settings.len(),
            most: MAX_ZONES,
        });
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
    names
        .iter()
        .position(|name| name == named)
        .ok_or_else(|| Error::UnknownZone {
            zone: zone.into(),
            named: named.into(),
            known: names.join(", "),
        })
}

fn listed(
    names: &[String],
    settings: &BTreeMap<String, ZoneSettings>,
    known: &BTreeSet<Ion>,
) -> Result<BTreeMap<Ion, usize>> {
    let mut listed = BTreeMap::new();
    for (place, name) in names.iter().enumerate() {
        for ion in settings[name].ions.iter().flatten() {
            let ion: Ion = ion.parse()?;
            if !known.contains(&ion) {
                return Err(Error::IonWithoutLines { ion: ion.to_string() });
            }
            if let Some(first) = listed.insert(ion, place) {
                return Err(Error::IonInTwoZones {
                    ion: ion.to_string(),
                    first: names[first].clone(),
                    second: name.clone(),
                });
            }
        }
    }
    Ok(listed)
}

type Place<'a> = &'a dyn Fn(&str, &str) -> Result<usize>;

fn temperature(zone: &str, rule: Option<&Rule>, place: Place<'_>) -> Result<Link> {
    match rule {
        None | Some(Rule::Word(Word::Free)) => Ok(Link::Own),
        Some(Rule::Word(Word::Shared)) => Err(bad(zone, "a temperature that is \"free\", tied or by a relation")),
        Some(Rule::Tied(Tied { tied })) => Ok(Link::Same(place(zone, tied)?)),
        Some(Rule::Related(related)) => {
            let relation = match (&related.relation, related.slope, related.intercept, related.form) {
                (Some(name), None, None, None) => Relation::named(zone, name)?,
                (None, Some(slope), Some(intercept), form) => Relation {
                    name: "custom".into(),
                    form: if form == Some(Form::Inverse) {
                        RelationForm::Inverse
                    } else {
                        RelationForm::Linear
                    },
                    slope,
                    intercept,
                    range: None,
                },
                _ => return Err(bad(zone, "`relation` alone, or both `slope` and `intercept`")),
            };
            follows(zone, related, relation, SCATTER, place)
        }
    }
}

fn density(zone: &str, rule: Option<&Rule>, place: Place<'_>) -> Result<Link> {
    match rule {
        None | Some(Rule::Word(Word::Shared)) => Ok(Link::Shared),
        Some(Rule::Word(Word::Free)) => Ok(Link::Own),
        Some(Rule::Tied(Tied { tied })) => Ok(Link::Same(place(zone, tied)?)),
        Some(Rule::Related(related)) => match (&related.relation, related.slope, related.intercept, related.form) {
            (None, Some(slope), Some(intercept), None) if related.when == When::Always => {
                let relation = Relation {
                    name: "custom".into(),
                    form: RelationForm::Linear,
                    slope,
                    intercept,
                    range: None,
                };
                follows(zone, related, relation, DENSITY_SCATTER, place)
            }
            _ => Err(bad(
                zone,
                "a relation of its density by `slope` and `intercept` of log10 n_e, for all objects",
            )),
        },
    }
}

fn follows(zone: &str, related: &Related, relation: Relation, scatter: f64, place: Place<'_>) -> Result<Link> {
    let scatter = related.scatter.unwrap_or(scatter);
    if !(scatter > 0.0 && scatter.is_finite() && relation.slope.is_finite() && relation.intercept.is_finite()) {
        return Err(bad(zone, "finite `slope` and `intercept`, and `scatter` > 0"));
    }
    Ok(Link::Follows(Follows {
        from: place(zone, &related.from)?,
        relation,
        scatter,
        when: related.when,
        by_preset: false,
    }))
}

/// T_low follows T_high by Garnett (1992): as `tie_T_low` says, else where the preset adapts.
fn tie_low(
    all: &mut [Zone],
    settings: &BTreeMap<String, ZoneSettings>,
    preset: Preset,
    tie_t_low: Option<bool>,
) -> Result<()> {
    let place = |name: &str| all.iter().position(|zone| zone.name == name);
    let (low, high) = (place(LOW), place(HIGH));
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

/// T_mid of the preset's zone follows T_high by Garnett (1992).
fn tie_mid(all: &mut [Zone]) -> Result<()> {
    let place = |name: &str| all.iter().position(|zone| zone.name == name);
    if let (Some(mid), Some(high)) = (place(MID), place(HIGH)) {
        all[mid].temperature = by_name(MID, "garnett1992-s3", high, PRESET_SCATTER, true)?;
    }
    Ok(())
}

fn by_name(zone: &str, relation: &str, from: usize, scatter: f64, by_preset: bool) -> Result<Link> {
    Ok(Link::Follows(Follows {
        from,
        relation: Relation::named(zone, relation)?,
        scatter,
        when: When::Always,
        by_preset,
    }))
}

/// All zones with parents before children.
fn parents_first<'l>(all: &[Zone], link: impl Fn(usize) -> &'l Link) -> Result<Vec<usize>> {
    let mut order: Vec<usize> = Vec::with_capacity(all.len());
    while order.len() < all.len() {
        let ready = |z: &usize| !order.contains(z) && link(*z).parent().is_none_or(|p| order.contains(&p));
        let Some(next) = (0..all.len()).find(ready) else {
            let caught = (0..all.len()).filter(|z| !order.contains(z));
            return Err(Error::ZoneCycle {
                zones: caught.map(|z| all[z].name.as_str()).collect::<Vec<_>>().join(", "),
            });
        };
        order.push(next);
    }
    Ok(order)
}
