//! χ² of one ion's lines over the density.

use super::shared::{SharedErrors, Whitening};
use crate::emissivity::Set;
use crate::line::Ion;
use crate::model::Evaluator;
use crate::model::likelihood::Likelihood;
use crate::model::record::NONE;
use crate::problem::{DETECTION, Problem};

const LN_10: f64 = std::f64::consts::LN_10;

/// Number of densities at which χ² is taken.
pub(super) const NODES: usize = 66;
/// Step in log₁₀ n_e between these densities, from 1 to 10^6.5 cm⁻³ as the tables reach.
const STEP: f64 = 0.1;
/// Node of ordinary gas, 10² cm⁻³: the median of the default prior.
pub(super) const ORDINARY: usize = 20;
/// Standard deviation of an ion's ln T about the posterior's: a third, about half that of the
/// default prior.
const LN_T_SD: f64 = 1.0 / 3.0;
/// Most Gauss–Newton steps in ln T at each density; the first starts from the temperature at the
/// last density.
const STEPS: usize = 4;
/// Longest Gauss–Newton step in ln T.
const LONGEST: f64 = 0.3;
/// Expected fall of χ² below which no further step is made.
const SETTLED: f64 = 0.01;
/// Δχ² up to which a density is as good as the best.
const LEVEL: f64 = 0.1;

/// Density from the lines of one ion.
pub(super) struct IonDensity {
    pub(super) ion: Ion,
    /// χ² at each node of the density, with a free abundance and a temperature near the
    /// posterior's.
    pub(super) chi2: Vec<f64>,
    /// Fall \[dex\] of the brightest line's emissivity from 10² cm⁻³ to each node; 0 if no line of
    /// the ion is detected.
    pub(super) fall: Vec<f64>,
}

impl IonDensity {
    /// Density of the ion `index` of a problem, with the evaluator at the posterior mean. None
    /// without a line of the ion alone.
    pub(super) fn new(
        problem: &Problem,
        set: &Set,
        evaluator: &Evaluator<'_, f64>,
        errors: &SharedErrors,
        index: usize,
    ) -> Option<Self> {
        let ion = problem.ions[index];
        let own: Vec<usize> = (0..problem.lines.len())
            .filter(|&l| ion.is_metal() && counts(problem, set, ion, l))
            .collect();
        let signal = |l: usize| problem.lines[l].flux / problem.lines[l].sigma;
        let brightest = own.iter().copied().max_by(|&a, &b| signal(a).total_cmp(&signal(b)))?;
        let ln_t = ln_temperature(problem, evaluator, index);
        let emissivity = |node: usize| ln_emissivity(set, &problem.lines[brightest].members, ln_t, log_ne(node))[0];
        let fall = |node: usize| (emissivity(ORDINARY) - emissivity(node)) / LN_10;
        let is_detected = signal(brightest) >= DETECTION;
        Some(IonDensity {
            ion,
            chi2: Lines::new(problem, set, evaluator, errors, (&own, index)).scan(),
            fall: (0..NODES)
                .map(|node| if is_detected { fall(node) } else { 0.0 })
                .collect(),
        })
    }

    /// Range of log₁₀ n_e that fits as well as the best node.
    pub(super) fn best(&self) -> [f64; 2] {
        let least = self.chi2.iter().copied().fold(f64::INFINITY, f64::min);
        let good = |chi2: &f64| *chi2 <= least + LEVEL;
        let [first, last] = [self.chi2.iter().position(good), self.chi2.iter().rposition(good)];
        [first, last].map(|node| log_ne(node.unwrap_or(0)))
    }
}

/// Density log₁₀ n_e \[cm⁻³\] of a node.
fn log_ne(node: usize) -> f64 {
    STEP * node as f64
}

/// True if a line was measured, belongs to one ion, is excited by collisions and has tables.
fn counts(problem: &Problem, set: &Set, ion: Ion, l: usize) -> bool {
    let (line, record) = (&problem.lines[l], &problem.object.lines[l]);
    let is_own = line.members.iter().all(|&member| set.list.lines[member].ion == ion);
    let has_tables = problem.object.terms[record.term_range()]
        .iter()
        .all(|term| term.table != NONE);
    is_own && has_tables && line.recombination.is_none() && record.likelihood != Likelihood::UpperLimit
}

/// ln T of an ion's zone at the position of the evaluator.
fn ln_temperature(problem: &Problem, evaluator: &Evaluator<'_, f64>, ion: usize) -> f64 {
    let (slot, _) = problem.object.header.zone(problem.object.ions[ion].zone as usize);
    evaluator.slot(slot).ln()
}

/// Log emissivity of a line over Hβ's, summed over the members, and the derivative with respect to
/// ln T.
fn ln_emissivity(set: &Set, members: &[usize], ln_t: f64, log_ne: f64) -> [f64; 2] {
    let at = |&member: &usize| {
        let (value, along_log_t, _) = set.ln_ratio(member, ln_t / LN_10, log_ne);
        [value.exp(), value.exp() * along_log_t / LN_10]
    };
    let [sum, slope] = members
        .iter()
        .map(at)
        .fold([0.0; 2], |sums, next| [sums[0] + next[0], sums[1] + next[1]]);
    [sum.ln(), slope / sum]
}

/// Lines of one ion.
struct Lines<'a> {
    set: &'a Set,
    /// Members of each line, and ln of its model flux in σ over its emissivity, both at the
    /// posterior mean.
    lines: Vec<(&'a [usize], f64)>,
    /// Measured fluxes in σ, whitened.
    measured: Vec<f64>,
    whitening: Whitening,
    /// ln T of the posterior mean.
    ln_t: f64,
}

impl<'a> Lines<'a> {
    fn new(
        problem: &'a Problem,
        set: &'a Set,
        evaluator: &Evaluator<'_, f64>,
        errors: &SharedErrors,
        (own, ion): (&[usize], usize),
    ) -> Self {
        let (_, slot) = problem.object.header.zone(problem.object.ions[ion].zone as usize);
        let density = evaluator.slot(slot);
        let is_linear = problem.object.slots[slot].log10 == 1;
        let log_ne = if is_linear { density.log10() } else { density };
        let ln_t = ln_temperature(problem, evaluator, ion);
        let whitening = errors.whitening(own);
        let mut measured: Vec<f64> = own
            .iter()
            .map(|&l| problem.lines[l].flux / problem.lines[l].sigma)
            .collect();
        whitening.apply(&mut measured);
        let line = |&l: &usize| {
            let line = &problem.lines[l];
            let [emissivity, _] = ln_emissivity(set, &line.members, ln_t, log_ne);
            (
                line.members.as_slice(),
                (evaluator.flux(l) / line.sigma).ln() - emissivity,
            )
        };
        Lines {
            set,
            lines: own.iter().map(line).collect(),
            measured,
            whitening,
            ln_t,
        }
    }

    /// χ² at each node of the density, minimised over abundance and temperature.
    fn scan(&self) -> Vec<f64> {
        if self.lines.len() < 2 {
            return vec![0.0; NODES];
        }
        let mut offset = 0.0;
        let at = |node: usize| {
            let mut best = [f64::INFINITY, offset];
            for _ in 0..STEPS {
                let [chi2, descent, curvature] = self.chi2(log_ne(node), offset);
                if chi2 < best[0] {
                    best = [chi2, offset];
                }
                let step = descent / curvature;
                if descent * step < SETTLED {
                    break;
                }
                offset += step.clamp(-LONGEST, LONGEST);
            }
            offset = best[1];
            best[0]
        };
        (0..NODES).map(at).collect()
    }

    /// χ² at a density and at `offset` from the posterior's ln T, minimised over the abundance. The
    /// other two numbers are, with respect to ln T, half the downward slope and half the curvature
    /// after Gauss and Newton.
    fn chi2(&self, log_ne: f64, offset: f64) -> [f64; 3] {
        let at = |&(members, ln_scale): &(&[usize], f64)| {
            let [ln_emissivity, slope] = ln_emissivity(self.set, members, self.ln_t + offset, log_ne);
            let flux = (ln_scale + ln_emissivity).exp();
            (flux, flux * slope)
        };
        let (mut fluxes, mut slopes): (Vec<f64>, Vec<f64>) = self.lines.iter().map(at).unzip();
        self.whitening.apply(&mut fluxes);
        self.whitening.apply(&mut slopes);
        let dot = |a: &[f64], b: &[f64]| -> f64 { a.iter().zip(b).map(|(a, b)| a * b).sum() };
        let square = dot(&fluxes, &fluxes);
        let amount = (dot(&self.measured, &fluxes) / square).max(0.0);
        let along = dot(&slopes, &fluxes) / square;
        let [mut misfit, mut descent, mut curvature] = [offset * offset, -offset, 1.0].map(|x| x / LN_T_SD / LN_T_SD);
        for ((measured, flux), slope) in self.measured.iter().zip(&fluxes).zip(&slopes) {
            let residual = measured - amount * flux;
            let tangent = amount * (slope - along * flux);
            misfit += residual * residual;
            descent += residual * tangent;
            curvature += tangent * tangent;
        }
        [misfit, descent, curvature]
    }
}
