//! One pass of the direct method: c(Hβ), density and temperatures until they agree with each other,
//! then abundances.

use super::measured::{IonLines, Measured};
use super::ratio::{Found, Solved};
use super::settings::Settings;
use crate::emissivity::Set;
use crate::extinction::{Reddened, c_hbeta};
use crate::line::Ion;
use crate::model::ABUNDANCE_ZERO;

/// Most passes before temperatures and density count as not settling.
const MOST_PASSES: usize = 100;
/// Largest change of temperatures, density and c(Hβ) at which they have settled \[dex\].
const SETTLED: f64 = 1e-9;
/// log₁₀T \[K\] at the start of the passes.
const FIRST_LOG_T: f64 = 4.0;

/// Ratio chosen for each quantity.
#[derive(Clone, Debug, Default)]
pub(super) struct Choice {
    /// Index of the density ratio in `Measured::densities`; none for the assumed density.
    pub(super) density: Option<usize>,
    /// Index of the temperature ratio of each zone in `Measured::temperatures`; none for the
    /// relation.
    pub(super) temperatures: Vec<Option<usize>>,
}

/// Temperatures, density and extinction.
#[derive(Clone, Debug)]
pub(super) struct State {
    /// log₁₀T of each zone \[K\].
    pub(super) log_t: Vec<f64>,
    /// log₁₀n_e [cm⁻³] for the emissivities.
    pub(super) log_n: f64,
    /// c(Hβ).
    pub(super) c: f64,
    /// Solution of the density ratio; `At` the assumed density without a ratio.
    pub(super) density: Solved,
}

/// All results from one set of fluxes.
#[derive(Clone, Debug)]
pub(super) struct Solution {
    pub(super) state: State,
    /// X/H of each ion, in the order of `Measured::ions`; 1 for hydrogen.
    pub(super) abundances: Vec<f64>,
    /// log₁₀ of the solution of each temperature ratio and each density ratio, at the values of the
    /// other quantities.
    pub(super) temperatures: Vec<Solved>,
    pub(super) densities: Vec<Solved>,
}

/// Reason why fluxes have no solution.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Stuck {
    /// The density ratio with this index is not positive, or denser than its range.
    Density(usize),
    /// The ratio chosen for the temperature of a zone is not positive, or outside its range.
    Temperature {
        zone: usize,
        /// Index of the ratio.
        ratio: usize,
    },
    /// No zone has a ratio, or the relation leaves the nodes.
    Relation,
    /// Temperatures and density do not settle.
    Unsettled,
}

/// The method for one object.
#[derive(Clone, Copy)]
pub(super) struct Chain<'a> {
    pub(super) measured: &'a Measured,
    pub(super) set: &'a Set,
    pub(super) settings: &'a Settings,
}

impl Chain<'_> {
    /// Fluxes relative to Hβ, from fluxes as measured, corrected for absorption by the settings.
    pub(super) fn normalised(&self, fluxes: &[f64]) -> Vec<f64> {
        let corrected = |(flux, line): (&f64, &super::line::Line)| flux * line.correction;
        let corrected: Vec<f64> = fluxes.iter().zip(&self.measured.lines).map(corrected).collect();
        let hbeta = self.measured.hbeta.map_or(1.0, |hbeta| corrected[hbeta]);
        corrected.iter().map(|flux| flux / hbeta).collect()
    }

    /// Solves the normalised fluxes with the chosen ratios.
    pub(super) fn solve(&self, fluxes: &[f64], choice: &Choice) -> Result<Solution, Stuck> {
        let state = self.settle(fluxes, choice)?;
        let intrinsic = self.intrinsic(fluxes, &state);
        let at = |zone: usize| state.log_t[zone];
        let temperature = |found: &Found| found.temperature(&self.measured.lines, self.set, &intrinsic, state.log_n);
        let density = |found: &Found| found.density(&self.measured.lines, self.set, &intrinsic, at(found.zone));
        Ok(Solution {
            temperatures: self.measured.temperatures.iter().map(temperature).collect(),
            densities: self.measured.densities.iter().map(density).collect(),
            abundances: self
                .measured
                .ions
                .iter()
                .map(|ion| self.abundance(ion, fluxes, &state))
                .collect(),
            state,
        })
    }

    /// Temperatures, density and extinction that agree with each other.
    fn settle(&self, fluxes: &[f64], choice: &Choice) -> Result<State, Stuck> {
        let mut state = self.start();
        state.c = self.extinction(fluxes, &state);
        for _ in 0..MOST_PASSES {
            let next = self.pass(fluxes, choice, &state)?;
            let moved = |a: &[f64], b: &[f64]| a.iter().zip(b).all(|(a, b)| (a - b).abs() <= SETTLED);
            let settled = moved(&next.log_t, &state.log_t) && moved(&[next.log_n, next.c], &[state.log_n, state.c]);
            state = next;
            if settled {
                return Ok(state);
            }
        }
        Err(Stuck::Unsettled)
    }

    /// Start of the passes: 10⁴ K, the assumed density, no extinction.
    pub(super) fn start(&self) -> State {
        let log_n = self.settings.density.log10();
        State {
            log_t: vec![FIRST_LOG_T; self.measured.zones.len()],
            log_n,
            c: 0.0,
            density: Solved::At(log_n),
        }
    }

    /// Computes extinction, then density, then temperatures, each at the latest values of the
    /// others.
    fn pass(&self, fluxes: &[f64], choice: &Choice, state: &State) -> Result<State, Stuck> {
        let mut next = State {
            c: self.extinction(fluxes, state),
            ..state.clone()
        };
        let intrinsic = self.intrinsic(fluxes, &next);
        if let Some(density) = choice.density {
            let found = &self.measured.densities[density];
            next.density = found.density(&self.measured.lines, self.set, &intrinsic, next.log_t[found.zone]);
            next.log_n = match next.density {
                Solved::At(log_n) => log_n,
                // Below the range of the ratio, emissivities hardly depend on the density.
                Solved::Below => self.settings.density.log10(),
                Solved::Above | Solved::None => return Err(Stuck::Density(density)),
            };
        }
        for (zone, choice) in choice.temperatures.iter().enumerate() {
            if let Some(ratio) = choice {
                let found = &self.measured.temperatures[*ratio];
                match found.temperature(&self.measured.lines, self.set, &intrinsic, next.log_n) {
                    Solved::At(log_t) => next.log_t[zone] = log_t,
                    _ => return Err(Stuck::Temperature { zone, ratio: *ratio }),
                }
            }
        }
        self.relate(choice, &mut next.log_t).ok_or(Stuck::Relation)?;
        Ok(next)
    }

    /// Sets the temperatures of the zones without a ratio. T_low and T_high follow T_low = slope
    /// T_high + offset, either way round. Any other zone takes T_high, else T_low, else the
    /// temperature of the first zone with a ratio. None if no zone has a ratio, or a temperature
    /// leaves the nodes.
    fn relate(&self, choice: &Choice, log_t: &mut [f64]) -> Option<()> {
        let [slope, offset] = self.settings.relation;
        let zone = |name: &str| self.measured.zones.iter().position(|own| own == name);
        let has_ratio = |zone: &usize| choice.temperatures[*zone].is_some();
        let pair = [zone("T_high"), zone("T_low")];
        let leader = pair.into_iter().flatten().chain(0..log_t.len()).find(has_ratio)?;
        let leading = 10_f64.powf(log_t[leader]);
        for follower in (0..log_t.len()).filter(|zone| !has_ratio(zone)) {
            log_t[follower] = match [Some(leader), Some(follower)] {
                followed if followed == pair => (slope * leading + offset).log10(),
                [from, to] if [to, from] == pair => ((leading - offset) / slope).log10(),
                _ => log_t[leader],
            };
        }
        let axis = &self.set.axes.log10_t;
        let inside = |log_t: &f64| (axis.first..=axis.last).contains(log_t);
        log_t.iter().all(inside).then_some(())
    }

    /// c(Hβ) of the H I lines by weighted least squares. The weights are the inverse variances of
    /// ln F at the measured fluxes. NaN if a flux is not positive; 0 without lines.
    pub(super) fn extinction(&self, fluxes: &[f64], state: &State) -> f64 {
        if self.measured.hydrogen.is_empty() {
            return 0.0;
        }
        c_hbeta(&self.reddened(fluxes, state), 0.0).map_or(f64::NAN, |[c, _]| c)
    }

    /// Lines for c(Hβ), compared with their fluxes without dust.
    pub(super) fn reddened(&self, fluxes: &[f64], state: &State) -> Vec<Reddened> {
        let log_t = state.log_t[self.measured.hydrogen_zone];
        let reddened = |&l: &usize| {
            let line = &self.measured.lines[l];
            Reddened {
                f_lambda: line.members[0].f_lambda,
                ln_excess: (fluxes[l] / line.emissivity(self.set, log_t, state.log_n)).ln(),
                error: line.sigma / line.flux,
            }
        };
        self.measured.hydrogen.iter().map(reddened).collect()
    }

    /// Fluxes relative to Hβ without reddening. f_λ of a blend is the mean over its members,
    /// weighted by their emissivities at the temperature of the first.
    fn intrinsic(&self, fluxes: &[f64], state: &State) -> Vec<f64> {
        let of_line = |(line, flux): (&super::line::Line, &f64)| {
            let log_t = state.log_t[self.measured.ions[line.members[0].ion].zone];
            let emissivity = line.emissivity(self.set, log_t, state.log_n);
            flux * emissivity / line.reddened(self.set, log_t, state.log_n, state.c)
        };
        self.measured.lines.iter().zip(fluxes).map(of_line).collect()
    }

    /// X/H of an ion: the mean of F_i/e_i over its lines weighted by (e_i/σ_i)², with the reddened
    /// e = ε/ε(Hβ). It is the least-squares solution of F = X e. NaN beyond the atomic data of a
    /// line.
    fn abundance(&self, ion: &IonLines, fluxes: &[f64], state: &State) -> f64 {
        if ion.ion == Ion::H1 {
            return 1.0;
        }
        let log_t = state.log_t[ion.zone];
        let (mut sum, mut weights) = (0.0, 0.0);
        for &l in &ion.lines {
            let line = &self.measured.lines[l];
            if !line
                .members
                .iter()
                .all(|member| self.covers(member.index, log_t, state.log_n))
            {
                return f64::NAN;
            }
            let unit = line.reddened(self.set, log_t, state.log_n, state.c);
            let sigma = line.sigma * line.correction;
            sum += unit * fluxes[l] / sigma.powi(2);
            weights += (unit / sigma).powi(2);
        }
        sum / weights
    }

    /// Tells whether the atomic data of a line cover a temperature and density. Ratios are constant
    /// below their lowest density.
    pub(super) fn covers(&self, place: usize, log_t: f64, log_n: f64) -> bool {
        let line = &self.set.list.lines[place];
        let [low, high] = line.valid_t.map(f64::log10);
        (low..=high).contains(&log_t) && log_n <= line.valid_ne[1].log10()
    }

    /// Predicted flux of a line relative to Hβ, reddened; NaN if one of its ions has no abundance.
    pub(super) fn predicted(&self, line: usize, solution: &Solution) -> f64 {
        let state = &solution.state;
        let line = &self.measured.lines[line];
        let of_member = |member: &super::line::Member| {
            let log_t = state.log_t[self.measured.ions[member.ion].zone];
            let ln_ratio = self.set.ln_ratio(member.index, log_t, state.log_n).0;
            let reddening = std::f64::consts::LN_10 * state.c * member.f_lambda;
            solution.abundances[member.ion] * (ln_ratio - reddening).exp()
        };
        let hbeta = self
            .measured
            .hbeta
            .map_or(1.0, |hbeta| self.measured.lines[hbeta].correction);
        line.members.iter().map(of_member).sum::<f64>() * hbeta / line.correction
    }
}

/// 12 + log₁₀(X/H).
pub(super) fn twelve_plus_log(abundance: f64) -> f64 {
    ABUNDANCE_ZERO + abundance.log10()
}
