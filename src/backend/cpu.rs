//! The cores of the host: chains side by side in lanes, log densities in f64 or f32.

use std::collections::VecDeque;

use rayon::prelude::*;

use super::{Backend, Task};
use crate::emissivity::Grid;
use crate::error::Result;
use crate::model::{
    Compiled, Evaluator, F32_LANES, FEW_LANES, LANES, LaneEvaluator, ModelObject, ONE_LANE, SideBySide, SingleEvaluator,
};
use crate::number::lanes::Lanes;
use crate::nuts::{self, ObjectSampler, Sampled};

/// Objects of a thread in a batch. The end of a batch leaves threads idle for about a sixteenth of
/// the time.
const OBJECTS_A_THREAD: usize = 8;

/// The host's cores in f64.
#[derive(Debug, Default)]
pub struct Cpu;

/// The host's cores with log densities and gradients in f32; trajectories stay in f64.
#[derive(Debug)]
pub struct CpuF32 {
    grid: Grid<f32>,
    worst: f64,
}

impl CpuF32 {
    /// For emissivities on `grid`.
    pub fn new(grid: &Grid<f64>) -> Self {
        CpuF32 {
            grid: grid.cast(),
            worst: 0.0,
        }
    }
}

impl Backend for Cpu {
    fn sample(&mut self, grid: &Grid<f64>, tasks: Vec<Task<'_>>) -> Result<Vec<Sampled>> {
        let spare = spare_threads(&tasks);
        let sample = |Task { object, sampler }| sample(sampler, spare, LANES, &InF64 { object, grid });
        Ok(tasks.into_par_iter().map(sample).collect())
    }

    fn batch(&self, _: &nuts::Settings) -> usize {
        batch()
    }

    fn describe(&self) -> String {
        format!("cpu (f64, {} threads)", rayon::current_num_threads())
    }

    fn is_double(&self) -> bool {
        true
    }
}

impl Backend for CpuF32 {
    fn sample(&mut self, grid: &Grid<f64>, tasks: Vec<Task<'_>>) -> Result<Vec<Sampled>> {
        let spare = spare_threads(&tasks);
        let sample = |Task { object, sampler }: Task<'_>| {
            let single = InF32::new(object, &self.grid);
            let error = single.worst_error(&InF64 { object, grid }, &sampler);
            (sample(sampler, spare, F32_LANES, &single), error)
        };
        let (sampled, errors): (Vec<Sampled>, Vec<f64>) = tasks.into_par_iter().map(sample).unzip();
        self.worst = errors.into_iter().fold(self.worst, f64::max);
        Ok(sampled)
    }

    fn batch(&self, _: &nuts::Settings) -> usize {
        batch()
    }

    fn describe(&self) -> String {
        format!("cpu (f32, {} threads)", rayon::current_num_threads())
    }

    fn worst_error(&self) -> Option<f64> {
        Some(self.worst)
    }
}

/// Threads that have no object of their own.
fn spare_threads(tasks: &[Task<'_>]) -> usize {
    rayon::current_num_threads() / tasks.len().max(1)
}

fn batch() -> usize {
    OBJECTS_A_THREAD * rayon::current_num_threads()
}

/// The log density of one object in some precision.
trait Precision: Sync {
    /// Runs a sampler of the object until `is_done`, in no more lanes than it has chains for.
    fn advance(&self, sampler: &mut ObjectSampler, is_done: impl Fn(&ObjectSampler) -> bool);
}

struct InF64<'a> {
    object: &'a ModelObject<f64>,
    grid: &'a Grid<f64>,
}

struct InF32<'a> {
    /// The object without the constant of its log density.
    object: ModelObject<f32>,
    constant: f64,
    grid: &'a Grid<f32>,
}

impl Precision for InF64<'_> {
    fn advance(&self, sampler: &mut ObjectSampler, is_done: impl Fn(&ObjectSampler) -> bool) {
        let InF64 { object, grid } = self;
        match sampler.chains() {
            1 => run(LaneEvaluator::<ONE_LANE>::new(object, grid), sampler, is_done),
            2..=FEW_LANES => run(LaneEvaluator::<FEW_LANES>::new(object, grid), sampler, is_done),
            _ => run(LaneEvaluator::<LANES>::new(object, grid), sampler, is_done),
        }
    }
}

impl<'a> InF32<'a> {
    fn new(object: &ModelObject<f64>, grid: &'a Grid<f32>) -> Self {
        let constant = object.header.constant;
        let mut object = object.cast();
        object.header.constant = 0.0;
        InF32 { object, constant, grid }
    }

    /// An evaluator in N lanes.
    fn lanes<const N: usize>(&self) -> SingleEvaluator<'_, N>
    where
        Lanes<f32, N>: Compiled<Scalar = f32>,
    {
        SingleEvaluator::new(&self.object, self.constant, self.grid)
    }

    /// Largest error of a log density at the starts of the chains, where `double` is finite.
    fn worst_error(&self, double: &InF64<'_>, sampler: &ObjectSampler) -> f64 {
        let dimension = double.object.dimension();
        let (mut position, mut grad) = (vec![0.0; dimension], vec![0.0; dimension]);
        let (mut truth, mut lanes) = (Evaluator::<f64>::new(double.object, double.grid), self.lanes::<LANES>());
        let mut worst: f64 = 0.0;
        for chain in sampler.requests() {
            sampler.position(chain, &mut position);
            let value = truth.logdensity(&position, &mut grad);
            let splat = |at: &mut [Lanes<f64, LANES>]| {
                at.iter_mut()
                    .zip(&position)
                    .for_each(|(x, &value)| *x = Lanes([value; LANES]))
            };
            let (found, _) = lanes.evaluate(splat);
            if value.is_finite() {
                worst = worst.max((found[0] - value).abs());
            }
        }
        worst
    }
}

impl Precision for InF32<'_> {
    fn advance(&self, sampler: &mut ObjectSampler, is_done: impl Fn(&ObjectSampler) -> bool) {
        match sampler.chains() {
            0..=LANES => run(self.lanes::<LANES>(), sampler, is_done),
            _ => run(self.lanes::<F32_LANES>(), sampler, is_done),
        }
    }
}

/// Runs a sampler to its last draw. Once the chains are warm, threads share them if each gets
/// `lanes` chains or would otherwise be idle.
fn sample(mut sampler: ObjectSampler, spare: usize, lanes: usize, object: &impl Precision) -> Sampled {
    object.advance(&mut sampler, ObjectSampler::is_warm);
    let full = rayon::current_num_threads().min(sampler.chains() / lanes);
    let mut parts = sampler.split(full.max(spare));
    parts
        .par_iter_mut()
        .for_each(|part| object.advance(part, ObjectSampler::is_finished));
    ObjectSampler::joined(parts).into_sampled()
}

/// Runs a sampler until `is_done`, some chains at a time. Chains share the lanes as they wait for
/// an evaluation, so that no lane idles for the longest tree. They stay in hand until they need
/// none, so that their trees stay in the cache.
fn run<const N: usize>(
    mut lanes: impl SideBySide<N>,
    sampler: &mut ObjectSampler,
    is_done: impl Fn(&ObjectSampler) -> bool,
) {
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
    /// Chains that wait for an evaluation, the longest wait first.
    chains: VecDeque<usize>,
    /// First chain of the next search.
    next: usize,
    /// Chains of the last evaluation.
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
