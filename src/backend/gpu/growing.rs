//! One lane to the kernel of `shaders/subtree.wgsl` and back: places in which chains have their subtrees grown.
//!
//! The words of a lane: a header; a request a place, that is its scalars and the position, momentum and gradient to set
//! out from; and a result a place, that is its scalars, then vectors: seven that the host reads, the last of them the
//! momentum of leaf 0, and the rest of the checkpoints. Word k of all places stands together.

use bytemuck::cast_slice;
use wgpu::{Buffer, BufferUsages};

use super::device::Device;
use super::staging::{Staging, bind_group, empty};
use crate::error::Result;
use crate::nuts::{Doubling, Ending, GROWING, Subtree, TURNING, WHOLE};
use crate::shared::wgsl::shared_constants;

shared_constants! {
    /// Words of the header: places, leapfrogs of a dispatch, longest vector, levels of checkpoints.
    pub(super) const LANE_HEADER: usize = 4;
    const CAPACITY: usize = 0;
    const LEAPFROGS: usize = 1;
    const STRIDE: usize = 2;
    const LEVELS: usize = 3;

    /// Scalars of a request.
    const REQUEST_WORDS: usize = 13;
    const COMMAND: usize = 0;
    const OBJECT: usize = 1;
    const LEAVES: usize = 2;
    const N_STEPS: usize = 3;
    const KEY: usize = 4;
    const CHAIN: usize = 8;
    const DRAW: usize = 9;
    const STEP: usize = 10;
    const INITIAL_KINETIC: usize = 11;
    const INITIAL_LOGDENSITY: usize = 12;

    /// Commands.
    const IDLE: u32 = 0;
    const BEGIN: u32 = 1;
    const RESUME: u32 = 2;

    /// Scalars of a result.
    const RESULT_WORDS: usize = 7;
    const ENDING: usize = 0;
    const N_LEAVES: usize = 1;
    const LOG_WEIGHT: usize = 2;
    const ACCEPTANCE_SUM: usize = 3;
    const PROPOSAL_LOGDENSITY: usize = 4;
    const PROPOSAL_ERROR: usize = 5;
    const END_LOGDENSITY: usize = 6;

    /// Vectors of a result.
    const END_POSITION: usize = 0;
    const END_MOMENTUM: usize = 1;
    const END_GRAD: usize = 2;
    const MOMENTUM_SUM: usize = 3;
    const PROPOSAL_POSITION: usize = 4;
    const PROPOSAL_GRAD: usize = 5;
    /// The first of the checkpoints: a momentum, a sum and the momentum before, of every level.
    const CHECKPOINTS: usize = 6;
    const MOMENTA: usize = 0;
    const SUMS: usize = 1;
    const BEFORE: usize = 2;
}

/// Vectors that a request has, that the host reads of a result, and that a level of checkpoints has.
const REQUEST_VECTORS: usize = 3;
const READ_VECTORS: usize = CHECKPOINTS + 1;
const LEVEL_VECTORS: usize = 3;

/// Words that a place takes in a lane, for vectors of `stride` and `levels` of checkpoints.
pub(super) fn words_a_place(stride: usize, levels: usize) -> usize {
    REQUEST_WORDS + RESULT_WORDS + stride * (REQUEST_VECTORS + CHECKPOINTS + LEVEL_VECTORS * levels)
}

/// Where chains' subtrees are grown.
pub(super) struct GrowingLane {
    lane: Buffer,
    staging: Staging,
    bind_group: wgpu::BindGroup,
    stride: usize,
    capacity: usize,
    /// Header and requests.
    words: Vec<u32>,
    results: Results,
}

/// What the last dispatch came to, as far as the host reads it.
pub(super) struct Results {
    stride: usize,
    capacity: usize,
    words: Vec<f32>,
}

impl GrowingLane {
    /// A lane of `capacity` places for vectors of `stride` and `levels` of checkpoints; `bound` are the bindings 0 to 6.
    pub(super) fn new(
        device: &Device,
        pipeline: &wgpu::ComputePipeline,
        bound: [&Buffer; 7],
        (capacity, stride, levels): (usize, usize, usize),
    ) -> Result<Self> {
        let bytes = 4 * (LANE_HEADER + capacity * words_a_place(stride, levels)) as u64;
        let read = capacity * (RESULT_WORDS + READ_VECTORS * stride);
        let mut words = vec![0; LANE_HEADER + capacity * (REQUEST_WORDS + REQUEST_VECTORS * stride)];
        words[CAPACITY] = capacity as u32;
        words[STRIDE] = stride as u32;
        words[LEVELS] = levels as u32;
        device.guarded("making room for trajectories", || {
            let usage = BufferUsages::STORAGE | BufferUsages::COPY_DST | BufferUsages::COPY_SRC;
            let lane = empty(device, "lane", bytes, usage);
            let bind_group = bind_group(device, pipeline, bound.into_iter().chain([&lane]));
            GrowingLane {
                lane,
                staging: Staging::new(device, 4 * read as u64),
                bind_group,
                stride,
                capacity,
                words,
                results: Results {
                    stride,
                    capacity,
                    words: vec![0.0; read],
                },
            }
        })
    }

    /// Has the subtree of `object`'s `doubling` begun in a place, or one that grows there resumed; `constant` is what the
    /// device leaves out of the log density.
    pub(super) fn request(&mut self, place: usize, object: u32, doubling: &Doubling<'_>, constant: f64) {
        let mut scalars = [0; REQUEST_WORDS];
        scalars[COMMAND] = BEGIN;
        scalars[OBJECT] = object;
        scalars[LEAVES] = doubling.leaves;
        scalars[N_STEPS] = doubling.n_steps;
        scalars[KEY..KEY + 4].copy_from_slice(&doubling.id.key.words());
        scalars[CHAIN] = doubling.id.chain;
        scalars[DRAW] = doubling.id.draw;
        scalars[STEP] = (doubling.step as f32).to_bits();
        scalars[INITIAL_KINETIC] = (doubling.initial_kinetic as f32).to_bits();
        scalars[INITIAL_LOGDENSITY] = ((doubling.initial_logdensity - constant) as f32).to_bits();
        for (word, value) in scalars.into_iter().enumerate() {
            self.set(place, word, value);
        }
        let from = doubling.from;
        for (v, vector) in [&from.position, &from.momentum, &from.grad].into_iter().enumerate() {
            for (k, &x) in vector.iter().enumerate() {
                self.set(place, REQUEST_WORDS + v * self.stride + k, (x as f32).to_bits());
            }
        }
    }

    /// Has the subtree that grows in a place resumed.
    pub(super) fn resume(&mut self, place: usize) {
        self.set(place, COMMAND, RESUME);
    }

    /// Leaves a place alone.
    pub(super) fn clear(&mut self, place: usize) {
        self.set(place, COMMAND, IDLE);
    }

    fn set(&mut self, place: usize, word: usize, value: u32) {
        self.words[LANE_HEADER + word * self.capacity + place] = value;
    }

    /// Number of places.
    pub(super) fn capacity(&self) -> usize {
        self.capacity
    }

    /// Whether a dispatch is under way.
    pub(super) fn is_pending(&self) -> bool {
        self.staging.is_pending()
    }

    /// Starts up to `leapfrogs` leapfrogs of every place that is not idle.
    pub(super) fn submit(&mut self, device: &Device, pipeline: &wgpu::ComputePipeline, leapfrogs: u32) {
        self.words[LEAPFROGS] = leapfrogs;
        device.queue().write_buffer(&self.lane, 0, cast_slice(&self.words));
        let first = 4 * self.words.len() as u64;
        let results = (&self.lane, first..first + 4 * self.results.words.len() as u64);
        let kernel = (pipeline, &self.bind_group);
        self.staging.submit(device, kernel, self.capacity as u32, results);
    }

    /// Waits for the dispatch under way and keeps its results.
    pub(super) fn collect(&mut self, device: &Device) -> Result<()> {
        let results = &mut self.results.words;
        self.staging.collect(device, "growing trajectories", |bytes| {
            results.copy_from_slice(cast_slice(bytes));
        })
    }

    /// The results of the dispatch that was collected last.
    pub(super) fn results(&self) -> &Results {
        &self.results
    }
}

impl Results {
    /// Whether the subtree in a place needs more dispatches.
    pub(super) fn is_growing(&self, place: usize) -> bool {
        self.scalar(place, ENDING).to_bits() == GROWING
    }

    /// The log density, as the kernel gives it, of the leaf that was grown last.
    #[cfg(test)]
    pub(super) fn end_logdensity(&self, place: usize) -> f64 {
        f64::from(self.scalar(place, END_LOGDENSITY))
    }

    /// The subtree of `doubling` in a place. What the device may have missed, a number that is not finite, diverges.
    pub(super) fn take(&self, place: usize, doubling: &Doubling<'_>, constant: f64, subtree: &mut Subtree) {
        let real = |word| f64::from(self.scalar(place, word));
        subtree.n_leaves = self.scalar(place, N_LEAVES).to_bits();
        let accepted = real(ACCEPTANCE_SUM);
        subtree.acceptance_sum = doubling.acceptance_sum + if accepted.is_finite() { accepted } else { 0.0 };
        subtree.log_weight = real(LOG_WEIGHT);
        subtree.proposal.logdensity = constant + real(PROPOSAL_LOGDENSITY);
        subtree.proposal_energy = doubling.initial_kinetic - doubling.initial_logdensity + real(PROPOSAL_ERROR);
        let vectors: [(usize, &mut [f64]); READ_VECTORS] = [
            (END_POSITION, &mut subtree.end.position),
            (END_MOMENTUM, &mut subtree.end.momentum),
            (END_GRAD, &mut subtree.end.grad),
            (MOMENTUM_SUM, &mut subtree.momentum_sum),
            (PROPOSAL_POSITION, &mut subtree.proposal.position),
            (PROPOSAL_GRAD, &mut subtree.proposal.grad),
            (CHECKPOINTS, &mut subtree.first_momentum),
        ];
        let mut sound = subtree.log_weight.is_finite() && subtree.proposal_energy.is_finite() && accepted.is_finite();
        for (vector, values) in vectors {
            for (k, value) in values.iter_mut().enumerate() {
                *value = real(RESULT_WORDS + vector * self.stride + k);
                sound = sound && value.is_finite();
            }
        }
        subtree.ending = match self.scalar(place, ENDING).to_bits() {
            WHOLE if sound => Ending::Whole,
            TURNING => Ending::Turning,
            _ => Ending::Diverging,
        };
    }

    fn scalar(&self, place: usize, word: usize) -> f32 {
        self.words[word * self.capacity + place]
    }
}
