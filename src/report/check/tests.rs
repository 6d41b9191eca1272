//! Objects made for the tests of the summary, and tests of the whole.

use super::screen::WIDTH;
use super::summary::ROWS;
use super::*;
use crate::emissivity::Set;
use crate::error::TableError;
use crate::extinction::Law;
use crate::flag::Code;
use crate::problem::Settings;
use crate::table::{Contents, Format, Measurement, Warning};

/// The built-in list of lines.
pub(super) fn list() -> LineList {
    Set::built_in().unwrap().list
}

/// An object with Hβ 1 ± 0.02 and other lines: label, flux relative to Hβ, error.
pub(super) fn object(list: &LineList, id: &str, lines: &[(&str, f64, f64)]) -> Object {
    let measurement = |&(label, flux, flux_err): &(&str, f64, f64)| Measurement {
        line: list.resolve(label, &[]).unwrap().into(),
        flux,
        flux_err,
        ew: None,
        limit: false,
        row: 2,
        column: "flux".into(),
    };
    Object {
        id: id.to_owned(),
        hbeta: measurement(&("H1_4861A", 1.0, 0.02)),
        hbeta_is_implied: false,
        measurements: lines.iter().map(measurement).collect(),
        priors: BTreeMap::new(),
        row: 1,
        flags: Vec::new(),
        kept: Vec::new(),
    }
}

fn beside(files: usize) -> Beside {
    let file = |number: usize| Contents {
        path: format!("{}{number}.csv", "long/".repeat(30)).into(),
        sha256: String::new(),
        format: Format::Long,
        objects: 1,
        warnings: (0..9)
            .map(|row| Warning::NoLineEnd { row })
            .chain([Warning::Nameless])
            .collect(),
    };
    Beside {
        files: (0..files).map(file).collect(),
        of_side: Default::default(),
    }
}

#[test]
fn a_catalogue_of_any_size_fits_on_two_screens() {
    let set = Set::built_in().unwrap();
    let recipe = Recipe::new(&Settings::default(), &BTreeMap::new(), &set, Law::G03Lmc).unwrap();
    let mut inspection = Inspection::new(&recipe);
    let labels: Vec<&str> = set.list.lines.iter().map(|line| line.label.as_str()).collect();
    for number in 0..2000 {
        let id = format!("galaxy\u{202e} of a long name {number} {}", "x".repeat(200));
        let lines: Vec<(&str, f64, f64)> = labels
            .iter()
            .filter(|label| **label != "H1_4861A")
            .map(|label| (*label, 0.1 * (number % 300) as f64, 0.1))
            .collect();
        let object = object(&set.list, &id, &lines[number % 50..]);
        let flags: Vec<Flag> = Code::ALL.iter().map(|code| Flag::about(*code, "He1_7065A")).collect();
        inspection.add(&object, &flags);
        let reason = Error::Table(TableError::Cell {
            path: "a/long/path.csv".into(),
            row: number,
            column: "flux".into(),
            value: "x".repeat(50),
            expected: format!("a number other than {}, {}", number % 40, "and so on ".repeat(40)),
        });
        inspection.reject_unread(&id, &[reason]);
    }
    let text = inspection.summary(&beside(200), false);
    assert!((44..=ROWS).contains(&text.lines().count()), "{text}");
    assert!(text.lines().all(|line| line.chars().count() <= WIDTH), "{text}");
    assert!(!text.contains('\u{202e}') && text.contains("\\u{202e}"), "{text}");
    assert!(text.contains("2000 objects would be fitted, 2000 rejected."), "{text}");
    let everything = inspection.summary(&beside(200), true);
    assert!(
        labels[..50].iter().all(|label| everything.contains(label)),
        "{everything}"
    );
}

#[test]
fn warnings_are_counted_and_grouped() {
    let beside = beside(2);
    assert_eq!(warning_count(&beside), 20);
    let rows = warnings::grouped(&beside);
    assert_eq!(rows.len(), 2, "{rows:?}");
    assert!(
        rows[0].starts_with("18 such as ") && rows[0].contains("the last row, 0"),
        "{rows:?}"
    );
    assert!(rows[1].starts_with("2 such as "), "{rows:?}");
}

#[test]
fn numbers_have_three_digits() {
    assert_eq!(
        [0.012345, 12.345, 1234.5, 1.2345e9, 0.0].map(number),
        ["0.0123", "12.3", "1234", "1.23e9", "0"]
    );
}
