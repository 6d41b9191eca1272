//! Simulated catalogues compared with the flux equation written out; their scatter and their
//! population.

use super::*;

fn options() -> Options {
    Options {
        lines: LINES.map(String::from).to_vec(),
        snr: None,
        noise: Noise::Gaussian,
        limits: None,
        seed: 3,
    }
}

/// F/F(Hβ) of one transition of the talk's lines, by the flux equation written out, with f_tau of
/// 7065 alone.
fn flux(set: &Set, label: &str, truth: &BTreeMap<&str, f64>) -> f64 {
    let index = set.list.position(label).unwrap();
    let line = &set.list.lines[index];
    let name = line.ion.to_string();
    let high = ["He1", "He2", "O3", "Ne3", "Ar4"].contains(&name.as_str());
    let (t, n) = (truth[if high { "T_high" } else { "T_low" }], truth["n_e"]);
    let abundance = match name.as_str() {
        "H1" => 1.0,
        ion if line.ion.is_metal() => 10_f64.powf(truth[ion] - 12.0),
        ion => truth[ion],
    };
    let emissivity = set.ln_ratio(index, t.log10(), n.log10()).0.exp();
    let reddening = 10_f64.powf(-truth["cHbeta"] * LAW.f_lambda(line.wavelength_air).unwrap());
    let held = n * (1.0 + (n / 300.0).powi(8)).powf(-0.125);
    let f_tau = match label {
        "He1_7065A" => {
            1.0 + 0.5 * truth["tau"] * (0.359 + (-3.46e-2 - 1.84e-4 * held + 3.039e-7 * held * held) * t * 1e-4)
        }
        _ => 1.0,
    };
    abundance * emissivity * reddening * f_tau
}

#[test]
fn fluxes_obey_the_equation_written_out() {
    let set = Set::built_in().unwrap();
    let simulator = Simulator::new(&set, &options(), Model::default()).unwrap();
    for place in 0..20 {
        let object = simulator.object(place, &Truth::Population).unwrap();
        let named = simulator
            .parameters
            .iter()
            .map(String::as_str)
            .zip(object.truth.iter().copied());
        let truth: BTreeMap<&str, f64> = named.collect();
        let fluxes = simulator.fluxes(&object.truth).unwrap();
        let lines = simulator.template.measurements.iter().zip(&fluxes);
        // The equation above has no f_tau of the other helium lines.
        let others = ["He1_4026A", "He1_4471A", "He1_5876A"];
        for (m, flux_of_model) in lines.filter(|(m, _)| !others.contains(&m.line.label.as_str())) {
            let members = m
                .line
                .members
                .iter()
                .map(|&member| set.list.lines[member].label.as_str());
            let expected: f64 = members.map(|label| flux(&set, label, &truth)).sum();
            assert!(
                (flux_of_model / expected - 1.0).abs() < 1e-12,
                "{}: {flux_of_model} {expected}",
                m.line.label
            );
        }
    }
}

#[test]
fn an_object_does_not_depend_on_those_made_before() {
    let set = Set::built_in().unwrap();
    let row =
        |simulator: &Simulator, place| simulator.catalogue_rows(&simulator.object(place, &Truth::Population).unwrap());
    let [first, second] = [(); 2].map(|()| Simulator::new(&set, &options(), Model::default()).unwrap());
    let alone = row(&first, 2);
    assert_ne!(row(&second, 1), alone);
    assert_eq!(row(&second, 2), alone);
}

#[test]
fn noise_has_the_stated_spread() {
    let set = Set::built_in().unwrap();
    let simulator = Simulator::new(&set, &options(), Model::default()).unwrap();
    let mut scores = Vec::new();
    for place in 0..200 {
        let object = simulator.object(place, &Truth::Population).unwrap();
        let exact = simulator.fluxes(&object.truth).unwrap();
        for (Measured { flux, sigma, .. }, exact) in object.fluxes.iter().zip(exact) {
            assert!((sigma - (0.02 * exact).hypot(0.001)).abs() < 1e-15);
            scores.push((flux - exact) / sigma);
        }
    }
    let n = scores.len() as f64;
    let mean = scores.iter().sum::<f64>() / n;
    let square = scores.iter().map(|z| z * z).sum::<f64>() / n;
    // Four standard errors.
    assert!(
        mean.abs() < 4.0 / n.sqrt() && (square - 1.0).abs() < 4.0 * (2.0 / n).sqrt(),
        "{mean} {square}"
    );
}

#[test]
fn the_population_is_the_stated_one() {
    let set = Set::built_in().unwrap();
    let simulator = Simulator::new(&set, &options(), Model::default()).unwrap();
    let place = |name: &str| simulator.parameters.iter().position(|p| p == name).unwrap();
    for object in (0..500).map(|k| simulator.object(k, &Truth::Population).unwrap()) {
        let of = |name: &str| object.truth[place(name)];
        assert!((9e3..18e3).contains(&of("T_low")) && (10.0..1e3).contains(&of("n_e")));
        assert!((0.0..0.5).contains(&of("cHbeta")) && (0.0..2.0).contains(&of("tau")));
        assert!((of("O3") - 8.05).abs() < 0.3 && (of("He1") / 0.085).log10().abs() < 0.3);
        let t_high = 1.0807 * of("T_low") - 846.0;
        assert!((of("T_high") / t_high - 1.0).abs() < 0.05 * 5.0);
    }
}

#[test]
fn lines_without_a_population_or_twice_are_refused() {
    let set = Set::built_in().unwrap();
    let with = |label: &str| {
        let mut options = options();
        options.lines.push(label.to_owned());
        Simulator::new(&set, &options, Model::default())
    };
    let chlorine = with("Cl3_5518A")
        .unwrap()
        .object(0, &Truth::Population)
        .unwrap_err()
        .to_string();
    assert!(
        chlorine.contains("Cl3_5518A") && chlorine.contains("--truth"),
        "{chlorine}"
    );
    assert!(with("O3_5008A").unwrap_err().to_string().contains("each line once"));
}

/// Truths have the moments of the priors, by closed forms: the coordinates of the sampler play no
/// part.
#[test]
fn truths_drawn_from_the_priors_have_their_moments() {
    let set = Set::built_in().unwrap();
    let wanted = [
        (
            "T_high",
            Prior::normal(14_000.0, 800.0).cut(5000.0, 25_000.0),
            14_000.0,
            800.0,
        ),
        (
            "cHbeta",
            Prior::half_normal(0.2),
            0.2 * 0.797_884_560_8,
            0.2 * 0.602_810_275_0,
        ),
        ("O3", Prior::normal(8.0, 0.2), 8.0, 0.2),
        (
            "He1",
            Prior::log_normal(0.0, 0.1, 0.08),
            0.08 * 0.005_f64.exp(),
            0.08 * 0.005_f64.exp() * 0.01_f64.exp_m1().sqrt(),
        ),
    ];
    let model = Model {
        priors: wanted
            .iter()
            .map(|(name, prior, ..)| ((*name).to_owned(), *prior))
            .collect(),
        ..Model::default()
    };
    let simulator = Simulator::new(&set, &options(), model).unwrap();
    let count = 2000;
    let objects: Vec<Simulated> = (0..count)
        .map(|place| simulator.object(place, &Truth::Prior).unwrap())
        .collect();
    for (name, _, mean, sd) in wanted {
        let at = simulator.parameters.iter().position(|p| p == name).unwrap();
        let found = objects.iter().map(|object| object.truth[at]).sum::<f64>() / count as f64;
        let square = objects
            .iter()
            .map(|object| (object.truth[at] - mean).powi(2))
            .sum::<f64>()
            / count as f64;
        // Four standard errors; for a variance, with the largest kurtosis of these families, 4.
        assert!(
            (found - mean).abs() < 4.0 * sd / (count as f64).sqrt(),
            "{name}: {found}"
        );
        assert!(
            (square / (sd * sd) - 1.0).abs() < 4.0 * (3.0 / count as f64).sqrt(),
            "{name}: {square}"
        );
    }
    // The fluxes are those of the truths.
    for object in objects.iter().take(5) {
        let again = simulator.fluxes(&object.truth).unwrap();
        let [_, predicted] = simulator.predicted(&Key::new(3, &object.id));
        for (a, b) in again.iter().zip(predicted) {
            assert!((a / b - 1.0).abs() < 1e-9, "{}: {a} {b}", object.id);
        }
    }
}

#[test]
fn noise_is_of_the_family_asked_for() {
    let key = |k: u32| Key::new(1, &k.to_string());
    let count = 4000;
    let mean = |f: &dyn Fn(u32) -> f64| (0..count).map(f).sum::<f64>() / f64::from(count);
    let log = |k| Noise::LogGaussian.measure(&key(k), "a", 2.0, [0.2, 0.1], None);
    let ln_sd = 1.1_f64.ln();
    let score = |k| (log(k).flux / 2.0).ln() / ln_sd;
    assert!(mean(&score).abs() < 4.0 / f64::from(count).sqrt());
    assert!((mean(&|k| score(k).powi(2)) - 1.0).abs() < 4.0 * (2.0 / f64::from(count)).sqrt());
    assert!((0..9).all(|k| (log(k).sigma / log(k).flux - 0.1).abs() < 1e-12));
    // P(|t| > 2) with five degrees of freedom, from tables.
    let far = |k| {
        f64::from(
            Noise::StudentT(None)
                .measure(&key(k), "a", 2.0, [0.2, 0.1], Some(5.0))
                .flux
                > 2.4,
        )
    };
    let p: f64 = 0.101_94 / 2.0;
    assert!(
        (mean(&far) - p).abs() < 4.0 * (p * (1.0 - p) / f64::from(count)).sqrt(),
        "{}",
        mean(&far)
    );
    // Off by more than five σ: nearly all outliers are, e^±z against 10 %.
    let off = |k| {
        let found = Noise::Outliers(0.2).measure(&key(k), "a", 2.0, [0.002, 0.001], None);
        f64::from(u8::from((found.flux - 2.0).abs() > 0.01))
    };
    assert!(
        (mean(&off) - 0.2).abs() < 4.0 * (0.16 / f64::from(count)).sqrt() + 0.002,
        "{}",
        mean(&off)
    );
    assert!(
        "outliers:0.6".parse::<Noise>().is_err() && "outliers:0.1".parse::<Noise>().unwrap() == Noise::Outliers(0.1)
    );
    let faint = Noise::Gaussian
        .measure(&key(0), "a", 0.1, [0.2, 2.0], None)
        .censored(3.0);
    assert!(faint.limit && (faint.flux - 0.6).abs() < 1e-12);
    assert!(
        "student-t:0".parse::<Noise>().is_err()
            && "student-t:3".parse::<Noise>().unwrap() == Noise::StudentT(Some(3.0))
    );
}
