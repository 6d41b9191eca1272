//! Search for further modes of a posterior, where something says that there may be some.
//!
//! Three searches find them. Each climb from another temperature may end elsewhere. One climb more
//! starts from dense gas. Under a robust likelihood each line is left out in turn, and each is
//! trusted in turn: which of two lines is wrong makes two modes.

use super::{End, Mode, STARTS, Search, starting_point};
use crate::emissivity::Grid;
use crate::metric::Metric;
use crate::model::code::{Likelihood, SlotKind};
use crate::model::coordinate::low_snr::score_coordinate;
use crate::model::record::{LineRecord, NONE};
use crate::problem::Problem;

/// Density coordinates of the further start, in prior standard deviations.
const DENSE: f64 = 2.0;
/// Factor on the inverse of σ of a line that is left out: its weight falls by a million.
const LEFT_OUT: f64 = 1e-3;
/// Depth of the valley between two modes, below the lower of them \[nats\].
const VALLEY: f64 = 0.3;
/// Points on the line between two modes at which the valley is looked for.
const BETWEEN: usize = 16;
/// Laplace mass, relative to the largest, below which a mode is left aside \[nats\]. Laplace's
/// approximation may be off by several nats.
const NEGLIGIBLE: f64 = -12.0;
/// Most modes of one object.
const MOST_MODES: usize = 8;
/// Most modes from which lines are left out.
const MOST_SEARCHES: usize = 4;

/// Modes of a posterior by their Laplace mass, the largest first, each with the map of its Hessian.
/// None if no start has a finite log density. The highest mode is that of [`find`](super::find), to
/// the last bit.
pub fn all(problem: &Problem, grid: &Grid<f64>) -> Option<Vec<(Mode, Metric)>> {
    let mut search = Search::new(problem, grid);
    let mut ends: Vec<End> = Vec::new();
    for temperature in STARTS {
        ends.extend(search.climb(starting_point(problem, temperature), &ends));
    }
    let best = super::highest(&ends)?;
    let dense = search.climb_from_dense_gas(problem, &ends[best].position, &ends);
    ends.extend(dense);
    let first = search.finish(ends.swap_remove(best).position)?;
    let mut modes = Modes {
        problem,
        search,
        ends: Vec::new(),
        found: Vec::new(),
    };
    modes.take(first);
    for end in ends.into_iter().filter(|end| end.converged) {
        modes.take_end(end);
    }
    modes.doubt_lines(grid);
    modes.heavy()
}

impl Search<'_> {
    /// Climbs from dense gas, at the best end in all else: first with the densities held, so that
    /// other coordinates do not push them, then with all coordinates free. None where no density is
    /// sampled by its quantiles, or where the climb ends at one of the `known` ends.
    fn climb_from_dense_gas(&mut self, problem: &Problem, best: &[f64], known: &[End]) -> Option<End> {
        let (start, densities) = dense_start(problem, best);
        if densities.is_empty() {
            return None;
        }
        self.held = densities;
        let held = self.climb(start, &[]);
        self.held.clear();
        self.climb(held?.position, known)
    }
}

/// The position `best` in dense gas, and the coordinates of the densities.
fn dense_start(problem: &Problem, best: &[f64]) -> (Vec<f64>, Vec<usize>) {
    let object = &problem.object;
    let mut position = best.to_vec();
    let mut densities = Vec::new();
    for zone in 0..object.header.zones as usize {
        let slot = &object.slots[object.header.zone(zone).1];
        if slot.kind == SlotKind::Quantile && slot.coordinate != NONE {
            position[slot.coordinate as usize] = score_coordinate(slot, DENSE);
            densities.push(slot.coordinate as usize);
        }
    }
    (position, densities)
}

/// A line whose error is a thousand times larger.
fn left_out(line: LineRecord<f64>) -> LineRecord<f64> {
    LineRecord {
        inverse_sigma: LEFT_OUT * line.inverse_sigma,
        ..line
    }
}

/// A line that may not be wrong.
fn trusted(line: LineRecord<f64>) -> LineRecord<f64> {
    LineRecord {
        likelihood: Likelihood::Gaussian,
        ..line
    }
}

/// Modes found so far.
struct Modes<'a> {
    problem: &'a Problem,
    search: Search<'a>,
    /// Modes as ends of climbs, which further climbs may run into.
    ends: Vec<End>,
    found: Vec<(Mode, Metric)>,
}

impl Modes<'_> {
    /// Takes the mode at the end of a climb.
    fn take_end(&mut self, end: End) {
        if let Some(mode) = self.search.finish(end.position) {
            self.take(mode);
        }
    }

    /// Takes a mode that a valley parts from all others.
    fn take(&mut self, mode: Mode) {
        let Some(metric) = Metric::from_precision(&mode.position, &mode.hessian) else {
            return;
        };
        if (0..self.found.len()).all(|known| self.is_apart(known, &mode)) {
            self.ends.push(End {
                position: mode.position.clone(),
                logdensity: mode.logdensity,
                converged: true,
                hessian: mode.hessian.clone(),
            });
            self.found.push((mode, metric));
        }
    }

    /// True if the log density has a valley on the line from a known mode to another.
    fn is_apart(&mut self, known: usize, mode: &Mode) -> bool {
        let from = self.found[known].0.position.clone();
        let lower = self.found[known].0.logdensity.min(mode.logdensity);
        (1..=BETWEEN).any(|k| {
            let part = k as f64 / (BETWEEN + 1) as f64;
            let between = from.iter().zip(&mode.position).map(|(a, b)| a + part * (b - a));
            let value = self.search.logdensity(&between.collect::<Vec<f64>>());
            value < lower - VALLEY
        })
    }

    /// Leaves out each line with a robust likelihood in turn, and trusts each in turn, from each
    /// mode. The climb without or with that line leads to the start of a climb with all lines.
    fn doubt_lines(&mut self, grid: &Grid<f64>) {
        let lines = self.problem.object.lines.iter().enumerate();
        let suspects: Vec<usize> = lines
            .filter(|(_, line)| line.likelihood.is_robust())
            .map(|(l, _)| l)
            .collect();
        if suspects.is_empty() {
            return;
        }
        let mut changed = self.problem.clone();
        let mut from = 0;
        while from < self.found.len().min(MOST_SEARCHES) {
            let start = self.found[from].0.position.clone();
            from += 1;
            for &line in &suspects {
                let record = changed.object.lines[line];
                for other in [left_out(record), trusted(record)] {
                    changed.object.lines[line] = other;
                    let found = Search::new(&changed, grid).climb(start.clone(), &[]);
                    let end = found.and_then(|end| self.search.climb(end.position, &self.ends));
                    if let Some(end) = end.filter(|end| end.converged) {
                        self.take_end(end);
                    }
                }
                changed.object.lines[line] = record;
            }
        }
    }

    /// The modes that hold mass, the heaviest first.
    fn heavy(mut self) -> Option<Vec<(Mode, Metric)>> {
        let ln_mass = |(mode, metric): &(Mode, Metric)| mode.logdensity + metric.ln_determinant();
        self.found.sort_by(|a, b| ln_mass(b).total_cmp(&ln_mass(a)));
        let least = ln_mass(self.found.first()?) + NEGLIGIBLE;
        self.found.retain(|mode| ln_mass(mode) >= least);
        self.found.truncate(MOST_MODES);
        Some(self.found)
    }
}
