//! Slots and coordinates: temperatures, density, extinction and the other quantities that lines share, then the ions.

use super::Builder;
use crate::error::Result;
use crate::flag::{Code, Flag};
use crate::line::Ion;
use crate::model::ABUNDANCE_ZERO;
use crate::problem::preset::{DensityPrior, LOG_NE_SD, Normalisation, T_LOW_RELATION};
use crate::problem::prior::{EMPTY, Prior};
use crate::problem::{Parameter, Source, lines};
use crate::shared::layout::{FIXED, FLUX, IonRecord, NONE, SLOT_LINEAR, SLOT_LOG10, Slot, UNITY};

/// Softness of the softplus of cHbeta, tau, a_H \[Å\] and a_He \[Å\]: about a posterior's width, so that the coordinate is straight
/// where the posterior is and bends only at zero.
const SOFTNESS: [(&str, f64); 4] = [("cHbeta", 0.05), ("tau", 0.5), ("a_H", 0.5), ("a_He", 0.25)];
/// The zones, low and high.
const LOW: u32 = 0;
const HIGH: u32 = 1;
const LN_10: f64 = std::f64::consts::LN_10;

impl<'a> Builder<'a> {
    /// A prior of the recipe with the object's own mean and sd.
    fn own(&self, name: &str, prior: Prior) -> Result<Prior> {
        let Some(own) = self.object.priors.get(name) else {
            return Ok(prior);
        };
        let own = prior.overridden(name, own.mean, own.sd)?;
        self.recipe.check_range(name, &own)?;
        Ok(own)
    }

    /// Adds a slot and gives it a coordinate unless it is fixed.
    fn push_slot(&mut self, (mut slot, constant): (Slot<f64>, f64)) -> usize {
        if slot.kind != FIXED {
            slot.coordinate = self.dimension;
            self.dimension += 1;
            self.constant += constant;
        }
        self.slots.push(slot);
        self.slots.len() - 1
    }

    fn push_parameter(&mut self, name: &str, slot: usize, source: Source, prior: Prior) {
        let coordinate = self.slots[slot].coordinate;
        self.parameters.push(Parameter {
            name: name.into(),
            source,
            coordinate: (coordinate != NONE).then_some(coordinate as usize),
            prior,
        });
    }

    /// T_high, T_low, n_e, cHbeta, tau, a_H, a_He and ln F(Hβ), as slots 0 to 7.
    pub(super) fn add_globals(&mut self) -> Result<()> {
        let detected = self.detected();
        let recipe = self.recipe;
        for name in self.object.priors.keys() {
            recipe.check_parameter(name)?;
        }
        let density_line = lines::has_density_pair(&detected);
        let low = |ion: &str| ion.parse().is_ok_and(|ion| !recipe.is_high(ion));
        let thermometer = lines::has_low_thermometer(&detected, low, density_line);

        let high = self.own("T_high", recipe.global("T_high"))?;
        let high_slot = self.push_slot(high.quantile_slot());
        let low = self.own("T_low", recipe.global("T_low"))?;
        let written = recipe.priors.contains_key("T_low");
        let tied = low.fixed.is_none()
            && !self.object.priors.contains_key("T_low")
            && recipe
                .settings
                .tie_t_low
                .unwrap_or(recipe.settings.preset.adapts() && !thermometer && !written);
        let (low, slot) = if tied {
            self.tied_slot(low, high_slot)
        } else {
            (low, low.quantile_slot())
        };
        let low_slot = self.push_slot(slot);
        self.push_parameter("T_low", low_slot, Source::Slot(low_slot), low);
        self.push_parameter("T_high", high_slot, Source::Slot(high_slot), high);
        self.add_density(density_line)?;
        self.add_softplus("cHbeta", recipe.law != crate::extinction::Law::None)?;
        self.add_softplus("tau", self.has_optical_depth())?;
        self.add_softplus("a_H", self.absorption)?;
        self.add_softplus("a_He", self.absorption && self.ions.contains(&Ion::HE1))?;
        if recipe.normalisation() == Normalisation::Free {
            let prior = self.own("ln_FHbeta", recipe.global("ln_FHbeta"))?;
            let slot = self.push_slot(prior.quantile_slot());
            self.push_parameter("ln_FHbeta", slot, Source::Slot(slot), prior);
        } else {
            self.push_slot((EMPTY, 0.0));
        }
        self.push_slot((EMPTY, 0.0)); // NOTHING
        Ok(())
    }

    /// T_low ~ Normal(0.7 T_high + 3000 K, 1000 K), cut as `prior` is.
    fn tied_slot(&mut self, prior: Prior, parent: usize) -> (Prior, (Slot<f64>, f64)) {
        let (slope, offset, sd) = T_LOW_RELATION;
        let (lower, upper) = prior.support();
        let prior = Prior::normal(offset, sd).cut(lower, upper);
        let (mut slot, constant) = prior.quantile_slot();
        slot.parent = parent as u32;
        slot.slope = slope;
        self.flags.push(Flag::about(Code::Tied, "T_low"));
        (prior, (slot, constant))
    }

    fn add_density(&mut self, density_line: bool) -> Result<()> {
        let recipe = self.recipe;
        let own = ["n_e", "log_ne"]
            .into_iter()
            .find(|name| self.object.priors.contains_key(*name));
        let preset_prior = !recipe.priors.contains_key("n_e") && !recipe.priors.contains_key("log_ne");
        let mut density = recipe.density;
        if let DensityPrior::Log(prior) = &mut density
            && own.is_none()
            && preset_prior
            && recipe.settings.preset.adapts()
            && !density_line
        {
            prior.sd = Some(LOG_NE_SD.1);
            self.flags.push(Flag::from(Code::NoDensityLine));
        }
        if let Some(name) = own {
            density = density.on(name == "log_ne");
        }
        let (name, prior, log10) = match density {
            DensityPrior::Log(prior) => ("log_ne", prior, 0),
            DensityPrior::Linear(prior) => ("n_e", prior, 1),
        };
        let prior = self.own(name, prior)?;
        let (mut slot, constant) = prior.quantile_slot();
        slot.log10 = log10;
        let slot = self.push_slot((slot, constant));
        self.push_parameter("n_e", slot, Source::Exp10Slot(slot), prior);
        Ok(())
    }

    /// A parameter at or above zero, or held at zero where it has no part in the object's model.
    fn add_softplus(&mut self, name: &str, present: bool) -> Result<()> {
        if !present {
            self.push_slot((EMPTY, 0.0));
            return Ok(());
        }
        let prior = self.own(name, self.recipe.global(name))?;
        let softness = SOFTNESS
            .iter()
            .find(|(of, _)| *of == name)
            .map_or(1.0, |(_, softness)| *softness);
        let slot = self.push_slot(prior.softplus_slot(name, softness)?);
        self.push_parameter(name, slot, Source::Slot(slot), prior);
        Ok(())
    }

    fn has_optical_depth(&self) -> bool {
        let mut labels = self.used.iter().flat_map(|m| self.labels(m));
        labels.any(|label| lines::optical_depth(label) != [0.0; 4])
    }

    /// An ion is sampled as the log flux of its reference line where its prior is Gaussian in ln X, else through the prior's
    /// quantiles. `base` and the reference are filled in with the lines.
    pub(super) fn add_ions(&mut self) -> Result<()> {
        for (place, ion) in self.ions.clone().into_iter().enumerate() {
            let zone = if self.recipe.is_high(ion) { HIGH } else { LOW };
            let mut record = IonRecord {
                kind: UNITY,
                source: NONE,
                zone,
                reference_line: 0,
                first_reference: 0,
                references: 0,
                location: 0.0,
                inverse_width: 0.0,
                base: 0.0,
            };
            if ion != Ion::H1 {
                let name = ion.to_string();
                let prior = self.own(&name, self.recipe.ion(ion))?;
                let (source, gaussian) = if ion.is_metal() {
                    let per_dex = |(mean, sd): (f64, f64)| ((mean - ABUNDANCE_ZERO) * LN_10, sd * LN_10);
                    (Source::Metal(place), prior.as_normal().map(per_dex))
                } else {
                    (Source::Helium(place), prior.as_log_normal())
                };
                let coordinate = match gaussian {
                    Some((mean, sd)) => {
                        record.kind = FLUX;
                        record.source = self.dimension;
                        record.location = mean;
                        record.inverse_width = 1.0 / sd;
                        self.dimension += 1;
                        self.constant += -0.5 * (2.0 * std::f64::consts::PI).ln() - sd.ln();
                        Some(record.source as usize)
                    }
                    None => {
                        record.kind = if ion.is_metal() { SLOT_LOG10 } else { SLOT_LINEAR };
                        record.source = self.push_slot(prior.quantile_slot()) as u32;
                        let coordinate = self.slots[record.source as usize].coordinate;
                        (coordinate != NONE).then_some(coordinate as usize)
                    }
                };
                self.parameters.push(Parameter {
                    name,
                    source,
                    coordinate,
                    prior,
                });
            }
            self.records.push(record);
        }
        Ok(())
    }
}
