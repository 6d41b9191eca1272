//! The diagnostics against ArviZ on the same draws (`tools/make_diagnostics_fixture.py`).

use nebulium::diagnostics::{MANY_CHAINS, SUPERCHAINS, Workspace, diagnose, e_bfmi, nested_r_hat, superchain};
use nebulium::rng::{Key, normal, purpose};
use serde_json::Value;

const FIXTURE: &str = include_str!("../fixtures/diagnostics.json");
/// Both sides do some 10⁴ f64 operations on the same draws; this is the agreement asked for.
const TOLERANCE: f64 = 1e-6;

#[track_caller]
fn assert_agrees(what: &str, value: f64, expected: &Value) {
    match expected.as_f64() {
        Some(expected) => {
            assert!(
                (value - expected).abs() <= TOLERANCE * expected.abs(),
                "{what}: {value}, ArviZ {expected}"
            )
        }
        None => assert!(!value.is_finite(), "{what}: {value}, ArviZ none"),
    }
}

#[test]
fn diagnostics_agree_with_arviz() {
    let fixture: Value = serde_json::from_str(FIXTURE).unwrap();
    let cases = fixture["cases"].as_array().unwrap();
    assert!(cases.len() >= 18);
    for case in cases {
        let name = case["name"].as_str().unwrap();
        let chains = case["chains"].as_u64().unwrap() as usize;
        let values: Vec<f64> = case["values"]
            .as_array()
            .unwrap()
            .iter()
            .map(|v| v.as_f64().unwrap())
            .collect();
        let found = diagnose(&values, chains);
        assert_agrees(&format!("{name} r_hat"), found.r_hat, &case["r_hat"]);
        assert_agrees(&format!("{name} ess_bulk"), found.ess_bulk, &case["ess_bulk"]);
        assert_agrees(&format!("{name} ess_tail"), found.ess_tail, &case["ess_tail"]);
        assert_agrees(&format!("{name} mcse_mean"), found.mcse_mean, &case["mcse_mean"]);
        assert_agrees(&format!("{name} mcse_sd"), found.mcse_sd, &case["mcse_sd"]);
        for (chain, value) in e_bfmi(&values, chains).into_iter().enumerate() {
            assert_agrees(&format!("{name} e_bfmi[{chain}]"), value, &case["e_bfmi"][chain]);
        }
    }
}

/// Normal numbers `[chain, draw]` about the mean that each chain has.
fn about(means: &dyn Fn(usize) -> f64, chains: usize, draws: usize) -> Vec<f64> {
    let key = Key::new(5, "nested");
    let noise = |at: usize| normal(&key, (at / draws) as u32, (at % draws) as u32, purpose("test"), 0);
    (0..chains * draws).map(|at| means(at / draws) + noise(at)).collect()
}

/// Two superchains of two chains of two draws, by hand: the chains' means are 1, 3, 6 and 8, the
/// superchains' 2 and 7, so that B = 12.5; the variance of the chains' means is 2 in both, that
/// within a chain 2, so that W = 4.
#[test]
fn nested_r_hat_by_hand() {
    let values = [0.0, 2.0, 2.0, 4.0, 5.0, 7.0, 7.0, 9.0];
    let expected = (1.0_f64 + 12.5 / 4.0).sqrt();
    assert!((nested_r_hat(&values, 4, 2) - expected).abs() < 1e-15);
    for (chains, superchains) in [(4, 1), (4, 4), (8, 2)] {
        assert!(nested_r_hat(&values, chains, superchains).is_nan());
    }
}

/// With superchains as they are made of 10⁴ chains, B/W of converged ones is 1/(M N) χ²₁₅/15: M =
/// 625 chains of N = 20 draws put nested R-hat within six of its standard deviations, √(2/15)/(2 M
/// N), of √(1 + 1/(M N)).
#[test]
fn nested_r_hat_of_converged_chains_is_near_one() {
    let (chains, draws) = (10_000, 20);
    let found = diagnose(&about(&|_| 0.0, chains, draws), chains).nested_r_hat;
    let a_superchain = (chains / SUPERCHAINS * draws) as f64;
    let spread = 0.5 * (2.0_f64 / 15.0).sqrt() / a_superchain;
    // The larger of two, bulk and folded.
    assert!(
        (found - (1.0 + 1.0 / a_superchain).sqrt()).abs() < 6.0 * spread,
        "{found}"
    );
}

/// Superchains that have not forgotten their starts, which lie twice as wide as the posterior: B/W
/// is 4 then.
#[test]
fn nested_r_hat_sees_starts_that_are_not_forgotten() {
    let (chains, draws) = (1024, 10);
    let key = Key::new(6, "starts");
    let start = |chain: usize| 2.0 * normal(&key, superchain(chain, chains) as u32, 0, purpose("start"), 0);
    let stuck = about(&start, chains, draws);
    let mut workspace = Workspace::default();
    let found = workspace.take(&stuck, chains).diagnose();
    assert!(found.nested_r_hat > 1.5, "{}", found.nested_r_hat);
    // A third of the posterior's width is left of the starts' spread: B/W is 0.09, give or take
    // √(2/15) of it.
    let nearly = about(&|chain| 0.15 * start(chain), chains, draws);
    let found = workspace.take(&nearly, chains).diagnose();
    assert!(found.nested_r_hat > 1.01 && found.nested_r_hat < 1.1, "{found:?}");
}

/// Short chains that have converged but move slowly, x ← 0.8 x + 0.6 z: their means scatter, which
/// R-hat takes for disagreement; those of superchains do not.
#[test]
fn nested_r_hat_passes_short_chains_that_r_hat_cannot() {
    let (chains, draws) = (4096, 10);
    let mut values = about(&|_| 0.0, chains, draws);
    for chain in values.chunks_exact_mut(draws) {
        for draw in 1..draws {
            chain[draw] = 0.8 * chain[draw - 1] + 0.6 * chain[draw];
        }
    }
    let found = diagnose(&values, chains);
    assert!(found.r_hat > 1.1 && found.nested_r_hat < 1.01, "{found:?}");
}

#[test]
fn few_chains_have_no_nested_r_hat_and_many_have_e_bfmi_by_superchain() {
    let few = about(&|_| 0.0, MANY_CHAINS - 1, 10);
    assert!(diagnose(&few, MANY_CHAINS - 1).nested_r_hat.is_nan());
    assert_eq!(e_bfmi(&few, MANY_CHAINS - 1).len(), MANY_CHAINS - 1);
    let many = about(&|_| 0.0, 1000, 10);
    let found = e_bfmi(&many, 1000);
    // Of independent energies it is 2, give or take √(40/625) of some 62 chains of 10 draws.
    assert!(
        found.len() == SUPERCHAINS && found.iter().all(|e| (e - 2.0).abs() < 1.0),
        "{found:?}"
    );
}
