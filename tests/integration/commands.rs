//! The commands and their exit codes.

use std::collections::BTreeMap;
use std::path::Path;

use crate::program::{entries, file, mixed_catalogue, nebulium, rows, scratch};

const SHORT: &str = "fit --chains 2 --warmup 30 --draws 40";

#[test]
fn one_galaxy_is_told_parameter_by_parameter() {
    let run = nebulium(&format!("{SHORT} data/shoc579.csv"), &[]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(
        run.out.starts_with("SHOC579: ") && run.out.contains("\nT_high "),
        "{}",
        run.out
    );
    assert!(
        run.out.contains("Largest pulls") && run.out.contains("Nothing was written: add --out"),
        "{}",
        run.out
    );
}

/// A preset and a format have one name, in the configuration and on the command line.
#[test]
fn every_preset_and_format_of_the_configuration_is_a_flag() {
    for preset in ["default", "plain", "talk", "fernandez2019"] {
        let run = nebulium(&format!("check data/shoc579.csv --format long --preset {preset}"), &[]);
        assert_eq!(run.code, 0, "{preset}: {}", run.err);
    }
    let run = nebulium("check data/shoc579.csv --format mpa-jhu", &[]);
    assert_eq!(run.code, 3, "{}", run.err);
}

#[test]
fn a_catalogue_is_told_object_by_object() {
    let catalogue = mixed_catalogue(&scratch("commands_mixed"));
    let run = nebulium(SHORT, &[&catalogue]);
    assert_eq!(run.code, 0, "{}", run.err);
    let starts = ["object", "first", "no_hbeta", "wrong", "last"];
    assert!(
        run.out.lines().zip(starts).all(|(line, start)| line.starts_with(start)),
        "{}",
        run.out
    );
    assert!(
        run.out.contains("2 rejected") && run.out.contains("row 13, column `flux`"),
        "{}",
        run.out
    );
    assert_eq!(nebulium(&format!("{SHORT} --strict"), &[&catalogue]).code, 4);
    let quiet = nebulium(&format!("{SHORT} --quiet"), &[&catalogue]);
    assert_eq!((quiet.code, quiet.out.as_str(), quiet.err.as_str()), (0, "", ""));
}

#[test]
fn wrong_usage_and_wrong_input_have_their_codes() {
    let directory = scratch("commands_codes");
    assert_eq!(nebulium("", &[]).code, 2);
    assert_eq!(nebulium("fit", &[]).code, 2);
    assert_eq!(nebulium("fit data/shoc579.csv --chains 0", &[]).code, 2);
    assert_eq!(nebulium("fit data/shoc579.csv --seed 9223372036854775808", &[]).code, 2);
    assert_eq!(nebulium("fit data/shoc579.csv --threads 100000", &[]).code, 2);
    let double = nebulium("fit data/shoc579.csv --backend gpu --precision f64", &[]);
    assert_eq!(double.code, 2, "{}", double.err);
    assert!(double.err.contains("f32 where a GPU is asked for"), "{}", double.err);
    assert_eq!(nebulium("fit data/shoc579.csv --emissivities nowhere", &[]).code, 2);
    assert_eq!(nebulium("fit data/shoc579.csv --config nowhere.toml", &[]).code, 2);
    let run = nebulium("fit nowhere.csv", &[]);
    assert!(run.code == 3 && run.err.contains("nowhere.csv"), "{}", run.err);
    let empty = file(&directory, "empty.csv", "");
    assert_eq!(nebulium("fit", &[&empty]).code, 3);
    let cut = file(&directory, "cut.csv", "object,line,flux,fl");
    assert_eq!(nebulium("check", &[&cut]).code, 3);
    let hopeless = file(
        &directory,
        "hopeless.csv",
        "object,line,flux,flux_err\na,O3_5007A,5,0.1\n",
    );
    let run = nebulium("fit", &[&hopeless]);
    assert!(run.code == 3 && run.out.contains("H1_4861A"), "{}", run.out);
    assert_eq!(nebulium("--version", &[]).code, 0);
}

#[test]
fn lines_lists_all_lines_or_says_what_names_mean() {
    let run = nebulium("lines", &[]);
    assert_eq!(run.code, 0, "{}", run.err);
    for part in [
        "O3: o_iii_atom",
        "O3_5007A ",
        "[OIII]5006",
        "O2_3726A + O2_3729A",
        "Hbeta",
    ] {
        assert!(run.out.contains(part), "{part}: {}", run.out);
    }
    assert!(run.out.lines().all(|line| line.chars().count() <= 120), "{}", run.out);
    let csv = nebulium("lines --csv", &[]);
    let fields = |line: &str| line.split(',').count();
    assert!(
        csv.code == 0 && csv.out.lines().all(|line| fields(line) == 11),
        "{}",
        csv.out
    );
    let names = nebulium("lines OII3727 OII3730 HB4863", &[]);
    let meanings = "OII3727  O2_3726A\nOII3730  O2_3729A\nHB4863   H1_4861A\n";
    assert_eq!((names.code, names.out.as_str()), (0, meanings));
    let unclear = nebulium("lines OIII Hbeta", &[]);
    assert!(unclear.code == 3 && unclear.out.contains("O3_4363A"), "{}", unclear.out);
}

#[test]
fn emissivity_answers_in_the_order_and_words_of_the_table() {
    let directory = scratch("commands_emissivity");
    let points = "n_e,line,T,note\n100,O3_5008A,1e4,a\n 5e2 ,O2_7325A_m,12000.0,b\n100,O3_5007A,1e4,c\n";
    let points = file(&directory, "points.csv", points);
    let run = nebulium("emissivity --points", &[&points]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    let lines: Vec<&str> = run.out.lines().collect();
    assert_eq!(lines[0], "line,T,n_e,log10_ratio");
    assert!(lines[1].starts_with("O3_5008A,1e4,100,") && lines[2].starts_with("O2_7325A_m,12000.0,5e2,"));
    assert_eq!(
        lines[1].split(',').next_back(),
        lines[3].split(',').next_back(),
        "an alias is the same line"
    );
    // 12 + log₁₀ of [O III] 5007 / Hβ per O²⁺/H⁺ at 10⁴ K and 100 cm⁻³ is near 4.5 (PyNeb 1.1.32).
    let ratio: f64 = lines[1].split(',').next_back().unwrap().parse().unwrap();
    assert!((4.4..4.6).contains(&ratio), "{ratio}");
    for (points, message) in [
        ("line,T,n_e\nO3_5007A,hot,1\n", "row 2, column `T`: found `hot`"),
        (
            "line,T,n_e\nO3_5007A,1e4,1\nO3_5007A,1e4,-1\n",
            "row 3, column `n_e`: found `-1`",
        ),
        (
            "line,T,n_e\nO3_5107A,1e4,1\n",
            "row 2, column `line`: unknown line `O3_5107A`",
        ),
        ("line,T\nO3_5007A,1e4\n", "no column `n_e`"),
        ("line,T,n_e\nO3_5007A,,1\n", "row 2, column `T`: found nothing"),
    ] {
        let points = file(&directory, "wrong.csv", points);
        let run = nebulium("emissivity --points", &[&points]);
        assert!(
            run.code == 3 && run.out.is_empty() && run.err.contains(message),
            "{}",
            run.err
        );
    }
}

#[test]
fn a_simulated_catalogue_is_a_function_of_seed_and_place() {
    let directory = scratch("commands_simulate");
    let simulate = |name: &str, arguments: &str| {
        let path = directory.join(name);
        let run = nebulium(&format!("simulate {arguments} --out"), &[&path]);
        assert_eq!(run.code, 0, "{}", run.err);
        std::fs::read_to_string(path).unwrap()
    };
    let three = simulate("three.csv", "--objects 3 --seed 7");
    let five = simulate("five.csv", "--objects 5 --seed 7");
    assert!(five.starts_with(&three) && five.len() > three.len());
    assert_ne!(simulate("other.csv", "--objects 3 --seed 8"), three);
    assert_eq!(simulate("three.csv", "--objects 3 --seed 7 --force"), three);
    let truths = rows(&directory.join("five_truth.csv"));
    assert_eq!(truths.len(), 5);
    assert_eq!(
        (truths[4]["object"].as_str(), three.lines().count()),
        ("sim000005", 1 + 3 * 24)
    );
    assert!(
        truths
            .iter()
            .all(|row| (9e3..18e3).contains(&row["T_low"].parse::<f64>().unwrap()))
    );
    let check = nebulium("check", &[&directory.join("five.csv")]);
    assert!(
        check.code == 0 && check.out.contains("5 objects would be fitted, 0 rejected."),
        "{}",
        check.err
    );
}

#[test]
fn simulate_takes_truths_lines_and_noise_from_the_user() {
    let directory = scratch("commands_truth");
    let truth = "object,T_low,T_high,n_e,cHbeta,O3,O2\na,15590,16000,500,0.1,8.05,7.80\n";
    let truth = file(&directory, "given.csv", truth);
    let out = directory.join("out.csv");
    let line = "simulate --objects 2 --seed 1 --snr 1e9 --lines H1_6563A,O3_5007A,O3_4363A,O2_3726A_m --truth";
    let run = nebulium(line, &[&truth, Path::new("--out"), &out]);
    assert_eq!(run.code, 0, "{}", run.err);
    let fluxes: BTreeMap<String, f64> = rows(&out)
        .into_iter()
        .map(|row| (row["line"].clone(), row["flux"].parse().unwrap()))
        .collect();
    // The talk's truth and its flux from PyNeb 1.1.32, with which the emissivities agree to 0.1 %.
    assert!((fluxes["O3_5007A"] / 12.5072 - 1.0).abs() < 1e-3, "{fluxes:?}");
    assert_eq!(rows(&directory.join("out_truth.csv")).len(), 2);
    let again = directory.join("again.csv");
    let repeat = nebulium(line, &[&directory.join("out_truth.csv"), Path::new("--out"), &again]);
    assert_eq!(repeat.code, 0, "truths written are truths read: {}", repeat.err);
    let as_many = directory.join("as_many.csv");
    let line_without = line.replace("--objects 2 ", "");
    let run = nebulium(
        &line_without,
        &[&directory.join("out_truth.csv"), Path::new("--out"), &as_many],
    );
    assert!(
        run.code == 0 && run.out.starts_with("2 objects"),
        "{} {}",
        run.out,
        run.err
    );
    let run = nebulium("simulate --truth prior --out", &[&directory.join("never.csv")]);
    assert!(
        run.code == 2 && run.err.contains("--objects: nothing given"),
        "{}",
        run.err
    );
    for (truth, message) in [
        ("T_low,T_high,n_e,cHbeta,O3\n1e4,1e4,100,0,8\n", "no column `O2`"),
        (
            "T_low,T_high,n_e,cHbeta,O3,O2\n1e4,-1e4,100,0,8,8\n",
            "row 2, column `T_high`: found `-1e4`",
        ),
        (
            "T_low,T_high,n_e,cHbeta,O3,O2\n1e4,1e4,1,0,8,8\n1e4,1e4,1,0,8,8\n1e4,1e4,1,0,8,8\n",
            "3 rows",
        ),
    ] {
        let truth = file(&directory, "wrong.csv", truth);
        let run = nebulium(line, &[&truth, Path::new("--out"), &directory.join("never.csv")]);
        assert!(run.code == 3 && run.err.contains(message), "{}", run.err);
    }
    assert!(
        !entries(&directory).iter().any(|name| name.contains("never")),
        "{:?}",
        entries(&directory)
    );
}

/// Preset `default` leaves He I 7281 out: the stellar absorption under it is unknown.
#[test]
fn simulate_refuses_lines_that_its_model_leaves_out() {
    let directory = scratch("commands_left_out");
    let config = directory.join("default.toml");
    std::fs::write(&config, "[model]\npreset = \"default\"\n").unwrap();
    let line = "simulate --truth prior --objects 1 --seed 1 --lines H1_6563A,He1_7281A,O3_5007A --config";
    let run = nebulium(line, &[&config, Path::new("--out"), &directory.join("none.csv")]);
    assert!(
        run.code == 2 && run.err.contains("He1_7281A"),
        "{} {}",
        run.code,
        run.err
    );
}

#[test]
fn simulate_does_not_replace_measurements() {
    let directory = scratch("commands_replace");
    let mine = file(&directory, "mine.csv", "object,line,flux,flux_err\n");
    let run = nebulium("simulate --objects 1 --seed 1 --out", &[&mine]);
    assert!(run.code == 2 && run.err.contains("--force"), "{}", run.err);
    assert_eq!(entries(&directory), ["mine.csv"]);
    let run = nebulium(
        "simulate --objects 1 --seed 1 --lines Cl3_5518A --out",
        &[&directory.join("new.csv")],
    );
    assert!(
        run.code == 2 && run.err.contains("Cl3") && run.err.contains("--truth"),
        "{}",
        run.err
    );
    assert_eq!(entries(&directory), ["mine.csv"]);
}

#[test]
fn devices_lists_the_cpu() {
    let run = nebulium("devices", &[]);
    assert!(run.code == 0 && run.out.starts_with("cpu"), "{}", run.out);
}

/// Truths from a configuration's priors, noise of a family, upper limits as a column; nonsense is
/// refused.
#[test]
fn simulate_draws_from_priors_and_writes_limits() {
    let directory = scratch("commands_prior");
    let config = directory.join("c.toml");
    std::fs::write(
        &config,
        "[model]\npreset = \"plain\"\n[priors]\nT_high = { fixed = 12000 }\nlog_ne = { family = \"Normal\", mean = 2, sd = 0.3 }\n",
    )
    .expect("a writable directory");
    let out = directory.join("p.csv");
    let arguments = "simulate --objects 4 --seed 2 --truth prior --snr 4 --limits 3 --noise student-t:5 --lines O3_5007A,O3_4363A,H1_6563A";
    let run = nebulium(&format!("{arguments} --config"), &[&config, Path::new("--out"), &out]);
    assert_eq!(run.code, 0, "{}", run.err);
    let text = std::fs::read_to_string(&out).expect("the catalogue");
    assert!(text.starts_with("object,line,flux,flux_err,limit\n"), "{text}");
    assert!(text.contains(",true\n") && text.contains(",false\n"), "{text}");
    let truth = std::fs::read_to_string(directory.join("p_truth.csv")).expect("the truths");
    let high: Vec<&str> = truth
        .lines()
        .map(|row| row.split(',').nth(2).expect("a column"))
        .collect();
    assert_eq!(high, ["T_high", "12000", "12000", "12000", "12000"]);
    let run = nebulium("simulate --objects 1 --noise cauchy --out", &[&directory.join("q.csv")]);
    assert!(run.code == 2 && run.err.contains("log-gaussian"), "{}", run.err);
}

/// The precision asked for stands in the manifest, with its worst error.
#[test]
fn the_manifest_names_the_precision() {
    for (precision, name) in [("f64", "cpu (f64, "), ("f32", "cpu (f32, ")] {
        let out = scratch(&format!("commands_{precision}"));
        let run = nebulium(
            &format!("{SHORT} data/shoc579.csv --precision {precision} --backend cpu --force --out"),
            &[&out],
        );
        assert_eq!(run.code, 0, "{}", run.err);
        let manifest = std::fs::read_to_string(out.join("manifest.json")).unwrap();
        assert!(manifest.contains(name), "{manifest}");
        assert_eq!(
            manifest.contains("\"f32_audit\": null"),
            precision == "f64",
            "{manifest}"
        );
    }
}
