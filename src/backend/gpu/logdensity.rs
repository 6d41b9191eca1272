//! The kernel of `shaders/logdensity.wgsl`: log densities and gradients of a batch of objects at
//! many positions at once.

use std::ops::Range;

use super::device::Device;
use super::records::{self, Records};
use super::requests::RequestBuffers;
use super::source;
use crate::emissivity::Grid;
use crate::error::Result;
use crate::model::ModelObject;

/// Most requests of one dispatch: some milliseconds on an integrated device, where a watchdog stops
/// long ones.
const MOST_REQUESTS: usize = 65_536;

/// Sets of buffers: the host fills one while the device works on the other.
const BUFFERS: usize = 2;

/// Log density and gradient in single precision, on a device.
pub struct DensityKernel {
    device: Device,
    pipeline: wgpu::ComputePipeline,
    coefficients: wgpu::Buffer,
    records: Option<Records>,
    buffers: [Option<RequestBuffers>; BUFFERS],
    most_requests: usize,
}

impl DensityKernel {
    /// Compiles the kernel for emissivities on `grid`.
    ///
    /// # Errors
    /// The device refuses the kernel, or has no memory for the emissivities.
    pub fn new(device: &Device, grid: &Grid<f64>) -> Result<Self> {
        let text = source::logdensity(grid);
        let pipeline = device.guarded("compiling the log density", || pipeline(device.wgpu(), text))?;
        Ok(DensityKernel {
            device: device.clone(),
            pipeline,
            coefficients: records::coefficients(device, grid)?,
            records: None,
            buffers: [const { None }; BUFFERS],
            most_requests: MOST_REQUESTS,
        })
    }

    /// The device that it runs on.
    pub fn device(&self) -> &Device {
        &self.device
    }

    /// Loads the objects of a batch, in place of those before.
    ///
    /// # Errors
    /// An object beyond the kernel's limits (`model::record::MAX_*`); records larger than the
    /// device's bindings or memory.
    pub fn load(&mut self, objects: &[ModelObject<f64>]) -> Result<()> {
        self.buffers = [const { None }; BUFFERS];
        self.records = Some(Records::new(&self.device, objects)?);
        Ok(())
    }

    /// Splits evaluations into dispatches of at most `most` requests.
    #[cfg(test)]
    pub(super) fn limit_requests(&mut self, most: usize) {
        self.most_requests = most;
    }

    /// The largest dimension among the objects loaded: the length of a position in `evaluate`.
    pub fn stride(&self) -> usize {
        self.records.as_ref().map_or(0, Records::stride)
    }

    /// Evaluates ln posterior density and gradient of object `objects[i]` at `positions[i]`, for
    /// all i, into `logdensity[i]` and `grad[i]`.
    ///
    /// Positions and gradients are rows of `stride()`, of which an object uses its own dimension.
    /// The rest of a gradient's row is 0. Where single precision cannot hold the density, it is −∞
    /// and the gradient 0. A result depends on its object and position alone.
    ///
    /// # Errors
    /// The device fails or is lost.
    ///
    /// # Panics
    /// Lengths that do not fit each other, or an object that is not loaded.
    pub fn evaluate(
        &mut self,
        objects: &[u32],
        positions: &[f64],
        logdensity: &mut [f64],
        grad: &mut [f64],
    ) -> Result<()> {
        let stride = self.stride();
        assert_eq!(
            positions.len(),
            objects.len() * stride,
            "a position of {stride} a request"
        );
        assert_eq!(
            (logdensity.len(), grad.len()),
            (objects.len(), positions.len()),
            "a result a request"
        );
        let most = self.chunk();
        let chunks: Vec<Range<usize>> = (0..objects.len())
            .step_by(most)
            .map(|start| start..objects.len().min(start + most))
            .collect();
        for turn in 0..chunks.len() + BUFFERS - 1 {
            if let Some(range) = chunks.get(turn) {
                let rows = range.start * stride..range.end * stride;
                self.submit(turn % BUFFERS, &objects[range.clone()], &positions[rows])?;
            }
            if let Some(range) = turn.checked_sub(BUFFERS - 1).and_then(|turn| chunks.get(turn)) {
                let rows = range.start * stride..range.end * stride;
                let out = (&mut logdensity[range.clone()], &mut grad[rows]);
                self.collect((turn + 1) % BUFFERS, &objects[range.clone()], out)?;
            }
        }
        Ok(())
    }

    /// Requests of one dispatch that the device's bindings can hold.
    fn chunk(&self) -> usize {
        let words = self.device.most_bytes() / 4 - 1;
        self.most_requests.min(words as usize / (1 + self.stride()))
    }

    /// Starts the requests in a set of buffers.
    fn submit(&mut self, buffer: usize, objects: &[u32], positions: &[f64]) -> Result<()> {
        let records = self
            .records
            .as_ref()
            .expect("objects are loaded before they are evaluated");
        let fits = |buffers: &RequestBuffers| buffers.capacity() >= objects.len();
        let buffers = &mut self.buffers[buffer];
        if !buffers.as_ref().is_some_and(fits) {
            let bindings = records.bindings(&self.coefficients);
            let most = self.device.most_bytes() / 4 - 1;
            let capacity = objects
                .len()
                .next_power_of_two()
                .min(most as usize / (1 + records.stride()));
            *buffers = Some(RequestBuffers::new(
                &self.device,
                &self.pipeline,
                bindings,
                records.stride(),
                capacity,
            )?);
        }
        let buffers = buffers.as_mut().expect("made above");
        buffers.submit(&self.device, &self.pipeline, |words| {
            records.fill(words, objects, positions)
        });
        Ok(())
    }

    /// Waits for the requests in a set of buffers and takes their results.
    fn collect(&mut self, buffer: usize, objects: &[u32], (logdensity, grad): (&mut [f64], &mut [f64])) -> Result<()> {
        let records = self.records.as_ref().expect("submitted with these records");
        let buffers = self.buffers[buffer].as_mut().expect("submitted in these buffers");
        buffers.collect(&self.device, |results| records.take(results, objects, logdensity, grad))
    }
}

pub(super) fn pipeline(device: &wgpu::Device, source: String) -> wgpu::ComputePipeline {
    let module = device.create_shader_module(wgpu::ShaderModuleDescriptor {
        label: Some("logdensity"),
        source: wgpu::ShaderSource::Wgsl(source.into()),
    });
    device.create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
        label: Some("logdensity"),
        layout: None,
        module: &module,
        entry_point: Some("main"),
        compilation_options: wgpu::PipelineCompilationOptions::default(),
        cache: None,
    })
}
