//! Special functions, generic over the float, without overflow anywhere.

mod logistic;
mod normal;
mod student;
mod tail;

pub use logistic::{ln_one_plus, log_sigmoid, sigmoid, softplus};
pub use normal::{normal_cdf, normal_pdf, normal_quantile};
pub use student::student_norm;
pub use tail::log_normal_cdf;

use num_traits::Float;

use super::wgsl::{Constant, shared_constants};

shared_constants! {
    /// Exponents are held inside ± this, so that no exponential over- or underflows in f32.
    pub const EXPONENT: f64 = 80.0;
}

/// The constants of all special functions.
pub(crate) const ALL_CONSTANTS: [&[(&str, Constant)]; 4] =
    [CONSTANTS, logistic::CONSTANTS, normal::CONSTANTS, student::CONSTANTS];

/// eˣ held where single precision can hold it.
#[inline]
pub fn bounded_exp<F: Float>(x: F) -> F {
    x.max(constant(-EXPONENT)).min(constant(EXPONENT)).exp()
}

/// Converts a constant of the source text to the float at hand.
#[inline]
pub(crate) fn constant<F: Float>(value: f64) -> F {
    F::from(value).expect("a finite constant exists in every float type")
}

/// Polynomial Σ cₖ xᵏ by Horner's scheme, coefficients from the lowest power up.
#[inline]
pub(crate) fn polynomial<F: Float, const N: usize>(x: F, coefficients: &[f64; N]) -> F {
    coefficients
        .iter()
        .rev()
        .fold(F::zero(), |sum, &c| sum * x + constant(c))
}

#[cfg(test)]
mod tests {
    /// Rounding of the argument moves Φ by φ·x·ε/Φ relative, about x²ε in the tail; a rational function of nine terms
    /// adds some ten roundings.
    #[track_caller]
    pub(super) fn close(what: &str, at: f64, value: f64, truth: f64, ulps: f64, epsilon: f64) {
        let bound = ulps * epsilon * truth.abs();
        assert!(
            (value - truth).abs() <= bound,
            "{what}({at}) = {value:e}, expected {truth:e}"
        );
    }
}
