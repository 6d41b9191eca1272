//! Words in the names of columns that tell errors from fluxes, and the two sides of an error apart.

use std::collections::BTreeSet;

/// Words of a column of errors that may stand anywhere in its name, in lower case; the longer first.
const ERRORS: [&str; 14] = [
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
    "\u{b1}",
    "_e",
    "e_",
    "e",
];
/// Words that mean an error, or the width of a line.
const WIDTHS: [&str; 3] = ["sigma", "std", "sig"];
/// Words of inverse variances.
const IVAR: &str = "ivar";
/// Words of a column of fluxes that a column of errors has another word for.
const FLUXES: [&str; 6] = ["flux_", "_flux", "flux", "f_", "f", "intensity"];
/// Words beside one of errors for its upper side.
const UPPER: [&str; 8] = ["upper", "plus", "high", "pos", "hi", "up", "u", "p"];
/// Words beside one of errors for its lower side.
const LOWER: [&str; 9] = ["lower", "minus", "low", "neg", "lo", "down", "dn", "l", "m"];
/// Words of errors in per cent of the flux.
const PERCENT: [&str; 4] = ["percent", "perc", "pct", "%"];
/// Words of columns that mark upper limits.
const LIMITS: [&str; 5] = ["limit", "uplim", "ulim", "ul", "l"];
/// Words of columns about a line that hold no flux.
const OTHERS: [&str; 22] = [
    "ew", "eqw", "sigma", "fwhm", "vel", "vshift", "chi2", "cont", "amp", "boxflux", "limit", "flag", "npix", "snr",
    "width", "wave", "lambda", "mask", "disp", "kin", "z_", "_z",
];
/// Words of fluxes that are a survey's second choice: sums over a band beside fits, and fluxes after corrections.
const SECOND: [&str; 4] = ["sflux", "boxflux", "corr", "dered"];

/// The texts before and after the name of a line, in lower case.
pub(super) type Affix = (String, String);

/// A word that belongs to one of errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mark {
    /// None.
    Plain,
    /// The upper side.
    Upper,
    /// The lower side.
    Lower,
    /// Per cent of the flux.
    Percent,
}

/// The affixes that fluxes may have whose errors have this one, each with the mark of the errors.
pub(super) fn without_error((before, after): &Affix) -> BTreeSet<(Affix, Mark)> {
    let of_before = taken_out(before)
        .into_iter()
        .map(|(rest, mark)| ((rest, after.clone()), mark));
    let of_after = taken_out(after)
        .into_iter()
        .map(|(rest, mark)| ((before.clone(), rest), mark));
    of_before.chain(of_after).collect()
}

/// A text without each of its words of errors, or with a word of fluxes in its place.
fn taken_out(text: &str) -> BTreeSet<(String, Mark)> {
    let mut rests = BTreeSet::new();
    for word in ERRORS {
        for (at, _) in text.match_indices(word) {
            for (head, tail, mark) in marked(&text[..at], &text[at + word.len()..]) {
                // A single letter is a word of errors only at an end.
                if word.len() < 3 && !head.is_empty() && !tail.is_empty() {
                    continue;
                }
                let bare = tail.trim_start_matches('_');
                rests.insert((format!("{head}{tail}"), mark));
                rests.insert((format!("{head}{bare}"), mark));
                rests.insert((format!("{}{tail}", head.trim_end_matches('_')), mark));
                for flux in FLUXES {
                    rests.insert((format!("{head}{flux}{tail}"), mark));
                    rests.insert((format!("{head}{flux}{bare}"), mark));
                }
            }
        }
    }
    rests
}

/// The texts around a word of errors as they are, and without a mark that stands next to the word.
fn marked<'a>(head: &'a str, tail: &'a str) -> Vec<(&'a str, &'a str, Mark)> {
    let mut all = vec![(head, tail, Mark::Plain)];
    let mut add = |word: &str, mark: Mark| {
        let after = tail.trim_start_matches('_').strip_prefix(word);
        if let Some(rest) = after.filter(|rest| !rest.starts_with(char::is_alphanumeric)) {
            all.push((head, rest, mark));
        }
        let before = head.trim_end_matches('_').strip_suffix(word);
        if let Some(rest) = before.filter(|rest| !rest.ends_with(char::is_alphanumeric)) {
            all.push((rest, tail, mark));
        }
    };
    UPPER.into_iter().for_each(|word| add(word, Mark::Upper));
    LOWER.into_iter().for_each(|word| add(word, Mark::Lower));
    PERCENT.into_iter().for_each(|word| add(word, Mark::Percent));
    all
}

/// Rank of a family of errors among those of one family of fluxes, the most trusted first: words of widths last, since
/// `HBETA_SIGMA` is a velocity; names that keep the word of the fluxes before others.
pub(super) fn trust(flux: &Affix, error: &Affix) -> (bool, bool) {
    let keeps = error.0.contains(&flux.0) && error.1.contains(&flux.1);
    let is_width = WIDTHS.iter().any(|word| is_word(error, word));
    (!is_width, keeps)
}

/// True if a word stands before or after the line.
pub(super) fn is_word(affix: &Affix, word: &str) -> bool {
    affix.0.contains(word) || affix.1.contains(word)
}

/// True if columns hold inverse variances.
pub(super) fn is_ivar(affix: &Affix) -> bool {
    is_word(affix, IVAR)
}

/// True if columns hold errors by their name alone.
pub(super) fn is_error(affix: &Affix) -> bool {
    let long = ERRORS.iter().filter(|word| word.len() > 2);
    long.into_iter().any(|word| is_word(affix, word)) || affix.0.starts_with("e_") || affix.1.ends_with("_e")
}

/// True if the name of columns has a word of limits.
pub(super) fn is_limit(affix: &Affix) -> bool {
    let words = [&affix.0, &affix.1].map(|text| text.split(|c: char| !c.is_alphanumeric()).collect::<Vec<_>>());
    words.iter().flatten().any(|word| LIMITS.contains(word))
}

/// True if columns hold something else of a line than its flux.
pub(super) fn is_other(affix: &Affix) -> bool {
    OTHERS.iter().any(|word| is_word(affix, word))
}

/// True if columns hold fluxes that stand behind others of the same table.
pub(super) fn is_second(affix: &Affix) -> bool {
    SECOND.iter().any(|word| is_word(affix, word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_of_errors_are_told_from_the_rest_of_the_name() {
        let affix = |after: &str| (String::new(), after.to_owned());
        let has = |error: &str, flux: &str, mark: Mark| without_error(&affix(error)).contains(&(affix(flux), mark));
        assert!(has("_err", "", Mark::Plain) && has("_flux_ivar", "_flux", Mark::Plain));
        assert!(has("_errp", "", Mark::Upper) && has("_errm", "", Mark::Lower));
        assert!(has("_eu", "", Mark::Upper) && has("_el", "", Mark::Lower));
        assert!(has("_err_up", "", Mark::Upper) && has("_err_lo", "", Mark::Lower));
        assert!(has("_flux_lower_err", "_flux", Mark::Lower));
        assert!(has("_err_pct", "", Mark::Percent));
        assert!(!has("_errors", "", Mark::Plain));
    }

    #[test]
    fn widths_of_lines_are_trusted_least() {
        let affix = |after: &str| (String::new(), after.to_owned());
        let flux = affix("_flux");
        let rank = |error: &str| trust(&flux, &affix(error));
        assert!(rank("_flux_err") > rank("_err") && rank("_err") > rank("_sigma"));
        assert!(rank("_flux_ivar") > rank("_flux_sigma"));
    }
}
