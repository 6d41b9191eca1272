//! Names that no rule can read, and how the configuration maps them.

use super::{object, objects};

const WIDE: &str =
    "[catalogue]\nformat = \"wide\"\ncolumns = { object = \"id\", flux = \"{line}_f\", error = \"{line}_e\" }\n";

#[test]
fn a_name_is_looked_up_before_any_rule_in_columns_and_cells() {
    let lines = "[lines]\nblue = \"H1_4861A\"\nOIII = \"O3_5007A\"\nO3_4363A = \"O3_4959A\"\n";
    let wide = "id,blue_f,blue_e,OIII_f,OIII_e,O3_4363A_f,O3_4363A_e\na,100,1,500,5,160,2\n";
    let expected = "a 100±1: O3_5007A 5±0.05, O3_4959A 1.6±0.02";
    assert_eq!(object("t.csv", wide, &format!("{WIDE}{lines}")), expected);
    let labels = "object,blue,blue_err,OIII,OIII_err,O3_4363A,O3_4363A_err\na,100,1,500,5,160,2\n";
    assert_eq!(object("t.csv", labels, lines), expected);
    let long = "line,flux,flux_err\nblue,100,1\nOIII,500,5\nO3_4363A,160,2\n";
    assert_eq!(object("a.csv", long, lines), expected);
    let log = ",intg_flux,intg_flux_err\nblue,100,1\nOIII,500,5\nO3_4363A,160,2\n";
    assert_eq!(object("a.csv", log, lines), expected);
    let pyneb = "LINE a erra\nblue 100 0.01\nOIII 500 0.01\nO3_4363A 160 0.0125\n";
    assert_eq!(object("t.dat", pyneb, lines), expected);
    let list = "4861.33 100 1\n1 500 5\n2 160 2\n";
    let numbers = "[lines]\n\"1\" = \"O3_5007A\"\n\"2\" = \"O3_4959A\"\n";
    assert_eq!(object("a.dat", list, numbers), expected);
}

#[test]
fn a_whole_column_can_be_named() {
    let text = "id,weird_f,weird_e,O3_5007A_f,O3_5007A_e\na,100,1,500,5\n";
    let toml = format!("{WIDE}[lines]\nweird_f = \"H1_4861A\"\n");
    assert_eq!(object("t.csv", text, &toml), "a 100±1: O3_5007A 5±0.05");
}

#[test]
fn case_does_not_matter() {
    let long = "Object,LINE,Flux,FLUX_ERR\na,hBETA,100,1\na,oiii_5007,500,5\na,MyLine,10,1\n";
    assert_eq!(
        object("t.csv", long, "[lines]\nmyline = \"O3_4363A\"\n"),
        "a 100±1: O3_5007A 5±0.05, O3_4363A 0.1±0.01"
    );
    let wide = "ID,HBETA_F,hbeta_E,oiii_5007_F,OIII_5007_e\na,100,1,500,5\n";
    assert_eq!(object("t.csv", wide, WIDE), "a 100±1: O3_5007A 5±0.05");
    let labels = "OBJECT,h1_4861a,H1_4861A_ERR,o3_5007A,O3_5007a_err\na,100,1,500,5\n";
    assert_eq!(object("t.csv", labels, ""), "a 100±1: O3_5007A 5±0.05");
}

#[test]
fn a_name_can_be_left_out_or_mean_a_sum() {
    let rows = "line,flux,flux_err\nHbeta,100,1\n[OIII],660,5\nbump,7,1\nneb,145,4\n";
    let toml = "[lines]\n\"[OIII]\" = \"O3_4959A + O3_5007A\"\nbump = \"ignore\"\nneb = \"O2_3726A_m\"\n";
    let sums = "O3_4959A+O3_5007A 6.6±0.05, O2_3726A+O2_3729A 1.45±0.04";
    assert_eq!(object("a.csv", rows, toml), format!("a 100±1: {sums}"));
    let wide = "id,Hbeta_f,Hbeta_e,[OIII]_f,[OIII]_e,bump_f,bump_e,neb_f,neb_e\na,100,1,660,5,7,1,145,4\n";
    assert_eq!(
        object("t.csv", wide, &format!("{WIDE}{toml}")),
        format!("a 100±1: {sums}")
    );
}

/// Names that are mapped count among the names of the table: the other line of a doublet is there.
#[test]
fn a_mapped_name_is_a_partner() {
    let rows = "line,flux,flux_err\nHbeta,100,1\nOII3727,60,2\nred,80,2\n";
    let toml = "[lines]\nred = \"O2_3729A\"\n";
    assert_eq!(
        object("a.csv", rows, toml),
        "a 100±1: O2_3726A 0.6±0.02, O2_3729A 0.8±0.02"
    );
}

#[test]
fn what_no_rule_reads_names_the_key_that_does() {
    let long = "object,line,flux,flux_err\na,Hbeta,100,1\na,SII,20,1\nb,Hbeta,100,1\nb,[OIII]5007,500,5\n";
    let told = objects("t.csv", long, "");
    assert!(
        told[0].starts_with("a rejected: t.csv: row 3, column `line`: ") && told[0].contains("[lines] \"SII\" = "),
        "{told:?}"
    );
    assert_eq!(told[1], "b 100±1: O3_5007A 5±0.05");
    let wide = "id,Hbeta_f,Hbeta_e,SII_f,SII_e\na,100,1,20,1\n";
    let told = object("t.csv", wide, WIDE);
    assert!(
        told.starts_with("error: ") && told.contains("[lines] \"SII\" = "),
        "{told}"
    );
}

#[test]
fn a_label_of_the_configuration_that_is_none_is_an_error() {
    let rows = "line,flux,flux_err\nHbeta,100,1\nx,20,1\n[OIII]5007,500,5\n";
    for label in ["", "nonsense", "O3_4000A", "O3_5007A+", "+", "O3_5007A+O3_5007A"] {
        let told = object("a.csv", rows, &format!("[lines]\nx = {label:?}\n"));
        assert!(
            told.contains("rejected: a.csv: row 3, column `line`: ") || told.starts_with("error: "),
            "{label}: {told}"
        );
    }
}
