//! Keys of the configuration against its manual and the template of `nebulium init`.

use std::collections::BTreeSet;
use std::fs::read_to_string;
use std::path::{Path, PathBuf};

use nebulium::config::Config;
use nebulium::problem::Related;

/// Tables with a fixed set of keys; `NAME` stands for a name that the user chooses.
const TABLES: [&str; 14] = [
    "",
    "model",
    "extinction",
    "sampler",
    "importance",
    "classical",
    "catalogue",
    "catalogue.columns",
    "catalogue.columns.priors.NAME",
    "abundances",
    "output",
    "likelihood",
    "zones.NAME",
    "calibration.NAME",
];
/// The table of a prior, which stands in `[priors]` and in `[calibration.NAME]`.
const PRIOR: &str = "priors.NAME";
/// Tables whose keys are names of lines, ions, columns or labels.
const MAPS: [&str; 6] = [
    "error_floors",
    "blends",
    "lines",
    "emissivities",
    "model.emissivity_error",
    "catalogue.skip",
];
/// The one fixed key of a map.
const LAW: &str = "emissivities.f_tau";
/// Second spellings of keys, and former names, which no page recommends.
const SECOND: [&str; 6] = [
    "sampler.jumps",
    "sampler.rerun",
    "catalogue.columns.flux_err",
    "priors.NAME.distribution",
    "priors.NAME.mu",
    "priors.NAME.sigma",
];
/// The page of the configuration.
const PAGE: &str = "docs/configuration.md";

/// Keys that a table takes, from the message about one that it does not take.
fn keys_of(table: &str) -> Vec<String> {
    let text = match table {
        "" => "colour = 3\n".to_owned(),
        table => format!("[{table}]\ncolour = 3\n"),
    };
    listed(&toml::from_str::<Config>(&text).unwrap_err().to_string())
}

/// Names in backticks after "expected" of a message.
fn listed(message: &str) -> Vec<String> {
    let (_, expected) = message.split_once("unknown field `colour`, expected ").expect(message);
    expected.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// Paths of all keys of the configuration.
fn keys() -> BTreeSet<String> {
    let mut keys: BTreeSet<String> = MAPS.iter().map(|map| format!("{map}.NAME")).collect();
    keys.insert(LAW.to_owned());
    for table in TABLES.iter().skip(1).chain([&PRIOR]) {
        keys.extend(keys_of(table).iter().map(|key| format!("{table}.{key}")));
    }
    let related = toml::from_str::<Related>("colour = 3\n").unwrap_err().to_string();
    keys.extend(
        listed(&related)
            .iter()
            .map(|key| format!("zones.NAME.temperature.{key}")),
    );
    keys.retain(|key| !SECOND.contains(&key.as_str()) && !is_table(key));
    keys
}

/// True if a path is that of a table.
fn is_table(path: &str) -> bool {
    let named = format!("{path}.NAME");
    let mut tables = TABLES.iter().chain(&MAPS);
    tables.any(|table| *table == path || *table == named)
}

fn page(path: &Path) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The page of the configuration and those that it names.
fn pages() -> Vec<(PathBuf, String)> {
    let first = page(Path::new(PAGE));
    let links = first
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split([')', '#']).next());
    let named: BTreeSet<&str> = links.filter(|link| link.ends_with(".md")).collect();
    let read = |name: &str| {
        let path = Path::new("docs").join(name);
        let text = page(&path);
        (path, text)
    };
    let mut pages: Vec<_> = named.into_iter().map(read).collect();
    pages.push((PAGE.into(), first));
    pages
}

/// Contents of the fenced blocks of TOML in a page.
fn blocks(text: &str) -> impl Iterator<Item = &str> {
    let after = text.split("```toml\n").skip(1);
    after.filter_map(|rest| rest.split("```").next())
}

/// Texts between single backticks, outside fenced blocks.
fn spans(text: &str) -> Vec<&str> {
    let plain = text.split("```").step_by(2);
    plain.flat_map(|plain| plain.split('`').skip(1).step_by(2)).collect()
}

/// True if a page shows the key: in a span as `key`, `key = value` or `table.key`, or in a block of
/// TOML.
fn shows(text: &str, key: &str) -> bool {
    let leaf = key.rsplit('.').next().unwrap();
    let is_key = |written: &str| written == leaf || written.ends_with(&format!(".{leaf}"));
    let of_span = |span: &str| is_key(span.split(" =").next().unwrap().trim());
    let in_row = |row: &str| {
        let written = row.split(['{', ',']).map(|part| part.split('=').next().unwrap().trim());
        row.contains('=') && written.into_iter().any(is_key)
    };
    spans(text).iter().any(|span| of_span(span) || in_row(span)) || blocks(text).flat_map(str::lines).any(in_row)
}

/// A new table of the configuration must stand in the lists of this file. Otherwise no test sees
/// its keys.
#[test]
fn every_table_of_the_configuration_is_known_here() {
    let first = |path: &&str| path.split('.').next().unwrap().to_owned();
    let known: BTreeSet<String> = TABLES.iter().skip(1).chain(&MAPS).chain([&PRIOR]).map(first).collect();
    let found: BTreeSet<String> = keys_of("").into_iter().collect();
    assert_eq!(found, known);
}

#[test]
fn every_key_stands_in_the_manual() {
    let pages = pages();
    let missing: Vec<String> = keys()
        .into_iter()
        .filter(|key| !key.ends_with(".NAME") && !pages.iter().any(|(_, text)| shows(text, key)))
        .collect();
    assert!(
        missing.is_empty(),
        "not in {PAGE} or a page that it names: {missing:#?}"
    );
    let text = page(Path::new(PAGE));
    let missing: Vec<String> = keys_of("")
        .into_iter()
        .filter(|table| !text.contains(&format!("`[{table}]`")) && !text.contains(&format!("`[{table}.NAME]`")))
        .collect();
    assert!(missing.is_empty(), "tables that {PAGE} lacks: {missing:#?}");
}

/// Rows of the tables headed `key` in the page of the configuration, as paths of keys.
fn documented() -> Vec<String> {
    let text = page(Path::new(PAGE));
    let (mut table, mut is_keys) = (String::new(), false);
    let mut found = Vec::new();
    for row in text.lines() {
        if row.starts_with("## ") {
            table = spans(row)
                .first()
                .map_or("", |span| span.trim_matches(['[', ']']))
                .to_owned();
        }
        is_keys = row.starts_with('|') && (is_keys || row.starts_with("| key |"));
        let cell = row.split('|').nth(1).filter(|_| is_keys).unwrap_or_default();
        let full = |span: &str| match span.contains('.') {
            true => span.to_owned(),
            false => format!("{table}.{span}"),
        };
        found.extend(spans(cell).into_iter().map(full));
    }
    found
}

/// A table of which the page shows some keys in rows has a row for each.
#[test]
fn tables_of_keys_are_complete() {
    let documented: BTreeSet<String> = documented().into_iter().collect();
    let table_of = |path: &str| path.rsplit_once('.').map(|(table, _)| table.to_owned());
    let begun: BTreeSet<String> = documented.iter().filter_map(|path| table_of(path)).collect();
    let missing: Vec<String> = keys()
        .into_iter()
        .filter(|key| table_of(key).is_some_and(|table| begun.contains(&table)))
        .filter(|key| !key.ends_with(".NAME") && !documented.contains(key))
        .collect();
    assert!(missing.is_empty(), "without a row in {PAGE}: {missing:#?}");
}

/// True of a law of optical depth, which is no configuration and has the number of its format.
fn is_law(block: &str) -> bool {
    let table: toml::Table = block.parse().unwrap();
    table.contains_key("format")
}

#[test]
fn the_manual_has_no_other_keys() {
    let keys = keys();
    let general = |path: &String| path.replace("LINE", "NAME").replace("ION", "NAME");
    let documented = documented();
    assert!(documented.len() > 25, "{documented:?}");
    let wrong: Vec<&String> = documented
        .iter()
        .filter(|path| !keys.contains(&general(path)) && !is_table(path))
        .collect();
    assert!(wrong.is_empty(), "keys in {PAGE} that do not exist: {wrong:#?}");
    for (path, text) in pages() {
        for block in blocks(&text).filter(|block| !is_law(block)) {
            let read = toml::from_str::<Config>(block);
            assert!(read.is_ok(), "{}:\n{block}{}", path.display(), read.unwrap_err());
        }
    }
}

/// The template shows each key that has no chosen name in its path, as a setting or as a comment.
#[test]
fn every_key_stands_in_the_template() {
    let text = Config::default().template("", &[]);
    let mut shown = BTreeSet::new();
    let mut table = String::new();
    for row in text.lines() {
        let row = row.trim_start_matches("# ");
        if let Some(name) = row.strip_prefix('[') {
            table = format!("{}.", name.trim_end_matches(']'));
        } else if let Some((key, _)) = row.split_once(" = ") {
            shown.insert(format!("{table}{key}"));
        }
    }
    let missing: Vec<String> = keys()
        .into_iter()
        .filter(|key| !key.contains("NAME") && !shown.contains(key))
        .collect();
    assert!(missing.is_empty(), "not in the template: {missing:#?}");
    for map in MAPS
        .iter()
        .chain(&["zones", "calibration", "priors", "catalogue.columns.priors"])
    {
        let is_shown = shown.iter().any(|key| key.starts_with(&format!("{map}.")));
        assert!(
            is_shown || text.contains(&format!("\n[{map}")),
            "[{map}] is not in the template"
        );
    }
}
