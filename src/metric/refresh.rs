//! The estimate of a metric from draws and their gradients.
//!
//! A. Seyboldt, E. L. Carlson & B. Carpenter, "Preconditioning Hamiltonian Monte Carlo by
//! minimizing Fisher divergence" (arXiv:2603.18845).

use nalgebra::{DMatrix, DVector, SymmetricEigen};

use super::Metric;
use super::map::cholesky;

/// Ridge that keeps both covariances positive definite, relative to their mean diagonal. The ridge
/// is far below the Monte Carlo error and far above the rounding of an eigenproblem.
const RIDGE: f64 = 1e-8;

impl Metric {
    /// The metric that minimises the Fisher divergence between the target and a Gaussian over
    /// draws.
    ///
    /// `positions` and `gradients` are `[draw, dim]`, whitened by this metric. The covariance is
    /// cov(x) # cov(∇)⁻¹, a geometric mean, and the centre is x̄ + covariance ∇̄. Both are exact
    /// for a Gaussian target from dim + 1 draws in general position. Directions that the draws do
    /// not span keep about the mean scale of the others. `None` if a number is not finite or all
    /// draws are the same.
    pub fn refreshed(&self, positions: &[f64], gradients: &[f64]) -> Option<Self> {
        let dim = self.dim();
        let (mean, covariance) = moments(positions, dim);
        let (mean_gradient, gradient_covariance) = moments(gradients, dim);
        // A first scaling, coordinate by coordinate, gives the ridge the same meaning in each:
        // σᵢ² = sd(xᵢ) / sd(∇ᵢ).
        let scale = DVector::from_fn(dim, |i, _| {
            let scale = (covariance[(i, i)] / gradient_covariance[(i, i)]).sqrt().sqrt();
            if scale.is_finite() && scale > 0.0 { scale } else { 1.0 }
        });
        let scaled = DMatrix::from_fn(dim, dim, |i, j| covariance[(i, j)] / (scale[i] * scale[j]));
        let scaled_gradient = DMatrix::from_fn(dim, dim, |i, j| gradient_covariance[(i, j)] * scale[i] * scale[j]);
        let geometric_mean = geometric_mean_with_inverse(ridged(scaled)?, ridged(scaled_gradient)?)?;
        let factor = DMatrix::from_diagonal(&scale) * cholesky(geometric_mean)?;
        let mut centre = vec![0.0; dim];
        let middle = mean + &factor * factor.tr_mul(&mean_gradient);
        self.to_position(middle.as_slice(), &mut centre);
        Self::from_factor(centre, &(DMatrix::from_row_slice(dim, dim, self.factor()) * factor))
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

/// A # B⁻¹ = B^(−½) (B^½ A B^½)^½ B^(−½), the positive definite S with S B S = A. R. Bhatia,
/// Positive Definite Matrices (2007), section 4.1.
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
    use super::super::map::tests::{CENTRE, COVARIANCE, FACTOR, PRECISION, assert_factor};
    use super::*;
    use crate::rng::{Key, normal, purpose};

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

    #[test]
    fn refresh_is_exact_for_a_gaussian_after_dim_plus_one_draws() {
        let starts = [
            Metric::identity(3),
            Metric::from_covariance(&[0.0; 3], &PRECISION).unwrap(),
        ];
        for start in starts {
            let (positions, gradients) = gaussian_draws(&start, 4);
            let refreshed = start.refreshed(&positions, &gradients).unwrap();
            // The ridge of 1e-8 is divided by the smallest relative eigenvalue of four draws'
            // covariance, about 1e-3.
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
