//! From a sampled coordinate to the physical quantity behind it, with derivatives and its prior.

use super::real::Real;

use super::layout::{FIXED, HALF_CAUCHY, LOG_NORMAL, NORMAL, QUANTILE, Slot, UNBOUNDED};
use super::real;
use super::relation::relation;
use super::special::{Logistic, bounded_exp, normal_cdf, normal_cdf_both, normal_pdf, normal_quantile};
use super::weak::slot_score;
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

impl<F: Real> SlotValue<F> {
    /// A value that nothing moves.
    #[inline(always)]
    pub(crate) fn still(value: F) -> Self {
        let zero = F::zero();
        SlotValue {
            value,
            d_coordinate: zero,
            d_parent: zero,
            d_density: zero,
            logdensity: zero,
            d_logdensity: zero,
        }
    }
}

/// What a normal prior loses to its bounds.
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
    /// Of Normal(location, width) cut to [lower, upper].
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

    /// Of a slot whose location is its own: the same wherever the slot stands.
    pub fn of(slot: &Slot<F>) -> Self {
        Cut::new(slot.location, slot.width, slot.lower, slot.upper)
    }

    /// The same in every lane.
    #[inline(always)]
    pub(crate) fn spread<V: Real<Scalar = F>>(&self) -> Cut<V> {
        Cut {
            alpha: V::spread(self.alpha),
            beta: V::spread(self.beta),
            below: V::spread(self.below),
            above: V::spread(self.above),
            mass: V::spread(self.mass),
        }
    }
}

/// The slot's value at coordinate `z`, given its parent's value and the log₁₀ n_e that its relation reads.
#[inline(always)]
pub fn slot_value<F: Real>(slot: &Slot<F>, z: F, parent: F, density: F) -> SlotValue<F> {
    slot_value_cut(slot, z, parent, density, None)
}

/// As [`slot_value`]; `cut` is [`Cut::of`] the slot where it is known beforehand, which is so unless the slot is tied.
#[inline(always)]
pub(crate) fn slot_value_cut<F: Real>(
    slot: &Slot<F>,
    z: F,
    parent: F,
    density: F,
    cut: Option<Cut<F>>,
) -> SlotValue<F> {
    let relation = relation(slot, parent, density);
    let mut out = match slot.kind {
        FIXED => SlotValue {
            d_parent: relation[1],
            d_density: relation[2],
            ..SlotValue::still(relation[0])
        },
        QUANTILE => slot_weak(slot, z, relation, cut),
        _ => slot_softplus(slot, z),
    };
    if slot.log10 == 1 {
        let value = out.value.max(F::min_positive());
        let d_log10 = real::<F>(std::f64::consts::LOG10_E) / value;
        out.value = real::<F>(std::f64::consts::LOG10_E) * value.ln();
        out.d_coordinate = out.d_coordinate * d_log10;
        out.d_parent = out.d_parent * d_log10;
        out.d_density = out.d_density * d_log10;
    }
    out
}

/// The quantile at the score that the coordinate x stands for.
#[inline(always)]
fn slot_weak<F: Real>(slot: &Slot<F>, x: F, relation: [F; 3], cut: Option<Cut<F>>) -> SlotValue<F> {
    let [z, slope, ln_slope, bend] = slot_score(slot, x);
    let at = slot_quantile(slot, z, relation, cut);
    SlotValue {
        d_coordinate: at.d_coordinate * slope,
        logdensity: at.logdensity + ln_slope,
        d_logdensity: at.d_logdensity * slope + bend,
        ..at
    }
}

/// The quantile of the truncated prior at Φ(z): the prior of z is Normal(0, 1) whatever the family.
#[inline(always)]
fn slot_quantile<F: Real>(slot: &Slot<F>, z: F, relation: [F; 3], cut: Option<Cut<F>>) -> SlotValue<F> {
    let [location, d_parent, d_density] = relation;
    let [value, d_coordinate, d_location] = match slot.family {
        NORMAL | LOG_NORMAL => {
            let [y, d_z, d_location] = truncated_normal(z, location, slot.width, slot.lower, slot.upper, cut);
            if slot.family == NORMAL {
                [y, d_z, d_location]
            } else {
                let x = bounded_exp(y);
                [x, x * d_z, x * d_location]
            }
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

/// Quantile of Normal(location, width) cut to [lower, upper] at Φ(z), and its derivatives by z and by the location, the latter 0
/// where the `cut` is known beforehand: nothing then moves the location.
///
/// With n the untruncated normal score, p = Φ(α) + (Φ(β) − Φ(α)) Φ(z) = Φ(n): dn/dz = (Φ(β) − Φ(α)) φ(z)/φ(n). The smaller
/// of p and 1 − p is inverted, so that neither tail loses digits; both are held above the smallest normal number.
#[inline(always)]
pub fn truncated_normal<F: Real>(z: F, location: F, width: F, lower: F, upper: F, cut: Option<Cut<F>>) -> [F; 3] {
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

/// Quantile of |Cauchy(0, width)| at Φ(z), with the probabilities `below` and `above` cut off.
#[inline(always)]
fn truncated_half_cauchy<F: Real>(z: F, width: F, below: F, above: F) -> [F; 3] {
    let mass = F::one() - below - above;
    let p = below + mass * normal_cdf(z);
    let q = (above + mass * normal_cdf(-z)).max(F::min_positive());
    let quarter_turn = real::<F>(std::f64::consts::FRAC_PI_2);
    let lower_half = p.lt(q);
    let tangent = tan_octant(quarter_turn * F::select(lower_half, p, q));
    let tangent = F::select(lower_half, tangent, F::one() / tangent);
    let slope = (F::one() + tangent * tangent) * quarter_turn * mass * normal_pdf(z);
    [width * tangent, width * slope, F::zero()]
}

/// tan x for x in [0, π/4], by the Taylor series of sine and cosine to full double precision.
#[inline(always)]
fn tan_octant<F: Real>(x: F) -> F {
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
#[inline(always)]
fn truncated_uniform<F: Real>(z: F, lower: F, upper: F) -> [F; 3] {
    let span = upper - lower;
    let part = span * normal_cdf(-z.abs());
    let value = F::select(z.lt(F::zero()), lower + part, upper - part);
    [value, span * normal_pdf(z), F::zero()]
}

/// The smooth clamp x = lower + s [softplus(z) − softplus(z − h)], h = (upper − lower)/s, under an explicit prior density.
///
/// dx/dz = s [σ(z) − σ(z − h)] = s σ(z) σ(h − z) (1 − e^−h), whose constant factor is left to the problem's constant. Without an
/// upper bound all that has h in it vanishes.
#[inline(always)]
fn slot_softplus<F: Real>(slot: &Slot<F>, z: F) -> SlotValue<F> {
    let at = Logistic::at(z);
    let mut x = at.softplus;
    let mut ln_slope = at.log_sigmoid;
    let mut slope = at.sigmoid;
    let mut d_ln_slope = at.sigmoid_of_minus;
    if F::any(slot.upper.lt(real(UNBOUNDED))) {
        let h = (slot.upper - slot.lower) / slot.scale;
        let beyond = Logistic::at(z - h);
        x = x - beyond.softplus;
        ln_slope = ln_slope - beyond.softplus;
        slope = slope * beyond.sigmoid_of_minus * (F::one() - (-h).exp());
        d_ln_slope = d_ln_slope - beyond.sigmoid;
    }
    let x = slot.scale.mul_add(x, slot.lower);
    let d_coordinate = slot.scale * slope;
    let [prior, d_prior] = log_prior(slot, x);
    SlotValue {
        value: slot.offset + x,
        d_coordinate,
        d_parent: F::zero(),
        d_density: F::zero(),
        logdensity: prior + ln_slope,
        d_logdensity: d_prior.mul_add(d_coordinate, d_ln_slope),
    }
}

/// ln density of the slot's family at the variate x, without its constant, and its derivative.
#[inline(always)]
pub fn log_prior<F: Real>(slot: &Slot<F>, x: F) -> [F; 2] {
    match slot.family {
        NORMAL => {
            let score = (x - slot.location) / slot.width;
            [-real::<F>(0.5) * score * score, -score / slot.width]
        }
        LOG_NORMAL => {
            let x = x.max(F::min_positive());
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
