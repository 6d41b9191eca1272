//! Sensitivities of an object's lines to temperature and density, ion by ion, from the tables of
//! emissivities.

use std::collections::BTreeMap;

use super::Assembly;
use crate::line::Ion;
use crate::problem::DETECTION;
use crate::problem::thermometers::{Response, densitometer, density_information, thermometer};
use crate::table::Measurement;

const LN_10: f64 = std::f64::consts::LN_10;

/// Temperature, log₁₀ T \[K\], of the sensitivities. Those of collisionally excited lines go as
/// E/kT, so none vanishes there.
const LOG10_T: f64 = 4.0;
/// Density, log₁₀ n_e \[cm⁻³\], at which a ratio's dependence on both is taken. It lies between the
/// critical densities of \[O II\] and \[S II\], where these lines confuse the two most.
const CONFUSED_LOG_NE: f64 = 3.5;
/// Densities, log₁₀ n_e \[cm⁻³\]; every density line responds at one of them.
const LOG_NE: [f64; 12] = [1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5.0, 5.5, 6.0, 6.5];

/// Lines of each ion.
type Responses = BTreeMap<Ion, Vec<Response>>;

impl Assembly<'_> {
    /// Signal-to-noise of the density from the ions of `includes`: the best ion's.
    pub(super) fn density_sn(&self, includes: &dyn Fn(Ion) -> bool) -> f64 {
        let at = |log_ne: f64| {
            let ions = self.responses(includes, log_ne);
            ions.values().map(|lines| densitometer(lines)).fold(0.0, f64::max)
        };
        LOG_NE.map(at).into_iter().fold(0.0, f64::max)
    }

    /// Signal-to-noise of a temperature from the ions with the `same_temperature`: the best ion's.
    /// Ions with the `same_density` share their density.
    pub(super) fn temperature_sn(
        &self,
        same_temperature: &dyn Fn(Ion) -> bool,
        same_density: &dyn Fn(Ion) -> bool,
    ) -> f64 {
        let density = self.responses(same_density, CONFUSED_LOG_NE);
        let others = |own: &Ion| -> f64 {
            let others = density.iter().filter(|(ion, _)| *ion != own);
            others.map(|(_, lines)| density_information(lines)).sum()
        };
        let ions = self.responses(same_temperature, CONFUSED_LOG_NE);
        let measured = ions.iter().map(|(ion, lines)| thermometer(lines, others(ion)));
        measured.fold(0.0, f64::max)
    }

    /// Responses of the lines of the metals of `includes`, without blends of several ions and
    /// limits.
    ///
    /// Ratios of recombination lines of H and He depend on extinction and optical depth as much.
    fn responses(&self, includes: &dyn Fn(Ion) -> bool, log_ne: f64) -> Responses {
        let mut ions = Responses::new();
        for measurement in &self.used {
            if let Some(ion) = self.only_ion(measurement)
                && ion.is_metal()
                && includes(ion)
                && !measurement.limit
            {
                ions.entry(ion).or_default().push(self.response(measurement, log_ne));
            }
        }
        ions
    }

    /// Ion of a line's members; none of a blend of several ions.
    pub(super) fn only_ion(&self, measurement: &Measurement) -> Option<Ion> {
        let list = &self.recipe.set.list.lines;
        let mut ions = measurement.line.members.iter().map(|&member| list[member].ion);
        let first = ions.next()?;
        ions.all(|ion| ion == first).then_some(first)
    }

    /// Information on ln F of a line, and the sensitivities at 10⁴ K.
    pub(super) fn response(&self, measurement: &Measurement, log_ne: f64) -> Response {
        let sn = measurement.flux.max(0.0) / self.sigma(measurement);
        let [_, per_log_t, per_log_ne] = self.ln_emissivity(measurement, log_ne);
        Response {
            weight: if sn.is_finite() { sn * sn } else { 0.0 },
            slopes: [per_log_t / LN_10, per_log_ne],
        }
    }

    /// Emissivity ratio to Hβ at 10⁴ K, summed over the members: ln of it, and the derivatives with
    /// respect to log₁₀ T and log₁₀ n_e.
    pub(super) fn ln_emissivity(&self, measurement: &Measurement, log_ne: f64) -> [f64; 3] {
        let members = &measurement.line.members;
        let at = |&member: &usize| {
            let (value, along_t, along_n) = self.recipe.set.ln_ratio(member, LOG10_T, log_ne);
            let strength = value.exp();
            [strength, strength * along_t, strength * along_n]
        };
        let [sum, along_t, along_n] = members
            .iter()
            .map(at)
            .fold([0.0; 3], |sums, next| std::array::from_fn(|k| sums[k] + next[k]));
        [sum.ln(), along_t / sum, along_n / sum]
    }

    /// True if a line is detected.
    pub(super) fn is_detected(&self, measurement: &Measurement) -> bool {
        !measurement.limit && measurement.flux > DETECTION * self.sigma(measurement)
    }
}
