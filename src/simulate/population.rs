//! Default population of simulated objects.

use super::Simulator;
use crate::error::{Error, Result, SimulateError};
use crate::line::Ion;
use crate::rng::{Key, normal, purpose, uniform};
use crate::table::Measurement;

/// Range of T_low \[K\], uniform.
const T_LOW: [f64; 2] = [9000.0, 18_000.0];
/// Slope and offset of T_high/10⁴ K = slope · T_low/10⁴ K + offset (the talk's relation), and its
/// scatter as a fraction of T_high.
const T_HIGH_RELATION: (f64, f64, f64) = (1.0807, -0.0846, 0.05);
/// Range of log₁₀ n_e \[cm⁻³\], uniform.
const LOG_NE: [f64; 2] = [1.0, 3.0];
/// Range of cHbeta, uniform.
const C_HBETA: [f64; 2] = [0.0, 0.5];
/// Range of tau, uniform.
const TAU: [f64; 2] = [0.0, 2.0];
/// Half-width of the uniform distribution of log₁₀ of each abundance around its centre \[dex\].
const ABUNDANCE_HALF_WIDTH: f64 = 0.3;
/// Centres of the abundances: X/H of helium, 12 + log₁₀(X/H) of metals. They are the talk's truth.
/// For Ne²⁺, which the talk lacks, log₁₀(Ne²⁺/O²⁺) = −0.85, near the value of low-metallicity
/// galaxies (Izotov et al. 2006, A&A 448, 955).
const ABUNDANCES: [(&str, f64); 10] = [
    ("He1", 0.0850),
    ("He2", 0.00088),
    ("N2", 5.84),
    ("O2", 7.80),
    ("O3", 8.05),
    ("Ne3", 7.20),
    ("S2", 5.48),
    ("S3", 6.36),
    ("Ar3", 5.72),
    ("Ar4", 5.06),
];

impl Simulator<'_> {
    /// True parameters from the default population.
    pub(super) fn drawn(&self, key: &Key) -> Result<Vec<f64>> {
        let within = |name: &str, [low, high]: [f64; 2]| {
            low + (high - low) * uniform(key, 0, 0, purpose(&format!("simulate:{name}")), 0)
        };
        let t_low = within("T_low", T_LOW);
        let draw = |name: &String| match name.as_str() {
            "T_low" => Ok(t_low),
            "T_high" => {
                let (slope, offset, scatter) = T_HIGH_RELATION;
                let spread = 1.0 + scatter * normal(key, 0, 0, purpose("simulate:T_high"), 0);
                Ok((slope * t_low + offset * 1e4) * spread)
            }
            "n_e" => Ok(10_f64.powf(within(name, LOG_NE))),
            "cHbeta" => Ok(within(name, C_HBETA)),
            "tau" => Ok(within(name, TAU)),
            ion => {
                let dex = within(name, [-ABUNDANCE_HALF_WIDTH, ABUNDANCE_HALF_WIDTH]);
                let centre = ABUNDANCES
                    .iter()
                    .find(|(of, _)| *of == ion)
                    .ok_or_else(|| self.no_population(ion))?
                    .1;
                let metal = ion.parse::<Ion>()?.is_metal();
                Ok(if metal { centre + dex } else { centre * 10_f64.powf(dex) })
            }
        };
        self.parameters.iter().map(draw).collect()
    }

    fn no_population(&self, ion: &str) -> Error {
        let of_ion = |m: &&Measurement| {
            let mut members = m.line.members.iter();
            members.any(|&member| self.set.list.lines[member].ion.to_string() == ion)
        };
        let line = self
            .template
            .measurements
            .iter()
            .find(of_ion)
            .map(|m| m.line.label.clone());
        Error::Simulate(SimulateError::NoPopulation {
            line: line.unwrap_or_default(),
            ion: ion.to_owned(),
        })
    }
}
