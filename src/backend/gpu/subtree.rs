//! The kernel of `shaders/subtree.wgsl`: subtrees of the trajectories of a batch, grown on the device in single precision.

use super::device::Device;
use super::growing::{GrowingLane, words_a_place};
use super::logdensity::pipeline;
use super::metrics::Metrics;
use super::records::{self, Records};
use super::source;
use crate::emissivity::Grid;
use crate::error::Result;
use crate::model::ModelObject;
use crate::nuts::Metric;

/// Lanes: the host works on the trees of one while the device grows those of the other.
pub(super) const LANES: usize = 2;
/// Gradients that all chains of a dispatch evaluate at most: 13 ms at 1e7 /s, an old integrated device.
const GRADIENTS: usize = 1 << 17;
/// Leapfrogs of a dispatch at least: fewer cost more round trips.
const LEAPFROGS: usize = 4;

/// Grows subtrees on a device.
pub(super) struct SubtreeKernel {
    device: Device,
    pipeline: wgpu::ComputePipeline,
    coefficients: wgpu::Buffer,
    leapfrogs: Option<u32>,
    batch: Option<Batch>,
}

/// A batch on the device.
struct Batch {
    records: Records,
    metrics: Metrics,
    lanes: Vec<GrowingLane>,
}

impl SubtreeKernel {
    /// Compiles the kernel for emissivities on `grid`.
    ///
    /// # Errors
    /// The device refuses the kernel, or has no memory for the emissivities.
    pub(super) fn new(device: &Device, grid: &Grid<f64>) -> Result<Self> {
        let text = source::subtree(grid);
        let pipeline = device.guarded("compiling the trajectories", || pipeline(device.wgpu(), text))?;
        Ok(SubtreeKernel {
            device: device.clone(),
            pipeline,
            coefficients: records::coefficients(device, grid)?,
            leapfrogs: None,
            batch: None,
        })
    }

    /// The device that it runs on.
    pub(super) fn device(&self) -> &Device {
        &self.device
    }

    /// Takes the objects of a batch to the device, in place of those before, with room for `chains` in all and trees of up
    /// to `levels` doublings. Their metrics are to be set.
    ///
    /// # Errors
    /// An object beyond the kernel's limits (`model::record::MAX_*`); records larger than the device's bindings or memory.
    pub(super) fn load(&mut self, objects: &[ModelObject<f64>], chains: usize, levels: usize) -> Result<()> {
        self.batch = None;
        let device = &self.device;
        let records = Records::new(device, objects)?;
        let stride = records.stride();
        let metrics = Metrics::new(device, objects.len(), stride)?;
        let room = device.most_bytes() as usize / 4 / words_a_place(stride, levels) - 1;
        let places = chains.div_ceil(LANES).min(room).min(GRADIENTS / LEAPFROGS);
        let [headers, slots, ions, terms, lines, coefficients] = records.bindings(&self.coefficients);
        let bound = [headers, slots, ions, terms, lines, coefficients, metrics.buffer()];
        let lanes = (0..LANES).map(|_| GrowingLane::new(device, &self.pipeline, bound, (places, stride, levels)));
        let lanes = lanes.collect::<Result<Vec<_>>>()?;
        self.batch = Some(Batch {
            records,
            metrics,
            lanes,
        });
        Ok(())
    }

    /// Has every dispatch take so many leapfrogs at most.
    #[cfg(test)]
    pub(super) fn limit_leapfrogs(&mut self, most: u32) {
        self.leapfrogs = Some(most);
    }

    /// Sets the metric of an object, for all dispatches from now on.
    pub(super) fn set_metric(&mut self, object: usize, metric: &Metric) {
        let batch = self.batch.as_ref().expect("loaded");
        batch.metrics.set(&self.device, object, metric);
    }

    /// What the device leaves out of the log density of an object.
    pub(super) fn constant(&self, object: usize) -> f64 {
        self.batch.as_ref().expect("loaded").records.constant(object)
    }

    /// A lane's places.
    pub(super) fn lane(&mut self, lane: usize) -> &mut GrowingLane {
        &mut self.batch.as_mut().expect("loaded").lanes[lane]
    }

    /// Starts a lane's dispatch.
    pub(super) fn submit(&mut self, lane: usize) {
        let lane = &mut self.batch.as_mut().expect("loaded").lanes[lane];
        let share = (GRADIENTS / lane.capacity().max(1)).clamp(LEAPFROGS, self.device.most_leapfrogs());
        let leapfrogs = self.leapfrogs.unwrap_or(share as u32);
        lane.submit(&self.device, &self.pipeline, leapfrogs);
    }

    /// Waits for a lane's dispatch and keeps its results.
    ///
    /// # Errors
    /// The device fails or is lost.
    pub(super) fn collect(&mut self, lane: usize) -> Result<()> {
        self.batch.as_mut().expect("loaded").lanes[lane].collect(&self.device)
    }
}
