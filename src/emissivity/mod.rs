//! Emissivities of every line relative to Hβ, as splines in temperature and density, from a named
//! set of data.

mod coefficients;
mod f_tau;
mod grid;
mod helium;
mod library;
mod manifest;
mod nodes;
mod prefilter;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

pub use coefficients::read_coefficients;
pub use f_tau::{FTau, TauCoefficients, TauForm};
pub use grid::{Grid, Stencil};
pub use library::DIRECTORY_PREFIX;
pub use manifest::{Axes, Axis, Provenance};

pub use crate::error::EmissivityError;
use crate::error::{Error, Result};
use crate::line::{LineList, Resolved};
use manifest::Manifest;

/// File name of a set's manifest.
const MANIFEST: &str = "manifest.toml";

/// Temperature \[K\] of a line's reference value.
pub const REFERENCE_T: f64 = 1e4;
/// Density \[cm⁻³\] of a line's reference value.
pub const REFERENCE_NE: f64 = 100.0;

/// A named set of emissivities.
///
/// Rows of `grid` and `reference`: row 0 is Hβ itself, ln ε(Hβ) \[erg cm³ s⁻¹\]; row 1 + i is line
/// i of `list`, ln(ε/ε(Hβ)). The rows of `helium_shift` come last, without reference. `grid` holds each row less its `reference`, the value at 10⁴ K and 100
/// cm⁻³. Single precision is then sufficient.
#[derive(Debug, Clone)]
pub struct Set {
    /// Name of the set, such as `pyneb23`.
    pub name: String,
    /// Origin of the set, in one sentence.
    pub description: String,
    /// SHA-256 of the manifest followed by the nodes, in hexadecimal.
    pub hash: String,
    /// Papers to cite for the set.
    pub citations: Vec<String>,
    /// Lines and merged labels.
    pub list: LineList,
    /// Source and errors of each line of `list`.
    pub provenance: Vec<Provenance>,
    /// Nodes in temperature and density.
    pub axes: Axes,
    /// Spline coefficients of all rows, each relative to its `reference`.
    pub grid: Grid<f64>,
    /// Natural logarithm of each row at the reference temperature and density.
    pub reference: Vec<f64>,
    /// Rows of the shift between two sets of He I emissivities, by index of the line in `list`.
    pub helium_shift: BTreeMap<usize, u32>,
    /// Optical depth of He I; by default the law in the program.
    pub f_tau: FTau,
}

impl Set {
    /// Reads a set from a directory with `manifest.toml` and the nodes that it names.
    ///
    /// # Errors
    /// Unreadable files; a manifest of another format; nodes whose shape, type or hash contradicts
    /// the manifest; nodes that are not finite.
    pub fn read(directory: &Path) -> Result<Set> {
        let path = directory.join(MANIFEST);
        let bytes = read(&path)?;
        let text = Error::text(&bytes, &path)?;
        let nodes_path = directory.join(&Manifest::parse(text, &path)?.nodes);
        let nodes = read(&nodes_path)?;
        Set::from_texts(text, &path, &nodes, &nodes_path)?.with_helium_shift()
    }

    /// A set from its manifest and nodes.
    fn from_texts(text: &str, path: &Path, nodes: &[u8], nodes_path: &Path) -> Result<Set> {
        Set::from_parts(text, &Manifest::parse(text, path)?, path, nodes, nodes_path)
    }

    fn from_parts(text: &str, manifest: &Manifest, path: &Path, nodes: &[u8], nodes_path: &Path) -> Result<Set> {
        manifest.check_hash(path, &hexadecimal(&[nodes]))?;
        let (nt, nn) = (
            manifest.axes.log10_t.nodes as usize,
            manifest.axes.log10_ne.nodes as usize,
        );
        let rows = 1 + manifest.line.len();
        let values = nodes::read(nodes, nodes_path, [rows, nt, nn])?;
        let mut coefs = Vec::with_capacity(rows * (nt + 2) * (nn + 2));
        for row in values.chunks_exact(nt * nn) {
            let natural: Vec<f64> = row.iter().map(|value| value * std::f64::consts::LN_10).collect();
            coefs.extend(prefilter::tensor(&natural, nn));
        }
        let mut grid = Grid::new(&manifest.axes, coefs);
        let reference = grid.subtract_value_at(REFERENCE_T.log10(), REFERENCE_NE.log10());
        Ok(Set {
            name: manifest.name.clone(),
            description: manifest.description.clone(),
            hash: hexadecimal(&[text.as_bytes(), nodes]),
            citations: manifest.citations.clone(),
            list: manifest.line_list(path)?,
            provenance: manifest.line.iter().map(|line| line.provenance.clone()).collect(),
            axes: manifest.axes,
            grid,
            reference,
            helium_shift: BTreeMap::new(),
            f_tau: FTau::built_in()?,
        })
    }

    /// ln(ε/ε(Hβ)) of line `index` of the list and its derivatives with respect to log₁₀T and
    /// log₁₀n, at `log10_t` \[K\] and `log10_ne` \[cm⁻³\]; linear beyond the nodes.
    pub fn ln_ratio(&self, index: usize, log10_t: f64, log10_ne: f64) -> (f64, f64, f64) {
        let [value, along_t, along_n] = self.grid.value(1 + index, &self.grid.at(log10_t, log10_ne));
        (self.reference[1 + index] + value, along_t, along_n)
    }

    /// log₁₀(ε/ε(Hβ)) of a label, summed over its members, at `t` \[K\] and `n_e` \[cm⁻³\], both >
    /// 0.
    pub fn log10_ratio(&self, resolved: &Resolved, t: f64, n_e: f64) -> f64 {
        let (log10_t, log10_ne) = (t.log10(), n_e.log10());
        let ratios = resolved
            .members
            .iter()
            .map(|index| self.ln_ratio(*index, log10_t, log10_ne).0.exp());
        ratios.sum::<f64>().log10()
    }
}

fn read(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(|source| Error::Io {
        path: PathBuf::from(path),
        source,
    })
}

/// SHA-256 of the parts, one after the other, in hexadecimal.
fn hexadecimal(parts: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    parts.iter().for_each(|part| hash.update(part));
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests;
