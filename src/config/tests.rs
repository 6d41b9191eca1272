//! Configurations read, written, refused and checked.

use super::Config;
use crate::draws::KeepDraws;
use crate::nuts;

fn parsed(text: &str) -> Config {
    toml::from_str(text).unwrap()
}

#[test]
fn the_canonical_text_reads_back_to_itself() {
    let text = "[model]\npreset = \"plain\"\ntie_T_low = false\n[extinction]\nlaw = \"F99\"\nrv = 4\n[sampler]\nseed = 7\n\
                [abundances]\nN = \"izotov2006\"\n[output]\nkeep_draws = \"thin:5\"\n[blends]\nO2_7325A_m = \"O2_7319A + O2_7330A\"\n\
                [priors]\nT_low = { family = \"Normal\", mean = 1e4, sd = 500 }\ntau = { fixed = 0 }";
    let config = parsed(text);
    let again = parsed(&config.canonical());
    assert_eq!(config.canonical(), again.canonical());
    assert_eq!(config.hash(), again.hash());
    assert_ne!(config.hash(), Config::default().hash());
    assert_eq!(config.table_settings().blends["O2_7325A_m"], ["O2_7319A", "O2_7330A"]);
    assert_eq!(config.output.keep_draws, Some(KeepDraws::Thin(5)));
}

#[test]
fn unknown_keys_are_refused_in_every_table() {
    for table in [
        "model",
        "extinction",
        "sampler",
        "classical",
        "catalogue",
        "abundances",
        "output",
        "priors.tau",
    ] {
        let text = format!("[{table}]\ncolour = 3\n");
        let message = toml::from_str::<Config>(&text).unwrap_err().to_string();
        assert!(
            message.contains("line 2, column 1") && message.contains("colour"),
            "{message}"
        );
    }
    assert!(
        toml::from_str::<Config>("[modle]\n")
            .unwrap_err()
            .to_string()
            .contains("line 1, column 2")
    );
}

#[test]
fn the_former_name_of_a_key_is_refused_with_the_new_one() {
    let message = toml::from_str::<Config>("[sampler]\njumps = false\n")
        .unwrap_err()
        .to_string();
    assert!(
        message.contains("line 2") && message.contains("`independence`"),
        "{message}"
    );
    assert!(!parsed("[sampler]\nindependence = false\n").sampler.independence);
    assert!(!Config::default().canonical().contains("jumps"));
}

#[test]
fn the_former_key_of_second_runs_is_refused_with_the_new_one() {
    let message = toml::from_str::<Config>("[sampler]\nrerun = false\n")
        .unwrap_err()
        .to_string();
    assert!(
        message.contains("line 2") && message.contains("`looks = 1`"),
        "{message}"
    );
    assert!(!Config::default().canonical().contains("rerun"));
}

#[test]
fn looks_end_where_the_draws_of_all_chains_would_be_too_many() {
    assert_eq!(parsed("[sampler]\nlooks = 3\n").fit_options().looks, 3);
    let many = "[sampler]\nchains = 100000\ndraws = 40\n";
    assert_eq!(parsed(many).fit_options().looks, 2);
    let largest = "[sampler]\nchains = 1\ndraws = 10000000\n";
    assert_eq!(parsed(largest).fit_options().looks, 1);
}

#[test]
fn numbers_out_of_range_are_named() {
    let wrong = [
        "chains = 0",
        "draws = 3",
        "target_accept = 1.5",
        "max_treedepth = 0",
        "step_size_jitter = 1.5",
        "looks = 5",
    ];
    for setting in wrong {
        let config = parsed(&format!("[sampler]\n{setting}\n"));
        let message = config.validate().unwrap_err().to_string();
        assert!(
            message.starts_with(&setting.replace(" = ", " = `")[..setting.len()]),
            "{message}"
        );
    }
    assert!(Config::default().validate().is_ok());
    assert!("thin:0".parse::<KeepDraws>().is_err() && "some".parse::<KeepDraws>().is_err());
}

#[test]
fn the_sampler_keeps_the_defaults_of_its_module() {
    assert_eq!(Config::default().fit_options().sampler, nuts::Settings::default());
}
