//! The reference: f64 on the host's cores, an object a task.

use rayon::prelude::*;

use super::{Backend, Task};
use crate::emissivity::Grid;
use crate::error::Result;
use crate::model::Evaluator;
use crate::nuts::Sampled;

/// Objects that a thread is handed at once: the last of a batch leaves the others idle for a sixteenth of the time or so.
const OBJECTS_A_THREAD: usize = 8;

/// The host's cores.
#[derive(Debug, Default)]
pub struct Cpu;

impl Backend for Cpu {
    fn sample(&mut self, grid: &Grid<f64>, tasks: Vec<Task<'_>>) -> Result<Vec<Sampled>> {
        let run = |task: Task<'_>| {
            let mut evaluator = Evaluator::new(task.object, grid);
            task.sampler.run(|position, grad| evaluator.logdensity(position, grad))
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
