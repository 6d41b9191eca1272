//! The buffers of the log density's kernel: requests, results and staging, used over and over.

use bytemuck::cast_slice;
use wgpu::{Buffer, BufferUsages};

use super::device::Device;
use super::staging::{Staging, bind_group, empty};
use crate::error::Result;

/// Buffers for up to `capacity` requests, with one dispatch under way at most.
pub(super) struct RequestBuffers {
    requests: Buffer,
    results: Buffer,
    staging: Staging,
    bind_group: wgpu::BindGroup,
    /// Words of a request and of a result.
    width: usize,
    capacity: usize,
    words: Vec<u32>,
}

impl RequestBuffers {
    /// Buffers for `capacity` requests of an object and `stride` coordinates each. `records` are
    /// the bindings 0 to 5.
    ///
    /// # Errors
    /// The device has no memory for them.
    pub(super) fn new(
        device: &Device,
        pipeline: &wgpu::ComputePipeline,
        records: [&Buffer; 6],
        stride: usize,
        capacity: usize,
    ) -> Result<Self> {
        let width = 1 + stride;
        let bytes = 4 * (capacity * width) as u64;
        device.guarded("making room for requests", || {
            let usage = BufferUsages::STORAGE;
            let requests = empty(device, "requests", 4 + bytes, usage | BufferUsages::COPY_DST);
            let results = empty(device, "results", bytes, usage | BufferUsages::COPY_SRC);
            let bind_group = bind_group(device, pipeline, records.into_iter().chain([&requests, &results]));
            RequestBuffers {
                requests,
                results,
                staging: Staging::new(device, bytes),
                bind_group,
                width,
                capacity,
                words: Vec::new(),
            }
        })
    }

    /// Most requests of a dispatch.
    pub(super) fn capacity(&self) -> usize {
        self.capacity
    }

    /// Starts the requests that `fill` writes, their number first.
    pub(super) fn submit(
        &mut self,
        device: &Device,
        pipeline: &wgpu::ComputePipeline,
        fill: impl FnOnce(&mut Vec<u32>),
    ) {
        fill(&mut self.words);
        let count = self.words[0];
        let bytes = 4 * u64::from(count) * self.width as u64;
        device.queue().write_buffer(&self.requests, 0, cast_slice(&self.words));
        let results = (&self.results, 0..bytes);
        self.staging
            .submit(device, (pipeline, &self.bind_group), count, results);
    }

    /// Waits for the requests under way and shows their results to `take`.
    ///
    /// # Errors
    /// The device fails or is lost.
    pub(super) fn collect(&mut self, device: &Device, take: impl FnOnce(&[f32])) -> Result<()> {
        self.staging
            .collect(device, "evaluating log densities", |bytes| take(cast_slice(bytes)))
    }
}
