//! A number with a bound on how far single precision on a device may be from it: the model, generic
//! over its float, run with these numbers yields each test's tolerance from its own operands.
//!
//! The bounds of each operation are those of the WGSL specification, section "Floating point
//! accuracy"; errors of operands are carried on to first order.

use std::ops::{Add, Div, Mul, Neg, Sub};

use crate::number::real::Real;
use crate::number::spline::{POWERS, surface};

/// One unit in the last place of 1.
const ULP: f64 = f32::EPSILON as f64;
/// Absolute error of the logarithm of 0.5 to 2.
const LOG_NEAR_ONE: f64 = 1.0 / 2_097_152.0;
/// Beyond this an error of an exponent says nothing.
const LARGEST_EXPONENT: f64 = 700.0;

/// A value in double precision and the most by which single precision may miss it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounded {
    pub(super) value: f64,
    pub(super) error: f64,
}

impl Bounded {
    /// A number that single precision holds exactly.
    pub(super) fn exact(value: f32) -> Self {
        Bounded {
            value: value.into(),
            error: 0.0,
        }
    }

    /// A result off by `ulps` of itself besides the `carried` error; what underflows may vanish.
    fn rounded(value: f64, carried: f64, ulps: f64) -> Self {
        Bounded {
            value,
            error: carried + ulps * ULP * value.abs() + f32::MIN_POSITIVE as f64,
        }
    }

    fn of(value: f64) -> Self {
        Bounded { value, error: 0.0 }
    }
}

impl Add for Bounded {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Bounded::rounded(self.value + other.value, self.error + other.error, 0.5)
    }
}

impl Sub for Bounded {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Bounded::rounded(self.value - other.value, self.error + other.error, 0.5)
    }
}

impl Mul for Bounded {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        let carried = self.error * (other.value.abs() + other.error) + self.value.abs() * other.error;
        Bounded::rounded(self.value * other.value, carried, 0.5)
    }
}

impl Div for Bounded {
    type Output = Self;
    fn div(self, other: Self) -> Self {
        let value = self.value / other.value;
        let carried = (self.error + value.abs() * other.error) / other.value.abs();
        Bounded::rounded(value, carried, 2.5)
    }
}

impl Neg for Bounded {
    type Output = Self;
    fn neg(self) -> Self {
        Bounded {
            value: -self.value,
            error: self.error,
        }
    }
}

impl PartialEq for Bounded {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl Real for Bounded {
    type Scalar = Self;
    type Mask = bool;
    type Index = u32;

    fn splat(value: Self) -> Self {
        value
    }
    /// Off by what single precision makes of it.
    fn constant(value: f64) -> Self {
        Bounded {
            value,
            error: (value - value as f32 as f64).abs(),
        }
    }
    fn min_positive() -> Self {
        Bounded::of(f32::MIN_POSITIVE.into())
    }
    /// WGSL rounds the product or does not: the bound is that of both roundings.
    fn mul_add(self, factor: Self, summand: Self) -> Self {
        self * factor + summand
    }
    fn floor(self) -> Self {
        Bounded::of(self.value.floor())
    }
    fn abs(self) -> Self {
        Bounded {
            value: self.value.abs(),
            error: self.error,
        }
    }
    fn max(self, other: Self) -> Self {
        if self.value < other.value { other } else { self }
    }
    fn min(self, other: Self) -> Self {
        if other.value < self.value { other } else { self }
    }
    fn sqrt(self) -> Self {
        let value = self.value.sqrt();
        Bounded::rounded(value, 0.5 * self.error / value, 3.0)
    }
    fn exp(self) -> Self {
        let value = self.value.exp();
        let carried = value * self.error.min(LARGEST_EXPONENT).exp_m1();
        Bounded::rounded(value, carried, 3.0 + 2.0 * self.value.abs())
    }
    fn moderate_exp(self) -> Self {
        self.exp()
    }
    fn ln(self) -> Self {
        let value = self.value.ln();
        let near_one = (0.5..=2.0).contains(&self.value);
        let carried = self.error / self.value + if near_one { LOG_NEAR_ONE } else { 0.0 };
        Bounded::rounded(value, carried, 3.0)
    }
    fn lt(self, other: Self) -> bool {
        self.value < other.value
    }
    fn le(self, other: Self) -> bool {
        self.value <= other.value
    }
    fn select(mask: bool, yes: Self, no: Self) -> Self {
        if mask { yes } else { no }
    }
    fn any(mask: bool) -> bool {
        mask
    }
    fn index(row: Self, column: Self, stride: usize) -> u32 {
        f64::index(row.value, column.value, stride)
    }
    fn surface(cells: &[[Self; POWERS]], index: &u32, u: Self, v: Self) -> [Self; 4] {
        surface(&cells[*index as usize], u, v)
    }
}
