//! Catalogues in Parquet, where the program was built with a reader of it.

use super::Take;
use super::cell::Place;
use super::source::Contents;
use super::store::Store;
use crate::error::{Error, Result};

/// First bytes of a Parquet file.
pub(super) const MAGIC: &[u8] = b"PAR1";

/// Refuses the file, as there is no reader.
pub(super) fn from_parquet(_: Store, place: &Place, _: Take) -> Result<Contents> {
    let path = place.path.to_owned();
    Err(Error::NoParquet { path })
}
