//! The proposal: a multivariate Student-t around a centre, wide-tailed enough to cover what a Gaussian misses.

use statrs::function::gamma::ln_gamma;

use crate::nuts::Metric;
use crate::rng::{Key, normals, purpose, uniforms};

/// Degrees of freedom: even, so that χ² is −2 ln of a product of uniforms; few, so that tails are covered; not so few that
/// draws in twenty coordinates are wasted far out.
const FREEDOM: u32 = 6;
/// Uniforms in the product.
const HALVES: usize = FREEDOM as usize / 2;
/// How far out a draw lies; index: the uniform's number in the product.
const SCALE: u32 = purpose("importance scale");

/// A multivariate Student-t of `FREEDOM` degrees of freedom: centre + L x, x standard.
#[derive(Clone, Debug)]
pub(super) struct Proposal {
    map: Metric,
    /// ln of the density at the centre.
    ln_peak: f64,
}

impl Proposal {
    /// The proposal whose centre and scale matrix L Lᵀ are those of `map`.
    pub(super) fn new(map: Metric) -> Self {
        let (dim, freedom) = (map.dim() as f64, f64::from(FREEDOM));
        let ln_determinant: f64 = map.factor().iter().step_by(map.dim() + 1).map(|d| d.ln()).sum();
        let ln_peak = ln_gamma(0.5 * (freedom + dim))
            - ln_gamma(0.5 * freedom)
            - 0.5 * dim * (freedom * std::f64::consts::PI).ln()
            - ln_determinant;
        Proposal { map, ln_peak }
    }

    /// Draw `draw` of round `round` into `position`, and the ln density of the proposal there; `purposes` are those of the
    /// coordinates.
    pub(super) fn draw(&self, key: &Key, round: u32, draw: u32, purposes: &[u32], position: &mut [f64]) -> f64 {
        let halves = uniforms(key, round, draw, [SCALE; HALVES], std::array::from_fn(|k| k as u32));
        let chi2 = -2.0 * halves.map(f64::ln).iter().sum::<f64>();
        let freedom = f64::from(FREEDOM);
        let stretch = (freedom / chi2).sqrt();
        let mut x = vec![0.0; purposes.len()];
        normals(key, round, draw, purposes, 0, &mut x);
        x.iter_mut().for_each(|x| *x *= stretch);
        self.map.to_position(&x, position);
        let square: f64 = x.iter().map(|x| x * x).sum();
        self.ln_peak - 0.5 * (freedom + x.len() as f64) * (square / freedom).ln_1p()
    }
}
