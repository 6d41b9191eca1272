//! Missing values and limits in a FITS table: not a number, null integers, errors that mark limits.

use nebulium::config::Config;
use nebulium::table::Settings;

use super::{read_files, told};

/// A card of a FITS header.
fn card(keyword: &str, value: &str) -> String {
    format!("{keyword:<8}= {value:<70}")
}

/// A FITS table of `object` and of numbers in 64 bits, null integers by `TNULL`.
fn fits(columns: &[(&str, &str)], more: &[(&str, &str)], rows: &[Vec<u8>]) -> Vec<u8> {
    let block = |cards: Vec<String>| {
        let mut bytes = (cards.concat() + &format!("{:<80}", "END")).into_bytes();
        bytes.resize(bytes.len().next_multiple_of(2880), b' ');
        bytes
    };
    let mut cards = vec![card("XTENSION", "'BINTABLE'"), card("BITPIX", "8"), card("NAXIS", "2")];
    for (keyword, value) in [
        ("NAXIS1", rows[0].len()),
        ("NAXIS2", rows.len()),
        ("PCOUNT", 0),
        ("GCOUNT", 1),
        ("TFIELDS", columns.len()),
    ] {
        cards.push(card(keyword, &value.to_string()));
    }
    for (number, (name, form)) in (1..).zip(columns) {
        cards.push(card(&format!("TTYPE{number}"), &format!("'{name}'")));
        cards.push(card(&format!("TFORM{number}"), &format!("'{form}'")));
    }
    cards.extend(more.iter().map(|(keyword, value)| card(keyword, value)));
    let mut data = rows.concat();
    data.resize(data.len().next_multiple_of(2880), 0);
    let primary = ["SIMPLE", "BITPIX", "NAXIS"].iter().zip(["T", "8", "0"]);
    [
        block(primary.map(|(keyword, value)| card(keyword, value)).collect()),
        block(cards),
        data,
    ]
    .concat()
}

#[test]
fn fits_has_the_same_signs() {
    let row = |flux: f64, error: f64, count: i32, error_of_count: i32| {
        let numbers = [100.0, 1.0, flux, error]
            .into_iter()
            .flat_map(|number: f64| number.to_be_bytes());
        let counts = [count, error_of_count]
            .into_iter()
            .flat_map(|number| number.to_be_bytes());
        numbers.chain(counts).collect::<Vec<u8>>()
    };
    let columns = [
        ("Hbeta_f", "D"),
        ("Hbeta_e", "D"),
        ("OIII5007_f", "D"),
        ("OIII5007_e", "D"),
        ("OIII4363_f", "J"),
        ("OIII4363_e", "J"),
    ];
    let nulls = [
        ("TNULL5", "-32768"),
        ("TNULL6", "-32768"),
        ("TSCAL5", "0.5"),
        ("TZERO5", "1.0"),
    ];
    let rows = [
        row(500.0, 5.0, 18, 2),
        row(f64::NAN, f64::NAN, 18, 2),
        row(500.0, 5.0, -32768, -32768),
        row(500.0, -1.0, 18, 2),
    ];
    let bytes = fits(&columns, &nulls, &rows);
    let toml = "[catalogue]\nformat = \"wide\"\n[catalogue.columns]\nobject = \"{n}\"\nflux = \"{line}_f\"\nerror = \"{line}_e\"\nlimit_error = -1";
    let told = |toml: &str| -> Vec<String> {
        let (_folder, paths) = super::files(&[("t.fits", &bytes), ("c.toml", toml.as_bytes())]);
        let settings: Settings = Config::read(&paths[1]).unwrap().table_settings();
        match read_files(&paths[..1], &settings) {
            Ok(catalogue) => catalogue.entries.iter().map(told).collect(),
            Err(error) => vec![error.to_string()],
        }
    };
    // No column names the objects: a survey's rows would have numbers, but here the column must be
    // there.
    assert!(told(toml)[0].contains("no column `n`"));
    let survey = toml
        .replace("format = \"wide\"", "format = \"desi\"")
        .replace("object = \"{n}\"\n", "");
    assert_eq!(
        told(&survey),
        [
            "row 1 100±1: O3_5007A 5±0.05, O3_4363A 0.1±0.02",
            "row 2 100±1: O3_4363A 0.1±0.02",
            "row 3 100±1: O3_5007A 5±0.05",
            "row 4 100±1: O3_5007A <5±0, O3_4363A 0.1±0.02",
        ]
    );
}
