//! The log likelihood of one line, by the kind that its record names.

use super::real::Real;

use super::layout::{LOG_GAUSSIAN, LineRecord, STUDENT_T, UPPER_LIMIT};
use super::real;
use super::special::{ln_one_plus, log_normal_cdf};

/// A line's log likelihood at one flux of the model, without what depends on neither flux nor ν, and its derivatives.
#[derive(Clone, Copy, Debug)]
pub struct LineLikelihood<F> {
    /// ln L.
    pub value: F,
    /// d ln L / d flux.
    pub d_flux: F,
    /// d ln L / dν.
    pub d_nu: F,
}

/// The log likelihood of `line` at the model's `flux`; of Student's t, `nu` are the degrees of freedom and `norm` is what
/// `student_norm` says of them.
///
/// ```text
/// GAUSSIAN      −r²/2, r = (F − F_model)/σ
/// LOG_GAUSSIAN  −r²/2, r = (ln F − ln F_model)/σ
/// STUDENT_T     δ(ν) − (ν + 1)/2 · ln(1 + r²/ν)
/// UPPER_LIMIT   ln Φ((limit − F_model)/σ)
/// ```
#[inline(always)]
pub fn line_likelihood<F: Real>(line: &LineRecord<F>, flux: F, nu: F, norm: [F; 2]) -> LineLikelihood<F> {
    let (half, one, zero) = (real::<F>(0.5), F::one(), F::zero());
    let [value, d_flux, d_nu] = match line.likelihood {
        LOG_GAUSSIAN => {
            let held = flux.max(F::min_positive());
            let residual = (held.ln() - line.flux) * line.inverse_sigma;
            [-half * residual * residual, -residual * line.inverse_sigma / held, zero]
        }
        STUDENT_T => {
            let residual = (flux - line.flux) * line.inverse_sigma;
            let ratio = residual * residual / nu;
            let ln = ln_one_plus(ratio);
            let more = nu + one;
            [
                norm[0] - half * more * ln,
                -more * residual / (nu * (one + ratio)) * line.inverse_sigma,
                norm[1] - half * ln + half * more * ratio / (nu * (one + ratio)),
            ]
        }
        UPPER_LIMIT => {
            let [ln_cdf, slope] = log_normal_cdf((line.flux - flux) * line.inverse_sigma);
            [ln_cdf, -slope * line.inverse_sigma, zero]
        }
        _ => {
            let residual = (flux - line.flux) * line.inverse_sigma;
            [-half * residual * residual, -residual * line.inverse_sigma, zero]
        }
    };
    LineLikelihood { value, d_flux, d_nu }
}

/// The Fisher information of the model's `flux` in `line`, or where it depends on the data the second derivative of −ln L: the
/// weight of the line in the Gauss–Newton matrix, never negative. Student's t: (ν + 1)/((ν + 3) σ²) (Lange, Little & Taylor
/// 1989, J. Am. Stat. Assoc. 84, 881, appendix B).
#[inline(always)]
pub fn information<F: Real>(line: &LineRecord<F>, flux: F, nu: F) -> F {
    let precision = line.inverse_sigma * line.inverse_sigma;
    match line.likelihood {
        LOG_GAUSSIAN => {
            let held = flux.max(F::min_positive());
            precision / (held * held)
        }
        STUDENT_T => precision * (nu + F::one()) / (nu + real(3.0)),
        UPPER_LIMIT => {
            let u = (line.flux - flux) * line.inverse_sigma;
            let slope = log_normal_cdf(u)[1];
            precision * (slope * (slope + u)).max(F::zero()).min(F::one())
        }
        _ => precision,
    }
}

impl<F: Real> LineRecord<F> {
    /// What the density of the line's measurement has besides `line_likelihood`: of the measured flux as such, whatever the
    /// kind, so that the kinds' densities can be compared; none of an upper limit, which is a probability.
    pub fn ln_normalisation(&self) -> F {
        let gaussian = self.inverse_sigma.ln() - real::<F>(0.5 * (2.0 * std::f64::consts::PI).ln());
        match self.likelihood {
            UPPER_LIMIT => F::zero(),
            LOG_GAUSSIAN => gaussian - self.flux,
            _ => gaussian,
        }
    }

    /// A positive flux where a search may start: the measured one, not below its σ; of a limit a third.
    pub fn starting_flux(&self) -> F {
        let sigma = F::one() / self.inverse_sigma;
        match self.likelihood {
            LOG_GAUSSIAN => self.flux.exp(),
            UPPER_LIMIT => self.flux.max(sigma) / real(3.0),
            _ => self.flux.max(sigma),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::layout::{GAUSSIAN, NONE};
    use super::super::special::student_norm;
    use super::*;

    fn line(likelihood: u32, flux: f64, sigma: f64) -> LineRecord<f64> {
        LineRecord {
            first_term: 0,
            terms: 0,
            likelihood,
            arm: NONE,
            flux,
            inverse_sigma: 1.0 / sigma,
            absorption_h: 0.0,
            absorption_he: 0.0,
        }
    }

    fn at(line: &LineRecord<f64>, flux: f64, nu: f64) -> LineLikelihood<f64> {
        line_likelihood(line, flux, nu, student_norm(nu))
    }

    /// ∫ exp(ln L) over all measurements is one, by the trapezium rule in a variable that tames the tails: F = F_model + σ sinh u,
    /// or e^u for a density on positive fluxes.
    #[test]
    fn densities_integrate_to_one() {
        let (model, sigma, step) = (2.0, 0.3, 0.002);
        let total = |kind: u32, nu: f64| -> f64 {
            let density = |u: f64| {
                let (flux, measure) = match kind {
                    LOG_GAUSSIAN => (u.exp(), u.exp()),
                    _ => (model + sigma * u.sinh(), sigma * u.cosh()),
                };
                let record = line(kind, if kind == LOG_GAUSSIAN { u } else { flux }, sigma);
                (at(&record, model, nu).value + record.ln_normalisation()).exp() * measure
            };
            (-12_000..=12_000).map(|k| step * density(step * f64::from(k))).sum()
        };
        for (kind, nu) in [
            (GAUSSIAN, 4.0),
            (LOG_GAUSSIAN, 4.0),
            (STUDENT_T, 1.5),
            (STUDENT_T, 4.0),
            (STUDENT_T, 40.0),
        ] {
            let total = total(kind, nu);
            // The Student-t tail beyond u = 24 holds e^(−24 ν) at most 10⁻¹⁵.
            assert!((total - 1.0).abs() < 1e-10, "{kind} {nu}: {total}");
        }
        // A limit and its complement are all there is: Φ(u) + Φ(−u) = 1.
        let limit = line(UPPER_LIMIT, 1.0, sigma);
        let sum = at(&limit, 0.8, 4.0).value.exp() + at(&limit, 1.2, 4.0).value.exp();
        assert!((sum - 1.0).abs() < 1e-14, "{sum}");
    }

    #[test]
    fn student_with_many_degrees_of_freedom_is_gaussian() {
        let (student, gaussian) = (line(STUDENT_T, 1.0, 0.1), line(GAUSSIAN, 1.0, 0.1));
        for flux in [0.7, 0.95, 1.0, 1.3] {
            let (t, g) = (at(&student, flux, 1e9), at(&gaussian, flux, 1e9));
            // Next order in 1/ν: (r⁴ − 2r² − 1)/(4ν).
            assert!(
                (t.value - g.value).abs() < 5e-8 && (t.d_flux - g.d_flux).abs() < 5e-6,
                "{flux}"
            );
        }
    }

    #[test]
    fn derivatives_are_those_of_the_value() {
        for kind in [GAUSSIAN, LOG_GAUSSIAN, STUDENT_T, UPPER_LIMIT] {
            for (measured, sigma) in [(0.4, 0.1), (-0.2, 0.3), (1.0, 0.02)] {
                let record = line(kind, measured, sigma);
                for (flux, nu) in [(0.05, 3.0), (0.5, 1.2), (1.1, 30.0)] {
                    let found = at(&record, flux, nu);
                    let h = 1e-6 * flux;
                    let by_flux = (at(&record, flux + h, nu).value - at(&record, flux - h, nu).value) / (2.0 * h);
                    let by_nu = (at(&record, flux, nu + 1e-5).value - at(&record, flux, nu - 1e-5).value) / 2e-5;
                    // Rounding ε |value|/h, truncation h²/6 of the third derivative.
                    let bound =
                        |slope: f64, h: f64| 8.0 * f64::EPSILON * (1.0 + found.value.abs()) / h + 1e-8 * slope.abs();
                    assert!(
                        (found.d_flux - by_flux).abs() < bound(by_flux, h),
                        "{kind} {measured} {flux}"
                    );
                    assert!(
                        (found.d_nu - by_nu).abs() < bound(by_nu, 1e-5),
                        "{kind} {measured} {flux}"
                    );
                }
            }
        }
    }

    /// A model a thousand σ above a limit is pulled down as from a Gaussian at the limit, in both precisions.
    #[test]
    fn an_upper_limit_pulls_from_far_above() {
        let record = line(UPPER_LIMIT, 1.0, 0.01);
        for flux in [1.5, 11.0, 1001.0] {
            let found = at(&record, flux, 0.0);
            let single = line_likelihood(&record.cast::<f32>(), flux as f32, 0.0, [0.0; 2]);
            let u = (flux - 1.0) / 0.01;
            assert!(
                (found.d_flux / (-u / 0.01) - 1.0).abs() < 2.0 / (u * u),
                "{flux}: {found:?}"
            );
            assert!(
                (f64::from(single.d_flux) / found.d_flux - 1.0).abs() < 1e-5,
                "{flux}: {single:?}"
            );
            assert!(
                (f64::from(single.value) / found.value - 1.0).abs() < 1e-5,
                "{flux}: {single:?}"
            );
            assert!((information(&record, flux, 0.0) * 1e-4 - 1.0).abs() < 2.0 / u, "{flux}");
        }
        assert!(information(&record, 0.5, 0.0) < 1e-100);
    }

    #[test]
    fn a_search_starts_at_a_positive_flux() {
        for (kind, measured, start) in [
            (GAUSSIAN, 0.4, 0.4),
            (GAUSSIAN, -0.2, 0.1),
            (STUDENT_T, 0.0, 0.1),
            (LOG_GAUSSIAN, 0.4_f64.ln(), 0.4),
            (UPPER_LIMIT, 0.6, 0.2),
            (UPPER_LIMIT, -1.0, 0.1 / 3.0),
        ] {
            assert!(
                (line(kind, measured, 0.1).starting_flux() - start).abs() < 1e-15,
                "{kind}"
            );
        }
    }
}
