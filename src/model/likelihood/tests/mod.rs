//! Values, derivatives, noise and weights of the likelihoods against their definitions.

mod weights;

use super::Likelihood::{Gaussian, Interval, LogGaussian, Outliers, StudentT, UpperLimit};
use super::*;
use crate::number::special::student_norm;

/// Share of outliers.
const SHARE: f64 = 0.1;

fn line(likelihood: Likelihood, flux: f64, sigma: f64) -> LineRecord<f64> {
    LineRecord {
        flux,
        inverse_sigma: 1.0 / sigma,
        half_width: 3.0,
        ..match likelihood {
            Outliers => Likelihood::with_outliers(flux, sigma, SHARE),
            Gaussian | LogGaussian | StudentT | UpperLimit | Interval => likelihood.record(flux, sigma),
        }
    }
}

fn at(line: &LineRecord<f64>, flux: f64, nu: f64) -> [f64; 3] {
    line_likelihood(line, flux, nu, student_norm(nu))
}

/// ∫ exp(ln L) over all measurements is one, by the trapezium rule in a variable that tames the
/// tails: F = F_model + σ sinh u, or e^u for a density on positive fluxes.
#[test]
fn densities_integrate_to_one() {
    let (model, sigma, step) = (2.0, 0.3, 0.002);
    let total = |kind: Likelihood, nu: f64| -> f64 {
        let density = |u: f64| {
            let (flux, measure) = match kind {
                LogGaussian => (u.exp(), u.exp()),
                Gaussian | StudentT | UpperLimit | Interval | Outliers => (model + sigma * u.sinh(), sigma * u.cosh()),
            };
            let record = line(kind, if kind == LogGaussian { u } else { flux }, sigma);
            (at(&record, model, nu)[0] + record.ln_normalisation()).exp() * measure
        };
        (-12_000..=12_000).map(|k| step * density(step * f64::from(k))).sum()
    };
    for (kind, nu) in [
        (Gaussian, 4.0),
        (LogGaussian, 4.0),
        (StudentT, 1.5),
        (StudentT, 4.0),
        (StudentT, 40.0),
        (Interval, 4.0),
        (Outliers, 4.0),
    ] {
        let total = total(kind, nu);
        // The Student-t tail beyond u = 24 holds e^(−24 ν) at most 10⁻¹⁵.
        assert!((total - 1.0).abs() < 1e-10, "{kind:?} {nu}: {total}");
    }
    // A limit and its complement exhaust the probability: Φ(u) + Φ(−u) = 1.
    let limit = line(UpperLimit, 1.0, sigma);
    let sum = at(&limit, 0.8, 4.0)[0].exp() + at(&limit, 1.2, 4.0)[0].exp();
    assert!((sum - 1.0).abs() < 1e-14, "{sum}");
}

#[test]
fn student_with_many_degrees_of_freedom_is_gaussian() {
    let (student, gaussian) = (line(StudentT, 1.0, 0.1), line(Gaussian, 1.0, 0.1));
    for flux in [0.7, 0.95, 1.0, 1.3] {
        let (t, g) = (at(&student, flux, 1e9), at(&gaussian, flux, 1e9));
        // Next order in 1/ν: (r⁴ − 2r² − 1)/(4ν).
        assert!((t[0] - g[0]).abs() < 5e-8 && (t[1] - g[1]).abs() < 5e-6, "{flux}");
    }
}

#[test]
fn derivatives_are_those_of_the_value() {
    for kind in [Gaussian, LogGaussian, StudentT, UpperLimit, Interval, Outliers] {
        for (measured, sigma) in [(0.4, 0.1), (-0.2, 0.3), (1.0, 0.02)] {
            let record = line(kind, measured, sigma);
            for (flux, nu) in [(0.05, 3.0), (0.5, 1.2), (1.1, 30.0)] {
                let found = at(&record, flux, nu);
                let h = 1e-6 * flux;
                let by_flux = (at(&record, flux + h, nu)[0] - at(&record, flux - h, nu)[0]) / (2.0 * h);
                let by_nu = (at(&record, flux, nu + 1e-5)[0] - at(&record, flux, nu - 1e-5)[0]) / 2e-5;
                // Rounding ε |value|/h, truncation h²/6 of the third derivative.
                let bound = |slope: f64, h: f64| 8.0 * f64::EPSILON * (1.0 + found[0].abs()) / h + 1e-8 * slope.abs();
                assert!(
                    (found[1] - by_flux).abs() < bound(by_flux, h),
                    "{kind:?} {measured} {flux}"
                );
                assert!(
                    (found[2] - by_nu).abs() < bound(by_nu, 1e-5),
                    "{kind:?} {measured} {flux}"
                );
            }
        }
    }
}

/// A model a thousand σ above a limit is pulled down as from a Gaussian at the limit, in both
/// precisions.
#[test]
fn an_upper_limit_pulls_from_far_above() {
    let record = line(UpperLimit, 1.0, 0.01);
    for flux in [1.5, 11.0, 1001.0] {
        let found = at(&record, flux, 0.0);
        let single = line_likelihood(&record.cast::<f32>(), flux as f32, 0.0, [0.0; 2]);
        let u = (flux - 1.0) / 0.01;
        assert!(
            (found[1] / (-u / 0.01) - 1.0).abs() < 2.0 / (u * u),
            "{flux}: {found:?}"
        );
        assert!(
            (f64::from(single[1]) / found[1] - 1.0).abs() < 1e-5,
            "{flux}: {single:?}"
        );
        assert!(
            (f64::from(single[0]) / found[0] - 1.0).abs() < 1e-5,
            "{flux}: {single:?}"
        );
        assert!((information(&record, flux, 0.0) * 1e-4 - 1.0).abs() < 2.0 / u, "{flux}");
    }
    assert!(information(&record, 0.5, 0.0) < 1e-100);
}

#[test]
fn a_search_starts_at_a_positive_flux() {
    for (kind, measured, start) in [
        (Gaussian, 0.4, 0.4),
        (Gaussian, -0.2, 0.1),
        (StudentT, 0.0, 0.1),
        (LogGaussian, 0.4_f64.ln(), 0.4),
        (UpperLimit, 0.6, 0.2),
        (UpperLimit, -1.0, 0.1 / 3.0),
    ] {
        assert!(
            (line(kind, measured, 0.1).starting_flux() - start).abs() < 1e-15,
            "{kind:?}"
        );
    }
}

/// A model of 2 and σ = ¼, one standard deviation up: 2.25, and 2 exp(¼). The 97.5th percentile
/// of Student's t of four degrees of freedom is 2.776445 (tables).
#[test]
fn noise_is_that_of_the_likelihood() {
    let drawn = |likelihood| line(likelihood, 2.0, 0.25).noise(2.0, 1.0, || 0.975, || 4.0);
    assert!((drawn(Gaussian) - 2.25).abs() < 1e-15);
    assert!((drawn(LogGaussian) - 2.0 * 0.25_f64.exp()).abs() < 1e-15);
    assert!((drawn(StudentT) - (2.0 + 0.25 * 2.776_445)).abs() < 1e-6);
    assert!((drawn(UpperLimit) - 2.25).abs() < 1e-15);
}

/// A line that is off by a factor of two, at S/N 100, costs ln of q/(1 − q) · 1/√(10⁴ + 4), less
/// (ln 2)²/2, and no more at S/N 10⁴ than the ratio of the heights; the slope fades likewise.
#[test]
fn an_outlier_costs_its_share_and_hardly_pulls() {
    let record = line(Outliers, 1.0, 0.01);
    let found = at(&record, 2.0, 0.0);
    let expected = (SHARE / (1.0 - SHARE) / 10_004.0_f64.sqrt()).ln() - 0.5 * 2.0_f64.ln().powi(2);
    assert!((found[0] - expected).abs() < 1e-3, "{found:?}");
    assert!(found[1] < 0.0 && found[1] > -0.5, "{found:?}");
    assert!((at(&record, 1.01, 0.0)[0] + 0.5).abs() < 5e-3);
    let fainter = line(Outliers, 1.0, 1e-4);
    assert!(at(&fainter, 2.0, 0.0)[0] > expected - 100.0_f64.ln() - 1e-3);
    // A flux of zero is an outlier too.
    let zero = line(Outliers, 0.0, 0.01);
    assert!(at(&zero, 1.0, 0.0)[0] > -20.0);
}

/// A uniform number below q gives the factor e^z, one above gives Gaussian noise.
#[test]
fn noise_has_outliers_by_their_share() {
    let record = line(Outliers, 2.0, 0.01);
    let drawn = |u: f64| record.noise(2.0, 1.0, || u, || 4.0);
    assert!((drawn(0.99 * SHARE) / (2.0 * 1.0_f64.exp()) - 1.0).abs() < 1e-4);
    assert!((drawn(1.01 * SHARE) - 2.01).abs() < 1e-14);
}

/// ln[Φ(3.5) − Φ(−2.5)] half a σ from the middle of an interval of ± 3 σ; far outside the
/// likelihood falls as a Gaussian around the nearer limit, in both precisions.
#[test]
fn an_interval_is_flat_inside_and_falls_as_a_gaussian_outside() {
    let record = line(Interval, 1.0, 0.1);
    let expected = (0.999_767_371 - 0.006_209_665_f64).ln();
    assert!((at(&record, 1.05, 0.0)[0] - expected).abs() < 1e-8);
    for flux in [11.3, -9.3] {
        let found = at(&record, flux, 0.0);
        let single = line_likelihood(&record.cast::<f32>(), flux as f32, 0.0, [0.0; 2]);
        let slope = -(flux - 1.0).signum() * 100.0 / 0.1;
        assert!((found[1] / slope - 1.0).abs() < 2e-4, "{flux}: {found:?}");
        assert!(
            (f64::from(single[1]) / found[1] - 1.0).abs() < 1e-4,
            "{flux}: {single:?}"
        );
        assert!(
            (f64::from(single[0]) / found[0] - 1.0).abs() < 1e-4,
            "{flux}: {single:?}"
        );
    }
    assert!((record.pull(1.4) + 4.0 / 2.0).abs() < 1e-12 && record.deviance(1.0, 4.0) == 0.0);
}
