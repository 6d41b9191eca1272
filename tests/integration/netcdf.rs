//! `posterior.nc` and what is predicted in it; `tests/python/open_results.py` opens it with ArviZ.

use std::collections::BTreeMap;

use nebulium::extinction::Law;
use nebulium::predict;
use nebulium::problem::{Preset, Problem, Recipe, Settings};
use nebulium::rng::Key;
use nebulium::table::Entry;

use crate::fit::read;
use crate::galaxies::Fixture;
use crate::program::{entries, mixed_catalogue, nebulium, scratch};

const SHORT: &str = "fit --quiet --preset plain --chains 2 --warmup 30 --draws 40";

#[test]
fn one_object_has_a_file_for_arviz() {
    let directory = scratch("netcdf");
    let catalogue = mixed_catalogue(&directory);
    let run = |name: &str, more: &str| {
        let out = directory.join(name);
        let run = nebulium(&format!("{SHORT} {more} --out"), &[&out, &catalogue]);
        (run.code, run.err, out.join("posterior.nc"))
    };
    let (code, err, path) = run("none", "");
    assert!(code == 0 && !path.exists(), "{err}");
    let (code, err, path) = run("last", "--netcdf last");
    assert_eq!(code, 0, "{err}");
    let bytes = std::fs::read(&path).unwrap();
    assert_eq!(&bytes[..8], b"\x89HDF\r\n\x1a\n");
    let (code, err, _) = run("unknown", "--netcdf nobody");
    assert!(code == 2 && err.contains("nobody") && err.contains("4 names"), "{err}");
    assert!(!directory.join("unknown").exists());
    // A rejected object has no posterior, and an older one does not stay.
    let (code, err, path) = run("last", "--netcdf wrong --force");
    assert!(code == 0 && !path.exists(), "{err}");
    let manifest = std::fs::read_to_string(directory.join("last/manifest.json")).unwrap();
    assert!(!manifest.contains("posterior.nc"));
    let out = directory.join("alone");
    let alone = nebulium(&format!("{SHORT} data/shoc579.csv --out"), &[&out]);
    assert!(
        alone.code == 0 && entries(&out).contains(&"posterior.nc".to_owned()),
        "{}",
        alone.err
    );
    let kept = |more: &str| {
        let line = format!("{SHORT} data/shoc579.csv --force --keep-draws none {more} --out");
        assert_eq!(nebulium(&line, &[&out]).code, 0);
        entries(&out).contains(&"posterior.nc".to_owned())
    };
    assert!(!kept("") && kept("--netcdf SHOC579"));
}

fn talk(preset: Preset) -> Problem {
    let settings = Settings {
        preset,
        ..Settings::default()
    };
    let law = Law::from_name("G03-LMC", None).unwrap();
    let recipe = Recipe::new(&settings, &BTreeMap::new(), &Fixture::get().set, law).unwrap();
    match read("tests/fixtures/talk_fluxes.csv").entries.remove(0) {
        Entry::Fit(object) => Problem::new(&recipe, &object).unwrap(),
        Entry::Rejected { .. } => panic!("the talk's galaxy is sound"),
    }
}

fn moments(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    (
        mean,
        (values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt(),
    )
}

/// The priors of the talk: ln y⁺ ~ Normal(ln 0.01, 1), metals Normal(5, 5), T Normal(15000, 5000)
/// cut to 5000–25000 K.
#[test]
fn priors_are_drawn_as_they_are_written() {
    const DRAWS: usize = 4000;
    let problem = talk(Preset::Talk);
    let values = predict::prior(&problem, &Fixture::get().set.grid, &Key::new(3, "talk"), DRAWS);
    let column = |name: &str| {
        let place = problem.parameter_index(name).unwrap();
        values
            .iter()
            .skip(place)
            .step_by(problem.parameters.len())
            .copied()
            .collect::<Vec<_>>()
    };
    // Four standard errors of mean and standard deviation.
    let close = |values: &[f64], mean: f64, sd: f64| {
        let (found, spread) = moments(values);
        let error = sd / (DRAWS as f64).sqrt();
        assert!(
            (found - mean).abs() < 4.0 * error && (spread - sd).abs() < 4.0 * error,
            "{found} {spread}: {mean} {sd}"
        );
    };
    close(&column("O3"), 5.0, 5.0);
    close(
        &column("He1").iter().map(|y| y.ln()).collect::<Vec<_>>(),
        0.01_f64.ln(),
        1.0,
    );
    close(&column("cHbeta").iter().map(|c| c.ln()).collect::<Vec<_>>(), 0.0, 1.0);
    // Normal(0, 1) cut at ±2 has the variance 1 − 4 φ(2)/(2 Φ(2) − 1) = 0.77374.
    close(&column("T_high"), 15_000.0, 5000.0 * 0.773_74_f64.sqrt());
    assert!(column("T_low").iter().all(|t| (5000.0..=25_000.0).contains(t)));
}

/// At one position repeated, the predicted fluxes scatter around the model's by the standard
/// deviations of the likelihood.
#[test]
fn predicted_fluxes_have_the_noise_of_the_likelihood() {
    const DRAWS: usize = 4000;
    let problem = talk(Preset::Plain);
    let grid = &Fixture::get().set.grid;
    let mode = nebulium::mode::find(&problem, grid).unwrap();
    let fluxes = predict::fluxes(&problem, grid, &Key::new(3, "talk"), &mode.position.repeat(DRAWS));
    let mut evaluator = nebulium::model::Evaluator::new(&problem.object, grid);
    evaluator.at(&mode.position);
    for (l, line) in problem.lines.iter().enumerate() {
        let of_line: Vec<f64> = fluxes.iter().skip(l).step_by(problem.lines.len()).copied().collect();
        let (mean, sd) = moments(&of_line);
        let error = line.sigma / (DRAWS as f64).sqrt();
        assert!((mean - evaluator.flux(l)).abs() < 5.0 * error, "{}", line.label);
        assert!((sd - line.sigma).abs() < 5.0 * error, "{}", line.label);
    }
}
