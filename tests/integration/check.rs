//! `nebulium check`: two screens for a catalogue, one object in full, and the flags that decide how
//! a table is read.

use std::path::{Path, PathBuf};

use crate::program::{Run, file, mixed_catalogue, nebulium, scratch};

/// H 1013, dereddened (Esteban et al. 2009, ApJ 700, 654), Hβ = 100.
const H1013: &str = "3726.03 106 4\n3728.82 141 6\n4101.74 25.3 0.9\n4340.47 44 1\n4861.33 100 3\n4958.91 33 1\n\
                     5006.84 97 3\n6562.82 282 16\n6716.47 16.8 0.9\n6730.85 12.3 0.7\n";

/// A catalogue in long form.
fn long(directory: &Path, name: &str, rows: &[String]) -> PathBuf {
    file(
        directory,
        name,
        &format!("object,line,flux,flux_err\n{}\n", rows.join("\n")),
    )
}

/// Rows of an object with Hβ, Hα, \[O III\] and \[O II\], its \[O III\] 4959 as given.
fn galaxy(id: &str, h_alpha: f64, weak: &str) -> Vec<String> {
    let mut rows: Vec<String> = [
        ("H1_4861A", 1.0),
        ("O2_3726A_m", 1.1),
        ("O3_5007A", 5.7),
        ("O3_4363A", 0.1),
    ]
    .map(|(line, flux)| format!("{id},{line},{flux},{}", 0.02 * flux))
    .to_vec();
    rows.push(format!("{id},H1_6563A,{h_alpha},{}", 0.02 * h_alpha));
    rows.extend((!weak.is_empty()).then(|| format!("{id},O3_4959A,{weak},0.02")));
    rows
}

fn has(run: &Run, parts: &[&str]) {
    for part in parts {
        assert!(run.out.contains(part), "{part}: {}{}", run.out, run.err);
    }
}

#[test]
fn a_single_object_is_shown_in_full() {
    let run = nebulium("check data/shoc579.csv", &[]);
    assert_eq!(run.code, 0);
    has(
        &run,
        &[
            "SHOC579, from row ",
            "    = O2_3726A + O2_3729A\n",
            "EW [Å]",
            "high zone: He1, He2, O3",
            "HalfNormal(1)",
            "absorption: ",
            "  used\n",
            "1 object would be fitted, 0 rejected.",
        ],
    );
    let of_hbeta = |line: &&str| line.trim_start().starts_with("H1_4861A");
    let cells: Vec<&str> = run.out.lines().find(of_hbeta).unwrap().split_whitespace().collect();
    assert_eq!(cells[1..7], ["112.2", "1.37", "81.9", "235", "1.000", "0.0122"]);
}

#[test]
fn a_catalogue_fits_on_two_screens() {
    let directory = scratch("check_screens");
    let rows: Vec<String> = (0..300)
        .flat_map(|number| galaxy(&format!("g{number}"), 3.3, "1.9"))
        .chain(galaxy("odd", 1.2, "1.9"))
        .chain(galaxy("alone", 3.3, ""))
        .chain(galaxy("sum", 3.3, "0.5"))
        .chain((0..20).map(|number| format!("bad{number},H1_4861A,much,0.1")))
        .collect();
    let run = nebulium("check", &[&long(&directory, "many.csv", &rows)]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.out.lines().count() <= 48, "{}", run.out);
    assert!(run.out.lines().all(|line| line.chars().count() <= 100), "{}", run.out);
    has(
        &run,
        &[
            "many.csv: long, 323 objects\n303 objects would be fitted, 20 rejected.\n",
            "S/N of Hβ: 50.0 (5 %)",
            "20 objects, such as bad0: ",
            "found `much`",
            "1  Hα/Hβ outside 2 to 10: ",
            "(odd 1.20)",
            "[O III] 5007 without 4959: ",
            "(alone)",
            "(sum 11.4)",
            "  O2_3726A_m      303      303",
            "= O2_3726A + O2_3729A",
            "303  no_density_line: ",
        ],
    );
}

#[test]
fn rejected_objects_are_all_named_on_demand() {
    let mixed = mixed_catalogue(&scratch("check_rejected"));
    let run = nebulium("check --rejected", &[&mixed]);
    assert_eq!(run.code, 0);
    has(
        &run,
        &[
            "no_hbeta\n  rejected:\n",
            "wrong\n  rejected:\n",
            "2 objects would be fitted, 2 rejected.\n",
        ],
    );
    assert_eq!(nebulium("check --strict", &[&mixed]).code, 4);
}

#[test]
fn single_objects_are_shown_by_name() {
    let mixed = mixed_catalogue(&scratch("check_object"));
    let run = nebulium("check --object last --object wrong", &[&mixed]);
    assert_eq!(run.code, 0, "{}", run.err);
    has(
        &run,
        &["last, from row ", "wrong\n  rejected:\n", "found `much`", "T_high"],
    );
    assert!(!run.out.contains("first"), "{}", run.out);
    let run = nebulium("check --object lost", &[&mixed]);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert!(
        run.err.contains("no object `lost`") && run.err.contains("such as `last`"),
        "{}",
        run.err
    );
}

#[test]
fn dereddened_lists_are_recognised_and_fitted_without_extinction() {
    let directory = scratch("check_dereddened");
    let list = file(&directory, "h1013.dat", H1013);
    let run = nebulium("check", &[&list]);
    has(&run, &["as if dereddened already: use --dereddened", "cHbeta"]);
    let run = nebulium("check --dereddened", &[&list]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(
        !run.out.contains("cHbeta") && !run.out.contains("dereddened"),
        "{}",
        run.out
    );
    let config = file(
        &directory,
        "f99.toml",
        "[extinction]\nlaw = \"F99\"\nrv = 3.1\n[priors]\ncHbeta = { fixed = 0.2 }\n",
    );
    let out = directory.join("init.toml");
    let run = nebulium(
        "init --dereddened --config",
        &[&config, &list, Path::new("--out"), &out],
    );
    assert_eq!(run.code, 0, "{}", run.err);
    let written = nebulium::config::Config::read(&out).unwrap();
    assert_eq!((written.extinction.law.as_str(), written.extinction.rv), ("none", None));
    assert!(written.priors.is_empty());
}

#[test]
fn flags_of_the_input_stand_for_keys_of_the_configuration() {
    let directory = scratch("check_flags");
    let list = file(&directory, "h1013.dat", H1013);
    let out = directory.join("init.toml");
    let flags = "init --line HB4861=H1_4861A --line A=O3_5007A --extension 2 --keep ra,dec --keep z";
    let run = nebulium(flags, &[&list, Path::new("--out"), &out]);
    assert_eq!(run.code, 0, "{}", run.err);
    let written = nebulium::config::Config::read(&out).unwrap();
    assert_eq!(written.lines["HB4861"], "H1_4861A");
    assert_eq!(written.lines["A"], "O3_5007A");
    assert_eq!(written.catalogue.extension.as_deref(), Some("2"));
    assert_eq!(written.catalogue.keep, ["ra", "dec", "z"]);
    let run = nebulium("check data/shoc579.csv --line HB4861", &[]);
    assert!(run.code == 2 && run.err.contains("NAME=LABEL"), "{}", run.err);
}

#[test]
fn warnings_are_shown_by_check_and_counted_elsewhere() {
    let directory = scratch("check_warnings");
    let list = file(&directory, "h1013.dat", &format!("{H1013}4267.15 0.3 0.1\n"));
    let check = nebulium("check", &[&list]);
    assert!(check.err.is_empty(), "{}", check.err);
    has(&check, &["warning: ", "4267.15 (row 11)"]);
    let out = directory.join("init.toml");
    let init = nebulium("init", &[&list, Path::new("--out"), &out]);
    assert_eq!(init.err, "1 warning about the catalogue: nebulium check shows it\n");
    let init = nebulium("init data/shoc579.csv --out", &[&directory.join("other.toml")]);
    assert_eq!(init.err, "");
}

#[test]
fn control_characters_of_a_table_never_reach_the_terminal() {
    let directory = scratch("check_controls");
    let rows: Vec<String> = ["a\u{1b}[31m", "b\u{202e}", "c\u{9b}"]
        .iter()
        .flat_map(|id| galaxy(id, 1.2, "1.9"))
        .chain(["d\u{1b}]0;x\u{7},H1_4861A,\u{1b}[2J,0.1".to_owned()])
        .collect();
    let path = long(&directory, "c.csv", &rows);
    for arguments in [
        "check",
        "check --rejected",
        "check --object b\u{202e}",
        "check --object none",
    ] {
        let run = nebulium(arguments, &[&path]);
        let raw = |c: char| c.is_control() && c != '\n' || c == '\u{202e}';
        assert!(
            !run.out.contains(raw) && !run.err.contains(raw),
            "{arguments}: {:?} {:?}",
            run.out,
            run.err
        );
    }
    has(&nebulium("check", &[&path]), &["a\\u{1b}[31m", "b\\u{202e}"]);
}
