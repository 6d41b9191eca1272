//! Sorts draws: first into buckets of about one draw, of equal probability for a bell-shaped
//! quantity, then by insertion.

use super::sums::{mean, squares_about};

/// A value and its index among the draws.
pub(super) type Placed = (f64, u32);

/// Largest number of draws in a bucket that is not first sorted by comparisons.
const CROWDED: u32 = 24;

/// 2²³. A number from here to 2²⁴ has no fraction in f32, so its bits count up from those of 2²³.
const WHOLE: f32 = 8_388_608.0;
/// Most buckets, well below 2²³.
const MOST_BUCKETS: usize = 1 << 22;

/// Draws in ascending order, with the buffers for sorting.
#[derive(Debug, Default)]
pub(super) struct Order {
    /// Draws with their indices, ascending.
    pub(super) sorted: Vec<Placed>,
    /// Mean of the draws.
    pub(super) mean: f64,
    /// Variance of the draws, divided by n − 1.
    pub(super) variance: f64,
    buckets: Vec<u32>,
    ends: Vec<u32>,
}

impl Order {
    /// Replaces the content by `values`, sorted.
    pub(super) fn sort(&mut self, values: &[f64]) {
        self.mean = mean(values);
        let squares = squares_about(values, self.mean);
        self.variance = squares / (values.len() as f64 - 1.0);
        let crowd = self.count(values, (squares / values.len() as f64).sqrt());
        self.sorted.resize(values.len(), (0.0, 0));
        for ((place, &value), &bucket) in (0..).zip(values).zip(&self.buckets) {
            let end = &mut self.ends[bucket as usize];
            *end -= 1;
            self.sorted[*end as usize] = (value, place);
        }
        if crowd > CROWDED {
            self.sort_crowds();
        }
        insert(&mut self.sorted);
    }

    /// Finds the bucket of each value and the end of each bucket. Returns the size of the largest
    /// bucket.
    ///
    /// Buckets are of equal probability under Student's t with two degrees of freedom, F(z) = ½ +
    /// z/(2√(2 + z²)). That is close enough for any distribution with one peak, however long its
    /// tails. Values that are not finite, or a constant, fall into one bucket. A bucket need not be
    /// exact, so f32 suffices.
    fn count(&mut self, values: &[f64], sd: f64) -> u32 {
        let size = values.len().min(MOST_BUCKETS);
        let (half, last) = (0.5 * size as f32, size.saturating_sub(1) as f32);
        let (centre, scale) = (self.mean, 1.0 / sd);
        self.buckets.clear();
        self.buckets.extend(values.iter().map(|value| {
            let z = ((value - centre) * scale) as f32;
            let bucket = half + half * z / (2.0 + z * z).sqrt();
            let bucket = if bucket < last { bucket } else { last };
            (WHOLE + if bucket > 0.0 { bucket } else { 0.0 }).to_bits() - WHOLE.to_bits()
        }));
        self.ends.clear();
        self.ends.resize(size, 0);
        for bucket in &self.buckets {
            self.ends[*bucket as usize] += 1;
        }
        let (mut most, mut end) = (0, 0);
        for count in &mut self.ends {
            most = most.max(*count);
            end += *count;
            *count = end;
        }
        most
    }

    /// Sorts the crowded buckets; `ends` now holds their beginnings.
    fn sort_crowds(&mut self) {
        let mut end = self.sorted.len();
        for &begin in self.ends.iter().rev() {
            let bucket = &mut self.sorted[begin as usize..end];
            if bucket.len() > CROWDED as usize {
                bucket.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
            }
            end = begin as usize;
        }
    }
}

/// Sorts nearly sorted draws by insertion.
fn insert(sorted: &mut [Placed]) {
    for i in 1..sorted.len() {
        let moved = sorted[i];
        let mut to = i;
        while to > 0 && sorted[to - 1].0 > moved.0 {
            sorted[to] = sorted[to - 1];
            to -= 1;
        }
        sorted[to] = moved;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn assert_sorts(values: &[f64]) {
        let mut order = Order::default();
        order.sort(&[3.0, 1.0]);
        order.sort(values);
        let mut expected = values.to_vec();
        expected.sort_by(f64::total_cmp);
        let found: Vec<f64> = order.sorted.iter().map(|(value, _)| *value).collect();
        assert!(
            found
                .iter()
                .zip(&expected)
                .all(|(a, b)| a == b || a.is_nan() && b.is_nan()),
            "{found:?}"
        );
        let mut places: Vec<u32> = order.sorted.iter().map(|(_, place)| *place).collect();
        for (value, place) in &order.sorted {
            assert!(values[*place as usize].to_bits() == value.to_bits());
        }
        places.sort_unstable();
        assert!(places.into_iter().eq(0..values.len() as u32));
    }

    /// A bell, two distant peaks, one distant draw, few values, a constant, values that are not
    /// finite or overflow.
    #[test]
    fn any_draws_are_sorted() {
        let sequence = |n: u32| (0..n).map(move |i| f64::from(i * 7919 % n) / f64::from(n));
        let bell: Vec<f64> = sequence(1009).map(|u| (u / (1.0 - u + 1e-9)).ln()).collect();
        let few: Vec<f64> = sequence(500).map(|u| (3.0 * u).floor() - 1.0).collect();
        let mut far = bell.clone();
        far[17] = 1e12;
        let peaks: Vec<f64> = bell
            .iter()
            .enumerate()
            .map(|(i, v)| if i % 2 == 0 { v + 1e9 } else { *v })
            .collect();
        let mut gaps = bell.clone();
        gaps[3] = f64::NAN;
        gaps[5] = f64::NEG_INFINITY;
        for values in [
            bell,
            few,
            far,
            peaks,
            gaps,
            vec![2.5; 100],
            vec![1e300, -1e300, 1e305, 0.0],
            vec![1.0],
        ] {
            assert_sorts(&values);
        }
        assert_sorts(&[]);
    }
}
