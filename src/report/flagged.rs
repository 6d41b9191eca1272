//! Flags of a run, counted by code: objects, the most frequent subjects, a few names.

use std::collections::BTreeMap;

use super::EXAMPLES;
use crate::flag::{Class, Code, Flag};
use crate::text::echoed;

/// Objects with one flag.
#[derive(Clone, Debug, Default)]
pub(super) struct Flagged {
    /// Names of the first few objects, printable.
    pub(super) objects: Vec<String>,
    /// Number of objects.
    pub(super) count: usize,
    subjects: BTreeMap<String, usize>,
}

/// Flagged objects by code.
#[derive(Clone, Debug, Default)]
pub(super) struct FlagCounts(BTreeMap<Code, Flagged>);

impl FlagCounts {
    /// Counts the flags of one object. A code counts once per object, and each of its subjects
    /// separately.
    pub(super) fn add(&mut self, id: &str, flags: &[Flag]) {
        let mut seen = Vec::new();
        for flag in flags {
            let flagged = self.0.entry(flag.code).or_default();
            if !seen.contains(&flag.code) {
                seen.push(flag.code);
                flagged.count += 1;
                if flagged.objects.len() < EXAMPLES {
                    flagged.objects.push(echoed(id).into_owned());
                }
            }
            if !flag.subject.is_empty() {
                *flagged.subjects.entry(flag.subject.clone()).or_default() += 1;
            }
        }
    }

    /// Codes of a class that at least one object has.
    pub(super) fn of_class(&self, class: Class) -> Vec<(Code, &Flagged)> {
        let of_class = self.0.iter().filter(|(code, _)| code.class() == class);
        of_class.map(|(code, flagged)| (*code, flagged)).collect()
    }
}

impl Flagged {
    /// Most frequent subjects, after a blank; empty without subjects.
    pub(super) fn about(&self) -> String {
        let mut sorted: Vec<(&String, &usize)> = self.subjects.iter().collect();
        sorted.sort_by_key(|(name, count)| (std::cmp::Reverse(**count), name.as_str()));
        let shown = sorted.iter().take(EXAMPLES + 1);
        let named: Vec<String> = shown.map(|(name, _)| echoed(name).into_owned()).collect();
        match (named.is_empty(), sorted.len() - named.len()) {
            (true, _) => String::new(),
            (false, 0) => format!(" {}", named.join(", ")),
            (false, more) => format!(" {} and {more} more", named.join(", ")),
        }
    }
}
