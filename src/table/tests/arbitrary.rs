//! Arbitrary texts and mutated tables, for each reader: nothing panics, no row is lost, no object
//! occurs twice.

use std::collections::HashSet;

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

/// Cells of tables, and texts that break them.
const PIECES: [&str; 64] = [
    "object",
    "line",
    "flux",
    "flux_err",
    "limit",
    "blend",
    "ew",
    "id",
    "file",
    "LINE",
    "NAME",
    "label",
    "intg_flux",
    "intg_flux_err",
    "profile_flux",
    "profile_flux_err",
    "group_label",
    "H1_4861A",
    "H1_4861A_err",
    "O3_5007A",
    "O3_5007A_err",
    "O2_3727A",
    "O2_3727A_err",
    "OII3727",
    "O3_5007A_k-1",
    "O2_3726A_m",
    "O2_3727A+",
    "4861.33",
    "5006.84",
    "3727.00",
    "erra",
    "a",
    "b",
    "",
    "\"",
    "\"a b\"",
    "'",
    "#",
    "# %ECSV 1.0",
    "---",
    "===",
    "|",
    ",",
    ";",
    "\t",
    " ",
    "\n",
    "\r\n",
    "\u{feff}",
    "\u{a0}",
    "<",
    "<0.5",
    "nan",
    "--",
    "1",
    "-1",
    "0",
    "1e999",
    "1,5",
    "1.5D-17",
    "*",
    "é",
    "\0",
    "+",
];

/// Good tables, one of each form.
const GOOD: [&str; 13] = [
    "object,line,flux,flux_err,ew,blend,limit\na,H1_4861A,100,1,50,,\na,O3_5007A,500,5,,,\nb,H1_4861A,50,1,,,\na,O2_3727A,60,2,,O2_3726A+O2_3729A,\nb,O3_4363A,<1,,,,\n",
    "object,H1_4861A,H1_4861A_err,O3_5007A,O3_5007A_err,l_O3_5007A\na,100,1,500,5,\nb,50,1,<200,,\nc,50,1,200,4,true\n",
    "targetid,HBETA_FLUX,HBETA_FLUX_IVAR,OIII_5007_FLUX,OIII_5007_FLUX_IVAR\n1,100,1,500,0.04\n2,100,1,500,0\n",
    "name,ix,iy,flux_Hbeta,e_flux_Hbeta,flux_[OIII]5007,e_flux_[OIII]5007\na,1,2,100,1,500,5\na,1,3,100,1,nan,nan\n",
    "ID,OII_3727,eOII_3727,OIII_5007,eOIII_5007\nx,1.5,0.1,5,0.1\ny,0,0,5,0.1\n",
    "  wavelength intg_flux intg_flux_err group_label\nH1_4861A 4861.2 100 1 none\nO3_5007A 5006.8 500 5 none\nO3_5007A_k-1 5006.8 20 5 none\n",
    "id,file,line,intg_flux,intg_flux_err\na,f,H1_4861A,100,1\nb,g,H1_4861A,50,1\na,f,O3_5007A,500,5\nb,g,O3_5007A,200,4\n",
    "3726.03 60 2\n3727.5 * *\n4861.33 100 1\n5006.84 500 5\n",
    "LINE a erra b errb\ncHbeta 0.3 0 0.1 0\nH1r_4861A 100 0.01 50 0.02\nO3_5007A 500 0.02 200 0.02\nO2_3727A+ 60 0.1 20 0.1\n",
    "NAME cHbeta H1r_4861A H1r_4861Ae O3_5007A O3_5007Ae\na 0.3 100 0.01 500 0.02\nb 0.1 50 0.02 200 0.02\n",
    "# %ECSV 1.0\n# ---\n# datatype:\n# - {name: object, datatype: string}\n# - {name: H1_4861A, unit: erg, datatype: float64}\n# - {name: H1_4861A_err, datatype: float64}\n# - {name: O3_5007A, datatype: float64}\n# - {name: O3_5007A_err, datatype: float64}\nobject H1_4861A H1_4861A_err O3_5007A O3_5007A_err\na 100 1 500 5\n\"b c\" 50 1 \"\" \"\"\n",
    "| object | line | flux | flux_err |\n|---|---|---|---|\n| a | H1_4861A | 100 | 1 |\n| a | O3_5007A | 500 | 5 |\n",
    "object;line;flux;flux_err\n---;---;---;---\na;H1_4861A;100,0;1,5\na;O3_5007A;500,25;5\n",
];

/// A change of a text: this number of bytes, at this fraction of the length, becomes a piece.
type Change = (f64, usize, &'static str);

fn piece() -> impl Strategy<Value = &'static str> {
    (0..PIECES.len()).prop_map(|index| PIECES[index])
}

fn change() -> impl Strategy<Value = Change> {
    (0.0..1.0, 0..8_usize, piece())
}

/// Text after all changes, each at the nearest boundary between characters.
fn changed(text: &str, changes: &[Change]) -> String {
    let mut text = text.to_owned();
    for (at, length, piece) in changes {
        let between = |place: usize| {
            (0..=place.min(text.len()))
                .rev()
                .find(|&place| text.is_char_boundary(place))
        };
        let from = between((at * text.len() as f64) as usize).unwrap_or_default();
        let to = between(from + length).unwrap_or(from).max(from);
        text.replace_range(from..to, piece);
    }
    text
}

/// Reads a text in a format. For any text, no fitted object occurs twice, and each has the data
/// that a fit needs.
fn try_text(text: &str, format: Format) -> Result<Catalogue> {
    let settings = Settings {
        format,
        ..Settings::default()
    };
    let catalogue = parse_with(text, &settings)?;
    let mut names = HashSet::new();
    for entry in &catalogue.entries {
        match entry {
            Entry::Rejected { reasons, .. } => assert!(!reasons.is_empty(), "{text:?}"),
            Entry::Fit(object) => {
                assert!(names.insert(&object.id), "{} stands twice: {text:?}", object.id);
                assert!(object.hbeta.flux > 0.0 && !object.measurements.is_empty(), "{text:?}");
                for line in object.measurements.iter().chain([&object.hbeta]) {
                    assert!(line.flux.is_finite() && line.flux_err >= 0.0, "{text:?}: {line:?}");
                }
            }
        }
    }
    assert!(
        !catalogue.entries.is_empty(),
        "neither an object nor an error: {text:?}"
    );
    Ok(catalogue)
}

const FORMATS: [Format; 10] = [
    Format::Auto,
    Format::Long,
    Format::Wide,
    Format::Lime,
    Format::Neat,
    Format::Pyneb,
    Format::MpaJhu,
    Format::Desi,
    Format::Hcm,
    Format::Pipe3d,
];

#[test]
fn good_tables_are_good() {
    for text in GOOD {
        let catalogue = try_text(text, Format::Auto).unwrap();
        assert!(
            catalogue.entries.iter().any(|entry| matches!(entry, Entry::Fit(_))),
            "{text}: {catalogue:?}"
        );
    }
}

#[test]
fn a_header_with_an_open_quote_is_refused_in_each_format() {
    for text in ["\"a\nb c\nd e f\n", "\"\n", "object,\"line\na,b\n", "\"a 1\n2 3\n4 5\n"] {
        for format in FORMATS {
            assert!(try_text(text, format).is_err(), "{text:?} {format:?}");
        }
    }
}

#[test]
fn a_line_without_end_is_an_error() {
    let starts = ["", "object,line,flux,flux_err\na,H1_4861A,1,0.1\n", "4861.33 100 1\n"];
    for (byte, start) in b"x1, \"#".iter().zip(starts.iter().cycle()) {
        let bytes = [start.as_bytes(), &vec![*byte; 17 << 20]].concat();
        let said = parse_bytes(&bytes, &Settings::default(), None).unwrap_err().to_string();
        assert!(said.contains("is longer than 16 MB"), "{byte} {start:?}: {said}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_pieces_are_read_or_refused_in_each_format(pieces in vec(piece(), 0..60)) {
        let text = pieces.concat();
        for format in FORMATS {
            let _ = try_text(&text, format);
        }
        let _ = try_text(&pieces.join(","), Format::Auto);
    }

    #[test]
    fn arbitrary_text_is_read_or_refused_in_each_format(text in "[\\PC\\n\\t]{0,200}") {
        for format in FORMATS {
            let _ = try_text(&text, format);
        }
    }

    #[test]
    fn arbitrary_bytes_are_read_or_refused_in_each_format(bytes in vec(any::<u8>(), 0..400)) {
        for format in FORMATS {
            let settings = Settings { format, ..Settings::default() };
            drop(parse_bytes(&bytes, &settings, None));
        }
    }

    #[test]
    fn mutated_tables_are_read_or_refused(table in 0..GOOD.len(), changes in vec(change(), 1..6), format in 0..FORMATS.len()) {
        let text = changed(GOOD[table], &changes);
        let _ = try_text(&text, Format::Auto);
        let _ = try_text(&text, FORMATS[format]);
    }

    /// A bad cell spoils its object, a bad row only itself. The others are read as if it were
    /// absent.
    #[test]
    fn each_row_of_a_wide_table_is_one_entry(cells in vec(vec("[^,\"#\\pC\\pZ]{0,6}", 4), 1..20), separator in 0..3_usize) {
        let separator = [",", ";", "\t"][separator];
        let row = |(number, cells): (usize, &Vec<String>)| {
            let cells: Vec<String> = cells.iter().map(|cell| cell.replace([';', '\t'], "")).collect();
            format!("o{number}{separator}{}\n", cells.join(separator))
        };
        let header = ["object", "H1_4861A", "H1_4861A_err", "O3_5007A", "O3_5007A_err"].join(separator);
        let rows: String = cells.iter().enumerate().map(row).collect();
        let first = ["first", "1", "0.1", "5", "0.1"].join(separator);
        let catalogue = try_text(&format!("{header}\n{first}\n{rows}"), Format::Wide).unwrap();
        let names: Vec<&str> = catalogue.entries.iter().map(Entry::id).collect();
        let expected = ["first".to_owned()].into_iter().chain((0..cells.len()).map(|number| format!("o{number}")));
        prop_assert_eq!(names, expected.collect::<Vec<_>>());
        prop_assert!(matches!(catalogue.entries[0], Entry::Fit(_)));
    }

    /// Rows of one object of the long form stand anywhere; each object is one entry, in the order
    /// of the first rows.
    #[test]
    fn each_object_of_a_long_table_is_one_entry(rows in vec((0..5_usize, 0..3_usize, "[^,\"#\\pC\\pZ]{0,5}"), 1..30)) {
        let lines = ["H1_4861A", "O3_5007A", "O3_4363A"];
        let row = |(object, line, flux): &(usize, usize, String)| format!("o{object},{},{flux},0.1\n", lines[*line]);
        let text: String = rows.iter().map(row).collect();
        let catalogue = try_text(&format!("object,line,flux,flux_err\n{text}"), Format::Long).unwrap();
        let mut expected: Vec<String> = Vec::new();
        for (object, ..) in &rows {
            let name = format!("o{object}");
            if !expected.contains(&name) {
                expected.push(name);
            }
        }
        let names: Vec<&str> = catalogue.entries.iter().map(Entry::id).collect();
        prop_assert_eq!(names, expected);
    }
}
