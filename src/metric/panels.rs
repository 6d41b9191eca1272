//! Products with a triangular matrix in blocks of sums that stay in registers.

use std::ops::Range;

use crate::number::simd::vectorised;

/// Number of sums that a product with a matrix forms side by side.
pub(super) const BLOCK: usize = 4;

/// A triangular matrix in the order in which its products read it. Each block of rows stores,
/// column by column, the elements of its rows where the column is not zero. Rows beyond the last
/// are zero.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Panels {
    /// Columns of each block that are not zero.
    ranges: Vec<Range<usize>>,
    /// `[block, column]`.
    columns: Vec<[f64; BLOCK]>,
}

impl Panels {
    /// The matrix `element`(row, column) of `dim` rows. `range` gives, for the block that begins at
    /// a row, the columns outside which the matrix is zero.
    pub(super) fn new(
        dim: usize,
        range: impl Fn(usize) -> Range<usize>,
        element: impl Fn(usize, usize) -> f64,
    ) -> Self {
        let ranges: Vec<Range<usize>> = (0..dim).step_by(BLOCK).map(range).collect();
        let row = |row, column| if row < dim { element(row, column) } else { 0.0 };
        let columns = ranges.iter().enumerate().flat_map(|(block, range)| {
            let row = &row;
            range
                .clone()
                .map(move |column| std::array::from_fn(|k| row(block * BLOCK + k, column)))
        });
        Panels {
            columns: columns.collect(),
            ranges,
        }
    }

    /// Adds the product with `vector` to `sums`, column by column.
    pub(super) fn add(&self, vector: &[f64], sums: &mut [f64]) {
        vectorised(
            #[inline(always)]
            || {
                let mut columns = &self.columns[..];
                let (blocks, rest) = sums.as_chunks_mut();
                for (block, range) in blocks.iter_mut().zip(&self.ranges) {
                    columns = add_panel(columns, &vector[range.clone()], block);
                }
                if !rest.is_empty() {
                    let mut block = [0.0; BLOCK];
                    block[..rest.len()].copy_from_slice(rest);
                    add_panel(columns, &vector[self.ranges[blocks.len()].clone()], &mut block);
                    rest.copy_from_slice(&block[..rest.len()]);
                }
            },
        );
    }
}

/// Adds the product of the first of `columns` with `vector` to a block; returns the columns left.
#[inline(always)]
fn add_panel<'a>(columns: &'a [[f64; BLOCK]], vector: &[f64], block: &mut [f64; BLOCK]) -> &'a [[f64; BLOCK]] {
    let (panel, rest) = columns.split_at(vector.len());
    let mut sums = *block;
    for (column, &x) in panel.iter().zip(vector) {
        for k in 0..BLOCK {
            sums[k] = x.mul_add(column[k], sums[k]);
        }
    }
    *block = sums;
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Products of a lower triangle and of its transpose, for each number of rows in the last
    /// block.
    #[test]
    fn products_are_plain_sums_in_any_dimension() {
        for dim in 1..=11 {
            let element = |i: usize, j: usize| if j <= i { ((7 * i + 3 * j) as f64).sin() } else { 0.0 };
            let lower = Panels::new(dim, |block| 0..dim.min(block + BLOCK), element);
            let upper = Panels::new(dim, |block| block..dim, |i, j| element(j, i));
            let vector: Vec<f64> = (0..dim).map(|k| (k as f64).cos()).collect();
            let start: Vec<f64> = (0..dim).map(|k| 0.3 * k as f64).collect();
            for (panels, transposed) in [(lower, false), (upper, true)] {
                let mut found = start.clone();
                panels.add(&vector, &mut found);
                let expected = (0..dim).map(|i| {
                    (0..dim).fold(start[i], |sum, j| {
                        let element = if transposed { element(j, i) } else { element(i, j) };
                        vector[j].mul_add(element, sum)
                    })
                });
                assert_eq!(found, expected.collect::<Vec<f64>>(), "dimension {dim}");
            }
        }
    }
}
