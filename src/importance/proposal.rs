//! The proposal: a multivariate Student-t around a centre, with tails wider than a Gaussian's.

use statrs::function::gamma::ln_gamma;

use super::{BLOCK, Block};
use crate::metric::Metric;
use crate::number::lanes::Lanes;
use crate::number::real::Real;
use crate::number::simd::vectorised;
use crate::number::special::ln_one_plus;
use crate::rng::{Key, normal_lanes, purpose, uniform_lanes};

/// Degrees of freedom. An even number makes χ² −2 ln of a product of uniforms. A small number
/// covers the tails, but a smaller one wastes draws far out in twenty coordinates.
pub(super) const FREEDOM: u32 = 6;
/// Uniforms in the product.
const HALVES: usize = FREEDOM as usize / 2;
/// Scale of a draw; index: the number of the uniform in the product.
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
        let ln_peak = Self::ln_constant(map.dim()) - map.ln_determinant();
        Proposal { map, ln_peak }
    }

    /// ln of the density at the centre in whitened coordinates.
    pub(super) fn ln_constant(dim: usize) -> f64 {
        let (dim, freedom) = (dim as f64, f64::from(FREEDOM));
        ln_gamma(0.5 * (freedom + dim)) - ln_gamma(0.5 * freedom) - 0.5 * dim * (freedom * std::f64::consts::PI).ln()
    }

    /// Makes the draws from `first` on of round `round`. Positions, `[coordinate]`, hold a draw a
    /// lane. Returns the ln density of the proposal at each. `purposes` are those of the
    /// coordinates.
    pub(super) fn draw(&self, key: &Key, round: u32, first: u32, purposes: &[u32], positions: &mut [Block]) -> Block {
        vectorised(
            #[inline(always)]
            || {
                let mut draws = [first; BLOCK];
                for (k, draw) in draws.iter_mut().enumerate() {
                    *draw += k as u32;
                }
                let counters = |purpose, index| [[round; BLOCK], draws, [purpose; BLOCK], [index; BLOCK]];
                let mut ln_product = Block::zero();
                for k in 0..HALVES {
                    ln_product = ln_product + Lanes(uniform_lanes(key, counters(SCALE, k as u32))).ln();
                }
                let freedom = Block::constant(FREEDOM.into());
                let stretch = (freedom / (Block::constant(-2.0) * ln_product)).sqrt();
                let mut square = Block::zero();
                for (x, &purpose) in positions.iter_mut().zip(purposes) {
                    *x = stretch * normal_lanes(key, counters(purpose, 0));
                    square = x.mul_add(*x, square);
                }
                self.map.to_positions(positions);
                let exponent = Block::constant(0.5 * (f64::from(FREEDOM) + purposes.len() as f64));
                Block::constant(self.ln_peak) - exponent * ln_one_plus(square / freedom)
            },
        )
    }
}
