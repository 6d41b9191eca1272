//! Tables as people have them: each kind of input that a reader can get wrong, with the right
//! value.

mod examples;
mod files;
mod fits_signs;
mod forms;
mod frames;
mod missing;
mod multiplets;
mod names;
mod pyneb;
mod shape;

use std::path::{Path, PathBuf};

use nebulium::config::Config;
use nebulium::error::Result;
use nebulium::table::{Catalogue, Entry, Measurement, Settings, Sources};

use crate::galaxies::Fixture;

/// A file of `tests/fixtures/formats`.
fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures/formats")
        .join(name)
}

/// The catalogue of these files.
fn read_files(paths: &[PathBuf], settings: &Settings) -> Result<Catalogue> {
    Sources::open(paths, &Fixture::get().set.list, settings)?.catalogue()
}

/// Files of these names and contents in a folder of their own, and the folder.
fn files(contents: &[(&str, &[u8])]) -> (tempfile::TempDir, Vec<PathBuf>) {
    let folder = tempfile::tempdir().unwrap();
    let write = |(name, content): &(&str, &[u8])| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, content).unwrap();
        path
    };
    let paths = contents.iter().map(write).collect();
    (folder, paths)
}

/// The catalogue of one text in the file `name`, read by a configuration in TOML.
fn read(name: &str, text: &str, toml: &str) -> Result<Catalogue> {
    let (_folder, paths) = files(&[(name, text.as_bytes()), ("nebulium.toml", toml.as_bytes())]);
    read_files(&paths[..1], &Config::read(&paths[1]).unwrap().table_settings())
}

/// The objects of a text as [`told`], or the error of the whole file.
fn objects(name: &str, text: &str, toml: &str) -> Vec<String> {
    match read(name, text, toml) {
        Ok(catalogue) => catalogue.entries.iter().map(told).collect(),
        Err(error) => vec![format!("error: {}", without_folder(&error.to_string()))],
    }
}

/// The only object of a text.
fn object(name: &str, text: &str, toml: &str) -> String {
    let mut objects = objects(name, text, toml);
    assert_eq!(objects.len(), 1, "{text}: {objects:?}");
    objects.remove(0)
}

/// An object in a line: name, Hβ, the other lines relative to it, and flags; or why it is rejected.
fn told(entry: &Entry) -> String {
    match entry {
        Entry::Rejected { id, reasons, .. } => {
            let reasons: Vec<String> = reasons
                .iter()
                .map(|reason| without_folder(&reason.to_string()))
                .collect();
            format!("{id} rejected: {}", reasons.join("; "))
        }
        Entry::Fit(object) => {
            let lines: Vec<String> = object.measurements.iter().map(line).collect();
            let flags: Vec<String> = object.flags.iter().map(|flag| format!(" [{flag}]")).collect();
            let (flux, error) = (rounded(object.hbeta.flux), rounded(object.hbeta.flux_err));
            format!("{} {flux}±{error}: {}{}", object.id, lines.join(", "), flags.concat())
        }
    }
}

/// A line in a word: its members, `<` for a limit, flux and error.
fn line(measurement: &Measurement) -> String {
    let sign = if measurement.limit { "<" } else { "" };
    let (flux, error) = (rounded(measurement.flux), rounded(measurement.flux_err));
    format!("{} {sign}{flux}±{error}", members(measurement))
}

/// The labels of a measurement's lines, joined by `+`.
fn members(measurement: &Measurement) -> String {
    let lines = &Fixture::get().set.list.lines;
    let labels = measurement
        .line
        .members
        .iter()
        .map(|&member| lines[member].label.as_str());
    labels.collect::<Vec<_>>().join("+")
}

/// A number without the noise of its last binary digits.
fn rounded(value: f64) -> f64 {
    (value * 1e7).round() / 1e7
}

/// A message without the folders of the files that it names.
fn without_folder(message: &str) -> String {
    let cut = |word: &str| match word.rsplit_once(std::env::temp_dir().to_str().unwrap()) {
        Some((before, path)) => {
            let inside = path
                .trim_start_matches('/')
                .split_once('/')
                .map_or(path, |(_, inside)| inside);
            format!("{before}{inside}")
        }
        None => word.to_owned(),
    };
    message.split(' ').map(cut).collect::<Vec<_>>().join(" ")
}

/// Warnings of a catalogue, one a line.
fn warnings(catalogue: &Catalogue) -> String {
    let said: Vec<String> = catalogue.warnings.iter().map(ToString::to_string).collect();
    said.join("\n")
}
