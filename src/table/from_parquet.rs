//! Catalogues in Parquet, if the program was built with a reader.

use super::Take;
use super::bytes::Bytes;
use super::cell::Place;
use super::content::Contents;
#[cfg(not(feature = "parquet"))]
use crate::error::FormatError;
use crate::error::{Error, Result, TableError};

/// First bytes of a Parquet file.
pub(super) const MAGIC: &[u8] = b"PAR1";

/// Refuses the file: the program has no reader.
#[cfg(not(feature = "parquet"))]
pub(super) fn from_parquet(_: &Bytes, _: &str, place: &Place, _: Take) -> Result<Contents> {
    let path = place.path.to_owned();
    Err(Error::Format(FormatError::NoParquet { path }))
}

/// Reads the table.
#[cfg(feature = "parquet")]
pub(super) fn from_parquet(bytes: &Bytes, id: &str, place: &Place, take: Take) -> Result<Contents> {
    use super::from_table::read_table;
    use super::parquet::Sheet;
    use super::rows::Rows;

    let path = place.path;
    let store = bytes.content(path)?;
    let open = || Rows::parquet(Sheet::open(path, store.clone())?);
    let (format, objects, warnings) = read_table(open, id, place, take)?;
    if objects == 0 {
        let (path, row) = (path.to_owned(), 0);
        return Err(Error::Table(TableError::NoRows { path, row }));
    }
    Ok(Contents {
        path: path.to_owned(),
        sha256: bytes.sha256(path)?,
        format,
        objects,
        warnings,
    })
}

/// Header and first rows of the table.
#[cfg(feature = "parquet")]
pub(super) fn sample(bytes: &Bytes, path: &std::path::Path) -> Result<super::sample::Sample> {
    let sheet = super::parquet::Sheet::open(path, bytes.content(path)?)?;
    super::sample::Sample::of(super::rows::Rows::parquet(sheet)?)
}

/// Refuses the file: the program has no reader.
#[cfg(not(feature = "parquet"))]
pub(super) fn sample(_: &Bytes, path: &std::path::Path) -> Result<super::sample::Sample> {
    Err(Error::Format(FormatError::NoParquet { path: path.to_owned() }))
}
