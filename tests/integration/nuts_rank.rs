//! The exact rank test: A. Gandy & J. Scott, "Unit testing for MCMC and other Monte Carlo methods"
//! (arXiv:2001.06465), section 3.
//!
//! A point drawn exactly from the target is put at a random index of a sequence of transitions, run
//! forward and backward from the point. If the kernel leaves the target invariant, the rank of the
//! point in the sequence is uniform for any length of the sequence. Trajectories and independence
//! steps are reversible: backward, the trajectory of a draw comes first.

use crate::targets::{gumbel, momentum, standard_normal};
use nebulium::nuts::{DrawId, Progress, Trajectory};
use nebulium::rng::{Key, normal, purpose, uniform};

/// States of a sequence = ranks possible.
const STATES: usize = 8;
/// Sequences a test.
const SEQUENCES: u32 = 3000;
/// The 10⁻⁴ point of χ² with 7 degrees of freedom.
const CHI_SQUARE_BOUND: f64 = 29.9;

type Model = fn(&[f64], &mut [f64]) -> f64;
/// Step size, and true for independence steps.
type Kernel = (f64, bool);

const FORWARD: u32 = 0;
const BACKWARD: u32 = 1;

/// `count` states after `start`, or, on the side BACKWARD, before it.
fn follow(
    model: Model,
    start: &[f64],
    key: Key,
    side: u32,
    (step_size, independence): Kernel,
    count: usize,
) -> Vec<Vec<f64>> {
    let dim = start.len();
    let mut grad = vec![0.0; dim];
    let mut trajectory = Trajectory::new(dim, 5);
    let logdensity = model(start, &mut grad);
    trajectory.set_point(start, logdensity, &grad);
    // States after a trajectory, and after an independence step.
    let (mut draws, mut stepped) = (Vec::new(), Vec::new());
    for draw in 0..=count as u32 {
        let id = DrawId { key, chain: side, draw };
        let candidate: Vec<f64> = (0..dim as u32)
            .map(|k| normal(&key, side, draw, purpose("landing"), k))
            .collect();
        let steps = independence && !(side == BACKWARD && draw == 0);
        trajectory.start(id, &momentum(&id, dim), step_size, steps.then_some(&candidate[..]));
        let mut first = steps;
        loop {
            let logdensity = model(trajectory.request(), &mut grad);
            let progress = trajectory.absorb(logdensity, &grad);
            if std::mem::take(&mut first) {
                stepped.push(trajectory.point().position.clone());
            }
            if let Progress::Done(_) = progress {
                draws.push(trajectory.point().position.clone());
                break;
            }
        }
    }
    let mut states = if independence && side == BACKWARD {
        stepped
    } else {
        draws
    };
    states.truncate(count);
    states
}

/// χ² of the ranks of the exact draw by each statistic.
fn chi_square(
    model: Model,
    exact: fn(&Key, u32) -> f64,
    dim: u32,
    kernel: Kernel,
    statistics: &[fn(&[f64]) -> f64],
) -> Vec<f64> {
    let mut counts = vec![[0.0; STATES]; statistics.len()];
    for sequence in 0..SEQUENCES {
        let key = Key::new(sequence.into(), "rank");
        let start: Vec<f64> = (0..dim).map(|i| exact(&key, i)).collect();
        let index = (uniform(&key, 0, 0, purpose("place"), 0) * STATES as f64) as usize;
        let mut states = follow(model, &start, key, FORWARD, kernel, STATES - 1 - index);
        states.extend(follow(model, &start, key, BACKWARD, kernel, index));
        for (counts, statistic) in counts.iter_mut().zip(statistics) {
            let own = statistic(&start);
            let below = states.iter().filter(|state| statistic(state) < own).count();
            // A transition may stay where it was: ranks among equals are drawn at random.
            let equal = states.iter().filter(|state| statistic(state) == own).count() + 1;
            let tie = (uniform(&key, 0, 0, purpose("tie"), 0) * equal as f64) as usize;
            counts[below + tie] += 1.0;
        }
    }
    let expected = f64::from(SEQUENCES) / STATES as f64;
    counts
        .iter()
        .map(|counts| counts.iter().map(|c: &f64| (c - expected).powi(2) / expected).sum())
        .collect()
}

#[test]
fn ranks_of_exact_draws_are_uniform() {
    let exact_normal = |key: &Key, i| normal(key, 0, 0, purpose("exact"), i);
    let exact_gumbel = |key: &Key, i| -(-uniform(key, 0, 0, purpose("exact"), i).ln()).ln();
    let statistics: [fn(&[f64]) -> f64; 3] = [|x| x[0], |x| x.iter().map(|x| x * x).sum(), |x| x[0] * x[x.len() - 1]];
    for kernel in [(0.3, false), (0.9, false), (1.5, false), (0.3, true), (0.9, true)] {
        for (model, exact, dim) in [
            (standard_normal as Model, exact_normal as fn(&Key, u32) -> f64, 3),
            (gumbel as Model, exact_gumbel as fn(&Key, u32) -> f64, 2),
        ] {
            let chi_square = chi_square(model, exact, dim, kernel, &statistics);
            assert!(
                chi_square.iter().all(|&c| c < CHI_SQUARE_BOUND),
                "{chi_square:?} of {kernel:?} in {dim}"
            );
        }
    }
}
