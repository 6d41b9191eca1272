//! Output about the program itself: version, references, completions, man pages, help.

use crate::program::{entries, file, nebulium, scratch};

#[test]
fn the_version_names_commit_features_and_atomic_data() {
    let run = nebulium("--version", &[]);
    assert_eq!(run.code, 0, "{}", run.err);
    let lines: Vec<&str> = run.out.lines().collect();
    assert_eq!(lines[0], concat!("nebulium ", env!("CARGO_PKG_VERSION")));
    let commit = lines[1].strip_prefix("commit: ").expect("the commit");
    let is_hash = |text: &str| text.len() == 12 && text.chars().all(|c| c.is_ascii_hexdigit());
    assert!(commit == "unknown" || is_hash(commit.trim_end_matches('+')), "{commit}");
    assert!(lines[2].starts_with("features: cli, gpu"), "{}", lines[2]);
    let set = nebulium::emissivity::Set::built_in().unwrap();
    assert_eq!(lines[3], format!("emissivities: {}, SHA-256 {}", set.name, set.hash));
}

/// The references of a result are those of its own lines and choices, not all.
#[test]
fn a_result_is_cited_by_its_lines_and_choices() {
    let directory = scratch("pages_cite");
    let out = directory.join("result");
    let config = file(&directory, "c.toml", "[extinction]\nlaw = \"CCM89\"\n");
    let short = "fit data/hs0811.csv --quiet --chains 2 --warmup 30 --draws 40 --config";
    let run = nebulium(short, &[&config, "--out".as_ref(), &out]);
    assert_eq!(run.code, 0, "{}", run.err);
    let cited = nebulium("cite", &[&out]);
    assert_eq!(cited.code, 0, "{}", cited.err);
    for key in [
        "fernandez2019",
        "cardelli1989",
        "storey2014",
        "kisielius2009",
        "benjamin2002",
    ] {
        assert!(cited.out.contains(&format!("{{{key},")), "{key}: {}", cited.out);
    }
    for key in ["gordon2003", "badnell2014", "tayal2010"] {
        assert!(!cited.out.contains(&format!("{{{key},")), "{key}: {}", cited.out);
    }
    assert!(!cited.out.contains("without an entry"), "{}", cited.out);
    let all = nebulium("cite", &[]);
    assert!(all.code == 0 && all.out.contains("{gordon2003,") && all.out.contains("{badnell2014,"));
    file(&directory, "manifest.json", "{}");
    let refused = nebulium("cite", &[&directory]);
    assert!(
        refused.code == 3 && refused.err.contains("no manifest of a result"),
        "{}",
        refused.err
    );
}

#[test]
fn completions_and_man_pages_know_every_command() {
    let run = nebulium("completions bash", &[]);
    assert!(run.code == 0 && run.out.contains("convergence"), "{}", run.err);
    let run = nebulium("man", &[]);
    assert!(run.code == 0 && run.out.contains(".TH nebulium 1"), "{}", run.err);
    let directory = scratch("pages_man");
    let run = nebulium("man", &[&directory]);
    assert_eq!(run.code, 0, "{}", run.err);
    let pages = entries(&directory);
    for page in ["nebulium.1", "nebulium-fit.1", "nebulium-cite.1"] {
        assert!(pages.iter().any(|name| name == page), "{page}: {pages:?}");
    }
    let run = nebulium("man", &[&directory.join("nowhere")]);
    assert!(run.code == 1 && run.err.contains("nowhere"), "{}", run.err);
}

/// Every command has an example, and flags stand in groups.
#[test]
fn help_has_groups_and_examples() {
    let commands = [
        "fit",
        "compare",
        "convergence",
        "check",
        "init",
        "simulate",
        "emissivity",
        "lines",
        "cite",
        "completions",
        "man",
    ];
    for command in commands {
        let run = nebulium(&format!("{command} --help"), &[]);
        assert!(
            run.code == 0 && run.out.contains(&format!("  nebulium {command}")),
            "{command}: {}",
            run.out
        );
    }
    let fit = nebulium("fit --help", &[]).out;
    for group in ["Reading the catalogue:", "Model:", "Sampler:", "Machine:", "Result:"] {
        assert!(fit.contains(group), "{group}: {fit}");
    }
}

/// A misspelt word is answered with the one that was meant.
#[test]
fn a_misspelt_word_is_answered_with_the_nearest() {
    let directory = scratch("pages_near");
    let config = |text: &str| file(&directory, "c.toml", text);
    let typed = |line: &str| nebulium(line, &[]);
    let set = |text: &str| nebulium("check data/hs0811.csv --config", &[&config(text)]);
    for (run, meant) in [
        (typed("chek data/hs0811.csv"), "check"),
        (typed("check data/hs0811.csv --presett plain"), "--preset"),
        (typed("check data/hs0811.csv --preset plane"), "plain"),
        (set("[modle]\n"), "did you mean `model`"),
        (set("[model]\nprest = \"plain\"\n"), "did you mean `preset`"),
        (set("[model]\npreset = \"plane\"\n"), "did you mean `plain`"),
        (set("[model]\nexclude = [\"O3_5070A\"]\n"), "did you mean `O3_5007A`"),
        (set("[extinction]\nlaw = \"CCM98\"\n"), "did you mean `CCM89`"),
        (set("[priors]\nT_hihg = { fixed = 10000 }\n"), "did you mean `T_high`"),
        (
            set("[zones.low]\ntemperature = { from = \"high\", relation = \"garnet1992\" }\n[zones.high]\n"),
            "garnett1992",
        ),
    ] {
        assert!(run.code == 2 && run.err.contains(meant), "{meant}: {}", run.err);
    }
}
