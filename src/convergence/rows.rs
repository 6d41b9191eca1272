//! Summary of the replicates at each point: bias and variance separately, diagnostics and cost on
//! average.

use super::{ESS_BULK, ESS_TAIL, MEAN, Measured, NESTED_R_HAT, Point, R_HAT, SD};

/// Names of the numbers in a row, in their order.
pub const COLUMNS: [&str; 19] = [
    "reference",
    "reference_sd",
    "reference_error",
    "mean",
    "mean_bias2",
    "mean_variance",
    "sd",
    "sd_bias2",
    "sd_variance",
    "r_hat",
    "nested_r_hat",
    "ess_bulk",
    "ess_tail",
    "ess_bulk_per_gradient",
    "ess_tail_per_gradient",
    "ess_bulk_per_second",
    "ess_tail_per_second",
    "gradients",
    "seconds",
];

/// One point of the grid and one parameter.
#[derive(Clone, Debug)]
pub struct Row<'m> {
    /// Point of the grid.
    pub point: Point,
    /// Name of the parameter.
    pub name: &'m str,
    /// Numbers of [`COLUMNS`].
    pub numbers: [f64; COLUMNS.len()],
}

impl Row<'_> {
    /// Number in one of [`COLUMNS`]; NaN for any other name.
    pub fn number(&self, column: &str) -> f64 {
        let place = COLUMNS.iter().position(|name| *name == column);
        place.map_or(f64::NAN, |place| self.numbers[place])
    }
}

/// Rows of all points and parameters; parameters change fastest.
///
/// With an estimate x from each of R replicates and the reference t, bias² = (x̄ − t)² and variance
/// = Σ (x − x̄)²/(R − 1). Without bias, chance makes bias² variance/R on average. All other numbers
/// are means over the replicates.
pub fn rows(measured: &Measured) -> impl Iterator<Item = Row<'_>> {
    let points = measured.grid.points().enumerate();
    points.flat_map(move |(at, point)| {
        let names = measured.names.iter().enumerate();
        names.map(move |(parameter, name)| Row {
            point,
            name,
            numbers: numbers(measured, at, parameter),
        })
    })
}

fn numbers(measured: &Measured, at: usize, parameter: usize) -> [f64; COLUMNS.len()] {
    let (replicates, width) = (measured.grid.replicates, measured.names.len());
    let runs = at * replicates..(at + 1) * replicates;
    let statistic = |which: usize| -> Vec<f64> {
        let values = runs
            .clone()
            .map(|run| measured.statistics[which][run * width + parameter]);
        values.collect()
    };
    let (gradients, seconds) = (&measured.gradients[runs.clone()], &measured.seconds[runs.clone()]);
    let per = |values: &[f64], cost: &[f64]| mean(values.iter().zip(cost).map(|(value, cost)| value / cost));
    let average = |values: &[f64]| mean(values.iter().copied());
    let reference = measured.references[parameter];
    let [mean_bias2, mean_variance] = bias2_and_variance(&statistic(MEAN), reference.mean);
    let [sd_bias2, sd_variance] = bias2_and_variance(&statistic(SD), reference.sd);
    let (bulk, tail) = (statistic(ESS_BULK), statistic(ESS_TAIL));
    [
        reference.mean,
        reference.sd,
        reference.error,
        average(&statistic(MEAN)),
        mean_bias2,
        mean_variance,
        average(&statistic(SD)),
        sd_bias2,
        sd_variance,
        average(&statistic(R_HAT)),
        average(&statistic(NESTED_R_HAT)),
        average(&bulk),
        average(&tail),
        per(&bulk, gradients),
        per(&tail, gradients),
        per(&bulk, seconds),
        per(&tail, seconds),
        average(gradients),
        average(seconds),
    ]
}

fn mean(values: impl ExactSizeIterator<Item = f64>) -> f64 {
    let size = values.len() as f64;
    values.sum::<f64>() / size
}

fn bias2_and_variance(estimates: &[f64], truth: f64) -> [f64; 2] {
    let centre = mean(estimates.iter().copied());
    let squares: f64 = estimates.iter().map(|x| (x - centre).powi(2)).sum();
    [(centre - truth).powi(2), squares / (estimates.len() as f64 - 1.0)]
}

#[cfg(test)]
mod tests {
    use super::super::{Grid, Reference};
    use super::*;

    /// Two points, two replicates, two parameters; every statistic counts its runs and parameters.
    #[test]
    fn replicates_are_those_of_their_point_and_parameter() {
        let grid = Grid {
            chains: vec![4],
            warmup: vec![50],
            draws: vec![10, 20],
            replicates: 2,
        };
        let values: Vec<f64> = (0..8).map(f64::from).collect();
        let measured = Measured {
            grid,
            names: vec!["a".to_owned(), "b".to_owned()],
            references: vec![
                Reference::truth(0.0),
                Reference {
                    mean: 3.0,
                    sd: 1.0,
                    error: 0.1,
                },
            ],
            statistics: std::array::from_fn(|_| values.clone()),
            gradients: vec![10.0, 10.0, 20.0, 40.0],
            seconds: vec![1.0; 4],
        };
        let found: Vec<Row<'_>> = rows(&measured).collect();
        assert_eq!(
            found.iter().map(|row| (row.point.draws, row.name)).collect::<Vec<_>>(),
            [(10, "a"), (10, "b"), (20, "a"), (20, "b")]
        );
        // Parameter b at 20 draws: 5 and 7.
        let last = &found[3];
        assert_eq!(
            ["mean", "mean_bias2", "mean_variance", "sd_bias2"].map(|c| last.number(c)),
            [6.0, 9.0, 2.0, 25.0]
        );
        assert_eq!(last.number("ess_tail_per_gradient"), 0.5 * (5.0 / 20.0 + 7.0 / 40.0));
        assert_eq!([last.number("gradients"), last.number("reference_error")], [30.0, 0.1]);
        // Parameter a at 10 draws: 0 and 2, against a true parameter, which has no sd.
        assert_eq!(found[0].number("mean_bias2"), 1.0);
        assert!(found[0].number("sd_bias2").is_nan() && found[0].number("colour").is_nan());
    }
}
