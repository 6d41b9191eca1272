//! Errors of files that cannot be read as tables.

use std::path::PathBuf;

/// File that cannot be read as a table.
#[derive(Debug, thiserror::Error)]
pub enum FormatError {
    /// A file that is no text.
    #[error("{}: row {row} is not UTF-8 text", path.display())]
    NotUtf8 {
        /// The file.
        path: PathBuf,
        /// The first row that is not UTF-8.
        row: usize,
    },

    /// A file with a line beyond the limit.
    #[error("{}: row {row} is longer than {limit} MB, expected rows of text", path.display())]
    LongLine {
        /// The file.
        path: PathBuf,
        /// The row.
        row: usize,
        /// The limit \[MB\].
        limit: usize,
    },

    /// A directory in the place of a file.
    #[error(
        "{}: a directory, expected files: {}/* names all that are in it",
        path.display(), path.display()
    )]
    Directory {
        /// The directory.
        path: PathBuf,
    },

    /// A file in a format that is not supported.
    #[error("{}: {what}, which nebulium does not read; in Python: {remedy}", path.display())]
    ForeignFormat {
        /// The file.
        path: PathBuf,
        /// The format.
        what: &'static str,
        /// A line of Python that converts the file.
        remedy: String,
    },

    /// A compressed file that expands beyond the limit.
    #[error(
        "{}: {expanded} MB come out of {packed} MB of gzip, expected a table: decompress it first \
         if it is one",
        path.display()
    )]
    Inflated {
        /// The file.
        path: PathBuf,
        /// Compressed bytes read \[MB\].
        packed: u64,
        /// Bytes after decompression \[MB\].
        expanded: u64,
    },

    /// A file that starts as FITS and cannot be read as such.
    #[error("{}: unreadable as FITS: {problem}", path.display())]
    Fits {
        /// The file.
        path: PathBuf,
        /// Words of the reader.
        problem: String,
    },

    /// A FITS file without a table of rows and columns.
    #[error("{}: no table with {expected} among its extensions ({found})", path.display())]
    NoTable {
        /// The file.
        path: PathBuf,
        /// Description of a readable table.
        expected: &'static str,
        /// Names of the tables of the file, joined by commas.
        found: String,
    },

    /// A FITS file of several tables, none with the columns of a catalogue.
    #[error(
        "{}: no table has the columns of {expected}: name the one to read under `extension` of \
         [catalogue], or as FILE[NAME], and its columns are looked at one by one; found {found}",
        path.display()
    )]
    NoTableFits {
        /// The file.
        path: PathBuf,
        /// The expected columns.
        expected: String,
        /// Number, name and size of each table, joined by commas.
        found: String,
    },

    /// A name or number without a table in the file.
    #[error(
        "{}: no table `{extension}`: expected the name or the number of one of: {found}",
        path.display()
    )]
    NoExtension {
        /// The file.
        path: PathBuf,
        /// The name or number given.
        extension: String,
        /// Number, name and size of each table, joined by commas; or `none` and the reason.
        found: String,
    },

    /// A column whose cells hold more than one value.
    #[error(
        "{}: column `{column}` holds {shape}, expected one value: in Python, `t['{column}_0'] = \
         t['{column}'][:, 0]` and `del t['{column}']` make columns of one value of an astropy \
         table `t`; or leave the column out by `ignore_columns` of [catalogue]",
        path.display()
    )]
    ArrayColumn {
        /// The file.
        path: PathBuf,
        /// The column.
        column: String,
        /// Shape of the cells.
        shape: String,
    },

    /// A Parquet file given to a program built without the feature `parquet`.
    #[error(
        "{}: is Parquet, which this program was built without: build it with `--features parquet`, \
         or convert the table in Python: `pandas.read_parquet('{}').to_csv('catalogue.csv', \
         index=False)`",
        path.display(), path.display()
    )]
    NoParquet {
        /// The file.
        path: PathBuf,
    },

    /// A file that starts as Parquet and cannot be read as such.
    #[error("{}: unreadable as Parquet: {problem}", path.display())]
    Parquet {
        /// The file.
        path: PathBuf,
        /// Words of the reader.
        problem: String,
    },
}
