//! Temperatures and densities of an object's zones: free, shared, tied, or near a relation.

use super::Assembly;
use crate::error::Result;
use crate::flag::{Code, Flag};
use crate::line::Ion;
use crate::model::code::RelationForm;
use crate::model::code::SlotKind;
use crate::model::record::NONE;
use crate::problem::DETECTION;
use crate::problem::preset::{DensityPrior, LOG_NE_SD};
use crate::problem::prior::Prior;
use crate::problem::zones::{Follows, HIGH, LOW, Link, When};
use crate::problem::{RangedRelation, Source, quantity};

impl<'a> Assembly<'a> {
    /// Adds the zones of the object's ions, the zones that these follow, and `low` and `high`.
    /// Densities come first, then temperatures, each after the one that it follows.
    pub(super) fn add_zones(&mut self) -> Result<()> {
        let zones = &self.recipe.zones;
        let mut present = vec![false; zones.all.len()];
        for &ion in self.ions.iter().chain(&self.recombining_ions()) {
            present[zones.zone_of(ion)] = true;
        }
        for (z, zone) in zones.all.iter().enumerate() {
            present[z] |= [LOW, HIGH].contains(&zone.name.as_str());
        }
        for _ in 0..zones.all.len() {
            for z in 0..zones.all.len() {
                let parents = [&zones.all[z].temperature, &zones.all[z].density].map(Link::parent);
                for parent in parents.into_iter().flatten() {
                    present[parent] |= present[z];
                }
            }
        }
        let mut slots = vec![[0, 0]; zones.all.len()];
        let mut shared = None;
        for z in zones
            .parents_first(|z| &zones.all[z].density)
            .into_iter()
            .filter(|&z| present[z])
        {
            slots[z][1] = self.density_slot(z, &slots, &mut shared)?;
        }
        let thermometers: Vec<bool> = (0..zones.all.len())
            .map(|z| present[z] && self.has_thermometer(&slots, z))
            .collect();
        let order = zones.parents_first(|z| &zones.all[z].temperature);
        for z in order.into_iter().filter(|&z| present[z]) {
            slots[z][0] = self.temperature_slot(z, &slots, thermometers[z])?;
        }
        self.zones = (0..zones.all.len())
            .filter(|&z| present[z])
            .map(|z| (z, slots[z]))
            .collect();
        Ok(())
    }

    /// True if the lines of a zone's ions measure its temperature. The signal-to-noise is kept.
    fn has_thermometer(&mut self, slots: &[[usize; 2]], z: usize) -> bool {
        let zones = &self.recipe.zones;
        let same_temperature = |ion: Ion| zones.temperature_owner(zones.zone_of(ion)) == zones.temperature_owner(z);
        let same_density = |ion: Ion| slots[zones.zone_of(ion)][1] == slots[z][1];
        let sn = self.temperature_sn(&same_temperature, &same_density);
        if zones.temperature_owner(z) == z {
            self.snr.push((zones.all[z].t(), sn));
        }
        sn >= DETECTION
    }

    /// True if the user wrote a prior of this temperature, for all objects or for this one.
    pub(super) fn is_written(&self, name: &str) -> bool {
        self.recipe.priors.contains_key(name) || self.object.priors.contains_key(name)
    }

    fn temperature_slot(&mut self, z: usize, slots: &[[usize; 2]], thermometer: bool) -> Result<usize> {
        let zone = &self.recipe.zones.all[z];
        let follows = match &zone.temperature {
            Link::Same(other) => return Ok(slots[*other][0]),
            Link::Follows(follows) => Some(follows.clone()),
            Link::Own | Link::Shared => None,
        };
        let name = zone.t();
        let prior = self.object_prior(&name, self.recipe.global(&name))?;
        let written = self.recipe.priors.contains_key(&name);
        let holds = |follows: &Follows| {
            prior.fixed.is_none()
                && !self.object.priors.contains_key(&name)
                && !(follows.by_preset && written)
                && (follows.when == When::Always || !thermometer)
        };
        let (prior, slot) = match follows.filter(holds) {
            Some(follows) => {
                if !(follows.by_preset && thermometer) {
                    let tied = format!("{name}:{}", follows.relation.name);
                    self.flags.push(Flag::about(Code::Tied, tied));
                }
                self.related_temperature(prior, &follows, slots, z)
            }
            None => (prior, prior.slot(&name)?),
        };
        let slot = self.push_slot(slot);
        self.push_parameter(&name, slot, Source::Slot(slot), prior);
        Ok(slot)
    }

    /// Prior and slot of a temperature near a relation: Normal(relation, scatter), with the cuts of
    /// `prior`.
    fn related_temperature(
        &self,
        prior: Prior,
        follows: &Follows,
        slots: &[[usize; 2]],
        z: usize,
    ) -> (Prior, (crate::model::record::Slot<f64>, f64)) {
        let relation = &follows.relation;
        let (lower, upper) = prior.support();
        let prior = Prior::normal(relation.at_reference(), follows.scatter).cut(lower, upper);
        let (mut slot, constant) = prior.quantile_slot();
        (slot.location, slot.slope) = relation.in_kelvin();
        slot.relation = relation.form;
        slot.parent = slots[follows.from][0] as u32;
        if relation.form == RelationForm::PerezMontero2009 {
            slot.density = slots[z][1] as u32;
        }
        (prior, (slot, constant))
    }

    fn density_slot(&mut self, z: usize, slots: &[[usize; 2]], shared: &mut Option<usize>) -> Result<usize> {
        let zones = &self.recipe.zones;
        let zone = &zones.all[z];
        let suffix = zone.suffix();
        match &zone.density {
            Link::Same(other) => Ok(slots[*other][1]),
            Link::Follows(follows) => {
                self.measure_density(&suffix, &|other| other == z);
                self.related_density(&suffix, follows, slots)
            }
            Link::Own => self.add_density(&suffix, &|other| zones.density_owner(other) == z),
            Link::Shared => {
                let slot = match *shared {
                    Some(slot) => slot,
                    None => self.add_density("", &|other| zones.all[zones.density_owner(other)].suffix().is_empty())?,
                };
                *shared = Some(slot);
                Ok(slot)
            }
        }
    }

    /// True if the lines in the zones of `includes` measure their density. The signal-to-noise is
    /// kept.
    fn measure_density(&mut self, suffix: &str, includes: &dyn Fn(usize) -> bool) -> bool {
        let zones = &self.recipe.zones;
        let sn = self.density_sn(&|ion| includes(zones.zone_of(ion)));
        self.snr.push((format!("n_e{suffix}"), sn));
        sn >= DETECTION
    }

    /// Adds a density with a prior of its own, for the zones of `includes`. Where no ratio measures
    /// it and the preset adapts, the prior is the preset's narrow one.
    fn add_density(&mut self, suffix: &str, includes: &dyn Fn(usize) -> bool) -> Result<usize> {
        let recipe = self.recipe;
        let measured = self.measure_density(suffix, includes);
        let names = ["n_e", "log_ne"].map(|name| format!("{name}{suffix}"));
        let own = names.iter().find(|name| self.object.priors.contains_key(*name));
        let (mut density, written) = recipe.density(suffix);
        if let DensityPrior::Log(prior) = &mut density
            && own.is_none()
            && !written
            && recipe.settings.preset.adapts()
            && !measured
        {
            prior.sd = Some(LOG_NE_SD.1);
            let subject = if suffix.is_empty() { "" } else { &names[0] };
            self.flags.push(Flag::about(Code::NoDensityLine, subject));
        }
        if let Some(name) = own {
            density = density.on_scale(*name == names[1]);
        }
        let (name, prior, log10) = match density {
            DensityPrior::Log(prior) => (&names[1], prior, 0),
            DensityPrior::Linear(prior) => (&names[0], prior, 1),
        };
        let prior = self.object_prior(name, prior)?;
        let (mut slot, mut constant) = prior.slot(name)?;
        slot.log10 = log10;
        constant += self.measure_low_snr_density(&mut slot, includes);
        let slot = self.push_slot((slot, constant));
        self.push_parameter(&names[0], slot, Source::Exp10Slot(slot), prior);
        Ok(slot)
    }

    /// Adds a density near a relation: log₁₀ n_e ~ Normal(relation, scatter), inside the support of
    /// the density's prior.
    fn related_density(&mut self, suffix: &str, follows: &Follows, slots: &[[usize; 2]]) -> Result<usize> {
        let (density, _) = self.recipe.density(suffix);
        let (DensityPrior::Log(bounds) | DensityPrior::Linear(bounds)) = density.on_scale(true);
        let (lower, upper) = quantity::cut(bounds, quantity::Kind::LogDensity, self.recipe.settings.preset).support();
        let relation = &follows.relation;
        let at_100 = relation.intercept + relation.slope * 2.0;
        let prior = Prior::normal(at_100, follows.scatter).cut(lower, upper);
        let (mut slot, constant) = prior.quantile_slot();
        (slot.location, slot.slope) = (relation.intercept, relation.slope);
        slot.parent = slots[follows.from][1] as u32;
        let slot = self.push_slot((slot, constant));
        self.push_parameter(&format!("n_e{suffix}"), slot, Source::Exp10Slot(slot), prior);
        Ok(slot)
    }

    /// Rule of a zone's temperature, in words.
    pub(super) fn rule(&self, z: usize, slot: usize, temperature: &str) -> String {
        let zones = &self.recipe.zones.all;
        match (&zones[z].temperature, self.relation_in_force(z, slot)) {
            (Link::Same(_), _) => format!("that of {temperature}"),
            (_, Some(follows)) => {
                let parent = zones[follows.from].t();
                let formula = follows.relation.formula(&parent);
                let scatter = follows.scatter.round();
                format!("{}: {formula}, scatter {scatter} K", follows.relation.name)
            }
            (Link::Follows(_) | Link::Own | Link::Shared, None) => "free".to_owned(),
        }
    }

    /// Relation of a zone's temperature, where its range is known.
    pub(super) fn ranged_relation(&self, z: usize, slot: usize) -> Option<RangedRelation> {
        let zones = &self.recipe.zones;
        let follows = self.relation_in_force(z, slot)?;
        Some(RangedRelation {
            name: follows.relation.name.clone(),
            parent: zones.all[zones.temperature_owner(follows.from)].t(),
            range: follows.relation.range?,
        })
    }

    /// Relation that a zone's temperature follows in this object.
    fn relation_in_force(&self, z: usize, slot: usize) -> Option<&Follows> {
        let slot = &self.slots[slot];
        match &self.recipe.zones.all[z].temperature {
            Link::Follows(follows) if slot.kind == SlotKind::Quantile && slot.parent != NONE => Some(follows),
            Link::Follows(_) | Link::Same(_) | Link::Own | Link::Shared => None,
        }
    }
}
