//! Tables of a FITS file (standard 4.0), their cells as text, so that every format reads them as it reads a file of text.

mod ascii;
mod binary;
mod column;
mod headers;
mod sheet;

use std::path::Path;

pub(crate) use self::sheet::Sheet;

use self::headers::Unit;
use super::store::Store;
use crate::error::{Error, Result};

/// First bytes of every FITS file (section 4.4.1).
pub(crate) const MAGIC: &[u8] = b"SIMPLE  =";

/// The tables of a FITS file, none of their rows read yet.
pub(crate) struct Fits<'a> {
    path: &'a Path,
    store: Store,
    tables: Vec<Unit>,
}

fn unreadable(path: &Path, problem: impl ToString) -> Error {
    Error::Fits {
        path: path.to_owned(),
        problem: problem.to_string(),
    }
}

impl<'a> Fits<'a> {
    /// Reads the headers of a file.
    ///
    /// # Errors
    /// [`Error::Fits`] for a file that is no FITS or is cut short.
    pub(crate) fn open(path: &'a Path, store: Store) -> Result<Fits<'a>> {
        let tables = headers::tables(&store).map_err(|problem| unreadable(path, problem))?;
        Ok(Fits { path, store, tables })
    }

    /// The tables, in the order of the file.
    ///
    /// # Errors
    /// [`Error::Fits`] for a table whose columns its header does not describe.
    pub(crate) fn sheets(&self) -> Result<Vec<Sheet<'a>>> {
        (0..self.tables.len()).map(|index| self.sheet(index)).collect()
    }

    /// The table at a place among them, which there must be.
    ///
    /// # Errors
    /// [`Error::Fits`] for a table whose columns its header does not describe.
    pub(crate) fn sheet(&self, index: usize) -> Result<Sheet<'a>> {
        Sheet::new(self.path, self.store.clone(), &self.tables[index])
    }
}

#[cfg(test)]
mod tests;
