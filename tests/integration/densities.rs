//! Nebulae of two densities: the flag that names them, and the recipe of the manual.

use std::sync::atomic::AtomicBool;

use nebulium::backend::cpu::Cpu;
use nebulium::config::Config;
use nebulium::fit::{self, Outcome, Plan};
use nebulium::simulate::{Model, Noise, Options, Simulator, Truth};
use nebulium::table::Catalogue;

use crate::fit::{options, read};
use crate::galaxies::{Fixture, catalogue};

/// Draws a chain where a test looks at flags alone.
const FEW: usize = 150;
/// Draws a chain where a test looks at values.
const MANY: usize = 600;
/// \[S II\] of the low zone beside what the case of the JWST has.
const LINES: [&str; 11] = [
    "H1_6563A",
    "H1_4341A",
    "O2_3726A_m",
    "O3_4363A",
    "O3_4959A",
    "O3_5007A",
    "Ne3_3869A",
    "O3_1661A",
    "O3_1666A",
    "S2_6716A",
    "S2_6731A",
];
/// The parameters of such a spectrum: gas of 3·10⁵ cm⁻³ in the high zone, of 300 in the low one.
const TRUTH: [(&str, f64); 9] = [
    ("T_low", 13_000.0),
    ("T_high", 16_000.0),
    ("n_e", 300.0),
    ("n_e_high", 3e5),
    ("cHbeta", 0.1),
    ("O2", 6.9),
    ("O3", 7.8),
    ("Ne3", 7.1),
    ("S2", 5.2),
];
/// Zones with densities of their own, for the fluxes.
const ZONES: &str = "[model]\npreset = \"plain\"\n[zones.low]\n[zones.high]\ndensity = \"free\"\n";

fn config(toml: &str) -> Config {
    toml::from_str(toml).expect("a configuration")
}

/// The recipe in TOML as the manual prints it: the first block after its heading.
fn manual() -> String {
    let page = std::fs::read_to_string("docs/zones.md").expect("a page of the manual");
    let (_, section) = page.split_once("## Two densities").expect("its section");
    let (_, block) = section.split_once("```toml\n").expect("a block");
    block.split_once("```").expect("its end").0.to_owned()
}

fn fitted(catalogue: Catalogue, toml: &str, draws: usize) -> Vec<Outcome> {
    let config = config(toml);
    let recipe = config.recipe(&Fixture::get().set).expect("a recipe");
    let mut outcomes = Vec::new();
    let mut sink = |outcome| {
        outcomes.push(outcome);
        Ok(())
    };
    let plan = Plan::new(catalogue, &recipe);
    fit::run(plan, &mut Cpu, &options(draws), &mut sink, &AtomicBool::new(false)).expect("a fit");
    outcomes
}

fn case() -> Catalogue {
    read("tests/fixtures/physics/jwst_o3uv_3e5.csv")
}

/// Exact fluxes of two densities, with errors of 3 %.
fn two_densities() -> Catalogue {
    let model = Model {
        settings: config(ZONES).model_settings(),
        ..Model::default()
    };
    let options = Options {
        lines: LINES.map(String::from).to_vec(),
        snr: None,
        noise: Noise::Gaussian,
        limits: None,
        seed: 0,
    };
    let simulator = Simulator::new(&Fixture::get().set, &options, model).expect("a simulator");
    let value = |name: &String| TRUTH.iter().find(|(of, _)| of == name).expect("a truth").1;
    let truth: Vec<f64> = simulator.parameters.iter().map(value).collect();
    let fluxes = simulator.fluxes(&truth).expect("fluxes");
    let mut text = "object,line,flux,flux_err\na,H1_4861A,1,0.03\n".to_owned();
    for (label, flux) in simulator.labels().into_iter().zip(fluxes) {
        text += &format!("a,{label},{flux},{}\n", 0.03 * flux);
    }
    catalogue("two_densities.csv", &text)
}

fn flags(outcome: &Outcome) -> Vec<String> {
    let flags = outcome.flags.iter().map(ToString::to_string);
    flags.filter(|flag| flag.starts_with("two_densities")).collect()
}

/// The posterior of `name` and its truth, in sd; of densities in log₁₀.
fn z(outcome: &Outcome, name: &str, truth: f64) -> f64 {
    let summary = &outcome.fitted.as_ref().expect("a sampled object").summary;
    let found = summary.parameters.iter().find(|p| p.name == name).expect("a parameter");
    let [_, low, median, high, _] = found.percentiles;
    match name.starts_with("n_e") {
        true => (median / truth).log10() / (0.5 * (high / low).log10()),
        false => (found.mean - truth) / found.sd,
    }
}

#[test]
fn one_density_that_two_ions_do_not_share_is_named() {
    assert_eq!(flags(&fitted(case(), "", FEW)[0]), ["two_densities:O2/O3"]);
    assert_eq!(flags(&fitted(two_densities(), "", FEW)[0]), ["two_densities:S2/O3"]);
}

/// Truth of the case: T_high 18,000 K, n_e 500 and 3·10⁵ cm⁻³, O/H 7.751 (made after arXiv
/// 2602.13007).
#[test]
fn the_recipe_of_the_manual_finds_both_densities() {
    let outcome = &fitted(case(), &manual(), MANY)[0];
    for (name, truth) in [("T_high", 18_000.0), ("n_e", 500.0), ("n_e_high", 3e5), ("O_H", 7.751)] {
        let z = z(outcome, name, truth);
        assert!(z.abs() < 2.0, "{name}: {z}");
    }
    assert!(flags(outcome).is_empty());
    let outcome = &fitted(two_densities(), &manual(), MANY)[0];
    for (name, truth) in TRUTH {
        let z = z(outcome, name, truth);
        assert!(z.abs() < 1.5, "{name}: {z}");
    }
    assert!(flags(outcome).is_empty());
}

/// The default population: one density, of 10 to 1000 cm⁻³.
#[test]
fn one_density_is_not_taken_for_two() {
    let options = Options {
        lines: nebulium::simulate::LINES.map(String::from).to_vec(),
        snr: None,
        noise: Noise::Gaussian,
        limits: None,
        seed: 7,
    };
    let simulator = Simulator::new(&Fixture::get().set, &options, Model::default()).expect("a simulator");
    let mut text = simulator.catalogue_header().to_owned();
    for place in 0..8 {
        text += &simulator.catalogue_rows(&simulator.object(place, &Truth::Population).expect("an object"));
    }
    for outcome in fitted(catalogue("one_density.csv", &text), "", FEW) {
        assert!(flags(&outcome).is_empty(), "{}: {:?}", outcome.id, flags(&outcome));
    }
}
