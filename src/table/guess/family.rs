//! Families of columns whose names differ only in the line: `HBETA_FLUX`, `OIII_5007_FLUX`, ….

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::affix::{Affix, Mark, is_error, is_ivar, is_limit, is_other, is_second, is_word, trust, without_error};
use crate::line::is_name;

/// Words for equivalent widths.
const WIDTHS: [&str; 4] = ["_eqw", "eqw", "_ew", "ew"];
/// Words before the name of a line without a separator, in lower case: `FHb`, `eFHb`, `EWHb`.
const STARTS: [&str; 3] = ["f", "ef", "ew"];
/// Longest column name that is split into parts \[bytes\].
const LONGEST: usize = 64;

/// Columns of one affix: index of the column by the line's name in lower case.
pub(super) type Family = BTreeMap<String, usize>;

/// Families of a table.
pub(super) struct Families {
    families: HashMap<Affix, Family>,
    /// Spelling of each affix in one of its columns.
    written: HashMap<Affix, Affix>,
    /// Lines of each spelling of an affix.
    spelt: BTreeMap<Affix, BTreeSet<String>>,
}

/// Families with the fluxes, their errors and their lines.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) flux: Affix,
    /// Family of errors; none where the table has none.
    pub(super) errors: Option<Errors>,
    pub(super) ew: Option<Affix>,
    /// Names of the lines.
    pub(super) lines: Vec<String>,
    /// Other families of fluxes with errors.
    pub(super) rivals: Vec<Affix>,
}

/// Family of errors.
#[derive(Debug, Clone)]
pub(super) struct Errors {
    pub(super) affix: Affix,
    /// Family of the lower side, if the first family is the upper one.
    pub(super) lower: Option<Affix>,
    pub(super) is_percent: bool,
}

impl Errors {
    /// Tells whether the columns hold inverse variances.
    pub(super) fn is_ivar(&self) -> bool {
        is_ivar(&self.affix)
    }
}

/// Families of errors by the family of fluxes, with the mark of each.
type Pairs = BTreeMap<Affix, BTreeMap<Affix, Mark>>;

impl Families {
    pub(super) fn of(names: &[String]) -> Families {
        let mut all = Families {
            families: HashMap::new(),
            written: HashMap::new(),
            spelt: BTreeMap::new(),
        };
        for (column, name) in names.iter().enumerate().filter(|(_, name)| name.len() <= LONGEST) {
            for (from, to) in parts(name) {
                let (before, line, after) = (&name[..from], &name[from..to], &name[to..]);
                let affix = (before.to_lowercase(), after.to_lowercase());
                let written = (before.to_owned(), after.to_owned());
                all.written.entry(affix.clone()).or_insert_with(|| written.clone());
                all.spelt.entry(written).or_default().insert(line.to_lowercase());
                let family = all.families.entry(affix).or_default();
                family.entry(line.to_lowercase()).or_insert(column);
            }
        }
        all
    }

    /// Spelling of an affix in the table.
    pub(super) fn written(&self, affix: &Affix) -> Affix {
        self.written[affix].clone()
    }

    /// Columns of an affix.
    pub(super) fn family(&self, affix: &Affix) -> &Family {
        &self.families[affix]
    }

    /// Spelling of an affix that differs from the first in case alone, for lines that have both.
    /// `E_F5007` beside `e_F5007` is the upper error.
    pub(super) fn twin(&self, affix: &Affix) -> Option<Affix> {
        let first = &self.written[affix];
        let spelt = |written: &Affix| &self.spelt[written];
        let is_twin = |written: &&Affix| {
            let alike = (written.0.to_lowercase(), written.1.to_lowercase()) == *affix && *written != first;
            alike && spelt(written).intersection(spelt(first)).count() > 1
        };
        self.spelt.keys().find(is_twin).cloned()
    }

    /// Families of fluxes and errors that share the most lines. Without errors, the largest family
    /// that may hold fluxes.
    pub(super) fn fluxes(&self) -> Option<Found> {
        let pairs = self.pairs();
        let errors: BTreeMap<&Affix, (Errors, usize)> = pairs
            .iter()
            .filter(|(flux, _)| !is_error(flux))
            .filter_map(|(flux, errors)| Some((flux, self.errors(flux, errors)?)))
            .collect();
        let score = |flux: &Affix, shared: usize| {
            let named = is_word(flux, "flux") && !is_other(flux);
            let length = std::cmp::Reverse(flux.0.len() + flux.1.len());
            (shared, named, !is_other(flux), !is_second(flux), length)
        };
        let best = errors.iter().max_by_key(|(flux, (_, shared))| score(flux, *shared));
        let (flux, of_best) = match best {
            Some((flux, (errors, _))) => ((*flux).clone(), Some(errors.clone())),
            None => (self.alone()?, None),
        };
        let columns = |affix: &Affix| -> BTreeSet<usize> { self.families[affix].values().copied().collect() };
        let is_within = |rival: &Affix| {
            let (own, mut others) = (columns(rival), errors.keys().filter(|other| **other != rival));
            others.any(|other| columns(other).len() > own.len() && own.is_subset(&columns(other)))
        };
        let is_rival = |rival: &&&Affix| ***rival != flux && !is_other(rival) && !is_within(rival);
        let rivals = errors.keys().filter(is_rival);
        Some(Found {
            ew: self.widths(&flux),
            lines: self.families[&flux].keys().cloned().collect(),
            rivals: rivals.map(|rival| (*rival).clone()).collect(),
            errors: of_best,
            flux,
        })
    }

    /// Pairs of families whose names differ by a word for errors and that share at least two lines.
    fn pairs(&self) -> Pairs {
        let mut pairs = Pairs::new();
        for affix in self.families.keys() {
            for (base, mark) in without_error(affix).into_iter().filter(|(base, _)| base != affix) {
                if self.families.contains_key(&base) && self.shared(&base, affix) > 1 {
                    let known = pairs.entry(base).or_default().entry(affix.clone()).or_insert(mark);
                    *known = mark.min(*known);
                }
            }
        }
        pairs
    }

    /// Most trusted errors of a family of fluxes, and the number of shared lines. None if all
    /// candidates may be widths.
    fn errors(&self, flux: &Affix, errors: &BTreeMap<Affix, Mark>) -> Option<(Errors, usize)> {
        let found = |affix: &Affix, lower: Option<&Affix>, mark: Mark| Errors {
            affix: affix.clone(),
            lower: lower.cloned(),
            is_percent: mark == Mark::Percent,
        };
        let mut best: Option<((bool, usize, bool), Errors)> = None;
        for (affix, mark) in errors {
            let (is_error, keeps) = trust(flux, affix);
            let lower = errors
                .iter()
                .find(|(_, mark)| **mark == Mark::Lower)
                .map(|(affix, _)| affix);
            let of_affix = match (mark, lower) {
                (Mark::Plain | Mark::Percent, _) => found(affix, None, *mark),
                (Mark::Upper, Some(_)) => found(affix, lower, *mark),
                (Mark::Upper, None) | (Mark::Lower, _) => continue,
            };
            let key = (is_error, self.shared(flux, affix), keeps);
            if (is_error || keeps) && best.as_ref().is_none_or(|(known, _)| key > *known) {
                best = Some((key, of_affix));
            }
        }
        best.map(|((_, shared, _), errors)| (errors, shared))
    }

    /// Largest family that may hold fluxes.
    fn alone(&self) -> Option<Affix> {
        let may = self.families.iter();
        let may = may.filter(|(affix, family)| family.len() > 1 && !is_error(affix) && !is_other(affix));
        let length = |affix: &Affix| affix.0.len() + affix.1.len();
        let best = may.max_by_key(|(affix, family)| (family.len(), std::cmp::Reverse((length(affix), *affix))));
        best.map(|(affix, _)| affix.clone())
    }

    /// Family of equivalent widths that shares the most lines with the fluxes.
    fn widths(&self, flux: &Affix) -> Option<Affix> {
        let is_width = |affix: &&Affix| {
            let text = format!("{}|{}", affix.0, affix.1);
            WIDTHS.iter().any(|word| text.contains(word)) && !is_error(affix) && *affix != flux
        };
        let widths = self
            .families
            .keys()
            .filter(is_width)
            .filter(|affix| self.shared(flux, affix) > 0);
        widths
            .max_by_key(|affix| {
                (
                    self.shared(flux, affix),
                    std::cmp::Reverse((affix.0.len() + affix.1.len(), *affix)),
                )
            })
            .cloned()
    }

    /// Families that may mark limits of the fluxes; those that share the most lines come first.
    pub(super) fn limits(&self, flux: &Affix) -> Vec<Affix> {
        let limits = self.families.keys().filter(|affix| is_limit(affix) && *affix != flux);
        let mut limits: Vec<&Affix> = limits.filter(|affix| self.shared(flux, affix) > 0).collect();
        limits.sort_by_key(|affix| (std::cmp::Reverse(self.shared(flux, affix)), *affix));
        limits.into_iter().cloned().collect()
    }

    fn shared(&self, a: &Affix, b: &Affix) -> usize {
        let (a, b) = (&self.families[a], &self.families[b]);
        let (few, many) = if a.len() < b.len() { (a, b) } else { (b, a) };
        few.keys().filter(|line| many.contains_key(*line)).count()
    }
}

/// Parts of a name that can be names of lines, as (start, end).
fn parts(name: &str) -> Vec<(usize, usize)> {
    let mut bounds: Vec<usize> = vec![0, name.len()];
    let mut last: Option<char> = None;
    for (at, c) in name.char_indices() {
        let turns = last.is_some_and(|last| {
            !last.is_alphanumeric()
                || !c.is_alphanumeric()
                || last.is_ascii_digit() != c.is_ascii_digit()
                || (last.is_lowercase() && c.is_uppercase())
        });
        if turns {
            bounds.push(at);
        }
        last = Some(c);
    }
    let behind = |from: usize, word: &str| {
        let start = name.get(from..from + word.len())?;
        start.eq_ignore_ascii_case(word).then_some(from + word.len())
    };
    let starts = bounds
        .iter()
        .flat_map(|&from| STARTS.iter().filter_map(move |word| behind(from, word)));
    bounds.extend(starts.collect::<Vec<_>>());
    bounds.sort_unstable();
    bounds.dedup();
    let mut parts = Vec::new();
    for (index, &from) in bounds.iter().enumerate() {
        for &to in &bounds[index + 1..] {
            let part = &name[from..to];
            let whole = part.trim_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '[' | ']')) == part;
            if whole && is_name(part) {
                parts.push((from, to));
            }
        }
    }
    parts
}
