//! Kernels on a device against their twins. `NEBULIUM_TEST_GPU` says whether there must be one.

mod bounded;
mod density;
mod grouped;
mod leaves;
mod random;
mod resident;
mod twins;
mod uturn;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::sync::OnceLock;

use super::Device;
use crate::emissivity::Set;
use crate::extinction::Law;
use crate::metric::Metric;
use crate::model::code::{IonKind, TauForm};
use crate::model::coordinate::low_snr::starting_coordinate;
use crate::model::record::NONE;
use crate::model::{Evaluator, LANES, LaneEvaluator, ModelObject};
use crate::problem::tests::{Correction, corrected};
use crate::problem::{Family, Preset, Prior, Problem, Recipe, Settings};
use crate::rng::{self, Key};
use crate::table::{self, Entry};

/// The device of all tests, software if there is no other. `NEBULIUM_TEST_GPU` is `require` (there
/// must be one), `auto` (the default: without a device the test says so on stderr and passes) or
/// `off`.
fn device() -> Option<&'static Device> {
    static DEVICE: OnceLock<Option<Device>> = OnceLock::new();
    let device = DEVICE.get_or_init(|| {
        let switch = std::env::var("NEBULIUM_TEST_GPU").unwrap_or_else(|_| "auto".to_owned());
        let open = || Device::open(None).or_else(|_| Device::open(Some("0")));
        match switch.as_str() {
            "off" => None,
            "auto" => open().ok(),
            "require" => Some(open().unwrap()),
            other => panic!("NEBULIUM_TEST_GPU is {other}, expected require, auto or off"),
        }
    });
    if device.is_none() {
        // Past the harness, which shows only what failing tests print.
        writeln!(std::io::stderr(), "skipped: no Vulkan adapter").unwrap();
    }
    device.as_ref()
}

/// The emissivities that come with the program.
fn emissivities() -> &'static Set {
    static SET: OnceLock<Set> = OnceLock::new();
    SET.get_or_init(|| Set::built_in().unwrap())
}

/// The problems of the galaxies in `data` by each preset, and with priors of every family that put
/// abundances into slots.
fn problems() -> &'static [Problem] {
    static PROBLEMS: OnceLock<Vec<Problem>> = OnceLock::new();
    PROBLEMS.get_or_init(|| {
        let set = emissivities();
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/hebcd_sample.csv");
        let catalogue = table::read(&path, &set.list, &table::Settings::default()).unwrap();
        let preset = |preset| Settings {
            preset,
            ..Settings::default()
        };
        let ordinary = [Preset::Default, Preset::Plain, Preset::Talk].map(|name| (preset(name), BTreeMap::new()));
        let all = ordinary.into_iter().chain([(preset(Preset::Default), odd_priors())]);
        let mut problems: Vec<Problem> = all
            .flat_map(|(settings, priors)| {
                let recipe = Recipe::new(&settings, &priors, set, Law::G03Lmc).unwrap();
                let problem = |entry: &Entry| match entry {
                    Entry::Fit(object) => Problem::new(&recipe, object).unwrap(),
                    Entry::Rejected { id, .. } => panic!("{id} is rejected"),
                };
                catalogue.entries.iter().map(problem).collect::<Vec<_>>()
            })
            .collect();
        let steep = problems[15..20].iter().map(steeply_absorbed).collect::<Vec<_>>();
        problems.extend(steep);
        let rational = [Correction::OpticalDepth(TauForm::LogN)];
        let rational = problems[15..20].iter().map(|problem| with(problem, &rational));
        let rational = rational.collect::<Vec<_>>();
        problems.extend(rational);
        let corrected = problems[..5]
            .iter()
            .map(|problem| with(problem, &Correction::ALL))
            .collect::<Vec<_>>();
        problems.extend(corrected);
        problems
    })
}

/// The problem with helium lines whose optical depth depends so much on T and n_e that its
/// derivatives stand out.
fn steeply_absorbed(problem: &Problem) -> Problem {
    let mut problem = problem.clone();
    for term in problem.object.terms.iter_mut().filter(|term| term.thick == 1) {
        (term.tau_q0, term.tau_q1, term.tau_q2) = (0.15, 5e-3, -5e-6);
    }
    problem
}

fn with(problem: &Problem, corrections: &[Correction]) -> Problem {
    let mut problem = problem.clone();
    problem.object = corrected(&problem.object, corrections);
    problem
}

fn odd_priors() -> BTreeMap<String, Prior> {
    let of = |family, sd| Prior {
        family: Some(family),
        sd: Some(sd),
        ..Prior::fixed(0.0)
    };
    let free = |prior: Prior| Prior { fixed: None, ..prior };
    let uniform = Prior {
        family: Some(Family::Uniform),
        fixed: None,
        ..Prior::fixed(0.0)
    };
    let priors = [
        ("T_high", uniform.cut(6000.0, 22_000.0)),
        ("n_e", free(of(Family::HalfCauchy, 200.0)).cut(1.0, 1e5)),
        ("cHbeta", free(of(Family::HalfCauchy, 0.3))),
        ("tau", Prior::log_normal(0.0, 0.4, 1.0).cut(0.0, 10.0)),
        ("O3", Prior::normal(8.0, 0.3).cut(7.0, 8.8)),
        ("O2", uniform.cut(6.0, 9.0)),
        ("He1", Prior::log_normal(-2.4, 0.3, 1.0).cut(0.03, 0.2)),
    ];
    priors
        .into_iter()
        .map(|(name, prior)| (name.to_owned(), prior))
        .collect()
}

/// A position, exact in single precision, about as far from the data as the starts of a search.
/// Coordinates of unit scale lie within ± 1, the reference line of each ion within 20 % of its
/// measured flux.
fn position(problem: &Problem, number: u32) -> Vec<f64> {
    let object = &problem.object;
    let key = Key::new(7, &problem.id);
    let uniform = |index: u32| 2.0 * rng::uniform(&key, 0, number, rng::purpose("test"), index) - 1.0;
    let mut position = vec![0.0; object.dimension()];
    for slot in object.slots.iter().filter(|slot| slot.coordinate != NONE) {
        position[slot.coordinate as usize] = uniform(slot.coordinate);
    }
    for ion in object.ions.iter().filter(|ion| ion.kind == IonKind::Flux) {
        let line = &object.lines[ion.reference_line as usize];
        position[ion.source as usize] = starting_coordinate(ion, line) + 0.2 * uniform(ion.source);
    }
    position.iter().map(|&z| f64::from(z as f32)).collect()
}

/// A metric near the mode of an object: Gauss–Newton steps, halved until they climb.
fn metric(object: &ModelObject<f64>, start: &[f64]) -> Metric {
    let grid = &emissivities().grid;
    let dim = start.len();
    let mut evaluator = Evaluator::new(object, grid);
    let mut lanes = LaneEvaluator::<LANES>::new(object, grid);
    let (mut at, mut grad, mut hessian) = (start.to_vec(), vec![0.0; dim], vec![0.0; dim * dim]);
    let mut metric = None;
    for _ in 0..30 {
        let here = evaluator.logdensity(&at, &mut grad);
        lanes.gauss_newton(&at, &mut hessian);
        let found = Metric::from_precision(&at, &hessian).expect("a Gauss–Newton matrix is positive definite");
        let mut whitened = vec![0.0; dim];
        found.pull_gradient(&grad, &mut whitened);
        let step = |fraction: f64| {
            let x: Vec<f64> = whitened.iter().map(|g| fraction * g).collect();
            let mut position = vec![0.0; dim];
            found.to_position(&x, &mut position);
            position
        };
        let tried = (0..20).map(|halvings| step(0.5_f64.powi(halvings)));
        let better = tried
            .into_iter()
            .find(|z| evaluator.logdensity(z, &mut vec![0.0; dim]) > here);
        metric = Some(found.clone());
        match better {
            Some(better) => at = better,
            None => break,
        }
    }
    metric.expect("at least one step")
}
