//! The host's cores: f64 in lanes side by side, an object a task.

use rayon::prelude::*;

use super::{Backend, Task};
use crate::emissivity::Grid;
use crate::error::Result;
use crate::model::{LANES, LaneEvaluator};
use crate::nuts::{ObjectSampler, Sampled};

/// Objects that a thread is handed at once: the last of a batch leaves the others idle for a sixteenth of the time or so.
const OBJECTS_A_THREAD: usize = 8;

/// The host's cores.
#[derive(Debug, Default)]
pub struct Cpu;

impl Backend for Cpu {
    fn sample(&mut self, grid: &Grid<f64>, tasks: Vec<Task<'_>>) -> Result<Vec<Sampled>> {
        Ok(tasks.into_par_iter().map(|task| run(task, grid)).collect())
    }

    fn batch(&self) -> usize {
        OBJECTS_A_THREAD * rayon::current_num_threads()
    }

    fn describe(&self) -> String {
        format!("cpu (f64, {} threads)", rayon::current_num_threads())
    }
}

/// Runs a task to its last draw: whatever chains wait for an evaluation share the lanes, so that none idles for the longest tree.
fn run(task: Task<'_>, grid: &Grid<f64>) -> Sampled {
    let mut sampler = task.sampler;
    let mut lanes = LaneEvaluator::new(task.object, grid);
    let dimension = task.object.dimension();
    let mut grads = vec![0.0; LANES * dimension];
    let mut first = 0;
    while !sampler.is_finished() {
        first = round(&mut sampler, &mut lanes, first, &mut grads);
    }
    sampler.into_sampled()
}

/// Evaluates what up to `LANES` chains from `first` on wait for, and hands it to them; the chain to go on with.
fn round(sampler: &mut ObjectSampler, lanes: &mut LaneEvaluator<'_>, first: usize, grads: &mut [f64]) -> usize {
    let dimension = grads.len() / LANES;
    let mut chains = [0; LANES];
    let mut positions: [&[f64]; LANES] = [&[]; LANES];
    let mut count = 0;
    for (chain, position) in sampler.requests().filter(|&(chain, _)| chain >= first).take(LANES) {
        (chains[count], positions[count]) = (chain, position);
        count += 1;
    }
    if count == 0 {
        return 0;
    }
    let mut rows: [&mut [f64]; LANES] = Default::default();
    for (row, grad) in rows.iter_mut().zip(grads.chunks_exact_mut(dimension)) {
        *row = grad;
    }
    let values = lanes.logdensity(&positions[..count], &mut rows[..count]);
    for lane in 0..count {
        sampler.absorb(chains[lane], values[lane], &grads[lane * dimension..][..dimension]);
    }
    chains[count - 1] + 1
}
