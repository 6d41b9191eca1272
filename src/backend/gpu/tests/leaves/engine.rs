//! The kernel of `resident` in the hands of a test: one leapfrog a dispatch, after which the test
//! reads the state of each chain.

use bytemuck::cast_slice;
use wgpu::{BufferDescriptor, BufferUsages, MapMode, PollType};

use super::{MAX_TREEDEPTH, purposes};
use crate::backend::gpu::chains::{ChainsBuffer, Wanted};
use crate::backend::gpu::logdensity::pipeline;
use crate::backend::gpu::metrics::Metrics;
use crate::backend::gpu::records::{Records, coefficients};
use crate::backend::gpu::tests::emissivities;
use crate::backend::gpu::words::*;
use crate::backend::gpu::{Device, source};
use crate::metric::Metric;
use crate::model::ModelObject;
use crate::nuts::{DrawId, PhasePoint, Point, Settings, Stats};

/// A draw: its statistics and its whitened position.
pub(super) type Draw = (Stats, Vec<f64>);

/// The orders of one chain.
#[derive(Clone)]
struct Order {
    object: usize,
    id: DrawId,
    step: f64,
    independence: bool,
    start: Option<Point>,
    rests: bool,
}

/// Chains on the device, the objects and metrics that they need, and what the last dispatch left.
pub(super) struct Engine {
    device: Device,
    pipeline: wgpu::ComputePipeline,
    chains: ChainsBuffer,
    size: Size,
    dims: Vec<usize>,
    constants: Vec<f64>,
    orders: Vec<Option<Order>>,
    states: Vec<u32>,
    draws: Vec<Option<Draw>>,
}

/// The state of one chain on the device.
pub(super) struct State<'a> {
    words: &'a [u32],
    size: Size,
    index: usize,
    dim: usize,
    /// The draw that the last dispatch finished.
    pub(super) draw: Option<Draw>,
}

impl Engine {
    /// An engine that holds `objects` and their `metrics`, with `chains` chains at rest.
    pub(super) fn new(device: &Device, objects: &[ModelObject<f64>], metrics: &[Metric], chains: usize) -> Self {
        let grid = &emissivities().grid;
        let pipeline = pipeline(device.wgpu(), source::resident(grid));
        let records = Records::new(device, objects).unwrap();
        let coefficients = coefficients(device, grid).unwrap();
        let on_device = Metrics::new(device, objects.len(), records.stride()).unwrap();
        for (object, metric) in metrics.iter().enumerate() {
            on_device.set(device, object, metric);
        }
        let size = Size {
            capacity: chains,
            stride: records.stride(),
            levels: MAX_TREEDEPTH as usize,
            draws: 1,
        };
        let [headers, slots, ions, terms, lines, table] = records.bindings(&coefficients);
        let bound = [headers, slots, ions, terms, lines, table, on_device.buffer()];
        Engine {
            chains: ChainsBuffer::new(device, &pipeline, bound, size).unwrap(),
            device: device.clone(),
            pipeline,
            size,
            dims: metrics.iter().map(Metric::dim).collect(),
            constants: objects.iter().map(|object| object.header.constant).collect(),
            orders: vec![None; chains],
            states: Vec::new(),
            draws: vec![None; chains],
        }
    }

    /// Orders the draw `id` of `object` from `point`, with the step size and independence step of
    /// `kind`.
    pub(super) fn set_out(&mut self, chain: usize, object: usize, id: &DrawId, kind: (f64, bool), point: &Point) {
        self.orders[chain] = Some(Order {
            object,
            id: *id,
            step: kind.0,
            independence: kind.1,
            start: Some(point.clone()),
            rests: false,
        });
    }

    /// Lets a chain go on with its draw, or rest.
    pub(super) fn go_on(&mut self, chain: usize, goes_on: bool) {
        let order = self.orders[chain].as_mut().expect("it has set out");
        order.rests = !goes_on;
    }

    /// Makes one leapfrog of every chain that does not rest.
    pub(super) fn dispatch(&mut self) {
        let mut orders = self.chains.orders();
        for (mut words, order) in orders.each().zip(&mut self.orders) {
            let Some(order) = order.as_mut().filter(|order| !order.rests) else {
                words.rest();
                continue;
            };
            let settings = Settings {
                step_size_jitter: 0.0,
                independence: order.independence,
                ..Settings::default()
            };
            let purposes = purposes(self.dims[order.object]);
            words.assign(order.object as u32, &order.id, &purposes, &settings);
            let draw = order.id.draw as usize;
            words.go_on((draw, draw + 1), order.step);
            if let Some(point) = order.start.take() {
                words.set_out(&point, self.constants[order.object]);
            }
        }
        let wanted = Wanted { draws: 1, grads: true };
        self.chains.submit(&self.device, &self.pipeline, 1, true, wanted);
        self.collect();
        self.states = self.read_states();
    }

    fn collect(&mut self) {
        let Engine {
            chains,
            orders,
            draws,
            dims,
            constants,
            ..
        } = self;
        chains
            .collect(&self.device, |made| {
                for (chain, draw) in draws.iter_mut().enumerate() {
                    let order = orders[chain].as_ref().filter(|order| !order.rests);
                    *draw = order.filter(|_| made.count(chain) == 1).map(|order| {
                        let mut position = vec![0.0; dims[order.object]];
                        let (stats, _) = made.draw(chain, 0, constants[order.object], &mut position);
                        (stats, position)
                    });
                }
            })
            .unwrap();
    }

    fn read_states(&self) -> Vec<u32> {
        let first = self.size.first_start() + self.size.capacity * self.size.start_words();
        let [first, end] = [first, self.size.first_grad()].map(|word| 4 * word as u64);
        let device = self.device.wgpu();
        let copy = device.create_buffer(&BufferDescriptor {
            label: Some("states"),
            size: end - first,
            usage: BufferUsages::MAP_READ | BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        let mut encoder = device.create_command_encoder(&Default::default());
        encoder.copy_buffer_to_buffer(self.chains.buffer(), first, &copy, 0, end - first);
        self.device.queue().submit([encoder.finish()]);
        copy.slice(..).map_async(MapMode::Read, |outcome| outcome.unwrap());
        device.poll(PollType::wait_indefinitely()).unwrap();
        let view = copy.slice(..).get_mapped_range().unwrap();
        cast_slice(&view).to_vec()
    }

    /// The state of a chain after the last dispatch.
    pub(super) fn state(&self, chain: usize) -> State<'_> {
        let order = self.orders[chain].as_ref().expect("it has set out");
        State {
            words: &self.states,
            size: self.size,
            index: chain,
            dim: self.dims[order.object],
            draw: self.draws[chain].clone(),
        }
    }
}

impl State<'_> {
    /// A scalar of the state.
    pub(super) fn word(&self, word: usize) -> u32 {
        self.words[word * self.size.capacity + self.index]
    }

    /// A real scalar of the state.
    pub(super) fn real(&self, word: usize) -> f64 {
        f64::from(f32::from_bits(self.word(word)))
    }

    /// A vector of the state, `[dim]`.
    pub(super) fn vector(&self, vector: usize) -> Vec<f64> {
        let first = STATE_WORDS + vector * self.size.stride;
        (first..first + self.dim).map(|word| self.real(word)).collect()
    }

    /// Three vectors of the state, one after another, as a point of phase space.
    pub(super) fn phase(&self, first: usize) -> PhasePoint {
        let [position, momentum, grad] = [POSITION, MOMENTUM, GRAD].map(|vector| self.vector(first + vector));
        PhasePoint {
            position,
            momentum,
            grad,
        }
    }
}
