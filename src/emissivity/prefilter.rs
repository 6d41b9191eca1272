//! Spline coefficients from nodes: natural cubic splines through values at uniform nodes.

/// Coefficients of the natural cubic B-spline through `values`, with one more at each end.
///
/// At node i the spline is (c₍ᵢ₋₁₎ + 4cᵢ + c₍ᵢ₊₁₎)/6 and its curvature c₍ᵢ₋₁₎ − 2cᵢ + c₍ᵢ₊₁₎ (de
/// Boor 1978, ch. IX). The curvature vanishes at both ends. So the end's coefficient equals the
/// end's value, and the coefficients continue linearly by one. The others follow from a tridiagonal
/// system (Thomas's algorithm).
pub(crate) fn natural(values: &[f64]) -> Vec<f64> {
    let n = values.len();
    let mut c = vec![0.0; n + 2];
    c[1] = values[0];
    c[n] = values[n - 1];
    let mut factor = vec![0.0; n];
    for i in 1..n - 1 {
        let pivot = 1.0 / (4.0 - factor[i - 1]);
        factor[i] = pivot;
        c[i + 1] = (6.0 * values[i] - c[i]) * pivot;
    }
    for i in (1..n - 1).rev() {
        c[i + 1] -= factor[i] * c[i + 2];
    }
    c[0] = 2.0 * c[1] - c[2];
    c[n + 1] = 2.0 * c[n] - c[n - 1];
    c
}

/// Coefficients of the tensor-product spline through `values` in rows of `columns`, with one more
/// row and column on each side.
pub(crate) fn tensor(values: &[f64], columns: usize) -> Vec<f64> {
    let along_n: Vec<Vec<f64>> = values.chunks_exact(columns).map(natural).collect();
    let stride = columns + 2;
    let mut coefs = vec![0.0; (along_n.len() + 2) * stride];
    for column in 0..stride {
        let values: Vec<f64> = along_n.iter().map(|row| row[column]).collect();
        for (row, coef) in natural(&values).into_iter().enumerate() {
            coefs[row * stride + column] = coef;
        }
    }
    coefs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn solves_for_the_nodes_and_no_curvature_at_the_ends() {
        let values = [1.0, -2.0, 0.5, 3.0, 2.0, -1.0, 4.0];
        let c = natural(&values);
        assert_eq!(c.len(), values.len() + 2);
        for (i, value) in values.iter().enumerate() {
            assert!(((c[i] + 4.0 * c[i + 1] + c[i + 2]) / 6.0 - value).abs() < 1e-14, "{i}");
        }
        for end in [0, values.len() - 1] {
            assert!((c[end] - 2.0 * c[end + 1] + c[end + 2]).abs() < 1e-14);
        }
    }

    #[test]
    fn two_nodes_make_a_straight_line() {
        assert_eq!(natural(&[1.0, 3.0]), [-1.0, 1.0, 3.0, 5.0]);
    }
}
