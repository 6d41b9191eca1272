//! Catalogues in Parquet, where the program was built with a reader of it.

use super::Take;
use super::cell::Place;
use super::source::Contents;
use super::store::Store;
use crate::error::{Error, Result};

/// First bytes of a Parquet file.
pub(super) const MAGIC: &[u8] = b"PAR1";

/// Refuses the file, as there is no reader.
#[cfg(not(feature = "parquet"))]
pub(super) fn from_parquet(_: Store, place: &Place, _: Take) -> Result<Contents> {
    let path = place.path.to_owned();
    Err(Error::NoParquet { path })
}

/// Reads the table.
#[cfg(feature = "parquet")]
pub(super) fn from_parquet(store: Store, place: &Place, take: Take) -> Result<Contents> {
    use super::from_table::read_table;
    use super::parquet::Sheet;
    use super::rows::Rows;
    use super::source::{stem, unreadable};

    let path = place.path;
    let open = || Rows::parquet(path, Sheet::open(path, store.clone())?);
    let (format, objects, warnings) = read_table(open, &stem(path), place, take)?;
    if objects == 0 {
        let (path, row) = (path.to_owned(), 0);
        return Err(Error::NoRows { path, row });
    }
    Ok(Contents {
        path: path.to_owned(),
        sha256: store.sha256().map_err(|source| unreadable(path, source))?,
        format,
        warnings,
    })
}
