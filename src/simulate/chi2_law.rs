//! The p-value of χ² is uniform over truths from the priors of the fit.

use super::*;
use crate::mode;
use crate::summary::Chi2;

/// Galaxies of a case.
const GALAXIES: usize = 150;
/// Standard deviations within which counts and means must be: 99.9 % of them are.
const BAND: f64 = 3.3;

/// Prior of a class of galaxies, as `[priors]` has it.
fn priors(temperature_sd: f64) -> BTreeMap<String, Prior> {
    let mut priors = BTreeMap::new();
    let mut normal = |name: &str, mean: f64, sd: f64, range: [f64; 2]| {
        let [lower, upper] = range.map(Some);
        let prior = Prior {
            lower,
            upper,
            ..Prior::normal(mean, sd)
        };
        priors.insert(name.to_owned(), prior);
    };
    normal("T_low", 13_000.0, temperature_sd, [7000.0, 22_000.0]);
    normal("T_high", 14_000.0, temperature_sd, [7000.0, 22_000.0]);
    normal("log_ne", 2.3, 0.4, [0.0, 4.0]);
    for (ion, mean) in [
        ("N2", 6.2),
        ("O2", 7.8),
        ("O3", 8.05),
        ("Ne3", 7.2),
        ("S2", 5.6),
        ("S3", 6.4),
        ("Ar3", 5.8),
        ("Ar4", 5.4),
    ] {
        normal(ion, mean, 0.2, [0.0, 12.0]);
    }
    priors
}

/// p of galaxies at their modes, with truths from the priors and Gaussian noise.
fn p_values(temperature_sd: f64) -> Vec<f64> {
    let set = Set::built_in().expect("the built-in set");
    let mut model = Model {
        priors: priors(temperature_sd),
        ..Model::default()
    };
    model.settings.error_floor = 0.0;
    let options = Options {
        lines: LINES.map(String::from).to_vec(),
        snr: None,
        noise: Noise::Gaussian,
        limits: None,
        seed: 11,
    };
    let simulator = Simulator::new(&set, &options, model.clone()).expect("a simulator");
    let recipe = model.recipe(&model.priors, &set).expect("a recipe");
    let p = |place: usize| {
        let simulated = simulator.object(place, &Truth::Prior).expect("a galaxy");
        let mut object = simulator.template.clone();
        for (measurement, found) in object.measurements.iter_mut().zip(&simulated.fluxes) {
            (measurement.flux, measurement.flux_err) = (found.flux, found.sigma);
        }
        let problem = Problem::new(&recipe, &object).expect("a problem");
        let mode = mode::find(&problem, &set.grid).expect("a mode");
        Chi2::at_mode(&problem, &set, &mode)[1]
    };
    (0..GALAXIES).map(p).collect()
}

/// Counts below 0.1 and 0.5 and the mean within `BAND` of what a uniform p has.
#[track_caller]
fn is_uniform(found: &[f64]) {
    let n = found.len() as f64;
    for level in [0.1, 0.5] {
        let count = found.iter().filter(|&&p| p < level).count() as f64;
        let sd = (n * level * (1.0 - level)).sqrt();
        assert!((count - n * level).abs() < BAND * sd, "{count} of {n} below {level}");
    }
    let mean = found.iter().sum::<f64>() / n;
    assert!((mean - 0.5).abs() < BAND * (1.0 / (12.0 * n)).sqrt(), "mean {mean}");
}

#[test]
fn p_is_uniform_where_lines_determine_all_parameters() {
    is_uniform(&p_values(1500.0));
}

#[test]
fn p_is_uniform_where_priors_hold_the_temperatures() {
    is_uniform(&p_values(120.0));
}
