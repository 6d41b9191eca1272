//! Uniform cubic B-splines of two variables: locate the cell, weigh its sixteen coefficients, sum.

use super::real::Real;

use super::real;

/// Coefficients that touch one cell along one axis.
pub const SUPPORT: usize = 4;

/// The cell of `x` on an axis of `nodes` nodes from `first`, 1/`inverse_step` apart, and the fraction of the cell
/// that lies below `x`. The cell is an integer held on the axis, 0 to nodes − 2; beyond the ends the fraction leaves 0 to 1,
/// and [`weights`] then extends linearly.
#[inline(always)]
pub fn locate<F: Real>(x: F, first: F, inverse_step: F, nodes: u32) -> (F, F) {
    let position = (x - first) * inverse_step;
    let last_cell = real::<F>(f64::from(nodes) - 2.0);
    let cell = position.max(F::zero()).min(last_cell).floor();
    (cell, position - cell)
}

/// Weights of a cell's four coefficients at `fraction` and their derivatives per cell: the uniform cubic B-spline
/// (de Boor 1978, A Practical Guide to Splines, ch. IX),
///
/// w = ((1−u)³, 3u³ − 6u² + 4, −3u³ + 3u² + 3u + 1, u³)/6.
///
/// Outside 0 to 1, which [`locate`] returns only beyond the ends of the axis, the value continues with the edge's
/// slope. Coefficients with natural ends have no curvature there, so the extension is C2.
#[inline(always)]
pub fn weights<F: Real>(fraction: F) -> ([F; SUPPORT], [F; SUPPORT]) {
    let one = F::one();
    let u = fraction.max(F::zero()).min(one);
    let beyond = fraction - u;
    let v = one - u;
    let half = real::<F>(0.5);
    let sixth = real::<F>(1.0 / 6.0);
    let two_thirds = real::<F>(2.0 / 3.0);
    let dw = [
        -half * v * v,
        u * (real::<F>(1.5) * u - real(2.0)),
        v * (real::<F>(2.0) - real::<F>(1.5) * v),
        half * u * u,
    ];
    let w = [
        sixth * v * v * v + beyond * dw[0],
        two_thirds + u * u * (half * u - one) + beyond * dw[1],
        two_thirds + v * v * (half * v - one) + beyond * dw[2],
        sixth * u * u * u + beyond * dw[3],
    ];
    (w, dw)
}

/// Value and first derivatives of a tensor-product spline from the coefficients that touch its cell, `c`(k, j) with k along T and j
/// along n. The derivatives are per unit of the `dwt`, `dwn` given: per cell as [`weights`] returns them, per unit of the axis
/// once these are multiplied by its inverse step.
#[inline(always)]
pub fn tensor<F: Real>(
    c: impl Fn(usize, usize) -> F,
    wt: &[F; SUPPORT],
    dwt: &[F; SUPPORT],
    wn: &[F; SUPPORT],
    dwn: &[F; SUPPORT],
) -> (F, F, F) {
    let (mut value, mut d_t, mut d_n) = (F::zero(), F::zero(), F::zero());
    for j in 0..SUPPORT {
        let column = [c(0, j), c(1, j), c(2, j), c(3, j)];
        let along_t = dot(&column, wt);
        value = along_t.mul_add(wn[j], value);
        d_t = dot(&column, dwt).mul_add(wn[j], d_t);
        d_n = along_t.mul_add(dwn[j], d_n);
    }
    (value, d_t, d_n)
}

#[inline(always)]
fn dot<F: Real>(a: &[F; SUPPORT], b: &[F; SUPPORT]) -> F {
    let first = a[1].mul_add(b[1], a[0] * b[0]);
    a[3].mul_add(b[3], a[2].mul_add(b[2], first))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_held_on_the_axis() {
        let cell = |x: f64| locate(x, 3.0, 10.0, 5);
        assert_eq!(cell(3.0).0, 0.0);
        assert_eq!(cell(3.25), (2.0, 0.5));
        assert_eq!(cell(3.4).0, 3.0);
        assert!((cell(3.4).1 - 1.0).abs() < 1e-14);
        assert_eq!((cell(2.5).0, cell(2.5).1), (0.0, -5.0));
        assert_eq!((cell(4.0).0, cell(4.0).1), (3.0, 7.0));
    }

    /// A partition of unity that reproduces straight lines, inside and beyond the cell.
    #[test]
    fn weights_reproduce_straight_lines() {
        for step in -20..=30 {
            let u = 0.1 * f64::from(step);
            let (w, dw) = weights(u);
            assert!((w.iter().sum::<f64>() - 1.0).abs() < 1e-14);
            assert!(dw.iter().sum::<f64>().abs() < 1e-15);
            let line = |w: [f64; 4]| -w[0] + w[2] + 2.0 * w[3];
            assert!((line(w) - u).abs() < 1e-14, "{u}");
            assert!((line(dw) - 1.0).abs() < 1e-15, "{u}");
        }
    }

    /// Value, slope and curvature of each weight at the end of a cell are its neighbour's at the start of the next.
    #[test]
    fn weights_are_continuous_across_a_knot() {
        let h = 1e-4;
        let (end, dend) = weights(1.0_f64);
        let (start, dstart) = weights(0.0_f64);
        let curve_end = weights(1.0 - h).1.map(|d| d / h);
        let curve_start = weights(h).1.map(|d| d / h);
        for k in 0..3 {
            assert!((end[k + 1] - start[k]).abs() < 1e-15);
            assert!((dend[k + 1] - dstart[k]).abs() < 1e-15);
            let (left, right) = (dend[k + 1] / h - curve_end[k + 1], curve_start[k] - dstart[k] / h);
            assert!((left - right).abs() < 4.0 * h, "{left} {right}"); // third derivatives are at most 3 in size
        }
        assert!(end[0].abs() < 1e-15 && start[3].abs() < 1e-15);
    }

    #[test]
    fn single_precision_follows_double() {
        for step in 0..=10 {
            let u = 0.1 * f64::from(step);
            let (double, single) = (weights(u), weights(u as f32));
            for k in 0..4 {
                assert!((double.0[k] - f64::from(single.0[k])).abs() < 4.0 * f64::from(f32::EPSILON));
                assert!((double.1[k] - f64::from(single.1[k])).abs() < 8.0 * f64::from(f32::EPSILON));
            }
        }
    }
}
