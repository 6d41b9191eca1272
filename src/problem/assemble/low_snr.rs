//! Low-S/N coordinates: ions and densities that are too weakly measured for a logarithm.
//!
//! A line of S/N s and a prior of S e-foldings give a posterior of two scales in φ. One is a peak
//! of width 1/s. The other, of relative height exp(−s²/2), is a tail of small abundances that only
//! the prior ends. The coordinate of such an ion is linear in flux above the noise and logarithmic
//! below (`coordinate::low_snr`).
//!
//! The constants here come from a Gaussian likelihood times a Gaussian prior of 5 dex. With them
//! the posterior is nearest to a Gaussian in the coordinate: E[(d ln p/dx)²] Var(x), 1 for a
//! Gaussian, is at most 1.7. That holds for S/N from −20 to 10 and prior means within 6 e-foldings
//! of σ; in φ the number is up to 250.

use std::collections::BTreeMap;

use super::Assembly;
use crate::line::Ion;
use crate::model::code::Family;
use crate::model::code::{IonKind, SlotKind};
use crate::model::record::{NONE, Slot};
use crate::problem::DETECTION;
use crate::problem::thermometers::is_free_of_temperature;
use crate::table::Measurement;

const LN_10: f64 = std::f64::consts::LN_10;

/// S/N of all lines of an ion together, below which the coordinate is linear–log.
const DETECTED: f64 = 10.0;
/// Width of a prior, in e-foldings of the abundance, below which the posterior has no tail of its
/// own.
const WIDE: f64 = 2.0;
/// S/N from which the posterior has a peak of its own.
const PEAK: f64 = 0.5;
/// Coordinate of an ion with such a peak: the unit in σ, and the e-foldings of φ per unit in the
/// tail. The latter are a fraction of the prior's.
const PEAKED: [f64; 2] = [0.25, 0.25];
/// Coordinate of an ion without a peak. The unit is a fraction of the flux over which the
/// likelihood falls.
const BOUNDED: [f64; 2] = [0.4, 0.5];
/// Unit of the coordinate of an ion with limits alone: in σ, and as a fraction of the limit, in
/// quadrature.
const LIMITED: [f64; 2] = [0.5, 0.15];

/// Densities, log₁₀ n_e \[cm⁻³\], between which a pair's slope is taken.
const LOW_LOG_NE: [f64; 2] = [0.0, 2.0];

/// Unit of the coordinate of a quantity measured as `value` ± `sigma`, and the tail as a fraction
/// of the prior's. None of a quantity that is well measured.
fn unit_and_tail([value, sigma]: [f64; 2]) -> Option<[f64; 2]> {
    let s = value / sigma;
    if s > DETECTED {
        None
    } else if s > PEAK {
        Some([PEAKED[0] * sigma, PEAKED[1]])
    } else {
        // exp(−(f − s)²/2) falls over (s + √(s² + 4))/2, here without cancellation.
        let falls = 2.0 / ((s * s + 4.0).sqrt() - s);
        Some([BOUNDED[0] * falls * sigma, BOUNDED[1]])
    }
}

/// Fall of φ per unit of the coordinate in the tail, beyond 1.
fn tail_slope(tail: f64, prior: f64) -> f64 {
    (tail * prior - 1.0).max(0.0)
}

impl Assembly<'_> {
    /// Gives an ion of kind `Flux` with weakly detected lines the low-S/N coordinate. The reference
    /// line is chosen before.
    pub(super) fn measure_low_snr_ion(&mut self, ion: u32) {
        let record = &self.records[ion as usize];
        let reference = record.reference_line as usize;
        let wide = record.kind == IonKind::Flux && record.inverse_width * WIDE < 1.0;
        if !wide || !self.is_pure(reference) || self.rows[reference].likelihood.is_logarithmic() {
            return;
        }
        let prior = 1.0 / record.inverse_width;
        let scale = if self.rows[reference].likelihood.is_limit() {
            let line = &self.lines[reference];
            let unit = (LIMITED[0] * line.sigma).hypot(LIMITED[1] * line.flux);
            Some([unit, BOUNDED[1]])
        } else {
            unit_and_tail(self.amplitude(ion, reference))
        };
        let Some([unit, tail]) = scale else { return };
        let record = &mut self.records[ion as usize];
        record.low_snr = 1;
        record.ln_unit = unit.ln();
        record.tail_slope = tail_slope(tail, prior);
    }

    /// Gives a density the low-S/N coordinate where the pairs in the zones of `includes` bound it
    /// from above or hardly measure it. The prior must be Normal in log₁₀ n_e. Returns the constant
    /// that this adds to the log density.
    ///
    /// At low density ln of a pair's ratio falls in proportion to n. The likelihood is then
    /// Gaussian in n, as an ion's is in flux.
    pub(super) fn measure_low_snr_density(&self, slot: &mut Slot<f64>, includes: &dyn Fn(usize) -> bool) -> f64 {
        let prior = slot.width * LN_10;
        let plain = slot.kind == SlotKind::Quantile && slot.family == Family::Normal && slot.log10 == 0;
        if !plain || prior < WIDE || self.recipe.coefficients.is_some() {
            return 0.0;
        }
        let [mut weighted, mut weight] = [0.0; 2];
        for [density, sigma] in self.low_densities(&|ion| includes(self.recipe.zones.zone_of(ion))) {
            weighted += density / (sigma * sigma);
            weight += 1.0 / (sigma * sigma);
        }
        let Some([unit, tail]) = (weight > 0.0)
            .then(|| [weighted / weight, weight.sqrt().recip()])
            .and_then(unit_and_tail)
        else {
            return 0.0;
        };
        slot.low_snr = 1;
        slot.scale = 1.0 / prior;
        slot.ln_unit = unit.ln() - LN_10 * slot.location;
        slot.tail_slope = tail_slope(tail, prior);
        slot.scale.ln()
    }

    /// Density \[cm⁻³\] and σ from each ion of `includes`, by one detected pair of lines. The pair
    /// measures the density best and does not depend on the temperature.
    fn low_densities(&self, includes: &dyn Fn(Ion) -> bool) -> impl Iterator<Item = [f64; 2]> {
        let mut ions: BTreeMap<Ion, Vec<&Measurement>> = BTreeMap::new();
        for measurement in &self.used {
            let own = |ion: &Ion| ion.is_metal() && includes(*ion) && self.is_detected(measurement);
            if let Some(ion) = self.only_ion(measurement).filter(own) {
                ions.entry(ion).or_default().push(measurement);
            }
        }
        ions.into_values().filter_map(|lines| {
            let pairs = (0..lines.len()).flat_map(|b| (0..b).map(move |a| [a, b]));
            let found = pairs.filter_map(|pair| self.low_density(pair.map(|line| lines[line])));
            found.min_by(|a, b| a[1].total_cmp(&b[1]))
        })
    }

    /// Density \[cm⁻³\] and σ from a pair of lines at 10⁴ K, with a log ratio linear in n. None
    /// where the ratio depends on the temperature, or is not linear up to 3 σ.
    fn low_density(&self, lines: [&Measurement; 2]) -> Option<[f64; 2]> {
        let [a, b] = lines.map(|m| self.response(m, LOW_LOG_NE[1]));
        if !is_free_of_temperature([&a, &b]) {
            return None;
        }
        let ln_ratio = |log_n: f64| {
            let [a, b] = lines.map(|m| self.ln_emissivity(m, log_n)[0]);
            a - b
        };
        let [first, last] = LOW_LOG_NE.map(ln_ratio);
        let [low, high] = LOW_LOG_NE.map(|log_n| 10_f64.powf(log_n));
        let slope = (last - first) / (high - low);
        let density = low + ((lines[0].flux / lines[1].flux).ln() - first) / slope;
        let [a, b] = lines.map(|m| self.sigma(m) / m.flux);
        let sigma = a.hypot(b) / slope.abs();
        (density + DETECTION * sigma < 1.0 / slope.abs()).then_some([density, sigma])
    }

    /// True if all members of a line belong to one ion.
    fn is_pure(&self, line: usize) -> bool {
        let first = self.rows[line].first_term as usize;
        let terms = &self.terms[first..first + self.plain_terms[line]];
        terms.iter().all(|term| term.ion == terms[0].ion && term.times == NONE)
    }

    /// Flux of an ion's reference line and its σ, by least squares from all lines of the ion alone.
    /// The conditions are 10⁴ K and 100 cm⁻³, without reddening.
    fn amplitude(&self, ion: u32, reference: usize) -> [f64; 2] {
        let strength = |line: usize| -> f64 {
            let first = self.rows[line].first_term as usize;
            let terms = &self.terms[first..first + self.plain_terms[line]];
            terms.iter().map(|term| (term.constant + term.k2).exp()).sum()
        };
        let [mut weighted, mut weight] = [0.0; 2];
        for line in 0..self.rows.len() {
            let row = &self.rows[line];
            let own = self.terms[row.first_term as usize].ion == ion && self.is_pure(line);
            if own && !row.likelihood.is_limit() {
                let share = strength(line) / strength(reference);
                let line = &self.lines[line];
                weighted += share * line.flux / (line.sigma * line.sigma);
                weight += share * share / (line.sigma * line.sigma);
            }
        }
        [weighted / weight, weight.sqrt().recip()]
    }
}
