//! Shapes of text: separators, headers, rows of units and dashes, an index, quotes, frames of bars.

use std::io::Write;

use flate2::{Compression, write::GzEncoder};
use nebulium::table::Settings;

use super::{objects, read_files, told};

/// A wide table, two objects.
const WIDE: &str = "object,H1_4861A,H1_4861A_err,O3_5007A,O3_5007A_err\na,100,1,500,5\nb,50,1,200,4\n";
/// The same in long form.
const LONG: &str = "object,line,flux,flux_err\na,Hbeta,100,1\na,O3_5007A,500,5\nb,Hbeta,50,1\nb,O3_5007A,200,4\n";
/// Objects of either table.
const TWO: [&str; 2] = ["a 100±1: O3_5007A 5±0.05", "b 50±1: O3_5007A 4±0.08"];

#[track_caller]
fn is_the_same(text: &str) {
    assert_eq!(objects("t.txt", text, ""), TWO, "{text}");
}

/// Each row changed, the header by the first function.
fn rows(text: &str, header: impl Fn(&str) -> String, row: impl Fn(&str) -> String) -> String {
    let changed = |(number, text): (usize, &str)| if number == 0 { header(text) } else { row(text) };
    text.lines().enumerate().map(|row| changed(row) + "\n").collect()
}

#[test]
fn any_separator_is_found() {
    for text in [WIDE, LONG] {
        for separator in [";", "\t", "|", " | ", "  ", " ", ", ", " , ", ";\t", " \t "] {
            is_the_same(&text.replace(',', separator));
        }
    }
}

#[test]
fn separators_within_names_and_quotes_do_not_mislead() {
    let tabs = rows(
        &LONG.replace(',', "\t"),
        |header| format!("{header}\tnote, free, if any"),
        |row| format!("{row}\tx"),
    );
    assert_eq!(
        objects("t.txt", &tabs, "[catalogue]\nignore_columns = [\"note*\"]"),
        TWO
    );
    let quoted = rows(WIDE, str::to_owned, |row| format!("\"{}\"", row.replace(',', "\",\"")));
    is_the_same(&quoted);
    is_the_same(&WIDE.replace(',', " ").replace("\na ", "\n\"a\" "));
    let named = LONG.replace(',', " ").replace("\na ", "\n\"NGC 1, west\" ");
    let told = objects("t.txt", &named, "");
    assert!(told[0].starts_with("NGC 1, west 100±1: "), "{told:?}");
    let comma = LONG.replace("\na,", "\n\"NGC 1, west\",");
    assert!(objects("t.csv", &comma, "")[0].starts_with("NGC 1, west 100±1: "));
    let doubled = LONG.replace("\na,", "\n\"the \"\"big\"\" one\",");
    assert!(objects("t.csv", &doubled, "")[0].starts_with("the \"big\" one 100±1: "));
}

#[test]
fn a_commented_header_is_the_header() {
    for text in [WIDE, LONG] {
        for sign in ["#", "# ", "## ", "#\t"] {
            is_the_same(&format!("{sign}{text}"));
            is_the_same(&format!("{sign}{}", text.replace(',', " ")));
            is_the_same(&format!("# by hand, in a hurry\n#\n{sign}{text}"));
            is_the_same(&format!("{sign}{}", text.replacen('\n', "\n# all fluxes in erg\n", 1)));
        }
    }
}

#[test]
fn rows_of_units_and_dashes_are_passed_over() {
    for text in [WIDE, LONG] {
        let header = text.lines().next().unwrap();
        let columns = header.split(',').count();
        let row = |cell: &str| vec![cell; columns].join(",");
        let units = match text == WIDE {
            true => ",erg/s/cm2,erg/s/cm2,erg/s/cm2,erg/s/cm2".to_owned(),
            false => ",,mW/m2,mW/m2".to_owned(),
        };
        for between in [
            row("---"),
            row("-----"),
            row("==="),
            units.clone(),
            format!("{units}\n{}", row("---")),
            format!("{}\n{units}", row("----")),
        ] {
            for separator in [",", ";", "\t", "|"] {
                let text = text
                    .replacen('\n', &format!("\n{between}\n"), 1)
                    .replace(',', separator);
                is_the_same(&text);
            }
        }
        is_the_same(
            &text
                .replacen('\n', &format!("\n{}\n", row("----")), 1)
                .replace(',', " "),
        );
    }
}

#[test]
fn frames_of_bars_are_peeled_off() {
    for text in [WIDE, LONG] {
        let framed = |row: &str| format!("| {} |", row.replace(',', " | "));
        is_the_same(&rows(text, framed, framed));
        let rule = "|---|---|---|---|---|"
            .get(..1 + 4 * text.lines().next().unwrap().split(',').count())
            .unwrap();
        let markdown = rows(text, |header| format!("{}\n{rule}", framed(header)), framed);
        is_the_same(&markdown);
        let ruled = rule.replace('|', "+");
        is_the_same(&format!(
            "{ruled}\n{}{ruled}\n",
            rows(text, |header| format!("{}\n{ruled}", framed(header)), framed)
        ));
    }
}

#[test]
fn an_index_and_a_last_separator_are_no_columns() {
    for text in [WIDE, LONG] {
        let number = std::cell::Cell::new(0);
        let numbered = |row: &str| format!("{},{row}", number.replace(number.get() + 1));
        is_the_same(&rows(text, |header| format!(",{header}"), numbered));
        is_the_same(&rows(text, str::to_owned, numbered));
        is_the_same(&rows(text, str::to_owned, numbered).replace(',', "  "));
        is_the_same(&rows(text, |row| format!("{row},"), |row| format!("{row},")));
        is_the_same(&rows(text, str::to_owned, |row| format!("{row},")));
        is_the_same(&rows(text, |row| format!("{row};"), |row| format!("{row};")).replace(',', ";"));
    }
}

#[test]
fn line_ends_marks_and_blank_rows_change_nothing() {
    for end in ["\n", "\r\n", "\r", "\n\n", "\n \t\n", "\n# remark\n"] {
        is_the_same(&LONG.replace('\n', end));
        is_the_same(&format!("\u{feff}{}", WIDE.replace('\n', end)));
    }
    is_the_same(WIDE.trim_end());
    is_the_same(&LONG.replace(',', "\u{a0},"));
}

#[test]
fn gzip_is_read_whatever_its_name() {
    for text in [WIDE, LONG] {
        let mut packed = GzEncoder::new(Vec::new(), Compression::default());
        packed.write_all(text.as_bytes()).unwrap();
        let packed = packed.finish().unwrap();
        for name in ["t.csv.gz", "t.csv"] {
            let (_folder, paths) = super::files(&[(name, &packed)]);
            let catalogue = read_files(&paths, &Settings::default()).unwrap();
            assert_eq!(catalogue.entries.iter().map(told).collect::<Vec<_>>(), TWO);
        }
    }
    let list = "4861.33 100 1\n5006.84 500 5\n";
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(list.as_bytes()).unwrap();
    let (_folder, paths) = super::files(&[("ngc.dat.gz", &packed.finish().unwrap())]);
    let catalogue = read_files(&paths, &Settings::default()).unwrap();
    assert_eq!(told(&catalogue.entries[0]), "ngc 100±1: O3_5007A 5±0.05");
}

#[test]
fn latin_text_is_read_and_said() {
    let text: Vec<u8> = LONG.replace("\na,", "\nEspañol,").chars().map(|c| c as u8).collect();
    let (_folder, paths) = super::files(&[("t.csv", &text)]);
    let catalogue = read_files(&paths, &Settings::default()).unwrap();
    assert_eq!(told(&catalogue.entries[0]), "Español 100±1: O3_5007A 5±0.05");
    assert!(
        super::warnings(&catalogue).contains("row 2"),
        "{}",
        super::warnings(&catalogue)
    );
}

/// Text that `pandas`, `prettytable` or a database prints: rules above the header, below it and at
/// the end.
#[test]
fn rules_around_a_table_are_passed_over() {
    for text in [WIDE, LONG] {
        for rule in ["-----------", "===== ===== =====", "-----+-----", "---,---,---"] {
            for separator in [",", " | ", "   "] {
                let whole = format!("{rule}\n{}{rule}\n", text.replacen('\n', &format!("\n{rule}\n"), 1));
                is_the_same(&whole.replace(',', separator));
            }
        }
    }
}

/// Columns that nobody reads are named at once, with the line to paste.
#[test]
fn unknown_columns_are_named_together() {
    let text = "object,line,flux,flux_err,note,FWHM,my col\na,Hbeta,100,1,,,\na,O3_5007A,500,5,,,\n";
    let told = objects("t.csv", text, "");
    assert!(
        told[0].contains("unknown columns (3): note,FWHM,my col")
            && told[0].contains("ignore_columns = [\"note\", \"FWHM\", \"my col\"]"),
        "{told:?}"
    );
    let toml = "[catalogue]\nignore_columns = [\"NOTE\", \"fw*\", \"my col\"]";
    assert_eq!(objects("t.csv", text, toml), ["a 100±1: O3_5007A 5±0.05"]);
}
