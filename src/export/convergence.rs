//! Files of the convergence lab: a table over the replicates, and arrays of every run.

use std::path::Path;

use super::column::digits;
use super::npy;
use super::place;
use super::rows::csv;
use super::staging::Staging;
use crate::convergence::{COLUMNS, Measured, STATISTICS, rows};
use crate::error::{ExportError, Result};

const TABLE: &str = "convergence.csv";
/// Directory in which the files grow, inside that of the result.
const ASIDE: &str = ".convergence.unfinished";
/// Arrays beside those of the statistics: costs of the runs, and values along the axes.
const OTHERS: [&str; 6] = ["gradients", "seconds", "chains", "warmup", "draws", "parameters"];

/// Files of a lab, before the runs.
#[derive(Debug)]
pub struct LabFiles {
    staging: Staging,
}

/// Name of an array's file.
fn array(name: &str) -> String {
    format!("convergence_{name}.npy")
}

impl LabFiles {
    /// Makes a place for the files in `directory`.
    ///
    /// # Errors
    /// Without `force`, a file of a lab that exists; something else than a file in the place of one;
    /// another run that writes there; a directory that cannot be made.
    pub fn create(directory: &Path, force: bool) -> Result<LabFiles, ExportError> {
        let statistics = STATISTICS.iter().map(|(name, _)| *name);
        let arrays = statistics.chain(OTHERS).map(array);
        for name in std::iter::once(TABLE.to_owned()).chain(arrays) {
            let path = directory.join(name);
            place::expect_file(&path)?;
            if path.exists() && !force {
                return Err(ExportError::Exists { path });
            }
        }
        Ok(LabFiles {
            staging: Staging::open(directory, ASIDE)?,
        })
    }

    /// Writes the files: the table, with a row for each point and parameter; the statistics of
    /// every run, `[chains, warmup, draws, replicate, parameter]`, and the costs, `[chains, warmup,
    /// draws, replicate]`; the values along the axes.
    ///
    /// # Errors
    /// A file that cannot be written or moved.
    pub fn write(self, measured: &Measured) -> Result<(), ExportError> {
        let grid = &measured.grid;
        let of_run = [grid.chains.len(), grid.warmup.len(), grid.draws.len(), grid.replicates];
        let of_parameter = [&of_run[..], &[measured.names.len()]].concat();
        let mut files = vec![(TABLE.to_owned(), table(measured))];
        for ((name, _), values) in STATISTICS.iter().zip(&measured.statistics) {
            files.push((array(name), reals(&of_parameter, values)));
        }
        let costs = [&measured.gradients, &measured.seconds];
        let axes = [&grid.chains, &grid.warmup, &grid.draws];
        let names: Vec<&str> = measured.names.iter().map(String::as_str).collect();
        let contents = costs
            .map(|values| reals(&of_run, values))
            .into_iter()
            .chain(axes.map(|values| integers(values)))
            .chain([npy::strings(&names).0]);
        files.extend(OTHERS.map(array).into_iter().zip(contents));
        for (name, bytes) in &files {
            let mut sink = self.staging.sink(name)?;
            sink.write(bytes)?;
            sink.finish()?;
        }
        self.staging.publish(files.iter().map(|(name, _)| name.as_str()))
    }
}

fn table(measured: &Measured) -> Vec<u8> {
    let mut text = csv(["chains", "warmup", "draws", "parameter"].into_iter().chain(COLUMNS));
    for row in rows(measured) {
        let point = [row.point.chains, row.point.warmup, row.point.draws].map(|n| n.to_string());
        let name = std::iter::once(row.name.to_owned());
        text.extend(csv(point.into_iter().chain(name).chain(row.numbers.map(digits))));
    }
    text
}

fn reals(shape: &[usize], values: &[f64]) -> Vec<u8> {
    let mut bytes = npy::header("<f8", shape);
    bytes.extend(values.iter().flat_map(|value| value.to_le_bytes()));
    bytes
}

fn integers(values: &[usize]) -> Vec<u8> {
    let mut bytes = npy::header("<i8", &[values.len()]);
    bytes.extend(values.iter().flat_map(|value| (*value as i64).to_le_bytes()));
    bytes
}
