//! Series of hydrogen: levels, wavelengths in vacuum, and their names in catalogues, `Hbeta`,
//! `H10`, `PaB`.

use std::ops::RangeInclusive;

/// Rydberg constant of hydrogen \[cm⁻¹\] (CODATA 2018, reduced mass of the proton).
const RYDBERG: f64 = 109_677.583;

/// Highest upper level seen in spectra.
const HIGHEST: u32 = 40;

/// Lower level, prefixes of names in lower case, upper levels that a number after the prefix can
/// mean.
///
/// `H3` to `H6` are left out: FastSpecFit 3 calls H8 `H6`, counting from Hα.
const SERIES: [(u32, &[&str], RangeInclusive<u32>); 5] = [
    (2, &["h", "hba", "balmer"], 7..=HIGHEST),
    (3, &["p"], 7..=HIGHEST),
    (3, &["pa", "hpa", "paschen"], 4..=HIGHEST),
    (4, &["br", "hbr", "brackett"], 5..=HIGHEST),
    (5, &["pf", "hpf", "pfund"], 6..=HIGHEST),
];

/// Greek names of the lines of a series in their order, with the abbreviations in use (MaNGA's
/// `Hthe`, JADES's `HBaB`).
const GREEK: [&[&str]; 8] = [
    &["alpha", "alp", "a"],
    &["beta", "bet", "b"],
    &["gamma", "gam", "g"],
    &["delta", "del", "d"],
    &["epsilon", "eps"],
    &["zeta", "zet"],
    &["eta"],
    &["theta", "thet", "the"],
];

/// Wavelength in vacuum \[Å\] of the line from `upper` to `lower`: 1/λ = R (1/n² − 1/m²) (Rydberg).
fn wavelength(lower: u32, upper: u32) -> f64 {
    let inverse = |level: u32| f64::from(level * level).recip();
    1e8 / (RYDBERG * (inverse(lower) - inverse(upper)))
}

/// Balmer and Paschen lines by name, with their wavelengths in vacuum \[Å\].
pub(super) fn hydrogen() -> impl Iterator<Item = (String, f64)> {
    let series = [(2_u32, "Balmer"), (3, "Paschen")];
    series.into_iter().flat_map(|(lower, name)| {
        (lower + 1..=HIGHEST).map(move |upper| (format!("H I {name} {upper}"), wavelength(lower, upper)))
    })
}

/// Wavelength in vacuum \[Å\] of `hbeta`, `paa` or `brgamma`, in lower case without separators.
pub(super) fn by_letter(name: &str) -> Option<f64> {
    SERIES.iter().find_map(|(lower, prefixes, _)| {
        prefixes.iter().find_map(|prefix| {
            let letter = name.strip_prefix(prefix)?;
            // `pa` and `pb` are no lines: a single letter names a Paschen line only after `pa`.
            let is_letter = |names: &&&[&str]| names.contains(&letter) && (*prefix != "p" || letter.len() > 1);
            let order = GREEK.iter().position(|names| is_letter(&names))?;
            Some(wavelength(*lower, lower + 1 + order as u32))
        })
    })
}

/// Wavelength in vacuum \[Å\] of the line with this prefix and upper level, such as `h` and 10, or
/// `pa` and 9.
pub(super) fn by_level(prefix: &str, upper: u32) -> Option<f64> {
    let known = |(_, prefixes, levels): &&(u32, &[&str], RangeInclusive<u32>)| {
        prefixes.contains(&prefix) && levels.contains(&upper)
    };
    SERIES.iter().find(known).map(|(lower, ..)| wavelength(*lower, upper))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_and_levels_find_their_line() {
        let near = |found: Option<f64>, expected: f64| (found.unwrap() - expected).abs() < 0.2;
        for (name, vacuum) in [
            ("halpha", 6564.61),
            ("hb", 4862.69),
            ("hthe", 3798.98),
            ("hbag", 4341.68),
            ("paa", 18756.1),
            ("peta", 9017.4),
            ("brg", 21661.2),
        ] {
            assert!(near(by_letter(name), vacuum), "{name}: {:?}", by_letter(name));
        }
        assert!(near(by_level("h", 8), 3890.15) && near(by_level("pa", 9), 9231.5));
    }

    #[test]
    fn other_words_are_no_lines() {
        for name in ["", "h", "he", "pa", "pb", "ha+nii", "hbeta_broad", "hew", "halphabroad"] {
            assert_eq!(by_letter(name), None, "{name}");
        }
        assert_eq!(
            (by_level("h", 6), by_level("p", 4), by_level("h", 41)),
            (None, None, None)
        );
    }
}
