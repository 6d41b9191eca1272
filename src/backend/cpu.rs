//! The host's cores: f64 in lanes side by side, an object a task.

use std::collections::VecDeque;

use rayon::prelude::*;

use super::{Backend, Task};
use crate::emissivity::Grid;
use crate::error::Result;
use crate::model::{Compiled, FEW_LANES, LANES, LaneEvaluator, ModelObject, ONE_LANE};
use crate::nuts::{self, ObjectSampler, Sampled};
use crate::shared::lanes::Lanes;

/// Objects that a thread is handed at once: the last of a batch leaves the others idle for a sixteenth of the time or so.
const OBJECTS_A_THREAD: usize = 8;

/// The host's cores.
#[derive(Debug, Default)]
pub struct Cpu;

impl Backend for Cpu {
    fn sample(&mut self, grid: &Grid<f64>, tasks: Vec<Task<'_>>) -> Result<Vec<Sampled>> {
        // Threads that have no object of their own.
        let spare = rayon::current_num_threads() / tasks.len().max(1);
        Ok(tasks.into_par_iter().map(|task| sample(task, grid, spare)).collect())
    }

    fn batch(&self, _: &nuts::Settings) -> usize {
        OBJECTS_A_THREAD * rayon::current_num_threads()
    }

    fn describe(&self) -> String {
        format!("cpu (f64, {} threads)", rayon::current_num_threads())
    }
}

/// Runs a task to its last draw; where it has chains for several threads, or threads would stand idle, these share its chains once
/// they are warm.
fn sample(task: Task<'_>, grid: &Grid<f64>, spare: usize) -> Sampled {
    let Task { object, mut sampler } = task;
    advance(object, grid, &mut sampler, ObjectSampler::is_warm);
    let full = rayon::current_num_threads().min(sampler.chains() / LANES);
    let mut parts = sampler.split(full.max(spare));
    parts
        .par_iter_mut()
        .for_each(|part| advance(object, grid, part, ObjectSampler::is_finished));
    ObjectSampler::joined(parts).into_sampled()
}

/// Runs a sampler until `is_done`, in no more lanes than it has chains for.
fn advance(
    object: &ModelObject<f64>,
    grid: &Grid<f64>,
    sampler: &mut ObjectSampler,
    is_done: impl Fn(&ObjectSampler) -> bool,
) {
    match sampler.chains() {
        1 => run::<ONE_LANE>(object, grid, sampler, is_done),
        2..=FEW_LANES => run::<FEW_LANES>(object, grid, sampler, is_done),
        _ => run::<LANES>(object, grid, sampler, is_done),
    }
}

/// Runs a sampler until `is_done`, some chains at a time: these share the lanes as they wait for an evaluation, so that none idles
/// for the longest tree, and stay until they need none, so that their trees stay in the cache.
fn run<const N: usize>(
    object: &ModelObject<f64>,
    grid: &Grid<f64>,
    sampler: &mut ObjectSampler,
    is_done: impl Fn(&ObjectSampler) -> bool,
) where
    Lanes<f64, N>: Compiled<Scalar = f64>,
{
    let mut lanes = LaneEvaluator::<N>::new(object, grid);
    let mut in_hand = InHand::default();
    while !is_done(sampler) {
        in_hand.gather(sampler, CHAINS_A_LANE * N);
        let chains = in_hand.next::<N>();
        let (values, grads) = lanes.evaluate(|positions| sampler.positions(chains, positions));
        sampler.absorb_lanes(chains, &values, grads);
    }
}

/// Chains in hand for every lane: while some of them wait for the others the lanes still have work.
const CHAINS_A_LANE: usize = 2;

/// The chains in hand.
#[derive(Default)]
struct InHand {
    /// Those that wait for an evaluation, those that have waited longest first.
    chains: VecDeque<usize>,
    /// Where the search for the next chain goes on.
    next: usize,
    /// Those that were evaluated last.
    evaluated: Vec<usize>,
}

impl InHand {
    /// Dismisses the chains that need no evaluation, and takes in others up to `most`.
    fn gather(&mut self, sampler: &ObjectSampler, most: usize) {
        let requesting = |&chain: &usize| sampler.is_requesting(chain);
        self.chains.extend(self.evaluated.drain(..).filter(requesting));
        let mut left = sampler.requesting() - self.chains.len();
        while self.chains.len() < most && left > 0 {
            let chain = self.next;
            self.next = (chain + 1) % sampler.chains();
            if sampler.is_requesting(chain) && !self.chains.contains(&chain) {
                self.chains.push_back(chain);
                left -= 1;
            }
        }
    }

    /// The next up to N chains to evaluate.
    fn next<const N: usize>(&mut self) -> &[usize] {
        let count = self.chains.len().min(N);
        self.evaluated.extend(self.chains.drain(..count));
        &self.evaluated
    }
}
