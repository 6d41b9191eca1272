//! Several real numbers side by side, as arrays in plain loops. The compiler turns these into the
//! vectors of its target processor.

// Loops over indices become vectors everywhere; iterators are calls that may not be inlined.
#![allow(clippy::needless_range_loop)]

use std::ops::{Add, Div, Mul, Neg, Sub};

use super::fours;
use super::real::Real;
use super::spline::{POWERS, surface_of};

/// Lanes: N numbers side by side.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(align(64))]
pub struct Lanes<T, const N: usize>(pub [T; N]);

/// Number of a single lane.
pub trait Single: Real<Scalar = Self, Mask = bool, Index = u32> + PartialEq {
    /// [`Real::surface`] in four cells.
    fn surfaces(cells: &[[Self; POWERS]], indices: [u32; 4], u: [Self; 4], v: [Self; 4]) -> [[Self; 4]; 4];
}

impl Single for f64 {
    #[inline(always)]
    fn surfaces(cells: &[[f64; POWERS]], indices: [u32; 4], u: [f64; 4], v: [f64; 4]) -> [[f64; 4]; 4] {
        fours::surfaces(cells, indices, u, v)
    }
}

impl Single for f32 {
    #[inline(always)]
    fn surfaces(cells: &[[f32; POWERS]], indices: [u32; 4], u: [f32; 4], v: [f32; 4]) -> [[f32; 4]; 4] {
        fours::one_by_one(cells, indices, u, v)
    }
}

impl<const N: usize> Lanes<f64, N> {
    /// Each in single precision.
    #[inline(always)]
    pub fn narrowed(self) -> Lanes<f32, N> {
        let mut out = [0.0; N];
        for lane in 0..N {
            out[lane] = self.0[lane] as f32;
        }
        Lanes(out)
    }
}

impl<const N: usize> Lanes<f32, N> {
    /// Each in double precision.
    #[inline(always)]
    pub fn widened(self) -> Lanes<f64, N> {
        let mut out = [0.0; N];
        for lane in 0..N {
            out[lane] = f64::from(self.0[lane]);
        }
        Lanes(out)
    }
}

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
    type Index = [u32; N];

    #[inline(always)]
    fn splat(value: T) -> Self {
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
    fn index(row: Self, column: Self, stride: usize) -> [u32; N] {
        let mut indices = [0; N];
        for lane in 0..N {
            indices[lane] = T::index(row.0[lane], column.0[lane], stride);
        }
        indices
    }
    /// If all lanes share a cell, its coefficients are read once, with the same bits. Eight lanes
    /// of one object are in 3.6 cells on average in a survey of `simulate`, and in one of eleven
    /// evaluations in one. Most often the density differs.
    #[inline(always)]
    fn surface(cells: &[[T; POWERS]], indices: &[u32; N], u: Self, v: Self) -> [Self; 4] {
        let mut differ = 0;
        for index in indices {
            differ |= index ^ indices[0];
        }
        if differ == 0 {
            let cell = &cells[indices[0] as usize];
            return surface_of(|k| Self::splat(cell[k]), u, v);
        }
        let mut out = [Self::zero(); 4];
        let fours = N / 4 * 4;
        for first in (0..fours).step_by(4) {
            let (mut of_indices, mut of_u, mut of_v) = ([0; 4], [u.0[0]; 4], [v.0[0]; 4]);
            for k in 0..4 {
                (of_indices[k], of_u[k], of_v[k]) = (indices[first + k], u.0[first + k], v.0[first + k]);
            }
            let found = T::surfaces(cells, of_indices, of_u, of_v);
            for k in 0..4 {
                out[k].0[first..first + 4].copy_from_slice(&found[k]);
            }
        }
        for lane in fours..N {
            let found = T::surface(cells, &indices[lane], u.0[lane], v.0[lane]);
            for k in 0..4 {
                out[k].0[lane] = found[k];
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

    /// Lanes in one cell and in several, in numbers below, at and above those that are taken at a
    /// time.
    #[test]
    fn each_lane_has_the_surface_of_its_cell() {
        fn check<T: Single + std::fmt::Debug, const N: usize>(in_several_cells: bool) {
            let number = |value: f64| T::constant(value);
            let cell = |cell: usize| from_fn(|k| number(((cell * POWERS + k) as f64).sin()));
            let cells: Vec<[T; POWERS]> = (0..20).map(cell).collect();
            let u = Lanes(from_fn(|lane| number(0.06 * lane as f64)));
            let v = Lanes(from_fn(|lane| number(0.97 - 0.06 * lane as f64)));
            let row = Lanes(from_fn(|lane| {
                number(if in_several_cells { (lane % 3) as f64 } else { 2.0 })
            }));
            let column = Lanes(from_fn(|lane| {
                number(if in_several_cells { (lane % 5) as f64 } else { 3.0 })
            }));
            let indices = Lanes::<T, N>::index(row, column, 6);
            let found = Lanes::surface(&cells, &indices, u, v);
            for lane in 0..N {
                let index = T::index(row.0[lane], column.0[lane], 6);
                let expected = T::surface(&cells, &index, u.0[lane], v.0[lane]);
                assert_eq!(found.map(|part| part.0[lane]), expected, "lane {lane} of {N}");
            }
        }
        for in_several_cells in [false, true] {
            check::<f64, 2>(in_several_cells);
            check::<f64, 4>(in_several_cells);
            check::<f64, 6>(in_several_cells);
            check::<f64, 8>(in_several_cells);
            check::<f32, 6>(in_several_cells);
            check::<f32, 16>(in_several_cells);
        }
    }
}
