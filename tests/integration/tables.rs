//! Tables as surveys, catalogues and programs write them: the guess at their columns, and the
//! objects that it gives.

use std::path::PathBuf;

use nebulium::table::{Entry, Guess, Settings, Sources, guess};

use crate::galaxies::Fixture;
use crate::program::{file, nebulium, scratch};

/// Lines of a galaxy: the flux in units of Hβ.
const LINES: [(&str, f64); 5] = [
    ("HB4861", 1.0),
    ("OIII4363", 0.05),
    ("OIII4959", 1.4),
    ("OIII5007", 4.2),
    ("HA6563", 2.9),
];

/// A column by name, and its cells in two rows.
type Cells = (&'static str, [&'static str; 2]);

/// A CSV table of two rows with these columns before those of the lines; of each line the columns
/// that `of_line` names, each with its factor to the flux.
fn table(name: &str, before: &[Cells], of_line: &[(&str, f64)]) -> PathBuf {
    let mut header: Vec<String> = before.iter().map(|(name, _)| (*name).to_owned()).collect();
    let mut rows = [0, 1].map(|row| {
        before
            .iter()
            .map(|(_, cells)| cells[row].to_owned())
            .collect::<Vec<_>>()
    });
    for (line, flux) in LINES {
        for (pattern, factor) in of_line {
            header.push(pattern.replace("{line}", line));
            for row in &mut rows {
                row.push(format!("{}", flux * factor));
            }
        }
    }
    let rows = rows.map(|row| row.join(","));
    let text = format!("{}\n{}\n{}\n", header.join(","), rows[0], rows[1]);
    file(&scratch(&format!("tables_{name}")), "table.csv", &text)
}

fn guessed(path: PathBuf) -> Guess {
    let settings = Settings::default();
    let paths = [path];
    let sources = Sources::open(&paths, &Fixture::get().set.list, &settings).unwrap();
    guess(&sources, &settings).unwrap()
}

fn text(pattern: &Option<String>) -> &str {
    pattern.as_deref().unwrap_or("none")
}

const IDS: [Cells; 1] = [("object", ["a", "b"])];

/// `HB4861_SIGMA` of PHANGS is a velocity in km/s.
#[test]
fn the_width_of_a_line_is_not_its_error() {
    let columns = [("{line}_FLUX", 1.0), ("{line}_FLUX_ERR", 0.02), ("{line}_SIGMA", 50.0)];
    let guess = guessed(table("sigma", &IDS, &columns)).columns;
    assert_eq!(
        (text(&guess.error), text(&guess.error_other)),
        ("{line}_FLUX_ERR", "none")
    );
    let guess = guessed(table("sigma_alone", &IDS, &[columns[0], columns[2]]));
    assert_eq!(text(&guess.columns.error), "none");
    assert!(guess.open[0].starts_with("no errors were found"), "{:?}", guess.open);
    let columns = [
        ("{line}_FLUX", 1.0),
        ("{line}_FLUX_IVAR", 2500.0),
        ("{line}_SIGMA", 50.0),
    ];
    let guess = guessed(table("sigma_ivar", &IDS, &columns)).columns;
    assert_eq!((text(&guess.ivar), text(&guess.error)), ("{line}_FLUX_IVAR", "none"));
}

#[test]
fn both_sides_of_an_error_are_found() {
    let sides = [
        ("{line}_errp", "{line}_errm"),
        ("{line}_eu", "{line}_el"),
        ("{line}_err_up", "{line}_err_lo"),
        ("{line}_ERR_UPPER", "{line}_ERR_LOWER"),
        ("E_{line}", "e_{line}"),
    ];
    for (number, (upper, lower)) in sides.into_iter().enumerate() {
        let columns = [("{line}", 1.0), (upper, 0.03), (lower, 0.02)];
        let guess = guessed(table(&format!("sides_{number}"), &IDS, &columns)).columns;
        assert_eq!((text(&guess.error), text(&guess.error_other)), (upper, lower));
    }
}

#[test]
fn errors_in_per_cent_are_known_by_their_name() {
    let guess = guessed(table("percent", &IDS, &[("{line}", 1.0), ("{line}_err_pct", 2.0)]));
    assert_eq!(guess.percent_errors, Some(true));
    assert_eq!(text(&guess.columns.error), "{line}_err_pct");
}

/// MaNGA's Marvin gives Gaussian fluxes and sums over a band, both with inverse variances.
#[test]
fn fits_come_before_sums_over_a_band_and_the_others_are_named() {
    let columns = [
        ("emline_sflux_{line}", 1.1),
        ("emline_sflux_ivar_{line}", 2500.0),
        ("emline_gflux_{line}", 1.0),
        ("emline_gflux_ivar_{line}", 2500.0),
    ];
    let guess = guessed(table("marvin", &IDS, &columns));
    assert_eq!(text(&guess.columns.flux), "emline_gflux_{line}");
    assert!(
        guess.notes.iter().any(|note| note.ends_with(": emline_sflux_{line}")),
        "{:?}",
        guess.notes
    );
}

#[test]
fn objects_are_named_by_the_columns_that_tell_rows_apart() {
    let lines = [("{line}", 1.0), ("{line}_err", 0.02)];
    let cases: [(&[Cells], &str); 5] = [
        (&[("NIRSpec_ID", ["12", "13"]), ("ra", ["1.5", "1.6"])], "NIRSpec_ID"),
        (&[("objno", ["12", "13"])], "objno"),
        (
            &[("gal_name", ["N1", "N1"]), ("region_ID", ["1", "2"])],
            "{gal_name}-{region_ID}",
        ),
        (
            &[("plateifu", ["8-1", "8-1"]), ("x", ["1", "2"]), ("y", ["1", "1"])],
            "{plateifu}-{x}-{y}",
        ),
        (&[("ra", ["1.5", "1.6"])], "row {row}"),
    ];
    for (number, (before, expected)) in cases.into_iter().enumerate() {
        let guess = guessed(table(&format!("object_{number}"), before, &lines)).columns;
        assert_eq!(text(&guess.object), expected);
    }
}

/// Hβ without a sign between it and the word before, as VizieR's tables have it.
#[test]
fn hbeta_is_found_behind_a_single_letter() {
    let header = "Name\tFHb\te_FHb\tF5007\te_F5007\n";
    let vizier = format!(
        "#Title: t\n{header}\tmW/m2\tmW/m2\tmW/m2\tmW/m2\n----\t---\t-\t-----\t-\nA\t1\t.1\t4\t.1\nB\t1\t.1\t4\t.1\n"
    );
    let path = file(&scratch("tables_vizier"), "v.tsv", &vizier);
    let guess = guessed(path.clone());
    assert_eq!((text(&guess.columns.flux), &guess.open[..]), ("F{line}", &[][..]));
    let settings = Settings {
        columns: guess.columns,
        format: guess.format,
        ..Settings::default()
    };
    let paths = [path];
    let sources = Sources::open(&paths, &Fixture::get().set.list, &settings).unwrap();
    let read = sources.catalogue().unwrap();
    let names: Vec<&str> = read.entries.iter().map(Entry::id).collect();
    assert_eq!(names, ["A", "B"], "the rows of units and dashes are no objects");
}

/// `init` writes a configuration with which `fit` reads the table, also where some objects alone
/// could not be read.
#[test]
fn init_finds_the_signs_of_missing_lines_among_objects_that_can_be_read() {
    let directory = scratch("tables_signs");
    let header = "object,H1_4861A,H1_4861A_err,O3_4363A,O3_4363A_err,O3_5007A,O3_5007A_err,H1_6563A,H1_6563A_err\n";
    let rows = "a,1,.02,.05,.005,4.2,.1,2.9,.1\nb,1,.02,-99,-99,4.2,.1,2.9,.1\nc,1,.02,-99,-99,4.2,.1,2.9,.1\n";
    let catalogue = file(&directory, "t.csv", &format!("{header}{rows}"));
    let config = directory.join("c.toml");
    let run = nebulium("init --out", &[&config, &catalogue]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.out.contains("3 objects would be fitted, 0 rejected"), "{}", run.out);
    assert!(
        std::fs::read_to_string(&config)
            .unwrap()
            .contains("\nmissing = [\"nan\", \"-99\""),
        "{}",
        run.out
    );
}

/// FastSpecFit has a column of limits of the flux beside each flux.
#[test]
fn a_flux_that_is_a_limit_is_no_sign_of_one() {
    let columns = [
        ("{line}_FLUX", 1.0),
        ("{line}_FLUX_IVAR", 2500.0),
        ("{line}_FLUX_LIMIT", 1.0),
    ];
    let path = table(
        "limit",
        &[("TARGETID", ["39627640566453451", "39627640566453452"])],
        &columns,
    );
    let run = nebulium("check --format desi", &[&path]);
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
}

#[test]
fn columns_that_mark_limits_are_found_by_name_and_content() {
    let signs = [("{line}_flux", 1.0), ("{line}_flux_err", 0.02), ("{line}_uplim", 0.0)];
    let guess = guessed(table("uplim", &IDS, &signs)).columns;
    assert_eq!(text(&guess.limit), "{line}_uplim");
    let fluxes = [signs[0], signs[1], ("{line}_flux_limit", 0.3)];
    assert_eq!(text(&guessed(table("fluxes", &IDS, &fluxes)).columns.limit), "none");
}

/// A word before each number is a part of the object's name, not an index of the table.
#[test]
fn names_with_a_blank_are_not_taken_for_an_index() {
    let rows = "object Hb Hb_err OIII5007 OIII5007_err\nNGC 1 1 .1 4 .1\nNGC 2 1 .1 4 .1\n";
    let run = nebulium("check", &[&file(&scratch("tables_blank"), "t.txt", rows)]);
    assert!(
        run.code == 3 && run.out.contains("has 6 fields, expected 5"),
        "{}{}",
        run.out,
        run.err
    );
}

#[test]
fn ions_without_wavelengths_are_asked_for_all_at_once() {
    let text = "object,Hb,Hb_err,OIII,OIII_err,NII,NII_err\na,1,.1,4,.1,.2,.1\n";
    let run = nebulium("check", &[&file(&scratch("tables_ions"), "t.csv", text)]);
    let lines = "lines = { \"OIII\" = \"O3_5007A\", \"NII\" = \"N2_6584A\" }";
    assert!(
        run.code == 3 && run.err.contains("ions without a wavelength") && run.err.contains(lines),
        "{}",
        run.err
    );
}

#[test]
fn tables_with_rules_above_and_below_are_read() {
    let rst = "====== ==== ======== ======== ============\nobject Hb Hb_err OIII5007 OIII5007_err\n====== ==== ======== ======== ============\na 1 .1 4 .1\nb 1 .1 4 .1\n====== ==== ======== ======== ============\n";
    let run = nebulium("check", &[&file(&scratch("tables_rst"), "t.rst", rst)]);
    assert!(
        run.out.contains("2 objects would be fitted, 0 rejected"),
        "{}{}",
        run.out,
        run.err
    );
}
