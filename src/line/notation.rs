//! Lines as catalogues name them, `oiii_4363`, `[OII]3727`, `HBETA`: element, Roman numeral and wavelength.

use std::str::FromStr;

use super::identify::Companions;
use super::{Ion, LineList, Resolved};
use crate::error::{Error, Result};

/// Greek names of the first Balmer lines, with their wavelengths in air \[Å\].
const BALMER: [(&str, &str, f64); 6] = [
    ("alpha", "a", 6562.8),
    ("beta", "b", 4861.3),
    ("gamma", "g", 4340.5),
    ("delta", "d", 4101.7),
    ("epsilon", "e", 3970.1),
    ("zeta", "z", 3889.1),
];

/// Roman numerals, the spectroscopic number less one being the index.
const ROMAN: [&str; 10] = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x"];

/// Names round or truncate wavelengths in air to whole Å: one this near \[Å\] to a line is that line.
const ROUNDED: f64 = 0.9;

/// A name such as `SII_6725` between the lines of a multiplet means all of them within this \[Å\].
const MULTIPLET: f64 = 10.0;

/// What a catalogue's name of a line says. `siii_6312` may be S III or Si II: the list decides.
#[derive(Debug, Clone, PartialEq)]
pub struct Name {
    text: String,
    ions: Vec<Ion>,
    /// \[Å\].
    wavelength: f64,
}

impl FromStr for Name {
    type Err = Error;

    /// Reads a name; fails with [`Error::Label`].
    fn from_str(text: &str) -> Result<Name> {
        let wrong = || Error::Label { label: text.to_owned() };
        let plain: String = text
            .chars()
            .filter(|c| !matches!(c, '[' | ']' | '_' | ' ' | '-'))
            .collect();
        let plain = plain.to_ascii_lowercase();
        let name = |ions, wavelength| Name {
            text: text.to_owned(),
            ions,
            wavelength,
        };
        let greek = |(long, short, _): &&(&str, &str, f64)| {
            plain
                .strip_prefix('h')
                .is_some_and(|rest| rest == *long || rest == *short)
        };
        if let Some((_, _, wavelength)) = BALMER.iter().find(greek) {
            return Ok(name(vec![Ion::H1], *wavelength));
        }
        let digits = plain.find(|c: char| c.is_ascii_digit()).ok_or_else(wrong)?;
        let (species, number) = plain.split_at(digits);
        let wavelength = number
            .strip_suffix('a')
            .unwrap_or(number)
            .parse::<f64>()
            .map_err(|_| wrong())?;
        let ions = ions(species);
        match ions.is_empty() || !wavelength.is_finite() || wavelength < 100.0 {
            true => Err(wrong()),
            false => Ok(name(ions, wavelength)),
        }
    }
}

/// The ions that `oiii`, or `oiiia` where a letter tells an auroral line from a nebular one, can mean.
fn ions(species: &str) -> Vec<Ion> {
    let species = species.strip_suffix(['a', 'n']).unwrap_or(species);
    let split = (1..=2).filter_map(|length| Some((species.get(..length)?, species.get(length..)?)));
    let ions = split.filter_map(|(element, roman)| {
        let stage = ROMAN.iter().position(|numeral| *numeral == roman)? + 1;
        let symbol: String = element[..1].to_ascii_uppercase() + &element[1..];
        format!("{symbol}{stage}").parse().ok()
    });
    ions.collect()
}

impl Name {
    /// The lines that the name stands for beside the catalogue's `others`: the line of its ion that it rounds; with those
    /// that cannot be told from it and that no other name claims; all of a multiplet where it lies between them.
    ///
    /// # Errors
    /// [`Error::UnknownLine`] where the list has no such line.
    pub fn resolve(&self, list: &LineList, others: &[Name]) -> Result<Resolved> {
        let (ion, lines) = self
            .ions
            .iter()
            .map(|&ion| (ion, self.lines(list, ion)))
            .find(|(_, lines)| !lines.is_empty())
            .ok_or_else(|| self.unknown(list))?;
        let resolved = |label: String, members| Resolved { label, members };
        let [line] = lines[..] else {
            let label = format!("{ion}_{:.0}A_m", self.wavelength);
            return Ok(resolved(label, lines));
        };
        let claimed = |index: usize| others.iter().any(|other| other != self && other.rounds(list, index));
        match list.companions(line, claimed) {
            Companions::None => Ok(resolved(list.lines[line].label.clone(), vec![line])),
            Companions::Merged(label, members) => Ok(resolved(label, members)),
        }
    }

    /// The lines of an ion: the one that the wavelength rounds, else the multiplet around it, else the nearest.
    fn lines(&self, list: &LineList, ion: Ion) -> Vec<usize> {
        let of_ion = || (0..list.lines.len()).filter(|&index| list.lines[index].ion == ion);
        let off = |index: &usize| (list.lines[*index].wavelength_air - self.wavelength).abs();
        let nearest = of_ion().min_by(|a, b| off(a).total_cmp(&off(b)));
        let Some(nearest) = nearest.filter(|index| off(index) <= MULTIPLET) else {
            return Vec::new();
        };
        if off(&nearest) <= ROUNDED {
            return vec![nearest];
        }
        if let Ok(merged) = list.resolve(&format!("{ion}_{:.0}A_m", self.wavelength), &[]) {
            return merged.members;
        }
        let around: Vec<usize> = of_ion().filter(|index| off(index) <= MULTIPLET).collect();
        let between = |side: fn(f64) -> bool| {
            around
                .iter()
                .any(|&index| side(list.lines[index].wavelength_air - self.wavelength))
        };
        match between(|side| side > 0.0) && between(|side| side < 0.0) {
            true => around,
            false => of_ion()
                .filter(|&index| list.lines[index].distance(self.wavelength) <= super::label::TOLERANCE)
                .min_by(|&a, &b| {
                    let distance = |index: usize| list.lines[index].distance(self.wavelength);
                    distance(a).total_cmp(&distance(b))
                })
                .into_iter()
                .collect(),
        }
    }

    /// Whether it is the name of exactly this line.
    fn rounds(&self, list: &LineList, index: usize) -> bool {
        let line = &list.lines[index];
        self.ions.contains(&line.ion) && self.lines(list, line.ion) == [index]
    }

    fn unknown(&self, list: &LineList) -> Error {
        let known = list.lines.iter().filter(|line| self.ions.contains(&line.ion));
        let known: Vec<&str> = known.map(|line| line.label.as_str()).collect();
        Error::UnknownLine {
            label: self.text.clone(),
            ion: self.ions.iter().map(Ion::to_string).collect::<Vec<_>>().join(" or "),
            known: known.join(", "),
        }
    }
}
