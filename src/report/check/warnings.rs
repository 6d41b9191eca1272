//! Warnings of a catalogue's files, together by kind.

use std::mem::{Discriminant, discriminant};
use std::path::Path;

use crate::table::{Beside, Warning, Warnings};
use crate::text::{printable, visible};

/// Warnings of one kind over all files.
struct Group {
    kind: Discriminant<Warning>,
    count: usize,
    /// File and text of the first.
    example: String,
}

/// Number of warnings of all files, those that were counted but not kept among them.
pub fn warning_count(beside: &Beside) -> usize {
    let of = |warnings: &Warnings| warnings.iter().count() + warnings.more().sum::<usize>();
    beside.files.iter().map(|file| of(&file.warnings)).sum::<usize>() + of(&beside.of_side)
}

/// A row for each kind of warning over all files: the number of them, and the first in full.
pub(super) fn grouped(beside: &Beside) -> Vec<String> {
    let mut groups: Vec<Group> = Vec::new();
    for (path, warning, count) in by_kind(beside) {
        let kind = discriminant(warning);
        match groups.iter_mut().find(|group| group.kind == kind) {
            Some(group) => group.count += count,
            None => groups.push(Group {
                kind,
                count,
                example: written(path, warning),
            }),
        }
    }
    let row = |group: &Group| match group.count {
        1 => group.example.clone(),
        count => format!("{count} such as {}", group.example),
    };
    groups.iter().map(row).collect()
}

/// Each warning that was kept, and the number of those that were not.
pub(super) fn every(beside: &Beside) -> Vec<String> {
    let mut rows: Vec<String> = kept(beside).map(|(path, warning)| written(path, warning)).collect();
    rows.extend(beyond(beside));
    rows
}

/// The number of warnings that were counted but not kept.
fn beyond(beside: &Beside) -> Option<String> {
    match warning_count(beside) - kept(beside).count() {
        0 => None,
        more => Some(format!("{more} more of the same kinds")),
    }
}

/// The first warning of each kind of each file, and the number of its kind there.
fn by_kind(beside: &Beside) -> impl Iterator<Item = (Option<&Path>, &Warning, usize)> {
    let files = beside
        .files
        .iter()
        .map(|file| (Some(file.path.as_path()), &file.warnings));
    let all = files.chain([(None, &beside.of_side)]);
    all.flat_map(|(path, warnings)| warnings.by_kind().map(move |(warning, count)| (path, warning, count)))
}

/// Each warning that was kept, with its file.
fn kept(beside: &Beside) -> impl Iterator<Item = (Option<&Path>, &Warning)> {
    let of_files = beside.files.iter();
    let of_files = of_files.flat_map(|file| file.warnings.iter().map(|warning| (Some(file.path.as_path()), warning)));
    of_files.chain(beside.of_side.iter().map(|warning| (None, warning)))
}

fn written(path: Option<&Path>, warning: &Warning) -> String {
    let text = warning.to_string();
    match path {
        Some(path) => format!("{}: {}", printable(&path.display().to_string()), visible(&text)),
        None => visible(&text).into_owned(),
    }
}
