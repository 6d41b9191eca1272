//! Slots and coordinates of the quantities that all lines share: extinction, optical depth,
//! absorption and others.

use std::collections::BTreeSet;

use super::{Assembly, SharedSlots};
use crate::error::Result;
use crate::line::Ion;
use crate::model::code::SlotKind;
use crate::model::record::Slot;
use crate::problem::likelihood::Kind;
use crate::problem::preset::{self, Normalisation};
use crate::problem::prior::Prior;
use crate::problem::recipe::RV;
use crate::problem::{Parameter, Source, quantity};

/// Softness of the softplus of each parameter; a_H and a_He in Å. It is about a posterior's width,
/// so the coordinate is straight over the posterior and curves only at zero.
const SOFTNESS: [(&str, f64); 5] = [
    ("cHbeta", 0.05),
    ("tau", 0.5),
    ("xi", 2.0),
    ("a_H", 0.5),
    ("a_He", 0.25),
];

impl<'a> Assembly<'a> {
    /// Prior of the recipe, with the object's own mean and sd.
    pub(super) fn object_prior(&self, name: &str, prior: Prior) -> Result<Prior> {
        let Some(own) = self.object.priors.get(name) else {
            return Ok(prior);
        };
        let mut prior = prior.overridden(name, own.mean, own.sd)?;
        if let Some(kind) = quantity::kind(name, &self.recipe.zones) {
            prior = quantity::cut(prior, kind, self.recipe.settings.preset);
        }
        self.recipe.check_range(name, &prior)?;
        Ok(prior)
    }

    /// Adds a slot, with a coordinate unless it is fixed.
    pub(super) fn push_slot(&mut self, (mut slot, constant): (Slot<f64>, f64)) -> usize {
        if slot.kind != SlotKind::Fixed {
            slot.coordinate = self.dimension;
            self.dimension += 1;
            self.constant += constant;
        }
        self.slots.push(slot);
        self.slots.len() - 1
    }

    pub(super) fn push_parameter(&mut self, name: &str, slot: usize, source: Source, prior: Prior) {
        self.parameters.push(Parameter {
            name: name.into(),
            source,
            coordinate: self.coordinate(slot),
            prior,
        });
    }

    /// Adds the empty slot, the zones, and the parameters that all lines share.
    pub(super) fn add_globals(&mut self) -> Result<()> {
        for name in self.object.priors.keys() {
            self.recipe.check_parameter(name)?;
        }
        self.push_slot((Slot::EMPTY, 0.0));
        self.add_zones()?;
        let helium = self.ions.contains(&Ion::HE1);
        let collisions = self.recipe.settings.collisional_excitation;
        let free_hbeta = self.recipe.normalisation() == Normalisation::Free;
        self.shared = SharedSlots {
            c_hbeta: self.add_positive("cHbeta", self.recipe.reddens())?,
            rv: self.add_quantile(RV, self.recipe.priors.contains_key(RV))?,
            tau: self.add_positive("tau", self.has_optical_depth())?,
            xi: self.add_positive("xi", collisions)?,
            he1_shift: self.add_he1_shift()?,
            a_h: self.add_positive("a_H", self.absorption)?,
            a_he: self.add_positive("a_He", self.absorption && helium)?,
            ln_f_hbeta: self.add_quantile("ln_FHbeta", free_hbeta)?,
            nu: self.add_nu()?,
        };
        self.add_arms()
    }

    /// Adds the amplitude of the shift of He I emissivities, where a line has a shift.
    fn add_he1_shift(&mut self) -> Result<usize> {
        let name = preset::HE1_SHIFT;
        let prior = self.object_prior(name, self.recipe.global(name))?;
        let shift = &self.recipe.set.helium_shift;
        let mut members = self.used.iter().flat_map(|m| &m.line.members);
        let is_shifted = self.recipe.coefficients.is_none() && members.any(|member| shift.contains_key(member));
        self.add_quantile(name, is_shifted && prior.fixed != Some(0.0))
    }

    /// Adds the degrees of freedom of Student's t, held unless they have a prior.
    fn add_nu(&mut self) -> Result<usize> {
        if self.recipe.settings.tables.likelihood.kind != Kind::StudentT {
            return Ok(0);
        }
        if self.recipe.priors.contains_key("nu") || self.object.priors.contains_key("nu") {
            return self.add_quantile("nu", true);
        }
        Ok(self.push_slot(self.recipe.global("nu").slot("nu")?))
    }

    /// Adds the calibration of each arm that has lines.
    fn add_arms(&mut self) -> Result<()> {
        let recipe = self.recipe;
        let arms = self.used.iter().filter_map(|m| recipe.arm(&m.line.members));
        let arms: BTreeSet<&str> = arms.collect();
        for arm in arms {
            let slot = self.add_quantile(&format!("cal_{arm}"), true)?;
            self.arms.push((arm.to_owned(), slot));
        }
        Ok(())
    }

    /// Adds a parameter at or above zero. Returns the empty slot where the parameter is outside the
    /// object's model.
    fn add_positive(&mut self, name: &str, present: bool) -> Result<usize> {
        if !present {
            return Ok(0);
        }
        let prior = self.object_prior(name, self.recipe.global(name))?;
        let softness = SOFTNESS
            .iter()
            .find(|(parameter, _)| *parameter == name)
            .map_or(1.0, |(_, softness)| *softness);
        let slot = self.push_slot(prior.softplus_slot(name, softness)?);
        self.push_parameter(name, slot, Source::Slot(slot), prior);
        Ok(slot)
    }

    /// Adds a parameter that is sampled through its prior's quantiles. Returns the empty slot where
    /// the parameter is outside the object's model.
    fn add_quantile(&mut self, name: &str, present: bool) -> Result<usize> {
        if !present {
            return Ok(0);
        }
        let prior = self.object_prior(name, self.recipe.global(name))?;
        let slot = self.push_slot(prior.slot(name)?);
        self.push_parameter(name, slot, Source::Slot(slot), prior);
        Ok(slot)
    }

    fn has_optical_depth(&self) -> bool {
        let mut labels = self.used.iter().flat_map(|m| self.labels(m));
        labels.any(|label| self.recipe.set.f_tau.coefficients(label).is_some())
    }
}
