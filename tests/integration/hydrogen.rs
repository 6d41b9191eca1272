//! Hydrogen lines that hold no extinction, or contradict it, and answers that no nebula gives.
//!
//! The objects of `tests/fixtures/physics` are simulated: Hα 20 % too low at errors of 5 %
//! (`neg_ext3`), no Balmer line beside Hβ (`noH`), \[O III\] 5007 a thousand times too bright
//! (`absurd_5007`), and 4959 + 5007 in a column called 5007 (`grizli40`).

use std::path::{Path, PathBuf};

use crate::program::{file, nebulium, rows, scratch};

fn physics(name: &str) -> PathBuf {
    Path::new("tests/fixtures/physics").join(name)
}

/// Status and flags of the one object of a file, fitted with few draws, or by the classical method.
fn judged(directory: &Path, input: &Path, method: &str) -> (String, Vec<String>) {
    let out = directory.join(method);
    let line = match method {
        "classical" => "fit --method classical --mc 50 --out",
        _ => "fit --warmup 200 --draws 200 --keep-draws none --out",
    };
    let run = nebulium(line, &[&out, input]);
    let row = rows(&out.join("results.csv"));
    assert_eq!(row.len(), 1, "{}{}", run.out, run.err);
    let flags = row[0]["flags"].split(';').map(|flag| flag.trim().to_owned());
    (row[0]["status"].clone(), flags.collect())
}

fn is_said(flags: &[String], flag: &str) -> bool {
    flags.iter().any(|own| own == flag)
}

#[test]
fn balmer_lines_bluer_than_without_dust_are_said_by_both_methods() {
    let directory = scratch("hydrogen_bluer");
    for method in ["posterior", "classical"] {
        let (status, flags) = judged(&directory, &physics("neg_ext3.csv"), method);
        assert!(is_said(&flags, "negative_extinction:cHbeta"), "{method}: {flags:?}");
        assert_eq!(status, "warn", "{method}");
    }
}

#[test]
fn an_object_without_a_balmer_line_beside_hbeta_is_warned_of() {
    let directory = scratch("hydrogen_none");
    for method in ["posterior", "classical"] {
        let (status, flags) = judged(&directory, &physics("noH.csv"), method);
        assert!(is_said(&flags, "no_balmer:cHbeta"), "{method}: {flags:?}");
        assert_eq!(status, "warn", "{method}");
    }
    let given = file(&directory, "given.toml", "[priors]\ncHbeta = { fixed = 0.8 }\n");
    let run = nebulium("check --config", &[&given, &physics("noH.csv")]);
    assert!(!run.out.contains("no_balmer"), "{}", run.out);
}

/// A suspicion that a fit would flag has the name of the flag, and is told once.
#[test]
fn check_tells_the_flags_of_hydrogen_once() {
    let directory = scratch("hydrogen_check");
    let text = "object,line,flux,flux_err\na,H1_4861A,1,0.02\na,H1_6563A,FLUX,0.05\na,H1_4341A,0.468,0.01\n\
                a,O3_5007A,5,0.1\na,O3_4959A,1.7,0.03\n";
    let of = |name: &str, flux: &str| file(&directory, name, &text.replace("FLUX", flux));
    let cases = [
        (physics("noH.csv"), "no_balmer"),
        (of("case_b.csv", "2.86"), "dereddened"),
        (of("absurd.csv", "12"), "balmer_ratio"),
    ];
    for (input, flag) in &cases {
        for line in ["check", "check --lines"] {
            let run = nebulium(line, &[input]);
            assert_eq!(run.out.matches(&format!("[{flag}")).count(), 1, "{flag}: {}", run.out);
            let is_count = |c: char| c == ' ' || c.is_ascii_digit();
            let listed = |row: &str| row.trim_start_matches(is_count).starts_with(flag);
            assert!(!run.out.lines().any(listed), "{flag}: {}", run.out);
        }
    }
}

#[test]
fn an_abundance_that_no_nebula_has_is_warned_of() {
    let directory = scratch("hydrogen_absurd");
    let (status, flags) = judged(&directory, &physics("absurd_5007.csv"), "classical");
    assert!(is_said(&flags, "unphysical:O3"), "{flags:?}");
    assert_eq!(status, "warn");
    // With 4959 in the same wrong unit no line of O²⁺ is left that fits.
    let text = std::fs::read_to_string(physics("absurd_5007.csv")).unwrap();
    let both = file(
        &directory,
        "both.csv",
        &text.replace("1.770578,0.0517305", "1770.578,51.7305"),
    );
    let (status, flags) = judged(&directory, &both, "posterior");
    assert!(is_said(&flags, "unphysical:O3"), "{flags:?}");
    assert!(status == "warn" || status == "fail", "{status}");
}

#[test]
fn a_column_that_holds_both_lines_of_a_doublet_is_suspected() {
    let run = nebulium("check", &[&physics("grizli40.csv")]);
    assert!(run.out.contains("[O III] 5007 without 4959"), "{}", run.out);
    assert!(!run.out.contains("balmer_ratio"), "{}", run.out);
}

/// A galaxy of these fluxes of Hα, Hγ and Hδ, at 2 %.
fn galaxy(directory: &Path, name: &str, balmer: [f64; 3]) -> PathBuf {
    let lines = ["H1_6563A", "H1_4341A", "H1_4102A"].into_iter().zip(balmer);
    let others = [
        ("H1_4861A", 1.0),
        ("O2_3726A_m", 1.1),
        ("O3_4363A", 0.06),
        ("O3_4959A", 1.7),
        ("O3_5007A", 5.1),
    ];
    let row = |(number, (line, flux)): (usize, (&str, f64))| {
        format!("{name},{line},{flux},{}\n", (0.020 + 0.001 * number as f64) * flux)
    };
    let rows: String = lines.chain(others).enumerate().map(row).collect();
    file(
        directory,
        &format!("{name}.csv"),
        &format!("object,line,flux,flux_err\n{rows}"),
    )
}

#[test]
fn a_balmer_decrement_that_no_dust_explains_is_warned_of_by_both_methods() {
    let directory = scratch("hydrogen_ratio");
    for (name, h_alpha) in [("low", 1.9), ("high", 11.0)] {
        let input = galaxy(&directory, name, [h_alpha, 0.45, 0.24]);
        let (status, flags) = judged(&directory.join(name), &input, "classical");
        assert!(is_said(&flags, "balmer_ratio:H1_6563A"), "{name}: {flags:?}");
        assert_eq!(status, "warn", "{name}");
        let run = nebulium("check", &[&input]);
        assert!(run.out.contains("balmer_ratio:H1_6563A"), "{name}: {}", run.out);
    }
    let run = nebulium("check", &[&galaxy(&directory, "sound", [3.4, 0.44, 0.24])]);
    assert!(!run.out.contains("balmer_ratio"), "{}", run.out);
}

#[test]
fn balmer_ratios_without_dust_are_a_note_unless_dereddened_is_said() {
    let directory = scratch("hydrogen_dereddened");
    let input = galaxy(&directory, "bare", [2.86, 0.468, 0.259]);
    let run = nebulium("check", &[&input]);
    assert!(run.out.contains("dereddened:cHbeta"), "{}", run.out);
    let run = nebulium("check --dereddened", &[&input]);
    assert!(!run.out.contains("dereddened:cHbeta"), "{}", run.out);
    let dusty = galaxy(&directory, "dusty", [3.4, 0.44, 0.24]);
    let run = nebulium("check", &[&dusty]);
    assert!(!run.out.contains("dereddened:cHbeta"), "{}", run.out);
}
