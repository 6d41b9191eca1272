//! Names of the lines of one table. The settings come first, then the rule for all names of the
//! table together.

use std::collections::HashMap;
use std::sync::Arc;

use super::cell::Place;
use super::rules::Rules;
use crate::error::LineError;
use crate::flag::{Code, Flag};
use crate::line::{Label, LineList, NameSet, Resolved, Said};
use crate::text::echoed;

/// Label in `[lines]` for a name that is left out.
const IGNORE: &str = "ignore";

/// Longest text that can name a line \[bytes\].
const LONGEST: usize = 200;

/// Names of the lines of one table.
pub(crate) struct LineNames<'a> {
    list: &'a LineList,
    /// Labels of `[lines]` by the name in lower case.
    mapped: HashMap<String, &'a str>,
    /// Members of `[blends]` by label.
    blends: HashMap<&'a str, &'a [String]>,
    set: NameSet<'a>,
}

/// Meaning of a name.
#[derive(Debug, Clone)]
pub(crate) enum Meaning {
    /// Lines of the name, with a flag if the name was not read literally.
    Lines(Arc<Resolved>, Option<Flag>),
    /// Left out by the settings.
    Ignored,
}

impl<'a> LineNames<'a> {
    /// Collects all names of a table, each perhaps with the column that contains it.
    pub(crate) fn new<'n>(place: &Place<'a>, names: impl IntoIterator<Item = &'n str>) -> LineNames<'a> {
        let settings = place.settings;
        let lines = settings.lines.iter();
        let mapped: HashMap<String, &str> = lines
            .map(|(name, label)| (name.to_lowercase(), label.as_str()))
            .collect();
        let blends = settings.blends.iter();
        let blends: HashMap<&str, &[String]> = blends
            .map(|(label, members)| (label.as_str(), members.as_slice()))
            .collect();
        let mut all: Vec<String> = Vec::new();
        for name in names {
            match (mapped.get(&name.to_lowercase()), blends.get(name)) {
                (Some(label), _) => all.extend(label.split('+').map(|member| member.trim().to_owned())),
                (None, Some(members)) => all.extend(members.iter().cloned()),
                (None, None) => all.push(name.to_owned()),
            }
        }
        LineNames {
            list: place.list,
            mapped,
            blends,
            set: NameSet::new(place.list, all.iter().map(String::as_str), settings.vacuum),
        }
    }

    /// Tells whether the settings give a name its meaning.
    pub(crate) fn is_mapped(&self, name: &str) -> bool {
        self.mapped.contains_key(&name.to_lowercase()) || self.blends.contains_key(name)
    }

    /// Rules of the table for the names that it lists. An Hβ listed for any object is not implied
    /// for others.
    pub(crate) fn rules<'n>(&self, place: &Place, names: impl IntoIterator<Item = &'n str>) -> Rules {
        let is_hbeta = |name: &str| match self.read(name, "") {
            Ok(Meaning::Lines(line, _)) => line.members == [place.hbeta],
            Ok(Meaning::Ignored) | Err(_) => false,
        };
        let mut rules = place.rules.clone();
        if rules.hbeta.is_some() && names.into_iter().any(is_hbeta) {
            rules.hbeta = None;
        }
        rules
    }

    /// Meaning of a name. `members` are those that its row gives, joined by `+`; they may be empty.
    ///
    /// # Errors
    /// A text that is no name, a name of no line, or a name with several meanings.
    pub(crate) fn read(&self, name: &str, members: &str) -> Result<Meaning, LineError> {
        let plain = |resolved| Ok(Meaning::Lines(Arc::new(resolved), None));
        if name.len() > LONGEST {
            return Err(LineError::LineName {
                name: echoed(name).into_owned(),
            });
        }
        if !members.is_empty() {
            let members: Vec<String> = members.split('+').map(|member| member.trim().to_owned()).collect();
            return plain(self.list.sum_of(name, &members)?);
        }
        match self.mapped.get(&name.to_lowercase()) {
            Some(&IGNORE) => return Ok(Meaning::Ignored),
            Some(label) => return plain(self.of_label(label)?),
            None => {}
        }
        if let Some(members) = self.blends.get(name) {
            return plain(self.list.sum_of(name, members)?);
        }
        let reading = self.set.read(name)?;
        if let Some(members) = self.blends.get(reading.line.label.as_str()) {
            return plain(self.list.sum_of(&reading.line.label, members)?);
        }
        let flag = reading.said.map(|said| match said {
            Said::Sum => Flag::about(Code::ReadAs, format!("{name}={}", self.members(&reading.line))),
            Said::Lone => Flag::about(Code::LonePartner, &reading.line.label),
        });
        Ok(Meaning::Lines(Arc::new(reading.line), flag))
    }

    /// Lines of a label in `[lines]`: a label, a merged label, or members joined by `+`.
    fn of_label(&self, label: &str) -> Result<Resolved, LineError> {
        let members: Vec<String> = label.split('+').map(|member| member.trim().to_owned()).collect();
        match (self.blends.get(label), &members[..]) {
            (Some(members), _) => self.list.sum_of(label, members),
            (None, [one]) if one.parse::<Label>().is_ok_and(|label| label.merged) => self.list.resolve(one, &[]),
            (None, [_]) => self.list.sum_of(label, &members),
            (None, _) => {
                let lines = self.list.sum_of(label, &members)?;
                Ok(Resolved {
                    label: self.list.merged_label(&lines.members),
                    ..lines
                })
            }
        }
    }

    /// Labels of the lines, joined by `+`.
    pub(crate) fn members(&self, line: &Resolved) -> String {
        let labels = line
            .members
            .iter()
            .map(|&member| self.list.lines[member].label.as_str());
        labels.collect::<Vec<_>>().join("+")
    }
}
