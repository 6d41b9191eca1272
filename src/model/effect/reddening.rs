//! Reddening: 10^(−c f_λ) with f_λ = X(λ)/X(Hβ) − 1 and X(λ) = a R_V + b of the law.

use crate::model::record::Term;
use crate::number::real::{Real, real};

/// The twin of this file.
pub(in crate::model) const WGSL: &str = include_str!("../../../shaders/model/effect/reddening.wgsl");

/// 1/X(Hβ), `law_a` and `law_b` being those of Hβ.
#[inline(always)]
pub(in crate::model) fn law_unit<F: Real>(law_a: F, law_b: F, rv: F) -> F {
    F::one() / (law_a * rv + law_b)
}

/// ln 10 · f_λ of a term; `unit` is 1/X(Hβ).
#[inline(always)]
pub(in crate::model) fn f_lambda<F: Real>(term: &Term<F>, rv: F, unit: F) -> F {
    (term.law_a * rv + term.law_b) * unit - real(std::f64::consts::LN_10)
}
