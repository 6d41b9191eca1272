//! `results.fits`, read by the standard and compared with `results.csv`.

use std::collections::BTreeMap;
use std::path::Path;

use nebulium::draws::Method;
use nebulium::export::columns;

use crate::program::{file, nebulium, rows, scratch};

const BLOCK: usize = 2880;
const CARD: usize = 80;

/// The header that starts at `at`: its values by keyword, and where its data start.
fn header(bytes: &[u8], at: usize) -> (BTreeMap<String, String>, usize) {
    let mut values = BTreeMap::new();
    for (index, card) in bytes[at..].chunks(CARD).enumerate() {
        let card = std::str::from_utf8(card).unwrap();
        let keyword = card[..8].trim_end().to_owned();
        if keyword == "END" {
            return (values, (at + (index + 1) * CARD).next_multiple_of(BLOCK));
        }
        let value = card[10..].split(" / ").next().unwrap().trim();
        let text = value.strip_prefix('\'').and_then(|value| value.strip_suffix('\''));
        values.insert(keyword, text.unwrap_or(value).trim_end().to_owned());
    }
    panic!("no END");
}

/// The table's header and its rows, each value as text by the name of its column.
fn table(path: &Path) -> (BTreeMap<String, String>, Vec<BTreeMap<String, String>>) {
    let bytes = std::fs::read(path).unwrap();
    assert_eq!(bytes.len() % BLOCK, 0);
    let (primary, at) = header(&bytes, 0);
    assert_eq!((primary["SIMPLE"].as_str(), primary["NAXIS"].as_str()), ("T", "0"));
    let (cards, at) = header(&bytes, at);
    let number = |keyword: &str| cards[keyword].parse::<usize>().unwrap();
    let (width, count, fields) = (number("NAXIS1"), number("NAXIS2"), number("TFIELDS"));
    assert_eq!(bytes.len(), (at + width * count).next_multiple_of(BLOCK));
    let row = |row: &[u8]| {
        let mut at = 0;
        let mut values = BTreeMap::new();
        for field in 1..=fields {
            let form = &cards[&format!("TFORM{field}")];
            let width = form.strip_suffix('A').map_or(8, |width| width.parse().unwrap());
            let bytes = &row[at..at + width];
            let value = match form.as_str() {
                "D" => f64::from_be_bytes(bytes.try_into().unwrap()).to_string(),
                _ => String::from_utf8(bytes.to_vec())
                    .unwrap()
                    .trim_end_matches('\0')
                    .to_owned(),
            };
            values.insert(cards[&format!("TTYPE{field}")].clone(), value);
            at += width;
        }
        assert_eq!(at, row.len());
        values
    };
    let found = bytes[at..at + width * count].chunks_exact(width).map(row).collect();
    (cards, found)
}

#[test]
fn the_table_says_what_the_csv_says() {
    let directory = scratch("fits");
    let galaxy = |id: &str, hbeta: &str| {
        format!("{id},{hbeta},1,0.01\n{id},H1_6563A,2.9,0.03\n{id},O3_5007A,5,0.05\n{id},O3_4363A,0.1,0.005\n")
    };
    let text = format!(
        "object,line,flux,flux_err\n{}{}",
        galaxy("\"α, 1\"", "H1_4861A"),
        galaxy("none", "H1_4341A")
    );
    let (catalogue, out) = (file(&directory, "two.csv", &text), directory.join("out"));
    let run = nebulium(
        "fit --quiet --preset plain --chains 2 --warmup 30 --draws 40 --seed 5 --out",
        &[&out, &catalogue],
    );
    assert_eq!(run.code, 0, "{}", run.err);
    let (cards, found) = table(&out.join("results.fits"));
    let csv = rows(&out.join("results.csv"));
    assert_eq!((found.len(), csv.len()), (2, 2));
    for (found, csv) in found.iter().zip(&csv) {
        assert_eq!(found.keys().collect::<Vec<_>>(), csv.keys().collect::<Vec<_>>());
        for (column, value) in csv {
            let escaped = |c: char| match c {
                _ if c.is_ascii() => c.to_string(),
                _ => format!("\\u{{{:x}}}", u32::from(c)),
            };
            assert_eq!(
                found[column],
                value.chars().map(escaped).collect::<String>(),
                "{column}"
            );
        }
    }
    assert_eq!(found[0]["object"], "\\u{3b1}, 1");
    assert!(found[1]["T_high_p50"] == "NaN" && found[1]["reason"].contains("H1_4861A"));
    let place = (1..).find(|n| cards[&format!("TTYPE{n}")] == "T_high_p50").unwrap();
    assert_eq!(cards[&format!("TUNIT{place}")], "K");
    assert_eq!(cards[&format!("TUCD{place}")], "phys.temperature.electron;stat.median");
    let manifest: serde_json::Value =
        serde_json::from_slice(&std::fs::read(out.join("manifest.json")).unwrap()).unwrap();
    let parameters = manifest["parameters"].as_array().unwrap().iter();
    let parameters: Vec<String> = parameters.map(|own| own["name"].as_str().unwrap().to_owned()).collect();
    let listed = columns(&parameters, Method::Nuts);
    assert_eq!(cards["TFIELDS"], listed.len().to_string());
    for (n, column) in (1..).zip(&listed) {
        let card = |keyword: &str| cards.get(&format!("{keyword}{n}")).map(String::as_str);
        let unit = Some(column.unit()).filter(|unit| !unit.is_empty() && !unit.starts_with("dex"));
        assert_eq!(card("TTYPE"), Some(column.name()));
        assert_eq!(
            (card("TUNIT"), card("TUCD")),
            (unit, column.ucd().as_deref()),
            "{}",
            column.name()
        );
        assert_eq!(
            card("TFORM").unwrap().ends_with('A'),
            column.is_text(),
            "{}",
            column.name()
        );
    }
    assert_eq!(cards["SEED"], "5");
    assert_eq!(manifest["configuration"]["sha256"], cards["CONFSHA"].as_str());
    assert_eq!(manifest["catalogue"]["sha256"], cards["CATSHA"].as_str());
}
