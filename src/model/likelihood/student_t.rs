//! Student's t likelihood of a flux: ln L = δ(ν) − (ν + 1)/2 · ln(1 + r²/ν), r = (F_model − F)/σ.

use statrs::distribution::{ContinuousCDF, StudentsT};

use super::gaussian;
use crate::model::record::LineRecord;
use crate::number::real::{Real, real};
use crate::number::special::ln_one_plus;

/// The twin of this file.
pub(super) const WGSL: &str = include_str!("../../../shaders/model/likelihood/student_t.wgsl");

/// ln L at the model's `flux`, without the constant of a Gaussian, and its derivatives with respect
/// to the flux and to ν. `norm` is δ(ν) and its derivative, [`student_norm`].
///
/// [`student_norm`]: crate::number::special::student_norm
#[inline(always)]
pub(super) fn student_t<F: Real>(line: &LineRecord<F>, flux: F, nu: F, norm: [F; 2]) -> [F; 3] {
    let (half, one) = (real::<F>(0.5), F::one());
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

/// Fisher information of the model's flux, (ν + 1)/((ν + 3) σ²) (Lange, Little & Taylor 1989,
/// J. Am. Stat. Assoc. 84, 881, appendix B).
#[inline(always)]
pub(super) fn information<F: Real>(line: &LineRecord<F>, nu: F) -> F {
    gaussian::information(line) * (nu + F::one()) / (nu + real(3.0))
}

/// (ν + 1) ln(1 + r²/ν): twice the loss of ln L against a perfect fit.
pub(super) fn deviance(line: &LineRecord<f64>, model: f64, nu: f64) -> f64 {
    (nu + 1.0) * (gaussian::pull(line, model).powi(2) / nu).ln_1p()
}

/// A flux measured where the model says `model`; `u` is a uniform number of (0, 1).
pub(super) fn noise(line: &LineRecord<f64>, model: f64, u: f64, nu: f64) -> f64 {
    let t = StudentsT::new(0.0, 1.0, nu).map_or(f64::NAN, |t| t.inverse_cdf(u));
    model + 1.0 / line.inverse_sigma * t
}
