//! The engine `resident`: chains live on the device and make one transition after another there; the host adapts them in
//! warm-up, takes their draws, and audits.

use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use rayon::prelude::*;

use super::chains::{ChainsLane, Made, Places};
use super::device::Device;
use super::logdensity::{DensityKernel, pipeline};
use super::metrics::Metrics;
use super::records::{self, Records};
use super::replay::{self, Start};
use super::round::start;
use super::source;
use super::words::Size;
use crate::backend::{Backend, Replayed, Task};
use crate::emissivity::Grid;
use crate::error::Result;
use crate::model::ModelObject;
use crate::model::record::MAX_DIMENSION;
use crate::nuts::{self, ObjectSampler, Sampled};

/// Lanes, if one holds half of the chains: the host takes the draws of one while the device works on the other.
const LANES: usize = 2;
/// Chains in flight at which a large device has enough to do.
const CHAINS: usize = 1 << 16;
/// The most bytes that the draws of a batch may take on the host, and what one takes besides its coordinates.
const DRAWS_BYTES: usize = 2 << 30;
const DRAW_BYTES: usize = size_of::<nuts::Stats>();
/// Leapfrogs of a dispatch in which most chains are in warm-up, where they make one draw at most.
const LEAPFROGS_OF_ONE: usize = 8;
/// A chain may make a draw in a dispatch for so many leapfrogs: trees of fewer leaves on average are rare.
const LEAPFROGS_A_DRAW: usize = 4;
/// Draws of a chain in a dispatch at most.
const SLOTS: usize = 16;
/// What a dispatch should take at most: a desktop must stay smooth beside it, and two of them may wait in line.
const DISPATCH: Duration = Duration::from_millis(25);

/// A device behind wgpu on which chains live.
pub struct ResidentGpu {
    /// Evaluates the starts.
    density: DensityKernel,
    pipeline: wgpu::ComputePipeline,
    coefficients: wgpu::Buffer,
    /// Leapfrogs that a dispatch takes at most.
    leapfrogs: usize,
    fraction: f64,
    worst: Option<f64>,
    replayed: Replayed,
}

/// A task in flight.
struct Flight<'a> {
    object: &'a ModelObject<f64>,
    sampler: ObjectSampler,
    /// Its first chain among those of the batch.
    first: usize,
    /// How often the metric on the device has been refreshed.
    refreshes: u32,
    /// The chains that the device must be told where they stand.
    misplaced: Vec<bool>,
    /// What the device leaves out of the log density.
    constant: f64,
    fraction: f64,
    replayed: Replayed,
    /// Whether single precision failed at a draw.
    failed: bool,
}

/// How many chains of a lane have an order, are in warm-up, and set out from a point of the host's.
#[derive(Clone, Copy, Default)]
struct Orders {
    busy: usize,
    warming: usize,
    starting: usize,
}

impl Orders {
    fn with(self, other: Self) -> Self {
        Orders {
            busy: self.busy + other.busy,
            warming: self.warming + other.warming,
            starting: self.starting + other.starting,
        }
    }
}

/// The chains of a batch on the device.
struct Fleet<'a> {
    flights: Vec<Flight<'a>>,
    metrics: Metrics,
    lanes: Vec<ChainsLane>,
    capacity: usize,
    submitted: Vec<Instant>,
    completed: Instant,
}

impl ResidentGpu {
    /// Compiles the kernels for emissivities on `grid`; a `fraction` of transitions is replayed on the host.
    ///
    /// # Errors
    /// The device refuses a kernel, or has no memory for the emissivities.
    pub fn new(device: &Device, grid: &Grid<f64>, fraction: f64) -> Result<Self> {
        let text = source::resident(grid);
        Ok(ResidentGpu {
            density: DensityKernel::new(device, grid)?,
            pipeline: device.guarded("compiling the chains", || pipeline(device.wgpu(), text))?,
            coefficients: records::coefficients(device, grid)?,
            leapfrogs: device.most_leapfrogs(),
            fraction,
            worst: None,
            replayed: Replayed::default(),
        })
    }

    /// Has every dispatch take so many leapfrogs at most.
    #[cfg(test)]
    pub(super) fn limit_leapfrogs(&mut self, most: usize) {
        self.leapfrogs = most.min(self.device().most_leapfrogs());
    }

    fn device(&self) -> &Device {
        self.density.device()
    }

    /// Takes a batch to the device.
    fn fleet<'a>(
        &self,
        records: &Records,
        objects: &'a [ModelObject<f64>],
        samplers: Vec<ObjectSampler>,
    ) -> Result<Fleet<'a>> {
        let device = self.device();
        let metrics = Metrics::new(device, objects.len(), records.stride())?;
        let mut flights = Vec::with_capacity(objects.len());
        let mut chains = 0;
        for (index, (object, sampler)) in objects.iter().zip(samplers).enumerate() {
            metrics.set(device, index, sampler.metric());
            let flight = Flight::new(object, sampler, chains, records.constant(index), self.fraction);
            chains += flight.misplaced.len();
            flights.push(flight);
        }
        let depths = flights.iter().map(|flight| flight.sampler.settings().max_treedepth);
        let mut size = Size {
            capacity: 0,
            stride: records.stride(),
            levels: depths.max().unwrap_or(1) as usize,
            slots: SLOTS,
        };
        let room = (device.most_bytes() as usize / 4 / size.words_a_place()).max(2) - 1;
        size.capacity = chains.div_ceil(LANES).min(room);
        let [headers, slots, ions, terms, lines, coefficients] = records.bindings(&self.coefficients);
        let bound = [headers, slots, ions, terms, lines, coefficients, metrics.buffer()];
        let lanes = (0..chains.div_ceil(size.capacity)).map(|_| ChainsLane::new(device, &self.pipeline, bound, size));
        let lanes = lanes.collect::<Result<Vec<_>>>()?;
        let now = Instant::now();
        let mut fleet = Fleet {
            flights,
            metrics,
            capacity: size.capacity,
            submitted: vec![now; lanes.len()],
            completed: now,
            lanes,
        };
        fleet.settle();
        Ok(fleet)
    }
}

impl<'a> Flight<'a> {
    fn new(object: &'a ModelObject<f64>, sampler: ObjectSampler, first: usize, constant: f64, fraction: f64) -> Self {
        Flight {
            object,
            first,
            refreshes: sampler.refreshes(),
            misplaced: vec![true; sampler.chains()],
            sampler,
            constant,
            fraction,
            replayed: Replayed::default(),
            failed: false,
        }
    }

    /// The chains that have a place in the lane whose places are the chains `of_lane` of the batch, with that place.
    fn places(&self, of_lane: Range<usize>) -> impl Iterator<Item = (usize, usize)> + use<> {
        let first = self.first;
        let own = of_lane.start.max(first)..of_lane.end.min(first + self.misplaced.len());
        own.map(move |chain| (chain - first, chain - of_lane.start))
    }

    /// Orders what its chains in a lane need next.
    fn order(&mut self, of_lane: Range<usize>, mut places: Places<'_>) -> Orders {
        let (is_warm, step_size) = (self.sampler.is_warm(), self.sampler.step_size());
        let mut orders = Orders::default();
        for ((chain, _), mut place) in self.places(of_lane).zip(places.each()) {
            let Some(draws) = self.sampler.draws_to_make(chain) else {
                place.rest();
                continue;
            };
            place.go_on((draws.start, draws.end), step_size);
            orders.busy += 1;
            orders.warming += usize::from(!is_warm);
            if std::mem::take(&mut self.misplaced[chain]) {
                place.set_out(self.sampler.point(chain), self.constant);
                orders.starting += 1;
            }
        }
        orders
    }

    /// Takes the draws that its places have made, and replays those of them that are chosen.
    fn absorb(&mut self, of_lane: Range<usize>, made: &Made<'_>, grid: &Grid<f64>) {
        let places: Vec<(usize, usize)> = self.places(of_lane).collect();
        if self.fraction > 0.0 {
            let replay = |&(chain, place): &(usize, usize)| self.replay(chain, place, made, grid);
            let replayed = places.par_iter().map(replay).reduce(Replayed::default, Replayed::with);
            self.replayed.add(&replayed);
        }
        let (Some(&(first, first_place)), Some(&(last, _))) = (places.first(), places.last()) else {
            return;
        };
        let (dim, constant) = (self.sampler.metric().dim(), self.constant);
        let failed = AtomicBool::new(false);
        let draw = |place, slot, position: &mut [f64]| {
            let (stats, sound) = made.draw(place, slot, constant, position);
            failed.fetch_or(!sound, Ordering::Relaxed);
            stats
        };
        if self.sampler.is_warm() {
            self.sampler.absorb_transitions(first..last + 1, |chain, take| {
                let (place, mut position) = (first_place + chain - first, vec![0.0; dim]);
                for slot in 0..made.count(place) {
                    take(draw(place, slot, &mut position), &position);
                }
            });
        } else {
            let (mut position, mut grad) = (vec![0.0; dim], vec![0.0; dim]);
            for (chain, place) in places.into_iter().filter(|&(_, place)| made.count(place) > 0) {
                let stats = draw(place, 0, &mut position);
                made.grad(place, &mut grad);
                self.sampler.absorb_transition(chain, stats, &position, &grad);
            }
        }
        self.failed |= failed.into_inner();
    }

    /// Replays what is chosen of the draws that a place has made.
    fn replay(&self, chain: usize, place: usize, made: &Made<'_>, grid: &Grid<f64>) -> Replayed {
        let Some(draws) = self.sampler.draws_to_make(chain) else {
            return Replayed::default();
        };
        let (metric, depth) = (self.sampler.metric(), self.sampler.settings().max_treedepth);
        let (mut before, mut position) = (self.sampler.point(chain).position.clone(), vec![0.0; metric.dim()]);
        let mut replayed = Replayed::default();
        for (slot, draw) in (0..made.count(place)).zip(draws) {
            let (stats, _) = made.draw(place, slot, self.constant, &mut position);
            let id = self.sampler.id(chain, draw);
            if replay::is_chosen(&id, self.fraction) {
                let start = Start::from_draw(&self.sampler, id, &before);
                replayed.add(&start.replay(self.object, grid, metric, depth, (&stats, &position)));
            }
            before.copy_from_slice(&position);
        }
        replayed
    }
}

impl<'a> Fleet<'a> {
    /// The chains of the batch that have a place in a lane.
    fn of_lane(&self, lane: usize) -> Range<usize> {
        lane * self.capacity..(lane + 1) * self.capacity
    }

    /// The flights that have chains in a lane.
    fn flights_of(&self, lane: usize) -> Range<usize> {
        let of_lane = self.of_lane(lane);
        let first = self
            .flights
            .partition_point(|flight| flight.first + flight.misplaced.len() <= of_lane.start);
        let end = self.flights.partition_point(|flight| flight.first < of_lane.end);
        first..end
    }

    /// The flights that have chains in a lane, each with their places there.
    fn shares(&mut self, lane: usize) -> Vec<(usize, &mut Flight<'a>, Places<'_>)> {
        let (of_lane, flights) = (self.of_lane(lane), self.flights_of(lane));
        let mut places = self.lanes[lane].places();
        let tasks = flights.clone().zip(&mut self.flights[flights]);
        tasks
            .map(|(task, flight)| {
                let own = places.take(flight.places(of_lane.clone()).count());
                (task, flight, own)
            })
            .collect()
    }

    /// Gives every chain its place.
    fn settle(&mut self) {
        for lane in 0..self.lanes.len() {
            let of_lane = self.of_lane(lane);
            for (task, flight, mut places) in self.shares(lane) {
                let sampler = &flight.sampler;
                let (purposes, settings) = (sampler.noise_purposes(), sampler.settings());
                for ((chain, _), mut place) in flight.places(of_lane.clone()).zip(places.each()) {
                    place.settle(task as u32, &sampler.id(chain, 0), purposes, settings);
                }
            }
        }
    }

    /// Orders what the chains of a lane need next, the objects shared out among the host's cores, and starts the dispatch if any
    /// needs something.
    fn submit(&mut self, lane: usize, device: &Device, pipeline: &wgpu::ComputePipeline, leapfrogs: usize) -> bool {
        let of_lane = self.of_lane(lane);
        let orders = self.shares(lane).into_par_iter();
        let orders = orders.map(|(_, flight, places)| flight.order(of_lane.clone(), places));
        let orders = orders.reduce(Orders::default, Orders::with);
        if orders.busy == 0 {
            return false;
        }
        let leapfrogs = if 2 * orders.warming > orders.busy {
            leapfrogs.min(LEAPFROGS_OF_ONE)
        } else {
            leapfrogs
        };
        let draws = leapfrogs.div_ceil(LEAPFROGS_A_DRAW).min(SLOTS);
        self.submitted[lane] = Instant::now();
        let asked = (draws, orders.warming > 0);
        self.lanes[lane].submit(device, pipeline, leapfrogs, orders.starting > 0, asked);
        true
    }

    /// Waits for a lane's dispatch and takes its draws, the objects shared out among the host's cores; how long the device
    /// took, if the host was there to see.
    fn collect(&mut self, lane: usize, device: &Device, grid: &Grid<f64>) -> Result<Option<Duration>> {
        let (of_lane, flights) = (self.of_lane(lane), self.flights_of(lane));
        let began = self.submitted[lane].max(self.completed);
        let waiting = Instant::now();
        let mut took = None;
        let of_flights = &mut self.flights[flights.clone()];
        let completed = &mut self.completed;
        self.lanes[lane].collect(device, |made| {
            *completed = Instant::now();
            took = (*completed - waiting > (*completed - began) / 4).then(|| *completed - began);
            of_flights.par_iter_mut().for_each(|flight| {
                flight.absorb(of_lane.clone(), made, grid);
            });
        })?;
        for task in flights {
            let flight = &mut self.flights[task];
            if flight.failed {
                return Err(device.failure("making transitions", "a draw is not finite".to_owned()));
            }
            if flight.refreshes != flight.sampler.refreshes() {
                flight.refreshes = flight.sampler.refreshes();
                flight.misplaced.fill(true);
                self.metrics.set(device, task, flight.sampler.metric());
            }
        }
        Ok(took)
    }
}

impl ResidentGpu {
    /// Runs every task to its last draw on the threads that it is called on.
    fn advance(&mut self, grid: &Grid<f64>, mut tasks: Vec<Task<'_>>) -> Result<Vec<Sampled>> {
        if tasks.is_empty() {
            return Ok(Vec::new());
        }
        tasks.iter_mut().for_each(|task| task.sampler.leave_transitions());
        let (objects, samplers) = start(&mut self.density, grid, tasks, &mut self.worst)?;
        let records = Records::new(self.device(), &objects)?;
        let mut fleet = self.fleet(&records, &objects, samplers)?;
        let mut leapfrogs = self.leapfrogs.min(LEAPFROGS_OF_ONE);
        let mut working = true;
        while working {
            working = false;
            for lane in 0..fleet.lanes.len() {
                if fleet.lanes[lane].is_pending() {
                    let took = fleet.collect(lane, self.device(), grid)?;
                    leapfrogs = paced(leapfrogs, took).clamp(1, self.leapfrogs);
                    working = true;
                }
                working |= fleet.submit(lane, self.density.device(), &self.pipeline, leapfrogs);
            }
        }
        for flight in &fleet.flights {
            self.replayed.add(&flight.replayed);
        }
        let finished = fleet.flights.into_iter().map(|flight| flight.sampler.into_sampled());
        Ok(finished.collect())
    }
}

impl Backend for ResidentGpu {
    fn sample(&mut self, grid: &Grid<f64>, tasks: Vec<Task<'_>>) -> Result<Vec<Sampled>> {
        let device = self.device().clone();
        device.attended(|| self.advance(grid, tasks))
    }

    fn batch(&self, sampler: &nuts::Settings) -> usize {
        let of_object = sampler.chains * sampler.draws * (DRAW_BYTES + 8 * MAX_DIMENSION);
        (CHAINS / sampler.chains.max(1))
            .min(DRAWS_BYTES / of_object.max(1))
            .max(1)
    }

    fn describe(&self) -> String {
        self.device().describe("resident")
    }

    fn worst_error(&self) -> Option<f64> {
        self.worst
    }

    fn replayed(&self) -> Option<Replayed> {
        (self.fraction > 0.0).then_some(self.replayed)
    }
}

/// The leapfrogs of the next dispatch, after one of `leapfrogs` at most that took so long; twice as many if the device was done
/// before the host was there to see, so that a slow host asks less often.
fn paced(leapfrogs: usize, took: Option<Duration>) -> usize {
    let pace = took.map_or(2.0, |took| DISPATCH.as_secs_f64() / took.as_secs_f64().max(1e-6));
    (leapfrogs as f64 * pace.min(2.0)) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dispatches_are_paced() {
        assert_eq!(paced(32, Some(DISPATCH * 2)), 16);
        assert_eq!(paced(8, Some(DISPATCH / 100)), 16);
        assert_eq!(paced(1, Some(DISPATCH * 100)), 0);
        assert_eq!(paced(1, Some(Duration::ZERO)), 2);
        assert_eq!(paced(8, None), 16);
    }
}
