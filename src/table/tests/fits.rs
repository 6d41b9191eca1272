//! Catalogues in FITS: choice of the table, names of objects, refused cells.

use std::path::PathBuf;

use super::fits_file::{WIDE, extension, primary, row, unit};
use super::*;
use crate::error::FormatError;

const LOG: [(&str, &str); 3] = [("label", "8A"), ("intg_flux", "D"), ("intg_flux_err", "D")];

fn wide(name: &str) -> Vec<u8> {
    let rows = [
        row("a", &[1.0, 0.1, 5.0, 0.1, 0.1, 0.01]),
        row("b", &[1.0, 0.1, 5.0, 0.1, f64::NAN, f64::NAN]),
    ];
    extension("BINTABLE", name, &WIDE, &[], &rows)
}

fn log(name: &str) -> Vec<u8> {
    let rows = [("H1_4861A", 1.0), ("O3_5007A", 5.0)].map(|(label, flux)| row(label, &[flux, 0.1]));
    extension("BINTABLE", name, &LOG, &[], &rows)
}

fn other(name: &str) -> Vec<u8> {
    extension("BINTABLE", name, &[("ra", "D")], &[], &[1.0_f64.to_be_bytes().to_vec()])
}

fn file(extensions: &[Vec<u8>]) -> Vec<u8> {
    [primary(), extensions.concat()].concat()
}

fn read_fits(bytes: &[u8], settings: &Settings) -> Result<Catalogue> {
    parse_bytes(bytes, settings, None)
}

fn of_extension(extension: &str) -> Settings {
    Settings {
        extension: Some(extension.to_owned()),
        ..Settings::default()
    }
}

fn ids(catalogue: &Catalogue) -> Vec<&str> {
    catalogue.entries.iter().map(Entry::id).collect()
}

/// Files of these bytes in their own directory, read as one catalogue.
fn files(named: &[(&str, Vec<u8>)], paths: &[&str]) -> Result<Vec<String>> {
    let directory = tempfile::tempdir().unwrap();
    for (name, bytes) in named {
        std::fs::write(directory.path().join(name), bytes).unwrap();
    }
    let paths: Vec<PathBuf> = paths.iter().map(|path| directory.path().join(path)).collect();
    let (list, settings) = (list(), Settings::default());
    let catalogue = Sources::open(&paths, &list, &settings)?.catalogue()?;
    Ok(ids(&catalogue).into_iter().map(str::to_owned).collect())
}

#[test]
fn a_missing_number_leaves_its_line_out() {
    let catalogue = read_fits(&file(&[wide("LINES")]), &Settings::default()).unwrap();
    let lines: Vec<usize> = objects(&catalogue)
        .iter()
        .map(|object| object.measurements.len())
        .collect();
    assert_eq!(lines, [2, 1]);
}

#[test]
fn the_table_whose_columns_fit_is_read() {
    let bytes = file(&[other("META"), wide("LINES"), other("")]);
    let catalogue = read_fits(&bytes, &Settings::default()).unwrap();
    assert_eq!(ids(&catalogue), ["a", "b"]);
    assert_eq!(warnings(&catalogue), ["extensions that are not read: META, 3"]);
    assert_eq!(catalogue.files[0].1, hexadecimal(&bytes));
}

#[test]
fn a_table_is_chosen_by_name_or_number() {
    let bytes = file(&[wide("LINES"), log("LOG")]);
    assert_eq!(ids(&read_fits(&bytes, &Settings::default()).unwrap()), ["LOG"]);
    for extension in ["lines", "1"] {
        let catalogue = read_fits(&bytes, &of_extension(extension)).unwrap();
        assert_eq!(ids(&catalogue), ["a", "b"]);
    }
    let error = read_fits(&bytes, &of_extension("0")).unwrap_err();
    assert_eq!(
        error.to_string(),
        "c.csv: no table `0`: expected the name or the number of one of: 1 `LINES` (2 rows, 7 columns), \
         2 `LOG` (2 rows, 3 columns)"
    );
}

#[test]
fn a_table_is_chosen_with_the_file() {
    let named = [
        ("two.fits", file(&[wide("LINES"), log("LOG")])),
        ("text.csv", b"object".to_vec()),
    ];
    assert_eq!(files(&named, &["two.fits[LINES]"]).unwrap(), ["a", "b"]);
    let error = files(&named, &["text.csv[LINES]"]).unwrap_err().to_string();
    assert!(error.contains("the file is no FITS"), "{error}");
}

#[test]
fn tables_that_do_not_fit_are_listed() {
    let error = read_fits(&file(&[other("A"), other("B")]), &Settings::default()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "c.csv: no table has the columns of a format that is known: name the one to read under `extension` of \
         [catalogue], or as FILE[NAME], and its columns are looked at one by one; found 1 `A` (1 rows, 1 columns), \
         2 `B` (1 rows, 1 columns)"
    );
}

#[test]
fn logs_are_called_by_their_files_where_their_extensions_say_nothing() {
    let one = |name: &str| file(&[log(name)]);
    let read = |first: &str, second: &str| {
        files(
            &[("a.fits", one(first)), ("b.fits", one(second))],
            &["a.fits", "b.fits"],
        )
        .unwrap()
    };
    assert_eq!(read("FRAME", "FRAME"), ["a", "b"]);
    assert_eq!(read("", "SHOC579"), ["a", "SHOC579"]);
    assert_eq!(read("SPEC", "SPEC"), ["a", "b"]);
    let two = file(&[log("FRAME"), log("X"), log("X")]);
    assert_eq!(files(&[("a.fits", two)], &["a.fits"]).unwrap(), ["FRAME", "X 2", "X 3"]);
    let both = file(&[log("FRAME"), log("X")]);
    let read = files(&[("a.fits", both.clone()), ("b.fits", both)], &["a.fits", "b.fits"]).unwrap();
    assert_eq!(read, ["a FRAME", "a X", "b FRAME", "b X"]);
}

#[test]
fn rows_of_the_long_form_may_stand_anywhere() {
    let columns = [("object", "8A"), ("flux", "D"), ("flux_err", "D"), ("line", "8A")];
    let rows = [
        ("a", 1.0, "H1_4861A"),
        ("b", 1.0, "H1_4861A"),
        ("a", 5.0, "O3_5007A"),
        ("b", 4.0, "O3_5007A"),
    ];
    let rows = rows.map(|(object, flux, line)| [row(object, &[flux, 0.1]), line.as_bytes().to_vec()].concat());
    let catalogue = read_fits(
        &file(&[extension("BINTABLE", "", &columns, &[], &rows)]),
        &Settings::default(),
    )
    .unwrap();
    let read: Vec<(&str, f64)> = objects(&catalogue)
        .iter()
        .map(|object| (object.id.as_str(), object.measurements[0].flux))
        .collect();
    assert_eq!(read, [("a", 5.0), ("b", 4.0)]);
}

#[test]
fn an_array_is_refused_where_it_is_read() {
    let mut columns = WIDE;
    columns[3].1 = "2D";
    let rows = [row("a", &[1.0, 0.1, 5.0, 4.0, 0.1, 0.1, 0.01])];
    let bytes = file(&[extension("BINTABLE", "", &columns, &[], &rows)]);
    let error = read_fits(&bytes, &Settings::default()).unwrap_err().to_string();
    assert!(
        error.contains("column `O3_5007A` holds 2 values a row, expected one value"),
        "{error}"
    );
    let ignored = Settings {
        ignore_columns: vec!["O3_5007A".to_owned(), "O3_5007A_err".to_owned()],
        ..Settings::default()
    };
    let catalogue = read_fits(&bytes, &ignored).unwrap();
    assert_eq!(objects(&catalogue)[0].measurements[0].flux, 0.1);
}

#[test]
fn a_gzipped_catalogue_has_the_hash_of_its_file() {
    use std::io::Write;
    for whole in [
        file(&[wide("LINES")]),
        b"object,line,flux,flux_err\na,H1_4861A,1,0.1\na,O3_5007A,5,0.1\n".to_vec(),
    ] {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(&whole).unwrap();
        let packed = packed.finish().unwrap();
        let catalogue = read_fits(&packed, &Settings::default()).unwrap();
        assert_eq!(ids(&catalogue)[0], "a");
        assert_eq!(catalogue.files[0].1, hexadecimal(&packed));
    }
}

#[test]
fn headers_that_claim_the_absurd_are_refused() {
    let header = |cards: &[(&str, &str)]| {
        let cards: Vec<(String, String)> = cards
            .iter()
            .map(|(keyword, value)| (keyword.to_string(), value.to_string()))
            .collect();
        unit(&cards, &[])
    };
    let huge = i64::MAX.to_string();
    for (axes, sizes) in [
        (huge.as_str(), "1"),
        ("-1", "1"),
        ("2", &huge),
        ("1", "-5"),
        ("1", "100000"),
    ] {
        let bytes = header(&[
            ("SIMPLE", "T"),
            ("BITPIX", "-64"),
            ("NAXIS", axes),
            ("NAXIS1", sizes),
            ("NAXIS2", sizes),
        ]);
        let error = read_fits(&bytes, &Settings::default()).unwrap_err();
        assert!(matches!(error, Error::Format(FormatError::Fits { .. })), "{error}");
    }
    let table = |width: &str, rows: &str, groups: &str, fields: &str, form: &str| {
        let form = format!("'{form}'");
        let cards = [
            ("XTENSION", "'BINTABLE'"),
            ("BITPIX", "8"),
            ("NAXIS", "2"),
            ("NAXIS1", width),
            ("NAXIS2", rows),
            ("PCOUNT", "0"),
            ("GCOUNT", groups),
            ("TFIELDS", fields),
            ("TFORM1", &form),
        ];
        file(&[header(&cards)])
    };
    for bytes in [
        table("8", &huge, "0", "1", "D"),
        table("8", &huge, "1", "1", "D"),
        table("0", &huge, "1", "0", "D"),
        table("8", "0", "1", &huge, "D"),
        table("8", "0", "1", "1", &format!("{}D", u64::MAX)),
        table("8", "0", "1", "1", "9A8A"),
    ] {
        read_fits(&bytes, &Settings::default()).unwrap_err();
    }
}
