//! Chains that live on a device: how their transitions are cut into dispatches must not show.

use super::{device, emissivities, metric, position, problems};
use crate::backend::gpu::ResidentGpu;
use crate::backend::{Backend, Task};
use crate::metric::Metric;
use crate::nuts::{ObjectSampler, Sampled, Settings};
use crate::problem::Problem;
use crate::rng::{Key, normal, purpose};

/// A sampler near the mode of a problem.
fn sampler(problem: &Problem, metric: &Metric, settings: Settings) -> ObjectSampler {
    let key = Key::new(6, &problem.id);
    let starts: Vec<Vec<f64>> = (0..settings.chains as u32)
        .map(|chain| {
            let x: Vec<f64> = (0..metric.dim() as u32)
                .map(|k| normal(&key, chain, 0, purpose("start"), k))
                .collect();
            let mut start = vec![0.0; metric.dim()];
            metric.to_position(&x, &mut start);
            start
        })
        .collect();
    let names: Vec<String> = (0..metric.dim()).map(|k| k.to_string()).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    ObjectSampler::new(&starts, metric.clone(), &names, key, settings)
}

#[test]
fn any_cut_into_dispatches_gives_the_same_draws() {
    for independence in [true, false] {
        check_cuts(independence);
    }
}

/// Draws of dispatches of one, three and many leapfrogs, every transition replayed.
fn check_cuts(independence: bool) {
    let Some(device) = device() else { return };
    let grid = &emissivities().grid;
    let mut engine = ResidentGpu::new(device, grid, 1.0).unwrap();
    let chosen: Vec<&Problem> = [0, 9, 20].map(|i| &problems()[i]).to_vec();
    let metrics: Vec<Metric> = chosen
        .iter()
        .map(|problem| metric(&problem.object, &position(problem, 0)))
        .collect();
    // An odd number of chains, so that an object has chains in both buffers.
    let settings = Settings {
        chains: 3,
        warmup: 12,
        draws: 40,
        independence,
        ..Settings::default()
    };
    let mut run = |leapfrogs| -> Vec<Sampled> {
        engine.limit_leapfrogs(leapfrogs);
        let tasks = chosen.iter().zip(&metrics).map(|(problem, metric)| Task {
            object: &problem.object,
            sampler: sampler(problem, metric, settings),
        });
        engine.sample(grid, tasks.collect()).unwrap()
    };
    let (one, three, many) = (run(1), run(3), run(64));
    for others in [&three, &many] {
        for (a, b) in one.iter().zip(others) {
            assert_eq!(a.positions, b.positions);
            assert_eq!(a.stats, b.stats);
            assert_eq!(a.step_size, b.step_size);
        }
    }
    let replayed = engine.replayed().unwrap();
    assert_eq!(replayed.transitions, 3 * 3 * 3 * 52);
    assert!(replayed.disagreeing * 100 <= replayed.transitions, "{replayed:?}");
    for sampled in &one {
        assert!(sampled.stats.iter().any(|stats| stats.tree_depth > 2));
        let accepted = sampled.stats.iter().filter(|stats| stats.independence_accepted).count();
        assert_eq!(accepted > 0, independence, "{accepted}");
    }
}
