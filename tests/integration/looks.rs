//! Draws until the gate holds: blocks of draws against one long run, and objects with two modes.

use nebulium::backend::Backend;
use nebulium::backend::cpu::{Cpu, CpuF32};
use nebulium::diagnostics::diagnose;
use nebulium::fit::{Fitted, Options, Outcome};
use nebulium::metric::Metric;
use nebulium::nuts::{ObjectSampler, Sampled, Settings};
use nebulium::problem::Preset;
use nebulium::rng::{Key, normal, purpose};
use nebulium::summary::Status;

use crate::fit::{options, read, run_on};
use crate::galaxies::settings;
use crate::targets::coordinate;

/// Looks of `nebulium fit`, each at twice the draws of the one before.
const LOOKS: u32 = 4;

/// Fits with short first looks, after which no galaxy passes.
fn short(draws: usize, looks: u32) -> Options {
    let mut options = options(draws);
    options.looks = looks;
    (options.sampler.chains, options.sampler.warmup) = (4, 60);
    options
}

fn hebcd(options: &Options) -> Vec<Outcome> {
    let preset = settings(Preset::Default, None);
    run_on(&mut Cpu, read("data/hebcd_sample.csv"), &preset, "CCM89", options)
}

fn fitted(outcome: &Outcome) -> &Fitted {
    outcome.fitted.as_ref().expect("sampled")
}

/// Text of the row: every summary of a parameter, R-hat and the flags.
fn posterior(outcome: &Outcome) -> String {
    let summary = &fitted(outcome).summary;
    format!("{:?} {:?} {:?}", summary.parameters, summary.rhat_max, outcome.flags)
}

/// With 12 draws a chain nothing passes before the last look, at 96. The draws of the files are
/// every eighth of the long run.
#[test]
fn an_object_drawn_further_is_that_of_one_long_run_to_the_bit() {
    let (blocks, whole) = (hebcd(&short(12, LOOKS)), hebcd(&short(96, 1)));
    for (blocks, whole) in blocks.iter().zip(&whole) {
        assert_eq!(fitted(blocks).summary.n_looks, LOOKS, "{}", blocks.id);
        assert_eq!(fitted(whole).summary.n_looks, 1);
        assert_eq!(fitted(blocks).summary.n_draws, 4 * 96);
        assert_eq!(posterior(blocks), posterior(whole), "{}", blocks.id);
        let (kept, all) = (&fitted(blocks).draws, &fitted(whole).draws);
        assert_eq!((kept.chains, kept.draws), (4, 12));
        let every_eighth = |chain: usize, draw: usize| all.draw(chain, 8 * draw + 7);
        assert!((0..4).all(|chain| (0..12).all(|draw| kept.draw(chain, draw) == every_eighth(chain, draw))));
        let bits = |values: &[f64]| values.iter().map(|value| value.to_bits()).collect::<Vec<_>>(); // NaN is itself
        let thinned = fitted(whole).derived.thinned(96, 8);
        assert_eq!(bits(&fitted(blocks).derived.values), bits(&thinned.values));
    }
}

/// The number of looks is the first at which the object passes: a run that may not look so often
/// ends with a failure.
#[test]
fn an_object_is_drawn_until_it_passes_and_no_further() {
    let runs = [1, 2, 3, LOOKS].map(|looks| hebcd(&short(100, looks)));
    let mut ended = [0; LOOKS as usize];
    for (place, last) in runs[3].iter().enumerate() {
        let looks = fitted(last).summary.n_looks;
        ended[looks as usize - 1] += 1;
        for (most, run) in (1..).zip(&runs) {
            let found = &fitted(&run[place]).summary;
            assert_eq!(found.n_looks, looks.min(most), "{}", last.id);
            assert_eq!(found.n_draws, 400 << (found.n_looks - 1));
            let fails = most < looks || last.status == Status::Fail;
            assert_eq!(run[place].status == Status::Fail, fails, "{}, {most} looks", last.id);
        }
    }
    assert!(ended[1] > 0 && ended[2] > 0, "{ended:?}");
}

#[test]
fn later_draws_of_another_backend_than_the_cpu_in_double_precision_are_said() {
    let preset = settings(Preset::Plain, None);
    let mut single = CpuF32::new(&crate::galaxies::Fixture::get().set.grid);
    let said = |backend: &mut dyn Backend, looks| {
        let outcomes = run_on(backend, read("data/shoc579.csv"), &preset, "CCM89", &short(20, looks));
        let flags: Vec<String> = outcomes[0].flags.iter().map(ToString::to_string).collect();
        flags.contains(&"later_on_cpu".to_owned())
    };
    assert!(said(&mut single, 2));
    assert!(!said(&mut single, 1));
    assert!(!said(&mut Cpu, 2));
}

/// Two normals of width 1 and equal weight at ±`apart` in the first of two coordinates.
fn two_modes(apart: f64) -> impl FnMut(&[f64], &mut [f64]) -> f64 {
    move |x, grad| {
        let tilt = (apart * x[0]).tanh();
        grad.copy_from_slice(&[-x[0] + apart * tilt, -x[1]]);
        let ln_cosh = (apart * x[0]).abs() + (-2.0 * (apart * x[0]).abs()).exp().ln_1p();
        -0.5 * (x[0] * x[0] + x[1] * x[1]) + ln_cosh
    }
}

/// Eight chains that start around the mode at `apart`, twice as wide as it is, under its metric.
fn stuck(apart: f64, seed: u64, draws: usize) -> Sampled {
    let settings = Settings {
        chains: 8,
        warmup: 60,
        draws,
        ..Settings::default()
    };
    let key = Key::new(seed, "two modes");
    let noise = |chain, index| 2.0 * normal(&key, chain, 0, purpose("start"), index);
    let starts: Vec<Vec<f64>> = (0..8)
        .map(|chain| vec![apart + noise(chain, 0), noise(chain, 1)])
        .collect();
    let metric = Metric::from_precision(&[apart, 0.0], &[1.0, 0.0, 0.0, 1.0]).expect("positive definite");
    ObjectSampler::new(&starts, metric, &["a", "b"], key, settings).run(two_modes(apart))
}

/// True if the first `draws` of each chain pass the gate.
fn passes(values: &[f64], draws: usize) -> bool {
    let first: Vec<f64> = values
        .chunks(values.len() / 8)
        .flat_map(|chain| &chain[..draws])
        .copied()
        .collect();
    let found = diagnose(&first, 8);
    found.r_hat < 1.01 && found.ess_bulk >= 400.0 && found.ess_tail >= 400.0
}

/// Runs of `seeds` that pass with a wrong weight of the mode: at the first look, at a later one, and
/// in one run of the longest length. The first draws of the long run are those of the looks, as the
/// test above shows.
fn wrong_passes(apart: f64, seeds: u64, first: usize) -> [u64; 3] {
    let mut counts = [0; 3];
    for seed in 0..seeds {
        let longest = first << (LOOKS - 1);
        let values = coordinate(&stuck(apart, seed, longest), 0);
        let is_wrong = |draws: usize| {
            let of_chain = |chain: &[f64]| chain[..draws].iter().filter(|&&x| x > 0.0).count();
            let weight = values.chunks(longest).map(of_chain).sum::<usize>() as f64 / (8 * draws) as f64;
            (weight - 0.5).abs() > 0.1
        };
        let passed = (0..LOOKS).find(|look| passes(&values, first << look));
        if let Some(look) = passed.filter(|look| is_wrong(first << look)) {
            counts[usize::from(look > 0)] += 1;
        }
        counts[2] += u64::from(passes(&values, longest) && is_wrong(longest));
    }
    counts
}

#[test]
fn chains_in_a_second_mode_pass_by_a_later_look_no_more_often_than_in_one_long_run() {
    for apart in [3.5, 4.0] {
        let [first, later, long] = wrong_passes(apart, 200, 150);
        println!("{apart}: {first} at the first look, {later} at a later one, {long} in one long run");
        assert!(
            later <= long,
            "{apart}: {later} by a later look, {long} in one long run"
        );
    }
}
