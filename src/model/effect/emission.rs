//! Emission of a term without a table: ln(ε/ε_Hβ) from four coefficients.

use crate::model::record::Term;
use crate::number::real::{Real, real};
use crate::number::wgsl::shared_constants;

/// The twin of this file.
pub(in crate::model) const WGSL: &str = include_str!("../../../shaders/model/effect/emission.wgsl");

shared_constants! {
    /// 1 + k₄ n is held above this.
    const COEFFICIENT_FLOOR: f64 = 1e-6;
}

/// k₂/t + k₃ ln t + ln(1 + k₄ n) of a term, and its derivatives with respect to log₁₀T and log₁₀n;
/// t = T/10⁴ K, `n` in cm⁻³. Lines of recombination have this form, and all lines under the talk's
/// option `four_coefficients`.
#[inline(always)]
pub(in crate::model) fn four_coefficients<F: Real>(term: &Term<F>, t4: F, ln_t4: F, n: F) -> [F; 3] {
    let ln_10 = real::<F>(std::f64::consts::LN_10);
    let over_t = term.k2 / t4;
    let of_density = term.k4 * n;
    let factor = (F::one() + of_density).max(real(COEFFICIENT_FLOOR));
    [
        over_t + term.k3 * ln_t4 + factor.ln(),
        ln_10 * (term.k3 - over_t),
        ln_10 * of_density / factor,
    ]
}
