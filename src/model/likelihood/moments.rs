//! Mean and variance of the deviance of a measurement whose model is true.

use super::line_likelihood;
use crate::model::record::LineRecord;
use crate::number::special::student_norm;

/// Residuals of the sum are σ sinh(u) with |u| up to here. A tail beyond holds less than e^(−15 ν)
/// of Student's t.
const LARGEST: f64 = 15.0;
/// Step of u in the trapezium rule.
const STEP: f64 = 0.05;

/// Mean and variance of the deviance over the measurements that the likelihood of `line` predicts,
/// by the trapezium rule. Neither depends on the model's flux, because the likelihood is a density
/// of the residual; of outliers, whose width follows the flux, they are taken around the measured
/// flux. `nu` is ν of Student's t.
pub(super) fn of_deviance(line: &LineRecord<f64>, nu: f64) -> [f64; 2] {
    let norm = student_norm(nu);
    let steps = (LARGEST / STEP) as i32;
    let [mut total, mut first, mut second] = [0.0; 3];
    for step in -steps..=steps {
        let u = STEP * f64::from(step);
        let flux = line.flux + u.sinh() / line.inverse_sigma;
        let weight = line_likelihood(line, flux, nu, norm)[0].exp() * u.cosh();
        let deviance = line.deviance(flux, nu);
        if weight > 0.0 {
            total += weight;
            first += weight * deviance;
            second += weight * deviance * deviance;
        }
    }
    let mean = first / total;
    [mean, second / total - mean * mean]
}

#[cfg(test)]
mod tests {
    use super::super::Likelihood;
    use super::*;

    #[test]
    fn a_gaussian_deviance_has_the_moments_of_chi2() {
        let [mean, variance] = of_deviance(&Likelihood::Gaussian.record(2.0, 0.1), 4.0);
        assert!((mean - 1.0).abs() < 1e-9 && (variance - 2.0).abs() < 1e-9);
    }

    /// With B = 1/(1 + t²/ν) of the Beta(ν/2, ½) distribution the deviance is −(ν + 1) ln B: its
    /// mean is (ν + 1) [ψ((ν + 1)/2) − ψ(ν/2)].
    #[test]
    fn a_student_deviance_has_the_mean_of_a_log_beta() {
        use statrs::function::gamma::digamma;
        for nu in [1.5, 4.0, 30.0] {
            let [mean, _] = of_deviance(&Likelihood::StudentT.record(2.0, 0.1), nu);
            let expected = (nu + 1.0) * (digamma(0.5 * (nu + 1.0)) - digamma(0.5 * nu));
            assert!((mean - expected).abs() < 1e-6, "{nu}: {mean} for {expected}");
        }
    }

    /// A wide interval holds its flux anywhere inside at no loss.
    #[test]
    fn an_interval_loses_less_than_a_gaussian() {
        let [mean, _] = of_deviance(&Likelihood::interval(1.0, 0.01, 0.5), 0.0);
        assert!((0.0..0.2).contains(&mean), "{mean}");
    }
}
