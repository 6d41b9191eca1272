//! The evaluations that the chains of a batch wait for, in one call of the log density's kernel.

use rayon::prelude::*;

use super::audit::audit;
use super::logdensity::DensityKernel;
use crate::backend::Task;
use crate::emissivity::Grid;
use crate::error::Result;
use crate::model::ModelObject;
use crate::nuts::ObjectSampler;

/// Evaluates the starts of all chains. Returns the objects, which `kernel` then holds, and the
/// samplers, ready for the first draw. `worst` takes in the largest error of a log density among
/// the starts.
///
/// # Errors
/// The device fails or is lost.
pub(super) fn start(
    kernel: &mut DensityKernel,
    grid: &Grid<f64>,
    tasks: Vec<Task<'_>>,
    worst: &mut Option<f64>,
) -> Result<(Vec<ModelObject<f64>>, Vec<ObjectSampler>)> {
    let objects: Vec<ModelObject<f64>> = tasks.iter().map(|task| task.object.clone()).collect();
    let mut samplers: Vec<ObjectSampler> = tasks.into_iter().map(|task| task.sampler).collect();
    kernel.load(&objects)?;
    let mut round = Round::new(&objects);
    round.gather(&samplers, kernel.stride());
    let found = audit(kernel, grid, &objects, &round.objects, &round.positions)?.worst;
    *worst = Some(worst.map_or(found, |before| before.max(found)));
    round.evaluate(kernel)?;
    round.answer(&mut samplers, kernel.stride());
    Ok((objects, samplers))
}

/// The evaluations that a batch waits for, rows of the kernel's stride.
#[derive(Default)]
pub(super) struct Round {
    /// Dimension of each task.
    dimensions: Vec<usize>,
    /// Task and chain of each request.
    askers: Vec<(usize, usize)>,
    pub(super) objects: Vec<u32>,
    pub(super) positions: Vec<f64>,
    logdensity: Vec<f64>,
    grad: Vec<f64>,
}

impl Round {
    /// For the chains of `objects`.
    pub(super) fn new(objects: &[ModelObject<f64>]) -> Self {
        Round {
            dimensions: objects.iter().map(ModelObject::dimension).collect(),
            ..Round::default()
        }
    }

    /// Collects what every chain waits for.
    pub(super) fn gather(&mut self, samplers: &[ObjectSampler], stride: usize) {
        self.askers.clear();
        self.objects.clear();
        for (task, sampler) in samplers.iter().enumerate() {
            self.askers.extend(sampler.requests().map(|chain| (task, chain)));
            self.objects.resize(self.askers.len(), task as u32);
        }
        self.positions.resize(self.askers.len() * stride, 0.0);
        let rows = self.positions.par_chunks_exact_mut(stride).zip(&self.askers);
        rows.for_each(|(row, &(task, chain))| {
            let (position, rest) = row.split_at_mut(self.dimensions[task]);
            samplers[task].position(chain, position);
            rest.fill(0.0);
        });
        self.logdensity.resize(self.objects.len(), 0.0);
        self.grad.resize(self.positions.len(), 0.0);
    }

    /// Evaluates what was collected.
    ///
    /// # Errors
    /// The device fails or is lost.
    pub(super) fn evaluate(&mut self, kernel: &mut DensityKernel) -> Result<()> {
        kernel.evaluate(&self.objects, &self.positions, &mut self.logdensity, &mut self.grad)
    }

    /// Gives each chain its result, the objects shared out among the host's cores.
    pub(super) fn answer(&self, samplers: &mut [ObjectSampler], stride: usize) {
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
