//! The list of the sampler's statistics of a draw, in ArviZ's names: a new one is a new entry.

use crate::draws::SampleStats;

/// Statistic of every draw.
#[derive(Debug)]
pub(super) struct Statistic {
    /// Name in the files.
    pub(super) name: &'static str,
    /// True where the arrays hold reals in single precision.
    single: bool,
    /// Values of all draws, `[chain, draw]`.
    pub(super) values: fn(&SampleStats) -> Values<'_>,
}

/// Values of a statistic, `[chain, draw]`.
#[derive(Clone, Copy, Debug)]
pub(super) enum Values<'s> {
    /// Real numbers.
    Reals(&'s [f64]),
    /// Counts.
    Counts(&'s [u32]),
    /// Truth values.
    Truths(&'s [bool]),
}

/// Integers of an object that was not sampled. Its reals are NaN, its truth values false.
pub(super) const ABSENT: i32 = -1;

/// Statistics in the order of the files. Densities and energies are double: differences of large
/// ones matter.
pub(super) const STATISTICS: [Statistic; 10] = [
    statistic("lp", |stats| Values::Reals(&stats.lp)),
    single("acceptance_rate", |stats| Values::Reals(&stats.acceptance_rate)),
    single("step_size", |stats| Values::Reals(&stats.step_size)),
    statistic("energy", |stats| Values::Reals(&stats.energy)),
    statistic("energy_error", |stats| Values::Reals(&stats.energy_error)),
    statistic("tree_depth", |stats| Values::Counts(&stats.tree_depth)),
    statistic("n_steps", |stats| Values::Counts(&stats.n_steps)),
    statistic("reached_max_treedepth", |stats| {
        Values::Truths(&stats.reached_max_treedepth)
    }),
    statistic("independence_accepted", |stats| {
        Values::Truths(&stats.independence_accepted)
    }),
    statistic("diverging", |stats| Values::Truths(&stats.diverging)),
];

const fn statistic(name: &'static str, values: fn(&SampleStats) -> Values<'_>) -> Statistic {
    Statistic {
        name,
        single: false,
        values,
    }
}

/// Statistic whose reals are single precision in the arrays.
const fn single(name: &'static str, values: fn(&SampleStats) -> Values<'_>) -> Statistic {
    Statistic {
        single: true,
        ..statistic(name, values)
    }
}

impl Statistic {
    /// Type of the values in numpy's notation.
    pub(super) fn dtype(&self) -> &'static str {
        match ((self.values)(&SampleStats::default()), self.single) {
            (Values::Reals(_), true) => "<f4",
            (Values::Reals(_), false) => "<f8",
            (Values::Counts(_), _) => "<i4",
            (Values::Truths(_), _) => "|b1",
        }
    }

    /// Bytes of a draw's value in the type of [`Statistic::dtype`]; without a draw, those of an
    /// absent value.
    pub(super) fn bytes(&self, draw: Option<(&SampleStats, usize)>) -> Vec<u8> {
        let none = SampleStats::default();
        let (stats, index) = draw.unwrap_or((&none, 0));
        match ((self.values)(stats), self.single) {
            (Values::Reals(values), true) => (at(values, index, f64::NAN) as f32).to_le_bytes().to_vec(),
            (Values::Reals(values), false) => at(values, index, f64::NAN).to_le_bytes().to_vec(),
            (Values::Counts(values), _) => {
                let count = values.get(index).map_or(ABSENT, |&count| count as i32);
                count.to_le_bytes().to_vec()
            }
            (Values::Truths(values), _) => vec![u8::from(at(values, index, false))],
        }
    }
}

/// Value at an index, or the value of an object that was not sampled.
fn at<T: Copy>(values: &[T], index: usize, absent: T) -> T {
    values.get(index).copied().unwrap_or(absent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_have_their_type_and_absent_ones_their_sign() {
        let stats = SampleStats {
            lp: vec![0.0, 1.5],
            acceptance_rate: vec![0.0, 0.25],
            step_size: vec![0.0, 0.5],
            tree_depth: vec![0, 3],
            n_steps: vec![0, 7],
            reached_max_treedepth: vec![false, true],
            independence_accepted: vec![false, true],
            diverging: vec![false, true],
            energy: vec![0.0, 2.5],
            energy_error: vec![0.0, -0.5],
        };
        let expected: [(&str, &str, &[u8], &[u8]); 10] = [
            ("lp", "<f8", &1.5_f64.to_le_bytes(), &f64::NAN.to_le_bytes()),
            (
                "acceptance_rate",
                "<f4",
                &0.25_f32.to_le_bytes(),
                &f32::NAN.to_le_bytes(),
            ),
            ("step_size", "<f4", &0.5_f32.to_le_bytes(), &f32::NAN.to_le_bytes()),
            ("energy", "<f8", &2.5_f64.to_le_bytes(), &f64::NAN.to_le_bytes()),
            (
                "energy_error",
                "<f8",
                &(-0.5_f64).to_le_bytes(),
                &f64::NAN.to_le_bytes(),
            ),
            ("tree_depth", "<i4", &3_i32.to_le_bytes(), &ABSENT.to_le_bytes()),
            ("n_steps", "<i4", &7_i32.to_le_bytes(), &ABSENT.to_le_bytes()),
            ("reached_max_treedepth", "|b1", &[1], &[0]),
            ("independence_accepted", "|b1", &[1], &[0]),
            ("diverging", "|b1", &[1], &[0]),
        ];
        for (statistic, (name, dtype, value, absent)) in STATISTICS.iter().zip(expected) {
            assert_eq!((statistic.name, statistic.dtype()), (name, dtype));
            assert_eq!(statistic.bytes(Some((&stats, 1))), value, "{name}");
            assert_eq!(statistic.bytes(None), absent, "{name}");
        }
    }

    #[test]
    fn the_manual_has_each_statistic() {
        let page = include_str!("../../docs/outputs.md");
        for statistic in &STATISTICS {
            let name = statistic.name;
            assert!(
                page.contains(&format!("`stats_{name}`")),
                "docs/outputs.md lacks stats_{name}"
            );
        }
    }
}
