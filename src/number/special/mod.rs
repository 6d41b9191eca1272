//! Special functions, generic over the number, without overflow anywhere.

mod logistic;
mod normal;
mod quadratic_form;
mod student;
mod tail;

pub use logistic::{Logistic, ln_one_plus, log_sigmoid, sigmoid, softplus};
pub use normal::{normal_cdf, normal_cdf_both, normal_pdf, normal_quantile};
pub(crate) use quadratic_form::quadratic_form_tail;
pub use student::student_norm;
pub use tail::log_normal_cdf;

use super::real::{Real, real};
use super::wgsl::{Constant, shared_constants};

shared_constants! {
    /// Largest exponent, positive or negative: no exponential over- or underflows in f32.
    pub const EXPONENT: f64 = 80.0;
}

/// Constants of all special functions.
pub(crate) const ALL_CONSTANTS: [&[(&str, Constant)]; 4] =
    [CONSTANTS, logistic::CONSTANTS, normal::CONSTANTS, student::CONSTANTS];

/// Exponential with an exponent held to the range of single precision.
#[inline(always)]
pub fn bounded_exp<F: Real>(x: F) -> F {
    x.max(real(-EXPONENT)).min(real(EXPONENT)).moderate_exp()
}

/// Polynomial Σ cₖ xᵏ by Horner's scheme, coefficients from the lowest power up.
#[inline(always)]
pub(crate) fn polynomial<F: Real, const N: usize>(x: F, coefficients: &[f64; N]) -> F {
    let mut sum: F = real(coefficients[N - 1]);
    for &c in coefficients[..N - 1].iter().rev() {
        sum = sum.mul_add(x, real(c));
    }
    sum
}

#[cfg(test)]
mod tests {
    /// Rounding of the argument moves Φ by φ·x·ε/Φ relative, about x²ε in the tail. A rational
    /// function of nine terms adds some ten roundings.
    #[track_caller]
    pub(super) fn close(what: &str, at: f64, value: f64, truth: f64, ulps: f64, epsilon: f64) {
        let bound = ulps * epsilon * truth.abs();
        assert!(
            (value - truth).abs() <= bound,
            "{what}({at}) = {value:e}, expected {truth:e}"
        );
    }
}
