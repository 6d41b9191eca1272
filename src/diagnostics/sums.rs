//! Sums that vectorise: in lanes, so that no addition waits for the previous one.

/// Number of partial sums.
const LANES: usize = 8;

/// Σ f(xᵢ).
fn sum_of(values: &[f64], f: impl Fn(f64) -> f64) -> f64 {
    let (chunks, rest) = values.as_chunks::<LANES>();
    let mut sums = [0.0; LANES];
    for chunk in chunks {
        for (sum, &value) in sums.iter_mut().zip(chunk) {
            *sum += f(value);
        }
    }
    sums.iter().sum::<f64>() + rest.iter().map(|&value| f(value)).sum::<f64>()
}

/// Σ aᵢ bᵢ.
pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    let (a_chunks, a_rest) = a.as_chunks::<LANES>();
    let (b_chunks, b_rest) = b.as_chunks::<LANES>();
    let mut sums = [0.0; LANES];
    for (a, b) in a_chunks.iter().zip(b_chunks) {
        for (lane, sum) in sums.iter_mut().enumerate() {
            *sum += a[lane] * b[lane];
        }
    }
    sums.iter().sum::<f64>() + a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum::<f64>()
}

/// Arithmetic mean.
pub(super) fn mean(values: &[f64]) -> f64 {
    sum_of(values, |v| v) / values.len() as f64
}

/// Σ (xᵢ − centre)².
pub(super) fn squares_about(values: &[f64], centre: f64) -> f64 {
    sum_of(values, |v| (v - centre) * (v - centre))
}

/// Σ (xᵢ − centre)⁴.
pub(super) fn fourths_about(values: &[f64], centre: f64) -> f64 {
    sum_of(values, |v| {
        let square = (v - centre) * (v - centre);
        square * square
    })
}

/// Variance, divided by n − 1.
pub(super) fn variance(values: &[f64]) -> f64 {
    squares_about(values, mean(values)) / (values.len() as f64 - 1.0)
}

/// Largest minus smallest.
pub(super) fn range(values: &[f64]) -> f64 {
    let smaller = |a: f64, b: f64| if a < b { a } else { b };
    let larger = |a: f64, b: f64| if a > b { a } else { b };
    let (chunks, rest) = values.as_chunks::<LANES>();
    let (mut least, mut most) = ([f64::INFINITY; LANES], [f64::NEG_INFINITY; LANES]);
    for chunk in chunks {
        for lane in 0..LANES {
            least[lane] = smaller(chunk[lane], least[lane]);
            most[lane] = larger(chunk[lane], most[lane]);
        }
    }
    let least = least.iter().chain(rest).copied().fold(f64::INFINITY, smaller);
    let most = most.iter().chain(rest).copied().fold(f64::NEG_INFINITY, larger);
    most - least
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lanes_and_the_rest_are_all_counted() {
        for size in 2..20 {
            let values: Vec<f64> = (0..size).map(|i| f64::from(i * i % 7)).collect();
            let plain: f64 = values.iter().sum();
            assert_eq!(mean(&values), plain / f64::from(size));
            assert_eq!(dot(&values, &values), values.iter().map(|v| v * v).sum::<f64>());
            assert_eq!(
                squares_about(&values, 1.0),
                values.iter().map(|v| (v - 1.0).powi(2)).sum::<f64>()
            );
            let most = values.iter().copied().fold(0.0, f64::max);
            assert_eq!(range(&values), most);
        }
        assert_eq!(variance(&[1.0, 2.0, 3.0, 4.0]), 5.0 / 3.0);
    }
}
