//! Several real numbers side by side, as arrays in plain loops that the compiler turns into the vectors of the processor it compiles for.

// Loops over indices become vectors whatever they stand in; iterators are calls that may not be inlined.
#![allow(clippy::needless_range_loop)]

use std::ops::{Add, Div, Mul, Neg, Sub};

use super::real::Real;

/// N numbers side by side.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(align(64))]
pub struct Lanes<T, const N: usize>(pub [T; N]);

/// A place of a table in each lane, and whether it is the same one in all.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Places<const N: usize> {
    of_lane: [u32; N],
    same: bool,
}

/// A single number, as a lane holds it.
pub trait Single: Real<Scalar = Self, Mask = bool, Place = u32> + PartialEq {}
impl Single for f64 {}
impl Single for f32 {}

impl<T: Single, const N: usize> Lanes<T, N> {
    #[inline(always)]
    fn map(self, f: impl Fn(T) -> T) -> Self {
        let mut out = self.0;
        for lane in 0..N {
            out[lane] = f(out[lane]);
        }
        Lanes(out)
    }

    #[inline(always)]
    fn zip(self, other: Self, f: impl Fn(T, T) -> T) -> Self {
        let mut out = self.0;
        for lane in 0..N {
            out[lane] = f(out[lane], other.0[lane]);
        }
        Lanes(out)
    }
}

macro_rules! operator {
    ($trait:ident, $name:ident) => {
        impl<T: Single, const N: usize> $trait for Lanes<T, N> {
            type Output = Self;
            #[inline(always)]
            fn $name(self, other: Self) -> Self {
                self.zip(other, T::$name)
            }
        }
    };
}
operator!(Add, add);
operator!(Sub, sub);
operator!(Mul, mul);
operator!(Div, div);

impl<T: Single, const N: usize> Neg for Lanes<T, N> {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        self.map(T::neg)
    }
}

impl<T: Single, const N: usize> Real for Lanes<T, N> {
    type Scalar = T;
    type Mask = [bool; N];
    type Place = Places<N>;

    #[inline(always)]
    fn spread(value: T) -> Self {
        Lanes([value; N])
    }
    #[inline(always)]
    fn constant(value: f64) -> Self {
        Lanes([T::constant(value); N])
    }
    #[inline(always)]
    fn min_positive() -> Self {
        Lanes([T::min_positive(); N])
    }
    #[inline(always)]
    fn mul_add(self, factor: Self, summand: Self) -> Self {
        let mut out = self.0;
        for lane in 0..N {
            out[lane] = self.0[lane].mul_add(factor.0[lane], summand.0[lane]);
        }
        Lanes(out)
    }
    #[inline(always)]
    fn exp(self) -> Self {
        self.map(T::exp)
    }
    #[inline(always)]
    fn moderate_exp(self) -> Self {
        self.map(T::moderate_exp)
    }
    #[inline(always)]
    fn ln(self) -> Self {
        self.map(T::ln)
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        self.map(T::sqrt)
    }
    #[inline(always)]
    fn abs(self) -> Self {
        self.map(T::abs)
    }
    #[inline(always)]
    fn floor(self) -> Self {
        self.map(T::floor)
    }
    #[inline(always)]
    fn min(self, other: Self) -> Self {
        self.zip(other, T::min)
    }
    #[inline(always)]
    fn max(self, other: Self) -> Self {
        self.zip(other, T::max)
    }
    #[inline(always)]
    fn lt(self, other: Self) -> [bool; N] {
        let mut out = [false; N];
        for lane in 0..N {
            out[lane] = self.0[lane].lt(other.0[lane]);
        }
        out
    }
    #[inline(always)]
    fn le(self, other: Self) -> [bool; N] {
        let mut out = [false; N];
        for lane in 0..N {
            out[lane] = self.0[lane].le(other.0[lane]);
        }
        out
    }
    #[inline(always)]
    fn select(mask: [bool; N], yes: Self, no: Self) -> Self {
        let mut out = no.0;
        for lane in 0..N {
            out[lane] = T::select(mask[lane], yes.0[lane], no.0[lane]);
        }
        Lanes(out)
    }
    #[inline(always)]
    fn any(mask: [bool; N]) -> bool {
        let mut any = false;
        for lane in mask {
            any |= lane;
        }
        any
    }
    #[inline(always)]
    fn place(row: Self, column: Self, stride: usize) -> Places<N> {
        let mut of_lane = [0; N];
        let mut same = true;
        for lane in 0..N {
            of_lane[lane] = T::place(row.0[lane], column.0[lane], stride);
            same &= of_lane[lane] == of_lane[0];
        }
        Places { of_lane, same }
    }
    #[inline(always)]
    fn shared(places: &Places<N>) -> Option<u32> {
        if places.same { Some(places.of_lane[0]) } else { None }
    }
    #[inline(always)]
    fn gather(table: &[T], places: &Places<N>) -> [Self; 16] {
        let mut out = [Self::zero(); 16];
        for lane in 0..N {
            let block = &table[places.of_lane[lane] as usize * 16..][..16];
            for k in 0..16 {
                out[k].0[lane] = block[k];
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use std::array::from_fn;

    use super::*;

    /// Every operation in a lane is that of a single number.
    #[test]
    fn lanes_do_what_single_numbers_do() {
        type L = Lanes<f64, 4>;
        let (a, b) = ([0.3, -1.7, 2.5, 40.0], [1.1, 0.2, -0.4, 7.0]);
        let check = |found: L, single: fn(f64, f64) -> f64| {
            let expected: [f64; 4] = from_fn(|lane| single(a[lane], b[lane]));
            assert_eq!(found.0.map(f64::to_bits), expected.map(f64::to_bits));
        };
        let (x, y) = (Lanes(a), Lanes(b));
        check(x + y, |a, b| a + b);
        check(x - y, |a, b| a - b);
        check(x * y, |a, b| a * b);
        check(x / y, |a, b| a / b);
        check(-x, |a, _| -a);
        check(x.mul_add(y, x), |a, b| a.mul_add(b, a));
        check(x.exp(), |a, _| Real::exp(a));
        check(x.abs().ln(), |a, _| Real::ln(a.abs()));
        check(y.abs().sqrt(), |_, b| b.abs().sqrt());
        check(x.floor(), |a, _| a.floor());
        check(x.min(y), f64::min);
        check(x.max(y), f64::max);
        check(L::select(x.lt(y), x, y), |a, b| if a < b { a } else { b });
        check(L::select(x.le(x), y, x), |_, b| b);
        assert!(L::any(x.lt(y)) && !L::any(x.lt(x)));
    }

    #[test]
    fn places_are_gathered_in_each_lane() {
        type L = Lanes<f64, 2>;
        let table: Vec<f64> = (0..320).map(f64::from).collect();
        let apart = L::place(Lanes([0.0, 2.0]), Lanes([1.0, 3.0]), 8);
        let same = L::place(Lanes([2.0, 2.0]), Lanes([3.0, 3.0]), 8);
        assert_eq!((L::shared(&apart), L::shared(&same)), (None, Some(19)));
        let found = L::gather(&table, &apart);
        for (k, lanes) in found.iter().enumerate() {
            assert_eq!(lanes.0, [16.0 + k as f64, 304.0 + k as f64]);
        }
    }
}
