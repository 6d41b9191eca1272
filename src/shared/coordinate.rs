//! From a sampled coordinate to the physical quantity behind it, with derivatives and its prior.

use num_traits::Float;

use super::layout::{FIXED, HALF_CAUCHY, LOG_NORMAL, NORMAL, QUANTILE, Slot, UNBOUNDED};
use super::real;
use super::relation::relation;
use super::special::{bounded_exp, log_sigmoid, normal_cdf, normal_pdf, normal_quantile, sigmoid, softplus};
use super::wgsl::shared_constants;

shared_constants! {
    /// Bounds further than this many widths from the location cut nothing that either precision could hold.
    const EDGE: f64 = 40.0;
}

/// A slot at one point of its coordinate.
#[derive(Clone, Copy, Debug)]
pub struct SlotValue<F> {
    /// The physical quantity (log₁₀ of it where the slot says so).
    pub value: F,
    /// d value / d coordinate.
    pub d_coordinate: F,
    /// d value / d parent's value.
    pub d_parent: F,
    /// d value / d log₁₀ n_e of the relation's density.
    pub d_density: F,
    /// ln of the prior density in the coordinate, without its constant.
    pub logdensity: F,
    /// d logdensity / d coordinate.
    pub d_logdensity: F,
}

/// The slot's value at coordinate `z`, given its parent's value and the log₁₀ n_e that its relation reads.
pub fn slot_value<F: Float>(slot: &Slot<F>, z: F, parent: F, density: F) -> SlotValue<F> {
    let relation = relation(slot, parent, density);
    let mut out = match slot.kind {
        FIXED => SlotValue {
            value: relation[0],
            d_coordinate: F::zero(),
            d_parent: relation[1],
            d_density: relation[2],
            logdensity: F::zero(),
            d_logdensity: F::zero(),
        },
        QUANTILE => slot_quantile(slot, z, relation),
        _ => slot_softplus(slot, z),
    };
    if slot.log10 == 1 {
        let value = out.value.max(F::min_positive_value());
        let d_log10 = real::<F>(std::f64::consts::LOG10_E) / value;
        out.value = real::<F>(std::f64::consts::LOG10_E) * value.ln();
        out.d_coordinate = out.d_coordinate * d_log10;
        out.d_parent = out.d_parent * d_log10;
        out.d_density = out.d_density * d_log10;
    }
    out
}

/// The quantile of the truncated prior at Φ(z): the prior of z is Normal(0, 1) whatever the family.
fn slot_quantile<F: Float>(slot: &Slot<F>, z: F, relation: [F; 3]) -> SlotValue<F> {
    let [location, d_parent, d_density] = relation;
    let [value, d_coordinate, d_location] = match slot.family {
        NORMAL => truncated_normal(z, location, slot.width, slot.lower, slot.upper),
        LOG_NORMAL => {
            let [y, d_z, d_location] = truncated_normal(z, location, slot.width, slot.lower, slot.upper);
            let x = bounded_exp(y);
            [x, x * d_z, x * d_location]
        }
        HALF_CAUCHY => truncated_half_cauchy(z, slot.width, slot.lower, slot.upper),
        _ => truncated_uniform(z, slot.lower, slot.upper),
    };
    SlotValue {
        value: slot.offset + value,
        d_coordinate,
        d_parent: d_location * d_parent,
        d_density: d_location * d_density,
        logdensity: -real::<F>(0.5) * z * z,
        d_logdensity: -z,
    }
}

/// Quantile of Normal(location, width) cut to [lower, upper] at Φ(z), and its derivatives by z and by the location.
///
/// With n the untruncated normal score, p = Φ(α) + (Φ(β) − Φ(α)) Φ(z) = Φ(n): dn/dz = (Φ(β) − Φ(α)) φ(z)/φ(n). The smaller
/// of p and 1 − p is inverted, so that neither tail loses digits; both are held above the smallest normal number.
pub fn truncated_normal<F: Float>(z: F, location: F, width: F, lower: F, upper: F) -> [F; 3] {
    let unbounded = real::<F>(UNBOUNDED);
    if lower <= -unbounded && upper >= unbounded {
        return [location + width * z, width, F::one()];
    }
    let edge = real::<F>(EDGE);
    let alpha = ((lower - location) / width).max(-edge).min(edge);
    let beta = ((upper - location) / width).max(-edge).min(edge);
    let below = normal_cdf(alpha);
    let above = normal_cdf(-beta);
    let mass = if alpha > F::zero() {
        normal_cdf(-alpha) - above
    } else if beta < F::zero() {
        normal_cdf(beta) - below
    } else {
        F::one() - below - above
    };
    let left = normal_cdf(z);
    let right = normal_cdf(-z);
    let p = (below + mass * left).max(F::min_positive_value());
    let q = (above + mass * right).max(F::min_positive_value());
    let n = if p < q { normal_quantile(p) } else { -normal_quantile(q) };
    let half = real::<F>(0.5);
    let d_z = mass * (half * (n * n - z * z)).exp();
    let edges = (half * (n * n - alpha * alpha)).exp() * right + (half * (n * n - beta * beta)).exp() * left;
    [location + width * n, width * d_z, F::one() - edges]
}

/// Quantile of |Cauchy(0, width)| at Φ(z), with the probabilities `below` and `above` cut off.
fn truncated_half_cauchy<F: Float>(z: F, width: F, below: F, above: F) -> [F; 3] {
    let mass = F::one() - below - above;
    let p = below + mass * normal_cdf(z);
    let q = (above + mass * normal_cdf(-z)).max(F::min_positive_value());
    let quarter_turn = real::<F>(std::f64::consts::FRAC_PI_2);
    let tangent = if p < q {
        tan_octant(quarter_turn * p)
    } else {
        F::one() / tan_octant(quarter_turn * q)
    };
    let slope = (F::one() + tangent * tangent) * quarter_turn * mass * normal_pdf(z);
    [width * tangent, width * slope, F::zero()]
}

/// tan x for x in [0, π/4], by the Taylor series of sine and cosine to full double precision.
fn tan_octant<F: Float>(x: F) -> F {
    let y = x * x;
    let mut sine = F::one();
    let mut cosine = F::one();
    for k in [8.0, 7.0, 6.0, 5.0, 4.0, 3.0, 2.0, 1.0_f64] {
        sine = F::one() - sine * y / real(2.0 * k * (2.0 * k + 1.0));
        cosine = F::one() - cosine * y / real(2.0 * k * (2.0 * k - 1.0));
    }
    x * sine / cosine
}

/// Uniform(lower, upper) at Φ(z).
fn truncated_uniform<F: Float>(z: F, lower: F, upper: F) -> [F; 3] {
    let span = upper - lower;
    let value = if z < F::zero() {
        lower + span * normal_cdf(z)
    } else {
        upper - span * normal_cdf(-z)
    };
    [value, span * normal_pdf(z), F::zero()]
}

/// The smooth clamp x = lower + s [softplus(z) − softplus(z − h)], h = (upper − lower)/s, under an explicit prior density.
///
/// dx/dz = s [σ(z) − σ(z − h)] = s σ(z) σ(h − z) (1 − e^−h), whose constant factor is left to the problem's constant.
fn slot_softplus<F: Float>(slot: &Slot<F>, z: F) -> SlotValue<F> {
    let h = (slot.upper - slot.lower) / slot.scale;
    let x = slot.lower + slot.scale * (softplus(z) - softplus(z - h));
    let ln_slope = log_sigmoid(z) + log_sigmoid(h - z);
    let d_coordinate = slot.scale * ln_slope.exp() * (F::one() - (-h).exp());
    let [prior, d_prior] = log_prior(slot, x);
    SlotValue {
        value: slot.offset + x,
        d_coordinate,
        d_parent: F::zero(),
        d_density: F::zero(),
        logdensity: prior + ln_slope,
        d_logdensity: d_prior * d_coordinate + sigmoid(-z) - sigmoid(z - h),
    }
}

/// ln density of the slot's family at the variate x, without its constant, and its derivative.
pub fn log_prior<F: Float>(slot: &Slot<F>, x: F) -> [F; 2] {
    match slot.family {
        NORMAL => {
            let score = (x - slot.location) / slot.width;
            [-real::<F>(0.5) * score * score, -score / slot.width]
        }
        LOG_NORMAL => {
            let x = x.max(F::min_positive_value());
            let ln_x = x.ln();
            let score = (ln_x - slot.location) / slot.width;
            [
                -real::<F>(0.5) * score * score - ln_x,
                -(score / slot.width + F::one()) / x,
            ]
        }
        HALF_CAUCHY => {
            let y = x / slot.width;
            let one = F::one();
            [-(one + y * y).ln(), -real::<F>(2.0) * y / (slot.width * (one + y * y))]
        }
        _ => [F::zero(), F::zero()],
    }
}
