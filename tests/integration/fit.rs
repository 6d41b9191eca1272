//! Whole fits against known truths, an independent program's posteriors and published values.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use nebulium::abundance;
use nebulium::abundance::Oxygen;
use nebulium::backend::Backend;
use nebulium::backend::cpu::{Cpu, CpuF32};
use nebulium::extinction::Law;
use nebulium::fit::{self, Options, Outcome, Plan};
use nebulium::nuts;
use nebulium::problem::{Normalisation, Preset, Recipe, Settings};
use nebulium::summary::{ParameterSummary, Status, Summary};
use nebulium::table::{self, Catalogue, Entry, Object};

use crate::galaxies::{Fixture, settings};
use crate::gpu::agree;
use crate::targets::four_chains;

pub fn read(path: &str) -> Catalogue {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    table::read(&path, &Fixture::get().set.list, &table::Settings::default()).expect("a readable catalogue")
}

pub fn options(draws: usize) -> Options {
    let sampler = nuts::Settings { draws, ..four_chains() };
    Options {
        sampler,
        seed: 20,
        looks: 1,
        growth: fit::GROWTH,
        importance: 0,
        abundances: abundance::Settings::default(),
    }
}

fn run(catalogue: Catalogue, settings: &Settings, law: &str, options: &Options) -> Vec<Outcome> {
    run_on(&mut Cpu, catalogue, settings, law, options)
}

pub fn run_on(
    backend: &mut dyn Backend,
    catalogue: Catalogue,
    settings: &Settings,
    law: &str,
    options: &Options,
) -> Vec<Outcome> {
    let law = Law::from_name(law, None).expect("a known law");
    let recipe = Recipe::new(settings, &BTreeMap::new(), &Fixture::get().set, law).expect("sound settings");
    let mut outcomes = Vec::new();
    let mut sink = |outcome| {
        outcomes.push(outcome);
        Ok(())
    };
    fit::run(
        Plan::new(catalogue, &recipe),
        backend,
        options,
        &mut sink,
        &AtomicBool::new(false),
    )
    .expect("a fit");
    outcomes
}

fn parameter<'a>(outcome: &'a Outcome, name: &str) -> &'a ParameterSummary {
    let summary = &outcome.fitted.as_ref().expect("a sampled object").summary;
    summary
        .parameters
        .iter()
        .find(|p| p.name == name)
        .unwrap_or_else(|| panic!("{} has no {name}", outcome.id))
}

/// A small table of numbers by row: the fields of each line that is no comment, header left out.
fn rows(text: &str) -> Vec<Vec<String>> {
    let lines = text.lines().filter(|line| !line.starts_with('#')).skip(1);
    lines.map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

/// Truth and Fisher standard deviation (with the weak priors of `plain`) of the talk's galaxy.
const TALK: [(&str, f64, f64); 14] = [
    ("T_low", 15_590.0, 295.0),
    ("T_high", 16_000.0, 194.0),
    ("n_e", 500.0, 69.0),
    ("cHbeta", 0.1, 0.0165),
    ("tau", 1.0, 0.285),
    ("He1", 0.085, 0.00118),
    ("He2", 0.000_88, 1.8e-5),
    ("N2", 5.84, 0.0196),
    ("O2", 7.80, 0.0381),
    ("O3", 8.05, 0.0169),
    ("S2", 5.48, 0.0206),
    ("S3", 6.36, 0.0221),
    ("Ar3", 5.72, 0.0202),
    ("Ar4", 5.06, 0.0156),
];

#[test]
fn the_talks_truth_is_found() {
    let plain = settings(Preset::Plain, Some(Normalisation::Ratio));
    let outcomes = run(
        read("tests/fixtures/talk_fluxes.csv"),
        &plain,
        "G03-LMC",
        &options(1500),
    );
    for (name, truth, sd) in TALK {
        let found = parameter(&outcomes[0], name);
        let allowed = if matches!(name, "tau" | "He1") { 0.6 } else { 0.3 };
        assert!(
            (found.mean - truth).abs() < allowed * found.sd,
            "{name}: {} ± {}",
            found.mean,
            found.sd
        );
        let allowed = if name == "tau" { 0.35 } else { 0.15 };
        assert!(
            (found.sd / sd - 1.0).abs() < allowed,
            "{name}: sd {} instead of {sd}",
            found.sd
        );
    }
    let draws = &outcomes[0].fitted.as_ref().expect("sampled").draws;
    for (a, b, correlation) in [
        ("T_high", "O3", -0.95),
        ("T_low", "N2", -0.92),
        ("N2", "S3", 0.92),
        ("T_low", "O2", -0.91),
    ] {
        let column = |name: &str| draws.parameter(draws.position(name).expect("a parameter"));
        let found = correlate(&column(a), &column(b));
        assert!((found - correlation).abs() < 0.05, "{a}–{b}: {found}");
    }
}

fn correlate(a: &[f64], b: &[f64]) -> f64 {
    let n = a.len() as f64;
    let (ma, mb) = (a.iter().sum::<f64>() / n, b.iter().sum::<f64>() / n);
    let sum = |x: &[f64], mx: f64, y: &[f64], my: f64| x.iter().zip(y).map(|(x, y)| (x - mx) * (y - my)).sum::<f64>();
    sum(a, ma, b, mb) / (sum(a, ma, a, ma) * sum(b, mb, b, mb)).sqrt()
}

/// The talk's prior n_e ~ Normal(75, 25) contradicts its truth of 500 cm⁻³: R-hat is content, the
/// program must not be.
#[test]
fn a_prior_that_the_data_reject_is_named() {
    let talk = settings(Preset::Talk, None);
    let outcomes = run(read("tests/fixtures/talk_fluxes.csv"), &talk, "G03-LMC", &options(1000));
    let flags: Vec<String> = outcomes[0].flags.iter().map(ToString::to_string).collect();
    assert!(flags.contains(&"prior_conflict:n_e".to_owned()), "{flags:?}");
    assert_eq!(
        flags.iter().filter(|flag| flag.starts_with("prior_conflict")).count(),
        1,
        "{flags:?}"
    );
    assert!(outcomes[0].fitted.as_ref().expect("sampled").summary.rhat_max < 1.01);
    assert_eq!(outcomes[0].status, Status::Warn);
}

/// Means against an independent program: within 5 combined Monte Carlo errors, of 1/√ESS standard
/// deviations each, over some 120 comparisons; standard deviations likewise, whose error is √(1/(2
/// ESS)) of them for a Gaussian, three times that here for the skewed ones.
#[test]
fn posteriors_are_those_of_an_independent_program() {
    let plain = settings(Preset::Plain, Some(Normalisation::Ratio));
    let mut sums = options(4000);
    sums.abundances.oxygen = Oxygen::Sum;
    let outcomes = run(read("data/hebcd_sample.csv"), &plain, "CCM89", &sums);
    for row in rows(include_str!("../fixtures/reference_plain.csv")) {
        let [mean, sd, ess] = [2, 3, 4].map(|k| row[k].parse::<f64>().expect("a number"));
        let outcome = outcomes
            .iter()
            .find(|outcome| outcome.id == row[0])
            .expect("a shipped galaxy");
        let found = parameter(outcome, &row[1]);
        let own = found.diagnostics.expect("sampled");
        let error = (own.mcse_mean.powi(2) + sd * sd / ess).sqrt();
        assert!(
            (found.mean - mean).abs() < 5.0 * error,
            "{} {}: {} vs {mean}",
            row[0],
            row[1],
            found.mean
        );
        let error = 3.0 * (own.mcse_sd.powi(2) + sd * sd / (2.0 * ess)).sqrt();
        assert!(
            (found.sd - sd).abs() < 5.0 * error,
            "{} {}: sd {} vs {sd}",
            row[0],
            row[1],
            found.sd
        );
    }
}

#[test]
fn published_temperatures_and_oxygen_come_back() {
    let outcomes = run(
        read("data/hebcd_sample.csv"),
        &settings(Preset::Default, None),
        "CCM89",
        &options(500),
    );
    for row in rows(include_str!("../../data/hebcd_sample_published.csv")) {
        let outcome = outcomes
            .iter()
            .find(|outcome| outcome.id == row[0])
            .expect("a shipped galaxy");
        let [t, oxygen] = [1, 3].map(|k| row[k].parse::<f64>().expect("a number"));
        let found = parameter(outcome, "T_high");
        let near = (found.mean / t - 1.0).abs() < 0.03 || (found.mean - t).abs() < 2.0 * found.sd;
        assert!(near, "{}: T_high {} ± {} instead of {t}", row[0], found.mean, found.sd);
        let found = parameter(outcome, "O_H");
        assert!(
            (found.percentiles[2] - oxygen).abs() < 0.1,
            "{}: {} not {oxygen}",
            row[0],
            found.percentiles[2]
        );
    }
}

/// The invariant tested for ever: an object fitted alone = fitted in a batch, a batch split = not
/// split, to the bit.
#[test]
fn an_object_alone_is_the_object_in_a_batch() {
    let default = settings(Preset::Default, None);
    let options = Options {
        importance: 300,
        ..options(50)
    };
    let whole = run(read("data/hebcd_sample.csv"), &default, "CCM89", &options);
    for keep in [vec![3], vec![7, 2]] {
        let mut part = read("data/hebcd_sample.csv");
        let mut entries: Vec<Option<_>> = part.entries.drain(..).map(Some).collect();
        part.entries = keep
            .iter()
            .map(|&place| entries[place].take().expect("kept once"))
            .collect();
        for (outcome, &place) in run(part, &default, "CCM89", &options).iter().zip(&keep) {
            assert_eq!(outcome.id, whole[place].id);
            let [alone, together] = [outcome, &whole[place]].map(|o| &o.fitted.as_ref().expect("sampled").draws);
            assert_eq!(alone, together, "{}", outcome.id);
            let [alone, together] = [outcome, &whole[place]].map(|o| &o.fitted.as_ref().expect("sampled").summary);
            let said = |summary: &Summary| format!("{:?}", summary.importance.as_ref().expect("weighed"));
            assert_eq!(said(alone), said(together), "{}", outcome.id);
        }
    }
}

/// The name is a part of every address: the same measurements under another name have draws and
/// weights of their own.
#[test]
fn the_same_galaxy_under_another_name_shares_no_random_numbers() {
    let mut twins = read("data/shoc579.csv");
    let Some(Entry::Fit(object)) = twins.entries.first() else {
        panic!("a galaxy that can be fitted")
    };
    let twin = Object {
        id: "its twin".to_owned(),
        ..object.clone()
    };
    twins.entries.push(Entry::Fit(twin));
    let options = Options {
        importance: 300,
        ..options(50)
    };
    let outcomes = run(twins, &settings(Preset::Default, None), "CCM89", &options);
    let [a, b] = [0, 1].map(|place| outcomes[place].fitted.as_ref().expect("sampled"));
    let same = a.positions.iter().zip(&b.positions).filter(|(a, b)| a == b).count();
    assert_eq!(same, 0, "of {} coordinates of draws", a.positions.len());
    let [a, b] = [a, b].map(|fitted| fitted.summary.importance.as_ref().expect("weighed").ln_evidence);
    assert_ne!(a, b, "ln P(y)");
}

/// C III] data begin at 12.6 kK: in a galaxy of 10 kK the line is extrapolated in nearly every
/// draw, and [O III] in none.
#[test]
fn a_line_beyond_its_data_is_named_with_the_fraction_of_draws() {
    let text = "object,line,flux,flux_err\na,H1_4861A,1,0.01\na,H1_6563A,2.86,0.03\na,O3_5007A,3,0.03\na,O3_4363A,0.0144,0.0003\n\
                a,C3_1909A,0.02,0.002\n";
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("beyond.csv");
    std::fs::write(&path, text).expect("a writable target directory");
    let catalogue = table::read(&path, &Fixture::get().set.list, &table::Settings::default()).expect("readable");
    let outcomes = run(catalogue, &settings(Preset::Plain, None), "CCM89", &options(300));
    let lines = &outcomes[0].fitted.as_ref().expect("sampled").summary.lines;
    let outside = |label: &str| lines.iter().find(|line| line.label == label).expect("a line").outside;
    assert!(outside("C3_1909A") > 0.99 && outside("O3_5007A") == 0.0, "{lines:?}");
    assert!(
        outcomes[0]
            .flags
            .iter()
            .any(|flag| flag.to_string() == "outside_data:C3_1909A")
    );
}

/// The second opinion on the fifteen galaxies: k̂ lets nearly all be checked, and no mean is off by
/// more than Monte Carlo errors.
#[test]
fn importance_sampling_agrees_with_the_chains() {
    let options = Options {
        importance: 2500,
        ..options(1000)
    };
    let outcomes = run(
        read("data/hebcd_sample.csv"),
        &settings(Preset::Default, None),
        "CCM89",
        &options,
    );
    let opinions: Vec<_> = outcomes
        .iter()
        .map(|outcome| {
            outcome
                .fitted
                .as_ref()
                .expect("sampled")
                .summary
                .importance
                .as_ref()
                .expect("weighed")
        })
        .collect();
    let usable = opinions.iter().filter(|found| found.ess.is_finite());
    assert!(usable.clone().count() >= 13, "{opinions:?}");
    for found in usable {
        assert!(found.disagreeing.is_empty() && found.shift < 0.3, "{found:?}");
        assert!(found.ln_evidence.is_finite() && found.ln_evidence_se < 0.1, "{found:?}");
    }
}

/// Log densities in single precision on the CPU give the posterior of double precision, in few
/// lanes and in many.
#[test]
fn single_precision_gives_the_posterior() {
    let law = "CCM89";
    let preset = settings(Preset::Default, None);
    let shoc = || read("data/shoc579.csv");
    let double = run(shoc(), &preset, law, &options(2000));
    let mut single = CpuF32::new(&Fixture::get().set.grid);
    for chains in [4, 20] {
        let mut options = options(8000 / chains);
        options.sampler.chains = chains;
        let found = run_on(&mut single, shoc(), &preset, law, &options);
        agree(&single.describe(), &found, &double);
    }
    let worst = single.worst_error().expect("compared at the starts");
    assert!(worst > 0.0 && worst < 0.01, "worst |ΔU| = {worst}");
}
