//! One term of one line: its flux per unit abundance and the derivatives of ln of that.

use super::effect::T4_PER_KELVIN;
use super::effect::optical_depth::{TauLaw, TauPoint, tau_point};
use crate::emissivity::{Grid, Stencil};
use crate::number::real::{Real, real};
use crate::number::special::bounded_exp;
use crate::number::wgsl::shared_constants;

shared_constants! {
    /// log₁₀ of 10⁴ K.
    const LOG10_T4: f64 = 4.0;
}

/// One zone at one point: where it lies in the tables and what f_tau needs.
#[derive(Clone, Copy, Debug)]
pub(super) struct ZonePoint<F: Real> {
    pub(super) stencil: Stencil<F>,
    /// d log₁₀ T / d T \[1/K\].
    pub(super) d_log10_t: F,
    /// T / 10⁴ K, and ln of it.
    pub(super) t4: F,
    pub(super) ln_t4: F,
    /// Density [cm⁻³].
    pub(super) n: F,
    /// Arguments of f_tau.
    pub(super) tau: TauPoint<F>,
}

impl<F: Real> ZonePoint<F> {
    /// The zone at temperature `t` \[K\] and `log_n` = log₁₀ n_e [cm⁻³] under a law of f_tau.
    #[inline(always)]
    pub(super) fn new(grid: &Grid<F::Scalar>, t: F, log_n: F, law: &TauLaw<F>) -> Self {
        let log10_e = real::<F>(std::f64::consts::LOG10_E);
        let ln_10 = real::<F>(std::f64::consts::LN_10);
        let n = bounded_exp(ln_10 * log_n);
        let t4 = t * real(T4_PER_KELVIN);
        let ln_t4 = t4.ln();
        ZonePoint {
            stencil: grid.at(log10_e * ln_t4 + real(LOG10_T4), log_n),
            d_log10_t: log10_e / t,
            t4,
            ln_t4,
            n,
            tau: tau_point(law, t4, ln_t4, n, log_n),
        }
    }
}

/// One term at one point.
#[derive(Clone, Copy, Debug)]
pub(super) struct TermPoint<F> {
    /// Its flux per unit of its ion's abundance (relative to the ion's base).
    pub(super) flux: F,
    /// Derivatives of ln of that per cell of the table along log₁₀T and log₁₀n, by emissivity
    /// alone.
    pub(super) d_u: F,
    pub(super) d_v: F,
    /// Derivative of ln of `flux` with respect to −cHbeta: ln 10 · f_λ.
    pub(super) f_lambda: F,
    /// The flux of the term in the line; on the way back the adjoint of ln of `flux`.
    pub(super) adjoint: F,
}

/// The quantities that all zones share, at one point.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shared<F> {
    pub(super) tau: F,
    pub(super) c_hbeta: F,
    pub(super) a_h: F,
    pub(super) a_he: F,
    pub(super) ln_f_hbeta: F,
    pub(super) rv: F,
    /// 1 / X(Hβ) of the reddening law.
    pub(super) law_unit: F,
    pub(super) xi: F,
    /// Derivatives of ln(1 + C/R) of Hβ with respect to ξ and to the temperature of hydrogen's
    /// zone; `ln_f_hbeta` is the part of recombination alone.
    pub(super) d_hbeta: [F; 2],
    /// Derivative of ln(1 + a_H/EW(Hβ)), which `ln_f_hbeta` has in it, with respect to a_H.
    pub(super) d_undimmed: F,
    /// Degrees of freedom of Student's t, and its normalisation.
    pub(super) nu: F,
    pub(super) student: [F; 2],
}
