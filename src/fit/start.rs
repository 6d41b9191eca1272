//! Starts of an object's chains, and their metric.

use super::Found;
use crate::diagnostics::superchain;
use crate::emissivity::Grid;
use crate::metric::Metric;
use crate::mode::Mode;
use crate::model::Evaluator;
use crate::nuts::{self, ObjectSampler};
use crate::rng::{Key, normal, purpose};

/// Width of the starts' distribution over that of the Laplace approximation: R-hat must see chains
/// that never met.
const OVERDISPERSION: f64 = 2.0;
/// Largest −ln posterior of a start above its least value, per coordinate. Other starts move
/// towards the mode by `SHRINK`: without this, chains stick to far ridges.
const ENERGY_PER_COORDINATE: f64 = 3.0;
const SHRINK: f64 = 0.7;

/// Sampler of a problem, with overdispersed starts around the mode and the metric of the Hessian
/// there. There is one start a chain, or one a superchain where chains are many. Nested R-hat then
/// sees starts that are not yet forgotten. Where there are several modes, starts take turns among
/// them, whatever their masses: R-hat then sees chains that do not cross.
pub(super) fn sampler(found: &Found, grid: &Grid<f64>, seed: u64, settings: nuts::Settings) -> ObjectSampler {
    let problem = &found.problem;
    let names = problem.coordinate_names();
    let key = Key::new(seed, &problem.id);
    let mut evaluator = Evaluator::new(&problem.object, grid);
    let starts: Vec<Vec<f64>> = (0..settings.chains)
        .map(|chain| superchain(chain, settings.chains) as u32)
        .map(|superchain| {
            let (mode, metric) = found.modes.turn(superchain as usize);
            start(&mut evaluator, metric, mode, &names, &key, superchain)
        })
        .collect();
    let sampler = ObjectSampler::new(&starts, found.modes.metric.clone(), &names, key, settings);
    match &found.modes.several {
        Some(several) => sampler.among(several.mixture.clone()),
        None => sampler,
    }
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
