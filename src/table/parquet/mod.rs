//! Tables in Parquet, read by row group and selected column, their cells as text.

mod column;

use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use csv::StringRecord;

use ::parquet::column::reader::ColumnReader;
use ::parquet::errors::{ParquetError, Result as ParquetResult};
use ::parquet::file::reader::{ChunkReader, FileReader, Length, SerializedFileReader};

use self::column::{Cells, Column, columns};
use super::header::Header;
use super::store::{Reader, Store};
use crate::error::{Error, FormatError, Result};

/// Rows decoded at once.
const ROWS: usize = 1024;

/// A table.
pub(crate) struct Sheet<'a> {
    path: &'a Path,
    file: SerializedFileReader<Store>,
    columns: Vec<Column>,
    /// Indices of the columns that are read, in the order of the table.
    selected: Vec<usize>,
    /// Number of the next row group.
    group: usize,
    /// Rows of the current row group that are not decoded yet.
    left: usize,
    /// Readers of the selected columns in the current row group.
    readers: Vec<ColumnReader>,
    /// Decoded cells, by selected column.
    cells: Vec<Cells>,
    /// Number of rows in `cells`, and number of these handed out.
    decoded: (usize, usize),
    /// Number of rows handed out in all.
    row: usize,
}

fn unreadable(path: &Path, problem: impl ToString) -> Error {
    Error::Format(FormatError::Parquet {
        path: path.to_owned(),
        problem: problem.to_string(),
    })
}

/// Calls the reader and turns a panic into an error. The reader panics on some damaged files.
fn guarded<T>(path: &Path, call: impl FnOnce() -> ParquetResult<T>) -> Result<T> {
    match catch_unwind(AssertUnwindSafe(call)) {
        Ok(result) => result.map_err(|problem| unreadable(path, problem)),
        Err(_) => Err(unreadable(path, "the file is damaged: its parts contradict each other")),
    }
}

impl<'a> Sheet<'a> {
    /// Reads the end of a file: its columns and their positions.
    ///
    /// # Errors
    /// [`FormatError::Parquet`] for a file that is no Parquet or is cut short.
    pub(crate) fn open(path: &'a Path, store: Store) -> Result<Sheet<'a>> {
        let file = guarded(path, || SerializedFileReader::new(store))?;
        let columns = columns(file.metadata().file_metadata().schema_descr());
        Ok(Sheet {
            path,
            file,
            columns,
            selected: Vec::new(),
            group: 0,
            left: 0,
            readers: Vec::new(),
            cells: Vec::new(),
            decoded: (0, 0),
            row: 0,
        })
    }

    /// Names and kinds of the columns.
    ///
    /// # Errors
    /// A name that two columns share.
    pub(crate) fn header(&self) -> Result<Header> {
        let names: Vec<String> = self.columns.iter().map(|column| column.name.clone()).collect();
        let units = vec![None; names.len()];
        let kinds = self.columns.iter().map(Column::kind).collect();
        Ok(Header::new(self.path, 0, names, units)?.with_kinds(kinds))
    }

    /// Selects the columns to read, before the first row; the cells of all others are blank.
    ///
    /// # Errors
    /// [`FormatError::ArrayColumn`] for a column whose cells hold anything but one value.
    pub(crate) fn select(&mut self, columns: &[usize]) -> Result<()> {
        for &index in columns {
            let column = &self.columns[index];
            if let Err(shape) = &column.form {
                return Err(Error::Format(FormatError::ArrayColumn {
                    path: self.path.to_owned(),
                    column: column.name.clone(),
                    shape: shape.clone(),
                }));
            }
        }
        self.selected.extend_from_slice(columns);
        self.selected.sort_unstable();
        self.selected.dedup();
        self.cells.resize_with(self.selected.len(), Cells::default);
        Ok(())
    }

    /// Writes the next row into `record`. Returns its number, counted from 1; none beyond the last
    /// row, or where no column is read.
    ///
    /// # Errors
    /// [`FormatError::Parquet`] for rows that cannot be decoded.
    pub(crate) fn next(&mut self, record: &mut StringRecord) -> Result<Option<usize>> {
        record.clear();
        while self.decoded.1 == self.decoded.0 {
            let more = guarded(self.path, || self.decode())?;
            if self.selected.is_empty() || !more {
                return Ok(None);
            }
        }
        let mut selected = self.selected.iter().zip(&self.cells).peekable();
        for index in 0..self.columns.len() {
            let cells = selected.next_if(|(selected, _)| **selected == index);
            let cell = cells.and_then(|(_, cells)| cells.get(self.decoded.1)?.as_deref());
            record.push_field(cell.unwrap_or_default());
        }
        self.decoded.1 += 1;
        self.row += 1;
        Ok(Some(self.row))
    }

    /// Decodes some rows. Returns false where none are left.
    fn decode(&mut self) -> ParquetResult<bool> {
        while self.left == 0 {
            if self.group == self.file.num_row_groups() {
                return Ok(false);
            }
            let group = self.file.get_row_group(self.group)?;
            let rows = usize::try_from(group.metadata().num_rows());
            self.left = rows.map_err(|_| ParquetError::General("a row group of less than no rows".to_owned()))?;
            let leaves = self.selected.iter().map(|&index| self.columns[index].leaf);
            self.readers = leaves
                .map(|leaf| group.get_column_reader(leaf))
                .collect::<ParquetResult<_>>()?;
            self.group += 1;
        }
        let rows = self.left.min(ROWS);
        for ((&index, reader), cells) in self.selected.iter().zip(&mut self.readers).zip(&mut self.cells) {
            self.columns[index].decode(reader, rows, cells)?;
        }
        self.left -= rows;
        self.decoded = (rows, 0);
        Ok(true)
    }
}

impl Length for Store {
    fn len(&self) -> u64 {
        Store::len(self)
    }
}

impl ChunkReader for Store {
    type T = std::io::BufReader<Reader>;

    fn get_read(&self, start: u64) -> ParquetResult<Self::T> {
        Ok(std::io::BufReader::new(self.reader(start)))
    }

    fn get_bytes(&self, start: u64, length: usize) -> ParquetResult<bytes::Bytes> {
        let within = start.checked_add(length as u64).is_some_and(|end| end <= self.len());
        if !within {
            return Err(ParquetError::EOF(
                "cut short: a part lies beyond the end of the file".to_owned(),
            ));
        }
        let mut bytes = Vec::with_capacity(length);
        self.reader(start).take(length as u64).read_to_end(&mut bytes)?;
        Ok(bytes.into())
    }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
pub(crate) use self::tests::wide;
