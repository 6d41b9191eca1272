//! The diagnostics against ArviZ on the same draws (`tools/make_diagnostics_fixture.py`).

use nebulium::diagnostics::{diagnose, e_bfmi};
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
