//! The way back from a device: a buffer that the host can read, with at most one dispatch under
//! way.

use std::ops::Range;
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::Duration;

use wgpu::{Buffer, BufferAsyncError, BufferUsages, PollType};

use super::device::Device;
use super::source::WORKGROUP;
use crate::error::Result;

/// Longest time of a dispatch. After it the device counts as hung: no watchdog allows as much.
const PATIENCE: Duration = Duration::from_secs(120);

/// A dispatch under way.
struct Pending {
    bytes: u64,
    submission: wgpu::SubmissionIndex,
    mapped: Receiver<std::result::Result<(), BufferAsyncError>>,
}

/// The buffer, and what it waits for.
pub(super) struct Staging {
    buffer: Buffer,
    pending: Option<Pending>,
}

/// A buffer of `size` bytes.
pub(super) fn empty(device: &Device, label: &str, size: u64, usage: BufferUsages) -> Buffer {
    device.wgpu().create_buffer(&wgpu::BufferDescriptor {
        label: Some(label),
        size,
        usage,
        mapped_at_creation: false,
    })
}

/// The buffers as bindings 0, 1, … of the pipeline.
pub(super) fn bind_group<'a>(
    device: &Device,
    pipeline: &wgpu::ComputePipeline,
    buffers: impl IntoIterator<Item = &'a Buffer>,
) -> wgpu::BindGroup {
    let entries: Vec<wgpu::BindGroupEntry<'_>> = (0..)
        .zip(buffers)
        .map(|(binding, buffer)| wgpu::BindGroupEntry {
            binding,
            resource: buffer.as_entire_binding(),
        })
        .collect();
    device.wgpu().create_bind_group(&wgpu::BindGroupDescriptor {
        label: Some("bindings"),
        layout: &pipeline.get_bind_group_layout(0),
        entries: &entries,
    })
}

impl Staging {
    /// Room for results of up to `size` bytes.
    pub(super) fn new(device: &Device, size: u64) -> Self {
        Staging {
            buffer: empty(device, "staging", size, BufferUsages::MAP_READ | BufferUsages::COPY_DST),
            pending: None,
        }
    }

    /// True while a dispatch is under way.
    pub(super) fn is_pending(&self) -> bool {
        self.pending.is_some()
    }

    /// Runs `count` invocations of the pipeline, and has the bytes `results` of a buffer sent back.
    pub(super) fn submit(
        &mut self,
        device: &Device,
        (pipeline, bind_group): (&wgpu::ComputePipeline, &wgpu::BindGroup),
        count: u32,
        (source, results): (&Buffer, Range<u64>),
    ) {
        let bytes = results.end - results.start;
        let mut encoder = device
            .wgpu()
            .create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        {
            let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor::default());
            pass.set_pipeline(pipeline);
            pass.set_bind_group(0, bind_group, &[]);
            pass.dispatch_workgroups(count.div_ceil(WORKGROUP), 1, 1);
        }
        encoder.copy_buffer_to_buffer(source, results.start, &self.buffer, 0, bytes);
        let submission = device.queue().submit([encoder.finish()]);
        let (sender, mapped) = sync_channel(1);
        self.buffer
            .slice(..bytes)
            .map_async(wgpu::MapMode::Read, move |outcome| {
                // The staging buffer is gone if nobody listens: then nobody wants the results.
                let _ = sender.send(outcome);
            });
        self.pending = Some(Pending {
            bytes,
            submission,
            mapped,
        });
    }

    /// Waits for the dispatch under way and shows its results to `take`. `doing` names the work in
    /// errors.
    pub(super) fn collect(&mut self, device: &Device, doing: &'static str, take: impl FnOnce(&[u8])) -> Result<()> {
        let failed = |error: &dyn std::fmt::Display| device.failure(doing, error.to_string());
        let pending = self.pending.take().expect("submitted before it is collected");
        let wait = PollType::Wait {
            submission_index: Some(pending.submission),
            timeout: Some(PATIENCE),
        };
        let polled = device.wgpu().poll(wait);
        device.check(doing)?;
        polled.map_err(|error| failed(&error))?;
        // Another thread's poll may have taken the answer and not handed it on yet.
        pending
            .mapped
            .recv_timeout(PATIENCE)
            .map_err(|error| failed(&error))?
            .map_err(|error| failed(&error))?;
        let slice = self.buffer.slice(..pending.bytes);
        let view = slice.get_mapped_range().map_err(|error| failed(&error))?;
        take(&view);
        drop(view);
        self.buffer.unmap();
        Ok(())
    }
}
