//! One lane to the kernel of `shaders/resident.wgsl` and back: places in which chains make one transition after another.
//!
//! The words of a lane: a header; orders, scalars of every place; of each place a start, that is a log density, position and
//! gradient to set out from and the purposes of its noise; states, which the device alone reads; of each place the gradient
//! at its last draw, how many draws it made, and those draws. In states word k of all places stands together, else
//! those of a place do.

use bytemuck::cast_slice;
use wgpu::{Buffer, BufferUsages};

use super::device::Device;
use super::staging::{Staging, bind_group, empty};
use super::words::*;
use crate::error::Result;
use crate::nuts::{DrawId, Point, Settings, Stats};

/// Where chains make their transitions.
pub(super) struct ChainsLane {
    lane: Buffer,
    staging: Staging,
    bind_group: wgpu::BindGroup,
    size: Size,
    /// Header and orders.
    orders: Vec<u32>,
    starts: Vec<u32>,
    /// Draws a place of the dispatch under way, and whether it sends gradients back.
    asked: (usize, bool),
}

/// Places next to one another.
pub(super) struct Places<'a> {
    size: Size,
    orders: &'a mut [u32],
    starts: &'a mut [u32],
}

/// One place.
pub(super) struct Place<'a> {
    stride: usize,
    order: &'a mut [u32],
    start: &'a mut [u32],
}

/// What a dispatch came to.
pub(super) struct Made<'a> {
    size: Size,
    /// From the first gradient on, or, where gradients were not asked for, from the first count on.
    words: &'a [u32],
    /// Draws that a place has room for, and whether there are gradients.
    asked: (usize, bool),
}

impl ChainsLane {
    /// A lane of this size; `bound` are the bindings 0 to 6.
    pub(super) fn new(
        device: &Device,
        pipeline: &wgpu::ComputePipeline,
        bound: [&Buffer; 7],
        size: Size,
    ) -> Result<Self> {
        let words = LANE_HEADER + size.capacity * size.words_a_place();
        let mut orders = vec![0; size.first_start()];
        orders[CAPACITY] = size.capacity as u32;
        orders[STRIDE] = size.stride as u32;
        orders[LEVELS] = size.levels as u32;
        device.guarded("making room for chains", || {
            let usage = BufferUsages::STORAGE | BufferUsages::COPY_DST | BufferUsages::COPY_SRC;
            let lane = empty(device, "lane", 4 * words as u64, usage);
            ChainsLane {
                bind_group: bind_group(device, pipeline, bound.into_iter().chain([&lane])),
                staging: Staging::new(device, 4 * (words - size.first_grad()) as u64),
                lane,
                size,
                orders,
                starts: vec![0; size.capacity * size.start_words()],
                asked: (0, false),
            }
        })
    }

    /// The words on the device.
    #[cfg(test)]
    pub(super) fn buffer(&self) -> &Buffer {
        &self.lane
    }

    /// All places, which orders are given to.
    pub(super) fn places(&mut self) -> Places<'_> {
        Places {
            size: self.size,
            orders: &mut self.orders[LANE_HEADER..],
            starts: &mut self.starts,
        }
    }

    /// Whether a dispatch is under way.
    pub(super) fn is_pending(&self) -> bool {
        self.staging.is_pending()
    }

    /// Starts up to `leapfrogs` leapfrogs and `draws` draws of every place that is not to rest, with new `starts` if there are any.
    pub(super) fn submit(
        &mut self,
        device: &Device,
        pipeline: &wgpu::ComputePipeline,
        leapfrogs: usize,
        starts: bool,
        (draws, grads): (usize, bool),
    ) {
        self.orders[LEAPFROGS] = leapfrogs as u32;
        self.orders[MOST_DRAWS] = draws as u32;
        self.asked = (draws, grads);
        let queue = device.queue();
        queue.write_buffer(&self.lane, 0, cast_slice(&self.orders));
        if starts {
            let first = 4 * self.size.first_start() as u64;
            queue.write_buffer(&self.lane, first, cast_slice(&self.starts));
        }
        let first = if grads {
            self.size.first_grad()
        } else {
            self.size.first_count()
        };
        let end = self.size.first_count() + self.size.capacity * (1 + draws * self.size.draw_words());
        let results = (&self.lane, 4 * first as u64..4 * end as u64);
        let kernel = (pipeline, &self.bind_group);
        self.staging.submit(device, kernel, self.size.capacity as u32, results);
    }

    /// Waits for the dispatch under way and shows what it came to.
    pub(super) fn collect(&mut self, device: &Device, take: impl FnOnce(&Made<'_>)) -> Result<()> {
        let (size, asked) = (self.size, self.asked);
        self.staging.collect(device, "making transitions", |bytes| {
            take(&Made {
                size,
                words: cast_slice(bytes),
                asked,
            })
        })
    }
}

impl<'a> Places<'a> {
    /// Splits off the first `count` of them.
    pub(super) fn take(&mut self, count: usize) -> Places<'a> {
        let split = |words: &mut &'a mut [u32], width: usize| {
            let (first, rest) = std::mem::take(words).split_at_mut(count * width);
            *words = rest;
            first
        };
        Places {
            size: self.size,
            orders: split(&mut self.orders, ORDER_WORDS),
            starts: split(&mut self.starts, self.size.start_words()),
        }
    }

    /// Each of them.
    pub(super) fn each(&mut self) -> impl Iterator<Item = Place<'_>> {
        let (stride, width) = (self.size.stride, self.size.start_words());
        let words = self
            .orders
            .chunks_exact_mut(ORDER_WORDS)
            .zip(self.starts.chunks_exact_mut(width));
        words.map(move |(order, start)| Place { stride, order, start })
    }
}

impl Place<'_> {
    /// Gives it to a chain of `object`, with its noise's purposes and the sampler's settings.
    pub(super) fn settle(&mut self, object: u32, id: &DrawId, purposes: &[u32], settings: &Settings) {
        self.order[OBJECT] = object;
        self.order[KEY..KEY + 4].copy_from_slice(&id.key.words());
        self.order[CHAIN] = id.chain;
        self.order[JITTER] = (settings.step_size_jitter as f32).to_bits();
        self.order[INDEPENDENCE] = settings.independence.into();
        self.start[START_WORDS + 2 * self.stride..][..purposes.len()].copy_from_slice(purposes);
    }

    /// Has its chain make the draws from `next` to before `last` with steps of `step_size`, from where it stands.
    pub(super) fn go_on(&mut self, (next, last): (usize, usize), step_size: f64) {
        self.order[COMMAND] = GO_ON;
        self.order[NEXT_DRAW] = next as u32;
        self.order[LAST_DRAW] = last as u32;
        self.order[STEP] = (step_size as f32).to_bits();
    }

    /// Has its chain, which goes on, set out from `point`, whose log density is `constant` more than the device's.
    pub(super) fn set_out(&mut self, point: &Point, constant: f64) {
        self.order[COMMAND] = PLACE;
        self.start[0] = ((point.logdensity - constant) as f32).to_bits();
        let vectors = self.start[START_WORDS..].chunks_exact_mut(self.stride);
        for (words, vector) in vectors.zip([&point.position, &point.grad]) {
            words
                .iter_mut()
                .zip(vector)
                .for_each(|(word, &x)| *word = (x as f32).to_bits());
        }
    }

    /// Leaves its chain alone.
    pub(super) fn rest(&mut self) {
        self.order[COMMAND] = REST;
    }
}

impl Made<'_> {
    /// How many draws a place has made.
    pub(super) fn count(&self, place: usize) -> usize {
        self.counts()[place] as usize
    }

    /// A place's draw: its statistics, with log densities `constant` more than the device's, and its position, whitened, as
    /// far as `position` reaches. False if single precision failed.
    pub(super) fn draw(&self, place: usize, slot: usize, constant: f64, position: &mut [f64]) -> (Stats, bool) {
        let first = self.size.capacity + (place * self.asked.0 + slot) * self.size.draw_words();
        let words = &self.counts()[first..];
        let real = |word: usize| f64::from(f32::from_bits(words[word]));
        for (k, x) in position.iter_mut().enumerate() {
            *x = real(DRAW_WORDS + k);
        }
        let stats = Stats {
            lp: constant + real(LOGDENSITY),
            acceptance_rate: real(ACCEPTANCE),
            step_size: real(STEP_SIZE),
            tree_depth: words[TREE_DEPTH],
            n_steps: words[N_STEPS],
            independence_accepted: words[DRAW_INDEPENDENCE] == 1,
            reached_max_treedepth: words[OUTCOME] == AT_MAX_TREEDEPTH,
            diverging: words[OUTCOME] == DIVERGED,
            energy: real(ENERGY) - constant,
            energy_error: real(ENERGY_ERROR),
        };
        let sound = [stats.lp, stats.acceptance_rate, stats.energy, stats.energy_error];
        let sound = sound.into_iter().chain(position.iter().copied()).all(f64::is_finite);
        (stats, sound)
    }

    /// The gradient at a place's last draw, if asked for.
    pub(super) fn grad(&self, place: usize, grad: &mut [f64]) -> bool {
        if self.asked.1 {
            let own = &self.words[place * self.size.stride..];
            for (g, &word) in grad.iter_mut().zip(own) {
                *g = f64::from(f32::from_bits(word));
            }
        }
        self.asked.1
    }

    fn counts(&self) -> &[u32] {
        let grads = if self.asked.1 {
            self.size.stride * self.size.capacity
        } else {
            0
        };
        &self.words[grads..]
    }
}
