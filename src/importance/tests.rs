//! Estimates against closed forms: Gaussian integrals, Bayesian linear regression, a tail too
//! heavy, quadrature.

use super::*;
use nalgebra::{DMatrix, DVector};

const LN_2_PI: f64 = 1.837_877_066_409_345_3;

fn key() -> Key {
    Key::new(5, "closed forms")
}

/// ½ xᵀ P x of a precision matrix with correlations, in `dim` coordinates.
fn precision(dim: usize) -> DMatrix<f64> {
    DMatrix::from_fn(dim, dim, |i, j| {
        if i == j {
            2.0 + i as f64
        } else {
            0.8_f64.powi(1 + (i as i32 - j as i32).abs())
        }
    })
}

fn names(dim: usize) -> Vec<&'static str> {
    ["a", "b", "c", "d", "e", "f", "g", "h"][..dim].to_vec()
}

/// A Gaussian: ln ∫ exp(c − ½ (x−μ)ᵀP(x−μ)) dx = c + ½ D ln 2π − ½ ln det P, its mean μ.
#[test]
fn a_gaussian_has_its_evidence_and_means() {
    for dim in [1, 3, 8] {
        let p = precision(dim);
        let centre = vec![0.5; dim];
        let map = Metric::from_precision(&centre, p.as_slice()).expect("positive definite");
        let target = |x: &[f64], values: &mut [f64]| {
            values.copy_from_slice(x);
            let offset = DVector::from_fn(dim, |i, _| x[i] - 0.5);
            -7.0 - 0.5 * (offset.transpose() * &p * &offset)[(0, 0)]
        };
        let found = estimate(&map, &names(dim), &key(), 4000, dim, one_by_one(dim, target)).expect("finite densities");
        let exact = -7.0 + 0.5 * dim as f64 * LN_2_PI - 0.5 * p.determinant().ln();
        assert!(found.usable && found.round == 0 && found.k_hat < 0.5, "{found:?}");
        assert!(
            (found.ln_evidence - exact).abs() < 4.0 * found.ln_evidence_se,
            "{dim}: {exact} {found:?}"
        );
        assert!(found.ln_evidence_se < 0.02 && found.ess > 1500.0, "{found:?}");
        for [mean, error] in found.means {
            assert!((mean - 0.5).abs() < 4.0 * error && error < 0.02, "{mean} ± {error}");
        }
    }
}

/// Bayesian linear regression y = X β + ε, ε ~ N(0, σ²), β ~ N(0, τ²): y ~ N(0, σ² + τ² X Xᵀ), E β
/// = (XᵀX/σ² + 1/τ²)⁻¹ Xᵀy/σ².
#[test]
fn a_linear_regression_has_its_evidence() {
    let (sigma, tau, rows) = (0.3, 2.0, 12);
    let design = DMatrix::from_fn(rows, 2, |i, j| (i as f64 / 4.0 - 1.0).powi(j as i32));
    let y = DVector::from_fn(rows, |i, _| 0.4 + 0.9 * design[(i, 1)] + 0.2 * (3.7 * i as f64).sin());
    let covariance = DMatrix::identity(rows, rows) * (sigma * sigma) + &design * design.transpose() * (tau * tau);
    let square = (y.transpose() * covariance.clone().try_inverse().unwrap() * &y)[(0, 0)];
    let exact = -0.5 * (rows as f64 * LN_2_PI + covariance.determinant().ln() + square);
    let p = design.transpose() * &design / (sigma * sigma) + DMatrix::identity(2, 2) / (tau * tau);
    let mean = p.clone().try_inverse().unwrap() * design.transpose() * &y / (sigma * sigma);
    let target = |x: &[f64], values: &mut [f64]| {
        values.copy_from_slice(x);
        let beta = DVector::from_column_slice(x);
        let residual = (&y - &design * &beta).norm_squared() / (sigma * sigma);
        let normal = |sd: f64, n: usize| -(n as f64) * (0.5 * LN_2_PI + sd.ln());
        -0.5 * residual + normal(sigma, rows) - 0.5 * beta.norm_squared() / (tau * tau) + normal(tau, 2)
    };
    let map = Metric::from_precision(mean.as_slice(), p.as_slice()).expect("positive definite");
    let found = estimate(&map, &names(2), &key(), 4000, 2, one_by_one(2, target)).expect("finite densities");
    assert!(
        (found.ln_evidence - exact).abs() < 4.0 * found.ln_evidence_se,
        "{exact} {found:?}"
    );
    for (k, [estimate, error]) in found.means.into_iter().enumerate() {
        assert!((estimate - mean[k]).abs() < 4.0 * error, "{k}: {estimate} ± {error}");
    }
}

/// A skewed target, exp of a Gaussian in x: exp(−x − ½ ln²x) dx is no Gaussian, and the weights
/// correct for that. Its integral over u = ln x, ∫ exp(−eᵘ + u − ½u²) du, is by the trapezium rule.
#[test]
fn a_skewed_target_is_integrated() {
    let density = |u: f64| -u.exp() + u - 0.5 * u * u;
    let step = 1e-3;
    let nodes = (-10_000..=6000).map(|k| step * f64::from(k));
    let (mut sum, mut first) = (0.0, 0.0);
    for u in nodes {
        sum += step * density(u).exp();
        first += step * u * density(u).exp();
    }
    let map = Metric::from_precision(&[0.0], &[2.0]).expect("positive definite");
    let target = |x: &[f64], values: &mut [f64]| {
        values[0] = x[0];
        density(x[0])
    };
    let found = estimate(&map, &["u"], &key(), 4000, 1, one_by_one(1, target)).expect("finite densities");
    assert!(found.usable, "{found:?}");
    assert!(
        (found.ln_evidence - sum.ln()).abs() < 4.0 * found.ln_evidence_se,
        "{} {found:?}",
        sum.ln()
    );
    let [mean, error] = found.means[0];
    assert!((mean - first / sum).abs() < 4.0 * error, "{mean} {}", first / sum);
}

/// A proposal four times too narrow in four coordinates has a large k̂, and the next rounds widen
/// it.
#[test]
fn a_narrow_proposal_is_seen_and_widened() {
    let map =
        Metric::from_precision(&[0.0; 4], (DMatrix::identity(4, 4) * 16.0).as_slice()).expect("positive definite");
    let target = |x: &[f64], _: &mut [f64]| -0.5 * x.iter().map(|x| x * x).sum::<f64>();
    let draw = |i: u32, x: &mut [Block]| Proposal::new(map.clone()).draw(&key(), 0, i, &[1, 2, 3, 4], x);
    let narrow = Round::new(4, 0).extended(2500, draw, &mut one_by_one(0, target));
    assert!(!narrow.expect("finite densities").estimate(0).usable);
    let found = estimate(&map, &names(4), &key(), 2500, 0, one_by_one(0, target)).expect("finite densities");
    assert!(found.usable && found.round > 0, "{found:?}");
    assert!(
        (found.ln_evidence - 2.0 * LN_2_PI).abs() < 4.0 * found.ln_evidence_se,
        "{found:?}"
    );
}

/// A flat target in three coordinates has no finite integral. Weights grow as r⁹ under a proposal
/// that falls as r⁻⁹, k = 3/2, and the estimate is not usable.
#[test]
fn an_endless_integral_is_not_claimed() {
    let map = Metric::identity(3);
    let found = estimate(&map, &names(3), &key(), 2500, 0, one_by_one(0, |_, _| 0.0)).expect("finite densities");
    assert!(!found.usable && found.k_hat > 0.7, "{found:?}");
}

#[test]
fn nothing_finite_gives_nothing() {
    let map = Metric::from_precision(&[0.0], &[1.0]).expect("positive definite");
    assert_eq!(
        estimate(&map, &["x"], &key(), 2500, 0, one_by_one(0, |_, _| f64::NAN)),
        None
    );
}

#[test]
fn the_limit_of_the_shape_grows_with_the_draws() {
    assert!((largest_shape(100) - 0.5).abs() < 1e-12);
    assert!(largest_shape(1000) < 0.7 && largest_shape(2500) == 0.7 && largest_shape(1_000_000) == 0.7);
}
