//! Ions that no line detects, and objects whose temperature no line measures.

use nebulium::abundance;
use nebulium::backend::cpu::Cpu;
use nebulium::fit::{Options, Outcome};
use nebulium::problem::Settings;
use nebulium::summary::{ParameterSummary, Status};

use crate::fit::{options, read, run_on};

/// Draws a chain: enough for the figures here, few enough for the suite.
const DRAWS: usize = 600;
/// Emissivity of He II 4686 over Hβ at 12,000 K and 100 cm⁻³ (Storey & Hummer 1995).
const HE2_4686: f64 = 11.9;

fn fitted(name: &str, options: &Options) -> Vec<Outcome> {
    let catalogue = read(&format!("tests/fixtures/physics/{name}.csv"));
    run_on(&mut Cpu, catalogue, &Settings::default(), "G03-LMC", options)
}

fn says(outcome: &Outcome, flag: &str) -> bool {
    outcome.flags.iter().any(|found| found.to_string() == flag)
}

fn find<'a>(outcome: &'a Outcome, name: &str) -> Option<&'a ParameterSummary> {
    let summary = &outcome.fitted.as_ref().expect("a sampled object").summary;
    summary.parameters.iter().find(|p| p.name == name)
}

/// Truth: He²⁺/H⁺ below limit/11.9, the limits being three times their σ.
#[test]
fn an_ion_known_from_a_limit_alone_is_a_limit_and_no_measurement() {
    for (outcome, flux) in fitted("he2_lim2", &options(DRAWS))
        .iter()
        .zip([3e-3, 1e-3, 3e-4, 1e-4, 3e-5])
    {
        assert!(
            ["undetected:He2", "undetected:He_H", "undetected:Y"]
                .iter()
                .all(|flag| says(outcome, flag))
        );
        assert!(!says(outcome, "prior_conflict:He2") && !says(outcome, "undetected:O_H"));
        let he2 = find(outcome, "He2").expect("He II in the model");
        assert!(he2.mean < 2.0 * he2.sd, "{}: {} ± {}", outcome.id, he2.mean, he2.sd);
        let limits = &outcome.fitted.as_ref().expect("sampled").summary.limits;
        assert_eq!(limits.len(), 1);
        let ratio = limits[0].below * HE2_4686 / flux;
        assert!(
            (1.0..1.5).contains(&ratio),
            "{}: {ratio} of the limit given",
            outcome.id
        );
    }
}

/// Truth: He⁺/H⁺ = He²⁺/H⁺ = 0.05.
#[test]
fn a_planetary_nebula_is_no_conflict_with_the_prior_of_doubly_ionised_helium() {
    let outcome = &fitted("pn_he2", &options(DRAWS))[0];
    let he2 = find(outcome, "He2").expect("He II in the model");
    assert!((he2.mean - 0.05).abs() < 2.0 * he2.sd, "{} ± {}", he2.mean, he2.sd);
    assert!(!says(outcome, "prior_conflict:He2") && !says(outcome, "undetected:He2"));
    assert_eq!(outcome.status, Status::Ok);
}

#[test]
fn without_a_thermometer_metals_have_no_abundance_unless_asked_for() {
    let withheld = &fitted("huge_err", &options(DRAWS))[0];
    assert!(says(withheld, "no_thermometer:T_high"));
    for ion in ["O2", "O3", "N2", "S2", "Ne3", "Ar3"] {
        assert!(says(withheld, &format!("prior_dominated:{ion}")), "{ion}");
        assert!(find(withheld, ion).is_some());
    }
    assert!(
        ["O_H", "N_O", "S_H", "Ne_O"]
            .iter()
            .all(|name| find(withheld, name).is_none())
    );
    assert!(["He_H", "Y"].iter().all(|name| find(withheld, name).is_some()));
    let derived = &withheld.fitted.as_ref().expect("sampled").derived;
    assert!(
        derived
            .quantity(0)
            .is_some_and(|o_h| o_h.iter().all(|value| value.is_finite()))
    );
    let abundances = abundance::Settings {
        without_thermometer: true,
        ..abundance::Settings::default()
    };
    let asked = &fitted(
        "huge_err",
        &Options {
            abundances,
            ..options(DRAWS)
        },
    )[0];
    assert!(find(asked, "O_H").is_some() && says(asked, "prior_dominated:O3"));
}
