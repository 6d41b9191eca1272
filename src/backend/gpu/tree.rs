//! The engine `tree`: the device grows the subtrees of all chains of a batch, the host chooses directions, joins them to the
//! trees, decides when to stop and adapts, one lane at a time while the device works on the other.

use rayon::prelude::*;

use super::device::Device;
use super::logdensity::DensityKernel;
use super::replay::{self, Start};
use super::round::start;
use super::subtree::{LANES, SubtreeKernel};
use crate::backend::{Backend, Replayed, Task};
use crate::emissivity::Grid;
use crate::error::Result;
use crate::model::ModelObject;
use crate::nuts::{self, ObjectSampler, Sampled, Subtree};

/// Objects in flight: with four chains each enough places in both lanes to hide the way to the device and back.
const BATCH: usize = 512;

/// A device behind wgpu that grows trees.
pub struct TreeGpu {
    /// Evaluates the starts.
    density: DensityKernel,
    kernel: SubtreeKernel,
    fraction: f64,
    worst: Option<f64>,
    replayed: Replayed,
}

/// A task in flight.
struct Flight<'a> {
    object: &'a ModelObject<f64>,
    sampler: ObjectSampler,
    /// The chains that have a place in a lane.
    placed: Vec<bool>,
    /// How often the metric on the device has been refreshed.
    refreshes: u32,
    subtree: Subtree,
    audited: Vec<Start>,
    replayed: Replayed,
}

/// Who has each place of a lane: task and chain.
type Occupants = Vec<Option<(usize, usize)>>;

impl TreeGpu {
    /// Compiles the kernels for emissivities on `grid`; a `fraction` of transitions is replayed on the host.
    ///
    /// # Errors
    /// The device refuses a kernel, or has no memory for the emissivities.
    pub fn new(device: &Device, grid: &Grid<f64>, fraction: f64) -> Result<Self> {
        Ok(TreeGpu {
            density: DensityKernel::new(device, grid)?,
            kernel: SubtreeKernel::new(device, grid)?,
            fraction,
            worst: None,
            replayed: Replayed::default(),
        })
    }

    /// Gives the free places of a lane to chains that need a subtree; whether any place has work.
    fn fill(&mut self, lane: usize, occupants: &mut Occupants, flights: &mut [Flight<'_>]) -> bool {
        let mut free = (0..occupants.len()).filter(|&place| occupants[place].is_none());
        let mut next = free.next();
        let mut given = Vec::new();
        'tasks: for (task, flight) in flights.iter_mut().enumerate() {
            for chain in 0..flight.placed.len() {
                let Some(place) = next else { break 'tasks };
                if flight.placed[chain] {
                    continue;
                }
                let constant = self.kernel.constant(task);
                let Some(doubling) = flight.sampler.doubling(chain) else {
                    continue;
                };
                let chosen = replay::chosen(&flight.sampler, chain, self.fraction);
                flight.audited.extend(chosen);
                self.kernel.lane(lane).request(place, task as u32, &doubling, constant);
                flight.placed[chain] = true;
                given.push((place, (task, chain)));
                next = free.next();
            }
        }
        for (place, chain) in given {
            occupants[place] = Some(chain);
        }
        occupants.iter().any(Option::is_some)
    }

    /// Hands the subtrees that a lane has finished to their trees, the objects shared out among the host's cores.
    fn absorb(&mut self, lane: usize, occupants: &mut Occupants, flights: &mut [Flight<'_>], grid: &Grid<f64>) {
        let places = self.kernel.lane(lane);
        let mut finished = Vec::new();
        for (place, occupant) in occupants.iter_mut().enumerate() {
            match *occupant {
                Some(_) if places.results().is_growing(place) => places.resume(place),
                Some((task, chain)) => {
                    finished.push((task, chain, place));
                    places.clear(place);
                    *occupant = None;
                }
                None => {}
            }
        }
        finished.sort_unstable();
        let constants: Vec<f64> = (0..flights.len()).map(|task| self.kernel.constant(task)).collect();
        let results = self.kernel.lane(lane).results();
        flights.par_iter_mut().enumerate().for_each(|(task, flight)| {
            let first = finished.partition_point(|of| of.0 < task);
            for &(_, chain, place) in finished[first..].iter().take_while(|of| of.0 == task) {
                let doubling = flight.sampler.doubling(chain).expect("it needed a subtree");
                results.take(place, &doubling, constants[task], &mut flight.subtree);
                flight.placed[chain] = false;
                flight.absorb(chain, grid);
            }
        });
        for (task, flight) in flights.iter_mut().enumerate() {
            if flight.refreshes != flight.sampler.refreshes() {
                flight.refreshes = flight.sampler.refreshes();
                self.kernel.set_metric(task, flight.sampler.metric());
            }
        }
    }
}

impl Flight<'_> {
    /// Hands the subtree to a chain's tree; replays the transition if it ends and was chosen.
    fn absorb(&mut self, chain: usize, grid: &Grid<f64>) {
        let audited = self.audited.iter().position(|start| start.is_of(chain));
        let Some(place) = audited else {
            self.sampler.absorb_subtree(chain, &mut self.subtree, |_, _| ());
            return;
        };
        let metric = self.sampler.metric().clone();
        let depth = self.sampler.settings().max_treedepth;
        let mut ended = None;
        self.sampler.absorb_subtree(chain, &mut self.subtree, |stats, point| {
            ended = Some((*stats, point.clone()))
        });
        if let Some((stats, point)) = ended {
            let start = self.audited.swap_remove(place);
            let found = start.replay(self.object, grid, &metric, depth, (&stats, &point.position));
            self.replayed.add(&found);
        }
    }
}

impl TreeGpu {
    /// Runs every task to its last draw on the threads that it is called on.
    fn advance(&mut self, grid: &Grid<f64>, tasks: Vec<Task<'_>>) -> Result<Vec<Sampled>> {
        if tasks.is_empty() {
            return Ok(Vec::new());
        }
        let (objects, samplers) = start(&mut self.density, grid, tasks, &mut self.worst)?;
        let mut flights: Vec<Flight<'_>> = objects.iter().zip(samplers).map(Flight::from).collect();
        let chains = flights.iter().map(|flight| flight.placed.len()).sum();
        let depths = flights.iter().map(|flight| flight.sampler.settings().max_treedepth);
        self.kernel.load(&objects, chains, depths.max().unwrap_or(1) as usize)?;
        for (task, flight) in flights.iter().enumerate() {
            self.kernel.set_metric(task, flight.sampler.metric());
        }
        let places = self.kernel.lane(0).capacity();
        let mut occupants: [Occupants; LANES] = std::array::from_fn(|_| vec![None; places]);
        let mut working = true;
        while working {
            working = false;
            for lane in 0..LANES {
                if self.fill(lane, &mut occupants[lane], &mut flights) {
                    self.kernel.submit(lane);
                    working = true;
                }
                let other = (lane + 1) % LANES;
                if self.kernel.lane(other).is_pending() {
                    self.kernel.collect(other)?;
                    self.absorb(other, &mut occupants[other], &mut flights, grid);
                    working = true;
                }
            }
        }
        for flight in &flights {
            self.replayed.add(&flight.replayed);
        }
        Ok(flights
            .into_iter()
            .map(|flight| flight.sampler.into_sampled())
            .collect())
    }
}

impl Backend for TreeGpu {
    fn sample(&mut self, grid: &Grid<f64>, tasks: Vec<Task<'_>>) -> Result<Vec<Sampled>> {
        let device = self.kernel.device().clone();
        device.attended(|| self.advance(grid, tasks))
    }

    fn batch(&self, _: &nuts::Settings) -> usize {
        BATCH
    }

    fn describe(&self) -> String {
        self.kernel.device().describe("tree")
    }

    fn worst_error(&self) -> Option<f64> {
        self.worst
    }

    fn replayed(&self) -> Option<Replayed> {
        (self.fraction > 0.0).then_some(self.replayed)
    }
}

impl<'a> From<(&'a ModelObject<f64>, ObjectSampler)> for Flight<'a> {
    fn from((object, sampler): (&'a ModelObject<f64>, ObjectSampler)) -> Self {
        Flight {
            object,
            placed: vec![false; sampler.settings().chains],
            refreshes: sampler.refreshes(),
            subtree: Subtree::zero(object.dimension()),
            sampler,
            audited: Vec::new(),
            replayed: Replayed::default(),
        }
    }
}
