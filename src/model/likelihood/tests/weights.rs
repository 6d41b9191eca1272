//! Weights of lines in the Gauss–Newton matrix, each against its definition.

use super::*;

/// Flux of the model.
const MODEL: f64 = 2.0;
/// Step of the trapezium rule.
const STEP: f64 = 0.002;

/// ∫ f(F) exp(ln L) dF over the measured flux F, for an error σ, by the trapezium rule. F is
/// F_model + σ sinh u, which tames the tails, or e^u for a density on positive fluxes.
fn expectation(kind: Likelihood, sigma: f64, nu: f64, f: impl Fn(f64, [f64; 3]) -> f64) -> f64 {
    let term = |u: f64| {
        let (flux, measure) = match kind {
            LogGaussian => (u.exp(), u.exp()),
            Gaussian | StudentT | UpperLimit | Interval | Outliers => (MODEL + sigma * u.sinh(), sigma * u.cosh()),
        };
        let record = line(kind, if kind == LogGaussian { u } else { flux }, sigma);
        let found = at(&record, MODEL, nu);
        f(flux, found) * (found[0] + record.ln_normalisation()).exp() * measure
    };
    (-12_000..=12_000).map(|k| STEP * term(STEP * f64::from(k))).sum()
}

/// The Fisher information is E[(∂ ln L/∂F_model)²].
#[test]
fn the_information_is_the_expectation_of_the_squared_score() {
    for sigma in [0.3, 0.02] {
        for (kind, nu) in [
            (Gaussian, 4.0),
            (LogGaussian, 4.0),
            (StudentT, 1.0),
            (StudentT, 2.5),
            (StudentT, 40.0),
        ] {
            let expected = expectation(kind, sigma, nu, |_, found| found[1] * found[1]);
            let found = information(&line(kind, 1.7, sigma), MODEL, nu);
            // The tail of Student's t beyond u = 24 holds e^(−3 · 24) of the integral at most.
            assert!(
                (found / expected - 1.0).abs() < 1e-10,
                "{kind:?} {sigma} {nu}: {found}, expected {expected}"
            );
        }
    }
}

/// The information of an interval is 1/(σ² + w²/3), and σ² + w²/3 the variance of its density.
#[test]
fn the_information_of_an_interval_is_the_inverse_of_its_variance() {
    for sigma in [0.3, 0.02] {
        let record = line(Interval, 1.7, sigma);
        let half_width = record.half_width * sigma;
        let stated = sigma * sigma + half_width * half_width / 3.0;
        let variance = expectation(Interval, sigma, 4.0, |flux, _| (flux - MODEL).powi(2));
        let found = information(&record, MODEL, 4.0);
        assert!((variance / stated - 1.0).abs() < 1e-10, "{sigma}: {variance}");
        assert!((found * stated - 1.0).abs() < 1e-14, "{sigma}: {found}");
    }
}

/// The weight of an upper limit is −d² ln L/dF_model², by differences of the slope: from models far
/// above the limit to models below it.
#[test]
fn the_weight_of_an_upper_limit_is_the_curvature_of_its_likelihood() {
    let sigma = 0.25;
    let record = line(UpperLimit, 1.0, sigma);
    for above in [-5.0, -2.0, -0.5, 0.0, 0.5, 1.0, 3.0, 8.0, 30.0] {
        let flux = 1.0 + sigma * above;
        let step = 1e-4 * sigma;
        let slope = |flux: f64| at(&record, flux, 4.0)[1];
        let expected = (slope(flux - step) - slope(flux + step)) / (2.0 * step);
        let found = information(&record, flux, 4.0);
        // Truncation (10⁻⁴)²/6 of a derivative of order 1/σ², rounding of the slopes over the step,
        // and the digits that h (h + u) loses far above the limit.
        let rounding = f64::EPSILON * (8.0 * slope(flux).abs() / step + 8.0 * above * above / (sigma * sigma));
        let bound = 1e-8 / (sigma * sigma) + rounding;
        assert!(
            (found - expected).abs() < bound,
            "{above} σ above: {found}, expected {expected}"
        );
        let single = f64::from(information(&record.cast::<f32>(), flux as f32, 4.0));
        let lost = f64::from(f32::EPSILON) * (32.0 + 8.0 * above * above) / (sigma * sigma);
        assert!(
            (single - found).abs() < lost,
            "{above} σ above: {single}, expected {found}"
        );
    }
}
