//! Writes results, draws and the manifest; each file whole or not at all, all of them or none.

mod audit;
mod cards;
mod carried;
mod column;
mod columns;
mod convergence;
mod draws;
mod fits;
mod formulas;
mod identifiers;
mod line_columns;
mod manifest;
mod netcdf;
mod npy;
mod place;
mod quantity;
mod rows;
mod single;
mod staging;
mod statistics;
mod tables;
mod values;

use std::path::{Path, PathBuf};

pub use column::Column;
pub use columns::columns;
pub use convergence::LabFiles;
pub use draws::Shape;
pub use line_columns::{LINE_COLUMNS, LineColumn};
pub use manifest::Provenance;
pub use single::{check_free, write_text};
pub use tables::{Tables, truth_path};

use crate::backend::Replayed;
use crate::draws::{KeepDraws, Method};
use crate::emissivity::Grid;
pub use crate::error::ExportError;
use crate::error::{CatalogueError, Error, Result};
use crate::fit::Outcome;
use crate::text::Near;
use draws::{Array, DrawFiles};
use manifest::Counts;
use staging::{Sink, Staging};

const RESULTS: &str = "results.csv";
const RESULTS_FITS: &str = "results.fits";
const POSTERIOR: &str = "posterior.nc";
const LINES: &str = "lines.csv";
/// Comparison of weighted draws with chains.
const AUDIT: &str = "audit.csv";
const IDS: &str = "ids.npy";
const MANIFEST: &str = "manifest.json";
/// Directory in which the files grow, inside that of the result.
const ASIDE: &str = ".unfinished";

/// Result in the making: files that grow aside and appear together at the end.
#[derive(Debug)]
pub struct Writer {
    staging: Staging,
    provenance: Provenance,
    /// Names of the catalogue's parameters.
    parameters: Vec<String>,
    /// Columns of the results.
    columns: Vec<Column>,
    /// Kept columns of the catalogue.
    kept: Vec<carried::Column>,
    shape: Shape,
    every: Option<usize>,
    results: Sink,
    fits: Sink,
    /// Object with a file of its own, and that file.
    posterior: Option<(String, Sink)>,
    lines: Sink,
    /// Comparison of importance sampling with chains, where the method makes one.
    audit: Option<Sink>,
    ids: (Sink, Array),
    draws: Option<DrawFiles>,
    counts: Counts,
}

impl Writer {
    /// Opens every file of a result in `directory`, for the objects `ids` and the names
    /// `parameters` of all parameters.
    ///
    /// Every object has `chains` chains of `draws` draws. `keep` is the choice of draws to keep; if
    /// absent, as many as fit into 1 GiB. `netcdf` is the object with a file of its own; if absent,
    /// the only object of a catalogue of one, unless no draws are kept. The classical method has
    /// no such file.
    ///
    /// # Errors
    /// An object `netcdf` that is not among the `ids`; more columns than FITS holds; a result that
    /// exists, without `force`; another run that writes there; a file that cannot be opened.
    pub fn create(
        directory: &Path,
        force: bool,
        ids: &[&str],
        parameters: &[String],
        (chains, draws): (usize, usize),
        (keep, netcdf): (Option<KeepDraws>, Option<&str>),
        provenance: Provenance,
    ) -> Result<Writer> {
        let method = provenance.method;
        let netcdf = match method {
            Method::Nuts | Method::Importance => chosen(ids, netcdf, keep)?,
            Method::Classical => None,
        };
        let columns = columns(parameters, method);
        let kept = carried::columns(&provenance.kept, columns.iter().map(Column::name));
        check_width(columns.len(), kept.len())?;
        let shape = Shape {
            objects: ids.len(),
            chains,
            draws,
            parameters: parameters.len(),
        };
        for path in names().map(|name| directory.join(name)) {
            place::expect_file(&path)?;
            if path.exists() && !force {
                return Err(Error::Export(ExportError::Exists { path }));
            }
        }
        let staging = Staging::open(directory, ASIDE)?;
        let every = draws::thinning(shape, keep);
        let mut writer = Writer {
            results: staging.sink(RESULTS)?,
            fits: staging.sink(RESULTS_FITS)?,
            posterior: match netcdf {
                Some(id) => Some((id.to_owned(), staging.sink(POSTERIOR)?)),
                None => None,
            },
            lines: staging.sink(LINES)?,
            audit: match method {
                Method::Importance => Some(staging.sink(AUDIT)?),
                Method::Nuts | Method::Classical => None,
            },
            ids: write_ids(&staging, ids)?,
            draws: every
                .map(|every| DrawFiles::create(&staging, shape, every, method))
                .transpose()?,
            counts: Counts::default(),
            parameters: parameters.to_vec(),
            columns,
            kept,
            provenance,
            shape,
            every,
            staging,
        };
        let own = writer.columns.iter().map(Column::name);
        let kept = writer.kept.iter().map(|column| column.name.as_str());
        let header = rows::csv(carried::after_first(own, kept));
        writer.results.write(&header)?;
        let header = LINE_COLUMNS.iter().map(|column| column.name);
        writer.lines.write(&rows::csv(header))?;
        Ok(writer)
    }

    /// Number of draws of which one is kept; none if no draw is kept.
    pub fn every(&self) -> Option<usize> {
        self.every
    }

    /// Adds the next object of the catalogue; `grid` holds the emissivities of the fit.
    ///
    /// # Errors
    /// A file that cannot be written, such as on a full disk.
    pub fn add(&mut self, outcome: &Outcome, grid: &Grid<f64>) -> Result<(), ExportError> {
        if let Some((id, sink)) = &mut self.posterior
            && *id == outcome.id
        {
            let bytes = netcdf::posterior(outcome, grid, &self.provenance);
            sink.write(&bytes.map_err(|source| sink.error(source))?.unwrap_or_default())?;
        }
        let own = self.columns.iter().map(|column| column.field(outcome));
        let kept = carried::values(&self.kept, &outcome.kept);
        let row = self.csv(carried::after_first(own, kept.into_iter()));
        self.results.write(&row)?;
        for line in line_columns::rows(outcome) {
            let line = self.csv(line);
            self.lines.write(&line)?;
        }
        if let Some(sink) = &mut self.audit
            && !outcome.audit.is_empty()
        {
            if sink.is_empty() {
                sink.write(&rows::csv(audit::HEADER))?;
            }
            for row in audit::rows(outcome) {
                sink.write(&rows::csv(row))?;
            }
        }
        if let Some(draws) = &mut self.draws {
            draws.add(&self.parameters, outcome.fitted.as_ref())?;
        }
        *self.counts.status.entry(outcome.status.name()).or_default() += 1;
        for flag in &outcome.flags {
            *self.counts.flags.entry(flag.code.name()).or_default() += 1;
        }
        Ok(())
    }

    /// Makes a row of CSV, without formulas where the configuration asks for that.
    fn csv(&self, fields: impl IntoIterator<Item = String>) -> Vec<u8> {
        let harmless = self.provenance.escape_formulas;
        rows::csv(fields.into_iter().map(|field| match harmless {
            true => formulas::harmless(&field).into_owned(),
            false => field,
        }))
    }

    /// Puts the files into place, the manifest last; an older result is replaced.
    ///
    /// # Errors
    /// A file that cannot be written or moved. An older result may be gone then; no half-written
    /// file remains.
    pub fn finish(self, f32_error: Option<f64>, replayed: Option<Replayed>) -> Result<()> {
        let (ids, ids_array) = self.ids;
        let results = self.results.finish()?;
        let mut fits = self.fits;
        let columns = fits::columns(&self.columns, &self.kept);
        fits::write(&self.staging.aside(RESULTS), &mut fits, columns, &self.provenance)?;
        let mut files = vec![
            (results, None),
            (fits.finish()?, None),
            (self.lines.finish()?, None),
            (ids.finish()?, Some(ids_array)),
        ];
        if let Some(draws) = self.draws {
            let arrays = draws.arrays.clone();
            files.extend(draws.finish()?.into_iter().zip(arrays.into_iter().map(Some)));
        }
        let own = self.posterior.map(|(_, sink)| sink).into_iter().chain(self.audit);
        for sink in own.filter(|sink| !sink.is_empty()) {
            files.push((sink.finish()?, None));
        }
        let json = manifest::manifest(
            &self.provenance,
            (f32_error, replayed),
            (&self.parameters, &self.kept),
            self.shape,
            self.every,
            &self.counts,
            &files,
        );
        let mut sink = self.staging.sink(MANIFEST)?;
        sink.write(format!("{json:#}\n").as_bytes())?;
        sink.finish()?;
        // An older result ends with its manifest; only then do the new files appear.
        self.staging.remove(MANIFEST)?;
        for name in names().filter(|name| files.iter().all(|(written, _)| written.name != *name)) {
            self.staging.remove(&name)?;
        }
        let names = files.iter().map(|(written, _)| written.name.as_str());
        Ok(self.staging.publish(names.chain([MANIFEST]))?)
    }
}

/// All names that files of a result can have.
fn names() -> impl Iterator<Item = String> {
    [MANIFEST, RESULTS, RESULTS_FITS, POSTERIOR, LINES, AUDIT, IDS]
        .map(String::from)
        .into_iter()
        .chain(draws::names())
}

/// Object that gets `posterior.nc`: the one asked for, else the only one, unless no draws are kept.
fn chosen<'i>(ids: &[&'i str], asked: Option<&str>, keep: Option<KeepDraws>) -> Result<Option<&'i str>> {
    match asked {
        None if ids.len() == 1 && keep != Some(KeepDraws::None) => Ok(Some(ids[0])),
        None => Ok(None),
        Some(object) => match ids.iter().find(|id| **id == object) {
            Some(id) => Ok(Some(id)),
            None => {
                let mut near = Near::to(object);
                ids.iter().for_each(|id| near.see(id));
                Err(Error::Catalogue(CatalogueError::NoSuchObject {
                    object: object.to_owned(),
                    objects: ids.len(),
                    near: near.names(),
                }))
            }
        },
    }
}

/// Refuses more columns, those of the results and those kept, than a table of FITS holds.
fn check_width(own: usize, kept: usize) -> Result<(), ExportError> {
    match own + kept <= fits::MOST_COLUMNS {
        true => Ok(()),
        false => Err(ExportError::TooManyColumns {
            own,
            kept,
            most: fits::MOST_COLUMNS,
        }),
    }
}

/// Writes the names of the objects.
fn write_ids(staging: &Staging, ids: &[&str]) -> Result<(Sink, Array), ExportError> {
    let (bytes, dtype) = npy::strings(ids);
    let mut sink = staging.sink(IDS)?;
    sink.write(&bytes)?;
    let array = Array {
        name: IDS.to_owned(),
        dtype,
        shape: vec![ids.len()],
        dims: &["object"],
    };
    Ok((sink, array))
}

/// Files of a finished result that exist in `directory`.
pub fn files(directory: &Path) -> Vec<PathBuf> {
    names()
        .map(|name| directory.join(name))
        .filter(|path| path.exists())
        .collect()
}
