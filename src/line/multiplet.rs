//! Multiplets of one ion that a spectrum may leave unresolved, and the position of a wavelength
//! among their lines.

use super::resolution::UNRESOLVED;
use super::spelling::Part;
use super::{EQUALLY_NEAR, Ion, Label, Line, LineList};

/// Largest distance of a line from its name, in air or vacuum, since names round or truncate to
/// whole Å \[Å\].
pub(super) const ROUNDED: f64 = 0.9;
/// Largest distance at which a wavelength with decimals is that of a line, in air or vacuum \[Å\].
const EXACT: f64 = 0.05;
/// Fraction of the gap between two lines that belongs to each of them. The half between them
/// belongs to their sum.
pub(super) const SHARE: f64 = 0.25;
/// Largest distance of the lines in a sum without its own label, as in PyNeb's names that end in
/// `+` \[Å\].
const WITHIN: f64 = 10.0;
/// Separation below which lines are one line, except for spectrographs of R > 1500 \[Å\].
pub(super) const CLOSE: f64 = 3.5;

/// Lines whose sum has a label.
#[derive(Debug)]
pub(super) struct Multiplet {
    /// The merged label.
    pub(super) label: String,
    /// Indices of the lines.
    pub(super) members: Vec<usize>,
    /// Ion, if all lines have the same.
    ion: Option<Ion>,
    /// Ion and wavelength \[Å\] of the label.
    nominal: Option<(Ion, f64)>,
}

/// Position of a wavelength among the lines of an ion.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Placed {
    /// At a line, by index.
    Line(usize),
    /// Between the lines of a multiplet, by index.
    Between(usize),
    /// Equally near to two lines.
    Tie(usize, usize),
    /// Near to no line.
    Nowhere,
}

/// Merged labels of a list, with the indices of their members.
#[derive(Debug)]
pub(super) struct Multiplets<'a> {
    pub(super) list: &'a LineList,
    pub(super) all: Vec<Multiplet>,
}

impl<'a> Multiplets<'a> {
    pub(super) fn new(list: &'a LineList) -> Multiplets<'a> {
        let all = list.merged.iter().filter_map(|merged| {
            let members: Option<Vec<usize>> = merged.members.iter().map(|label| list.position(label)).collect();
            let members = members.filter(|members| members.len() > 1)?;
            let ion = list.lines[members[0]].ion;
            let is_one = members.iter().all(|&member| list.lines[member].ion == ion);
            let nominal = merged
                .label
                .parse::<Label>()
                .ok()
                .map(|label| (label.ion, label.wavelength));
            let (label, ion) = (merged.label.clone(), is_one.then_some(ion));
            Some(Multiplet {
                label,
                members,
                ion,
                nominal,
            })
        });
        Multiplets {
            list,
            all: all.collect(),
        }
    }

    /// Smallest multiplet of one ion (of `ion`, if given) with lines on either side of a
    /// wavelength, and the gap between these two lines \[Å\]. `of` gives the wavelength of a line.
    pub(super) fn around(&self, ion: Option<Ion>, wavelength: f64, of: impl Fn(&Line) -> f64) -> Option<(usize, f64)> {
        let gap = |multiplet: &Multiplet| {
            let places = || multiplet.members.iter().map(|&member| of(&self.list.lines[member]));
            let below = places().filter(|&place| place <= wavelength).reduce(f64::max)?;
            let above = places().filter(|&place| place > wavelength).reduce(f64::min)?;
            Some(above - below)
        };
        let fits = |multiplet: &Multiplet| multiplet.ion.is_some() && (ion.is_none() || multiplet.ion == ion);
        let found = self.all.iter().enumerate().filter(|(_, multiplet)| fits(multiplet));
        let found = found.filter_map(|(index, multiplet)| Some((index, gap(multiplet)?)));
        found.min_by_key(|(index, _)| self.all[*index].members.len())
    }

    /// Position of a name's wavelength among the lines of an ion.
    ///
    /// Two lines of a multiplet have the wavelengths a < b in air. A name between them is one of
    /// the lines within a quarter of their gap (at most 0.9 Å) in air. A name within 0.9 Å of a
    /// line in vacuum is that line too, unless it is further than that quarter away in air. (Vacuum
    /// wavelengths are longer by up to 2 Å.) So `OII_3726`, `SII_6717` and `SII_6718` (6718.29 in
    /// vacuum) are lines. `OII_3727`, `OII_3728`, `CIII_1908`, `NI_5199`, `SII_6720` and
    /// `OIII_1665` lie between: a bare rounded number there is the mean of both. Elsewhere the name
    /// means the nearest line, in air or vacuum, rounded, truncated or from an old table.
    pub(super) fn place(&self, ion: Ion, part: &Part) -> Placed {
        let of_ion = || self.of_ion(ion);
        let wavelength = part.wavelength;
        let off = |index: usize| self.list.lines[index].distance(wavelength);
        let nearest = |lines: &mut dyn Iterator<Item = usize>| lines.min_by(|&a, &b| off(a).total_cmp(&off(b)));
        if let Some(line) = nearest(&mut of_ion()).filter(|&line| part.is_exact && off(line) <= EXACT) {
            return Placed::Line(line);
        }
        if let Some((index, gap)) = self.around(Some(ion), wavelength, |line| line.wavelength_air) {
            let is_own = |&line: &usize| {
                let line = &self.list.lines[line];
                let (air, vacuum) = (
                    (line.wavelength_air - wavelength).abs(),
                    (line.wavelength_vac - wavelength).abs(),
                );
                air.min(vacuum) <= ROUNDED && air <= SHARE * gap
            };
            let own = nearest(&mut self.all[index].members.iter().copied().filter(is_own));
            return own.map_or(Placed::Between(index), Placed::Line);
        }
        match nearest(&mut of_ion()) {
            Some(line) if off(line) <= ROUNDED => Placed::Line(line),
            Some(line) if off(line) <= part.tolerance => {
                let second = nearest(&mut of_ion().filter(|&other| other != line));
                match second.filter(|&second| off(second) - off(line) < EQUALLY_NEAR) {
                    Some(second) => Placed::Tie(line, second),
                    None => Placed::Line(line),
                }
            }
            _ => Placed::Nowhere,
        }
    }

    /// Multiplet of a merged label: the one with that label, else the nearest of its ion.
    pub(super) fn labelled(&self, part: &Part) -> Placed {
        let label = part.label.as_ref().map(|label| format!("{label}_m"));
        if let Some(index) = self
            .all
            .iter()
            .position(|multiplet| Some(&multiplet.label) == label.as_ref())
        {
            return Placed::Between(index);
        }
        let off = |multiplet: &Multiplet| {
            let (ion, wavelength) = multiplet.nominal?;
            part.ions.contains(&ion).then(|| (wavelength - part.wavelength).abs())
        };
        let found = self
            .all
            .iter()
            .enumerate()
            .filter_map(|(index, multiplet)| Some((index, off(multiplet)?)));
        let mut found: Vec<(usize, f64)> = found.filter(|(_, off)| *off <= part.tolerance).collect();
        found.sort_by(|a, b| a.1.total_cmp(&b.1));
        match found[..] {
            [(first, a), (second, b), ..] if b - a < EQUALLY_NEAR => Placed::Tie(first, second),
            [(first, _), ..] => Placed::Between(first),
            [] => Placed::Nowhere,
        }
    }

    /// Lines of an ion that a sum at a wavelength may hold, without a merged label.
    pub(super) fn near(&self, ion: Ion, wavelength: f64) -> Vec<usize> {
        let air = |line: usize| self.list.lines[line].wavelength_air;
        self.of_ion(ion)
            .filter(|&line| (air(line) - wavelength).abs() <= WITHIN)
            .collect()
    }

    /// Indices of the lines of an ion.
    pub(super) fn of_ion(&self, ion: Ion) -> impl Iterator<Item = usize> {
        (0..self.list.lines.len()).filter(move |&index| self.list.lines[index].ion == ion)
    }

    /// Sum that contains a line in nearly every spectrum. It joins lines closer than 1.2 Å, or all
    /// lines of a multiplet of three or more, each within 3.5 Å of the next (N III] 1747 to 1754).
    pub(super) fn unresolved(&self, line: usize) -> Option<&Multiplet> {
        let air = |member: usize| self.list.lines[member].wavelength_air;
        let near = |multiplet: &Multiplet| {
            let mut places: Vec<f64> = multiplet.members.iter().map(|&member| air(member)).collect();
            places.sort_by(f64::total_cmp);
            let chain = places.windows(2).all(|pair| pair[1] - pair[0] < CLOSE);
            let together = multiplet
                .members
                .iter()
                .all(|&member| (air(member) - air(line)).abs() < UNRESOLVED);
            together || (chain && multiplet.members.len() > 2)
        };
        self.all
            .iter()
            .find(|multiplet| multiplet.members.contains(&line) && near(multiplet))
    }

    /// Lines of the same ion and multiplet within 3.5 Å.
    pub(super) fn partners(&self, line: usize) -> impl Iterator<Item = usize> {
        let air = |member: usize| self.list.lines[member].wavelength_air;
        let own = self
            .all
            .iter()
            .filter(move |multiplet| multiplet.ion.is_some() && multiplet.members.contains(&line));
        let members = own.flat_map(|multiplet| multiplet.members.iter().copied());
        members.filter(move |&member| member != line && (air(member) - air(line)).abs() < CLOSE)
    }
}
