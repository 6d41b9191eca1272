//! Normal(location, width), cut to [lower, upper].

use crate::model::record::{Slot, UNBOUNDED};
use crate::number::real::{Real, real};
use crate::number::special::{normal_cdf, normal_cdf_both, normal_quantile};
use crate::number::wgsl::shared_constants;

shared_constants! {
    /// Bounds further than this many widths from the location cut nothing that either precision
    /// could hold.
    const EDGE: f64 = 40.0;
}

/// The twin of this file.
pub(super) const WGSL: &str = include_str!("../../../shaders/model/prior/normal.wgsl");

/// The probability that a normal prior loses to its bounds.
#[derive(Clone, Copy, Debug)]
pub struct Cut<F> {
    /// The bounds, in widths from the location.
    alpha: F,
    beta: F,
    /// The probability below and above the bounds, and between them.
    below: F,
    above: F,
    mass: F,
}

impl<F: Real> Cut<F> {
    /// The cut of Normal(location, width) to [lower, upper].
    #[inline(always)]
    pub fn new(location: F, width: F, lower: F, upper: F) -> Self {
        let edge = real::<F>(EDGE);
        let alpha = ((lower - location) / width).max(-edge).min(edge);
        let beta = ((upper - location) / width).max(-edge).min(edge);
        let below = normal_cdf(alpha);
        let above = normal_cdf(-beta);
        let left_of_beta = F::select(beta.lt(F::zero()), normal_cdf(beta) - below, F::one() - below - above);
        let mass = F::select(F::zero().lt(alpha), normal_cdf(-alpha) - above, left_of_beta);
        Cut {
            alpha,
            beta,
            below,
            above,
            mass,
        }
    }

    /// The cut of a slot whose location does not move.
    pub fn of(slot: &Slot<F>) -> Self {
        Cut::new(slot.location, slot.width, slot.lower, slot.upper)
    }

    /// The same in every lane.
    #[inline(always)]
    pub(crate) fn splat<V: Real<Scalar = F>>(&self) -> Cut<V> {
        Cut {
            alpha: V::splat(self.alpha),
            beta: V::splat(self.beta),
            below: V::splat(self.below),
            above: V::splat(self.above),
            mass: V::splat(self.mass),
        }
    }
}

/// The variate at Φ(z), and its derivatives with respect to z and to the location.
#[inline(always)]
pub(super) fn normal_prior_quantile<F: Real>(slot: &Slot<F>, z: F, location: F, cut: Option<Cut<F>>) -> [F; 3] {
    truncated_normal(z, location, slot.width, slot.lower, slot.upper, cut)
}

/// Quantile of Normal(location, width) cut to [lower, upper] at Φ(z), and its derivatives with
/// respect to z and to the location. The latter is 0 where the `cut` is known beforehand: nothing
/// then moves the location.
///
/// With n the untruncated normal score, p = Φ(α) + (Φ(β) − Φ(α)) Φ(z) = Φ(n): dn/dz = (Φ(β) − Φ(α))
/// φ(z)/φ(n). The smaller of p and 1 − p is inverted, so that neither tail loses digits; both are
/// held above the smallest normal number.
#[inline(always)]
pub(super) fn truncated_normal<F: Real>(
    z: F,
    location: F,
    width: F,
    lower: F,
    upper: F,
    cut: Option<Cut<F>>,
) -> [F; 3] {
    let unbounded = real::<F>(UNBOUNDED);
    if !F::any((-unbounded).lt(lower)) && !F::any(upper.lt(unbounded)) {
        return [location + width * z, width, F::one()];
    }
    let held = cut.is_some();
    let Cut {
        alpha,
        beta,
        below,
        above,
        mass,
    } = match cut {
        Some(cut) => cut,
        None => Cut::new(location, width, lower, upper),
    };
    let [left, right] = normal_cdf_both(z);
    let p = mass.mul_add(left, below).max(F::min_positive());
    let q = mass.mul_add(right, above).max(F::min_positive());
    let lower_half = p.lt(q);
    let n = normal_quantile(F::select(lower_half, p, q));
    let n = F::select(lower_half, n, -n);
    let half = real::<F>(0.5);
    let square = n * n;
    let d_z = mass * (half * (square - z * z)).exp();
    let d_location = if held {
        F::zero()
    } else {
        let at_alpha = (half * (square - alpha * alpha)).exp() * right;
        F::one() - (at_alpha + (half * (square - beta * beta)).exp() * left)
    };
    [width.mul_add(n, location), width * d_z, d_location]
}

/// ln density at the variate `x`, without its constant, and its derivative.
#[inline(always)]
pub(super) fn normal_prior_density<F: Real>(slot: &Slot<F>, x: F) -> [F; 2] {
    let score = (x - slot.location) / slot.width;
    [-real::<F>(0.5) * score * score, -score / slot.width]
}

/// Probability below `low` and above `high` of Normal(mean, sd).
pub(super) fn cut_off([low, high]: [f64; 2], mean: f64, sd: f64) -> (f64, f64) {
    (normal_cdf((low - mean) / sd), normal_cdf((mean - high) / sd))
}

/// Location and width of scale · Normal(mean, sd).
pub(super) fn location_and_width(mean: f64, sd: f64, scale: f64) -> (f64, f64) {
    (scale * mean, scale * sd)
}

/// ln of the constant of the density.
pub(super) fn ln_normalisation(slot: &Slot<f64>) -> f64 {
    -(slot.width * (2.0 * std::f64::consts::PI).sqrt()).ln()
}

/// ln density of Normal(mean, sd) at `variate`, without its constant.
pub(super) fn ln_density(variate: f64, mean: f64, sd: f64) -> f64 {
    -0.5 * ((variate - mean) / sd).powi(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// (α, β, Φ(β) − Φ(α), median), from differences of tail probabilities with 60 digits:
    /// mpmath's `ncdf`, and `findroot` for the median. The bound 60 is beyond [`EDGE`].
    const MASSES: [(f64, f64, f64, f64); 9] = [
        (-1.0, 1.5, 0.774_537_544_799_684_8, 0.115_369_885_628_120_62),
        (0.5, 1.5, 0.241_730_337_457_128_82, 0.886_506_338_661_018_4),
        (5.625, 5.75, 4.813_226_280_659_209_5e-9, 5.676_628_072_089_566),
        (8.0, 9.0, 6.219_831_985_865_83e-16, 8.084_888_899_018_166),
        (8.0, 60.0, 6.220_960_574_271_784e-16, 8.084_911_007_391_543),
        (12.0, 12.5, 1.772_749_547_778_801_4e-33, 12.057_061_651_703_902),
        (20.5, 20.75, 1.070_337_753_812_148_3e-93, 20.533_428_719_322_927),
        (30.25, 30.5, 2.607_337_347_828_082_4e-201, 30.272_863_886_023_114),
        (36.0, 40.0, 4.182_624_065_797_283e-284, 36.019_234_135_733_06),
    ];
    /// Bound beyond which a tail underflows in single precision.
    const FARTHEST_F32: f64 = 12.5;

    /// Mass and median of Normal(3, 2) cut to α and β widths from its location. The numbers are
    /// exact in either precision.
    fn mass_and_median<F: Real<Scalar = F> + Into<f64>>(alpha: f64, beta: f64) -> [f64; 2] {
        let [location, width] = [3.0, 2.0].map(real::<F>);
        let [lower, upper] = [3.0 + 2.0 * alpha, 3.0 + 2.0 * beta].map(real::<F>);
        let mass = Cut::new(location, width, lower, upper).mass;
        let [median, ..] = truncated_normal(F::zero(), location, width, lower, upper, None);
        [mass.into(), median.into()]
    }

    /// Compares both tails of a Normal in one precision with the table. A tail probability is right
    /// to 10 ε, so the mass is off by 10 ε of the two tails. The median moves by that relative
    /// error over its score, and is rounded as often.
    fn check<F: Real<Scalar = F> + Into<f64>>(epsilon: f64, farthest: f64) {
        for (alpha, beta, mass, median) in MASSES {
            if alpha >= farthest {
                continue;
            }
            let tails = |x: f64| normal_cdf(-x).min(normal_cdf(x));
            let relative = 10.0 * epsilon * (1.0 + (tails(alpha) + tails(beta)) / mass);
            for sign in [1.0, -1.0] {
                let [low, high] = if sign > 0.0 { [alpha, beta] } else { [-beta, -alpha] };
                let [found_mass, found_median] = mass_and_median::<F>(low, high);
                assert!(
                    (found_mass / mass - 1.0).abs() <= relative,
                    "mass between {low} and {high}: {found_mass:e}, expected {mass:e}"
                );
                let expected = 3.0 + 2.0 * sign * median;
                assert!(
                    (found_median - expected).abs() <= relative * (2.0 / median.abs().max(1.0) + expected.abs()),
                    "median between {low} and {high}: {found_median}, expected {expected}"
                );
            }
        }
    }

    #[test]
    fn the_mass_of_a_cut_keeps_its_digits_in_both_tails() {
        check::<f64>(f64::EPSILON, f64::INFINITY);
        check::<f32>(f32::EPSILON.into(), FARTHEST_F32);
    }
}
