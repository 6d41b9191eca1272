//! The counts of a catalogue in words: head, rejections, suspicions, lines, flags and warnings, for
//! two screens.

use super::super::counted;
use super::super::flagged::Flagged;
use super::screen::{Section, WIDTH, laid_out, shortened};
use super::suspicion::Kind;
use super::warnings::{every, grouped, warning_count};
use super::{Inspection, number};
use crate::flag::{Class, Code};
use crate::table::{Beside, Contents};
use crate::text::printable;

/// Rows of two screens.
pub(super) const ROWS: usize = 48;
/// Files that are named.
const FILES: usize = 3;
/// The way to see what does not fit.
const ALL: &str = "--lines prints all";
/// Percentiles of the signal to noise of Hβ.
const PERCENTILES: [(f64, &str); 5] = [
    (0.05, "5 %"),
    (0.16, "16 %"),
    (0.5, "median"),
    (0.84, "84 %"),
    (0.95, "95 %"),
];

impl Inspection<'_> {
    /// The catalogue in 48 rows of 100 columns at most; with `everything`, in as many rows as it
    /// takes.
    pub fn summary(&self, beside: &Beside, everything: bool) -> String {
        let mut head = files(&beside.files, self.objects);
        head.push(self.verdict());
        head.extend(self.signal_to_noise());
        let sections = [
            self.rejections(),
            self.suspicious(),
            self.line_table(),
            self.decisions(),
            of_warnings(beside, everything),
        ];
        laid_out(&head, &sections, if everything { usize::MAX } else { ROWS })
    }

    fn signal_to_noise(&self) -> Option<String> {
        let of = |(fraction, name): (f64, &str)| Some(format!("{} ({name})", number(self.hbeta.quantile(fraction)?)));
        let percentiles: Vec<String> = PERCENTILES.into_iter().filter_map(of).collect();
        let without = match self.without_error {
            0 => None,
            objects => Some(format!("{} without an error of Hβ", counted(objects, "object"))),
        };
        match percentiles.is_empty() {
            true => without,
            false => {
                let parts: Vec<String> = [percentiles.join(", ")].into_iter().chain(without).collect();
                Some(format!("S/N of Hβ: {}", parts.join("; ")))
            }
        }
    }

    fn rejections(&self) -> Section {
        Section {
            head: vec!["Rejected by reason (--rejected names every object):".to_owned()],
            items: self.rejected.rows().iter().map(|row| shortened("  ", row)).collect(),
            noun: "kinds of reasons",
            all: ALL,
            share: 1,
        }
    }

    fn suspicious(&self) -> Section {
        let row = |kind: Kind| {
            let suspected = self.suspected.get(&kind)?;
            let more = match suspected.objects - suspected.examples.len() {
                0 => "",
                _ => ", …",
            };
            let of = match kind {
                Kind::Dereddened => format!("of {} that tell: ", self.told),
                _ => String::new(),
            };
            let (what, remedy, whom) = (kind.what(), kind.remedy(), suspected.examples.join(", "));
            let flag = kind.code().map(|code| format!(" [{}]", code.name()));
            let text = format!("{of}{what}: {remedy}{} ({whom}{more})", flag.unwrap_or_default());
            Some((suspected.objects, text))
        };
        let mut rows: Vec<(usize, String)> = Kind::ALL.into_iter().filter_map(row).collect();
        rows.sort_by_key(|(objects, _)| std::cmp::Reverse(*objects));
        Section {
            head: vec!["Suspicious (number of objects):".to_owned()],
            items: numbered(rows),
            noun: "suspicions",
            all: ALL,
            share: 2,
        }
    }

    fn line_table(&self) -> Section {
        let (head, rows) = self.lines.table();
        Section {
            head: vec![format!("Lines, the most common first ({}):", rows.len()), head],
            items: rows.into_iter().map(|row| vec![row]).collect(),
            noun: "lines",
            all: ALL,
            share: 4,
        }
    }

    fn decisions(&self) -> Section {
        let classes = [Class::Fail, Class::Warn, Class::Note, Class::Decision];
        let flagged = classes.into_iter().flat_map(|class| self.flags.of_class(class));
        let row = |(code, flagged): (Code, &Flagged)| {
            let (name, about, advice) = (code.name(), flagged.about(), code.advice());
            (flagged.count, format!("{name}{about}: {advice}"))
        };
        Section {
            head: vec!["Flags that a fit would carry (number of objects):".to_owned()],
            items: numbered(flagged.map(row).collect()),
            noun: "flags",
            all: ALL,
            share: 1,
        }
    }
}

/// Texts behind their numbers, which stand in one column.
fn numbered(texts: Vec<(usize, String)>) -> Vec<Vec<String>> {
    let width = texts
        .iter()
        .map(|(number, _)| number.to_string().len())
        .max()
        .unwrap_or(0);
    let row = |(number, text): (usize, String)| shortened(&format!("  {number:>width$}  "), &text);
    texts.into_iter().map(row).collect()
}

/// The warnings of the files, together by kind, or one by one.
fn of_warnings(beside: &Beside, everything: bool) -> Section {
    let rows = if everything { every(beside) } else { grouped(beside) };
    Section {
        head: vec![format!("Warnings ({}):", warning_count(beside))],
        items: rows.iter().map(|row| shortened("  ", row)).collect(),
        noun: "kinds of warnings",
        all: ALL,
        share: 1,
    }
}

/// The first files with their formats, and the number of the others.
fn files(files: &[Contents], objects: usize) -> Vec<String> {
    let row = |file: &Contents| {
        let format = file.format.name();
        let path = file.path.display().to_string();
        let objects = counted(file.objects, "object");
        format!("{}: {format}, {objects}", end_of(&printable(&path), WIDTH - 40))
    };
    let mut rows: Vec<String> = files.iter().take(FILES).map(row).collect();
    if files.len() > FILES {
        rows.push(format!("and {} more files", files.len() - FILES));
    }
    if files.len() > 1 {
        rows.push(format!("{} files, {}", files.len(), counted(objects, "object")));
    }
    rows
}

/// The end of a text, of so many characters at most.
fn end_of(text: &str, most: usize) -> String {
    let length = text.chars().count();
    if length <= most {
        return text.to_owned();
    }
    let end: String = text.chars().skip(length + 1 - most).collect();
    format!("…{end}")
}
