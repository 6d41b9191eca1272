//! Cells of FITS tables of every type.

use std::path::Path;

use csv::StringRecord;

use super::*;
use crate::error::{Error, FormatError};
use crate::table::Kind;
use crate::table::tests::fits_file::{extension, primary};

/// Cells of the first table of a file, row by row, with all columns selected, and their kinds.
fn cells(bytes: &[u8]) -> (Vec<Vec<String>>, Vec<Option<Kind>>) {
    let fits = Fits::open(Path::new("c.fits"), Store::keep(bytes).unwrap()).unwrap();
    let mut sheet = fits.sheet(0).unwrap();
    let all: Vec<usize> = (0..sheet.names().len()).collect();
    sheet.select(&all).unwrap();
    let mut record = StringRecord::new();
    let mut rows = Vec::new();
    while sheet.row(rows.len(), &mut record).unwrap() {
        rows.push(record.iter().map(str::to_owned).collect());
    }
    (rows, sheet.header().unwrap().kinds)
}

/// One row of a binary table: (TFORM, bytes, text, kind), with further cards.
fn of_binary(columns: &[(&str, &[u8], &str, Option<Kind>)], more: &[(&str, &str)]) {
    let names: Vec<String> = (1..=columns.len()).map(|number| format!("c{number}")).collect();
    let declared: Vec<(&str, &str)> = names
        .iter()
        .zip(columns)
        .map(|(name, column)| (name.as_str(), column.0))
        .collect();
    let row = columns.iter().flat_map(|column| column.1).copied().collect();
    let bytes = [primary(), extension("BINTABLE", "T", &declared, more, &[row])].concat();
    let (rows, kinds) = cells(&bytes);
    let texts: Vec<&str> = columns.iter().map(|column| column.2).collect();
    assert_eq!(rows, [texts]);
    assert_eq!(kinds, columns.iter().map(|column| column.3).collect::<Vec<_>>());
}

#[test]
fn cells_of_binary_tables_are_texts() {
    let (integer, number, text) = (Some(Kind::Integer), Some(Kind::Number), Some(Kind::Text));
    of_binary(
        &[
            ("L", b"T", "true", text),
            ("1L", b"\0", "", text),
            ("1X", b"\x80", "true", text),
            ("B", b"\xff", "255", integer),
            ("I", b"\xff\xfe", "-2", integer),
            ("J", &(-3_i32).to_be_bytes(), "-3", integer),
            (
                "K",
                &39_627_000_000_000_001_i64.to_be_bytes(),
                "39627000000000001",
                integer,
            ),
            ("E", &0.1_f32.to_be_bytes(), "0.1", number),
            ("D", &0.1_f64.to_be_bytes(), "0.1", number),
            ("D", &f64::NAN.to_be_bytes(), "", number),
            ("6A", b"ab \0xy", "ab", text),
            ("2A", b"\xe9\xe9", "éé", text),
            ("0D", b"", "", number),
        ],
        &[],
    );
}

#[test]
fn integers_are_scaled_and_missing_as_their_header_says() {
    let (integer, number) = (Some(Kind::Integer), Some(Kind::Number));
    of_binary(
        &[
            ("I", &(-32768_i16).to_be_bytes(), "0", integer),
            ("K", &i64::MAX.to_be_bytes(), "18446744073709551615", None),
            ("I", &25_i16.to_be_bytes(), "2.5", number),
            ("J", &(-99_i32).to_be_bytes(), "", integer),
            ("E", &2_f32.to_be_bytes(), "5", number),
        ],
        &[
            ("TZERO1", "32768"),
            ("TZERO2", "9223372036854775808"),
            ("TSCAL3", "0.1"),
            ("TNULL4", "-99"),
            ("TSCAL5", "2"),
            ("TZERO5", "1.0"),
        ],
    );
}

#[test]
fn cells_of_ascii_tables_are_texts() {
    let columns = [
        ("name", "A4"),
        ("n", "I4"),
        ("f", "F6.2"),
        ("e", "E8.2"),
        ("d", "D8.2"),
        ("none", "F4.1"),
    ];
    let places = [1, 6, 11, 18, 27, 36].map(|place: usize| place.to_string());
    let keywords: Vec<String> = (1..=6).map(|number| format!("TBCOL{number}")).collect();
    let mut more: Vec<(&str, &str)> = keywords
        .iter()
        .zip(&places)
        .map(|(keyword, place)| (keyword.as_str(), place.as_str()))
        .collect();
    more.extend([("TNULL6", "'-9.9'"), ("TSCAL4", "10.0")]);
    let rows = [
        b"ab     12   1.50 1.50E-03  2.5D+01 -9.9".to_vec(),
        format!("{:10}{:>6} {:>8} {:>8} {:>4}", "", "-150", "NaN", "", "").into_bytes(),
    ];
    let (read, kinds) = cells(&[primary(), extension("TABLE", "T", &columns, &more, &rows)].concat());
    assert_eq!(read[0], ["ab", "12", "1.50", "0.015", "2.5E+01", ""]);
    assert_eq!(read[1], ["", "", "-150e-2", "", "", ""]);
    assert_eq!(kinds[..3], [Some(Kind::Text), Some(Kind::Integer), Some(Kind::Number)]);
}

#[test]
fn shapes_of_cells_are_told() {
    let columns = [
        ("3E", Some("3 values a row")),
        ("6D", Some("2 × 3 values a row")),
        ("9X", Some("9 bits a row")),
        ("C", Some("complex numbers")),
        ("PE(9)", Some("arrays of varying length")),
        ("6A2", Some("3 texts a row")),
        ("6A", None),
    ];
    let names: Vec<String> = (1..=columns.len()).map(|number| format!("c{number}")).collect();
    let declared: Vec<(&str, &str)> = names
        .iter()
        .zip(&columns)
        .map(|(name, (form, _))| (name.as_str(), *form))
        .collect();
    let row = vec![0; 12 + 48 + 2 + 8 + 8 + 6 + 6];
    let bytes = [
        primary(),
        extension("BINTABLE", "T", &declared, &[("TDIM2", "'(2,3)'")], &[row]),
    ]
    .concat();
    let fits = Fits::open(Path::new("c.fits"), Store::keep(&bytes[..]).unwrap()).unwrap();
    for (index, (_, shape)) in columns.iter().enumerate() {
        let refused = fits.sheet(0).unwrap().select(&[index]).err();
        let found = refused.map(|error| match error {
            Error::Format(FormatError::ArrayColumn { shape, .. }) => shape,
            error => panic!("{error}"),
        });
        assert_eq!(found.as_deref(), *shape);
    }
}

/// Rows wider than the bytes read at once.
#[test]
fn of_wide_rows_the_selected_cells_alone_are_read() {
    let wide = 3 << 20;
    let form = format!("{wide}B");
    let columns = [("a", "J"), ("spectrum", form.as_str()), ("b", "J")];
    let row = |a: i32, b: i32| [&a.to_be_bytes()[..], &vec![7; wide], &b.to_be_bytes()].concat();
    let bytes = [
        primary(),
        extension("BINTABLE", "T", &columns, &[], &[row(1, 2), row(3, 4)]),
    ]
    .concat();
    let fits = Fits::open(Path::new("c.fits"), Store::keep(&bytes[..]).unwrap()).unwrap();
    let mut sheet = fits.sheet(0).unwrap();
    sheet.select(&[2, 0]).unwrap();
    let mut record = StringRecord::new();
    for expected in [["1", "", "2"], ["3", "", "4"]] {
        let row = expected[0].parse::<usize>().unwrap() / 2;
        assert!(sheet.row(row, &mut record).unwrap());
        assert_eq!(record.iter().collect::<Vec<_>>(), expected);
    }
    assert!(!sheet.row(2, &mut record).unwrap());
}
