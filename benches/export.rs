//! Time of writing one galaxy of a survey: its rows of results and lines alone, and with all draws and
//! statistics as arrays.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use nebulium::abundance;
use nebulium::backend::cpu::Cpu;
use nebulium::draws::{KeepDraws, Method};
use nebulium::emissivity::Set;
use nebulium::export::{Provenance, Writer};
use nebulium::extinction::Law;
use nebulium::fit::{self, Options, Outcome, Plan};
use nebulium::nuts;
use nebulium::problem::{Recipe, Settings};
use nebulium::table;

/// Objects that a run of the benchmark writes.
const OBJECTS: usize = 100;
const SAMPLER: (usize, usize) = (8, 220);

/// SHOC 579, fitted as in a survey, and the names of its parameters.
fn fitted(set: &Set) -> (Outcome, Vec<String>) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/shoc579.csv");
    let catalogue = table::read(&path, &set.list, &table::Settings::default()).expect("SHOC 579");
    let recipe = Recipe::new(&Settings::default(), &BTreeMap::new(), set, Law::G03Lmc).expect("defaults");
    let plan = Plan::new(catalogue, &recipe);
    let columns = plan.columns.clone();
    let options = Options {
        sampler: nuts::Settings {
            chains: SAMPLER.0,
            warmup: 60,
            draws: SAMPLER.1,
            ..nuts::Settings::default()
        },
        seed: 1,
        looks: 1,
        growth: fit::GROWTH,
        importance: 2500,
        abundances: abundance::Settings::default(),
    };
    let mut outcomes = Vec::new();
    let mut sink = |outcome| {
        outcomes.push(outcome);
        Ok(())
    };
    fit::run(plan, &mut Cpu, &options, &mut sink, &AtomicBool::new(false)).expect("a CPU");
    (outcomes.remove(0), columns)
}

fn provenance() -> Provenance {
    let nothing = || (String::new(), String::new());
    Provenance {
        catalogues: vec![nothing()],
        priors: None,
        configuration: nothing(),
        method: Method::Nuts,
        seed: 1,
        emissivities: (String::new(), String::new(), Vec::new()),
        f_tau: Default::default(),
        extinction: Default::default(),
        abundances: abundance::Settings::default(),
        backend: String::new(),
        lines: BTreeMap::new(),
        kept: Vec::new(),
        escape_formulas: false,
    }
}

fn export(criterion: &mut Criterion) {
    let set = Set::built_in().expect("emissivities");
    let (outcome, columns) = fitted(&set);
    let directory = std::env::temp_dir().join(format!("nebulium-bench-{}", std::process::id()));
    let names: Vec<String> = (0..OBJECTS).map(|k| format!("{}-{k}", outcome.id)).collect();
    let ids: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut group = criterion.benchmark_group("export of a galaxy");
    group.throughput(Throughput::Elements(OBJECTS as u64)).sample_size(20);
    for (name, keep) in [("results", KeepDraws::None), ("results and draws", KeepDraws::All)] {
        let writer = || {
            Writer::create(
                &directory,
                true,
                &ids,
                &columns,
                SAMPLER,
                (Some(keep), None),
                provenance(),
            )
            .expect("room")
        };
        let write = |mut writer: Writer| {
            for _ in 0..OBJECTS {
                writer.add(&outcome, &set.grid).expect("room");
            }
            writer.finish(None, None).expect("room");
        };
        group.bench_function(name, |bencher| {
            bencher.iter_batched(writer, write, BatchSize::PerIteration)
        });
    }
    group.finish();
    let _ = std::fs::remove_dir_all(&directory);
}

criterion_group!(benches, export);
criterion_main!(benches);
