//! Replays transitions of a device on the host in double precision, from the same start, candidate,
//! momentum and step size.

use crate::backend::Replayed;
use crate::emissivity::Grid;
use crate::metric::Metric;
use crate::model::{Evaluator, ModelObject};
use crate::nuts::{CANDIDATE_NOISE, DrawId, MOMENTUM_NOISE, ObjectSampler, Point, Progress, Stats, Trajectory};
use crate::rng::purpose;

/// Choice of the transitions to replay; index: 0.
const AUDIT: u32 = purpose("audit");
/// Largest error of a whitened gradient in single precision. Positions of size 6 with standard
/// deviations down to 0.003 are rounded by 1e-4 of these. The roundings of the gradient itself add
/// as much again, a few times over.
const GRADIENT_ERROR: f64 = 1e-3;

/// The beginning of a transition that is to be replayed.
pub(super) struct Start {
    id: DrawId,
    step_size: f64,
    from: Vec<f64>,
    momentum: Vec<f64>,
    candidate: Option<Vec<f64>>,
}

/// True if a transition is among the `fraction` to replay.
pub(super) fn is_chosen(id: &DrawId, fraction: f64) -> bool {
    fraction > 0.0 && id.uniform(AUDIT, 0) < fraction
}

impl Start {
    /// The beginning of the transition `id` from the draw before, at `position`, whitened.
    pub(super) fn from_draw(sampler: &ObjectSampler, id: DrawId, position: &[f64]) -> Start {
        let noise = |index| {
            let mut noise = vec![0.0; position.len()];
            id.normals(sampler.noise_purposes(), index, &mut noise);
            noise
        };
        Start {
            id,
            step_size: sampler.step_size_of(&id),
            from: position.to_vec(),
            momentum: noise(MOMENTUM_NOISE),
            candidate: sampler.settings().independence.then(|| noise(CANDIDATE_NOISE)),
        }
    }

    /// Replays the transition that ended with `stats` and `position` on the device, and compares.
    ///
    /// Two trees agree if depth, leaves and the acceptance of the candidate are the same and their
    /// draws lie close. A gradient wrong by `GRADIENT_ERROR` moves a trajectory of n steps of ε by
    /// (nε)²/2 of that. The bound is this or, where nε is small, `GRADIENT_ERROR` itself.
    pub(super) fn replay(
        &self,
        object: &ModelObject<f64>,
        grid: &Grid<f64>,
        metric: &Metric,
        max_treedepth: u32,
        (stats, position): (&Stats, &[f64]),
    ) -> Replayed {
        let (theirs, ours) = self.transition(object, grid, metric, max_treedepth);
        let length = f64::from(stats.n_steps) * self.step_size;
        let bound = GRADIENT_ERROR * (0.5 * length * length).max(1.0);
        let pairs = ours.position.iter().zip(position);
        let apart = pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        let shape = |stats: &Stats| (stats.tree_depth, stats.n_steps, stats.independence_accepted);
        let same = shape(&theirs) == shape(stats) && apart <= bound;
        Replayed {
            transitions: 1,
            disagreeing: u64::from(!same),
            worst_energy: if same {
                (theirs.energy_error - stats.energy_error).abs()
            } else {
                0.0
            },
        }
    }

    fn transition(
        &self,
        object: &ModelObject<f64>,
        grid: &Grid<f64>,
        metric: &Metric,
        max_treedepth: u32,
    ) -> (Stats, Point) {
        let dim = metric.dim();
        let mut evaluator = Evaluator::new(object, grid);
        let (mut position, mut grad, mut whitened) = (vec![0.0; dim], vec![0.0; dim], vec![0.0; dim]);
        let mut trajectory = Trajectory::new(dim, max_treedepth);
        let mut evaluate = |x: &[f64], whitened: &mut [f64]| {
            metric.to_position(x, &mut position);
            let logdensity = evaluator.logdensity(&position, &mut grad);
            metric.pull_gradient(&grad, whitened);
            logdensity
        };
        let logdensity = evaluate(&self.from, &mut whitened);
        trajectory.set_point(&self.from, logdensity, &whitened);
        trajectory.start(self.id, &self.momentum, self.step_size, self.candidate.as_deref());
        loop {
            let logdensity = evaluate(trajectory.request(), &mut whitened);
            if let Progress::Done(stats) = trajectory.absorb(logdensity, &whitened) {
                return (stats, trajectory.point().clone());
            }
        }
    }
}
