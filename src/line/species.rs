//! Spellings of ions in names, `oiii`, `o` 3, `hebaa`; in lower case.

use super::ion::Ion;
use super::series;
use super::token::plain;

/// Roman numerals; the index is the spectroscopic number less one.
const ROMAN: [&str; 10] = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x"];

/// Ions of a name without a wavelength, `OIII` or `SII`, which may mean any of their lines.
pub(super) fn ions_alone(text: &str) -> Vec<Ion> {
    let letters = |c: &char| !matches!(c, '[' | ']' | ' ' | '_' | '-');
    plain(text)
        .split('+')
        .flat_map(|part| roman(&part.chars().filter(letters).collect::<String>()))
        .collect()
}

/// Ion of an element and a stage, such as `o` and `3`.
pub(super) fn arabic(element: &str, stage: &str) -> Option<Ion> {
    if !element.is_ascii() || element.is_empty() || element.len() > 2 || stage.len() > 2 {
        return None;
    }
    (element[..1].to_ascii_uppercase() + &element[1..] + stage).parse().ok()
}

/// Ions of `oiii`, of `oiiia` where a letter marks an auroral line, of `heiil` (λ), of JADES's
/// `hebaa`, of `h` before a wavelength.
pub(super) fn roman(species: &str) -> Vec<Ion> {
    if species == "h" {
        return vec![Ion::H1];
    }
    let of_helium = species.strip_prefix("he").filter(|series| series.len() > 2);
    if of_helium.is_some_and(|series| series::by_letter(&format!("h{series}")).is_some()) {
        return vec![Ion::HE2];
    }
    let species = species.strip_suffix(['a', 'n', 'l']).unwrap_or(species);
    let split = (1..=2).filter_map(|length| Some((species.get(..length)?, species.get(length..)?)));
    let ions = split.filter_map(|(element, numeral)| {
        let stage = ROMAN.iter().position(|roman| *roman == numeral)? + 1;
        arabic(element, &stage.to_string())
    });
    ions.collect()
}
