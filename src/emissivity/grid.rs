//! Spline coefficients of all lines on one grid, in the precision of a backend.

use std::sync::OnceLock;

use super::manifest::{Axes, Axis};
use crate::number::real::Real;
use crate::number::spline::{POWERS, extended, locate, powers, surface};

/// Coefficients of many splines over the same nodes.
#[derive(Debug, Clone)]
pub struct Grid<F> {
    /// log₁₀T of the first node.
    pub first_t: F,
    /// Nodes per unit of log₁₀T.
    pub inverse_step_t: F,
    /// Number of nodes in log₁₀T.
    pub nodes_t: u32,
    /// log₁₀n of the first node.
    pub first_n: F,
    /// Nodes per unit of log₁₀n.
    pub inverse_step_n: F,
    /// Number of nodes in log₁₀n.
    pub nodes_n: u32,
    /// B-spline coefficients, C order, shape (rows, `nodes_t` + 2, `nodes_n` + 2). There is one
    /// coefficient before the first node and one after the last on both axes. Cell (i, j) therefore
    /// uses rows i to i + 3 and columns j to j + 3.
    coefs: Vec<F>,
    /// Polynomial coefficients of each row's cells, computed at the first request.
    cells: Vec<OnceLock<Box<[[F; POWERS]]>>>,
}

/// Position of a zone's (T, n) in the grid, computed once and used for every line of the zone.
#[derive(Debug, Clone, Copy)]
pub struct Stencil<V: Real> {
    /// Index of the cell.
    cell: V::Index,
    /// Position within the cell along both axes, 0 to 1.
    u: V,
    v: V,
    /// Distances beyond the ends of the axes, in cells; used only where `outside`.
    beyond: [V; 2],
    outside: bool,
}

impl<V: Real> Stencil<V> {
    /// Value of the row with these `cells`, and its derivatives with respect to the position in
    /// cells along log₁₀T and log₁₀n.
    #[inline(always)]
    pub fn value(&self, cells: &[[V::Scalar; POWERS]]) -> [V; 3] {
        let at = V::surface(cells, &self.cell, self.u, self.v);
        if self.outside {
            return extended(at, self.beyond);
        }
        [at[0], at[1], at[2]]
    }
}

impl Grid<f64> {
    /// A grid over these axes; `coefs` has a whole number of rows.
    pub(crate) fn new(axes: &Axes, coefs: Vec<f64>) -> Grid<f64> {
        let inverse_step = |axis: &Axis| (axis.nodes - 1) as f64 / (axis.last - axis.first);
        Grid {
            first_t: axes.log10_t.first,
            inverse_step_t: inverse_step(&axes.log10_t),
            nodes_t: axes.log10_t.nodes,
            first_n: axes.log10_ne.first,
            inverse_step_n: inverse_step(&axes.log10_ne),
            nodes_n: axes.log10_ne.nodes,
            cells: Grid::unasked(axes.log10_t.nodes, axes.log10_ne.nodes, coefs.len()),
            coefs,
        }
    }

    /// Subtracts from each row its value at a point and returns these values. The weights of a
    /// point sum to one, so shifting all coefficients shifts the spline.
    pub(crate) fn subtract_value_at(&mut self, log10_t: f64, log10_ne: f64) -> Vec<f64> {
        let Stencil { cell, u, v, .. } = self.at::<f64>(log10_t, log10_ne);
        let value = |row| surface(&self.cell(row, cell as usize), u, v)[0];
        let values: Vec<f64> = (0..self.rows()).map(value).collect();
        let length = self.row_length();
        for (row, value) in self.coefs.chunks_exact_mut(length).zip(&values) {
            row.iter_mut().for_each(|coef| *coef -= value);
        }
        self.cells.iter_mut().for_each(|cells| *cells = OnceLock::new());
        values
    }

    /// Adds a row with these coefficients, and returns its index.
    pub(crate) fn push_row(&mut self, coefs: Vec<f64>) -> usize {
        self.coefs.extend(coefs);
        self.cells.push(OnceLock::new());
        self.rows() - 1
    }

    /// Replaces `row` by the row `theirs` of `other`, on the same nodes.
    pub(crate) fn take_row(&mut self, row: usize, other: &Grid<f64>, theirs: usize) {
        let length = self.row_length();
        let of = |row: usize| row * length..(row + 1) * length;
        self.coefs[of(row)].copy_from_slice(&other.coefs[of(theirs)]);
        self.cells[row] = OnceLock::new();
    }
}

impl<F: Real<Scalar = F>> Grid<F> {
    /// Number of coefficients along log₁₀n, padding included.
    fn stride(&self) -> usize {
        self.nodes_n as usize + 2
    }

    /// Number of B-spline coefficients in one row.
    fn row_length(&self) -> usize {
        (self.nodes_t as usize + 2) * self.stride()
    }

    /// Number of cells along log₁₀n.
    fn columns(&self) -> usize {
        self.nodes_n as usize - 1
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.cells.len()
    }

    /// B-spline coefficients of a row, shape (`nodes_t` + 2, `nodes_n` + 2).
    pub fn coefs(&self, row: usize) -> &[F] {
        &self.coefs[row * self.row_length()..][..self.row_length()]
    }

    /// Empty cells for this number of coefficients.
    fn unasked(nodes_t: u32, nodes_n: u32, coefs: usize) -> Vec<OnceLock<Box<[[F; POWERS]]>>> {
        vec![OnceLock::new(); coefs / ((nodes_t as usize + 2) * (nodes_n as usize + 2))]
    }

    /// Polynomial coefficients of a row's cells, as [`powers`] gives them. Cell (i, j) has the
    /// index (`nodes_n` − 1) i + j.
    pub fn cells(&self, row: usize) -> &[[F; POWERS]] {
        let count = (self.nodes_t as usize - 1) * self.columns();
        self.cells[row].get_or_init(|| (0..count).map(|cell| self.cell(row, cell)).collect())
    }

    fn cell(&self, row: usize, cell: usize) -> [F; POWERS] {
        let coefs = self.coefs(row);
        let first = (cell / self.columns()) * self.stride() + cell % self.columns();
        powers(|i, j| coefs[first + i * self.stride() + j])
    }

    /// Cell of log₁₀T \[K\] and log₁₀n \[cm⁻³\], and the position within it, for any values.
    #[inline(always)]
    pub fn at<V: Real<Scalar = F>>(&self, log10_t: V, log10_ne: V) -> Stencil<V> {
        let (first_t, inverse_step_t) = (V::splat(self.first_t), V::splat(self.inverse_step_t));
        let (first_n, inverse_step_n) = (V::splat(self.first_n), V::splat(self.inverse_step_n));
        let (cell_t, u, beyond_t) = locate(log10_t, first_t, inverse_step_t, self.nodes_t);
        let (cell_n, v, beyond_n) = locate(log10_ne, first_n, inverse_step_n, self.nodes_n);
        Stencil {
            cell: V::index(cell_t, cell_n, self.columns()),
            u,
            v,
            beyond: [beyond_t, beyond_n],
            outside: V::any(V::zero().lt(beyond_t.abs() + beyond_n.abs())),
        }
    }

    /// Value of a row and its derivatives with respect to log₁₀T and log₁₀n.
    #[inline(always)]
    pub fn value<V: Real<Scalar = F>>(&self, row: usize, at: &Stencil<V>) -> [V; 3] {
        let [value, along_t, along_n] = at.value(self.cells(row));
        [
            value,
            along_t * V::splat(self.inverse_step_t),
            along_n * V::splat(self.inverse_step_n),
        ]
    }

    /// Grid in another precision.
    pub fn cast<G: Real<Scalar = G>>(&self) -> Grid<G>
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
            cells: Grid::unasked(self.nodes_t, self.nodes_n, self.coefs.len()),
        }
    }
}
