//! The chains of a batch on a device, in buffers between which host and device take turns.

use std::ops::Range;
use std::time::{Duration, Instant};

use rayon::prelude::*;

use super::chains::{ChainsBuffer, Wanted};
use super::device::Device;
use super::flight::{Flight, Tally};
use super::metrics::Metrics;
use super::orders::Orders;
use crate::backend::Replayed;
use crate::emissivity::Grid;
use crate::error::Result;
use crate::nuts::Sampled;

/// Leapfrogs of the first dispatch, and of those in which most chains are in warm-up, where a chain
/// makes one draw at most.
pub(super) const LEAPFROGS_OF_ONE: usize = 8;
/// Draws of a chain in a dispatch at most.
pub(super) const MOST_DRAWS: usize = 16;
/// Leapfrogs of a dispatch for each draw that a chain may make: trees of fewer leaves are rare.
const LEAPFROGS_A_DRAW: usize = 4;

/// The objects of a batch, their metrics on the device, and the buffers of their chains.
pub(super) struct Batch<'a> {
    flights: Vec<Flight<'a>>,
    metrics: Metrics,
    buffers: Vec<ChainsBuffer>,
    /// Chains of a buffer.
    capacity: usize,
    /// Start of the last dispatch of each buffer.
    submitted: Vec<Instant>,
    /// End of the last dispatch.
    completed: Instant,
}

impl<'a> Batch<'a> {
    /// A batch of buffers with `capacity` chains each, every chain assigned to its object.
    pub(super) fn new(flights: Vec<Flight<'a>>, metrics: Metrics, buffers: Vec<ChainsBuffer>, capacity: usize) -> Self {
        let now = Instant::now();
        let mut batch = Batch {
            flights,
            metrics,
            capacity,
            submitted: vec![now; buffers.len()],
            completed: now,
            buffers,
        };
        batch.assign();
        batch
    }

    /// Number of buffers.
    pub(super) fn buffers(&self) -> usize {
        self.buffers.len()
    }

    /// True while a dispatch of the buffer is under way.
    pub(super) fn is_pending(&self, buffer: usize) -> bool {
        self.buffers[buffer].is_pending()
    }

    /// The chains of the batch that a buffer holds.
    fn held(&self, buffer: usize) -> Range<usize> {
        buffer * self.capacity..(buffer + 1) * self.capacity
    }

    /// The flights that have chains in a buffer.
    fn flights_in(&self, buffer: usize) -> Range<usize> {
        let held = self.held(buffer);
        let first = self.flights.partition_point(|flight| flight.range().end <= held.start);
        let end = self.flights.partition_point(|flight| flight.range().start < held.end);
        first..end
    }

    /// The flights that have chains in a buffer, each with the orders of those chains.
    fn shares(&mut self, buffer: usize) -> Vec<(usize, &mut Flight<'a>, Orders<'_>)> {
        let (held, flights) = (self.held(buffer), self.flights_in(buffer));
        let mut orders = self.buffers[buffer].orders();
        let tasks = flights.clone().zip(&mut self.flights[flights]);
        tasks
            .map(|(task, flight)| {
                let own = orders.take(flight.indices(held.clone()).count());
                (task, flight, own)
            })
            .collect()
    }

    /// Assigns every chain to its object.
    fn assign(&mut self) {
        for buffer in 0..self.buffers.len() {
            let held = self.held(buffer);
            for (task, flight, mut orders) in self.shares(buffer) {
                let sampler = &flight.sampler;
                let (purposes, settings) = (sampler.noise_purposes(), sampler.settings());
                for ((chain, _), mut order) in flight.indices(held.clone()).zip(orders.each()) {
                    order.assign(task as u32, &sampler.id(chain, 0), purposes, settings);
                }
            }
        }
    }

    /// Orders the next draws of a buffer's chains on the host's cores, and starts the dispatch.
    /// False if no chain needs a draw.
    pub(super) fn submit(
        &mut self,
        buffer: usize,
        device: &Device,
        pipeline: &wgpu::ComputePipeline,
        leapfrogs: usize,
    ) -> bool {
        let held = self.held(buffer);
        let shares = self.shares(buffer).into_par_iter();
        let tally = shares.map(|(_, flight, orders)| flight.order(held.clone(), orders));
        let tally = tally.reduce(Tally::default, Tally::with);
        if tally.busy == 0 {
            return false;
        }
        let leapfrogs = if 2 * tally.warming > tally.busy {
            leapfrogs.min(LEAPFROGS_OF_ONE)
        } else {
            leapfrogs
        };
        let wanted = Wanted {
            draws: leapfrogs.div_ceil(LEAPFROGS_A_DRAW).min(MOST_DRAWS),
            grads: tally.warming > 0,
        };
        self.submitted[buffer] = Instant::now();
        self.buffers[buffer].submit(device, pipeline, leapfrogs, tally.starting > 0, wanted);
        true
    }

    /// Waits for the dispatch of a buffer and takes its draws on the host's cores; the time that
    /// the device took, if the host was there to see its end.
    ///
    /// # Errors
    /// The device fails or is lost; a number of a draw is not finite.
    pub(super) fn collect(&mut self, buffer: usize, device: &Device, grid: &Grid<f64>) -> Result<Option<Duration>> {
        let (held, flights) = (self.held(buffer), self.flights_in(buffer));
        let began = self.submitted[buffer].max(self.completed);
        let waiting = Instant::now();
        let mut took = None;
        let of_buffer = &mut self.flights[flights.clone()];
        let completed = &mut self.completed;
        self.buffers[buffer].collect(device, |made| {
            *completed = Instant::now();
            took = (*completed - waiting > (*completed - began) / 4).then(|| *completed - began);
            of_buffer.par_iter_mut().for_each(|flight| {
                flight.absorb(held.clone(), made, grid);
            });
        })?;
        for task in flights {
            let flight = &mut self.flights[task];
            if flight.failed {
                return Err(device.failure("making transitions", "a draw is not finite".to_owned()));
            }
            if flight.takes_refresh() {
                self.metrics.set(device, task, flight.sampler.metric());
            }
        }
        Ok(took)
    }

    /// The draws of every object, and the outcome of all audits.
    pub(super) fn into_sampled(self) -> (Vec<Sampled>, Replayed) {
        let mut replayed = Replayed::default();
        self.flights.iter().for_each(|flight| replayed.add(&flight.replayed));
        let sampled = self.flights.into_iter().map(|flight| flight.sampler.into_sampled());
        (sampled.collect(), replayed)
    }
}
