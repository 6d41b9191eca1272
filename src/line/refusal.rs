//! Errors for names that mean no line, or more than one.

use super::Ion;
use super::name_set::NameSet;
use super::species::ions_alone;
use super::spelling::Part;
use crate::error::LineError;

/// Lines that catalogues mean most often by an ion alone.
const USUAL: [&str; 9] = [
    "O3_5007A",
    "N2_6584A",
    "S2_6716A+S2_6731A",
    "Ne3_3869A",
    "O1_6300A",
    "Ar3_7136A",
    "S3_9531A",
    "He1_5876A",
    "He2_4686A",
];

impl<'a> NameSet<'a> {
    pub(super) fn ambiguous(&self, name: &str, first: usize, second: usize) -> LineError {
        let label = |line: usize| self.list().lines[line].label.clone();
        LineError::AmbiguousLine {
            label: name.to_owned(),
            first: label(first),
            second: label(second),
        }
    }

    pub(super) fn unknown(&self, name: &str, part: &Part) -> LineError {
        if part.ions.is_empty() {
            let medium = if self.is_vacuum { "vacuum" } else { "air" };
            return LineError::UnknownWavelength {
                name: name.to_owned(),
                medium,
            };
        }
        let known: Vec<&str> = part.ions.iter().flat_map(|&ion| self.labels_of(ion)).collect();
        let ions: Vec<String> = part.ions.iter().map(ToString::to_string).collect();
        LineError::UnknownLine {
            label: name.to_owned(),
            ion: ions.join(" or "),
            known: known.join(", "),
        }
    }

    /// Error for a text that is no name. An ion alone may mean any of its lines.
    pub(super) fn unread(&self, name: &str) -> LineError {
        let lines: Vec<&str> = ions_alone(name)
            .into_iter()
            .flat_map(|ion| self.labels_of(ion))
            .collect();
        let is_of_ion = |usual: &&str| usual.split('+').all(|label| lines.contains(&label));
        let usual = USUAL.iter().find(|usual| is_of_ion(usual));
        let optical = || lines.iter().rfind(|label| label.ends_with('A'));
        match usual.or_else(optical).or(lines.last()) {
            None => LineError::LineName { name: name.to_owned() },
            Some(last) => LineError::SeveralLines {
                name: name.to_owned(),
                lines: lines.join(", "),
                example: (*last).to_owned(),
            },
        }
    }

    fn labels_of(&self, ion: Ion) -> impl Iterator<Item = &'a str> {
        let list = self.list();
        self.multiplets.of_ion(ion).map(|line| list.lines[line].label.as_str())
    }
}
