//! Meaning of all line names in one table. Each name depends on the others.
//!
//! A spectrum that does not resolve [O II] 3726, 3729 gives one flux, and its table one name:
//! `OII_3727`, `O2_3727A`, 3727.00. The same name in a table with `OII_3730` is the line 3726.03,
//! at 3727.09 in vacuum. Only all names together show whether a name is one line or a sum. The
//! meaning is the same for every object of the table.
//!
//! 1. A sum in so many words is a sum: `O2_3726A_m`, `O2_3727A+`, `OII_3726_29`, `OII` alone.
//! 2. A label of the list is that line. So is a name or wavelength near to a line (see
//!    `Multiplets::place`).
//! 3. A name between two lines of a multiplet is the sum of all its lines, if no other name gives
//!    or means any of them. Otherwise it is the one line within 0.9 Å that no other name gives.
//!    Otherwise it is an error, since either reading could be wrong by a factor of two.
//! 4. A line closer than 1.2 Å to others that no other name gives is the sum with them. So is one
//!    line of N III] 1747 to 1754.
//! 5. One line of a pair closer than 3.5 Å, without its partner, is read as that line. A remark
//!    says that it may be the sum.

use std::collections::HashMap;

use super::claims::Claims;
use super::multiplet::{Multiplets, Placed, ROUNDED};
use super::series::hydrogen;
use super::spelling::{Part, Spelled, spell};
use super::{Ion, Line, LineList, Resolved, members};
use crate::error::{LineError, Result};

/// Two wavelengths are equally near to a line if their distances differ by less than this \[Å\].
const AS_NEAR: f64 = 0.03;
/// Largest distance of a hydrogen line in the list from Rydberg's formula. Fine structure shifts
/// them by up to 0.15 Å (Paα) \[Å\].
const HELD: f64 = 0.5;

/// All line names of one table.
#[derive(Debug)]
pub struct NameSet<'a> {
    pub(super) multiplets: Multiplets<'a>,
    pub(super) labels: HashMap<&'a str, usize>,
    /// Hydrogen lines that the list lacks, with their wavelengths in vacuum \[Å\].
    pub(super) strangers: Vec<(String, f64)>,
    pub(super) is_vacuum: bool,
    numbers: HashMap<String, usize>,
    claims: Claims,
}

/// The meaning of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// Lines of the name. Their label is the name if it is a label, else that of the list.
    pub line: Resolved,
    /// Remark, if the name has another possible reading.
    pub said: Option<Said>,
}

/// Remark on a name with another possible reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    /// Read as the sum of several lines.
    Sum,
    /// One line of a close doublet without its partner, read as the line.
    Lone,
}

/// Meaning of a name before the other names are considered.
pub(super) enum Meaning {
    Line(usize),
    Sum(Vec<usize>),
    /// Between the lines of a multiplet, by index.
    Between(usize),
}

/// Tells whether a text can be the name of a line, for any list: a label, an ion and a wavelength,
/// a hydrogen line, `OII`, or a wavelength in Å. `OIII` and `SII` alone cannot: they mean several
/// lines.
pub fn is_name(text: &str) -> bool {
    spell(text).is_some()
}

impl<'a> NameSet<'a> {
    /// Collects the names of a table and ignores other texts. `vacuum` gives the medium of
    /// wavelengths without an ion. If absent, the medium that finds more lines is taken.
    pub fn new<'n>(list: &'a LineList, names: impl IntoIterator<Item = &'n str>, vacuum: Option<bool>) -> NameSet<'a> {
        let mut spelled: Vec<Spelled> = Vec::new();
        let mut numbers = HashMap::new();
        for own in names.into_iter().filter_map(spell) {
            numbers.entry(own.key()).or_insert_with(|| {
                spelled.push(own);
                spelled.len() - 1
            });
        }
        let of_hydrogen = || list.lines.iter().filter(|line| line.ion == Ion::H1);
        let held = |vacuum: f64| of_hydrogen().any(|line| (line.wavelength_vac - vacuum).abs() < HELD);
        let mut set = NameSet {
            multiplets: Multiplets::new(list),
            labels: list
                .lines
                .iter()
                .enumerate()
                .map(|(index, line)| (line.label.as_str(), index))
                .collect(),
            strangers: hydrogen().filter(|(_, vacuum)| !held(*vacuum)).collect(),
            is_vacuum: false,
            numbers,
            claims: Claims::new(list.lines.len()),
        };
        set.is_vacuum = vacuum.unwrap_or_else(|| set.finds_more_in_vacuum(&spelled));
        set.claim(&spelled);
        set
    }

    /// Meaning of a name beside the others of the set. The name itself need not belong to the set.
    ///
    /// # Errors
    /// [`LineError::LineName`] for a text that is no name, [`LineError::SeveralLines`] for an ion
    /// alone, [`LineError::UnknownLine`], [`LineError::UnknownWavelength`],
    /// [`LineError::NearHydrogen`], [`LineError::AmbiguousLine`] where two lines are equally near,
    /// [`LineError::BetweenLines`] where other names give some of the lines around,
    /// [`LineError::MergedWithoutMembers`].
    pub fn read(&self, name: &str) -> Result<Reading, LineError> {
        let spelled = spell(name).ok_or_else(|| self.unread(name))?;
        let own = self.numbers.get(&spelled.key()).copied();
        let meaning = self.meaning(name, &spelled)?;
        if let (Meaning::Line(line), [part]) = (&meaning, &spelled.parts[..])
            && part.ions.is_empty()
            && self.off(*line, part.wavelength) > self.claims.nearest(*line) + AS_NEAR
        {
            return Err(self.unknown(name, part));
        }
        let (members, said) = match meaning {
            Meaning::Line(line) => self.line(line, own),
            Meaning::Sum(members) => (
                self.whole(members, &spelled, own),
                spelled.is_guessed.then_some(Said::Sum),
            ),
            Meaning::Between(multiplet) => self.between(name, multiplet, &spelled.parts[0], own)?,
        };
        let is_label = said != Some(Said::Sum) && name.parse::<super::Label>().is_ok();
        let label = match &members[..] {
            _ if is_label => name.to_owned(),
            [line] => self.list().lines[*line].label.clone(),
            members => self.list().merged_label(members),
        };
        Ok(Reading {
            line: Resolved { label, members },
            said,
        })
    }

    pub(super) fn list(&self) -> &'a LineList {
        self.multiplets.list
    }

    pub(super) fn off(&self, line: usize, wavelength: f64) -> f64 {
        (self.list().lines[line].wavelength(self.is_vacuum) - wavelength).abs()
    }

    /// Assigns each line to the names that mean it.
    fn claim(&mut self, spelled: &[Spelled]) {
        let meanings: Vec<Option<Meaning>> = spelled.iter().map(|spelled| self.meaning("", spelled).ok()).collect();
        let all = || spelled.iter().zip(&meanings).enumerate();
        for (_, (spelled, meaning)) in all() {
            if let (Some(Meaning::Line(line)), [part]) = (meaning, &spelled.parts[..])
                && part.ions.is_empty()
            {
                let off = self.off(*line, part.wavelength);
                self.claims.approach(*line, off);
            }
        }
        for (number, (_, meaning)) in all() {
            match meaning {
                Some(Meaning::Line(line)) => self.claims.name(&[*line], number),
                Some(Meaning::Sum(members)) => self.claims.name(members, number),
                Some(Meaning::Between(index)) => self.claims.touch(&self.multiplets.all[*index].members, number),
                None => {}
            }
        }
    }

    fn meaning(&self, name: &str, spelled: &Spelled) -> Result<Meaning, LineError> {
        let [part] = &spelled.parts[..] else {
            return members::of_parts(self.list(), name, &spelled.parts).map(Meaning::Sum);
        };
        if spelled.is_sum {
            return self.merged(name, part).map(Meaning::Sum);
        }
        if let Some(&line) = part.label.as_ref().and_then(|label| self.labels.get(label.as_str())) {
            return Ok(Meaning::Line(line));
        }
        if part.ions.is_empty() {
            return self.alone(name, part);
        }
        for &ion in &part.ions {
            match self.multiplets.place(ion, part) {
                Placed::Line(line) => return Ok(Meaning::Line(line)),
                Placed::Between(multiplet) => return Ok(Meaning::Between(multiplet)),
                Placed::Tie(first, second) => return Err(self.ambiguous(name, first, second)),
                Placed::Nowhere => {}
            }
        }
        Err(self.unknown(name, part))
    }

    /// Lines of a sum around one wavelength: those of the nearest merged label of the ion, else of
    /// the multiplet around it, else those of the ion near it.
    fn merged(&self, name: &str, part: &Part) -> Result<Vec<usize>, LineError> {
        let lines = |index: usize| self.multiplets.all[index].members.clone();
        match self.multiplets.labelled(part) {
            Placed::Between(index) => return Ok(lines(index)),
            Placed::Tie(first, second) => {
                let label = |index: usize| self.multiplets.all[index].label.clone();
                let (first, second) = (label(first), label(second));
                return Err(LineError::AmbiguousLine {
                    label: name.to_owned(),
                    first,
                    second,
                });
            }
            Placed::Line(_) | Placed::Nowhere => {}
        }
        for &ion in &part.ions {
            if let Some((index, _)) = self
                .multiplets
                .around(Some(ion), part.wavelength, |line| line.wavelength_air)
            {
                return Ok(lines(index));
            }
            let near = self.multiplets.near(ion, part.wavelength);
            if near.len() > 1 {
                return Ok(near);
            }
        }
        Err(LineError::MergedWithoutMembers { label: name.to_owned() })
    }

    /// A line, or the sum that contains it if no other name gives the rest.
    fn line(&self, line: usize, own: Option<usize>) -> (Vec<usize>, Option<Said>) {
        let is_other = |&member: &usize| member != line && self.claims.is_touched(member, own);
        if let Some(sum) = self.multiplets.unresolved(line)
            && !sum.members.iter().any(is_other)
        {
            return (sum.members.clone(), Some(Said::Sum));
        }
        let mut partners = self.multiplets.partners(line).peekable();
        let is_lone = partners.peek().is_some() && !partners.any(|member| is_other(&member));
        (vec![line], is_lone.then_some(Said::Lone))
    }

    /// Lines of a sum, with those that cannot be separated from them: `OII_7320_7330` is all four.
    fn whole(&self, members: Vec<usize>, spelled: &Spelled, own: Option<usize>) -> Vec<usize> {
        let mut whole = members.clone();
        for (member, part) in members.into_iter().zip(&spelled.parts) {
            let is_label = part
                .label
                .as_ref()
                .is_some_and(|label| self.labels.contains_key(label.as_str()));
            if spelled.parts.len() > 1 && !is_label {
                let (with, _) = self.line(member, own);
                let new: Vec<usize> = with.into_iter().filter(|line| !whole.contains(line)).collect();
                whole.extend(
                    new.into_iter()
                        .filter(|&line| self.list().lines[line].ion == self.list().lines[member].ion),
                );
            }
        }
        whole
    }

    /// Meaning of a name between the lines of a multiplet.
    fn between(
        &self,
        name: &str,
        multiplet: usize,
        part: &Part,
        own: Option<usize>,
    ) -> Result<(Vec<usize>, Option<Said>), LineError> {
        let multiplet = &self.multiplets.all[multiplet];
        if !multiplet
            .members
            .iter()
            .any(|&member| self.claims.is_touched(member, own))
        {
            return Ok((multiplet.members.clone(), Some(Said::Sum)));
        }
        let lines = &self.list().lines;
        let is_near = |line: &Line| {
            let truncated = [line.wavelength_air, line.wavelength_vac].map(f64::floor);
            line.distance(part.wavelength) <= ROUNDED || truncated.contains(&part.wavelength)
        };
        let is_left = |&member: &usize| !self.claims.is_named(member, own) && is_near(&lines[member]);
        let left: Vec<usize> = multiplet.members.iter().copied().filter(is_left).collect();
        match left[..] {
            [line] => Ok(self.line(line, own)),
            _ => {
                let labels = multiplet.members.iter().map(|&member| lines[member].label.clone());
                let (name, lines) = (name.to_owned(), labels.collect());
                Err(LineError::BetweenLines {
                    name,
                    lines,
                    sum: multiplet.label.clone(),
                })
            }
        }
    }
}
