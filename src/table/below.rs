//! Rows of units and dashes below a header.

use super::ecsv::Ecsv;
use super::head::Head;
use super::number;

/// Words for units in a row below a header, in lower case.
const UNITS: [&str; 24] = [
    "erg", "mw/m", "w/m", "w m", "watt", "angstrom", "0.1nm", "nm", "um", "micron", "deg", "arcsec", "mag", "km/s",
    "km s", "jy", "cm", "pc", "kpc", "mpc", "sun", "hz", "\u{e5}", "\u{212b}",
];

/// Adds the rows of units and dashes below a header to it.
pub(crate) fn below(row: usize, names: Vec<String>, data: &[(usize, Vec<String>)], ecsv: Option<&Ecsv>) -> Head {
    let mut head = Head::plain(row, names);
    if let Some(ecsv) = ecsv {
        head.units = head.names.iter().map(|name| ecsv.units.get(name).cloned()).collect();
        head.kinds = head.names.iter().map(|name| ecsv.kinds.get(name).copied()).collect();
    }
    let is_dashes = |row: &[String]| {
        let dashes = |text: &String| text.chars().all(|c| matches!(c, '-' | '=' | ':' | '+'));
        row.iter().any(|text| text.len() > 2) && row.iter().all(|text| text.is_empty() || dashes(text))
    };
    let below = data.iter().filter(|(number, _)| *number > row).take(3);
    let below: Vec<&(usize, Vec<String>)> = below.collect();
    let dashes = below.iter().take(2).position(|(_, row)| is_dashes(row));
    let unit_row = match dashes {
        Some(0) => below.get(1).filter(|(_, row)| are_units(row)),
        Some(_) => below
            .first()
            .filter(|(_, row)| !row.iter().any(|text| number::parse(text, true).is_some())),
        None => below.first().filter(|(_, row)| are_units(row)),
    };
    if let Some((number, units)) = unit_row {
        let unit =
            |text: &String| Some(text.trim_matches(['[', ']', '(', ')']).to_owned()).filter(|unit| !unit.is_empty());
        head.units = units.iter().map(unit).collect();
        head.units.resize(head.names.len(), None);
        head.last = *number;
    }
    if let Some((number, _)) = dashes.and_then(|at| below.get(at)) {
        head.last = head.last.max(*number);
    }
    head
}

/// Tells whether a row holds units: no field is a number, and one field is a unit beyond doubt.
fn are_units(row: &[String]) -> bool {
    let is_unit = |text: &String| {
        let text = text.to_lowercase();
        let word = |unit: &&str| match text.find(*unit) {
            Some(at) => {
                let after = text[at + unit.len()..].chars().next();
                !after.is_some_and(char::is_alphabetic)
            }
            None => false,
        };
        UNITS.iter().any(word)
    };
    row.iter().any(is_unit) && row.iter().all(|text| number::parse(text, true).is_none())
}
