//! Spline coefficients of all lines on one grid, in the precision that a backend wants.

use super::manifest::{Axes, Axis};
use crate::shared::real::Real;
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
#[derive(Debug, Clone, Copy)]
pub struct Stencil<V: Real> {
    /// The cell's first coefficient in a row.
    pub place: V::Place,
    /// Weights along log₁₀T.
    pub wt: [V; SUPPORT],
    /// Their derivatives per unit of log₁₀T.
    pub dwt: [V; SUPPORT],
    /// Weights along log₁₀n.
    pub wn: [V; SUPPORT],
    /// Their derivatives per unit of log₁₀n.
    pub dwn: [V; SUPPORT],
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
        let stencil = self.at::<f64>(log10_t, log10_ne);
        let values: Vec<f64> = (0..self.rows()).map(|row| self.value(row, &stencil).0).collect();
        let length = self.row_length();
        for (row, value) in self.coefs.chunks_exact_mut(length).zip(&values) {
            row.iter_mut().for_each(|coef| *coef -= value);
        }
        values
    }
}

impl<F: Real<Scalar = F>> Grid<F> {
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
    #[inline(always)]
    pub fn at<V: Real<Scalar = F>>(&self, log10_t: V, log10_ne: V) -> Stencil<V> {
        let (first_t, inverse_step_t) = (V::spread(self.first_t), V::spread(self.inverse_step_t));
        let (first_n, inverse_step_n) = (V::spread(self.first_n), V::spread(self.inverse_step_n));
        let (cell_t, fraction_t) = locate(log10_t, first_t, inverse_step_t, self.nodes_t);
        let (cell_n, fraction_n) = locate(log10_ne, first_n, inverse_step_n, self.nodes_n);
        let (wt, mut dwt) = weights(fraction_t);
        let (wn, mut dwn) = weights(fraction_n);
        for k in 0..SUPPORT {
            dwt[k] = dwt[k] * inverse_step_t;
            dwn[k] = dwn[k] * inverse_step_n;
        }
        Stencil {
            place: V::place(cell_t, cell_n, self.stride()),
            wt,
            dwt,
            wn,
            dwn,
        }
    }

    /// Value of a row and its derivatives per unit of log₁₀T and log₁₀n.
    #[inline(always)]
    pub fn value<V: Real<Scalar = F>>(&self, row: usize, at: &Stencil<V>) -> (V, V, V) {
        let length = self.row_length();
        let coefs = &self.coefs[row * length..(row + 1) * length];
        // The lanes of one object nearly always share a cell: then its coefficients are read once.
        let Some(place) = V::shared(&at.place) else {
            let c = V::gather(coefs, &at.place, self.stride());
            return tensor(|k, j| c[k][j], &at.wt, &at.dwt, &at.wn, &at.dwn);
        };
        let stride = self.stride();
        let block = &coefs[place as usize..][..3 * stride + SUPPORT];
        tensor(
            |k, j| V::spread(block[k * stride + j]),
            &at.wt,
            &at.dwt,
            &at.wn,
            &at.dwn,
        )
    }

    /// The same grid in another precision.
    pub fn cast<G: Real>(&self) -> Grid<G>
    where
        F: Into<f64>,
    {
        let cast = |value: F| G::constant(value.into());
        Grid {
            first_t: cast(self.first_t),
            inverse_step_t: cast(self.inverse_step_t),
            nodes_t: self.nodes_t,
            first_n: cast(self.first_n),
            inverse_step_n: cast(self.inverse_step_n),
            nodes_n: self.nodes_n,
            coefs: self.coefs.iter().map(|&coef| cast(coef)).collect(),
        }
    }
}
