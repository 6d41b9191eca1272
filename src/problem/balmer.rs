//! Balmer ratios against case B: agreement of all of them means fluxes without reddening.

use crate::line::LineList;
use crate::table::{Measurement, Object};

/// Lines and their fluxes relative to Hβ in case B at 10⁴ K and 100 cm⁻³ (Storey & Hummer 1995,
/// MNRAS 272, 41).
const CASE_B: [(&str, f64); 3] = [("H1_6563A", 2.863), ("H1_4341A", 0.468), ("H1_4102A", 0.259)];
/// Least tolerance, as a fraction of a ratio: temperatures from 8,000 to 15,000 K.
const TOLERANCE: f64 = 0.03;
/// Standard deviations towards the red within which a ratio agrees.
const RED: f64 = 2.0;
/// Standard deviations towards the blue, where no dust takes a ratio.
const BLUE: f64 = 3.0;
/// Standard deviations to either side for an assumed error, which measures no scatter.
const ASSUMED: f64 = 1.0;
/// Largest relative error of a ratio that tells case B from reddening.
const TELLING: f64 = 0.05;
/// Relative difference at which an error counts as the assumed one.
const SAME: f64 = 1e-6;

/// A flux relative to Hβ.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Ratio {
    pub(super) value: f64,
    /// Standard error, with the error of Hβ.
    pub(super) sigma: f64,
    /// Relative error of the line alone.
    relative: f64,
    /// True for an error that is an assumed fraction of the flux.
    assumed: bool,
}

/// Places of the Balmer lines in a list, and the fraction that stands in for errors.
#[derive(Clone, Debug)]
pub(super) struct Balmer {
    lines: [Option<usize>; CASE_B.len()],
    assumed: Option<f64>,
}

impl Balmer {
    pub(super) fn new(list: &LineList, assumed: Option<f64>) -> Balmer {
        Balmer {
            lines: CASE_B.map(|(label, _)| list.position(label)),
            assumed,
        }
    }

    /// Hα, Hγ and Hδ relative to Hβ, where measured by themselves and above zero.
    pub(super) fn ratios(&self, object: &Object) -> [Option<Ratio>; CASE_B.len()] {
        let hbeta = object.hbeta.flux_err / object.hbeta.flux;
        self.lines.map(|line| {
            let line = line?;
            let own = |m: &&Measurement| m.line.members == [line] && !m.limit && m.flux > 0.0;
            let measured = object.measurements.iter().find(own)?;
            let relative = measured.flux_err / measured.flux;
            let is = |fraction: f64| (relative / fraction - 1.0).abs() < SAME;
            Some(Ratio {
                value: measured.flux,
                sigma: measured.flux * relative.hypot(hbeta),
                relative,
                assumed: self.assumed.is_some_and(is),
            })
        })
    }

    /// Compares all ratios with case B: true where they agree, none where they do not tell. Telling
    /// takes two ratios or Hα, one of them known to 5 %.
    pub(super) fn is_case_b(&self, ratios: &[Option<Ratio>; CASE_B.len()]) -> Option<bool> {
        let measured: Vec<(usize, Ratio)> = ratios
            .iter()
            .enumerate()
            .filter_map(|(line, ratio)| Some((line, (*ratio)?)))
            .collect();
        let enough = measured.len() > 1 || ratios[0].is_some();
        let tells = enough && measured.iter().any(|(_, ratio)| ratio.tells());
        let agree = |(line, ratio): &(usize, Ratio)| ratio.agrees(CASE_B[*line].1, *line == 0);
        tells.then(|| measured.iter().all(agree))
    }
}

impl Ratio {
    /// Tests whether the error is small enough to tell case B from reddening.
    fn tells(&self) -> bool {
        let error = if self.assumed {
            self.relative
        } else {
            self.sigma / self.value
        };
        error <= TELLING * (1.0 + SAME)
    }

    /// Compares the ratio with the expected one; `raised` where dust raises the ratio, as Hα/Hβ.
    fn agrees(&self, expected: f64, raised: bool) -> bool {
        let towards_red = (self.value > expected) == raised;
        let sigma = match (self.assumed, towards_red) {
            (true, _) => ASSUMED * self.relative * self.value,
            (false, true) => RED * self.sigma,
            (false, false) => BLUE * self.sigma,
        };
        (self.value - expected).abs() <= f64::max(TOLERANCE * expected, sigma)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{list, object};
    use super::*;

    /// Compares Hα, Hγ and Hδ with their errors, Hβ = 100 with its own, with case B.
    fn dereddened(fluxes: [(f64, f64); 3], hbeta_error: f64, assumed: Option<f64>) -> Option<bool> {
        let list = list();
        let lines: Vec<(&str, f64, f64)> = CASE_B
            .iter()
            .zip(fluxes)
            .map(|((label, _), (flux, error))| (*label, flux / 100.0, error / 100.0))
            .collect();
        let mut object = object(&list, "a", &lines);
        object.hbeta.flux_err = hbeta_error / 100.0;
        let balmer = Balmer::new(&list, assumed);
        balmer.is_case_b(&balmer.ratios(&object))
    }

    #[test]
    fn dereddened_lists_are_told_from_observed_ones() {
        // Esteban et al. 2009, ApJ 700, 654: H 1013, K 932, NGC 2363, dereddened.
        assert_eq!(
            dereddened([(282.0, 16.0), (44.0, 1.0), (25.3, 0.9)], 3.0, None),
            Some(true)
        );
        assert_eq!(
            dereddened([(293.0, 10.0), (47.1, 0.6), (26.4, 0.4)], 1.0, None),
            Some(true)
        );
        assert_eq!(
            dereddened([(257.0, 12.0), (44.0, 1.0), (25.4, 0.9)], 3.0, None),
            Some(true)
        );
        // Tsamis et al. 2003, MNRAS 338, 687: 30 Doradus, SMC N66, observed, without errors.
        let with = |fluxes: [f64; 3]| dereddened(fluxes.map(|flux| (flux, 0.05 * flux)), 5.0, Some(0.05));
        assert_eq!(with([380.0, 43.5, 22.0]), Some(false));
        assert_eq!(with([305.0, 46.1, 25.8]), Some(false));
        assert_eq!(with([286.0, 46.9, 25.9]), Some(true));
    }

    #[test]
    fn noisy_lines_tell_nothing() {
        assert_eq!(dereddened([(300.0, 40.0), (46.0, 15.0), (26.0, 9.0)], 5.0, None), None);
    }
}
