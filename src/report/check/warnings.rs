//! Warnings of a catalogue's files, together by kind.

use std::mem::{Discriminant, discriminant};
use std::path::Path;

use crate::table::{Beside, Warning, Warnings};
use crate::text::{printable, visible};

/// Warnings of one kind over all files.
struct Group {
    kind: Discriminant<Warning>,
    known: usize,
    /// File and text of the first.
    example: String,
}

/// Number of warnings of all files, those that were counted but not kept among them.
pub fn warning_count(beside: &Beside) -> usize {
    let of = |warnings: &Warnings| warnings.iter().count() + warnings.more().sum::<usize>();
    beside.files.iter().map(|file| of(&file.warnings)).sum::<usize>() + of(&beside.of_side)
}

/// A row for each kind of warning, with the first of its kind in full, and the number of those that
/// were not kept.
pub(super) fn grouped(beside: &Beside) -> Vec<String> {
    let mut groups: Vec<Group> = Vec::new();
    for (path, warning) in kept(beside) {
        let kind = discriminant(warning);
        match groups.iter_mut().find(|group| group.kind == kind) {
            Some(group) => group.known += 1,
            None => groups.push(Group {
                kind,
                known: 1,
                example: written(path, warning),
            }),
        }
    }
    let row = |group: &Group| match group.known {
        1 => group.example.clone(),
        known => format!("{known} such as {}", group.example),
    };
    let mut rows: Vec<String> = groups.iter().map(row).collect();
    rows.extend(beyond(beside));
    rows
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
