//! Families of columns whose names differ only in the line that they name: `HBETA_FLUX`, `OIII_5007_FLUX`, ….

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::line::is_name;

/// Words of a column of errors that may stand anywhere in its name, in lower case; the longer first.
const ERRORS: [&str; 13] = [
    "uncertainty",
    "flux_error",
    "error",
    "sigma",
    "stddev",
    "unc",
    "err",
    "ivar",
    "std",
    "sig",
    "_e",
    "e_",
    "e",
];
/// Words of inverse variances.
const IVAR: &str = "ivar";
/// Words of a column of fluxes that a column of errors has another word for.
const FLUXES: [&str; 6] = ["flux_", "_flux", "flux", "f_", "f", "intensity"];
/// Words of equivalent widths.
const WIDTHS: [&str; 4] = ["_eqw", "eqw", "_ew", "ew"];
/// Words of columns about a line that hold no flux.
const OTHERS: [&str; 22] = [
    "ew", "eqw", "sigma", "fwhm", "vel", "vshift", "chi2", "cont", "amp", "boxflux", "limit", "flag", "npix", "snr",
    "width", "wave", "lambda", "mask", "disp", "kin", "z_", "_z",
];
/// Longest name of a column that is taken apart.
const LONGEST: usize = 64;

/// The texts before and after the name of a line, in lower case.
pub(super) type Affix = (String, String);

/// The columns of one affix: by the line's name in lower case, the column's place.
pub(super) type Family = BTreeMap<String, usize>;

/// The families of a table.
pub(super) struct Families {
    families: HashMap<Affix, Family>,
    /// Each affix as one of its columns writes it.
    written: HashMap<Affix, Affix>,
}

/// The families that hold fluxes and what belongs to them.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) flux: Affix,
    /// Errors, of either side; none where the table has none.
    pub(super) errors: Vec<Affix>,
    pub(super) is_ivar: bool,
    pub(super) ew: Option<Affix>,
    /// The names of lines.
    pub(super) lines: Vec<String>,
}

impl Families {
    pub(super) fn of(names: &[String]) -> Families {
        let mut all = Families {
            families: HashMap::new(),
            written: HashMap::new(),
        };
        for (column, name) in names.iter().enumerate().filter(|(_, name)| name.len() <= LONGEST) {
            for (from, to) in parts(name) {
                let (before, line, after) = (&name[..from], &name[from..to], &name[to..]);
                let affix = (before.to_lowercase(), after.to_lowercase());
                let written = (before.to_owned(), after.to_owned());
                all.written.entry(affix.clone()).or_insert(written);
                let family = all.families.entry(affix).or_default();
                family.entry(line.to_lowercase()).or_insert(column);
            }
        }
        all
    }

    /// An affix as the table writes it.
    pub(super) fn written(&self, affix: &Affix) -> Affix {
        self.written[affix].clone()
    }

    /// The columns of an affix.
    pub(super) fn family(&self, affix: &Affix) -> &Family {
        &self.families[affix]
    }

    /// The families of fluxes and errors that share most lines; without errors, the largest family that may hold fluxes.
    pub(super) fn fluxes(&self) -> Option<Found> {
        let mut pairs: BTreeMap<Affix, BTreeSet<Affix>> = BTreeMap::new();
        for affix in self.families.keys() {
            for base in without_error(affix).into_iter().filter(|base| base != affix) {
                if self.families.contains_key(&base) && self.shared(&base, affix) > 1 {
                    pairs.entry(base).or_default().insert(affix.clone());
                }
            }
        }
        let score = |flux: &Affix, errors: &BTreeSet<Affix>| {
            let shared = errors.iter().map(|error| self.shared(flux, error)).max().unwrap_or(0);
            let named = u8::from(is_word(flux, "flux") && !is_other(flux));
            (shared, named, u8::from(!is_other(flux)))
        };
        let paired = pairs
            .iter()
            .filter(|(flux, _)| !is_error(flux))
            .max_by_key(|(flux, errors)| (score(flux, errors), std::cmp::Reverse(flux.0.len() + flux.1.len())));
        let alone = || {
            let may = self
                .families
                .iter()
                .filter(|(affix, family)| family.len() > 1 && !is_error(affix) && !is_other(affix));
            may.max_by_key(|(affix, family)| (family.len(), std::cmp::Reverse((affix.0.len() + affix.1.len(), *affix))))
        };
        let (flux, errors) = match paired {
            Some((flux, errors)) => (flux.clone(), errors.clone()),
            None => (alone()?.0.clone(), BTreeSet::new()),
        };
        let most = errors.iter().map(|error| self.shared(&flux, error)).max().unwrap_or(0);
        let mut errors: Vec<Affix> = errors
            .into_iter()
            .filter(|error| self.shared(&flux, error) == most)
            .collect();
        errors.truncate(2);
        Some(Found {
            is_ivar: errors.len() == 1 && is_word(&errors[0], IVAR),
            ew: self.widths(&flux),
            lines: self.families[&flux].keys().cloned().collect(),
            flux,
            errors,
        })
    }

    /// The family of equivalent widths that shares most lines with the fluxes.
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

    fn shared(&self, a: &Affix, b: &Affix) -> usize {
        let (a, b) = (&self.families[a], &self.families[b]);
        let (few, many) = if a.len() < b.len() { (a, b) } else { (b, a) };
        few.keys().filter(|line| many.contains_key(*line)).count()
    }
}

/// The parts of a name that can be names of lines: from, to.
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

/// The affixes that remain where a word of errors is taken out, or is a word of fluxes.
fn without_error((before, after): &Affix) -> BTreeSet<Affix> {
    let mut bases = BTreeSet::new();
    for before_or_after in [true, false] {
        let text = if before_or_after { before } else { after };
        for rest in taken_out(text) {
            bases.insert(match before_or_after {
                true => (rest, after.clone()),
                false => (before.clone(), rest),
            });
        }
    }
    bases
}

fn taken_out(text: &str) -> BTreeSet<String> {
    let mut rests = BTreeSet::new();
    for word in ERRORS {
        // A single letter is a word of errors only at an end.
        let at_ends = word.len() < 3;
        for (at, _) in text.match_indices(word) {
            let end = at + word.len();
            if at_ends && at > 0 && end < text.len() {
                continue;
            }
            let (head, tail) = (&text[..at], &text[end..]);
            rests.insert(format!("{head}{tail}"));
            rests.insert(format!("{head}{}", tail.trim_start_matches('_')));
            rests.insert(format!("{}{tail}", head.trim_end_matches('_')));
            for flux in FLUXES {
                rests.insert(format!("{head}{flux}{tail}"));
                rests.insert(format!("{head}{flux}{}", tail.trim_start_matches('_')));
            }
        }
    }
    rests
}

fn is_word(affix: &Affix, word: &str) -> bool {
    affix.0.contains(word) || affix.1.contains(word)
}

fn is_error(affix: &Affix) -> bool {
    let long = ERRORS.iter().filter(|word| word.len() > 2);
    long.into_iter().any(|word| is_word(affix, word)) || affix.0.starts_with("e_") || affix.1.ends_with("_e")
}

fn is_other(affix: &Affix) -> bool {
    OTHERS.iter().any(|word| is_word(affix, word))
}
