//! Log densities with gradients a second, on the device that the first argument names and on one
//! core of the host.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

use nebulium::backend::gpu::{DensityKernel, Device};
use nebulium::emissivity::Set;
use nebulium::extinction::Law;
use nebulium::mode;
use nebulium::model::Evaluator;
use nebulium::problem::{Problem, Recipe, Settings};
use nebulium::table::{self, Entry};

/// Requests at once.
const COUNTS: [usize; 5] = [1, 64, 1024, 16_384, 65_536];
/// Each is timed for about so long [s].
const SECONDS: f64 = 2.0;

/// Runs `work` for `SECONDS` after one run to warm up; the mean time of a run [s].
fn time(mut work: impl FnMut()) -> f64 {
    work();
    let (start, mut runs) = (Instant::now(), 0);
    while start.elapsed().as_secs_f64() < SECONDS {
        work();
        runs += 1;
    }
    start.elapsed().as_secs_f64() / f64::from(runs)
}

fn main() {
    let set = Set::built_in().unwrap();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/shoc579.csv");
    let catalogue = table::read(&path, &set.list, &table::Settings::default()).unwrap();
    let recipe = Recipe::new(&Settings::default(), &BTreeMap::new(), &set, Law::G03Lmc).unwrap();
    let Entry::Fit(object) = &catalogue.entries[0] else {
        panic!("rejected")
    };
    let problem = Problem::new(&recipe, object).unwrap();
    let object = &problem.object;
    let (lines, terms, dimension) = (object.lines.len(), object.terms.len(), object.dimension());
    println!("{}: {lines} lines, {terms} terms, {dimension} parameters", problem.id);
    let mode = mode::find(&problem, &set.grid).unwrap();

    let mut evaluator = Evaluator::new(object, &set.grid);
    let mut grad = vec![0.0; dimension];
    let each = time(|| {
        black_box(evaluator.logdensity(&mode.position, &mut grad));
    });
    println!("one core, f64: {:.3e} /s", 1.0 / each);

    let name = std::env::args().skip(1).find(|argument| argument != "--bench");
    let device = Device::open(name.as_deref()).unwrap();
    let start = Instant::now();
    let mut kernel = DensityKernel::new(&device, &set.grid).unwrap();
    kernel.load(std::slice::from_ref(object)).unwrap();
    println!(
        "{}: kernel made in {:.2} s",
        device.info(),
        start.elapsed().as_secs_f64()
    );
    for count in COUNTS {
        let objects = vec![0; count];
        let positions = mode.position.repeat(count);
        let (mut values, mut grads) = (vec![0.0; count], vec![0.0; positions.len()]);
        let each = time(|| kernel.evaluate(&objects, &positions, &mut values, &mut grads).unwrap());
        println!(
            "{count:6} at once: {:9.1} µs, {:.3e} /s",
            1e6 * each,
            count as f64 / each
        );
    }
}
