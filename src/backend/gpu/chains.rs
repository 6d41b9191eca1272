//! The buffer in which chains make transitions on a device, its way to `shaders/resident.wgsl`, and
//! the draws that come back.

use bytemuck::cast_slice;
use wgpu::{Buffer, BufferUsages};

use super::device::Device;
use super::orders::Orders;
use super::staging::{Staging, bind_group, empty};
use super::words::*;
use crate::error::Result;
use crate::nuts::Stats;

/// Results that a dispatch sends back.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Wanted {
    /// Draws that a chain may make.
    pub(super) draws: usize,
    /// True for the gradient at the last draw of each chain.
    pub(super) grads: bool,
}

/// Chains on the device, with one dispatch under way at most.
pub(super) struct ChainsBuffer {
    buffer: Buffer,
    staging: Staging,
    bind_group: wgpu::BindGroup,
    size: Size,
    /// Header and orders.
    orders: Vec<u32>,
    starts: Vec<u32>,
    /// Results of the dispatch under way.
    wanted: Wanted,
}

/// Results of a dispatch.
pub(super) struct Made<'a> {
    size: Size,
    /// Words from the first gradient on, or from the first count on where no gradients are wanted.
    words: &'a [u32],
    wanted: Wanted,
}

impl ChainsBuffer {
    /// A buffer of this size; `bound` are the bindings 0 to 6.
    ///
    /// # Errors
    /// The device has no memory for it.
    pub(super) fn new(
        device: &Device,
        pipeline: &wgpu::ComputePipeline,
        bound: [&Buffer; 7],
        size: Size,
    ) -> Result<Self> {
        let words = HEADER_WORDS + size.capacity * size.words_a_chain();
        let mut orders = vec![0; size.first_start()];
        orders[CAPACITY] = size.capacity as u32;
        orders[STRIDE] = size.stride as u32;
        orders[LEVELS] = size.levels as u32;
        device.guarded("making room for chains", || {
            let usage = BufferUsages::STORAGE | BufferUsages::COPY_DST | BufferUsages::COPY_SRC;
            let buffer = empty(device, "chains", 4 * words as u64, usage);
            ChainsBuffer {
                bind_group: bind_group(device, pipeline, bound.into_iter().chain([&buffer])),
                staging: Staging::new(device, 4 * (words - size.first_grad()) as u64),
                buffer,
                size,
                orders,
                starts: vec![0; size.capacity * size.start_words()],
                wanted: Wanted::default(),
            }
        })
    }

    /// The words on the device.
    #[cfg(test)]
    pub(super) fn buffer(&self) -> &Buffer {
        &self.buffer
    }

    /// The orders of all chains.
    pub(super) fn orders(&mut self) -> Orders<'_> {
        Orders::new(self.size, &mut self.orders[HEADER_WORDS..], &mut self.starts)
    }

    /// True while a dispatch is under way.
    pub(super) fn is_pending(&self) -> bool {
        self.staging.is_pending()
    }

    /// Starts up to `leapfrogs` leapfrogs of every chain that does not rest. `starts` is true where
    /// chains set out from points of the host.
    pub(super) fn submit(
        &mut self,
        device: &Device,
        pipeline: &wgpu::ComputePipeline,
        leapfrogs: usize,
        starts: bool,
        wanted: Wanted,
    ) {
        self.orders[LEAPFROGS] = leapfrogs as u32;
        self.orders[MOST_DRAWS] = wanted.draws as u32;
        self.wanted = wanted;
        let queue = device.queue();
        queue.write_buffer(&self.buffer, 0, cast_slice(&self.orders));
        if starts {
            let first = 4 * self.size.first_start() as u64;
            queue.write_buffer(&self.buffer, first, cast_slice(&self.starts));
        }
        let first = if wanted.grads {
            self.size.first_grad()
        } else {
            self.size.first_count()
        };
        let draws = self.size.capacity * (1 + wanted.draws * self.size.draw_words());
        let end = self.size.first_count() + draws;
        let results = (&self.buffer, 4 * first as u64..4 * end as u64);
        let kernel = (pipeline, &self.bind_group);
        self.staging.submit(device, kernel, self.size.capacity as u32, results);
    }

    /// Waits for the dispatch under way and shows its results to `take`.
    ///
    /// # Errors
    /// The device fails or is lost.
    pub(super) fn collect(&mut self, device: &Device, take: impl FnOnce(&Made<'_>)) -> Result<()> {
        let (size, wanted) = (self.size, self.wanted);
        self.staging.collect(device, "making transitions", |bytes| {
            take(&Made {
                size,
                words: cast_slice(bytes),
                wanted,
            })
        })
    }
}

impl Made<'_> {
    /// Number of draws of the chain at `index` of the buffer.
    pub(super) fn count(&self, index: usize) -> usize {
        self.counts()[index] as usize
    }

    /// Draw number `row` of the chain at `index`: its statistics, and true if all numbers are
    /// finite.
    ///
    /// The whitened position goes to `position`. Log densities are `constant` more than the
    /// device's.
    pub(super) fn draw(&self, index: usize, row: usize, constant: f64, position: &mut [f64]) -> (Stats, bool) {
        let first = self.size.capacity + (index * self.wanted.draws + row) * self.size.draw_words();
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

    /// The whitened gradient at the last draw of the chain at `index`; false if gradients are not
    /// wanted.
    pub(super) fn grad(&self, index: usize, grad: &mut [f64]) -> bool {
        if self.wanted.grads {
            let own = &self.words[index * self.size.stride..];
            for (g, &word) in grad.iter_mut().zip(own) {
                *g = f64::from(f32::from_bits(word));
            }
        }
        self.wanted.grads
    }

    fn counts(&self) -> &[u32] {
        let grads = if self.wanted.grads {
            self.size.stride * self.size.capacity
        } else {
            0
        };
        &self.words[grads..]
    }
}
