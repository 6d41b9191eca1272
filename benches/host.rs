//! What a draw on the CPU is made of: gradients in lanes, the table's cells, momenta, trees.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::path::Path;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use nebulium::emissivity::Set;
use nebulium::extinction::Law;
use nebulium::metric::Metric;
use nebulium::mode::{self, Mode};
use nebulium::model::{Evaluator, F32_LANES, FEW_LANES, LANES, LaneEvaluator, SideBySide, SingleEvaluator};
use nebulium::number::lanes::Lanes;
use nebulium::nuts::{self, ObjectSampler, noise_purpose};
use nebulium::problem::{Problem, Recipe, Settings};
use nebulium::rng::{Key, normals};
use nebulium::table::{self, Entry};

/// SHOC 579: 36 lines and 20 parameters under the default preset.
fn problem(set: &Set) -> (Problem, Mode) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/shoc579.csv");
    let catalogue = table::read(&path, &set.list, &table::Settings::default()).expect("SHOC 579");
    let recipe = Recipe::new(&Settings::default(), &BTreeMap::new(), set, Law::G03Lmc).expect("defaults");
    let Entry::Fit(object) = &catalogue.entries[0] else {
        panic!("rejected")
    };
    let problem = Problem::new(&recipe, object).expect("a problem");
    let mode = mode::find(&problem, &set.grid).expect("a mode");
    (problem, mode)
}

/// Positions around the mode, `spread` times as wide as the posterior.
fn positions(mode: &Mode, spread: f64) -> Vec<Vec<f64>> {
    let metric = Metric::from_precision(&mode.position, &mode.hessian).expect("positive definite");
    let dimension = mode.position.len();
    let whitened = |lane: usize| (0..dimension).map(move |k| spread * (7.0 * lane as f64 + 3.0 * k as f64).sin());
    let position = |lane| {
        let mut position = vec![0.0; dimension];
        metric.to_position(&whitened(lane).collect::<Vec<f64>>(), &mut position);
        position
    };
    (0..LANES).map(position).collect()
}

fn gradients(criterion: &mut Criterion) {
    let set = Set::built_in().expect("emissivities");
    let (problem, mode) = problem(&set);
    let (object, grid) = (&problem.object, &set.grid);
    let mut group = criterion.benchmark_group("gradient");
    let mut grads = vec![0.0; LANES * object.dimension()];
    group.throughput(Throughput::Elements(1));
    let mut single = Evaluator::<f64>::new(object, grid);
    group.bench_function("single", |bencher| {
        bencher.iter(|| black_box(single.logdensity(&mode.position, &mut grads[..object.dimension()])));
    });
    // In one cell of the tables, and in as many as there are lanes; the chains of one object are in
    // between.
    for (name, spread) in [("one cell", 0.3), ("own cells", 20.0)] {
        let positions = positions(&mode, spread);
        let rows: Vec<&[f64]> = positions.iter().map(Vec::as_slice).collect();
        let mut lanes = LaneEvaluator::<LANES>::new(object, grid);
        group.throughput(Throughput::Elements(LANES as u64));
        group.bench_function(format!("{LANES} lanes, {name}"), |bencher| {
            bencher.iter(|| black_box(lanes.logdensity(&rows, &mut grads)));
        });
        let mut few = LaneEvaluator::<FEW_LANES>::new(object, grid);
        group.throughput(Throughput::Elements(FEW_LANES as u64));
        group.bench_function(format!("{FEW_LANES} lanes, {name}"), |bencher| {
            bencher.iter(|| black_box(few.logdensity(&rows[..FEW_LANES], &mut grads)));
        });
    }
    let single_grid = grid.cast::<f32>();
    let single_object = object.cast::<f32>();
    for (name, spread) in [("one cell", 0.3), ("own cells", 20.0)] {
        let positions = positions(&mode, spread);
        let mut lanes = SingleEvaluator::<F32_LANES>::new(&single_object, 0.0, &single_grid);
        group.throughput(Throughput::Elements(F32_LANES as u64));
        group.bench_function(format!("{F32_LANES} lanes of f32, {name}"), |bencher| {
            bencher.iter(|| {
                let place = |at: &mut [Lanes<f64, F32_LANES>]| {
                    for (k, lanes) in at.iter_mut().enumerate() {
                        lanes.0 = std::array::from_fn(|lane| positions[lane % LANES][k]);
                    }
                };
                black_box(lanes.evaluate(place).0)
            });
        });
    }
    group.finish();
    criterion.bench_function("mode and Hessian", |bencher| {
        bencher.iter(|| black_box(mode::find(&problem, grid)));
    });
    let mut row = 0;
    criterion.bench_function("spline of one line", |bencher| {
        let at = grid.at::<f64>(4.05, 2.1);
        bencher.iter(|| {
            row = (row + 1) % grid.rows();
            black_box(grid.value(row, &at))
        });
    });
}

fn sampler(criterion: &mut Criterion) {
    const DIMENSION: usize = 20;
    let names: Vec<String> = (0..DIMENSION).map(|k| format!("x{k}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let purposes: Vec<u32> = names.iter().map(|name| noise_purpose(name)).collect();
    let key = Key::new(1, "bench");
    let mut momenta = [0.0; DIMENSION];
    let mut draw = 0;
    criterion.bench_function("momenta of a draw", |bencher| {
        bencher.iter(|| {
            draw += 1;
            normals(&key, 0, draw, &purposes, 0, &mut momenta);
            black_box(momenta[0])
        });
    });
    let settings = nuts::Settings {
        chains: 8,
        warmup: 0,
        draws: 100,
        ..nuts::Settings::default()
    };
    let starts = vec![vec![0.5; DIMENSION]; settings.chains];
    let new = || ObjectSampler::new(&starts, Metric::identity(DIMENSION), &names, key, settings);
    // All that a draw costs besides the model, whose gradient is −x here.
    criterion.bench_function("800 draws of a Gaussian", |bencher| {
        bencher.iter_batched(
            new,
            |sampler| {
                sampler.run(|x, grad| {
                    grad.iter_mut().zip(x).for_each(|(g, x)| *g = -x);
                    -0.5 * x.iter().map(|x| x * x).sum::<f64>()
                })
            },
            BatchSize::SmallInput,
        );
    });
}

criterion_group!(benches, gradients, sampler);
criterion_main!(benches);
