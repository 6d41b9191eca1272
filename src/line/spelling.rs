//! Parts of a line name: `O3_5007A`, `[OIII]5007`, `Hbeta`, `OII_3726_29`, `4861.33` give ions and
//! wavelengths.

use super::ion::Ion;
use super::label;
use super::series;
use super::species::{arabic, roman};
use super::token::{Token, plain, tokens};

/// Å per μm.
const PER_MICRON: f64 = 1e4;
/// Å per nm.
const PER_NM: f64 = 10.0;
/// Shortest wavelength in Å. Smaller numbers, CIGALE's `OIII-500.7` and grizli's `HeI-1083`, are in
/// nm.
const SHORTEST: f64 = 1150.0;
/// Shortest wavelength in nm.
const SHORTEST_NM: f64 = 300.0;
/// Longest wavelength in Å.
const LONGEST: f64 = 1e5;
/// Relative difference of wavelengths in vacuum and in air. A series line and the number in its
/// name may differ by it.
const REFRACTION: f64 = 3e-4;
/// Mean of 3726 and 3729, the meaning of [O II] without a wavelength \[Å\].
const OII: f64 = 3727.4;

/// One line in a name.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Part {
    /// Possible ions: `siii` is S III or Si II; any ion where a wavelength stands alone.
    pub(super) ions: Vec<Ion>,
    /// Wavelength \[Å\], in air or vacuum.
    pub(super) wavelength: f64,
    /// Largest distance of the line from `wavelength` \[Å\].
    pub(super) tolerance: f64,
    /// True if decimals or a series fix the wavelength, so that it is not the rounded mean of two
    /// lines.
    pub(super) is_exact: bool,
    /// Ion and number in the form of a label of the list.
    pub(super) label: Option<String>,
}

/// Parts of a name, before the list of lines and the other names are consulted.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Spelled {
    /// One part, or several parts of a sum.
    pub(super) parts: Vec<Part>,
    /// True if one part stands for all lines around it: `O2_3727A_m`, `O2_3727A+`, `OII`.
    pub(super) is_sum: bool,
    /// True if the sum is guessed from a name without a wavelength.
    pub(super) is_guessed: bool,
}

impl Spelled {
    /// Key that distinguishes names. Two spellings of one line have the same key, and so have the
    /// components of a line.
    pub(super) fn key(&self) -> String {
        let part = |part: &Part| format!("{:?}{}{:?}", part.ions, part.wavelength, part.label);
        self.parts.iter().map(part).collect::<String>() + if self.is_sum { "+" } else { "" }
    }
}

/// Splits a name into its parts; none where it names no line.
pub(super) fn spell(text: &str) -> Option<Spelled> {
    let plain = plain(text);
    let sum = plain.trim_end_matches(' ').strip_suffix('+');
    let mut spelled = Spelled {
        parts: Vec::new(),
        is_sum: sum.is_some(),
        is_guessed: false,
    };
    for piece in sum.unwrap_or(&plain).split('+') {
        let tokens = tokens(piece.trim())?;
        piece_of(&tokens, &mut spelled)?;
    }
    // A sum is around one wavelength, or of several named lines, never both.
    (spelled.parts.len() == 1 || !spelled.is_sum).then_some(spelled)
}

/// Reads a name, or the text between two `+`. A number alone belongs to the previous ion.
fn piece_of(tokens: &[Token], spelled: &mut Spelled) -> Option<()> {
    let start = tokens
        .iter()
        .position(|token| matches!(token, Token::Number(_)))
        .unwrap_or(tokens.len());
    let species: String = tokens[..start].iter().filter_map(word).collect();
    let rest = &tokens[start..];
    if species.is_empty() {
        let ions = spelled.parts.last().map_or_else(Vec::new, |part| part.ions.clone());
        return numbers(rest, &ions, false, spelled);
    }
    if let Some(vacuum) = series::by_letter(&species) {
        return of_series(vacuum, rest, spelled);
    }
    if let Some((Token::Number(number), after)) = rest.split_first() {
        if let Some(vacuum) = number.parse().ok().and_then(|level| series::by_level(&species, level)) {
            return of_series(vacuum, after, spelled);
        }
        if let Some(ion) = arabic(&species, number) {
            return labelled(ion, after, spelled);
        }
    }
    let ions = roman(species.trim_end_matches("lambda"));
    match rest {
        [] if ions
            == [Ion {
                atomic_number: 8,
                stage: 2,
            }] =>
        {
            (spelled.is_sum, spelled.is_guessed) = (true, true);
            spelled.parts.push(part(ions, OII, label::TOLERANCE, true));
            Some(())
        }
        _ if ions.is_empty() => None,
        _ => numbers(rest, &ions, true, spelled),
    }
}

/// Reads a line of a hydrogen series. A number behind its name must be its wavelength.
fn of_series(vacuum: f64, rest: &[Token], spelled: &mut Spelled) -> Option<()> {
    let rest = after_marks(rest);
    if !rest.is_empty() {
        let mut own = Spelled {
            parts: Vec::new(),
            is_sum: false,
            is_guessed: false,
        };
        numbers(rest, &[Ion::H1], false, &mut own)?;
        let off = (own.parts[0].wavelength - vacuum).abs();
        if own.parts.len() > 1 || off > label::TOLERANCE + REFRACTION * vacuum {
            return None;
        }
    }
    spelled.parts.push(part(vec![Ion::H1], vacuum, label::TOLERANCE, true));
    Some(())
}

/// Reads the text after the ion of a label: PyNeb's `r`, BEAGLE's `d` for a doublet, JADES's
/// series, the wavelength, LiMe's suffixes.
fn labelled(ion: Ion, rest: &[Token], spelled: &mut Spelled) -> Option<()> {
    let rest = match rest {
        [Token::Word("r"), rest @ ..] => rest,
        [Token::Word("d"), rest @ ..] => {
            spelled.is_sum = true;
            rest
        }
        [Token::Word(word), rest @ ..] if ion == Ion::HE2 && series::by_letter(&format!("h{word}")).is_some() => rest,
        rest => rest,
    };
    let [Token::Mark('_' | '-' | ' '), Token::Number(number), after @ ..] = rest else {
        return None;
    };
    let before = spelled.parts.len();
    let (rest, unit) = match after {
        [Token::Word(word @ ("a" | "um" | "m")), rest @ ..] => (rest, Some(*word)),
        rest => (rest, None),
    };
    match unit {
        None => numbers(&rest_from_number(number, rest), &[ion], false, spelled)?,
        Some(unit) => {
            let (wavelength, tolerance) = measure(number, unit)?;
            spelled
                .parts
                .push(part(vec![ion], wavelength, tolerance, number.contains('.')));
            suffixes(rest, spelled)?;
        }
    }
    let unit = if unit.is_none_or(|unit| unit == "a") { "A" } else { "um" };
    if let [own] = &mut spelled.parts[before..] {
        own.label = Some(format!("{ion}_{number}{unit}"));
    }
    Some(())
}

fn rest_from_number<'a>(number: &'a str, rest: &[Token<'a>]) -> Vec<Token<'a>> {
    [&[Token::Number(number)], rest].concat()
}

/// Reads LiMe's suffixes: `_m` merged, `_b` deblended, `_k-1` a component, `_p-g` and `_t-rec` its
/// profile and kind.
fn suffixes(rest: &[Token], spelled: &mut Spelled) -> Option<()> {
    let mut rest = rest;
    loop {
        rest = match rest {
            [] => return Some(()),
            [Token::Mark('_'), Token::Word("m"), rest @ ..] => {
                spelled.is_sum = true;
                rest
            }
            [Token::Mark('_'), Token::Word("b"), rest @ ..] | [Token::Mark('-'), Token::Word("emi"), rest @ ..] => rest,
            [
                Token::Mark('_'),
                Token::Word("k"),
                Token::Mark('-'),
                Token::Number(number),
                rest @ ..,
            ] => {
                number.parse::<u32>().ok()?;
                rest
            }
            [
                Token::Mark('_'),
                Token::Word("p" | "t"),
                Token::Mark('-'),
                Token::Word(word),
                rest @ ..,
            ] if *word != "abs" => rest,
            _ => return None,
        };
    }
}

/// Reads one wavelength, or several of one ion: `3726_3729`, `3727,29`. Below 1150, a name that may
/// be in nm is.
fn numbers(rest: &[Token], ions: &[Ion], may_be_nm: bool, spelled: &mut Spelled) -> Option<()> {
    let mut rest = after_marks(rest);
    let mut first: Option<&str> = None;
    loop {
        let [Token::Number(number), after @ ..] = rest else {
            return None;
        };
        let (unit, after) = unit(after);
        let whole = match first {
            Some(first) => continued(first, number)?,
            None => (*number).to_owned(),
        };
        let (mut wavelength, tolerance) = measure(&whole, unit)?;
        if may_be_nm && unit == "a" && (SHORTEST_NM..SHORTEST).contains(&wavelength) {
            wavelength *= PER_NM;
        }
        if wavelength < SHORTEST || (unit == "a" && wavelength > LONGEST) {
            return None;
        }
        first.get_or_insert(number);
        spelled
            .parts
            .push(part(ions.to_vec(), wavelength, tolerance, number.contains('.')));
        match after_marks(after) {
            [] => return Some(()),
            // Numbers without an ion, such as a plate and a date, are no sum.
            _ if ions.is_empty() => return None,
            next => rest = next,
        }
    }
}

/// Completes a later wavelength of a sum, which may give its last digits only: 29 after 3726.
fn continued(first: &str, number: &str) -> Option<String> {
    let whole = match first.len().checked_sub(number.len()) {
        Some(kept) if !first.contains('.') && number.len() > 1 => first[..kept].to_owned() + number,
        _ => number.to_owned(),
    };
    (whole.parse::<f64>().ok()? > first.parse::<f64>().ok()?).then_some(whole)
}

/// Wavelength and tolerance \[Å\] of a number in Å (`a`) or μm.
fn measure(number: &str, unit: &str) -> Option<(f64, f64)> {
    let value = number
        .parse::<f64>()
        .ok()
        .filter(|value| value.is_finite() && *value > 0.0)?;
    if unit == "a" {
        return Some((value, label::TOLERANCE));
    }
    let decimals = number.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    let last_digit = PER_MICRON / 10f64.powi(decimals as i32);
    Some((value * PER_MICRON, last_digit.max(label::TOLERANCE)))
}

/// Unit behind a number, Å if there is none, and the rest.
fn unit<'t, 'a>(rest: &'t [Token<'a>]) -> (&'a str, &'t [Token<'a>]) {
    match rest {
        [Token::Word("a" | "aa" | "ang" | "angstrom"), rest @ ..] | [Token::Mark(' '), Token::Word("a"), rest @ ..] => {
            ("a", rest)
        }
        [Token::Word("um" | "m" | "micron"), rest @ ..] | [Token::Mark(' '), Token::Word("um"), rest @ ..] => {
            ("um", rest)
        }
        rest => ("a", rest),
    }
}

fn after_marks<'t, 'a>(rest: &'t [Token<'a>]) -> &'t [Token<'a>] {
    let marks = rest.iter().take_while(|token| matches!(token, Token::Mark(_))).count();
    &rest[marks..]
}

fn word<'a>(token: &Token<'a>) -> Option<&'a str> {
    match token {
        Token::Word(word) => Some(word),
        _ => None,
    }
}

fn part(ions: Vec<Ion>, wavelength: f64, tolerance: f64, is_exact: bool) -> Part {
    Part {
        ions,
        wavelength,
        tolerance,
        is_exact,
        label: None,
    }
}
