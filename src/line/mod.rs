//! Labels such as `O3_5007A` ↔ ion, wavelength and the members of merged lines.

mod claims;
mod ion;
mod label;
mod members;
mod multiplet;
mod name_set;
mod refusal;
mod resolution;
mod series;
mod species;
mod spelling;
mod token;
mod understood;
mod wavelength;

pub use ion::Ion;
pub use label::Label;
pub use name_set::{NameSet, Reading, Said, is_name};
pub use understood::{names_of_line, names_of_sum};

pub use crate::error::LineError;
use crate::error::Result;

/// Label of the line to which all fluxes are relative.
pub const H_BETA: &str = "H1_4861A";

/// Two lines are equally near to a label if their distances differ by less than this \[Å\]. Labels
/// in whole Å cannot separate them.
const EQUALLY_NEAR: f64 = 0.25;

/// A line with known emissivities.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Name in LiMe's notation, with the wavelength in air above 2000 Å.
    pub label: String,
    /// The emitting ion.
    pub ion: Ion,
    /// Wavelength in air \[Å\].
    pub wavelength_air: f64,
    /// Wavelength in vacuum \[Å\].
    pub wavelength_vac: f64,
    /// Electron temperatures covered by the atomic data \[K\], from, to.
    pub valid_t: [f64; 2],
    /// Electron densities covered by the atomic data \[cm⁻³\], from, to.
    pub valid_ne: [f64; 2],
}

/// Default members of a merged label such as `O2_3726A_m`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    /// The label, ending in `_m`.
    pub label: String,
    /// Labels of the lines whose fluxes add up to the merged one.
    pub members: Vec<String>,
}

/// Lines and merged labels that a user's label can mean.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LineList {
    /// The lines; [`Resolved::members`] are indices into this.
    pub lines: Vec<Line>,
    /// Default members of merged labels.
    pub merged: Vec<Merged>,
}

/// A user's label with its lines.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Resolved {
    /// Label as given.
    pub label: String,
    /// Indices into [`LineList::lines`] in the order given: one for a single line, several for a
    /// blend.
    pub members: Vec<usize>,
}

impl LineList {
    /// Index of the line with exactly this label.
    pub fn position(&self, label: &str) -> Option<usize> {
        self.lines.iter().position(|line| line.label == label)
    }

    /// Lines of `label`: `members` if any are given, else the members of the merged label, else the
    /// line of its ion nearest in air or vacuum within 3 Å (one unit of the last digit for a label
    /// in μm). A line with exactly this label always wins.
    ///
    /// # Errors
    /// [`LineError::Label`] for an unreadable label, [`LineError::UnknownLine`],
    /// [`LineError::AmbiguousLine`] where two lines are equally near,
    /// [`LineError::MergedWithoutMembers`] and [`LineError::RepeatedMember`].
    pub fn resolve(&self, label: &str, members: &[String]) -> Result<Resolved, LineError> {
        let resolved = |members| Resolved {
            label: label.to_owned(),
            members,
        };
        if !members.is_empty() {
            label.parse::<Label>()?;
            return Ok(resolved(self.members(label, members)?));
        }
        if let Some(index) = self.position(label) {
            return Ok(resolved(vec![index]));
        }
        let parsed = label.parse::<Label>()?;
        if parsed.merged {
            let merged = self.merged(label, &parsed)?;
            return Ok(resolved(self.members(label, &merged.members)?));
        }
        Ok(resolved(vec![self.nearest(label, &parsed)?]))
    }

    /// Label of several lines: that of the list where it has one, else that of the first line with
    /// `_m`.
    pub fn merged_label(&self, members: &[usize]) -> String {
        let labels = || members.iter().map(|&index| &self.lines[index].label);
        let same = |merged: &&Merged| {
            merged.members.len() == members.len() && labels().all(|label| merged.members.contains(label))
        };
        match self.merged.iter().find(same) {
            Some(merged) => merged.label.clone(),
            None => labels().next().map_or_else(String::new, |label| format!("{label}_m")),
        }
    }

    /// Members, each a single line, none twice.
    fn members(&self, label: &str, members: &[String]) -> Result<Vec<usize>, LineError> {
        let mut indices = Vec::with_capacity(members.len());
        for member in members {
            let index = match self.position(member) {
                Some(index) => index,
                None => self.nearest(member, &member.parse()?)?,
            };
            if indices.contains(&index) {
                let (label, member) = (label.to_owned(), self.lines[index].label.clone());
                return Err(LineError::RepeatedMember { label, member });
            }
            indices.push(index);
        }
        Ok(indices)
    }

    fn nearest(&self, label: &str, parsed: &Label) -> Result<usize, LineError> {
        if parsed.merged {
            return Err(LineError::MergedWithoutMembers {
                label: label.to_owned(),
            });
        }
        let of_ion = || self.lines.iter().enumerate().filter(|(_, line)| line.ion == parsed.ion);
        let candidates = of_ion().map(|(index, line)| (index, line.distance(parsed.wavelength)));
        let found = nearest(candidates, parsed.tolerance);
        match found {
            Nearest::One(index) => Ok(index),
            Nearest::Two(first, second) => Err(LineError::AmbiguousLine {
                label: label.to_owned(),
                first: self.lines[first].label.clone(),
                second: self.lines[second].label.clone(),
            }),
            Nearest::None => {
                let known: Vec<&str> = of_ion().map(|(_, line)| line.label.as_str()).collect();
                Err(LineError::UnknownLine {
                    label: label.to_owned(),
                    ion: parsed.ion.to_string(),
                    known: known.join(", "),
                })
            }
        }
    }

    /// Merged label of the same ion with the nearest nominal wavelength.
    fn merged(&self, label: &str, parsed: &Label) -> Result<&Merged, LineError> {
        if let Some(merged) = self.merged.iter().find(|merged| merged.label == label) {
            return Ok(merged);
        }
        let candidates = self.merged.iter().enumerate().filter_map(|(index, merged)| {
            let own = merged.label.parse::<Label>().ok().filter(|own| own.ion == parsed.ion)?;
            Some((index, (own.wavelength - parsed.wavelength).abs()))
        });
        match nearest(candidates, parsed.tolerance) {
            Nearest::One(index) => Ok(&self.merged[index]),
            Nearest::Two(first, second) => Err(LineError::AmbiguousLine {
                label: label.to_owned(),
                first: self.merged[first].label.clone(),
                second: self.merged[second].label.clone(),
            }),
            Nearest::None => Err(LineError::MergedWithoutMembers {
                label: label.to_owned(),
            }),
        }
    }
}

impl Line {
    /// Wavelength \[Å\] in vacuum or in air.
    pub fn wavelength(&self, vacuum: bool) -> f64 {
        match vacuum {
            true => self.wavelength_vac,
            false => self.wavelength_air,
        }
    }

    /// Distance \[Å\] of a wavelength from the line, in air or in vacuum, the smaller of the two.
    fn distance(&self, wavelength: f64) -> f64 {
        let air = (self.wavelength_air - wavelength).abs();
        air.min((self.wavelength_vac - wavelength).abs())
    }
}

/// Lines nearest to a label.
enum Nearest {
    None,
    One(usize),
    Two(usize, usize),
}

/// Nearest of (index, distance \[Å\]) within the tolerance \[Å\], or the two nearest if they are
/// equally near.
fn nearest(candidates: impl Iterator<Item = (usize, f64)>, tolerance: f64) -> Nearest {
    let mut near: Vec<(usize, f64)> = candidates.filter(|(_, distance)| *distance <= tolerance).collect();
    near.sort_by(|a, b| a.1.total_cmp(&b.1));
    match near[..] {
        [] => Nearest::None,
        [(first, d1), (second, d2), ..] if d2 - d1 < EQUALLY_NEAR => Nearest::Two(first, second),
        [(first, _), ..] => Nearest::One(first),
    }
}

#[cfg(test)]
mod tests;
