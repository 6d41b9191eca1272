//! Balmer ratios beside those of case B and of dust. Fluxes with all ratios of case B have no
//! reddening.

use crate::line::LineList;
use crate::table::Measurement;

/// Label of Hα.
pub(crate) const H_ALPHA: &str = "H1_6563A";
/// Lines and their fluxes relative to Hβ in case B at 10⁴ K and 100 cm⁻³ (Storey & Hummer 1995,
/// MNRAS 272, 41).
const CASE_B: [(&str, f64); 3] = [(H_ALPHA, 2.863), ("H1_4341A", 0.468), ("H1_4102A", 0.259)];
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
/// Relative difference within which two relative errors count as one assumed for all lines.
const SAME: f64 = 1e-6;
/// Range of Hα/Hβ that dust and recombination explain. From 2.7 to 10, c(Hβ) is 0 to about 1.7;
/// from 2 on there is room for errors.
const EXPLAINED: [f64; 2] = [2.0, 10.0];

/// Flux relative to Hβ.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Ratio {
    pub(crate) value: f64,
    /// Standard error, with the error of Hβ.
    pub(crate) sigma: f64,
    /// Relative error of the line alone.
    relative: f64,
    /// True if the error is an assumed fraction of the flux.
    assumed: bool,
}

/// Ratios of Hα, Hγ and Hδ to Hβ, none of a line that was not measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Ratios([Option<Ratio>; CASE_B.len()]);

/// Indices of the Balmer lines in a list.
#[derive(Clone, Debug)]
pub(crate) struct Balmer([Option<usize>; CASE_B.len()]);

impl Balmer {
    /// Finds the Balmer lines in `list`.
    pub(crate) fn new(list: &LineList) -> Balmer {
        Balmer(CASE_B.map(|(label, _)| list.position(label)))
    }

    /// Ratios to `hbeta` of the Balmer lines among `others` that were measured by themselves and
    /// above zero. The errors are assumed ones where the lines, and an Hβ with an error, share one
    /// relative error.
    pub(crate) fn ratios<'m>(
        &self,
        hbeta: &Measurement,
        others: impl Iterator<Item = &'m Measurement> + Clone,
    ) -> Ratios {
        let hbeta_error = hbeta.flux_err / hbeta.flux;
        let mut ratios = self.0.map(|line| {
            let line = line?;
            let own = |m: &&Measurement| m.line.members == [line] && !m.limit && m.flux > 0.0;
            let measured = others.clone().find(own)?;
            let relative = measured.flux_err / measured.flux;
            Some(Ratio {
                value: measured.flux,
                sigma: measured.flux * relative.hypot(hbeta_error),
                relative,
                assumed: false,
            })
        });
        let first = ratios.iter().flatten().next().map_or(0.0, |ratio| ratio.relative);
        let is_first = |error: f64| (error / first - 1.0).abs() < SAME;
        let alike = ratios.iter().flatten().all(|ratio| is_first(ratio.relative));
        let assumed = alike && (hbeta_error == 0.0 || is_first(hbeta_error));
        ratios.iter_mut().flatten().for_each(|ratio| ratio.assumed = assumed);
        Ratios(ratios)
    }
}

impl Ratios {
    /// Ratio Hα/Hβ.
    pub(crate) fn h_alpha(&self) -> Option<Ratio> {
        self.0[0]
    }

    /// Ratio Hα/Hβ that no dust and no gas explain: below 2 or above 10.
    pub(crate) fn absurd_h_alpha(&self) -> Option<f64> {
        let value = self.h_alpha()?.value;
        (!(EXPLAINED[0]..=EXPLAINED[1]).contains(&value)).then_some(value)
    }

    /// Compares all ratios with case B: true where they agree, none where they cannot tell. A
    /// comparison takes two ratios or Hα, and one of them known to 5 %.
    pub(crate) fn is_case_b(&self) -> Option<bool> {
        let measured: Vec<(usize, Ratio)> = self
            .0
            .iter()
            .enumerate()
            .filter_map(|(line, ratio)| Some((line, (*ratio)?)))
            .collect();
        let enough = measured.len() > 1 || self.0[0].is_some();
        let tells = enough && measured.iter().any(|(_, ratio)| ratio.tells());
        let agree = |(line, ratio): &(usize, Ratio)| ratio.agrees(CASE_B[*line].1, *line == 0);
        tells.then(|| measured.iter().all(agree))
    }
}

impl Ratio {
    /// True if the error is small enough to tell case B from reddening.
    fn tells(&self) -> bool {
        let error = if self.assumed {
            self.relative
        } else {
            self.sigma / self.value
        };
        error <= TELLING * (1.0 + SAME)
    }

    /// True if the ratio agrees with `expected`. `raised` says that dust raises the ratio, as it
    /// does Hα/Hβ.
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
    use super::*;
    use crate::emissivity::Set;
    use crate::line::H_BETA;

    /// Ratios of Hα, Hγ and Hδ with their errors to Hβ = 100 with its own.
    fn ratios(fluxes: [(f64, f64); 3], hbeta_error: f64) -> Ratios {
        let list = Set::built_in().unwrap().list;
        let measurement = |label: &str, flux: f64, flux_err: f64| Measurement {
            line: list.resolve(label, &[]).unwrap().into(),
            flux,
            flux_err,
            ew: None,
            limit: false,
            row: 1,
            column: "flux".into(),
        };
        let lines = CASE_B.iter().zip(fluxes);
        let lines = lines.map(|((label, _), (flux, error))| measurement(label, flux / 100.0, error / 100.0));
        let lines: Vec<Measurement> = lines.collect();
        Balmer::new(&list).ratios(&measurement(H_BETA, 100.0, hbeta_error), lines.iter())
    }

    fn dereddened(fluxes: [(f64, f64); 3], hbeta_error: f64) -> Option<bool> {
        ratios(fluxes, hbeta_error).is_case_b()
    }

    #[test]
    fn h_alpha_below_2_or_above_10_is_absurd() {
        let of = |flux: f64| ratios([(flux, 5.0), (47.0, 1.0), (26.0, 1.0)], 3.0).absurd_h_alpha();
        assert_eq!([of(199.0), of(1001.0)], [Some(1.99), Some(10.01)]);
        assert_eq!([of(201.0), of(999.0)], [None, None]);
    }

    #[test]
    fn dereddened_lists_are_told_from_observed_ones() {
        // Esteban et al. 2009, ApJ 700, 654: H 1013, K 932, NGC 2363, dereddened.
        assert_eq!(dereddened([(282.0, 16.0), (44.0, 1.0), (25.3, 0.9)], 3.0), Some(true));
        assert_eq!(dereddened([(293.0, 10.0), (47.1, 0.6), (26.4, 0.4)], 1.0), Some(true));
        assert_eq!(dereddened([(257.0, 12.0), (44.0, 1.0), (25.4, 0.9)], 3.0), Some(true));
        // Tsamis et al. 2003, MNRAS 338, 687: 30 Doradus, SMC N66, observed, without errors.
        let with = |fluxes: [f64; 3]| dereddened(fluxes.map(|flux| (flux, 0.05 * flux)), 5.0);
        assert_eq!(with([380.0, 43.5, 22.0]), Some(false));
        assert_eq!(with([305.0, 46.1, 25.8]), Some(false));
        assert_eq!(with([286.0, 46.9, 25.9]), Some(true));
    }

    #[test]
    fn noisy_lines_tell_nothing() {
        assert_eq!(dereddened([(300.0, 40.0), (46.0, 15.0), (26.0, 9.0)], 5.0), None);
    }
}
