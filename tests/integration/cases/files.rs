//! Several files as one catalogue: a bad one among good ones, and files of one name.

use nebulium::table::Settings;

use super::{fixture, read_files, told};

const LIST: &[u8] = b"4861.33 100 1\n5006.84 500 5\n";
const LOG: &[u8] = b",intg_flux,intg_flux_err\nH1_4861A,100,1\nO3_5007A,500,5\n";
const GOOD: &str = "100±1: O3_5007A 5±0.05";

fn objects(contents: &[(&str, &[u8])]) -> Vec<String> {
    let (_folder, paths) = super::files(contents);
    read_files(&paths, &Settings::default())
        .unwrap()
        .entries
        .iter()
        .map(told)
        .collect()
}

#[test]
fn a_bad_file_is_a_rejected_object_in_its_place() {
    let endless = vec![b'1'; 17 << 20];
    let noise: Vec<u8> = (0..4000_u32)
        .map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8)
        .collect();
    let cases: [(&[u8], &str); 9] = [
        (b"", "empty"),
        (b"\n \n", "empty"),
        (b"# only a comment\n", "empty"),
        (&[0x1f, 0x8b, 8, 0], "bad.dat"),
        (&noise, "bad.dat"),
        (b"SIMPLE  =                    T", "bad.dat"),
        (b"<VOTABLE version=\"1.4\">", "VOTable"),
        (&endless, "row 1 is longer than 16 MB"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "bad.dat"),
    ];
    for (content, reason) in cases {
        let told = objects(&[("first.dat", LIST), ("bad.dat", content), ("last.csv", LOG)]);
        assert_eq!(told.len(), 3, "{reason}: {told:?}");
        assert_eq!(
            [&told[0], &told[2]],
            [&format!("first {GOOD}"), &format!("last {GOOD}")]
        );
        assert!(
            told[1].starts_with("bad rejected: bad.dat") && told[1].contains(reason),
            "{reason}: {}",
            told[1]
        );
    }
}

#[test]
fn a_missing_file_and_a_folder_are_rejected_objects() {
    let (folder, mut paths) = super::files(&[("a.dat", LIST), ("in/b.dat", LIST)]);
    paths.insert(1, folder.path().join("absent.dat"));
    paths.insert(2, folder.path().join("in"));
    let catalogue = read_files(&paths, &Settings::default()).unwrap();
    let told: Vec<String> = catalogue.entries.iter().map(told).collect();
    assert_eq!([&told[0], &told[3]], [&format!("a {GOOD}"), &format!("b {GOOD}")]);
    assert!(told[1].starts_with("absent rejected: absent.dat: "), "{told:?}");
    assert!(told[2].starts_with("in rejected: in: a directory"), "{told:?}");
    assert_eq!(catalogue.files.len(), 4);
    assert!(read_files(&paths[1..2], &Settings::default()).is_err());
}

#[test]
fn a_bad_row_or_cell_costs_its_object_alone() {
    let rows = "object,line,flux,flux_err\na,Hbeta,100,1\na,O3_5007A,500,5\nb,Hbeta,100,1\nb,O3_5007A,BAD\nc,Hbeta,100,1\nc,O3_5007A,500,5\n";
    for bad in [
        "much,5",
        "1e999,5",
        "500",
        "500,5,6",
        "500,-5",
        "500,x",
        "\"500,5",
        &"9".repeat(100_000),
    ] {
        let told = objects(&[("t.csv", rows.replace("BAD", bad).as_bytes())]);
        assert_eq!(told.len(), 3, "{told:?}");
        assert_eq!([&told[0], &told[2]], [&format!("a {GOOD}"), &format!("c {GOOD}")]);
        assert!(told[1].starts_with("b rejected: t.csv: row 5"), "{}", told[1]);
    }
    let list = b"4861.33 100 1\n5006.84 500 5\n4363.21 x 1\n";
    let told = objects(&[("a.dat", LIST), ("b.dat", list), ("c.dat", LIST)]);
    assert!(
        told[1].starts_with("b rejected: b.dat: row 3, column `flux`: found `x`"),
        "{told:?}"
    );
    assert_eq!([&told[0], &told[2]], [&format!("a {GOOD}"), &format!("c {GOOD}")]);
}

/// As pipelines write them: one folder a galaxy, one name for all logs.
#[test]
fn files_of_one_name_are_called_by_their_folders_too() {
    let told = objects(&[("a/log.txt", LOG), ("b/log.txt", LOG), ("c/other.txt", LOG)]);
    assert_eq!(told, ["a/log", "b/log", "other"].map(|name| format!("{name} {GOOD}")));
    let told = objects(&[("a/log.dat", LIST), ("b/log.csv", LOG)]);
    assert_eq!(told, ["a/log", "b/log"].map(|name| format!("{name} {GOOD}")));
    let told = objects(&[("a/x/log.txt", LOG), ("b/x/log.txt", LOG), ("b/y/log.txt", LOG)]);
    assert_eq!(
        told,
        ["a/x/log", "b/x/log", "y/log"].map(|name| format!("{name} {GOOD}"))
    );
}

#[test]
fn a_file_given_twice_is_one_object_and_one_rejected() {
    let (_folder, paths) = super::files(&[("a.dat", LIST)]);
    let twice = [paths[0].clone(), paths[0].clone()];
    let told: Vec<String> = read_files(&twice, &Settings::default())
        .unwrap()
        .entries
        .iter()
        .map(told)
        .collect();
    assert!(
        told[0].ends_with(GOOD) && told[1].contains("rejected: ") && told[1].contains("already"),
        "{told:?}"
    );
}

#[test]
fn an_extension_says_its_name_unless_other_files_have_it_too() {
    let log = fixture("../lime.fits");
    let names = |paths: &[std::path::PathBuf]| -> Vec<String> {
        let catalogue = read_files(paths, &Settings::default()).unwrap();
        catalogue.entries.iter().map(|entry| entry.id().to_owned()).collect()
    };
    assert_eq!(names(std::slice::from_ref(&log)), ["38-35_LINELOG", "38-36_LINELOG"]);
    assert_eq!(names(&[fixture("lime_frame_a.fits")]), ["lime_frame_a"]);
    let (_folder, paths) = super::files(&[("copy.fits", &std::fs::read(&log).unwrap())]);
    let repeated = [
        "lime 38-35_LINELOG",
        "lime 38-36_LINELOG",
        "copy 38-35_LINELOG",
        "copy 38-36_LINELOG",
    ];
    assert_eq!(names(&[log, paths[0].clone()]), repeated);
}

#[test]
fn files_of_all_forms_are_one_catalogue() {
    let wide = b"object,H1_4861A,H1_4861A_err,O3_5007A,O3_5007A_err\nw,100,1,500,5\n";
    let long = b"object;line;flux;flux_err\nl;Hbeta;100;1\nl;[OIII]5007;500;5\n";
    let pyneb = b"LINE p errp\nH1r_4861A 100 0.01\nO3_5007A 500 0.01\n";
    let told = objects(&[
        ("a.dat", LIST),
        ("b.csv", wide),
        ("c.csv", long),
        ("d.dat", pyneb),
        ("e.csv", LOG),
    ]);
    assert_eq!(told, ["a", "w", "l", "p", "e"].map(|name| format!("{name} {GOOD}")));
}
