//! The first rows of a table.

use std::collections::HashSet;
use std::sync::Arc;

use csv::StringRecord;

use super::header::Header;
use super::number;
use super::rows::Rows;
use crate::error::{Error, FormatError, Result};

/// Rows that are kept.
const ROWS: usize = 500;

/// Column names and first rows of a table.
pub(super) struct Sample {
    pub(super) header: Arc<Header>,
    pub(super) rows: Vec<StringRecord>,
    pub(super) decimal_comma: bool,
}

impl Sample {
    /// Takes the first rows. Rows of another length than the header are skipped, and so are columns
    /// of arrays.
    pub(super) fn of(mut rows: Rows) -> Result<Sample> {
        let header = rows.header.clone();
        for column in 0..header.names.len() {
            match rows.select(&[column]) {
                Err(Error::Format(FormatError::ArrayColumn { .. })) => {}
                selected => selected?,
            }
        }
        let (mut record, mut found) = (StringRecord::new(), Vec::new());
        while found.len() < ROWS {
            let Some(row) = rows.next(&mut record)? else { break };
            if header.check(&row).is_ok() {
                found.push(record.clone());
            }
        }
        Ok(Sample {
            decimal_comma: rows.decimal_comma,
            header,
            rows: found,
        })
    }

    /// Texts of a column.
    pub(super) fn texts(&self, column: usize) -> impl Iterator<Item = &str> {
        self.rows
            .iter()
            .map(move |row| row.get(column).unwrap_or_default().trim())
    }

    /// Numbers of a column.
    pub(super) fn numbers(&self, column: usize) -> Vec<f64> {
        let numbers = self
            .texts(column)
            .filter_map(|text| number::parse(text, self.decimal_comma));
        numbers.filter(|number| number.is_finite()).collect()
    }

    /// Tells whether a column holds nothing but signs for a limit and for no limit.
    pub(super) fn marks(&self, column: usize) -> bool {
        self.texts(column).all(|text| number::is_limit(text).is_some())
    }

    /// Tells whether each row has its own text in these columns.
    pub(super) fn tells_apart(&self, columns: &[usize]) -> bool {
        let mut seen = HashSet::new();
        self.rows.iter().all(|row| {
            let key: Vec<&str> = columns
                .iter()
                .map(|&column| row.get(column).unwrap_or_default().trim())
                .collect();
            !key.iter().any(|text| text.is_empty()) && seen.insert(key.join("\u{1f}"))
        })
    }
}
