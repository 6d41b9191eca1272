//! Which ions are too weakly detected for the log of their flux to be a coordinate.
//!
//! A line of S/N s whose ion has a prior of S e-foldings leaves a posterior of two scales in φ: a peak of width 1/s and, of
//! relative height exp(−s²/2), a tail of small abundances that only the prior ends. Such an ion's coordinate is linear in flux
//! above the noise and bends to a squeezed logarithm below (`shared::weak`). The constants here are those with which a Gaussian
//! likelihood times a Gaussian prior of 5 dex is nearest to a Gaussian in that coordinate: there E[(d ln p/dx)²] Var(x), 1 for
//! a Gaussian, is at most 1.7 over S/N from −20 to 10 and prior means within 6 e-foldings of σ, where in φ it is up to 250.

use super::Builder;
use crate::shared::layout::{FLUX, LOG_GAUSSIAN, NONE, UPPER_LIMIT};

/// An ion detected with less than this S/N, all its lines together, is weak.
const DETECTED: f64 = 10.0;
/// A prior narrower than this many e-foldings of the abundance has no tail worth a coordinate.
const WIDE: f64 = 2.0;
/// From this S/N on the posterior has a peak of its own.
const PEAK: f64 = 0.5;
/// Unit of the coordinate of an ion with such a peak, in σ, and e-foldings of φ per unit in its tail as a fraction of the prior's.
const PEAKED: [f64; 2] = [0.25, 0.25];
/// The same of an ion without, in units of the flux over which the likelihood falls.
const BOUNDED: [f64; 2] = [0.4, 0.5];
/// Unit of the coordinate of an ion of which only limits are known, in σ and as a fraction of the limit, in quadrature.
const LIMITED: [f64; 2] = [0.5, 0.15];

impl Builder<'_> {
    /// Bends the coordinate of an ion of the FLUX kind whose lines, the reference line chosen, are weakly detected.
    pub(super) fn bend_if_weak(&mut self, ion: u32) {
        let record = &self.records[ion as usize];
        let reference = record.reference_line as usize;
        let wide = record.kind == FLUX && record.inverse_width * WIDE < 1.0;
        if !wide || !self.is_pure(reference) || self.rows[reference].likelihood == LOG_GAUSSIAN {
            return;
        }
        let prior = 1.0 / record.inverse_width;
        let (unit, tail) = if self.rows[reference].likelihood == UPPER_LIMIT {
            let line = &self.lines[reference];
            let unit = (LIMITED[0] * line.sigma).hypot(LIMITED[1] * line.flux);
            (unit, BOUNDED[1])
        } else {
            let [flux, sigma] = self.amplitude(ion, reference);
            let s = flux / sigma;
            if s > DETECTED {
                return;
            }
            if s > PEAK {
                (PEAKED[0] * sigma, PEAKED[1])
            } else {
                // exp(−(f − s)²/2) falls over (s + √(s² + 4))/2, without cancellation:
                let falls = 2.0 / ((s * s + 4.0).sqrt() - s);
                (BOUNDED[0] * falls * sigma, BOUNDED[1])
            }
        };
        let record = &mut self.records[ion as usize];
        record.weak = 1;
        record.ln_unit = unit.ln();
        record.squeeze = (tail * prior - 1.0).max(0.0);
    }

    /// Whether all members of a line are one ion's.
    fn is_pure(&self, line: usize) -> bool {
        let first = self.rows[line].first_term as usize;
        let terms = &self.terms[first..first + self.plain_terms[line]];
        terms.iter().all(|term| term.ion == terms[0].ion && term.times == NONE)
    }

    /// The flux of an ion's reference line and its σ as all lines of the ion alone give it by least squares, at 10⁴ K and
    /// 100 cm⁻³ and without reddening.
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
            if own && row.likelihood != UPPER_LIMIT {
                let share = strength(line) / strength(reference);
                let line = &self.lines[line];
                weighted += share * line.flux / (line.sigma * line.sigma);
                weight += share * share / (line.sigma * line.sigma);
            }
        }
        [weighted / weight, weight.sqrt().recip()]
    }
}
