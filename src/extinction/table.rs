//! Reddening law of the user: a table over the wavelength, interpolated linearly in 1/λ.

use std::path::Path;

use super::HBETA_WAVELENGTH;
use crate::error::{Error, Result, TableError};
use crate::table::{Columns, read_columns};

/// Names of the columns: wavelengths \[Å\] and one of the other two.
const WAVELENGTH: &str = "wavelength_A";
const EXTINCTION: &str = "X";
const F_LAMBDA: &str = "f_lambda";

/// Largest |f_lambda| at Hβ, from the rounding and the curvature of a coarse table.
const HBETA_SLACK: f64 = 0.01;

/// A reddening law from a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// `table:` and the path of the file.
    pub(super) name: String,
    /// SHA-256 of the file in hexadecimal.
    pub sha256: String,
    /// Pairs of wavenumber \[μm⁻¹\] and extinction, in increasing order of wavenumber: A(λ)/E(B−V),
    /// or A(λ)/A(Hβ).
    points: Vec<[f64; 2]>,
    /// True if the extinction is A(λ)/E(B−V).
    pub(super) absolute: bool,
}

impl Table {
    /// Reads the CSV file at `path` with the columns `wavelength_A`, increasing, and either `X` =
    /// A(λ)/E(B−V) ≥ 0 or `f_lambda` ≥ −1. Other columns are ignored.
    ///
    /// # Errors
    /// An unreadable file, a missing column or both of the two, a cell without such a number,
    /// wavelengths that do not increase or do not cover Hβ, `f_lambda` off zero at Hβ.
    pub(super) fn read(path: &Path) -> Result<Table> {
        let read = |column: &str| read_columns(path, &[WAVELENGTH.to_owned(), column.to_owned()]);
        let (columns, absolute) = match (read(EXTINCTION), read(F_LAMBDA)) {
            (Ok(_), Ok(columns)) => {
                return Err(columns.field(0, 1).wrong("one of the columns X and f_lambda, not both"));
            }
            (Ok(columns), Err(_)) => (columns, true),
            (Err(_), Ok(columns)) => (columns, false),
            (Err(error), Err(_)) => return Err(either(error)),
        };
        let table = Table {
            name: format!("{}{}", super::TABLE_PREFIX, path.display()),
            sha256: columns.sha256.clone(),
            points: points(&columns, absolute)?,
            absolute,
        };
        table.check_hbeta(&columns)?;
        Ok(table)
    }

    /// Shortest and longest wavelength \[Å\].
    pub(super) fn range(&self) -> [f64; 2] {
        [1e4 / self.points[self.points.len() - 1][0], 1e4 / self.points[0][0]]
    }

    /// Extinction at wavenumber `x` \[μm⁻¹\] within the table.
    pub(super) fn extinction(&self, x: f64) -> f64 {
        let i = self.points[1..self.points.len() - 1].partition_point(|point| point[0] <= x);
        let ([x0, a0], [x1, a1]) = (self.points[i], self.points[i + 1]);
        a0 + (a1 - a0) * (x - x0) / (x1 - x0)
    }

    /// Checks that Hβ lies within the table and has extinction, to which `f_lambda` is relative.
    fn check_hbeta(&self, columns: &Columns) -> Result<()> {
        let [shortest, longest] = self.range();
        if HBETA_WAVELENGTH < shortest || HBETA_WAVELENGTH > longest {
            let row = if HBETA_WAVELENGTH < shortest {
                0
            } else {
                columns.len() - 1
            };
            return Err(columns.field(row, 0).wrong("a table that covers Hβ, 4861.33 Å"));
        }
        let hbeta = self.extinction(1e4 / HBETA_WAVELENGTH);
        let row = (0..columns.len())
            .rfind(|&row| self.points[columns.len() - 1 - row][0] >= 1e4 / HBETA_WAVELENGTH)
            .unwrap_or(0);
        match self.absolute {
            true if hbeta <= 0.0 => Err(columns.field(row, 1).wrong("extinction > 0 at Hβ, 4861.33 Å")),
            false if (hbeta - 1.0).abs() > HBETA_SLACK => Err(columns
                .field(row, 1)
                .wrong("f_lambda = 0 at Hβ, 4861.33 Å, to within 0.01")),
            _ => Ok(()),
        }
    }
}

/// Wavenumbers and extinctions, from the last row to the first.
fn points(columns: &Columns, absolute: bool) -> Result<Vec<[f64; 2]>> {
    let mut points = Vec::with_capacity(columns.len());
    let mut before = 0.0;
    for row in 0..columns.len() {
        let cell = columns.field(row, 0);
        let wavelength = cell.number("a wavelength in Å, greater than that of the row above", |value| {
            value > before
        })?;
        let extinction = if absolute {
            columns
                .field(row, 1)
                .number("A(λ)/E(B−V), 0 or more", |value| value >= 0.0)?
        } else {
            1.0 + columns
                .field(row, 1)
                .number("f(λ), −1 or more", |value| value >= -1.0)?
        };
        points.push([1e4 / wavelength, extinction]);
        before = wavelength;
    }
    if points.len() < 2 {
        return Err(columns.field(0, 0).wrong("two rows or more"));
    }
    points.reverse();
    Ok(points)
}

/// Error for a table without either of the two columns.
fn either(error: Error) -> Error {
    match error {
        Error::Table(TableError::MissingColumn {
            path,
            row,
            column,
            header,
        }) if column == EXTINCTION => Error::Table(TableError::MissingColumn {
            path,
            row,
            column: format!("{EXTINCTION} or {F_LAMBDA}"),
            header,
        }),
        error => error,
    }
}
