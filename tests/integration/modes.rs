//! Posteriors with several modes: the weights of the modes against a grid, and chains that cross.

use std::sync::atomic::AtomicBool;

use nebulium::backend::cpu::Cpu;
use nebulium::config::Config;
use nebulium::diagnostics::diagnose;
use nebulium::fit::{self, Options, Outcome, Plan};
use nebulium::flag::Code;
use nebulium::metric::{Metric, Mixture};
use nebulium::mode;
use nebulium::model::Evaluator;
use nebulium::nuts::{ObjectSampler, Sampled};
use nebulium::problem::Problem;
use nebulium::rng::Key;
use nebulium::summary::Status;

use crate::fit::options;
use crate::galaxies::{Fixture, catalogue, objects};
use crate::targets::{coordinate, four_chains};

/// Combined Monte Carlo errors that a weight may be off, and the least bound.
const ERRORS: f64 = 3.0;
const WEIGHT: f64 = 0.03;
/// Least effective sample size of the indicator of a mode.
const MODE_ESS: f64 = 100.0;

/// Two Gaussians in a plane, N(0, 1) of weight 0.7 and N((20, 5), ¼) of weight 0.3.
fn two_modes(x: &[f64], grad: &mut [f64]) -> f64 {
    let near = 0.7 * (-0.5 * (x[0] * x[0] + x[1] * x[1])).exp();
    let (a, b) = (x[0] - 20.0, x[1] - 5.0);
    let far = 0.3 * 4.0 * (-2.0 * (a * a + b * b)).exp();
    let sum = near + far;
    grad[0] = -(near * x[0] + 4.0 * far * a) / sum;
    grad[1] = -(near * x[1] + 4.0 * far * b) / sum;
    sum.ln()
}

fn sample_two_modes(seed: u64, knows_modes: bool) -> Sampled {
    let map = |centre: [f64; 2], variance: f64| {
        Metric::from_covariance(&centre, &[variance, 0.0, 0.0, variance]).expect("positive definite")
    };
    let (near, far) = (map([0.0; 2], 1.0), map([20.0, 5.0], 0.25));
    let starts: Vec<Vec<f64>> = (0..4)
        .map(|chain| vec![20.0 * f64::from(chain % 2), 5.0 * f64::from(chain % 2)])
        .collect();
    let sampler = ObjectSampler::new(
        &starts,
        near.clone(),
        &["a", "b"],
        Key::new(seed, "two modes"),
        four_chains(),
    );
    let sampler = match knows_modes {
        true => sampler.among(Mixture::new(vec![(0.5, near), (0.5, far)])),
        false => sampler,
    };
    sampler.run(two_modes)
}

#[test]
fn chains_cross_between_two_modes_and_have_their_weights() {
    let sampled = sample_two_modes(2, true);
    let is_far: Vec<f64> = coordinate(&sampled, 0)
        .iter()
        .map(|&x| f64::from(u8::from(x > 10.0)))
        .collect();
    let found = diagnose(&is_far, 4);
    let weight = is_far.iter().sum::<f64>() / is_far.len() as f64;
    assert!(found.ess_bulk > 1000.0 && found.r_hat < 1.01, "{found:?}");
    assert!((weight - 0.3).abs() < 4.0 * found.mcse_mean, "{weight}: {found:?}");
    // Within a mode the chains are as good as in one mode: squares of the near one are χ².
    let near = sampled.positions.chunks_exact(2).filter(|x| x[0] < 10.0);
    let squares: Vec<f64> = near.map(|x| x[0] * x[0] + x[1] * x[1]).collect();
    let mean = squares.iter().sum::<f64>() / squares.len() as f64;
    assert!((mean - 2.0).abs() < 0.2, "{mean}");
    // Trajectories stay as short as in one mode: draws of both modes give the metric of one.
    assert!(sampled.n_gradients / sampled.stats.len() as u64 <= 12);
}

#[test]
fn chains_that_know_one_mode_do_not_cross_and_r_hat_sees_it() {
    let found = diagnose(&coordinate(&sample_two_modes(2, false), 0), 4);
    assert!(found.r_hat > 1.5, "{found:?}");
}

/// The only object of a text under a configuration.
fn problem(name: &str, text: &str, toml: &str) -> Problem {
    let config: Config = toml::from_str(toml).expect("a configuration");
    let recipe = config.recipe(&Fixture::get().set).expect("a recipe");
    Problem::new(&recipe, &objects(name, text)[0]).expect("a problem")
}

/// The fit of the only object of a text under a configuration.
fn fitted(name: &str, text: &str, toml: &str) -> Outcome {
    let config: Config = toml::from_str(toml).expect("a configuration");
    let recipe = config.recipe(&Fixture::get().set).expect("a recipe");
    let mut outcomes = Vec::new();
    let mut sink = |outcome| {
        outcomes.push(outcome);
        Ok(())
    };
    let with_check = Options {
        importance: 2500,
        ..options(1000)
    };
    let plan = Plan::new(catalogue(name, text), &recipe);
    fit::run(plan, &mut Cpu, &with_check, &mut sink, &AtomicBool::new(false)).expect("a fit");
    outcomes.remove(0)
}

/// Mass above `split` of the parameter `name` by a grid in its coordinate, from `range[0]` to
/// `range[1]`. All other free coordinates must be independent of each other where that one is
/// given: the integral over them is a product of integrals by the trapezium rule.
fn mass_above(problem: &Problem, name: &str, split: f64, range: [f64; 2]) -> f64 {
    const POINTS: usize = 600;
    let grid = &Fixture::get().set.grid;
    let index = problem.parameter_index(name).expect("the parameter");
    let along = problem.parameters[index].coordinate.expect("a free parameter");
    let mut evaluator = Evaluator::new(&problem.object, grid);
    let mut position = mode::find(problem, grid).expect("a mode").position;
    let mut values = vec![0.0; problem.parameters.len()];
    let mut masses: Vec<(bool, f64)> = Vec::new();
    for k in 0..POINTS {
        position[along] = range[0] + (range[1] - range[0]) * (k as f64 + 0.5) / POINTS as f64;
        let ln_mass = ln_integral(&mut evaluator, &mut position, along);
        problem.physical(&mut evaluator, &position, &mut values);
        masses.push((values[index] > split, ln_mass));
    }
    let largest = masses.iter().map(|(_, ln)| *ln).fold(f64::NEG_INFINITY, f64::max);
    let sum = |above: bool| -> f64 {
        let found = masses.iter().filter(|(is_above, _)| *is_above || !above);
        found.map(|(_, ln)| (ln - largest).exp()).sum()
    };
    sum(true) / sum(false)
}

/// ln of the integral over all coordinates but `along`; moves the others to their best points.
fn ln_integral(evaluator: &mut Evaluator<'_, f64>, position: &mut [f64], along: usize) -> f64 {
    const STEP: f64 = 0.01;
    let mut grad = vec![0.0; position.len()];
    let mut sum = 0.0;
    for coordinate in (0..position.len()).filter(|&coordinate| coordinate != along) {
        let middle = position[coordinate];
        let values: Vec<(f64, f64)> = (-150..=150)
            .map(|k| {
                position[coordinate] = middle + STEP * f64::from(k);
                (evaluator.logdensity(position, &mut grad), position[coordinate])
            })
            .collect();
        let (best, at) = values
            .iter()
            .copied()
            .max_by(|a, b| a.0.total_cmp(&b.0))
            .expect("points");
        sum += (values.iter().map(|(value, _)| (value - best).exp()).sum::<f64>() * STEP).ln();
        position[coordinate] = at;
    }
    sum + evaluator.logdensity(position, &mut grad)
}

/// Holds the weight of the draws above `split` to the grid's.
fn assert_weight(outcome: &Outcome, name: &str, split: f64, expected: f64) {
    let fitted = outcome.fitted.as_ref().expect("a sampled object");
    let column = fitted
        .draws
        .names
        .iter()
        .position(|known| known == name)
        .expect("the parameter");
    let is_above: Vec<f64> = fitted.draws.columns()[column]
        .iter()
        .map(|&value| f64::from(u8::from(value > split)))
        .collect();
    let found = diagnose(&is_above, fitted.draws.chains);
    let weight = is_above.iter().sum::<f64>() / is_above.len() as f64;
    assert!(found.ess_bulk >= MODE_ESS, "{found:?}");
    assert!(
        (weight - expected).abs() < WEIGHT.max(ERRORS * found.mcse_mean),
        "{weight} ± {} for {expected}",
        found.mcse_mean
    );
    assert!(outcome.status != Status::Fail, "{:?}", outcome.flags);
}

/// C III] says n_e = 3·10⁴ cm⁻³, a prior N(2, 1) of log n_e a hundred. With both temperatures given
/// 69 % of the mass is dense. The low-S/N coordinate of the density has no valley between the two.
#[test]
fn a_dense_and_a_thin_answer_have_the_weights_of_a_grid() {
    let toml = "[model]\npreset = \"plain\"\nnormalisation = \"ratio\"\n[priors]\n\
                log_ne = { family = \"Normal\", mean = 2, sd = 1 }\nT_low = { fixed = 14000 }\n\
                T_high = { fixed = 16000 }\ncHbeta = { fixed = 0.2 }\n";
    let text = include_str!("../fixtures/physics/c3_only_density_0.1.csv");
    let problem = problem("modes_dense.csv", text, toml);
    let expected = mass_above(&problem, "n_e", 3000.0, [-12.0, 48.0]);
    assert!((expected - 0.691).abs() < 0.01, "{expected}");
    assert_weight(&fitted("modes_dense.csv", text, toml), "n_e", 3000.0, expected);
}

/// [O III] 4959 and 5007 have one upper level: with 5007 twice too bright either line may be the
/// wrong one. At conditions that are given, O²⁺ has two answers.
#[test]
fn a_doublet_with_a_wrong_line_has_two_answers_with_the_weights_of_a_grid() {
    let toml = "likelihood.kind = \"student-t\"\n[model]\npreset = \"plain\"\nnormalisation = \"ratio\"\n\
                [priors]\nlog_ne = { fixed = 2 }\nT_low = { fixed = 12000 }\nT_high = { fixed = 12000 }\n\
                cHbeta = { fixed = 0.2 }\n";
    let text = "object,line,flux,flux_err\na,H1_4861A,1,0.03\na,O3_4959A,1.6988894,0.0517305\n\
                a,O3_5007A,10.149566,0.310262\n";
    let problem = problem("modes_doublet.csv", text, toml);
    let middle = 8.15;
    let expected = mass_above(&problem, "O3", middle, [0.0, 4.0]);
    assert!((expected - 0.0345).abs() < 0.001, "{expected}");
    let outcome = fitted("modes_doublet.csv", text, toml);
    assert_weight(&outcome, "O3", middle, expected);
    assert!(outcome.flags.iter().any(|flag| flag.code == Code::SeveralModes));
}
