//! Good and bad catalogues in both forms, with each message word for word.

mod arbitrary;
mod bad_file;
mod bad_object;
mod damaged;
mod fits;
pub(super) mod fits_file;
mod good;

use super::*;
use crate::line::{Label, Line, Merged};

/// Label, wavelength in air and in vacuum \[Å\].
const LINES: [(&str, f64, f64); 7] = [
    ("H1_4341A", 4340.46, 4341.68),
    ("H1_4861A", 4861.33, 4862.69),
    ("H1_6563A", 6562.79, 6564.61),
    ("O2_3726A", 3726.03, 3727.09),
    ("O2_3729A", 3728.82, 3729.88),
    ("O3_4363A", 4363.21, 4364.44),
    ("O3_5007A", 5006.84, 5008.24),
];

pub(super) fn list() -> LineList {
    let lines = LINES.map(|(label, wavelength_air, wavelength_vac)| Line {
        label: label.to_owned(),
        ion: label.parse::<Label>().unwrap().ion,
        wavelength_air,
        wavelength_vac,
        valid_t: [5e3, 2.5e4],
        valid_ne: [1.0, 1e5],
    });
    let members = ["O2_3726A".to_owned(), "O2_3729A".to_owned()].to_vec();
    LineList {
        lines: lines.to_vec(),
        merged: vec![Merged {
            label: "O2_3726A_m".to_owned(),
            members,
        }],
    }
}

fn parse_with(text: &str, settings: &Settings) -> Result<Catalogue> {
    parse_bytes(text.as_bytes(), settings, None)
}

fn parse_bytes(bytes: &[u8], settings: &Settings, side: Option<SidePriors>) -> Result<Catalogue> {
    let list = list();
    let sources = Sources::of("c.csv", bytes.to_vec(), &list, settings);
    sources.with_priors(side).catalogue()
}

fn good(text: &str) -> Catalogue {
    parse_with(text, &Settings::default()).unwrap()
}

/// Objects of a catalogue without the rejected ones.
fn objects(catalogue: &Catalogue) -> Vec<&Object> {
    let mut objects = Vec::new();
    for entry in &catalogue.entries {
        match entry {
            Entry::Fit(object) => objects.push(object),
            Entry::Rejected { id, reasons, .. } => panic!("{id}: {reasons:?}"),
        }
    }
    objects
}

fn warnings(catalogue: &Catalogue) -> Vec<String> {
    catalogue.warnings.iter().map(Warning::to_string).collect()
}

/// Reasons for rejecting the only rejected object.
fn reasons(text: &str) -> Vec<String> {
    let catalogue = good(text);
    let mut rejected = catalogue.entries.iter().filter_map(|entry| match entry {
        Entry::Rejected { reasons, .. } => Some(reasons.iter().map(Error::to_string).collect::<Vec<_>>()),
        Entry::Fit(_) => None,
    });
    let reasons = rejected.next().unwrap_or_else(|| panic!("nothing rejected: {text}"));
    assert!(rejected.next().is_none(), "more than one rejected: {text}");
    reasons
}

fn failure(text: &str) -> String {
    match parse_with(text, &Settings::default()) {
        Err(error) => error.to_string(),
        Ok(catalogue) => panic!("accepted: {catalogue:?}"),
    }
}
