//! The dense metric as an affine map: position = centre + L x, covariance L Lᵀ, metric of x the identity.

use nalgebra::{DMatrix, DVector, SymmetricEigen};

use super::panels::{BLOCK, Panels};
use crate::shared::lanes::Lanes;
use crate::shared::real::Real;

/// Relative size of the ridge that keeps both covariances of the refresh positive definite: far below the Monte Carlo
/// error of any refresh, far above the rounding of an eigenproblem.
const RIDGE: f64 = 1e-8;

/// The map between the model's positions and the sampler's whitened coordinates.
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

    /// Metric with the given covariance `[dim, dim]` (symmetric); `None` unless it is finite and positive definite.
    pub fn from_covariance(centre: &[f64], covariance: &[f64]) -> Option<Self> {
        let dim = centre.len();
        let factor = cholesky(DMatrix::from_row_slice(dim, dim, covariance))?;
        Self::from_factor(centre.to_vec(), &factor)
    }

    /// Metric with the inverse of the given precision `[dim, dim]` (symmetric); `None` unless that is finite and
    /// positive definite. Never inverts: P = U Uᵀ with U upper triangular (a Cholesky factor from the last row up), and
    /// L = U⁻ᵀ.
    pub fn from_precision(centre: &[f64], precision: &[f64]) -> Option<Self> {
        let dim = centre.len();
        let reversed = DMatrix::from_fn(dim, dim, |i, j| precision[(dim - 1 - i) * dim + dim - 1 - j]);
        let reversed = cholesky(reversed)?;
        let transposed_u = DMatrix::from_fn(dim, dim, |i, j| reversed[(dim - 1 - j, dim - 1 - i)]);
        let factor = transposed_u.solve_lower_triangular(&DMatrix::identity(dim, dim))?;
        Self::from_factor(centre.to_vec(), &factor)
    }

    fn from_factor(centre: Vec<f64>, factor: &DMatrix<f64>) -> Option<Self> {
        let dim = centre.len();
        let sound = centre.iter().chain(factor.iter()).all(|v| v.is_finite()) && (0..dim).all(|i| factor[(i, i)] > 0.0);
        let lower = |i: usize, j: usize| if j <= i { factor[(i, j)] } else { 0.0 };
        sound.then(|| Self::from_rows(centre, (0..dim * dim).map(|k| lower(k / dim, k % dim)).collect()))
    }

    /// Of L by rows.
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

    /// The position at x = 0.
    pub fn centre(&self) -> &[f64] {
        &self.centre
    }

    /// L, lower triangular, row-major `[dim, dim]`.
    pub fn factor(&self) -> &[f64] {
        &self.factor
    }

    /// Row i of L up to and with its diagonal.
    fn row(&self, i: usize) -> &[f64] {
        &self.factor[i * self.dim()..][..=i]
    }

    /// position = centre + L x.
    pub fn to_position(&self, x: &[f64], position: &mut [f64]) {
        position.copy_from_slice(&self.centre);
        self.product.add(x, position);
    }

    /// [`to_position`](Self::to_position) of several x side by side, in place: the same bits.
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

    /// [`pull_gradient`](Self::pull_gradient) of several gradients side by side, in place: the same bits.
    #[inline(always)]
    pub(super) fn pull_gradients<const N: usize>(&self, grads: &mut [Lanes<f64, N>]) {
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

    /// Gradient in x from the gradient in position: Lᵀ g.
    pub fn pull_gradient(&self, grad: &[f64], whitened: &mut [f64]) {
        whitened.fill(0.0);
        self.transposed.add(grad, whitened);
    }

    /// Gradient in position from the gradient in x: L⁻ᵀ g, by backward substitution.
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

    /// The metric that minimises the Fisher divergence between the target and a Gaussian over the given draws: whitened
    /// positions and gradients `[draw, dim]`, in this metric's coordinates. Its covariance is cov(x) # cov(∇)⁻¹, the
    /// geometric mean, its centre x̄ + covariance ∇̄; exact for a Gaussian target as soon as dim + 1 draws are in general
    /// position. Directions that the draws do not span keep about the mean scale of the others. `None` if a number is not
    /// finite or all draws are the same. A. Seyboldt, E. L. Carlson & B. Carpenter, "Preconditioning Hamiltonian Monte Carlo
    /// by minimizing Fisher divergence" (arXiv:2603.18845).
    pub fn refreshed(&self, positions: &[f64], gradients: &[f64]) -> Option<Self> {
        let dim = self.dim();
        let (mean, spread) = moments(positions, dim);
        let (mean_gradient, gradient_spread) = moments(gradients, dim);
        // Coordinate by coordinate first, so that the ridge means the same in each: σᵢ² = sd(xᵢ) / sd(∇ᵢ).
        let scale = DVector::from_fn(dim, |i, _| {
            let scale = (spread[(i, i)] / gradient_spread[(i, i)]).sqrt().sqrt();
            if scale.is_finite() && scale > 0.0 { scale } else { 1.0 }
        });
        let scaled = DMatrix::from_fn(dim, dim, |i, j| spread[(i, j)] / (scale[i] * scale[j]));
        let scaled_gradient = DMatrix::from_fn(dim, dim, |i, j| gradient_spread[(i, j)] * scale[i] * scale[j]);
        let covariance = geometric_mean_with_inverse(ridged(scaled)?, ridged(scaled_gradient)?)?;
        let factor = DMatrix::from_diagonal(&scale) * cholesky(covariance)?;
        let mut centre = vec![0.0; dim];
        let middle = mean + &factor * factor.tr_mul(&mean_gradient);
        self.to_position(middle.as_slice(), &mut centre);
        Self::from_factor(centre, &(DMatrix::from_row_slice(dim, dim, &self.factor) * factor))
    }
}

/// Lower Cholesky factor; `None` unless the matrix is finite and positive definite.
fn cholesky(matrix: DMatrix<f64>) -> Option<DMatrix<f64>> {
    let finite = matrix.iter().all(|v| v.is_finite());
    if finite {
        matrix.cholesky().map(|c| c.unpack())
    } else {
        None
    }
}

/// Mean and covariance (over n − 1) of rows `[draw, dim]`.
fn moments(rows: &[f64], dim: usize) -> (DVector<f64>, DMatrix<f64>) {
    let mut draws = DMatrix::from_row_slice(rows.len() / dim, dim, rows);
    let mean = draws.row_mean();
    for mut row in draws.row_iter_mut() {
        row -= &mean;
    }
    let count = (draws.nrows() as f64 - 1.0).max(1.0);
    (mean.transpose(), draws.tr_mul(&draws) / count)
}

/// Adds the ridge, relative to the mean of the diagonal; `None` unless that is finite and positive.
fn ridged(mut matrix: DMatrix<f64>) -> Option<DMatrix<f64>> {
    let mean = matrix.diagonal().mean();
    for i in 0..matrix.nrows() {
        matrix[(i, i)] += RIDGE * mean;
    }
    (mean.is_finite() && mean > 0.0).then_some(matrix)
}

/// A # B⁻¹ = B^(−½) (B^½ A B^½)^½ B^(−½), the positive definite S with S B S = A. R. Bhatia, Positive Definite Matrices
/// (2007), section 4.1.
fn geometric_mean_with_inverse(a: DMatrix<f64>, b: DMatrix<f64>) -> Option<DMatrix<f64>> {
    let root = power(b.clone(), 0.5)?;
    let inverse_root = power(b, -0.5)?;
    let mean = &inverse_root * power(&root * a * &root, 0.5)? * &inverse_root;
    Some((&mean + mean.transpose()) * 0.5)
}

/// Power of a symmetric matrix; `None` unless it is finite and positive definite.
fn power(matrix: DMatrix<f64>, exponent: f64) -> Option<DMatrix<f64>> {
    if !matrix.iter().all(|v| v.is_finite()) {
        return None;
    }
    let SymmetricEigen {
        eigenvectors,
        eigenvalues,
    } = matrix.symmetric_eigen();
    let powers = eigenvalues.map(|v| v.powf(exponent));
    let sound = eigenvalues.iter().all(|&v| v > 0.0);
    sound.then(|| &eigenvectors * DMatrix::from_diagonal(&powers) * eigenvectors.transpose())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Key, normal, purpose};

    const CENTRE: [f64; 3] = [1.0, -2.0, 0.5];
    /// A covariance, its inverse and its factor: L Lᵀ with L = [[2, 0, 0], [1, 1, 0], [0, −1, ½]].
    const COVARIANCE: [f64; 9] = [4.0, 2.0, 0.0, 2.0, 2.0, -1.0, 0.0, -1.0, 1.25];
    const PRECISION: [f64; 9] = [1.5, -2.5, -2.0, -2.5, 5.0, 4.0, -2.0, 4.0, 4.0];
    const FACTOR: [f64; 9] = [2.0, 0.0, 0.0, 1.0, 1.0, 0.0, 0.0, -1.0, 0.5];

    /// Draws of N(CENTRE, COVARIANCE) and its gradients, whitened by `metric`, `[n, 3]` each.
    fn gaussian_draws(metric: &Metric, n: u32) -> (Vec<f64>, Vec<f64>) {
        let truth = Metric::from_covariance(&CENTRE, &COVARIANCE).unwrap();
        let key = Key::new(3, "metric");
        let (mut positions, mut gradients) = (Vec::new(), Vec::new());
        for draw in 0..n {
            let x: Vec<f64> = (0..3).map(|i| normal(&key, 0, draw, purpose("test"), i)).collect();
            let minus_x: Vec<f64> = x.iter().map(|x| -x).collect();
            let (mut position, mut grad) = ([0.0; 3], [0.0; 3]);
            truth.to_position(&x, &mut position);
            truth.push_gradient(&minus_x, &mut grad);
            let (mut whitened, mut pulled) = ([0.0; 3], [0.0; 3]);
            metric.to_whitened(&position, &mut whitened);
            metric.pull_gradient(&grad, &mut pulled);
            positions.extend(whitened);
            gradients.extend(pulled);
        }
        (positions, gradients)
    }

    #[track_caller]
    fn assert_factor(metric: &Metric, expected: &[f64], tolerance: f64) {
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

    #[test]
    fn refresh_is_exact_for_a_gaussian_after_dim_plus_one_draws() {
        let starts = [
            Metric::identity(3),
            Metric::from_covariance(&[0.0; 3], &PRECISION).unwrap(),
        ];
        for start in starts {
            let (positions, gradients) = gaussian_draws(&start, 4);
            let refreshed = start.refreshed(&positions, &gradients).unwrap();
            // The ridge of 1e-8 is divided by the smallest relative eigenvalue of four draws' covariance, about 1e-3.
            assert_factor(&refreshed, &FACTOR, 1e-4);
            assert!(
                refreshed.centre().iter().zip(CENTRE).all(|(a, b)| (a - b).abs() < 1e-3),
                "{:?}",
                refreshed.centre()
            );
        }
    }

    #[test]
    fn refresh_stays_positive_definite_with_few_collinear_or_constant_draws() {
        let start = Metric::identity(3);
        let (positions, gradients) = gaussian_draws(&start, 2);
        assert!(start.refreshed(&positions, &gradients).is_some());
        let twice = |v: &[f64]| [v, v, v].concat();
        assert!(start.refreshed(&twice(&positions), &twice(&gradients)).is_some());
        assert_eq!(start.refreshed(&[1.0; 9], &[1.0; 9]), None);
        assert_eq!(start.refreshed(&[f64::NAN; 6], &gradients), None);
        assert_eq!(start.refreshed(&positions[..3], &gradients[..3]), None);
    }
}
