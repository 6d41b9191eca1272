//! One table of a FITS file, with some of its rows in memory.

use std::io;
use std::path::Path;

use csv::StringRecord;

use crate::error::{Error, FormatError, Result};
use crate::table::bytes;
use crate::table::header::Header;
use crate::table::store::Store;

use super::column::{Column, columns};
use super::headers::Unit;
use super::unreadable;

/// Bytes of rows read at once.
const CHUNK: usize = 1 << 21;

/// A table.
pub(crate) struct Sheet<'a> {
    path: &'a Path,
    store: Store,
    /// Name of the extension; empty where it has none.
    pub(crate) name: String,
    /// Number of the extension; the primary array is 0.
    pub(crate) number: usize,
    /// Offset of the first row in the file \[bytes\].
    start: u64,
    /// Bytes of a row.
    width: usize,
    rows: usize,
    columns: Vec<Column>,
    /// Columns that are read, in the order of the table, each with the offset of its cell in a row
    /// in memory.
    selected: Vec<(usize, usize)>,
    chunk: Chunk,
}

/// Rows in memory.
#[derive(Default)]
struct Chunk {
    /// Number of the first row, counted from 0.
    first: usize,
    rows: usize,
    bytes: Vec<u8>,
}

impl<'a> Sheet<'a> {
    pub(super) fn new(path: &'a Path, store: Store, unit: &Unit) -> Result<Sheet<'a>> {
        Ok(Sheet {
            path,
            store,
            name: unit.cards.text("EXTNAME").unwrap_or_default().to_owned(),
            number: unit.number,
            start: unit.start,
            width: unit.width,
            rows: unit.rows,
            columns: columns(unit).map_err(|problem| unreadable(path, problem))?,
            selected: Vec::new(),
            chunk: Chunk::default(),
        })
    }

    /// Number of rows.
    pub(crate) fn len(&self) -> usize {
        self.rows
    }

    /// Names of the columns.
    pub(crate) fn names(&self) -> Vec<String> {
        self.columns.iter().map(|column| column.name.clone()).collect()
    }

    /// Names, units and kinds of the columns.
    ///
    /// # Errors
    /// A name that two columns share.
    pub(crate) fn header(&self) -> Result<Header> {
        let units = self.columns.iter().map(|column| column.unit.clone()).collect();
        let kinds = self.columns.iter().map(Column::kind).collect();
        Ok(Header::new(self.path, 0, self.names(), units)?.with_kinds(kinds))
    }

    /// Selects the columns to read; the cells of all others are blank.
    ///
    /// # Errors
    /// [`FormatError::ArrayColumn`] for a column whose cells hold anything but one value.
    pub(crate) fn select(&mut self, columns: &[usize]) -> Result<()> {
        for &index in columns {
            let column = &self.columns[index];
            if let Some(shape) = column.shape() {
                return Err(Error::Format(FormatError::ArrayColumn {
                    path: self.path.to_owned(),
                    column: column.name.clone(),
                    shape,
                }));
            }
        }
        let before = self.selected.iter().map(|(column, _)| *column);
        let mut selected: Vec<usize> = before.chain(columns.iter().copied()).collect();
        selected.sort_unstable();
        selected.dedup();
        let mut packed = 0;
        let place = |index: usize| {
            let column = &self.columns[index];
            let place = if self.is_wide() { packed } else { column.offset };
            packed += column.width;
            (index, place)
        };
        self.selected = selected.into_iter().map(place).collect();
        self.chunk = Chunk::default();
        Ok(())
    }

    /// Writes a row, counted from 0, into `record`. Returns false beyond the last row.
    ///
    /// # Errors
    /// A file that has become unreadable.
    pub(crate) fn row(&mut self, row: usize, record: &mut StringRecord) -> Result<bool> {
        record.clear();
        if row >= self.rows {
            return Ok(false);
        }
        if !(self.chunk.first..self.chunk.first + self.chunk.rows).contains(&row) {
            self.load(row).map_err(|error| bytes::unreadable(self.path, error))?;
        }
        let width = self.width_in_memory();
        let cells = &self.chunk.bytes[(row - self.chunk.first) * width..][..width];
        let mut selected = self.selected.iter().peekable();
        for (index, column) in self.columns.iter().enumerate() {
            let cell = selected.next_if(|(selected, _)| *selected == index);
            let text = cell.and_then(|(_, at)| column.text(&cells[*at..at + column.width]));
            record.push_field(text.as_deref().unwrap_or_default());
        }
        Ok(true)
    }

    /// Tells whether rows are so wide that only their selected cells are read.
    fn is_wide(&self) -> bool {
        self.width > CHUNK
    }

    /// Bytes of a row in memory.
    fn width_in_memory(&self) -> usize {
        match self.is_wide() {
            true => self.selected.iter().map(|(index, _)| self.columns[*index].width).sum(),
            false => self.width,
        }
    }

    /// Reads `row` and, where rows are narrow, some that follow it.
    fn load(&mut self, row: usize) -> io::Result<()> {
        let rows = (CHUNK / self.width.max(1)).clamp(1, self.rows - row);
        let start = self.start + row as u64 * self.width as u64;
        self.chunk.bytes.resize(rows * self.width_in_memory(), 0);
        self.chunk.rows = 0;
        match self.is_wide() {
            false => self.store.fill_at(start, &mut self.chunk.bytes)?,
            true => {
                for &(index, at) in &self.selected {
                    let column = &self.columns[index];
                    let cell = &mut self.chunk.bytes[at..at + column.width];
                    self.store.fill_at(start + column.offset as u64, cell)?;
                }
            }
        }
        (self.chunk.first, self.chunk.rows) = (row, rows);
        Ok(())
    }
}
