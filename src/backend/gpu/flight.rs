//! One object in flight on a device: the orders of its chains, the draws that they made, the audit.

use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use super::chains::Made;
use super::orders::Orders;
use super::replay::{self, Start};
use crate::backend::Replayed;
use crate::emissivity::Grid;
use crate::model::ModelObject;
use crate::nuts::ObjectSampler;

/// An object whose chains are on the device.
pub(super) struct Flight<'a> {
    object: &'a ModelObject<f64>,
    pub(super) sampler: ObjectSampler,
    /// Number of its first chain in the batch.
    first: usize,
    /// Refreshes of the metric that the device has.
    refreshes: u32,
    /// True for each chain that sets out from a point of the host with its next order.
    sets_out: Vec<bool>,
    /// Constant that the device leaves out of the log density.
    constant: f64,
    /// Fraction of the transitions that is replayed.
    fraction: f64,
    pub(super) replayed: Replayed,
    /// True once a number of a draw is not finite.
    pub(super) failed: bool,
}

/// Numbers of chains of a buffer: with an order, in warm-up, setting out from a point of the host.
#[derive(Clone, Copy, Default)]
pub(super) struct Tally {
    pub(super) busy: usize,
    pub(super) warming: usize,
    pub(super) starting: usize,
}

impl Tally {
    /// The sum of both.
    pub(super) fn with(self, other: Self) -> Self {
        Tally {
            busy: self.busy + other.busy,
            warming: self.warming + other.warming,
            starting: self.starting + other.starting,
        }
    }
}

impl<'a> Flight<'a> {
    /// An object whose chains have the numbers from `first` on in the batch.
    pub(super) fn new(
        object: &'a ModelObject<f64>,
        sampler: ObjectSampler,
        first: usize,
        constant: f64,
        fraction: f64,
    ) -> Self {
        Flight {
            object,
            first,
            refreshes: sampler.refreshes(),
            sets_out: vec![true; sampler.chains()],
            sampler,
            constant,
            fraction,
            replayed: Replayed::default(),
            failed: false,
        }
    }

    /// Number of chains.
    pub(super) fn chains(&self) -> usize {
        self.sets_out.len()
    }

    /// The numbers of its chains in the batch.
    pub(super) fn range(&self) -> Range<usize> {
        self.first..self.first + self.chains()
    }

    /// The chains of the object among those that a buffer holds, each with its index in the buffer.
    pub(super) fn indices(&self, held: Range<usize>) -> impl Iterator<Item = (usize, usize)> + use<> {
        let own = self.range();
        let first = own.start;
        let both = held.start.max(first)..held.end.min(own.end);
        both.map(move |chain| (chain - first, chain - held.start))
    }

    /// Orders the next draws of its chains in a buffer.
    pub(super) fn order(&mut self, held: Range<usize>, mut orders: Orders<'_>) -> Tally {
        let (is_warm, step_size) = (self.sampler.is_warm(), self.sampler.step_size());
        let mut tally = Tally::default();
        for ((chain, _), mut order) in self.indices(held).zip(orders.each()) {
            let Some(draws) = self.sampler.draws_to_make(chain) else {
                order.rest();
                continue;
            };
            order.go_on((draws.start, draws.end), step_size);
            tally.busy += 1;
            tally.warming += usize::from(!is_warm);
            if std::mem::take(&mut self.sets_out[chain]) {
                order.set_out(self.sampler.point(chain), self.constant);
                tally.starting += 1;
            }
        }
        tally
    }

    /// Takes the draws of its chains in a buffer, and replays those that the audit chooses.
    pub(super) fn absorb(&mut self, held: Range<usize>, made: &Made<'_>, grid: &Grid<f64>) {
        let indices: Vec<(usize, usize)> = self.indices(held).collect();
        if self.fraction > 0.0 {
            let replay = |&(chain, index): &(usize, usize)| self.replay(chain, index, made, grid);
            let replayed = indices.par_iter().map(replay).reduce(Replayed::default, Replayed::with);
            self.replayed.add(&replayed);
        }
        if self.sampler.is_warm() {
            self.absorb_warm(&indices, made);
        } else {
            self.absorb_warming(&indices, made);
        }
    }

    /// Takes the one draw of each chain in warm-up, with its gradient.
    fn absorb_warming(&mut self, indices: &[(usize, usize)], made: &Made<'_>) {
        let dim = self.sampler.metric().dim();
        let (mut position, mut grad) = (vec![0.0; dim], vec![0.0; dim]);
        for &(chain, index) in indices.iter().filter(|&&(_, index)| made.count(index) > 0) {
            let (stats, sound) = made.draw(index, 0, self.constant, &mut position);
            self.failed |= !sound;
            made.grad(index, &mut grad);
            self.sampler.absorb_transition(chain, stats, &position, &grad);
        }
    }

    /// Takes all draws of the chains after warm-up.
    fn absorb_warm(&mut self, indices: &[(usize, usize)], made: &Made<'_>) {
        let (Some(&(first, first_index)), Some(&(last, _))) = (indices.first(), indices.last()) else {
            return;
        };
        let (dim, constant) = (self.sampler.metric().dim(), self.constant);
        let failed = AtomicBool::new(false);
        self.sampler.absorb_transitions(first..last + 1, |chain, take| {
            let (index, mut position) = (first_index + chain - first, vec![0.0; dim]);
            for row in 0..made.count(index) {
                let (stats, sound) = made.draw(index, row, constant, &mut position);
                failed.fetch_or(!sound, Ordering::Relaxed);
                take(stats, &position);
            }
        });
        self.failed |= failed.into_inner();
    }

    /// Replays the draws of a chain that the audit chooses.
    fn replay(&self, chain: usize, index: usize, made: &Made<'_>, grid: &Grid<f64>) -> Replayed {
        let Some(draws) = self.sampler.draws_to_make(chain) else {
            return Replayed::default();
        };
        let (metric, depth) = (self.sampler.metric(), self.sampler.settings().max_treedepth);
        let (mut before, mut position) = (self.sampler.point(chain).position.clone(), vec![0.0; metric.dim()]);
        let mut replayed = Replayed::default();
        for (row, draw) in (0..made.count(index)).zip(draws) {
            let (stats, _) = made.draw(index, row, self.constant, &mut position);
            let id = self.sampler.id(chain, draw);
            if replay::is_chosen(&id, self.fraction) {
                let start = Start::from_draw(&self.sampler, id, &before);
                replayed.add(&start.replay(self.object, grid, metric, depth, (&stats, &position)));
            }
            before.copy_from_slice(&position);
        }
        replayed
    }

    /// True once after each refresh of the metric; its chains then set out from points of the host.
    pub(super) fn takes_refresh(&mut self) -> bool {
        let is_new = self.refreshes != self.sampler.refreshes();
        if is_new {
            self.refreshes = self.sampler.refreshes();
            self.sets_out.fill(true);
        }
        is_new
    }
}
