//! The engine `resident`: chains live on the device and make one transition after another there.
//! The host adapts the sampler in warm-up, takes the draws, and audits.

use std::time::Duration;

use super::batch::{Batch, LEAPFROGS_OF_ONE, MOST_DRAWS};
use super::chains::ChainsBuffer;
use super::device::Device;
use super::flight::Flight;
use super::logdensity::{DensityKernel, pipeline};
use super::metrics::Metrics;
use super::records::{self, Records};
use super::round::start;
use super::source;
use super::words::Size;
use crate::backend::{Backend, Replayed, Task};
use crate::emissivity::Grid;
use crate::error::Result;
use crate::model::ModelObject;
use crate::model::record::MAX_DIMENSION;
use crate::nuts::{self, ObjectSampler, Sampled};

/// Buffers of a batch, if one holds half of the chains: the host takes the draws of one while the
/// device works on the other.
const BUFFERS: usize = 2;
/// Chains in flight that keep a large device busy.
const CHAINS: usize = 1 << 16;
/// Most bytes of the draws of a batch on the host.
const DRAWS_BYTES: usize = 2 << 30;
/// Bytes of a draw besides its coordinates.
const DRAW_BYTES: usize = size_of::<nuts::Stats>();
/// Longest time of a dispatch: a desktop stays smooth beside two of them in line.
const DISPATCH: Duration = Duration::from_millis(25);

/// A device behind wgpu on which chains live.
pub struct ResidentGpu {
    /// Evaluates the starts.
    density: DensityKernel,
    pipeline: wgpu::ComputePipeline,
    coefficients: wgpu::Buffer,
    /// Leapfrogs of a dispatch at most.
    leapfrogs: usize,
    /// Fraction of the transitions that is replayed on the host.
    fraction: f64,
    worst: Option<f64>,
    replayed: Replayed,
}

impl ResidentGpu {
    /// Compiles the kernels for emissivities on `grid`. A `fraction` of the transitions, 0 to 1, is
    /// replayed on the host in f64.
    ///
    /// # Errors
    /// The device refuses a kernel, or has no memory for the emissivities.
    pub fn new(device: &Device, grid: &Grid<f64>, fraction: f64) -> Result<Self> {
        let text = source::resident(grid);
        Ok(ResidentGpu {
            density: DensityKernel::new(device, grid)?,
            pipeline: device.guarded("compiling the chains", || pipeline(device.wgpu(), text))?,
            coefficients: records::coefficients(device, grid)?,
            leapfrogs: device.most_leapfrogs(),
            fraction,
            worst: None,
            replayed: Replayed::default(),
        })
    }

    /// Limits every dispatch to `most` leapfrogs.
    #[cfg(test)]
    pub(super) fn limit_leapfrogs(&mut self, most: usize) {
        self.leapfrogs = most.min(self.device().most_leapfrogs());
    }

    fn device(&self) -> &Device {
        self.density.device()
    }

    /// Takes a batch to the device.
    fn batch<'a>(
        &self,
        records: &Records,
        objects: &'a [ModelObject<f64>],
        samplers: Vec<ObjectSampler>,
    ) -> Result<Batch<'a>> {
        let device = self.device();
        let metrics = Metrics::new(device, objects.len(), records.stride())?;
        let mut flights = Vec::with_capacity(objects.len());
        let mut chains = 0;
        for (index, (object, sampler)) in objects.iter().zip(samplers).enumerate() {
            metrics.set(device, index, sampler.metric());
            let flight = Flight::new(object, sampler, chains, records.constant(index), self.fraction);
            chains += flight.chains();
            flights.push(flight);
        }
        let depths = flights.iter().map(|flight| flight.sampler.settings().max_treedepth);
        let mut size = Size {
            capacity: 0,
            stride: records.stride(),
            levels: depths.max().unwrap_or(1) as usize,
            draws: MOST_DRAWS,
        };
        let room = (device.most_bytes() as usize / 4 / size.words_a_chain()).max(2) - 1;
        size.capacity = chains.div_ceil(BUFFERS).min(room);
        let [headers, slots, ions, terms, lines, coefficients] = records.bindings(&self.coefficients);
        let bound = [headers, slots, ions, terms, lines, coefficients, metrics.buffer()];
        let buffers =
            (0..chains.div_ceil(size.capacity)).map(|_| ChainsBuffer::new(device, &self.pipeline, bound, size));
        let buffers = buffers.collect::<Result<Vec<_>>>()?;
        Ok(Batch::new(flights, metrics, buffers, size.capacity))
    }

    /// Runs every task to its last draw, on the threads that call it.
    fn advance(&mut self, grid: &Grid<f64>, mut tasks: Vec<Task<'_>>) -> Result<Vec<Sampled>> {
        if tasks.is_empty() {
            return Ok(Vec::new());
        }
        tasks.iter_mut().for_each(|task| task.sampler.leave_transitions());
        let (objects, samplers) = start(&mut self.density, grid, tasks, &mut self.worst)?;
        let records = Records::new(self.device(), &objects)?;
        let mut batch = self.batch(&records, &objects, samplers)?;
        let mut leapfrogs = self.leapfrogs.min(LEAPFROGS_OF_ONE);
        let mut working = true;
        while working {
            working = false;
            for buffer in 0..batch.buffers() {
                if batch.is_pending(buffer) {
                    let took = batch.collect(buffer, self.device(), grid)?;
                    leapfrogs = paced(leapfrogs, took).clamp(1, self.leapfrogs);
                    working = true;
                }
                working |= batch.submit(buffer, self.density.device(), &self.pipeline, leapfrogs);
            }
        }
        let (sampled, replayed) = batch.into_sampled();
        self.replayed.add(&replayed);
        Ok(sampled)
    }
}

impl Backend for ResidentGpu {
    fn sample(&mut self, grid: &Grid<f64>, tasks: Vec<Task<'_>>) -> Result<Vec<Sampled>> {
        let device = self.device().clone();
        device.attended(|| self.advance(grid, tasks))
    }

    fn batch(&self, sampler: &nuts::Settings) -> usize {
        let of_object = sampler.chains * sampler.draws * (DRAW_BYTES + 8 * MAX_DIMENSION);
        (CHAINS / sampler.chains.max(1))
            .min(DRAWS_BYTES / of_object.max(1))
            .max(1)
    }

    fn describe(&self) -> String {
        self.device().describe("resident")
    }

    fn worst_error(&self) -> Option<f64> {
        self.worst
    }

    fn replayed(&self) -> Option<Replayed> {
        (self.fraction > 0.0).then_some(self.replayed)
    }
}

/// Leapfrogs of the next dispatch, after one of `leapfrogs` at most that took this long. If the
/// device was done before the host saw it, they double, so that a slow host asks less often.
fn paced(leapfrogs: usize, took: Option<Duration>) -> usize {
    let pace = took.map_or(2.0, |took| DISPATCH.as_secs_f64() / took.as_secs_f64().max(1e-6));
    (leapfrogs as f64 * pace.min(2.0)) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dispatches_are_paced() {
        assert_eq!(paced(32, Some(DISPATCH * 2)), 16);
        assert_eq!(paced(8, Some(DISPATCH / 100)), 16);
        assert_eq!(paced(1, Some(DISPATCH * 100)), 0);
        assert_eq!(paced(1, Some(Duration::ZERO)), 2);
        assert_eq!(paced(8, None), 16);
    }
}
