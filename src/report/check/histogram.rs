//! Percentiles of positive numbers in bounded memory: counts in equal steps of the logarithm.

/// Width of a step \[dex\]: a percentile is off by 0.5 % at most.
const STEP: f64 = 0.002;
/// First and last logarithm that have a step of their own.
const RANGE: [f64; 2] = [-6.0, 6.0];

/// Numbers counted in steps of their logarithm, with the first number of each step. Numbers below
/// all steps, negative ones among them, are counted together.
#[derive(Clone, Debug, Default)]
pub(super) struct Histogram {
    below: usize,
    steps: Vec<(u32, f32)>,
    count: usize,
}

impl Histogram {
    /// Counts a number; one that is not a number is left aside.
    pub(super) fn add(&mut self, value: f64) {
        if value.is_nan() {
            return;
        }
        self.count += 1;
        let [first, last] = RANGE;
        if value <= 10_f64.powf(first) {
            self.below += 1;
            return;
        }
        let steps = ((last - first) / STEP) as usize;
        self.steps.resize(steps, (0, 0.0));
        let step = ((value.log10() - first) / STEP) as usize;
        let (count, shown) = &mut self.steps[step.min(steps - 1)];
        if *count == 0 {
            *shown = value as f32;
        }
        *count = count.saturating_add(1);
    }

    /// The number below which a fraction of the numbers lies; 0 where that is at or below the first
    /// step, none without numbers.
    pub(super) fn quantile(&self, fraction: f64) -> Option<f64> {
        let last = self.count.checked_sub(1)?;
        let rank = (fraction * last as f64).round() as usize;
        let mut seen = self.below;
        if rank < seen {
            return Some(0.0);
        }
        let holds = |(count, _): &&(u32, f32)| {
            seen += *count as usize;
            rank < seen
        };
        self.steps.iter().find(holds).map(|(_, shown)| f64::from(*shown))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_those_of_the_numbers() {
        let mut histogram = Histogram::default();
        (1..=1001).for_each(|value| histogram.add(f64::from(value)));
        for (fraction, expected) in [(0.0, 1.0), (0.16, 161.0), (0.5, 501.0), (1.0, 1001.0)] {
            let found = histogram.quantile(fraction).unwrap();
            assert!((found / expected - 1.0).abs() < 5e-3, "{found} for {expected}");
        }
    }

    #[test]
    fn numbers_beyond_the_range_are_counted_at_its_ends() {
        let mut histogram = Histogram::default();
        assert_eq!(histogram.quantile(0.5), None);
        for value in [-3.0, 0.0, f64::NAN, 1e99, f64::INFINITY] {
            histogram.add(value);
        }
        assert_eq!(histogram.quantile(0.0), Some(0.0));
        assert!(histogram.quantile(1.0).is_some_and(|value| value > 0.99e6));
    }
}
