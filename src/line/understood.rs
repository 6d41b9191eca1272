//! Names of a line in catalogues: examples, each of which is read as that line.

use super::name_set::NameSet;
use super::{Ion, Line, LineList};

/// Most names listed for a line.
const MOST: usize = 4;
/// Roman numerals; the index is the spectroscopic number less one.
const NUMERALS: [&str; 10] = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X"];
/// Wavelength beyond which lines are named in μm \[Å\].
const MICRONS: f64 = 25_000.0;

/// Names in use for line `index` of a list, beside the label. Each name means the line in a table
/// that gives the other lines too; `set`, made of all labels, is such a table.
pub fn names_of_line(list: &LineList, set: &NameSet, index: usize) -> Vec<String> {
    let line = &list.lines[index];
    let mut names = Vec::new();
    if line.ion == Ion::H1 {
        names.extend(hydrogen().filter(|name| means(set, name, &[index])).take(2));
    }
    let spelled = spellings(line).into_iter().filter(|name| means(set, name, &[index]));
    for name in spelled {
        if names.len() < MOST && !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// Names in use for the sum of the lines `members`, each in a table that gives none of these alone.
pub fn names_of_sum(list: &LineList, members: &[usize]) -> Vec<String> {
    let lines: Vec<&Line> = members.iter().map(|&member| &list.lines[member]).collect();
    let [first, .., last] = lines[..] else {
        return Vec::new();
    };
    let mean = lines.iter().map(|line| line.wavelength_air).sum::<f64>() / lines.len() as f64;
    let roman = roman(first.ion);
    let [from, to] = [first, last].map(|line| line.wavelength_air.round());
    let candidates = [
        roman.clone(),
        format!("{roman}_{mean:.0}"),
        format!("{}_{mean:.0}A", first.ion),
        format!("{roman}_{from}_{to}"),
        format!("{mean:.0}"),
    ];
    let alone = |name: &&String| means(&NameSet::new(list, [name.as_str()], None), name, members);
    candidates.iter().filter(alone).take(MOST).cloned().collect()
}

/// Names of hydrogen lines; names with letters come first.
fn hydrogen() -> impl Iterator<Item = String> {
    let letters = ["alpha", "beta", "gamma", "delta", "epsilon"];
    let series = ["H", "Pa", "Br"];
    let named = letters
        .into_iter()
        .flat_map(move |letter| series.map(|series| format!("{series}{letter}")));
    let numbered = (7..=15).flat_map(|level| [format!("H{level}"), format!("Pa{level}")]);
    named.chain(numbered)
}

/// Ion and wavelength of a line as catalogues write them: truncated or rounded, in air or vacuum.
fn spellings(line: &Line) -> Vec<String> {
    let roman = roman(line.ion);
    if line.wavelength_vac > MICRONS {
        let microns = line.wavelength_vac / 1e4;
        return vec![format!("{roman}_{microns:.1}um"), format!("{}_{microns:.1}m", line.ion)];
    }
    let (air, vacuum) = (line.wavelength_air, line.wavelength_vac);
    let bracketed = if line.ion.is_metal() {
        format!("[{roman}]")
    } else {
        roman.clone()
    };
    vec![
        format!("{roman}_{air:.0}"),
        format!("{bracketed}{}", air.floor()),
        format!("{roman}{vacuum:.0}"),
        format!("{air:.2}"),
        format!("{}_{air:.0}", line.ion),
    ]
}

fn roman(ion: Ion) -> String {
    let text = ion.to_string();
    let element = text.trim_end_matches(|c: char| c.is_ascii_digit());
    let numeral = NUMERALS.get(usize::from(ion.stage) - 1);
    numeral.map_or_else(|| text.clone(), |numeral| format!("{element}{numeral}"))
}

/// Tells whether a name is read as these lines and no others.
fn means(set: &NameSet, name: &str, members: &[usize]) -> bool {
    let sorted = |members: &[usize]| {
        let mut members = members.to_vec();
        members.sort_unstable();
        members
    };
    set.read(name)
        .is_ok_and(|reading| sorted(&reading.line.members) == sorted(members))
}
