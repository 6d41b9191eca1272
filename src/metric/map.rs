//! The affine map between the model's positions and whitened coordinates.

use nalgebra::DMatrix;

use super::panels::{BLOCK, Panels};
use crate::number::lanes::Lanes;
use crate::number::real::Real;

/// The map position = centre + L x. Positions are in the model's coordinates, x is whitened.
#[derive(Clone, Debug, PartialEq)]
pub struct Metric {
    centre: Vec<f64>,
    /// L, lower triangular, row-major `[dim, dim]`, zeros above the diagonal.
    factor: Vec<f64>,
    /// L x.
    product: Panels,
    /// Lᵀ g.
    transposed: Panels,
}

impl Metric {
    /// The identity in `dim` coordinates.
    pub fn identity(dim: usize) -> Self {
        let mut factor = vec![0.0; dim * dim];
        factor.iter_mut().step_by(dim + 1).for_each(|diagonal| *diagonal = 1.0);
        Self::from_rows(vec![0.0; dim], factor)
    }

    /// The map of a covariance, `[dim, dim]` and symmetric, around `centre`, `[dim]`. `None` unless
    /// the covariance is finite and positive definite.
    pub fn from_covariance(centre: &[f64], covariance: &[f64]) -> Option<Self> {
        let dim = centre.len();
        let factor = cholesky(DMatrix::from_row_slice(dim, dim, covariance))?;
        Self::from_factor(centre.to_vec(), &factor)
    }

    /// The map whose covariance is the inverse of a precision, `[dim, dim]` and symmetric. `None`
    /// unless the precision is finite and positive definite.
    ///
    /// No matrix is inverted. P = U Uᵀ with U upper triangular is a Cholesky factor from the last
    /// row up, and L = U⁻ᵀ.
    pub fn from_precision(centre: &[f64], precision: &[f64]) -> Option<Self> {
        let dim = centre.len();
        let reversed = DMatrix::from_fn(dim, dim, |i, j| precision[(dim - 1 - i) * dim + dim - 1 - j]);
        let reversed = cholesky(reversed)?;
        let transposed_u = DMatrix::from_fn(dim, dim, |i, j| reversed[(dim - 1 - j, dim - 1 - i)]);
        let factor = transposed_u.solve_lower_triangular(&DMatrix::identity(dim, dim))?;
        Self::from_factor(centre.to_vec(), &factor)
    }

    /// The map of a lower triangular factor L. `None` unless all numbers are finite and the
    /// diagonal is positive.
    pub(super) fn from_factor(centre: Vec<f64>, factor: &DMatrix<f64>) -> Option<Self> {
        let dim = centre.len();
        let finite = centre.iter().chain(factor.iter()).all(|v| v.is_finite());
        let sound = finite && (0..dim).all(|i| factor[(i, i)] > 0.0);
        let lower = |i: usize, j: usize| if j <= i { factor[(i, j)] } else { 0.0 };
        sound.then(|| Self::from_rows(centre, (0..dim * dim).map(|k| lower(k / dim, k % dim)).collect()))
    }

    /// The map of L, row-major.
    fn from_rows(centre: Vec<f64>, factor: Vec<f64>) -> Self {
        let dim = centre.len();
        Self {
            product: Panels::new(dim, |block| 0..dim.min(block + BLOCK), |i, j| factor[i * dim + j]),
            transposed: Panels::new(dim, |block| block..dim, |j, i| factor[i * dim + j]),
            centre,
            factor,
        }
    }

    /// Number of coordinates.
    pub fn dim(&self) -> usize {
        self.centre.len()
    }

    /// The position at x = 0, `[dim]`.
    pub fn centre(&self) -> &[f64] {
        &self.centre
    }

    /// L, lower triangular, row-major `[dim, dim]`.
    pub fn factor(&self) -> &[f64] {
        &self.factor
    }

    /// ln det L: ln of the volume of a unit of x.
    pub fn ln_determinant(&self) -> f64 {
        self.factor.iter().step_by(self.dim() + 1).map(|d| d.ln()).sum()
    }

    /// The covariance L Lᵀ, row-major `[dim, dim]`.
    pub(crate) fn covariance(&self) -> Vec<f64> {
        let dim = self.dim();
        let product = |i: usize, j: usize| self.row(i).iter().zip(self.row(j)).map(|(a, b)| a * b).sum();
        (0..dim * dim).map(|k| product(k / dim, k % dim)).collect()
    }

    /// Row i of L up to and with its diagonal.
    fn row(&self, i: usize) -> &[f64] {
        &self.factor[i * self.dim()..][..=i]
    }

    /// position = centre + L x; both are `[dim]`.
    pub fn to_position(&self, x: &[f64], position: &mut [f64]) {
        position.copy_from_slice(&self.centre);
        self.product.add(x, position);
    }

    /// [`to_position`](Self::to_position) of N points side by side, in place, with the same bits.
    #[inline(always)]
    pub(crate) fn to_positions<const N: usize>(&self, x: &mut [Lanes<f64, N>]) {
        let mut rows = self.factor.chunks_exact(self.dim()).enumerate();
        while let Some((i, row)) = rows.next_back() {
            let mut sum = Lanes([self.centre[i]; N]);
            for (x, &l) in x[..=i].iter().zip(row) {
                sum = x.mul_add(Lanes([l; N]), sum);
            }
            x[i] = sum;
        }
    }

    /// [`pull_gradient`](Self::pull_gradient) of N gradients side by side, in place, with the same
    /// bits: each term is fused with the sum, so that it is rounded once.
    #[inline(always)]
    pub(crate) fn pull_gradients<const N: usize>(&self, grads: &mut [Lanes<f64, N>]) {
        let dim = self.dim();
        for j in 0..dim {
            let mut sum = Lanes::zero();
            for (grad, row) in grads[j..].iter().zip(self.factor[j * dim..].chunks_exact(dim)) {
                sum = grad.mul_add(Lanes([row[j]; N]), sum);
            }
            grads[j] = sum;
        }
    }

    /// x = L⁻¹ (position − centre), by forward substitution.
    pub fn to_whitened(&self, position: &[f64], x: &mut [f64]) {
        for i in 0..self.dim() {
            let (known, diagonal) = self.row(i).split_at(i);
            let sum: f64 = known.iter().zip(x.iter()).map(|(l, x)| l * x).sum();
            x[i] = (position[i] - self.centre[i] - sum) / diagonal[0];
        }
    }

    /// Gradient with respect to x from that with respect to the position: Lᵀ g.
    pub fn pull_gradient(&self, grad: &[f64], whitened: &mut [f64]) {
        whitened.fill(0.0);
        self.transposed.add(grad, whitened);
    }

    /// Gradient with respect to the position from that with respect to x: L⁻ᵀ g, by backward
    /// substitution.
    pub fn push_gradient(&self, whitened: &[f64], grad: &mut [f64]) {
        grad.copy_from_slice(whitened);
        for i in (0..self.dim()).rev() {
            let (above, diagonal) = self.row(i).split_at(i);
            grad[i] /= diagonal[0];
            let g = grad[i];
            for (out, l) in grad.iter_mut().zip(above) {
                *out -= l * g;
            }
        }
    }
}

/// Lower Cholesky factor; `None` unless the matrix is finite and positive definite.
pub(super) fn cholesky(matrix: DMatrix<f64>) -> Option<DMatrix<f64>> {
    let finite = matrix.iter().all(|v| v.is_finite());
    if finite {
        matrix.cholesky().map(|c| c.unpack())
    } else {
        None
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::metric) const CENTRE: [f64; 3] = [1.0, -2.0, 0.5];
    /// A covariance, its inverse and its factor: L Lᵀ with L = [[2, 0, 0], [1, 1, 0], [0, −1, ½]].
    pub(in crate::metric) const COVARIANCE: [f64; 9] = [4.0, 2.0, 0.0, 2.0, 2.0, -1.0, 0.0, -1.0, 1.25];
    pub(in crate::metric) const PRECISION: [f64; 9] = [1.5, -2.5, -2.0, -2.5, 5.0, 4.0, -2.0, 4.0, 4.0];
    pub(in crate::metric) const FACTOR: [f64; 9] = [2.0, 0.0, 0.0, 1.0, 1.0, 0.0, 0.0, -1.0, 0.5];

    #[track_caller]
    pub(in crate::metric) fn assert_factor(metric: &Metric, expected: &[f64], tolerance: f64) {
        for (a, b) in metric.factor().iter().zip(expected) {
            assert!((a - b).abs() < tolerance, "{:?} against {expected:?}", metric.factor());
        }
    }

    #[test]
    fn covariance_and_precision_give_the_same_map() {
        assert_factor(&Metric::from_covariance(&CENTRE, &COVARIANCE).unwrap(), &FACTOR, 1e-14);
        assert_factor(&Metric::from_precision(&CENTRE, &PRECISION).unwrap(), &FACTOR, 1e-13);
        assert_eq!(
            Metric::from_covariance(&CENTRE, &[1.0, 2.0, 0.0, 2.0, 1.0, 0.0, 0.0, 0.0, 1.0]),
            None
        );
        assert_eq!(Metric::from_precision(&[0.0], &[f64::NAN]), None);
    }

    #[test]
    fn maps_invert_each_other_and_gradients_follow_the_chain_rule() {
        let metric = Metric::from_covariance(&CENTRE, &COVARIANCE).unwrap();
        let (x, g) = ([0.3, -0.7, 1.1], [0.2, 0.5, -0.4]);
        let (mut position, mut back) = ([0.0; 3], [0.0; 3]);
        metric.to_position(&x, &mut position);
        // 1 + 2·0.3; −2 + 0.3 − 0.7; 0.5 + 0.7 + 0.55.
        assert!(
            position
                .iter()
                .zip([1.6, -2.4, 1.75])
                .all(|(a, b)| (a - b).abs() < 1e-15)
        );
        metric.to_whitened(&position, &mut back);
        assert!(back.iter().zip(x).all(|(a, b)| (a - b).abs() < 1e-14));
        let mut pulled = [0.0; 3];
        metric.pull_gradient(&g, &mut pulled);
        assert!(pulled.iter().zip([0.9, 0.9, -0.2]).all(|(a, b)| (a - b).abs() < 1e-15));
        metric.push_gradient(&pulled, &mut back);
        assert!(back.iter().zip(g).all(|(a, b)| (a - b).abs() < 1e-14));
    }

    /// The elements of a dense factor that are no dyadic numbers show a product that is rounded
    /// before its sum.
    #[test]
    fn lanes_have_the_bits_of_single_vectors() {
        const DIM: usize = 7;
        const N: usize = 4;
        let element = |i: usize, j: usize| {
            if i == j {
                1.3
            } else {
                0.7 / (2.1 + i.abs_diff(j) as f64)
            }
        };
        let covariance = DMatrix::from_fn(DIM, DIM, element);
        let centre: Vec<f64> = (0..DIM).map(|k| 0.1 * k as f64).collect();
        let metric = Metric::from_covariance(&centre, covariance.as_slice()).unwrap();
        let vector = |lane: usize| -> Vec<f64> { (0..DIM).map(|k| (1.7 * k as f64 + lane as f64).sin()).collect() };
        let lanes: Vec<Lanes<f64, N>> = (0..DIM)
            .map(|k| Lanes(std::array::from_fn(|lane| vector(lane)[k])))
            .collect();
        let (mut positions, mut gradients) = (lanes.clone(), lanes);
        metric.to_positions(&mut positions);
        metric.pull_gradients(&mut gradients);
        for lane in 0..N {
            let (mut position, mut gradient) = ([0.0; DIM], [0.0; DIM]);
            metric.to_position(&vector(lane), &mut position);
            metric.pull_gradient(&vector(lane), &mut gradient);
            for k in 0..DIM {
                assert_eq!(positions[k].0[lane], position[k], "position {k}");
                assert_eq!(gradients[k].0[lane], gradient[k], "gradient {k}");
            }
        }
    }
}
