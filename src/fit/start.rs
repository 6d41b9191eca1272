//! Where an object's chains start, and under which metric.

use crate::diagnostics::superchain;
use crate::emissivity::Grid;
use crate::metric::Metric;
use crate::mode::Mode;
use crate::model::Evaluator;
use crate::nuts::{self, ObjectSampler};
use crate::problem::Problem;
use crate::rng::{Key, normal, purpose};

/// Starts are drawn from the Laplace approximation this many times as wide: R-hat must be able to see chains that never met.
const OVERDISPERSION: f64 = 2.0;
/// A start is accepted where −ln posterior exceeds its least value by at most this much per coordinate, else moved towards the
/// mode by `SHRINK`: unfiltered starts leave chains stuck on far ridges.
const ENERGY_PER_COORDINATE: f64 = 3.0;
const SHRINK: f64 = 0.7;

/// The sampler of a problem: overdispersed starts around its mode, one a chain, or one a superchain where chains are many, so that
/// nested R-hat sees which of them have not been forgotten; under the metric that the Hessian at the mode makes.
pub(super) fn sampler(
    problem: &Problem,
    grid: &Grid<f64>,
    mode: &Mode,
    metric: &Metric,
    seed: u64,
    settings: nuts::Settings,
) -> ObjectSampler {
    let names = problem.coordinate_names();
    let key = Key::new(seed, &problem.id);
    let mut evaluator = Evaluator::new(&problem.object, grid);
    let starts: Vec<Vec<f64>> = (0..settings.chains)
        .map(|chain| superchain(chain, settings.chains) as u32)
        .map(|superchain| start(&mut evaluator, metric, mode, &names, &key, superchain))
        .collect();
    ObjectSampler::new(&starts, metric.clone(), &names, key, settings)
}

fn start(
    evaluator: &mut Evaluator<'_, f64>,
    metric: &Metric,
    mode: &Mode,
    names: &[&str],
    key: &Key,
    superchain: u32,
) -> Vec<f64> {
    let noise = |name: &&str| OVERDISPERSION * normal(key, superchain, 0, purpose(&format!("start:{name}")), 0);
    let mut whitened: Vec<f64> = names.iter().map(noise).collect();
    let mut position = mode.position.clone();
    let mut grad = vec![0.0; names.len()];
    let least = mode.logdensity - ENERGY_PER_COORDINATE * names.len() as f64;
    loop {
        metric.to_position(&whitened, &mut position);
        if evaluator.logdensity(&position, &mut grad) >= least {
            return position;
        }
        whitened.iter_mut().for_each(|x| *x *= SHRINK);
    }
}
