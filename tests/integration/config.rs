//! Configurations as users write them, and the messages about wrong ones.

use crate::program::{file, nebulium, scratch};

/// Checks SHOC 579 under a configuration: exit code and standard error.
fn check(name: &str, text: &str) -> (i32, String, String) {
    let config = file(&scratch(name), "model.toml", text);
    let run = nebulium("check data/shoc579.csv --config", &[&config]);
    (run.code, run.err, run.out)
}

#[test]
fn an_unknown_key_is_named_with_line_and_column() {
    let (code, err, _) = check("config_key", "[model]\npreset = \"plain\"\ncolour = 3\n");
    assert_eq!(code, 2);
    assert!(
        err.contains("model.toml") && err.contains("line 3, column 1") && err.contains("colour"),
        "{err}"
    );
}

#[test]
fn a_value_of_a_wrong_kind_is_named_with_line_and_column() {
    for (text, place) in [
        ("[model]\npreset = \"fancy\"\n", "line 2, column 10"),
        ("[sampler]\nchains = \"four\"\n", "line 2, column 10"),
        ("[output]\nkeep_draws = \"some\"\n", "line 2, column 14"),
        ("[model\n", "line 1"),
    ] {
        let (code, err, _) = check("config_value", text);
        assert!(code == 2 && err.contains(place), "{text}: {err}");
    }
}

#[test]
fn settings_that_make_no_sense_name_their_file() {
    for (text, word) in [
        ("[priors]\nT_hihg = { fixed = 1e4 }\n", "T_hihg"),
        ("[priors]\nT_low = { family = \"Normal\", sd = 3.0 }\n", "T_low"),
        ("[extinction]\nlaw = \"Calzetti\"\n", "Calzetti"),
        ("[extinction]\nlaw = \"CCM89\"\nrv = 60\n", "rv = 60"),
        ("[sampler]\ndraws = 2\n", "draws"),
        ("[sampler]\nchains = 100000000000\n", "chains"),
        ("[sampler]\ndraws = 2500001\n", "draws"),
        ("[sampler]\nwarmup = 99999999999\n", "warmup"),
        ("[model]\nerror_floor = 2.0\n", "error_floor"),
        ("[model]\nexclude = [\"O9_5007A\"]\n", "O9_5007A"),
        (
            "[model]\nexclude = [\"O3_5007A\", \"H1_4863A\"]\n",
            "model.exclude = `H1_4863A`: expected lines other than Hβ",
        ),
        ("[model]\nexclude = [\"H1_4861A\"]\n", "model.exclude = `H1_4861A`"),
    ] {
        let (code, err, _) = check("config_sense", text);
        assert!(
            code == 2 && err.contains("model.toml") && err.contains(word),
            "{text}: {err}"
        );
    }
}

/// A label that leaves out nothing is a warning of `check` and of `fit`; one that leaves out every
/// line of an object rejects the object.
#[test]
fn an_exclusion_without_effect_or_without_a_rest_is_said() {
    let directory = scratch("config_exclude");
    let text = "object,line,flux,flux_err\na,H1_4861A,1,0.01\na,H1_6563A,2.9,0.03\na,O2_3726A_m,2,0.03\n";
    let catalogue = file(&directory, "three.csv", text);
    let fit = "fit --preset plain --backend cpu --chains 2 --warmup 20 --draws 40 --config";
    for (labels, code, words) in [
        (
            "\"H1_6563A\", \"O3_5007A\"",
            0,
            "model.exclude = `O3_5007A`: no object has the line",
        ),
        (
            "\"H1_6563A\", \"O2_3729A\"",
            3,
            "object `a`: no line besides Hβ is left to fit",
        ),
    ] {
        let config = file(&directory, "model.toml", &format!("[model]\nexclude = [{labels}]\n"));
        for command in ["check --preset plain --config", fit] {
            let run = nebulium(command, &[&config, &catalogue]);
            let said = format!("{}{}", run.out, run.err);
            assert!(run.code == code && said.contains(words), "{command}: {said}");
            assert!(!said.contains("`H1_6563A`: no object"), "{command}: {said}");
        }
    }
}

#[test]
fn an_object_without_a_free_parameter_is_rejected() {
    let directory = scratch("config_fixed");
    let text = "object,line,flux,flux_err\na,H1_4861A,1,0.01\na,H1_6563A,2.9,0.03\n";
    let catalogue = file(&directory, "two.csv", text);
    let mut priors = String::from("[priors]\nT_low.fixed = 1e4\nT_high.fixed = 1e4\nlog_ne.fixed = 2\n");
    for (more, code, words) in [
        ("", 0, "1 object would be fitted"),
        ("cHbeta.fixed = 0.1\n", 3, "`a`: no free parameter"),
    ] {
        priors += more;
        let config = file(&directory, "model.toml", &priors);
        let run = nebulium("check --preset plain --config", &[&config, &catalogue]);
        assert!(run.code == code && run.out.contains(words), "{}{}", run.out, run.err);
        let run = nebulium(
            "fit --preset plain --backend cpu --chains 2 --draws 40 --config",
            &[&config, &catalogue],
        );
        assert_eq!(run.code, code, "{}", run.err);
    }
}

#[test]
fn blends_and_priors_reach_the_model() {
    let text = "[blends]\nO2_3726A_m = \"O2_3726A+O2_3729A\"\nAr4_4711A_m = [\"Ar4_4711A\"]\n\
                [priors]\ntau = { fixed = 0.25 }\n[model]\npreset = \"plain\"\n";
    let (code, _, out) = check("config_reach", text);
    assert_eq!(code, 0);
    assert!(
        out.contains("fixed at 0.25") && out.contains("Ar4_4711A_m ") && out.contains("\n    = Ar4_4711A\n"),
        "{out}"
    );
    assert!(!out.contains("absorption"), "{out}");
}

#[test]
fn a_side_table_is_found_beside_the_configuration() {
    let directory = scratch("config_side");
    file(
        &directory,
        "side.csv",
        "object,prior_T_low,prior_T_low_sd\nSHOC579,12345,500\n",
    );
    let config = file(&directory, "model.toml", "[catalogue]\npriors = \"side.csv\"\n");
    let run = nebulium("check data/shoc579.csv --config", &[&config]);
    assert!(
        run.code == 0 && run.out.contains("Normal(12345, 500)"),
        "{}{}",
        run.out,
        run.err
    );
    file(&directory, "side.csv", "object,prior_T_low\nSHOC579,hot\n");
    let run = nebulium("check data/shoc579.csv --config", &[&config]);
    assert!(
        run.code == 3 && run.err.contains("row 2, column `prior_T_low`: found `hot`"),
        "{}",
        run.err
    );
}
