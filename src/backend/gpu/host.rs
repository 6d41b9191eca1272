//! The engine `host`: the device evaluates log densities and gradients of all chains of a batch at once, the host runs their
//! leapfrogs and trees in f64.

use rayon::prelude::*;

use super::audit::audit;
use super::device::Device;
use super::logdensity::DensityKernel;
use crate::backend::{Backend, Task};
use crate::emissivity::Grid;
use crate::error::Result;
use crate::model::ModelObject;
use crate::nuts::{ObjectSampler, Sampled};

/// Objects in flight: with four chains each enough lanes to hide the way to the device and back.
const BATCH: usize = 256;

/// A device behind wgpu.
pub struct Gpu {
    kernel: DensityKernel,
    worst: Option<f64>,
}

/// The evaluations that a batch waits for, rows of the kernel's stride.
#[derive(Default)]
struct Round {
    /// Of each task.
    dimensions: Vec<usize>,
    /// Who asked: task and chain.
    askers: Vec<(usize, usize)>,
    objects: Vec<u32>,
    positions: Vec<f64>,
    logdensity: Vec<f64>,
    grad: Vec<f64>,
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
}

impl Backend for Gpu {
    fn sample(&mut self, grid: &Grid<f64>, tasks: Vec<Task<'_>>) -> Result<Vec<Sampled>> {
        let objects: Vec<ModelObject<f64>> = tasks.iter().map(|task| task.object.clone()).collect();
        let mut samplers: Vec<ObjectSampler> = tasks.into_iter().map(|task| task.sampler).collect();
        if objects.is_empty() {
            return Ok(Vec::new());
        }
        self.kernel.load(&objects)?;
        let dimensions = objects.iter().map(ModelObject::dimension).collect();
        let mut round = Round {
            dimensions,
            ..Round::default()
        };
        round.gather(&samplers, self.kernel.stride());
        let found = audit(&mut self.kernel, grid, &objects, &round.objects, &round.positions)?;
        self.worst = Some(self.worst.map_or(found.worst, |worst| worst.max(found.worst)));
        while !round.askers.is_empty() {
            self.kernel
                .evaluate(&round.objects, &round.positions, &mut round.logdensity, &mut round.grad)?;
            round.answer(&mut samplers, self.kernel.stride());
            round.gather(&samplers, self.kernel.stride());
        }
        Ok(samplers.into_iter().map(ObjectSampler::into_sampled).collect())
    }

    fn batch(&self) -> usize {
        BATCH
    }

    fn describe(&self) -> String {
        let info = self.kernel.device().info();
        format!("gpu (f32, {}, {}, {})", info.name, info.backend, info.driver)
    }

    fn worst_error(&self) -> Option<f64> {
        self.worst
    }
}

impl Round {
    /// Collects what every chain waits for.
    fn gather(&mut self, samplers: &[ObjectSampler], stride: usize) {
        self.askers.clear();
        self.objects.clear();
        self.positions.clear();
        for (task, sampler) in samplers.iter().enumerate() {
            for (chain, position) in sampler.requests() {
                self.askers.push((task, chain));
                self.objects.push(task as u32);
                self.positions.extend_from_slice(position);
                self.positions.resize(self.objects.len() * stride, 0.0);
            }
        }
        self.logdensity.resize(self.objects.len(), 0.0);
        self.grad.resize(self.positions.len(), 0.0);
    }

    /// Hands the results to the chains that asked, the objects shared out among the host's cores.
    fn answer(&self, samplers: &mut [ObjectSampler], stride: usize) {
        samplers.par_iter_mut().enumerate().for_each(|(task, sampler)| {
            let first = self.askers.partition_point(|asker| asker.0 < task);
            let own = self.askers[first..].iter().take_while(|asker| asker.0 == task);
            for (request, &(_, chain)) in (first..).zip(own) {
                let grad = &self.grad[request * stride..][..self.dimensions[task]];
                sampler.absorb(chain, self.logdensity[request], grad);
            }
        });
    }
}
