//! Surfaces of four cells at once. Along v each cell's four cubics are side by side, as in the
//! table; along u the four cells are. The compiler makes no vectors of this by itself.

use super::real::Real;
use super::spline::{POWERS, SUPPORT, surface};

/// Values of [`surface`] in four cells of `cells`, each at its index, u and v, with the same bits.
#[inline(always)]
pub(super) fn surfaces(cells: &[[f64; POWERS]], indices: [u32; 4], u: [f64; 4], v: [f64; 4]) -> [[f64; 4]; 4] {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") && std::arch::is_x86_feature_detected!("fma") {
        let mut rows = [[0.0; 4]; 4];
        let mut slopes = rows;
        for lane in 0..4 {
            // SAFETY: the processor has what the functions are compiled for.
            [rows[lane], slopes[lane]] = unsafe { avx2::along_v(&cells[indices[lane] as usize], v[lane]) };
        }
        // SAFETY: as above.
        return unsafe { avx2::along_u(rows, slopes, u) };
    }
    one_by_one(cells, indices, u, v)
}

/// Surfaces of four cells, one cell after the other.
#[inline(always)]
pub(super) fn one_by_one<T: Real>(cells: &[[T; POWERS]], indices: [u32; 4], u: [T; 4], v: [T; 4]) -> [[T; 4]; 4] {
    let mut out = [[T::zero(); 4]; 4];
    for lane in 0..4 {
        let found = surface(&cells[indices[lane] as usize], u[lane], v[lane]);
        for k in 0..SUPPORT {
            out[k][lane] = found[k];
        }
    }
    out
}

#[cfg(target_arch = "x86_64")]
mod avx2 {
    use std::arch::x86_64::{
        __m256d, _mm256_fmadd_pd, _mm256_permute2f128_pd, _mm256_set1_pd, _mm256_setr_pd, _mm256_unpackhi_pd,
        _mm256_unpacklo_pd,
    };

    use super::POWERS;

    /// Values and slopes of the four cubics of v in a cell.
    #[inline]
    #[target_feature(enable = "avx2,fma")]
    pub(super) fn along_v(p: &[f64; POWERS], v: f64) -> [[f64; 4]; 2] {
        let four = |j: usize| _mm256_setr_pd(p[4 * j], p[4 * j + 1], p[4 * j + 2], p[4 * j + 3]);
        cubic([four(0), four(1), four(2), four(3)], _mm256_set1_pd(v)).map(bytemuck::cast)
    }

    /// Values and derivatives of four cells, from their cubics of v, cell by cell.
    #[inline]
    #[target_feature(enable = "avx2,fma")]
    pub(super) fn along_u(rows: [[f64; 4]; 4], slopes: [[f64; 4]; 4], u: [f64; 4]) -> [[f64; 4]; 4] {
        let u = bytemuck::cast(u);
        let [value, d_u] = cubic(transposed(rows.map(bytemuck::cast)), u);
        let [d_v, d_uv] = cubic(transposed(slopes.map(bytemuck::cast)), u);
        [value, d_u, d_v, d_uv].map(bytemuck::cast)
    }

    /// Values and slopes of four cubics, as `spline::cubic`.
    #[inline]
    #[target_feature(enable = "avx2,fma")]
    fn cubic(c: [__m256d; 4], x: __m256d) -> [__m256d; 2] {
        let second = _mm256_fmadd_pd(c[3], x, c[2]);
        let slope = _mm256_fmadd_pd(c[3], x, second);
        let value = _mm256_fmadd_pd(second, x, c[1]);
        [_mm256_fmadd_pd(value, x, c[0]), _mm256_fmadd_pd(slope, x, value)]
    }

    /// Transposes four rows.
    #[inline]
    #[target_feature(enable = "avx2")]
    fn transposed([a, b, c, d]: [__m256d; 4]) -> [__m256d; 4] {
        let [ab_even, ab_odd] = [_mm256_unpacklo_pd(a, b), _mm256_unpackhi_pd(a, b)];
        let [cd_even, cd_odd] = [_mm256_unpacklo_pd(c, d), _mm256_unpackhi_pd(c, d)];
        [
            _mm256_permute2f128_pd::<0x20>(ab_even, cd_even),
            _mm256_permute2f128_pd::<0x20>(ab_odd, cd_odd),
            _mm256_permute2f128_pd::<0x31>(ab_even, cd_even),
            _mm256_permute2f128_pd::<0x31>(ab_odd, cd_odd),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vectors_give_the_same_bits() {
        let cell = |cell: usize| std::array::from_fn(|k| ((cell * POWERS + k) as f64).sin());
        let cells: Vec<[f64; POWERS]> = (0..20).map(cell).collect();
        for indices in [[3, 3, 3, 3], [0, 19, 7, 2]] {
            let (u, v) = ([0.1, 0.9, 0.0, 0.4], [1.0, 0.3, 0.6, 0.2]);
            assert_eq!(surfaces(&cells, indices, u, v), one_by_one(&cells, indices, u, v));
        }
    }
}
