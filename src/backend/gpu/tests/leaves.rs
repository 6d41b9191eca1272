//! Transitions of `resident` at one leapfrog a dispatch, followed leaf by leaf by the host's tree
//! on the gradients that the device found.
//!
//! Exact: the number of leaves, the end of each subtree, the direction of each doubling, the leaf
//! that becomes the proposal. Positions, momenta and energies agree within the roundings of single
//! precision, added up leaf by leaf from the operands.

mod bounds;
mod engine;
mod follower;

use super::{device, emissivities, position, problems};
use crate::metric::Metric;
use crate::model::{Evaluator, ModelObject};
use crate::nuts::{DrawId, Point, noise_purpose};
use crate::rng::{Key, normal, purpose};
use engine::Engine;
use follower::Follower;

/// Largest depth of a tree: 127 leaves.
const MAX_TREEDEPTH: u32 = 7;
const DRAWS: u32 = 100;
const CHAINS: usize = 24;
/// Step sizes, from trees of the largest depth to trees of one leaf, in whitened coordinates.
const STEPS: [f64; 7] = [0.04, 0.08, 0.15, 0.25, 0.4, 0.8, 1.4];

/// The nearest single.
fn single(x: f64) -> f64 {
    f64::from(x as f32)
}

/// The purposes of the noise of `dim` parameters.
fn purposes(dim: usize) -> Vec<u32> {
    (0..dim).map(|k| noise_purpose(&k.to_string())).collect()
}

/// A point of the posterior's Gaussian approximation, exact in single precision.
fn start(id: &DrawId, metric: &Metric, object: &ModelObject<f64>) -> Point {
    let dim = metric.dim();
    let noise = |k| single(normal(&id.key, id.chain, id.draw, purpose("position"), k));
    let mut point = Point::zero(dim);
    point.position = (0..dim as u32).map(noise).collect();
    let (mut position, mut grad) = (vec![0.0; dim], vec![0.0; dim]);
    metric.to_position(&point.position, &mut position);
    let logdensity = Evaluator::new(object, &emissivities().grid).logdensity(&position, &mut grad);
    metric.pull_gradient(&grad, &mut point.grad);
    point.grad.iter_mut().for_each(|g| *g = single(*g));
    point.logdensity = object.header.constant + single(logdensity - object.header.constant);
    point
}

/// Four objects, the metric of each, and an engine that holds them with `chains` chains.
fn loaded(chains: usize) -> Option<(Engine, Vec<ModelObject<f64>>, Vec<Metric>)> {
    let device = device()?;
    let problems = [0, 5, 9, 20].map(|i| &problems()[i]);
    let objects = problems.map(|problem| problem.object.clone()).to_vec();
    let metrics = problems.map(|problem| super::metric(&problem.object, &position(problem, 0)));
    let engine = Engine::new(device, &objects, &metrics, chains);
    Some((engine, objects, metrics.to_vec()))
}

#[test]
fn every_leaf_of_a_resident_chain_is_the_hosts() {
    let Some((mut engine, objects, metrics)) = loaded(CHAINS) else {
        return;
    };
    let mut endings = [0; 3];
    let mut candidates = [0; 2];
    for draw in 0..DRAWS {
        let mut followers: Vec<Follower> = (0..CHAINS)
            .map(|chain| {
                let object = chain % objects.len();
                let id = DrawId {
                    key: Key::new(3, "leaves"),
                    chain: chain as u32,
                    draw,
                };
                let point = start(&id, &metrics[object], &objects[object]);
                let step = single(STEPS[(id.draw + id.chain) as usize % STEPS.len()]);
                // Every other draw begins with an independence step.
                let independence = draw % 2 == 1;
                engine.set_out(chain, object, &id, (step, independence), &point);
                Follower::new(id, point, step, independence, objects[object].header.constant)
            })
            .collect();
        while followers.iter().any(|follower| !follower.is_done()) {
            engine.dispatch();
            for (chain, follower) in followers.iter_mut().enumerate().filter(|(_, f)| !f.is_done()) {
                follower.follow(&engine.state(chain));
                engine.go_on(chain, !follower.is_done());
            }
        }
        for follower in followers {
            (0..3).for_each(|k| endings[k] += follower.endings[k]);
            follower
                .accepted_candidate
                .into_iter()
                .for_each(|taken| candidates[usize::from(taken)] += 1);
        }
    }
    assert!(endings[0] > 1000 && endings[1] > 150 && endings[2] > 3, "{endings:?}");
    assert!(candidates[0] > 100 && candidates[1] > 100, "{candidates:?}");
}

/// A chain at a point beyond single precision diverges with its first leaf; its neighbour makes the
/// draw that it makes beside a sound chain.
#[test]
fn a_start_that_is_not_finite_diverges_alone() {
    let Some((mut engine, objects, metrics)) = loaded(2) else {
        return;
    };
    let mut neighbours = Vec::new();
    for bad in [None, Some(1e38), Some(f64::INFINITY), Some(f64::NAN)] {
        for chain in 0..2 {
            let id = DrawId {
                key: Key::new(4, "finite"),
                chain: chain as u32,
                draw: 0,
            };
            let mut point = start(&id, &metrics[0], &objects[0]);
            if let (1, Some(bad)) = (chain, bad) {
                point.position[0] = bad;
            }
            engine.set_out(chain, 0, &id, (0.5, false), &point);
        }
        let mut drawn = [None, None];
        while drawn.contains(&None) {
            engine.dispatch();
            for (chain, drawn) in drawn.iter_mut().enumerate().filter(|(_, drawn)| drawn.is_none()) {
                *drawn = engine.state(chain).draw;
                engine.go_on(chain, drawn.is_none());
            }
        }
        let [sound, broken] = drawn.map(|drawn| drawn.expect("both have made their draw"));
        assert_eq!(broken.0.diverging, bad.is_some(), "{bad:?}");
        assert!(bad.is_none() || broken.0.n_steps == 1, "{bad:?}");
        assert!(!sound.0.diverging);
        neighbours.push(sound);
    }
    assert!(neighbours.iter().all(|draw| *draw == neighbours[0]));
}
