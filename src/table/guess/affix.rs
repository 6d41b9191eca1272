//! Words in column names that distinguish errors from fluxes, and the two sides of an error.

use std::collections::BTreeSet;

/// Words for errors anywhere in a column name, in lower case; longer words first.
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
/// Words for an error, or for the width of a line.
const WIDTHS: [&str; 3] = ["sigma", "std", "sig"];
/// Word for inverse variances.
const IVAR: &str = "ivar";
/// Words for fluxes that a column of errors replaces by another word.
const FLUXES: [&str; 6] = ["flux_", "_flux", "flux", "f_", "f", "intensity"];
/// Words for the upper side, beside a word for errors.
const UPPER: [&str; 8] = ["upper", "plus", "high", "pos", "hi", "up", "u", "p"];
/// Words for the lower side, beside a word for errors.
const LOWER: [&str; 9] = ["lower", "minus", "low", "neg", "lo", "down", "dn", "l", "m"];
/// Words for errors in per cent of the flux.
const PERCENT: [&str; 4] = ["percent", "perc", "pct", "%"];
/// Words for columns that mark upper limits.
const LIMITS: [&str; 5] = ["limit", "uplim", "ulim", "ul", "l"];
/// Words for columns of a line without a flux.
const OTHERS: [&str; 22] = [
    "ew", "eqw", "sigma", "fwhm", "vel", "vshift", "chi2", "cont", "amp", "boxflux", "limit", "flag", "npix", "snr",
    "width", "wave", "lambda", "mask", "disp", "kin", "z_", "_z",
];
/// Words for the secondary fluxes of a survey: sums over a band beside fits, and fluxes after
/// corrections.
const SECOND: [&str; 4] = ["sflux", "boxflux", "corr", "dered"];

/// Texts before and after the name of a line, in lower case.
pub(super) type Affix = (String, String);

/// Mark beside a word for errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mark {
    /// No mark.
    Plain,
    /// Upper side.
    Upper,
    /// Lower side.
    Lower,
    /// Per cent of the flux.
    Percent,
}

/// Possible affixes of the fluxes whose errors have this affix, each with the mark of the errors.
pub(super) fn without_error((before, after): &Affix) -> BTreeSet<(Affix, Mark)> {
    let of_before = taken_out(before)
        .into_iter()
        .map(|(rest, mark)| ((rest, after.clone()), mark));
    let of_after = taken_out(after)
        .into_iter()
        .map(|(rest, mark)| ((before.clone(), rest), mark));
    of_before.chain(of_after).collect()
}

/// Variants of a text: without each of its words for errors, or with a word for fluxes in its
/// place.
fn taken_out(text: &str) -> BTreeSet<(String, Mark)> {
    let mut rests = BTreeSet::new();
    for word in ERRORS {
        for (at, _) in text.match_indices(word) {
            for (head, tail, mark) in marked(&text[..at], &text[at + word.len()..]) {
                // A single letter is a word for errors only at an end of the text.
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

/// Texts around a word for errors, with and without a mark next to the word.
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

/// Rank of a family of errors for one family of fluxes, the most trusted first. Words for widths
/// come last, since `HBETA_SIGMA` is a velocity. Names that keep the word for fluxes come before
/// others.
pub(super) fn trust(flux: &Affix, error: &Affix) -> (bool, bool) {
    let keeps = error.0.contains(&flux.0) && error.1.contains(&flux.1);
    let is_width = WIDTHS.iter().any(|word| is_word(error, word));
    (!is_width, keeps)
}

/// Tells whether a word stands before or after the line.
pub(super) fn is_word(affix: &Affix, word: &str) -> bool {
    affix.0.contains(word) || affix.1.contains(word)
}

/// Tells whether columns hold inverse variances.
pub(super) fn is_ivar(affix: &Affix) -> bool {
    is_word(affix, IVAR)
}

/// Tells whether columns hold errors, by their name alone.
pub(super) fn is_error(affix: &Affix) -> bool {
    let long = ERRORS.iter().filter(|word| word.len() > 2);
    long.into_iter().any(|word| is_word(affix, word)) || affix.0.starts_with("e_") || affix.1.ends_with("_e")
}

/// Tells whether the name of columns has a word for limits.
pub(super) fn is_limit(affix: &Affix) -> bool {
    let words = [&affix.0, &affix.1].map(|text| text.split(|c: char| !c.is_alphanumeric()).collect::<Vec<_>>());
    words.iter().flatten().any(|word| LIMITS.contains(word))
}

/// Tells whether columns hold another quantity of a line than its flux.
pub(super) fn is_other(affix: &Affix) -> bool {
    OTHERS.iter().any(|word| is_word(affix, word))
}

/// Tells whether columns hold secondary fluxes of the table.
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
