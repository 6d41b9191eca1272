//! The engine `host`: the device evaluates log densities and gradients of all chains of a batch.
//! The host runs leapfrogs and trees in f64.

use super::device::Device;
use super::logdensity::DensityKernel;
use super::round::{Round, start};
use crate::backend::{Backend, Task};
use crate::emissivity::Grid;
use crate::error::Result;
use crate::nuts::{self, ObjectSampler, Sampled};

/// Objects in flight: with four chains each enough requests to hide the way to the device and back.
const BATCH: usize = 256;

/// A device behind wgpu.
pub struct Gpu {
    kernel: DensityKernel,
    worst: Option<f64>,
}

impl Gpu {
    /// Compiles the kernel for emissivities on `grid`.
    ///
    /// # Errors
    /// The device refuses the kernel, or has no memory for the emissivities.
    pub fn new(device: &Device, grid: &Grid<f64>) -> Result<Self> {
        Ok(Gpu {
            kernel: DensityKernel::new(device, grid)?,
            worst: None,
        })
    }

    /// Runs every task to its last draw on the threads that it is called on.
    fn advance(&mut self, grid: &Grid<f64>, tasks: Vec<Task<'_>>) -> Result<Vec<Sampled>> {
        if tasks.is_empty() {
            return Ok(Vec::new());
        }
        let (objects, mut samplers) = start(&mut self.kernel, grid, tasks, &mut self.worst)?;
        let mut round = Round::new(&objects);
        round.gather(&samplers, self.kernel.stride());
        while !round.objects.is_empty() {
            round.evaluate(&mut self.kernel)?;
            round.answer(&mut samplers, self.kernel.stride());
            round.gather(&samplers, self.kernel.stride());
        }
        Ok(samplers.into_iter().map(ObjectSampler::into_sampled).collect())
    }
}

impl Backend for Gpu {
    fn sample(&mut self, grid: &Grid<f64>, tasks: Vec<Task<'_>>) -> Result<Vec<Sampled>> {
        let device = self.kernel.device().clone();
        device.attended(|| self.advance(grid, tasks))
    }

    fn batch(&self, _: &nuts::Settings) -> usize {
        BATCH
    }

    fn describe(&self) -> String {
        self.kernel.device().describe("host")
    }

    fn worst_error(&self) -> Option<f64> {
        self.worst
    }
}
