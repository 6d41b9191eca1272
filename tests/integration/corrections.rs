//! What a setting adds to the model moves a flux by the amount that its formula gives by hand.

use nebulium::config::Config;
use nebulium::emissivity::Set;
use nebulium::extinction::Law;
use nebulium::model::Evaluator;
use nebulium::problem::Problem;

use crate::galaxies::{Fixture, objects};
use crate::program::{file, scratch};

const LINES: &str = "object,line,flux,flux_err\na,H1_4861A,1,0.01\na,H1_6563A,2.9,0.1\na,H1_4341A,0.47,0.01\na,O3_5007A,5,0.05\n\
                     a,O3_4363A,0.1,0.01\na,O2_3726A_m,1,0.02\na,O2_7325A_m,0.03,0.001\na,He1_5876A,0.1,0.002\na,He2_4686A,0.01,0.001\n\
                     a,N2_5755A,0.01,0.001\na,N2_6584A,0.3,0.01\n";
const T_LOW: f64 = 9000.0;
const T_HIGH: f64 = 12_000.0;
const C: f64 = 0.3;

/// Every parameter held: what is left is the model's flux.
const HELD: &str = "model.preset = \"plain\"\nextinction.law = \"CCM89\"\n[priors]\nT_low.fixed = 9000\nT_high.fixed = 12000\n\
                    log_ne.fixed = 2\ncHbeta.fixed = 0.3\ntau.fixed = 0\nHe1.fixed = 0.09\nHe2.fixed = 0.002\nO2.fixed = 7.6\n\
                    O3.fixed = 8.0\nN2.fixed = 6.5\n";

/// The model's fluxes under settings added to `HELD`, by label.
fn flux(name: &str, label: &str, settings: &str) -> f64 {
    let config: Config = toml::from_str(&format!("{settings}\n{HELD}")).expect("a configuration");
    let set: &Set = &Fixture::get().set;
    let recipe = config.recipe(set).expect("a recipe");
    let object = &objects(&format!("corrections_{name}.csv"), LINES)[0];
    let problem = Problem::new(&recipe, object).expect("a problem");
    assert_eq!(problem.object.dimension(), 0);
    let line = problem
        .lines
        .iter()
        .position(|line| line.label == label)
        .expect("a line");
    let mut evaluator = Evaluator::new(&problem.object, &set.grid);
    evaluator.at(&[]).flux(line)
}

/// 10^(−f c) of a line.
fn reddening(label: &str) -> f64 {
    let list = &Fixture::get().set.list;
    let wavelength = list.lines[list.position(label).expect("a line")].wavelength_air;
    let law = Law::from_name("CCM89", None).expect("a law");
    10_f64.powf(-C * law.f_lambda(wavelength).expect("in the optical"))
}

fn close(found: f64, expected: f64) {
    assert!((found / expected - 1.0).abs() < 1e-9, "{found} instead of {expected}");
}

/// Liu et al. (2000), eqs. 1 to 3, with the temperature of the parent's zone, reddened as the line
/// is.
#[test]
fn recombination_adds_what_its_formula_says() {
    let moved = |label: &str| flux("on", label, "model.recombination = true") - flux("off", label, "");
    let x = |metal: f64| 10_f64.powf(metal - 12.0);
    let (o2, o3, n2) = (x(7.6), x(8.0), x(6.5));
    let t: f64 = T_HIGH / 1e4;
    assert_ne!(T_LOW, T_HIGH);
    let n3 = n2 * o3 / o2;
    let o4 = (o2 + o3) * 0.002 / 0.09;
    let difference = |found: f64, expected: f64| {
        // The difference of two fluxes keeps the digits of the larger.
        assert!(
            (found - expected).abs() < 1e-6 * expected,
            "{found} instead of {expected}"
        );
    };
    difference(moved("N2_5755A"), 3.19 * t.powf(0.30) * n3 * reddening("N2_5755A"));
    difference(moved("O3_4363A"), 12.4 * t.powf(0.59) * o4 * reddening("O3_4363A"));
    let shares = [
        (66.9, "O2_7319A"),
        (199.3, "O2_7320A"),
        (110.7, "O2_7330A"),
        (104.4, "O2_7331A"),
    ];
    let sum: f64 = shares.iter().map(|(share, _)| share).sum();
    let four: f64 = shares.iter().map(|(share, at)| share / sum * reddening(at)).sum();
    difference(moved("O2_7325A_m"), 9.36 * t.powf(0.44) * o3 * four);
    assert_eq!(
        flux("other", "O3_5007A", "model.recombination = true"),
        flux("other_off", "O3_5007A", "")
    );
}

/// exp of the arm's parameter multiplies its lines and no other.
#[test]
fn a_calibration_multiplies_its_arm() {
    let arm = "calibration.red = { range = [6000, 10000], prior = { fixed = 0.05 } }";
    close(
        flux("arm", "H1_6563A", arm),
        flux("none", "H1_6563A", "") * 0.05_f64.exp(),
    );
    close(flux("arm_blue", "O3_5007A", arm), flux("none_blue", "O3_5007A", ""));
}

/// At another R_V the flux is that of the law with that R_V.
#[test]
fn rv_as_a_parameter_is_the_law_at_that_rv() {
    let fixed = flux("rv_law", "H1_6563A", "extinction.rv = 4.5");
    let held = HELD.replace("tau.fixed", "R_V.fixed = 4.5\ntau.fixed");
    let config: Config = toml::from_str(&held).expect("a configuration");
    let set = &Fixture::get().set;
    let problem = Problem::new(
        &config.recipe(set).expect("a recipe"),
        &objects("corrections_rv.csv", LINES)[0],
    );
    let problem = problem.expect("a problem");
    let line = problem
        .lines
        .iter()
        .position(|line| line.label == "H1_6563A")
        .expect("a line");
    close(Evaluator::new(&problem.object, &set.grid).at(&[]).flux(line), fixed);
}

/// log₁₀(ε/ε_Hβ) = k1 + k2/t + k3 log₁₀ t + log₁₀(1 + k4 n), by hand.
#[test]
fn four_coefficients_give_their_flux() {
    let rows = "line,k1,k2,k3,k4\nH1_6563A,0.46,-0.01,0,0\nH1_4341A,-0.33,0,0,0\nO3_5007A,5.2,-1.25,0.5,1e-5\nO3_4363A,4.7,-2.6,0.5,0\n\
                O2_3726A,4.6,-1.6,0,0\nO2_3729A,4.8,-1.6,0,-1e-6\nO2_7319A,3,-2.4,0,0\nO2_7320A,3,-2.4,0,0\nO2_7330A,3,-2.4,0,0\n\
                O2_7331A,3,-2.4,0,0\nHe1_5876A,0.12,0,-0.1,0\nHe2_4686A,1.08,0,-0.2,0\nN2_5755A,4.6,-2.2,0,0\nN2_6584A,4.9,-1,0,0\n";
    let path = file(&scratch("corrections_four"), "k.csv", rows);
    let found = flux(
        "four",
        "O3_5007A",
        &format!("model.four_coefficients = \"{}\"", path.display()),
    );
    let t: f64 = T_HIGH / 1e4;
    let e = 5.2 - 1.25 / t + 0.5 * t.log10() + (1.0 + 1e-5 * 100.0_f64).log10();
    close(found, 10_f64.powf(8.0 + e - 12.0) * reddening("O3_5007A"));
}

/// Collisions brighten Hα more than Hβ, by which all is divided, Hγ less, and [O III] not at all.
#[test]
fn collisions_excite_each_balmer_line() {
    let held = HELD.replace("tau.fixed", "xi.fixed = 30\ntau.fixed") + "[model]\ncollisional_excitation = true\n";
    let held = held.replace("model.preset = \"plain\"\n", "") + "preset = \"plain\"\n";
    let config: Config = toml::from_str(&held).expect("a configuration");
    let set = &Fixture::get().set;
    let problem = Problem::new(
        &config.recipe(set).expect("a recipe"),
        &objects("corrections_xi.csv", LINES)[0],
    );
    let problem = problem.expect("a problem");
    let mut evaluator = Evaluator::<f64>::new(&problem.object, &set.grid);
    evaluator.at(&[]);
    let ratio = |label: &str| {
        let line = problem
            .lines
            .iter()
            .position(|line| line.label == label)
            .expect("a line");
        evaluator.flux(line) / flux("xi_off", label, "")
    };
    let [alpha, gamma, oxygen] = ["H1_6563A", "H1_4341A", "O3_5007A"].map(ratio);
    assert!(alpha > 1.0 && 1.0 > gamma && gamma > oxygen, "{alpha} {gamma} {oxygen}");
}
