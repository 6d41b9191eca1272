//! `--method importance`: rows that say their method, weighted draws beside chains, objects that go
//! to NUTS, and the audit.

use std::collections::BTreeMap;
use std::path::Path;

use crate::program::{entries, file, mixed_catalogue, nebulium, rows, scratch};

/// Rows of a run by the name of the object.
fn fitted(line: &str, out: &Path, catalogue: &Path) -> BTreeMap<String, BTreeMap<String, String>> {
    let told = nebulium(line, &[Path::new("--out"), out, catalogue]);
    assert_eq!(told.code, 0, "{}", told.err);
    let rows = rows(&out.join("results.csv")).into_iter();
    rows.map(|row| (row["object"].clone(), row)).collect()
}

fn number(row: &BTreeMap<String, String>, column: &str) -> f64 {
    row[column]
        .parse()
        .unwrap_or_else(|_| panic!("{column}: {}", row[column]))
}

const SAMPLE: &str = "data/hebcd_sample.csv";

#[test]
fn a_row_says_its_method_and_has_the_numbers_of_it() {
    let directory = scratch("first_look");
    let line = "fit --quiet --method importance --chains 4 --warmup 100 --draws 500";
    let out = directory.join("out");
    let found = fitted(line, &out, Path::new(SAMPLE));
    let by = |method: &str| found.values().filter(|row| row["method"] == method).count();
    assert_eq!(by("importance") + by("nuts"), 15);
    assert!(by("importance") >= 10, "{}", by("importance"));
    for row in found.values().filter(|row| row["method"] == "importance") {
        for column in ["rhat_max", "ess_bulk_min", "ess_tail_min", "e_bfmi_min", "is_shift_max"] {
            assert_eq!(row[column], "NaN", "{column}");
        }
        assert!(number(row, "is_khat") <= 0.7 && number(row, "is_ess") >= 400.0);
        assert!(number(row, "O_H_sd") > 0.0 && number(row, "T_high_p16") < number(row, "T_high_p84"));
        assert_ne!(row["status"], "fail", "{}", row["flags"]);
    }
    let files = entries(&out);
    assert!(files.contains(&"draws.npy".to_owned()) && !files.iter().any(|file| file.starts_with("stats_")));
    let manifest = std::fs::read_to_string(out.join("manifest.json")).unwrap();
    assert!(manifest.contains("\"method\": \"importance\""));
    // 4 chains of 500 draws are resampled to 4 of 250.
    let npy = std::fs::read(out.join("draws.npy")).unwrap();
    let header = String::from_utf8_lossy(&npy[..128]).into_owned();
    assert!(header.contains("(15, 4, 250, "), "{header}");
}

/// Means within a fifth of a standard deviation: the errors of 400 weighted draws and of chains of
/// 400 effective draws are 0.07 together, and a dozen galaxies have a dozen parameters each.
#[test]
fn weighted_draws_and_chains_have_the_same_means() {
    let directory = scratch("first_look_means");
    let settings = "--chains 4 --warmup 200 --draws 500";
    let weighted = fitted(
        &format!("fit --quiet --method importance {settings}"),
        &directory.join("weighted"),
        Path::new(SAMPLE),
    );
    let chains = fitted(
        &format!("fit --quiet --backend cpu {settings}"),
        &directory.join("chains"),
        Path::new(SAMPLE),
    );
    for (object, own) in weighted.iter().filter(|(_, own)| own["method"] == "importance") {
        for quantity in ["T_high", "cHbeta", "O2", "O3", "He1", "O_H", "Y"] {
            let mean = |row| number(row, &format!("{quantity}_mean"));
            let sd = number(&chains[object], &format!("{quantity}_sd"));
            let apart = (mean(own) - mean(&chains[object])) / sd;
            assert!(apart.abs() < 0.25, "{object}, {quantity}: {apart}");
        }
    }
}

#[test]
fn an_object_has_the_same_row_in_any_order_and_on_any_threads() {
    let directory = scratch("first_look_order");
    let text = std::fs::read_to_string(SAMPLE).unwrap();
    let (head, lines): (Vec<&str>, Vec<&str>) = text
        .lines()
        .partition(|line| line.starts_with('#') || line.starts_with("object"));
    let mut names: Vec<&str> = lines.iter().filter_map(|line| line.split(',').next()).collect();
    names.dedup();
    let of = |name: &str| -> Vec<&str> {
        let starts = format!("{name},");
        let own = lines.iter().filter(|line| line.starts_with(&starts));
        own.copied().collect()
    };
    let some: Vec<&str> = names.iter().rev().take(4).flat_map(|name| of(name)).collect();
    let reversed = file(&directory, "reversed.csv", &([head, some].concat().join("\n") + "\n"));
    let line = "fit --quiet --method importance --chains 4 --warmup 50 --draws 100 --audit 0.3";
    let whole = fitted(
        &format!("{line} --threads 2"),
        &directory.join("whole"),
        Path::new(SAMPLE),
    );
    let part = fitted(&format!("{line} --threads 1"), &directory.join("part"), &reversed);
    assert_eq!(part.len(), 4);
    for (object, row) in part {
        for (column, value) in &row {
            assert_eq!(value, &whole[&object][column], "{object}, {column}");
        }
    }
}

#[test]
fn the_audit_writes_both_answers_and_prints_a_table() {
    let directory = scratch("first_look_audit");
    let out = directory.join("out");
    let line = "fit --method importance --audit 1 --chains 4 --warmup 200 --draws 500";
    let told = nebulium(line, &[Path::new("--out"), &out, Path::new(SAMPLE)]);
    assert_eq!(told.code, 0, "{}", told.err);
    assert!(told.out.contains("by importance sampling, "), "{}", told.out);
    assert!(told.out.contains("percentage that agrees with NUTS"), "{}", told.out);
    let compared = rows(&out.join("audit.csv"));
    let passed = compared.iter().filter(|row| row["passes"] == "true").count();
    assert!(
        compared.len() > 400 && passed as f64 > 0.98 * compared.len() as f64,
        "{passed} of {}",
        compared.len()
    );
    for row in compared.iter().take(50) {
        let apart = (number(row, "importance") - number(row, "nuts")).abs();
        // Nine digits are written.
        let near = 1e-6 * number(row, "allowed");
        assert_eq!(
            row["passes"] == "true",
            apart <= number(row, "allowed") + near,
            "{row:?}"
        );
    }
    let without = directory.join("without");
    fitted(
        "fit --quiet --method importance --chains 4 --warmup 50 --draws 100",
        &without,
        Path::new(SAMPLE),
    );
    assert!(!without.join("audit.csv").exists());
}

#[test]
fn rejected_objects_and_a_run_without_weighted_draws_are_told() {
    let directory = scratch("first_look_rejected");
    let catalogue = mixed_catalogue(&directory);
    let line = "fit --quiet --method importance --chains 2 --warmup 30 --draws 40";
    let found = fitted(line, &directory.join("out"), &catalogue);
    assert_eq!(found["wrong"]["status"], "rejected");
    assert_eq!(found["wrong"]["method"], "");
    let config = file(&directory, "off.toml", "[importance]\ndraws = 0\n");
    let told = nebulium("fit --method importance --config", &[&config, &catalogue]);
    assert!(told.code != 0 && told.err.contains("importance.draws"), "{}", told.err);
}
