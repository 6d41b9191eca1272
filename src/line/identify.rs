//! Wavelengths ↔ lines: which line a list means by 4363.21, and which lines no spectrum of a nebula tells apart.

use super::series::hydrogen;
use super::{Line, LineList};

/// Rest wavelengths of the field's lists differ by a few tenths of an Å from source to source; the worst met is [O II] at
/// 7318.39 (Esteban et al. 2009, ApJ 700, 654) for 7318.92. The nearest stranger, C II 7236.42, is 1.0 Å from [Ar IV] 7237.4.
pub(super) const TOLERANCE: f64 = 0.6;

/// Lines nearer to each other than this \[Å\] are one line in all but echelle spectra: [O II] 7319.0, 7320.0 and 7329.7, 7330.7,
/// H I and He I at 3889, H14 and [S III] at 3722.
pub(super) const UNRESOLVED: f64 = 1.2;

/// The lines that cannot be told from a line and that the same source does not list.
#[derive(Debug, Clone, PartialEq)]
pub enum Companions {
    /// There are none.
    None,
    /// A merged label, and indices of its lines.
    Merged(String, Vec<usize>),
}

/// What a wavelength stands for.
#[derive(Debug, Clone, PartialEq)]
pub enum Identified {
    /// The index of a line.
    Line(usize),
    /// Nothing that the list holds lies near.
    Unknown,
    /// A line that lies too near to one that the list does not hold: both, by name.
    Blended(String, String),
}

impl LineList {
    /// The merged label of a line and of those nearer than 1.2 Å to it, none of which is `claimed` by another measurement.
    pub fn companions(&self, line: usize, claimed: impl Fn(usize) -> bool) -> Companions {
        let own = &self.lines[line];
        for merged in &self.merged {
            let members: Option<Vec<usize>> = merged.members.iter().map(|label| self.position(label)).collect();
            let Some(members) = members.filter(|members| members.contains(&line)) else {
                continue;
            };
            let near = |&index: &usize| (self.lines[index].wavelength_air - own.wavelength_air).abs() < UNRESOLVED;
            if members.iter().all(near) && !members.iter().any(|&index| index != line && claimed(index)) {
                return Companions::Merged(merged.label.clone(), members);
            }
        }
        Companions::None
    }

    /// The label of several lines: the list's own where it has one, else the first's with `_m`.
    pub fn merged_label(&self, members: &[usize]) -> String {
        let labels = || members.iter().map(|&index| &self.lines[index].label);
        let same = |merged: &&super::Merged| {
            merged.members.len() == members.len() && labels().all(|label| merged.members.contains(label))
        };
        match self.merged.iter().find(same) {
            Some(merged) => merged.label.clone(),
            None => labels().next().map_or_else(String::new, |label| format!("{label}_m")),
        }
    }

    /// The line nearest to a wavelength \[Å\] within 0.6 Å, in vacuum or in air.
    pub fn identify(&self, wavelength: f64, vacuum: bool) -> Identified {
        let off = |line: &Line| (line.wavelength(vacuum) - wavelength).abs();
        let nearest = (0..self.lines.len()).min_by(|&a, &b| off(&self.lines[a]).total_cmp(&off(&self.lines[b])));
        let Some(nearest) = nearest.filter(|&index| off(&self.lines[index]) <= TOLERANCE) else {
            return Identified::Unknown;
        };
        let line = &self.lines[nearest];
        let held = |stranger: f64| {
            self.lines
                .iter()
                .any(|line| (line.wavelength(true) - stranger).abs() < 0.1)
        };
        let near = |(_, stranger): &(String, f64)| (stranger - line.wavelength_vac).abs() < UNRESOLVED;
        match hydrogen().find(|stranger| near(stranger) && !held(stranger.1)) {
            Some((stranger, _)) => Identified::Blended(line.label.clone(), stranger),
            None => Identified::Line(nearest),
        }
    }

    /// Whether the wavelengths of a list are in vacuum: more of them find their line so.
    pub fn in_vacuum(&self, wavelengths: &[f64]) -> bool {
        let found = |vacuum: bool| {
            let known = |wavelength: &&f64| self.identify(**wavelength, vacuum) != Identified::Unknown;
            wavelengths.iter().filter(known).count()
        };
        found(true) > found(false)
    }
}

impl Line {
    /// Its wavelength \[Å\] in vacuum or in air.
    pub fn wavelength(&self, vacuum: bool) -> f64 {
        match vacuum {
            true => self.wavelength_vac,
            false => self.wavelength_air,
        }
    }
}
