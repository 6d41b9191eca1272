//! Manifest of a set: the content of its nodes, line by line, in TOML.

use std::path::Path;

use serde::Deserialize;

use crate::error::{EmissivityError, Error, Result};
use crate::line::{H_BETA, Ion, Label, Line, LineList, Merged};

/// Version of the manifest that is read.
const FORMAT: u32 = 1;
/// Least number of nodes along an axis.
const MIN_NODES: u32 = 4;
/// Largest ratio of a wavelength in vacuum to that in air (Ciddor 1996: 1.00032 at 2000 Å).
const MAX_REFRACTION: f64 = 1.0004;

/// A uniform axis of nodes.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
pub struct Axis {
    /// Value at the first node.
    pub first: f64,
    /// Value at the last node.
    pub last: f64,
    /// Number of nodes.
    pub nodes: u32,
}

/// The two axes of a set.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
pub struct Axes {
    /// log₁₀ of the electron temperature \[K\].
    #[serde(rename = "log10_T")]
    pub log10_t: Axis,
    /// log₁₀ of the electron density \[cm⁻³\].
    pub log10_ne: Axis,
}

/// Source of a line's emissivity, and its errors.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Provenance {
    /// Upper and lower level of a collisionally excited line, counted from 1.
    pub levels: Option<[u32; 2]>,
    /// Name of the transition, for recombination lines.
    pub transition: Option<String>,
    /// Files of atomic data behind the emissivity.
    pub data: Vec<String>,
    /// Papers behind these files.
    pub references: Vec<String>,
    /// Largest departure of the smooth surface from PyNeb at PyNeb's own nodes \[%\].
    pub error_pyneb_nodes: f64,
    /// Largest departure of the spline from the smooth surface, 7–25 kK, 1–10⁴ cm⁻³ \[%\].
    pub error_spline_used: f64,
    /// Largest departure of the spline from the smooth surface over the whole range of the priors
    /// \[%\].
    pub error_spline_wide: f64,
}

/// Content of the file.
#[derive(Debug, Deserialize)]
pub(crate) struct Manifest {
    pub(crate) name: String,
    pub(crate) description: String,
    /// File name of the nodes.
    pub(crate) nodes: String,
    nodes_sha256: String,
    #[serde(default)]
    pub(crate) citations: Vec<String>,
    pub(crate) axes: Axes,
    pub(crate) line: Vec<LineEntry>,
    #[serde(default)]
    merged: Vec<MergedEntry>,
}

/// One `[[line]]`.
#[derive(Debug, Deserialize)]
pub(crate) struct LineEntry {
    label: String,
    ion: String,
    wavelength_air: f64,
    wavelength_vac: f64,
    #[serde(rename = "valid_T")]
    valid_t: [f64; 2],
    valid_ne: [f64; 2],
    #[serde(flatten)]
    pub(crate) provenance: Provenance,
}

/// One `[[merged]]`.
#[derive(Debug, Deserialize)]
struct MergedEntry {
    label: String,
    members: Vec<String>,
}

/// The version alone, which is checked first.
#[derive(Deserialize)]
struct Version {
    format: u32,
}

impl Manifest {
    /// Reads the text of the manifest at `path`; the path is for messages alone.
    pub(crate) fn parse(text: &str, path: &Path) -> Result<Manifest> {
        let syntax = |source| Error::Toml {
            path: path.to_owned(),
            source: Box::new(source),
        };
        let version: Version = toml::from_str(text).map_err(syntax)?;
        if version.format != FORMAT {
            return Err(wrong(
                path,
                "format",
                version.format,
                format!("{FORMAT}, the version this program reads"),
            ));
        }
        let manifest: Manifest = toml::from_str(text).map_err(syntax)?;
        for (key, axis) in [
            ("axes.log10_T", manifest.axes.log10_t),
            ("axes.log10_ne", manifest.axes.log10_ne),
        ] {
            let finite = axis.first.is_finite() && axis.last.is_finite();
            if !finite || axis.first >= axis.last || axis.nodes < MIN_NODES {
                let value = format!("{} to {} in {} nodes", axis.first, axis.last, axis.nodes);
                return Err(wrong(
                    path,
                    key,
                    value,
                    format!("first < last, both finite, {MIN_NODES} nodes or more"),
                ));
            }
        }
        Ok(manifest)
    }

    /// Checks that the nodes have this SHA-256.
    pub(crate) fn check_hash(&self, path: &Path, found: &str) -> Result<()> {
        if self.nodes_sha256 == found {
            return Ok(());
        }
        Err(wrong(
            path,
            "nodes_sha256",
            &self.nodes_sha256,
            format!("{found}, the hash of {}", self.nodes),
        ))
    }

    /// Lines and merged labels, each checked: unique labels of their ion, Hβ among them, known
    /// members.
    pub(crate) fn line_list(&self, path: &Path) -> Result<LineList> {
        let lines = self
            .line
            .iter()
            .map(|entry| entry.line(path))
            .collect::<Result<Vec<Line>>>()?;
        let labels: Vec<&str> = lines.iter().map(|line| line.label.as_str()).collect();
        if let Some((_, twice)) = labels
            .iter()
            .enumerate()
            .find(|(index, label)| labels[..*index].contains(label))
        {
            return Err(wrong(path, "line.label", twice, "each label once".to_owned()));
        }
        if !labels.contains(&H_BETA) {
            return Err(wrong(
                path,
                "line.label",
                labels.join(", "),
                format!("{H_BETA} among them"),
            ));
        }
        for entry in &self.merged {
            if let Some(member) = entry.members.iter().find(|member| !labels.contains(&member.as_str())) {
                return Err(wrong(
                    path,
                    &format!("merged.members of {}", entry.label),
                    member,
                    "labels of lines".into(),
                ));
            }
        }
        let merged = self.merged.iter().map(|entry| Merged {
            label: entry.label.clone(),
            members: entry.members.clone(),
        });
        Ok(LineList {
            merged: merged.collect(),
            lines,
        })
    }
}

impl LineEntry {
    fn line(&self, path: &Path) -> Result<Line> {
        let key = |name: &str| format!("{name} of {}", self.label);
        let no_label = |_| wrong(path, "line.label", &self.label, "a label such as O3_5007A".to_owned());
        let label: Label = self.label.parse().map_err(no_label)?;
        if self.ion.parse::<Ion>().ok() != Some(label.ion) {
            return Err(wrong(
                path,
                &key("ion"),
                &self.ion,
                format!("{}, as in the label", label.ion),
            ));
        }
        let (air, vac) = (self.wavelength_air, self.wavelength_vac);
        let distance = (air - label.wavelength).abs().min((vac - label.wavelength).abs());
        if !(distance <= label.tolerance && air <= vac && vac < air * MAX_REFRACTION) {
            let expected = format!(
                "wavelengths in Å, one of them within {} of the label's",
                label.tolerance
            );
            return Err(wrong(
                path,
                &key("wavelength_air, wavelength_vac"),
                format!("{air}, {vac}"),
                expected,
            ));
        }
        for (name, [from, to]) in [("valid_T", self.valid_t), ("valid_ne", self.valid_ne)] {
            if !(from > 0.0 && from < to) {
                return Err(wrong(
                    path,
                    &key(name),
                    format!("[{from}, {to}]"),
                    "0 < from < to".to_owned(),
                ));
            }
        }
        Ok(Line {
            label: self.label.clone(),
            ion: label.ion,
            wavelength_air: self.wavelength_air,
            wavelength_vac: self.wavelength_vac,
            valid_t: self.valid_t,
            valid_ne: self.valid_ne,
        })
    }
}

fn wrong(path: &Path, key: &str, value: impl ToString, expected: String) -> Error {
    Error::Emissivity(EmissivityError::ManifestValue {
        path: path.to_owned(),
        key: key.to_owned(),
        value: value.to_string(),
        expected,
    })
}
