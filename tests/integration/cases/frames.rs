//! Frames of LiMe: many objects in one table, told apart by `id` and `file`.

use super::{object, objects};

const HEADER: &str = "id,file,line,intg_flux,intg_flux_err,profile_flux,profile_flux_err,group_label\n";

/// Objects of the rows of two galaxies.
const TWO: [&str; 2] = [
    "galA 100±1: O3_4363A 0.097±0.003, O3_5007A 5.6±0.06",
    "galB 40±1: O3_4363A 0.0275±0.0075, O3_5007A 3±0.15",
];

/// Rows of two galaxies, each a line.
const ROWS: [&str; 6] = [
    "galA,a.fits,H1_4861A,100,1,101,1,none",
    "galA,a.fits,O3_4363A,9.7,0.3,9.6,0.3,none",
    "galA,a.fits,O3_5007A,560,6,561,6,none",
    "galB,b.fits,H1_4861A,40,1,41,1,none",
    "galB,b.fits,O3_4363A,1.1,0.3,1.0,0.3,none",
    "galB,b.fits,O3_5007A,120,6,121,6,none",
];

fn frame(rows: &[&str]) -> String {
    format!("{HEADER}{}\n", rows.join("\n"))
}

/// The text without its column of this number, counted from 0.
fn without(column: usize, text: &str) -> String {
    let rows = text.lines().map(|row| {
        let fields = row.split(',').enumerate().filter(|(index, _)| *index != column);
        fields.map(|(_, field)| field).collect::<Vec<_>>().join(",") + "\n"
    });
    rows.collect()
}

#[test]
fn rows_of_one_id_are_an_object_in_any_order() {
    assert_eq!(objects("f.csv", &frame(&ROWS), ""), TWO);
    let interleaved = [ROWS[0], ROWS[3], ROWS[1], ROWS[4], ROWS[2], ROWS[5]];
    assert_eq!(objects("f.csv", &frame(&interleaved), ""), TWO);
    assert_eq!(objects("f.csv", &without(1, &frame(&interleaved)), ""), TWO);
}

#[test]
fn the_way_a_frame_was_written_changes_nothing() {
    let plain = frame(&ROWS);
    let index = |(number, row): (usize, &str)| match number {
        0 => format!(",{row}\n"),
        number => format!("{},{row}\n", number - 1),
    };
    let indexed: String = plain.lines().enumerate().map(index).collect();
    assert_eq!(objects("f.csv", &indexed, ""), TWO);
    for separator in ["\t", ";", "  "] {
        assert_eq!(
            objects("f.txt", &plain.replace(',', separator), ""),
            TWO,
            "{separator:?}"
        );
    }
    // As LiMe's save_frame writes text: the index has no name.
    let unnamed: String = indexed.trim_start_matches(',').replace(',', "   ");
    assert_eq!(objects("f.txt", &unnamed, ""), TWO);
}

#[test]
fn one_id_in_several_files_is_an_object_a_file() {
    let rows = ROWS.map(|row| row.replace("galB", "galA"));
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    assert_eq!(
        objects("f.csv", &frame(&rows), ""),
        [
            TWO[0].replace("galA", "galA a.fits"),
            TWO[1].replace("galB", "galA b.fits")
        ]
    );
    let named = "[catalogue.columns]\nobject = \"{file}\"";
    assert_eq!(
        objects("f.csv", &frame(&rows), named),
        [TWO[0].replace("galA", "a.fits"), TWO[1].replace("galB", "b.fits")]
    );
    let files = without(0, &frame(&rows));
    assert_eq!(
        objects("f.csv", &files, ""),
        [TWO[0].replace("galA", "a.fits"), TWO[1].replace("galB", "b.fits")]
    );
}

#[test]
fn components_of_one_line_are_summed_within_their_object_only() {
    let narrow = "galA,a.fits,O3_5007A_k-1,30,3,20,4,O3_5007A+O3_5007A_k-1";
    let rows = [
        ROWS[0],
        "galA,a.fits,O3_5007A,560,6,480,3,O3_5007A+O3_5007A_k-1",
        ROWS[3],
        narrow,
        ROWS[5],
    ];
    assert_eq!(
        objects("f.csv", &frame(&rows), ""),
        ["galA 100±1: O3_5007A 5±0.05", "galB 40±1: O3_5007A 3±0.15"]
    );
    let stray = narrow.replace("galA,a.fits", "galB,b.fits");
    let rows = [ROWS[0], ROWS[2], ROWS[3], &stray, ROWS[5]];
    let told = objects("f.csv", &frame(&rows), "");
    assert_eq!(told[0], "galA 100±1: O3_5007A 5.6±0.06");
    // 120 of the line by itself, 20 of the component's profile.
    assert_eq!(told[1], "galB 40±1: O3_5007A 3.5±0.1802776");
}

#[test]
fn a_second_row_of_a_line_rejects_its_object_alone() {
    let rows = [&ROWS[..], &["galA,a.fits,O3_4363A,9.8,0.3,9.7,0.3,none"]].concat();
    let told = objects("f.csv", &frame(&rows), "");
    assert_eq!(
        told[0],
        "galA rejected: f.csv: row 8, column `label`: O3_4363A is the same line as O3_4363A in row 3, expected each once"
    );
    assert_eq!(told[1], TWO[1]);
    for twice in ["O3_5007A_k-1", "O3_5007A_b"] {
        let row = format!("galB,b.fits,{twice},9.8,0.3,9.7,0.3,none");
        let rows = [&ROWS[..], &[&row, &row]].concat();
        let told = objects("f.csv", &frame(&rows), "");
        assert_eq!(told[0], TWO[0]);
        assert!(
            told[1].starts_with("galB rejected: ") && told[1].contains("the same line"),
            "{told:?}"
        );
    }
}

#[test]
fn a_bad_cell_rejects_its_object_alone() {
    for (good, bad) in [
        ("120,6,", "x,6,"),
        ("120,6,121,6,none", "120,6"),
        ("galB,b.fits,O3_5007A,120,6", "galB,b.fits,O3_5007A,1e999,6"),
    ] {
        let told = objects("f.csv", &frame(&ROWS).replace(good, bad), "");
        assert_eq!(told[0], TWO[0], "{bad}");
        assert!(told[1].starts_with("galB rejected: f.csv: row 7"), "{bad}: {told:?}");
    }
}

#[test]
fn a_row_without_an_id_is_nobodys() {
    let told = objects("f.csv", &frame(&ROWS).replace("galB,b.fits,O3_5007A", ",,O3_5007A"), "");
    assert_eq!(
        told[..2],
        [TWO[0].to_owned(), "galB 40±1: O3_4363A 0.0275±0.0075".to_owned()]
    );
    let reason = " rejected: f.csv: row 7, column `id`: found nothing, expected an object's name";
    assert_eq!(told[2], reason);
    let told = objects("f.csv", &frame(&ROWS).replace("galB", ""), "");
    assert!(
        told.len() == 2 && told[1].contains("row 5, column `id`: found nothing"),
        "{told:?}"
    );
    let told = objects("f.csv", &frame(&ROWS).replace("b.fits", ""), "");
    assert_eq!(told, TWO, "the file only tells apart what `id` does not");
}

#[test]
fn two_objects_of_one_name_are_not_one_after_the_other() {
    let rows = ROWS.map(|row| row.replace("galB", "galA"));
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let by_id = "[catalogue.columns]\nobject = \"{id}\"";
    let told = object("f.csv", &frame(&rows), by_id);
    assert!(
        told.starts_with("galA rejected: ") && told.contains("the same line as H1_4861A in row 2"),
        "{told}"
    );
    let [hbeta, oxygen] = [ROWS[0], ROWS[2]].map(|row| row.replace("galA", "galA a.fits"));
    let alike = [&rows[..], &[&hbeta, &oxygen]].concat();
    let told = objects("f.csv", &frame(&alike), "");
    assert!(
        told.len() == 3 && told[2].starts_with("galA a.fits rejected: "),
        "{told:?}"
    );
}

#[test]
fn values_that_lime_does_not_have_are_missing() {
    for missing in ["NaN", "nan", "none", "None", ""] {
        let rows = frame(&ROWS).replace("9.7,0.3,9.6,0.3", &[missing; 4].join(","));
        assert_eq!(
            objects("f.csv", &rows, "")[0],
            "galA 100±1: O3_5007A 5.6±0.06",
            "{missing:?}"
        );
    }
}

#[test]
fn names_of_the_configuration_hold_for_logs_too() {
    let text = ",intg_flux,intg_flux_err\nH1_4861A,100,1\nO3_5007A,500,5\nOIII_b,10,1\nX1_1234A,3,1\n";
    let toml = "[lines]\nOIII_b = \"O3_4363A\"\nX1_1234A = \"ignore\"";
    assert_eq!(
        object("log.csv", text, toml),
        "log 100±1: O3_5007A 5±0.05, O3_4363A 0.1±0.01"
    );
}
