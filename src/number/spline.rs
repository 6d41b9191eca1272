//! Uniform cubic B-splines of two variables: the cell of a point, its sixteen coefficients as
//! powers, and the value.

use super::real::Real;

use super::real;

/// Number of coefficients that touch one cell along one axis.
pub const SUPPORT: usize = 4;
/// Number of coefficients of one cell; that of uⁱ vʲ has the index i + 4j.
pub const POWERS: usize = SUPPORT * SUPPORT;

/// Cell of `x` on an axis of `nodes` nodes from `first`, 1/`inverse_step` apart: an integer, 0 to
/// nodes − 2. The second number is the fraction of the cell that lies below `x`, held in 0 to 1.
/// The third is the rest, which is zero inside the axis.
#[inline(always)]
pub fn locate<F: Real>(x: F, first: F, inverse_step: F, nodes: u32) -> (F, F, F) {
    let position = (x - first) * inverse_step;
    let last_cell = real::<F>(f64::from(nodes) - 2.0);
    let cell = position.max(F::zero()).min(last_cell).floor();
    let fraction = position - cell;
    let held = fraction.max(F::zero()).min(F::one());
    (cell, held, fraction - held)
}

/// Cubic between two nodes in powers of the fraction, from the four coefficients of B-splines that
/// touch it. Their weights are ((1−u)³, 3u³ − 6u² + 4, −3u³ + 3u² + 3u + 1, u³)/6 (de Boor 1978, A
/// Practical Guide to Splines, ch. IX).
fn along<F: Real>([a, b, c, d]: [F; SUPPORT]) -> [F; SUPPORT] {
    let (half, sixth) = (real::<F>(0.5), real::<F>(1.0 / 6.0));
    [
        sixth * (a + c) + real::<F>(2.0 / 3.0) * b,
        half * (c - a),
        half * (a + c) - b,
        sixth * (d - a) + half * (b - c),
    ]
}

/// Coefficients of uⁱ vʲ in a cell, from the coefficients `c`(i, j) of the B-splines that touch it,
/// i along u and j along v.
pub fn powers<F: Real>(c: impl Fn(usize, usize) -> F) -> [F; POWERS] {
    let mut out = [F::zero(); POWERS];
    for i in 0..SUPPORT {
        let row = along([c(i, 0), c(i, 1), c(i, 2), c(i, 3)]);
        for j in 0..SUPPORT {
            out[i + SUPPORT * j] = row[j];
        }
    }
    for column in out.as_chunks_mut().0 {
        *column = along(*column);
    }
    out
}

/// Σ p(i + 4j) uⁱ vʲ from a cell's coefficients, and its derivatives with respect to u, to v, and
/// to both. Horner's scheme runs along v, then along u.
#[inline(always)]
pub fn surface<F: Real>(p: &[F; POWERS], u: F, v: F) -> [F; 4] {
    surface_of(|k| p[k], u, v)
}

/// Surface as [`surface`], from coefficients that `p` gives for k = i + 4j.
#[inline(always)]
pub(super) fn surface_of<F: Real>(p: impl Fn(usize) -> F, u: F, v: F) -> [F; 4] {
    let mut rows = [F::zero(); SUPPORT];
    let mut slopes = [F::zero(); SUPPORT];
    for i in 0..SUPPORT {
        [rows[i], slopes[i]] = cubic(&[p(i), p(4 + i), p(8 + i), p(12 + i)], v);
    }
    let [value, d_u] = cubic(&rows, u);
    let [d_v, d_uv] = cubic(&slopes, u);
    [value, d_u, d_v, d_uv]
}

/// Σ cₖ xᵏ and its derivative.
#[inline(always)]
fn cubic<F: Real>(c: &[F; SUPPORT], x: F) -> [F; 2] {
    let second = c[3].mul_add(x, c[2]);
    let slope = c[3].mul_add(x, second);
    let value = second.mul_add(x, c[1]);
    [value.mul_add(x, c[0]), slope.mul_add(x, value)]
}

/// Surface at the edge of a cell, extended by `beyond` along u and v: the value goes on with the
/// slope of the edge. Coefficients with natural ends have no curvature there, so the extension is
/// C2.
#[inline(always)]
pub fn extended<F: Real>([value, d_u, d_v, d_uv]: [F; 4], [beyond_u, beyond_v]: [F; 2]) -> [F; 3] {
    let along_u = beyond_v.mul_add(d_uv, d_u);
    let along_v = beyond_u.mul_add(d_uv, d_v);
    [
        beyond_u.mul_add(d_u, beyond_v.mul_add(along_v, value)),
        along_u,
        along_v,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_held_on_the_axis() {
        let cell = |x: f64| locate(x, 3.0, 10.0, 5);
        assert_eq!(cell(3.0), (0.0, 0.0, 0.0));
        assert_eq!(cell(3.25), (2.0, 0.5, 0.0));
        assert_eq!(cell(3.4).0, 3.0);
        assert!((cell(3.4).1 - 1.0).abs() < 1e-14);
        assert_eq!(cell(2.5), (0.0, 0.0, -5.0));
        assert_eq!(cell(4.0), (3.0, 1.0, 6.0));
    }

    /// Coefficients without a pattern.
    fn c(i: usize, j: usize) -> f64 {
        ((7 * i + 3 * j) as f64).sin()
    }

    /// Weights of the B-splines at a fraction, and their derivatives.
    fn weights(u: f64) -> [[f64; 4]; 2] {
        let v = 1.0 - u;
        let w = [
            v * v * v,
            3.0 * u * u * u - 6.0 * u * u + 4.0,
            3.0 * v * v * v - 6.0 * v * v + 4.0,
            u * u * u,
        ];
        let dw = [
            -3.0 * v * v,
            9.0 * u * u - 12.0 * u,
            12.0 * v - 9.0 * v * v,
            3.0 * u * u,
        ];
        [w, dw].map(|weights| weights.map(|weight| weight / 6.0))
    }

    /// Σ c(i, j) wᵢ(u) wⱼ(v) and its derivatives.
    #[test]
    fn powers_give_what_the_b_splines_give() {
        let p = powers(c);
        let sum = |a: [f64; 4], b: [f64; 4]| -> f64 { (0..16).map(|k| c(k / 4, k % 4) * a[k / 4] * b[k % 4]).sum() };
        for step in 0..=100 {
            let (u, v) = (0.1 * f64::from(step / 10), 0.1 * f64::from(step % 10));
            let ([wu, dwu], [wv, dwv]) = (weights(u), weights(v));
            let truth = [sum(wu, wv), sum(dwu, wv), sum(wu, dwv), sum(dwu, dwv)];
            for (found, truth) in surface(&p, u, v).into_iter().zip(truth) {
                assert!((found - truth).abs() < 64.0 * f64::EPSILON, "{u} {v}: {found} {truth}");
            }
        }
    }

    /// Value, slope and curvature at the end of a cell are those at the start of the next.
    #[test]
    fn neighbours_join_smoothly() {
        let (here, next) = (powers(c), powers(|i, j| c(i + 1, j)));
        let h = 1e-4;
        for v in [0.0, 0.3, 1.0] {
            let (end, start) = (surface(&here, 1.0, v), surface(&next, 0.0, v));
            for (end, start) in end.iter().zip(start) {
                assert!((end - start).abs() < 64.0 * f64::EPSILON, "{end} {start}");
            }
            let left = (end[1] - surface(&here, 1.0 - h, v)[1]) / h;
            let right = (surface(&next, h, v)[1] - start[1]) / h;
            assert!((left - right).abs() < 16.0 * h, "{left} {right}"); // third derivatives are at most 8 in size
        }
    }

    /// Straight lines continue unchanged, and any cell continues along the tangents of its edge.
    #[test]
    fn the_extension_is_linear() {
        let line = powers(|i, j| 2.0 * i as f64 - 0.5 * j as f64);
        for (u, v, beyond) in [(0.0, 1.0, [-2.0, 3.0]), (1.0, 0.4, [5.0, 0.0])] {
            let [value, d_u, d_v] = extended(surface(&line, u, v), beyond);
            let truth = 2.0 * (1.0 + u + beyond[0]) - 0.5 * (1.0 + v + beyond[1]);
            assert!((value - truth).abs() < 1e-13 && (d_u - 2.0).abs() < 1e-13 && (d_v + 0.5).abs() < 1e-13);
        }
        let p = powers(c);
        let edge = surface(&p, 1.0, 0.0);
        let at = |beyond: [f64; 2]| extended(edge, beyond);
        assert_eq!(at([0.0; 2]), edge[..3]);
        let h = 1e-3;
        for beyond in [[0.7, 0.0], [0.0, -2.0], [1.5, -0.3]] {
            let slope_u = (at([beyond[0] + h, beyond[1]])[0] - at([beyond[0] - h, beyond[1]])[0]) / (2.0 * h);
            let slope_v = (at([beyond[0], beyond[1] + h])[0] - at([beyond[0], beyond[1] - h])[0]) / (2.0 * h);
            let [_, d_u, d_v] = at(beyond);
            assert!(
                (slope_u - d_u).abs() < 1e-11 && (slope_v - d_v).abs() < 1e-11,
                "{beyond:?}"
            );
        }
    }

    #[test]
    fn single_precision_follows_double() {
        let (double, single) = (powers(c), powers(|i, j| c(i, j) as f32));
        for step in 0..=10 {
            let u = 0.1 * f64::from(step);
            let truth = surface(&double, u, 0.3);
            let found = surface(&single, u as f32, 0.3);
            for (found, truth) in found.into_iter().zip(truth) {
                assert!((f64::from(found) - truth).abs() < 64.0 * f64::from(f32::EPSILON));
            }
        }
    }
}
