//! Where nebulium's time goes on a catalogue, as JSON: modes with their Hessians, importance
//! sampling, warm-up, sampling and the whole run, in seconds, each the median of a few runs.
//! Nothing is written to disk.
//!
//! `cargo run --release --example phases -- CONFIG.toml CATALOGUE CHAINS WARMUP DRAWS RUNS`

use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use nebulium::backend::cpu::Cpu;
use nebulium::backend::{Backend, Task};
use nebulium::config::{Config, LEAST_DRAWS};
use nebulium::emissivity::{Grid, Set};
use nebulium::error::Result;
use nebulium::fit::{self, Plan};
use nebulium::mode;
use nebulium::nuts::{self, Sampled};
use nebulium::problem::Recipe;
use nebulium::table;
use rayon::prelude::*;
use serde_json::json;

/// The CPU with a clock: the seconds that its chains take.
#[derive(Default)]
struct Timed {
    cpu: Cpu,
    seconds: f64,
}

impl Backend for Timed {
    fn sample(&mut self, grid: &Grid<f64>, tasks: Vec<Task<'_>>) -> Result<Vec<Sampled>> {
        let start = Instant::now();
        let sampled = self.cpu.sample(grid, tasks);
        self.seconds += start.elapsed().as_secs_f64();
        sampled
    }

    /// One batch, so that nothing else runs beside its chains.
    fn batch(&self, _: &nuts::Settings) -> usize {
        usize::MAX
    }

    fn describe(&self) -> String {
        self.cpu.describe()
    }
}

/// The middle of some seconds.
fn median(mut seconds: Vec<f64>) -> f64 {
    seconds.sort_by(f64::total_cmp);
    seconds[seconds.len() / 2]
}

/// Seconds of the whole run and of its chains.
fn timed(catalogue: &Path, config: &Config, recipe: &Recipe<'_>, options: &fit::Options) -> Result<[f64; 2]> {
    let start = Instant::now();
    let catalogue = table::read(catalogue, &recipe.set.list, &config.table_settings())?;
    let plan = Plan::new(catalogue, recipe);
    let mut backend = Timed::default();
    fit::run(plan, &mut backend, options, &mut |_| Ok(()), &AtomicBool::new(false))?;
    Ok([start.elapsed().as_secs_f64(), backend.seconds])
}

/// Seconds of all modes and Hessians.
fn modes(catalogue: &Path, config: &Config, recipe: &Recipe<'_>) -> Result<f64> {
    let catalogue = table::read(catalogue, &recipe.set.list, &config.table_settings())?;
    let entries = Plan::new(catalogue, recipe).entries;
    let problems: Vec<_> = entries.iter().filter_map(|planned| planned.peek(recipe)).collect();
    let start = Instant::now();
    let search = |problem| mode::find(problem, &recipe.set.grid);
    std::hint::black_box(problems.par_iter().map(search).collect::<Vec<_>>());
    Ok(start.elapsed().as_secs_f64())
}

fn run(config: &Path, catalogue: &Path, [chains, warmup, draws, runs]: [usize; 4]) -> Result<serde_json::Value> {
    let config = Config::read(config)?;
    let set = config.emissivities.applied_to(Set::built_in()?)?;
    let recipe = config.recipe(&set)?;
    let mut options = config.fit_options();
    (options.looks, options.sampler.chains, options.sampler.warmup) = (1, chains, warmup);
    let mut with = |draws: usize, importance: usize| {
        options.sampler.draws = draws;
        options.importance = importance;
        let found: Result<Vec<[f64; 2]>> = (0..runs)
            .map(|_| timed(catalogue, &config, &recipe, &options))
            .collect();
        found.map(|pairs| [0, 1].map(|k| median(pairs.iter().map(|pair| pair[k]).collect())))
    };
    let importance = config.importance.draws;
    let [total, chains] = with(draws, importance)?;
    let [total_short, chains_short] = with(LEAST_DRAWS, importance)?;
    let [total_plain, chains_plain] = with(LEAST_DRAWS, 0)?;
    let modes: Result<Vec<f64>> = (0..runs).map(|_| modes(catalogue, &config, &recipe)).collect();
    Ok(json!({
        "modes": median(modes?), "importance": (total_short - chains_short) - (total_plain - chains_plain),
        "warmup": chains_short, "sampling": chains - chains_short, "total": total,
    }))
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let numbers: Vec<usize> = arguments.iter().skip(2).filter_map(|text| text.parse().ok()).collect();
    let (Some([config, catalogue]), Ok(numbers)) = (arguments.first_chunk(), numbers.try_into()) else {
        eprintln!("usage: phases CONFIG.toml CATALOGUE CHAINS WARMUP DRAWS RUNS");
        std::process::exit(2);
    };
    match run(config.as_ref(), catalogue.as_ref(), numbers) {
        Ok(seconds) => println!("{seconds}"),
        Err(error) => {
            eprintln!("{error}");
            std::process::exit(1);
        }
    }
}
