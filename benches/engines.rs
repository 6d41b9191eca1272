//! Gradients a second inside NUTS, of the CPU in double and in single precision and of the engines
//! of a device, by chains in flight.
//!
//! usage: cargo bench --bench engines -- [--device D] [--engines cpu,single,host,resident]
//! [--chains N,N,…] [--draws N]

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

use nebulium::backend::cpu::{Cpu, CpuF32};
use nebulium::backend::gpu::{Device, Gpu, ResidentGpu};
use nebulium::backend::{Backend, Task};
use nebulium::emissivity::Set;
use nebulium::extinction::Law;
use nebulium::metric::Metric;
use nebulium::mode;
use nebulium::nuts::{ObjectSampler, Settings};
use nebulium::problem::{self, Problem, Recipe};
use nebulium::rng::{Key, normal, purpose};
use nebulium::table::{self, Entry};

/// Chains of each galaxy of a survey.
const CHAINS: usize = 8;
const WARMUP: usize = 20;

/// A galaxy, its metric, and its parameters' names.
struct Galaxy {
    problem: Problem,
    metric: Metric,
    names: Vec<String>,
}

impl Galaxy {
    /// Its sampler, the `copy`-th of them, with chains around the mode.
    fn sampler(&self, copy: usize, settings: Settings) -> ObjectSampler {
        let key = Key::new(copy as u64, &self.problem.id);
        let start = |chain: usize| {
            let x: Vec<f64> = (0..self.metric.dim() as u32)
                .map(|k| normal(&key, chain as u32, 0, purpose("start"), k))
                .collect();
            let mut start = vec![0.0; x.len()];
            self.metric.to_position(&x, &mut start);
            start
        };
        let starts: Vec<Vec<f64>> = (0..settings.chains).map(start).collect();
        let names: Vec<&str> = self.names.iter().map(String::as_str).collect();
        ObjectSampler::new(&starts, self.metric.clone(), &names, key, settings)
    }
}

/// The galaxies of a catalogue under the default preset.
fn galaxies(set: &Set, name: &str) -> Vec<Galaxy> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    let catalogue = table::read(&path, &set.list, &table::Settings::default()).expect("a catalogue");
    let recipe = Recipe::new(&problem::Settings::default(), &BTreeMap::new(), set, Law::G03Lmc).expect("defaults");
    let galaxy = |entry: &Entry| {
        let Entry::Fit(object) = entry else { return None };
        let problem = Problem::new(&recipe, object).ok()?;
        let mode = mode::find(&problem, &set.grid)?;
        let metric = Metric::from_precision(&mode.position, &mode.hessian)?;
        let names = problem.coordinate_names().iter().map(ToString::to_string).collect();
        Some(Galaxy { problem, metric, names })
    };
    catalogue.entries.iter().filter_map(galaxy).collect()
}

fn engine(name: &str, device: Option<&str>, set: &Set) -> Box<dyn Backend> {
    let open = || Device::open(device).expect("a device");
    match name {
        "cpu" => Box::new(Cpu),
        "single" => Box::new(CpuF32::new(&set.grid)),
        "host" => Box::new(Gpu::new(&open(), &set.grid).expect("a kernel")),
        "resident" => Box::new(ResidentGpu::new(&open(), &set.grid, 0.0).expect("kernels")),
        _ => panic!("no engine {name}: cpu, single, host or resident"),
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let option = |name: &str| {
        let at = arguments.iter().position(|argument| argument == name)?;
        arguments.get(at + 1).map(String::as_str)
    };
    let device = option("--device");
    let engines = option("--engines").unwrap_or("cpu,single,host,resident");
    let counts = option("--chains").unwrap_or("128,1024,8192");
    let draws = option("--draws").map_or(100, |draws| draws.parse().expect("a number of draws"));
    let set = Set::built_in().expect("emissivities");
    let one = galaxies(&set, "data/shoc579.csv");
    let many = galaxies(&set, "data/hebcd_sample.csv");
    println!("| engine | galaxies | chains of each | wall / s | gradients | gradients/s |");
    println!("| --- | --- | --- | --- | --- | --- |");
    for name in engines.split(',') {
        let mut backend = engine(name, device, &set);
        for count in counts.split(',') {
            let count: usize = count.parse().expect("a number of chains");
            for (galaxies, objects) in [(&one, 1), (&many, count.div_ceil(CHAINS))] {
                let settings = Settings {
                    chains: count / objects,
                    warmup: WARMUP,
                    draws,
                    ..Settings::default()
                };
                let tasks = (0..objects).map(|copy| {
                    let galaxy = &galaxies[copy % galaxies.len()];
                    Task {
                        object: &galaxy.problem.object,
                        sampler: galaxy.sampler(copy, settings),
                    }
                });
                let tasks = tasks.collect();
                let start = Instant::now();
                let sampled = backend.sample(&set.grid, tasks).expect("draws");
                let wall = start.elapsed().as_secs_f64();
                let gradients: u64 = sampled.iter().map(|s| s.n_gradients + s.n_gradients_warmup).sum();
                println!(
                    "| {name} | {objects} | {} | {wall:.3} | {gradients} | {:.2e} |",
                    settings.chains,
                    gradients as f64 / wall
                );
            }
        }
        println!("{name} is {}", backend.describe());
    }
}
