//! One lane to a kernel and back: request, result and staging buffers that are used over and over.

use std::sync::mpsc::{Receiver, sync_channel};
use std::time::Duration;

use bytemuck::cast_slice;
use wgpu::{Buffer, BufferAsyncError, BufferUsages, PollType};

use super::device::Device;
use super::source::WORKGROUP;
use crate::error::Result;

/// How long the device may take for one dispatch before it counts as hung: no watchdog lets it run as long.
const PATIENCE: Duration = Duration::from_secs(120);

/// Buffers for up to `capacity` requests, with one dispatch under way at most.
pub(super) struct Lane {
    requests: Buffer,
    results: Buffer,
    staging: Buffer,
    bind_group: wgpu::BindGroup,
    /// Words of a request and of a result.
    width: usize,
    capacity: usize,
    words: Vec<u32>,
    pending: Option<Pending>,
}

/// A dispatch under way.
struct Pending {
    bytes: u64,
    submission: wgpu::SubmissionIndex,
    mapped: Receiver<std::result::Result<(), BufferAsyncError>>,
}

impl Lane {
    /// A lane for `capacity` requests of an object and `stride` coordinates each, with the `records` as bindings 0 to 5.
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
            let buffer = |label, size, usage| {
                let label = Some(label);
                device.wgpu().create_buffer(&wgpu::BufferDescriptor {
                    label,
                    size,
                    usage,
                    mapped_at_creation: false,
                })
            };
            let requests = buffer("requests", 4 + bytes, BufferUsages::STORAGE | BufferUsages::COPY_DST);
            let results = buffer("results", bytes, BufferUsages::STORAGE | BufferUsages::COPY_SRC);
            let staging = buffer("staging", bytes, BufferUsages::MAP_READ | BufferUsages::COPY_DST);
            let buffers = records.into_iter().chain([&requests, &results]).enumerate();
            let entries: Vec<wgpu::BindGroupEntry<'_>> = buffers
                .map(|(binding, buffer)| wgpu::BindGroupEntry {
                    binding: binding as u32,
                    resource: buffer.as_entire_binding(),
                })
                .collect();
            let bind_group = device.wgpu().create_bind_group(&wgpu::BindGroupDescriptor {
                label: Some("lane"),
                layout: &pipeline.get_bind_group_layout(0),
                entries: &entries,
            });
            Lane {
                requests,
                results,
                staging,
                bind_group,
                width,
                capacity,
                words: Vec::new(),
                pending: None,
            }
        })
    }

    /// The most requests that it takes.
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
        let mut encoder = device
            .wgpu()
            .create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        {
            let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor::default());
            pass.set_pipeline(pipeline);
            pass.set_bind_group(0, &self.bind_group, &[]);
            pass.dispatch_workgroups(count.div_ceil(WORKGROUP), 1, 1);
        }
        encoder.copy_buffer_to_buffer(&self.results, 0, &self.staging, 0, bytes);
        let submission = device.queue().submit([encoder.finish()]);
        let (sender, mapped) = sync_channel(1);
        self.staging
            .slice(..bytes)
            .map_async(wgpu::MapMode::Read, move |outcome| {
                // The lane is gone if nobody listens: then nobody wants the results.
                let _ = sender.send(outcome);
            });
        self.pending = Some(Pending {
            bytes,
            submission,
            mapped,
        });
    }

    /// Waits for the requests under way and shows their results to `take`.
    pub(super) fn collect(&mut self, device: &Device, take: impl FnOnce(&[f32])) -> Result<()> {
        const DOING: &str = "evaluating log densities";
        let failed = |error: &dyn std::fmt::Display| device.failure(DOING, error.to_string());
        let pending = self.pending.take().expect("submitted before it is collected");
        let wait = PollType::Wait {
            submission_index: Some(pending.submission),
            timeout: Some(PATIENCE),
        };
        let polled = device.wgpu().poll(wait);
        device.check(DOING)?;
        polled.map_err(|error| failed(&error))?;
        pending
            .mapped
            .try_recv()
            .map_err(|error| failed(&error))?
            .map_err(|error| failed(&error))?;
        let slice = self.staging.slice(..pending.bytes);
        let view = slice.get_mapped_range().map_err(|error| failed(&error))?;
        take(cast_slice(&view));
        drop(view);
        self.staging.unmap();
        Ok(())
    }
}
