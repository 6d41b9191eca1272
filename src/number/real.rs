//! Number of the model: one real number, or one in each of several lanes.
//!
//! Functions generic over [`Real`] never branch on a value. [`Real::select`] chooses instead, so
//! that the same text serves a single number and lanes side by side. Every operation of a lane is
//! that of the single number, bit for bit, on every processor. Sums and products are rounded one by
//! one. [`Real::mul_add`] is rounded once everywhere, and `exp` and `ln` are the program's own.

use std::fmt::Debug;
use std::ops::{Add, Div, Mul, Neg, Sub};

use super::elementary;
use super::spline::{self, POWERS};

/// Real number, or one in each lane.
pub trait Real:
    Copy + Debug + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> + Div<Output = Self> + Neg<Output = Self>
{
    /// Number of one lane, as records hold it.
    type Scalar: Real<Scalar = Self::Scalar> + PartialEq;
    /// Outcome of a comparison, in each lane.
    type Mask: Copy;
    /// Index of a cell of a table, in each lane.
    type Index: Copy + Debug + PartialEq;

    /// Puts one number into every lane.
    fn splat(value: Self::Scalar) -> Self;
    /// Number nearest to a constant of the source text, in every lane.
    fn constant(value: f64) -> Self;
    /// Smallest normal number.
    fn min_positive() -> Self;
    /// self · factor + summand, rounded once.
    fn mul_add(self, factor: Self, summand: Self) -> Self;
    /// eˣ.
    fn exp(self) -> Self;
    /// eˣ for |x| ≤ 80, the same bits as `exp` with less work.
    fn moderate_exp(self) -> Self;
    /// ln x.
    fn ln(self) -> Self;
    /// √x.
    fn sqrt(self) -> Self;
    /// |x|.
    fn abs(self) -> Self;
    /// Largest integer not above x, for |x| < 2²².
    fn floor(self) -> Self;
    /// Smaller of two numbers; `self` where either is NaN.
    fn min(self, other: Self) -> Self;
    /// Larger of two numbers; `self` where either is NaN.
    fn max(self, other: Self) -> Self;
    /// self < other.
    fn lt(self, other: Self) -> Self::Mask;
    /// self ≤ other.
    fn le(self, other: Self) -> Self::Mask;
    /// Returns `yes` where the mask holds, else `no`.
    fn select(mask: Self::Mask, yes: Self, no: Self) -> Self;
    /// True if the mask holds in any lane.
    fn any(mask: Self::Mask) -> bool;
    /// Index `row` · `stride` + `column` in a table, from integers from 0 to 2¹⁶.
    fn index(row: Self, column: Self, stride: usize) -> Self::Index;
    /// Value and derivatives of [`spline::surface`] in the cell at `index` of `cells`.
    fn surface(cells: &[[Self::Scalar; POWERS]], index: &Self::Index, u: Self, v: Self) -> [Self; 4];

    /// 0.
    #[inline(always)]
    fn zero() -> Self {
        Self::constant(0.0)
    }
    /// 1.
    #[inline(always)]
    fn one() -> Self {
        Self::constant(1.0)
    }
}

macro_rules! implement {
    ($float:ident, $exp:ident, $moderate_exp:ident, $ln:ident, $floor:ident) => {
        impl Real for $float {
            type Scalar = Self;
            type Mask = bool;
            type Index = u32;

            #[inline(always)]
            fn splat(value: Self) -> Self {
                value
            }
            #[inline(always)]
            fn constant(value: f64) -> Self {
                value as $float
            }
            #[inline(always)]
            fn min_positive() -> Self {
                $float::MIN_POSITIVE
            }
            #[inline(always)]
            fn mul_add(self, factor: Self, summand: Self) -> Self {
                $float::mul_add(self, factor, summand)
            }
            #[inline(always)]
            fn exp(self) -> Self {
                elementary::$exp(self)
            }
            #[inline(always)]
            fn moderate_exp(self) -> Self {
                elementary::$moderate_exp(self)
            }
            #[inline(always)]
            fn ln(self) -> Self {
                elementary::$ln(self)
            }
            #[inline(always)]
            fn sqrt(self) -> Self {
                $float::sqrt(self)
            }
            #[inline(always)]
            fn abs(self) -> Self {
                $float::abs(self)
            }
            #[inline(always)]
            fn floor(self) -> Self {
                elementary::$floor(self)
            }
            #[inline(always)]
            fn min(self, other: Self) -> Self {
                if other < self { other } else { self }
            }
            #[inline(always)]
            fn max(self, other: Self) -> Self {
                if other > self { other } else { self }
            }
            #[inline(always)]
            fn lt(self, other: Self) -> bool {
                self < other
            }
            #[inline(always)]
            fn le(self, other: Self) -> bool {
                self <= other
            }
            #[inline(always)]
            fn select(mask: bool, yes: Self, no: Self) -> Self {
                if mask { yes } else { no }
            }
            #[inline(always)]
            fn any(mask: bool) -> bool {
                mask
            }
            #[inline(always)]
            fn index(row: Self, column: Self, stride: usize) -> u32 {
                (row as u32) * stride as u32 + column as u32
            }
            #[inline(always)]
            fn surface(cells: &[[Self; POWERS]], index: &u32, u: Self, v: Self) -> [Self; 4] {
                spline::surface(&cells[*index as usize], u, v)
            }
        }
    };
}

implement!(f64, exp_f64, moderate_exp_f64, ln_f64, floor_f64);
implement!(f32, exp_f32, moderate_exp_f32, ln_f32, floor_f32);

/// Constant of the source text in the precision of the number.
#[inline(always)]
pub fn real<V: Real>(value: f64) -> V {
    V::constant(value)
}
