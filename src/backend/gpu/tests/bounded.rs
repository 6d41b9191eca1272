//! A number with a bound on how far single precision on a device may be from it: the model, generic over its float, run
//! with these numbers yields each test's tolerance from its own operands.
//!
//! The bounds of each operation are those of the WGSL specification, section "Floating point accuracy"; errors of operands
//! are carried on to first order.

use std::cmp::Ordering;
use std::num::FpCategory;
use std::ops::{Add, Div, Mul, Neg, Rem, Sub};

use num_traits::{Float, Num, NumCast, One, ToPrimitive, Zero};

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

impl Rem for Bounded {
    type Output = Self;
    fn rem(self, _: Self) -> Self {
        unimplemented!("not in the model")
    }
}

impl PartialEq for Bounded {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl PartialOrd for Bounded {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        self.value.partial_cmp(&other.value)
    }
}

impl Zero for Bounded {
    fn zero() -> Self {
        Bounded::of(0.0)
    }
    fn is_zero(&self) -> bool {
        self.value == 0.0
    }
}

impl One for Bounded {
    fn one() -> Self {
        Bounded::of(1.0)
    }
}

impl Num for Bounded {
    type FromStrRadixErr = ();
    fn from_str_radix(_: &str, _: u32) -> Result<Self, ()> {
        unimplemented!("not in the model")
    }
}

impl ToPrimitive for Bounded {
    fn to_i64(&self) -> Option<i64> {
        self.value.to_i64()
    }
    fn to_u64(&self) -> Option<u64> {
        self.value.to_u64()
    }
    fn to_f64(&self) -> Option<f64> {
        Some(self.value)
    }
}

impl NumCast for Bounded {
    /// Off by what single precision makes of it.
    fn from<T: ToPrimitive>(number: T) -> Option<Self> {
        let value = number.to_f64()?;
        Some(Bounded {
            value,
            error: (value - value as f32 as f64).abs(),
        })
    }
}

macro_rules! not_in_the_model {
    ($($name:ident($($arguments:tt)*) -> $out:ty;)+) => {
        $(fn $name($($arguments)*) -> $out { unimplemented!("not in the model") })+
    };
}

impl Float for Bounded {
    fn nan() -> Self {
        Bounded::of(f64::NAN)
    }
    fn min_positive_value() -> Self {
        Bounded::of(f32::MIN_POSITIVE.into())
    }
    fn is_finite(self) -> bool {
        self.value.is_finite() && self.error.is_finite()
    }
    fn floor(self) -> Self {
        Bounded::of(self.value.floor())
    }
    fn trunc(self) -> Self {
        Bounded::of(self.value.trunc())
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
    fn ln(self) -> Self {
        let value = self.value.ln();
        let near_one = (0.5..=2.0).contains(&self.value);
        let carried = self.error / self.value + if near_one { LOG_NEAR_ONE } else { 0.0 };
        Bounded::rounded(value, carried, 3.0)
    }
    not_in_the_model! {
        infinity() -> Self; neg_infinity() -> Self; neg_zero() -> Self; min_value() -> Self; max_value() -> Self;
        is_nan(self) -> bool; is_infinite(self) -> bool; is_normal(self) -> bool; classify(self) -> FpCategory;
        ceil(self) -> Self; round(self) -> Self; fract(self) -> Self; signum(self) -> Self;
        is_sign_positive(self) -> bool; is_sign_negative(self) -> bool; mul_add(self, _: Self, _: Self) -> Self;
        recip(self) -> Self; powi(self, _: i32) -> Self; powf(self, _: Self) -> Self; exp2(self) -> Self;
        log(self, _: Self) -> Self; log2(self) -> Self; log10(self) -> Self; abs_sub(self, _: Self) -> Self;
        cbrt(self) -> Self; hypot(self, _: Self) -> Self; sin(self) -> Self; cos(self) -> Self;
        tan(self) -> Self; asin(self) -> Self; acos(self) -> Self; atan(self) -> Self;
        atan2(self, _: Self) -> Self; sin_cos(self) -> (Self, Self); exp_m1(self) -> Self; ln_1p(self) -> Self;
        sinh(self) -> Self; cosh(self) -> Self; tanh(self) -> Self; asinh(self) -> Self;
        acosh(self) -> Self; atanh(self) -> Self; integer_decode(self) -> (u64, i16, i8);
    }
}
