//! The host's cores: f64 in lanes side by side, an object a task.

use rayon::prelude::*;

use super::{Backend, Task};
use crate::emissivity::Grid;
use crate::error::Result;
use crate::model::{Compiled, FEW_LANES, LANES, LaneEvaluator};
use crate::nuts::{ObjectSampler, Sampled};
use crate::shared::lanes::Lanes;

/// Objects that a thread is handed at once: the last of a batch leaves the others idle for a sixteenth of the time or so.
const OBJECTS_A_THREAD: usize = 8;

/// The host's cores.
#[derive(Debug, Default)]
pub struct Cpu;

impl Backend for Cpu {
    fn sample(&mut self, grid: &Grid<f64>, tasks: Vec<Task<'_>>) -> Result<Vec<Sampled>> {
        let run = |task: Task<'_>| {
            if task.sampler.chains() > FEW_LANES {
                run::<LANES>(task, grid)
            } else {
                run::<FEW_LANES>(task, grid)
            }
        };
        Ok(tasks.into_par_iter().map(run).collect())
    }

    fn batch(&self) -> usize {
        OBJECTS_A_THREAD * rayon::current_num_threads()
    }

    fn describe(&self) -> String {
        format!("cpu (f64, {} threads)", rayon::current_num_threads())
    }
}

/// Runs a task to its last draw: whatever chains wait for an evaluation share the lanes, so that none idles for the longest tree.
fn run<const N: usize>(task: Task<'_>, grid: &Grid<f64>) -> Sampled
where
    Lanes<f64, N>: Compiled<Scalar = f64>,
{
    let mut sampler = task.sampler;
    let mut lanes = LaneEvaluator::<N>::new(task.object, grid);
    let mut grads = vec![0.0; N * task.object.dimension()];
    let mut first = 0;
    while !sampler.is_finished() {
        first = round(&mut sampler, &mut lanes, first, &mut grads);
    }
    sampler.into_sampled()
}

/// Evaluates what up to N chains from `first` on wait for, and hands it to them; the chain to go on with.
fn round<const N: usize>(
    sampler: &mut ObjectSampler,
    lanes: &mut LaneEvaluator<'_, N>,
    first: usize,
    grads: &mut [f64],
) -> usize
where
    Lanes<f64, N>: Compiled<Scalar = f64>,
{
    let dimension = grads.len() / N;
    let mut chains = [0; N];
    let mut positions: [&[f64]; N] = [&[]; N];
    let mut count = 0;
    for (chain, position) in sampler.requests_from(first).take(N) {
        (chains[count], positions[count]) = (chain, position);
        count += 1;
    }
    if count == 0 {
        return 0;
    }
    let values = lanes.logdensity(&positions[..count], grads);
    for lane in 0..count {
        sampler.absorb(chains[lane], values[lane], &grads[lane * dimension..][..dimension]);
    }
    (chains[count - 1] + 1) % sampler.chains()
}
