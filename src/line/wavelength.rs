//! Wavelengths without an ion: the nearest line of any ion, or a blend, in air or vacuum.

use super::Line;
use super::multiplet::{CLOSE, ROUNDED, SHARE};
use super::name_set::{Meaning, NameSet};
use super::resolution::{TOLERANCE, UNRESOLVED};
use super::spelling::{Part, Spelled};
use crate::error::{LineError, Result};

/// Largest width of a multiplet between whose lines a bare wavelength may lie \[Å\]: \[S II\] 6716,
/// 6731 are the widest that lists give as one.
const WIDEST: f64 = 20.0;
/// Wavelengths of NEAT's blends, with the sum that each means \[Å\] (Wesson, Stock & Scicluna 2012,
/// MNRAS 422, 3516; its `complete_line_list`, version 2.1).
const NEAT: [(f64, &str); 9] = [
    (1485.00, "N4_1483A_m"),
    (1549.00, "C4_1548A_m"),
    (1751.00, "N3_1750A_m"),
    (1909.00, "C3_1907A_m"),
    (3727.00, "O2_3726A_m"),
    (4715.21, "Ne4_4714A_m"),
    (4724.89, "Ne4_4724A_m"),
    (7319.45, "O2_7319A_m"),
    (7330.20, "O2_7330A_m"),
];
/// Half of the last decimal of wavelengths in lists \[Å\].
const DECIMAL: f64 = 0.005;

impl NameSet<'_> {
    /// Tells whether more of the wavelengths without an ion find a line in vacuum than in air.
    pub(super) fn finds_more_in_vacuum(&self, spelled: &[Spelled]) -> bool {
        let alone = spelled
            .iter()
            .map(|spelled| &spelled.parts[0])
            .filter(|part| part.ions.is_empty());
        let found = |is_vacuum| {
            alone
                .clone()
                .filter(|part| self.nearest(part, is_vacuum).is_some())
                .count()
        };
        found(true) > found(false)
    }

    /// Line of any ion nearest to a wavelength, within 0.6 Å, or within 0.9 Å if the wavelength is
    /// given to 1 Å.
    fn nearest(&self, part: &Part, is_vacuum: bool) -> Option<usize> {
        let off = |line: &Line| (line.wavelength(is_vacuum) - part.wavelength).abs();
        let tolerance = if part.is_exact { TOLERANCE } else { ROUNDED };
        let lines = self.list().lines.iter().enumerate();
        let nearest = lines.min_by(|a, b| off(a.1).total_cmp(&off(b.1)))?;
        (off(nearest.1) <= tolerance).then_some(nearest.0)
    }

    /// Meaning of a wavelength without an ion. Only a whole number of Å is a mean of lines further
    /// apart than 3.5 Å, since other lines may lie between them: O II 4072.16 between [S II]
    /// 4068.60 and 4076.35.
    pub(super) fn alone(&self, name: &str, part: &Part) -> Result<Meaning, LineError> {
        let wavelength = part.wavelength;
        let is_whole = (wavelength - wavelength.round()).abs() < DECIMAL;
        let blend = NEAT.iter().find(|(blend, _)| (wavelength - blend).abs() < DECIMAL);
        let blend = blend.and_then(|(_, label)| self.multiplets.all.iter().position(|known| known.label == *label));
        if let Some(multiplet) = blend {
            return Ok(Meaning::Between(multiplet));
        }
        let of = |line: &Line| line.wavelength(self.is_vacuum);
        let around = self
            .multiplets
            .around(None, wavelength, of)
            .filter(|(_, gap)| *gap <= WIDEST);
        let has = |multiplet: usize, line| self.multiplets.all[multiplet].members.contains(&line);
        match (self.nearest(part, self.is_vacuum), around) {
            (Some(line), Some((index, gap))) if has(index, line) && self.off(line, wavelength) > SHARE * gap => {
                Ok(Meaning::Between(index))
            }
            (Some(line), _) => self.beside_hydrogen(name, line).map(Meaning::Line),
            (None, Some((index, gap))) if gap <= CLOSE || is_whole => Ok(Meaning::Between(index)),
            (None, _) => Err(self.unknown(name, part)),
        }
    }

    /// The line, unless a hydrogen line that the list lacks cannot be separated from it.
    fn beside_hydrogen(&self, name: &str, line: usize) -> Result<usize, LineError> {
        let own = &self.list().lines[line];
        let near = |(_, stranger): &&(String, f64)| (stranger - own.wavelength_vac).abs() < UNRESOLVED;
        match self.strangers.iter().find(near) {
            Some((stranger, _)) => Err(LineError::NearHydrogen {
                name: name.to_owned(),
                line: own.label.clone(),
                stranger: stranger.clone(),
            }),
            None => Ok(line),
        }
    }
}
