//! The metrics of a batch on the device, which map whitened coordinates to the model's.

use bytemuck::cast_slice;
use wgpu::{Buffer, BufferUsages};

use super::device::Device;
use super::staging::empty;
use crate::error::{DeviceError, Error, Result};
use crate::metric::Metric;

/// The metrics of the objects of a batch. Each is its centre, then the rows of its factor up to the
/// diagonal.
pub(super) struct Metrics {
    buffer: Buffer,
    stride: usize,
}

impl Metrics {
    /// Room for the metrics of `objects` objects of up to `stride` coordinates.
    ///
    /// # Errors
    /// More than the device's bindings or memory hold.
    pub(super) fn new(device: &Device, objects: usize, stride: usize) -> Result<Self> {
        let bytes = 4 * (objects * words(stride)) as u64;
        if bytes > device.most_bytes() {
            return Err(Error::Device(DeviceError::BatchTooLarge {
                device: device.info().name.clone(),
                what: "metrics",
                bytes,
                most: device.most_bytes(),
            }));
        }
        let usage = BufferUsages::STORAGE | BufferUsages::COPY_DST;
        let buffer = device.guarded("storing metrics", || empty(device, "metrics", bytes, usage))?;
        Ok(Metrics { buffer, stride })
    }

    /// Sets the metric of an object, for all dispatches from now on.
    pub(super) fn set(&self, device: &Device, object: usize, metric: &Metric) {
        let dim = metric.dim();
        let rows = (0..dim).flat_map(|i| &metric.factor()[i * dim..][..=i]);
        let single: Vec<f32> = metric.centre().iter().chain(rows).map(|&x| x as f32).collect();
        let offset = 4 * (object * words(self.stride)) as u64;
        device.queue().write_buffer(&self.buffer, offset, cast_slice(&single));
    }

    /// The buffer that kernels bind.
    pub(super) fn buffer(&self) -> &Buffer {
        &self.buffer
    }
}

/// Words of a metric of `stride` coordinates.
fn words(stride: usize) -> usize {
    stride + stride * (stride + 1) / 2
}
