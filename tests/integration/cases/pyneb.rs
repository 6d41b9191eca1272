//! Tables of PyNeb: errors as fractions, per cent or fluxes, Hβ given or implied.

use super::{object, objects};

const TABLE: &str = "LINE a erra\nH1r_4861A 100 0.01\nO3_5007A 500 0.02\nO3_4363A 10 0.1\n";
const READ: &str = "a 100±1: O3_5007A 5±0.1, O3_4363A 0.1±0.01";

#[test]
fn errors_are_fractions_unless_the_configuration_says_otherwise() {
    assert_eq!(object("t.dat", TABLE, ""), READ);
    let absolute = TABLE.replace("0.01", "1").replace("0.02", "10").replace("0.1", "1");
    assert_eq!(object("t.dat", &absolute, "[catalogue]\nrelative_errors = false"), READ);
    let per_cent = TABLE.replace("0.01", "1").replace("0.02", "2").replace("0.1", "10");
    assert_eq!(object("t.dat", &per_cent, "[catalogue]\npercent_errors = true"), READ);
}

#[test]
fn errors_that_cannot_be_fractions_are_refused_in_each_layout() {
    let columns = "LINE a erra\nH1r_4861A 100 3\nO3_5007A 500 15\nO3_4363A 10 1\n";
    let rows = "LINE a\nH1r_4861A 100\nH1r_4861Ae 3\nO3_5007A 500\nO3_5007Ae 15\nO3_4363A 10\nO3_4363Ae 1.5\n";
    let lines = "NAME H1r_4861A H1r_4861Ae O3_5007A O3_5007Ae O3_4363A O3_4363Ae\na 100 3 500 15 10 1.5\n";
    for text in [columns, rows, lines] {
        let told = object("t.dat", text, "");
        assert!(
            told.contains("rejected: ") && told.contains("`relative_errors = false`"),
            "{told}"
        );
        let told = object("t.dat", text, "[catalogue]\nrelative_errors = false");
        assert!(told.starts_with("a 100±3: O3_5007A 5±0.15, "), "{told}");
    }
}

/// Two errors above their fluxes among many, as of lines hardly seen, are no sign of another unit.
#[test]
fn a_few_large_fractions_are_not_doubted() {
    let faint = format!("{TABLE}N2_5755A 0.5 1.5\nS3_6312A 0.7 2\nS2_6716A 12 0.03\nS2_6731A 9 0.03\n");
    let told = object("t.dat", &faint, "");
    assert!(
        told.contains("N2_5755A 0.005±0.0075") && !told.contains("doubtful"),
        "{told}"
    );
}

#[test]
fn a_table_without_hbeta_names_the_key_that_implies_it() {
    let text = TABLE.replace("H1r_4861A 100 0.01\n", "");
    let told = object("t.dat", &text, "");
    assert!(
        told.starts_with("a rejected: ") && told.contains("has no flux of H1_4861A (Hβ)"),
        "{told}"
    );
    let implied = object("t.dat", &text, "[catalogue.columns]\nhbeta = 100");
    assert_eq!(implied, READ.replace("100±1", "100±0"));
}

#[test]
fn zero_errors_can_be_unknown() {
    let text = TABLE.replace("0.1\n", "0\n");
    assert_eq!(object("t.dat", &text, ""), READ.replace("0.1±0.01", "0.1±0"));
    let unknown = "[catalogue]\nzero_error_unknown = true\n";
    assert!(object("t.dat", &text, unknown).contains("rejected: "));
    assert_eq!(object("t.dat", &text, &format!("{unknown}flux_error = 0.1")), READ);
}

#[test]
fn values_that_are_not_there_are_missing() {
    for absent in ["nan", "NaN", "--", "...", "None"] {
        let text = TABLE.replace("O3_4363A 10 0.1", &format!("O3_4363A {absent} {absent}"));
        assert_eq!(object("t.dat", &text, ""), "a 100±1: O3_5007A 5±0.1", "{absent}");
    }
}

#[test]
fn objects_stand_in_columns_or_in_rows() {
    let two = ["a 100±1: O3_5007A 5±0.1", "b 50±1: O3_5007A 4±0.08"];
    let columns = "LINE a erra b errb\nH1r_4861A 100 0.01 50 0.02\nO3_5007A 500 0.02 200 0.02\n";
    let grouped = "LINE a b erra errb\nH1r_4861A 100 50 0.01 0.02\nO3_5007A 500 200 0.02 0.02\n";
    let rows = "LINE a b\nH1r_4861A 100 50\nH1r_4861Ae 0.01 0.02\nO3_5007A 500 200\nO3_5007Ae 0.02 0.02\n";
    let lines = "NAME H1r_4861A H1r_4861Ae O3_5007A O3_5007Ae\na 100 0.01 500 0.02\nb 50 0.02 200 0.02\n";
    for text in [columns, grouped, rows, lines] {
        assert_eq!(objects("t.dat", text, ""), two, "{text}");
    }
}

#[test]
fn one_bad_cell_costs_one_object() {
    let columns = "LINE a erra b errb\nH1r_4861A 100 0.01 50 0.02\nO3_5007A 500 0.02 x 0.02\n";
    let told = objects("t.dat", columns, "");
    assert_eq!(told[0], "a 100±1: O3_5007A 5±0.1");
    assert!(
        told[1].starts_with("b rejected: t.dat: row 3, column `b`: found `x`"),
        "{told:?}"
    );
    let lines =
        "NAME H1r_4861A H1r_4861Ae O3_5007A O3_5007Ae\na 100 0.01 500 0.02\nb 50 0.02 200\nc 50 0.02 200 0.02\n";
    let told = objects("t.dat", lines, "");
    assert!(
        told.len() == 3 && told[1].starts_with("b rejected: t.dat: row 3 has 4 fields"),
        "{told:?}"
    );
    let ragged = "LINE a erra b errb\nH1r_4861A 100 0.01 50 0.02\nO3_5007A 500 0.02\nO3_4363A 10 0.1 5 0.1\n";
    assert!(objects("t.dat", ragged, "")[0].contains("row 3 has 3 fields"));
}

#[test]
fn an_object_that_stands_twice_is_rejected_once() {
    let lines = "NAME H1r_4861A H1r_4861Ae O3_5007A O3_5007Ae\na 100 0.01 500 0.02\na 50 0.02 200 0.02\n";
    let told = objects("t.dat", lines, "");
    assert!(
        told[0] == "a 100±1: O3_5007A 5±0.1" && told[1].starts_with("a rejected: "),
        "{told:?}"
    );
    let twice = "LINE a erra\nH1r_4861A 100 0.01\nO3_5007A 500 0.02\nO3_5007A 510 0.02\n";
    assert!(object("t.dat", twice, "").contains("is the same line as O3_5007A in row 3"));
}
