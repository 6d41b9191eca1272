//! Spline coefficients of all lines on one grid, in the precision that a backend wants.

use num_traits::Float;

use super::manifest::{Axes, Axis};
use crate::shared::spline::{SUPPORT, locate, tensor, weights};

/// Coefficients of many splines over the same nodes.
#[derive(Debug, Clone, PartialEq)]
pub struct Grid<F> {
    /// First log₁₀T of the nodes.
    pub first_t: F,
    /// Nodes per unit of log₁₀T.
    pub inverse_step_t: F,
    /// Number of nodes in log₁₀T.
    pub nodes_t: u32,
    /// First log₁₀n of the nodes.
    pub first_n: F,
    /// Nodes per unit of log₁₀n.
    pub inverse_step_n: F,
    /// Number of nodes in log₁₀n.
    pub nodes_n: u32,
    /// Coefficients, C order, shape (rows, `nodes_t` + 2, `nodes_n` + 2): one before the first node and one after the last
    /// on both axes, so that cell (i, j) touches rows i to i + 3 and columns j to j + 3.
    pub coefs: Vec<F>,
}

/// Where in the grid a zone's (T, n) lies: worked out once, used for every line of the zone.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stencil<F> {
    /// Cell along log₁₀T.
    pub cell_t: u32,
    /// Cell along log₁₀n.
    pub cell_n: u32,
    /// Weights along log₁₀T.
    pub wt: [F; SUPPORT],
    /// Their derivatives per unit of log₁₀T.
    pub dwt: [F; SUPPORT],
    /// Weights along log₁₀n.
    pub wn: [F; SUPPORT],
    /// Their derivatives per unit of log₁₀n.
    pub dwn: [F; SUPPORT],
}

impl Grid<f64> {
    /// Over these axes; `coefs` has a whole number of rows.
    pub(crate) fn new(axes: &Axes, coefs: Vec<f64>) -> Grid<f64> {
        let inverse_step = |axis: &Axis| (axis.nodes - 1) as f64 / (axis.last - axis.first);
        Grid {
            first_t: axes.log10_t.first,
            inverse_step_t: inverse_step(&axes.log10_t),
            nodes_t: axes.log10_t.nodes,
            first_n: axes.log10_ne.first,
            inverse_step_n: inverse_step(&axes.log10_ne),
            nodes_n: axes.log10_ne.nodes,
            coefs,
        }
    }

    /// Subtracts from each row its value at a point and returns these values: the weights of a point sum to one, so that
    /// shifting all coefficients shifts the spline.
    pub(crate) fn subtract_value_at(&mut self, log10_t: f64, log10_ne: f64) -> Vec<f64> {
        let stencil = self.at(log10_t, log10_ne);
        let values: Vec<f64> = (0..self.rows()).map(|row| self.value(row, &stencil).0).collect();
        let length = self.row_length();
        for (row, value) in self.coefs.chunks_exact_mut(length).zip(&values) {
            row.iter_mut().for_each(|coef| *coef -= value);
        }
        values
    }
}

impl<F: Float> Grid<F> {
    /// Coefficients along log₁₀n, padding included.
    pub fn stride(&self) -> usize {
        self.nodes_n as usize + 2
    }

    /// Coefficients of one row.
    pub fn row_length(&self) -> usize {
        (self.nodes_t as usize + 2) * self.stride()
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.coefs.len() / self.row_length()
    }

    /// The weights at log₁₀T \[K\] and log₁₀n \[cm⁻³\], anywhere.
    pub fn at(&self, log10_t: F, log10_ne: F) -> Stencil<F> {
        let (cell_t, fraction_t) = locate(log10_t, self.first_t, self.inverse_step_t, self.nodes_t);
        let (cell_n, fraction_n) = locate(log10_ne, self.first_n, self.inverse_step_n, self.nodes_n);
        let (wt, dwt) = weights(fraction_t);
        let (wn, dwn) = weights(fraction_n);
        let dwt = dwt.map(|d| d * self.inverse_step_t);
        let dwn = dwn.map(|d| d * self.inverse_step_n);
        Stencil {
            cell_t,
            cell_n,
            wt,
            dwt,
            wn,
            dwn,
        }
    }

    /// Value of a row and its derivatives per unit of log₁₀T and log₁₀n.
    pub fn value(&self, row: usize, at: &Stencil<F>) -> (F, F, F) {
        let length = self.row_length();
        let coefs = &self.coefs[row * length..(row + 1) * length];
        let first = at.cell_t as usize * self.stride() + at.cell_n as usize;
        let c = std::array::from_fn(|k| {
            let start = first + k * self.stride();
            std::array::from_fn(|j| coefs[start + j])
        });
        tensor(&c, &at.wt, &at.dwt, &at.wn, &at.dwn)
    }

    /// The same grid in another precision; none if a value does not fit it.
    pub fn cast<G: Float>(&self) -> Option<Grid<G>> {
        Some(Grid {
            first_t: G::from(self.first_t)?,
            inverse_step_t: G::from(self.inverse_step_t)?,
            nodes_t: self.nodes_t,
            first_n: G::from(self.first_n)?,
            inverse_step_n: G::from(self.inverse_step_n)?,
            nodes_n: self.nodes_n,
            coefs: self
                .coefs
                .iter()
                .map(|coef| G::from(*coef))
                .collect::<Option<Vec<G>>>()?,
        })
    }
}
