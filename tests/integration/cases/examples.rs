//! The small files of `tests/fixtures/formats`, on each of which a reader was once wrong or silent.

use super::{fixture, read_files, told, warnings};
use nebulium::config::Config;
use nebulium::table::Catalogue;

/// The catalogue of files of the folder, read by the configuration beside the first, if there is
/// one.
fn read(names: &[&str]) -> Catalogue {
    let paths: Vec<_> = names.iter().map(|name| fixture(name)).collect();
    let config = paths[0].with_extension("toml");
    let config = match config.exists() {
        true => Config::read(&config).unwrap(),
        false => Config::default(),
    };
    read_files(&paths, &config.table_settings()).unwrap()
}

fn objects(names: &[&str]) -> Vec<String> {
    read(names).entries.iter().map(told).collect()
}

#[test]
fn mean_wavelengths_of_a_list_are_sums() {
    let told = objects(&["neat_unresolved_blends.dat"]);
    for line in [
        "C3_1907A+C3_1909A 0.114±0.0114",
        "O2_3726A+O2_3729A 1.05±0.03",
        "O2_7319A+O2_7320A+O2_7330A+O2_7331A 0.033±0.002",
        "[read_as:1909.00=C3_1907A+C3_1909A]",
        "[read_as:3727.00=O2_3726A+O2_3729A]",
    ] {
        assert!(told[0].contains(line), "{line}: {told:?}");
    }
}

#[test]
fn a_negative_error_and_an_empty_file_cost_no_more_than_themselves() {
    let catalogue = read(&["neat_negative_error.dat"]);
    assert!(told(&catalogue.entries[0]).starts_with("neat_negative_error 100±2: O2_3726A 0.6±0.02, "));
    assert!(
        warnings(&catalogue).contains("3933.66 (row 4)"),
        "{}",
        warnings(&catalogue)
    );
}

#[test]
fn a_frame_of_two_galaxies_is_two_galaxies() {
    assert_eq!(
        objects(&["lime_frame_of_two.csv"]),
        [
            "galA 100±1: O3_4363A 0.097±0.003, O3_5007A 5.6±0.06, H1_6563A 2.9±0.03",
            "galB 40±1: O3_4363A 0.0275±0.0075, O3_5007A 3±0.15, H1_6563A 4±0.075",
        ]
    );
}

#[test]
fn a_line_that_stands_twice_in_a_log_rejects_it() {
    let told = objects(&["lime_repeated_line.csv"]);
    assert!(
        told[0].contains("O3_5007A is the same line as O3_5007A in row 5"),
        "{told:?}"
    );
}

#[test]
fn extensions_of_one_name_in_two_files_are_called_by_the_files() {
    assert_eq!(
        objects(&["lime_frame_a.fits", "lime_frame_b.fits"]),
        [
            "lime_frame_a 100±1: O3_4363A 0.097±0.003, O3_5007A 5.6±0.06, H1_6563A 2.9±0.03",
            "lime_frame_b 40±1: O3_4363A 0.0275±0.0075, O3_5007A 3±0.15, H1_6563A 4±0.075",
        ]
    );
}

#[test]
fn names_of_phangs_are_hydrogen_and_all_others() {
    let told = objects(&["phangs_names.csv"]);
    assert!(
        told[0].starts_with("NGC0628-12 100±1: O3_4959A 1.9±0.02, O3_5007A 5.6±0.06, "),
        "{told:?}"
    );
    for line in [
        "H1_6563A 2.88±0.03",
        "O2_7319A+O2_7320A 0.02±0.001",
        "S3_9069A 0.2±0.004",
    ] {
        assert!(told[0].contains(line), "{line}: {told:?}");
    }
    assert_eq!(told[0].matches('±').count(), 17, "{told:?}");
}

#[test]
fn vacuum_names_of_a_doublet_are_its_two_lines() {
    let told = objects(&["vacuum_doublet.csv"]);
    assert!(told[0].contains("O2_3726A 0.6±0.02, O2_3729A 0.85±0.02, "), "{told:?}");
    assert!(!told[0].contains('+') && !told[0].contains('['), "{told:?}");
}

#[test]
fn labels_and_names_between_lines_are_sums() {
    let labels = objects(&["unresolved_labels.csv"]);
    for line in [
        "O2_3726A+O2_3729A 1.45",
        "S2_6716A+S2_6731A 0.2",
        "N1_5198A+N1_5200A 0.008",
        "C3_1907A+C3_1909A 3±",
    ] {
        assert!(labels[0].contains(line), "{line}: {labels:?}");
    }
    assert_eq!(labels[0].matches("[read_as:").count(), 5, "{labels:?}");
    let names = objects(&["unresolved_names.csv"]);
    for line in [
        "C3_1907A+C3_1909A 0.6±",
        "O2_3726A+O2_3729A 1.45",
        "S2_6716A+S2_6731A 0.21",
    ] {
        assert!(names[0].contains(line), "{line}: {names:?}");
    }
    assert_eq!(names[0].matches("[read_as:").count(), 3, "{names:?}");
}

#[test]
fn rows_of_units_and_dashes_are_no_objects() {
    assert_eq!(
        objects(&["vizier_units_dashes.tsv"]),
        [
            "A 100±1: O3_5007A 5.6±0.06, O3_4363A 0.097±0.003",
            "B 100±1: O3_5007A 4.6±0.06, O3_4363A 0.057±0.003"
        ]
    );
}

#[test]
fn absolute_errors_taken_for_fractions_are_refused_with_the_key() {
    let told = objects(&["pyneb_absolute_errors.dat"]);
    assert!(
        told[0].contains("7 of 12 errors") && told[0].contains("`relative_errors = false`"),
        "{told:?}"
    );
}

#[test]
fn not_a_number_in_fits_is_a_line_that_was_not_measured() {
    let told = objects(&["nan_masked.fits"]);
    assert!(
        told[0].starts_with("A 100±1: ") && told[0].contains("O3_4363A 0.097±0.003"),
        "{told:?}"
    );
    assert!(
        told[1].starts_with("B 100±1: ") && !told[1].contains("O3_4363A"),
        "{told:?}"
    );
}

#[test]
fn names_of_catalogues_and_wavelengths_stand_in_the_column_of_lines() {
    assert_eq!(
        objects(&["long_catalogue_names.csv"]),
        [
            "A 100±1: O3_5007A 5.6±0.06, O3_4363A 0.097±0.003, O3_4959A 1.9±0.02",
            "B 100±1: O3_5007A 5.6±0.06, O3_4363A 0.097±0.003"
        ]
    );
}

#[test]
fn an_error_that_marks_limits_rejects_hbeta() {
    let told = objects(&["hbeta_limit_error.csv"]);
    assert!(told[0].starts_with("measured 100±5: H1_4341A 0.46±0.04, "), "{told:?}");
    assert!(
        told[1].starts_with("limit rejected: ") && told[1].contains("expected no limit for Hβ"),
        "{told:?}"
    );
}
