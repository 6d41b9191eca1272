//! Importance sampling against ArviZ, quadrature, an independent program's evidence, and the
//! chains.

use nebulium::extinction::Law;
use nebulium::importance::{self, Estimate, smooth};
use nebulium::metric::Metric;
use nebulium::mode;
use nebulium::model::Evaluator;
use nebulium::problem::{Normalisation, Preset, Prior, Problem, Recipe};
use nebulium::rng::Key;
use nebulium::table::{self, Entry};
use serde_json::Value;

use crate::galaxies::{Fixture, settings};

/// Both sides do some 10³ f64 operations on the same weights.
const TOLERANCE: f64 = 1e-9;

fn numbers(value: &Value) -> Vec<f64> {
    let items = value.as_array().expect("a list");
    items.iter().map(|v| v.as_f64().expect("a number")).collect()
}

#[test]
fn smoothed_weights_agree_with_arviz() {
    let fixture: Value = serde_json::from_str(include_str!("../fixtures/psis.json")).expect("JSON");
    let cases = fixture["cases"].as_array().expect("cases");
    assert!(cases.len() >= 11);
    for case in cases {
        let mut weights = numbers(&case["log_weights"]);
        let shape = smooth(&mut weights);
        match case["k_hat"].as_f64() {
            Some(expected) => assert!((shape - expected).abs() < TOLERANCE, "{}: {shape}", case["name"]),
            None => assert!(!shape.is_finite(), "{}: {shape}", case["name"]),
        }
        let largest = weights.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let sum = weights.iter().map(|w| (w - largest).exp()).sum::<f64>().ln() + largest;
        for (found, expected) in weights.iter().zip(numbers(&case["smoothed"])) {
            let apart = (found - sum - expected).abs();
            assert!(apart < TOLERANCE * expected.abs().max(1.0), "{}: {found}", case["name"]);
        }
    }
}

const LN_2_PI: f64 = 1.837_877_066_409_345_3;

/// Importance sampling of a problem from its mode, means of its parameters.
fn weigh(problem: &Problem, draws: usize) -> Estimate {
    let grid = &Fixture::get().set.grid;
    let mode = mode::find(problem, grid).expect("a mode");
    let laplace = Metric::from_precision(&mode.position, &mode.hessian).expect("positive definite");
    let mut evaluator = Evaluator::new(&problem.object, grid);
    let mut grad = vec![0.0; problem.object.dimension()];
    let (names, key) = (problem.coordinate_names(), Key::new(9, &problem.id));
    let target = |position: &[f64], values: &mut [f64]| {
        let logdensity = evaluator.logdensity(position, &mut grad);
        problem.physical(&mut evaluator, position, values);
        logdensity
    };
    let quantities = problem.parameters.len();
    let target = importance::one_by_one(quantities, target);
    importance::estimate(&laplace, &names, &key, draws, quantities, target).expect("finite densities")
}

/// ln of a Gaussian's density.
fn ln_normal(x: f64, mean: f64, sd: f64) -> f64 {
    -0.5 * (((x - mean) / sd).powi(2) + LN_2_PI) - sd.ln()
}

/// Cells of the quadrature along each axis: the midpoint rule, with steps of a fifth to a third of
/// a standard deviation over ranges beyond which nothing is left.
const CELLS: [(i32, f64, f64); 3] = [(80, 8000.0, 22_000.0), (80, 7.3, 8.9), (80, 0.0, 0.6)];

/// A nebula of T_high, O²⁺ and cHbeta, its evidence and means by quadrature in those physical
/// units, with priors and likelihood written out: what coordinates, Jacobians and constants of the
/// program must come to.
#[test]
fn a_small_nebula_has_the_evidence_of_quadrature() {
    let set = &Fixture::get().set;
    let text =
        "object,line,flux,flux_err\na,H1_4861A,1,0.01\na,H1_6563A,3.2,0.1\na,O3_5007A,5,0.2\na,O3_4363A,0.08,0.008\n";
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("quadrature.csv");
    std::fs::write(&path, text).expect("a writable target directory");
    let mut catalogue = table::read(&path, &set.list, &table::Settings::default()).expect("readable");
    let Entry::Fit(object) = catalogue.entries.remove(0) else {
        panic!("rejected")
    };
    let law = Law::from_name("CCM89", None).expect("a known law");
    let fixed = [("T_low", 12_000.0), ("n_e", 200.0)].map(|(name, value)| (name.to_owned(), Prior::fixed(value)));
    let recipe = Recipe::new(
        &settings(Preset::Plain, Some(Normalisation::Ratio)),
        &fixed.into(),
        set,
        law.clone(),
    );
    let problem = Problem::new(&recipe.expect("sound settings"), &object).expect("a problem");
    assert_eq!(problem.coordinate_names().len(), 3);
    let found = weigh(&problem, 20_000);

    let lines: Vec<(usize, f64, f64, f64)> = [
        ("H1_6563A", 3.2, 0.1),
        ("O3_5007A", 5.0, 0.2),
        ("O3_4363A", 0.08, 0.008),
    ]
    .map(|(label, flux, sigma)| {
        let line = set.list.position(label).expect("a line");
        let f_lambda = law
            .f_lambda(set.list.lines[line].wavelength_air)
            .expect("inside the law");
        (line, f_lambda, flux, sigma)
    })
    .to_vec();
    // Prior mass of Normal(15000, 5000) inside 5000–25000 K, ±2 sd.
    let mass = 0.954_499_736_103_641_6_f64;
    let density = |t: f64, oxygen: f64, c: f64| {
        let prior = ln_normal(t, 15_000.0, 5000.0) - mass.ln() + ln_normal(oxygen, 5.0, 5.0) + ln_normal(c, 0.0, 1.0);
        let likelihood = lines.iter().enumerate().map(|(place, &(line, f_lambda, flux, sigma))| {
            let (t, abundance) = if place == 0 {
                (12_000.0, 1.0)
            } else {
                (t, 10_f64.powf(oxygen - 12.0))
            };
            let emissivity = set.ln_ratio(line, f64::log10(t), f64::log10(200.0)).0.exp();
            ln_normal(flux, abundance * emissivity * 10_f64.powf(-c * f_lambda), sigma)
        });
        prior + std::f64::consts::LN_2 + likelihood.sum::<f64>()
    };
    let node = |axis: usize, k: i32| {
        let (cells, low, high) = CELLS[axis];
        low + (high - low) * (f64::from(k) + 0.5) / f64::from(cells)
    };
    let (mut sum, mut means) = (0.0, [0.0; 3]);
    for i in 0..CELLS[0].0 {
        for (j, k) in (0..CELLS[1].0).flat_map(|j| (0..CELLS[2].0).map(move |k| (j, k))) {
            let at = [node(0, i), node(1, j), node(2, k)];
            let weight = density(at[0], at[1], at[2]).exp();
            sum += weight;
            means.iter_mut().zip(at).for_each(|(mean, x)| *mean += weight * x);
        }
    }
    let cell: f64 = CELLS
        .iter()
        .map(|(cells, low, high)| (high - low) / f64::from(*cells))
        .product();
    let exact = (sum * cell).ln();
    assert!(
        (found.ln_evidence - exact).abs() < 4.0 * found.ln_evidence_se,
        "{exact} {found:?}"
    );
    for (name, mean) in ["T_high", "O3", "cHbeta"].into_iter().zip(means) {
        let [estimate, error] = found.means[problem.parameter_index(name).expect("a parameter")];
        assert!(
            (estimate - mean / sum).abs() < 4.0 * error,
            "{name}: {estimate} ± {error}, {}",
            mean / sum
        );
    }
}

/// ln P(y) against an independent program, whose density leaves out constants (those of the
/// likelihood among them): without the constants here, galaxies differ from it by one number alone.
/// It states no error; effective sizes as here make that 0.03, and its emissivities are another
/// interpolation of the same data.
#[test]
fn evidence_differs_from_an_independent_programs_by_one_constant() {
    const ERROR: f64 = 0.03;
    let problems = Fixture::get().problems(&settings(Preset::Plain, Some(Normalisation::Ratio)));
    let rows = include_str!("../fixtures/reference_evidence.csv").lines();
    let mut apart = Vec::new();
    for row in rows.filter(|row| !row.starts_with('#')).skip(1) {
        let cells: Vec<&str> = row.split(',').collect();
        let problem = problems.iter().find(|p| p.id == cells[0]).expect("a shipped galaxy");
        let found = weigh(problem, 10_000);
        let theirs: f64 = cells[1].parse().expect("a number");
        assert!(found.usable, "{}: {found:?}", problem.id);
        apart.push((
            found.ln_evidence - problem.object.header.constant - theirs,
            found.ln_evidence_se,
        ));
    }
    let mean = apart.iter().map(|(apart, _)| apart).sum::<f64>() / apart.len() as f64;
    assert_eq!(apart.len(), 8);
    for (apart, error) in &apart {
        assert!((apart - mean).abs() < 4.0 * error.hypot(ERROR), "{apart} {mean}");
    }
}
