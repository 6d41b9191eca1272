//! Tables of a FITS file (standard 4.0). Their cells become text, so that every format reads them
//! like a text file.

mod ascii;
mod binary;
mod column;
mod headers;
mod sheet;
mod unreadable;
mod value;

use std::path::Path;

pub(crate) use self::sheet::Sheet;

use self::headers::Unit;
use self::unreadable::unreadable;
use super::store::Store;
use crate::error::Result;

/// First bytes of every FITS file (section 4.4.1).
pub(crate) const MAGIC: &[u8] = b"SIMPLE  =";

/// Tables of a FITS file, before any row is read.
pub(crate) struct Fits<'a> {
    path: &'a Path,
    store: Store,
    tables: Vec<Unit>,
}

impl<'a> Fits<'a> {
    /// Reads the headers of a file.
    ///
    /// # Errors
    /// [`Fits`](crate::error::FormatError::Fits) for a file that is no FITS or is cut short.
    pub(crate) fn open(path: &'a Path, store: Store) -> Result<Fits<'a>> {
        let tables = headers::tables(&store).map_err(|problem| unreadable(path, problem))?;
        Ok(Fits { path, store, tables })
    }

    /// All tables, in the order of the file.
    ///
    /// # Errors
    /// [`Fits`](crate::error::FormatError::Fits) for a table whose header does not
    /// describe its columns.
    pub(crate) fn sheets(&self) -> Result<Vec<Sheet<'a>>> {
        (0..self.tables.len()).map(|index| self.sheet(index)).collect()
    }

    /// The table with this index, which must exist.
    ///
    /// # Errors
    /// [`Fits`](crate::error::FormatError::Fits) for a table whose header does not
    /// describe its columns.
    pub(crate) fn sheet(&self, index: usize) -> Result<Sheet<'a>> {
        Sheet::new(self.path, self.store.clone(), &self.tables[index])
    }
}

#[cfg(test)]
mod tests;
