//! One term of one line: its flux per unit abundance and the derivatives of ln of that.

use super::collisional::{COLLISIONAL_HBETA, excitation};
use super::effect::T4_PER_KELVIN;
use super::effect::optical_depth::{TauLaw, TauPoint, tau_point};
use crate::emissivity::{Grid, Stencil};
use crate::model::record::{LineRecord, Term};
use crate::number::real::{Real, real};
use crate::number::special::bounded_exp;
use crate::number::wgsl::shared_constants;

shared_constants! {
    /// log₁₀ of 10⁴ K.
    const LOG10_T4: f64 = 4.0;
    /// 1 + k₄ n is held above this.
    const COEFFICIENT_FLOOR: f64 = 1e-6;
}

/// One zone at one point: where it lies in the tables and what f_tau needs.
#[derive(Clone, Copy, Debug)]
pub(super) struct ZonePoint<F: Real> {
    pub(super) stencil: Stencil<F>,
    /// d log₁₀ T / d T \[1/K\].
    pub(super) d_log10_t: F,
    /// T / 10⁴ K, and ln of it.
    t4: F,
    ln_t4: F,
    /// Density [cm⁻³].
    n: F,
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

    /// ln(ε/ε_Hβ) of a term from its four coefficients, k₂/t + k₃ ln t + ln(1 + k₄ n), less the constant, and its derivatives by
    /// log₁₀T and log₁₀n.
    #[inline(always)]
    pub(super) fn four_coefficients(&self, term: &Term<F>) -> [F; 3] {
        let ln_10 = real::<F>(std::f64::consts::LN_10);
        let by_inverse = term.k2 / self.t4;
        let of_density = term.k4 * self.n;
        let factor = (F::one() + of_density).max(real(COEFFICIENT_FLOOR));
        [
            by_inverse + term.k3 * self.ln_t4 + factor.ln(),
            ln_10 * (term.k3 - by_inverse),
            ln_10 * of_density / factor,
        ]
    }

    /// ln(1 + C/R) of a line of hydrogen, and its derivatives by ξ and T.
    #[inline(always)]
    pub(super) fn excited(&self, level: u32, xi: F) -> [F; 3] {
        let [ratio, d_t] = excitation(level, self.t4, self.ln_t4);
        let grown = F::one() + xi * ratio;
        [grown.ln(), ratio / grown, xi * d_t / grown]
    }
}

/// One term at one point.
#[derive(Clone, Copy, Debug)]
pub(super) struct TermPoint<F> {
    /// Its flux per unit of its ion's abundance (relative to the ion's base).
    pub(super) flux: F,
    /// Derivatives of ln of that per cell of the table along log₁₀T and log₁₀n, by emissivity alone.
    pub(super) d_u: F,
    pub(super) d_v: F,
    /// By −cHbeta: ln 10 · f_λ.
    pub(super) f_lambda: F,
    /// The term's flux in the line, then what pulls on ln of `flux`.
    pub(super) pull: F,
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
    /// Derivatives of ln(1 + C/R) of Hβ by ξ and by the temperature of hydrogen's zone; `ln_f_hbeta` is what recombination
    /// alone sends.
    pub(super) d_hbeta: [F; 2],
    /// Derivative by a_H of ln(1 + a_H/EW(Hβ)), which `ln_f_hbeta` has in it.
    pub(super) d_undimmed: F,
    /// Degrees of freedom of Student's t, and its normalisation.
    pub(super) nu: F,
    pub(super) student: [F; 2],
}

impl<F: Real> Shared<F> {
    /// Takes from ln F(Hβ) what collisions send: every other line is a ratio to recombination's Hβ.
    #[inline(always)]
    pub(super) fn excite_hbeta(&mut self, hydrogen: &ZonePoint<F>) {
        let [ln_grown, d_xi, d_t] = hydrogen.excited(COLLISIONAL_HBETA, self.xi);
        self.ln_f_hbeta = self.ln_f_hbeta - ln_grown;
        self.d_hbeta = [d_xi, d_t];
    }

    /// Adds to ln F(Hβ) what absorption takes from Hβ: fluxes are ratios to what is left of it.
    #[inline(always)]
    pub(super) fn dim_hbeta(&mut self, absorption_hbeta: F) {
        let undimmed = F::one() + absorption_hbeta * self.a_h;
        self.ln_f_hbeta = self.ln_f_hbeta + undimmed.ln();
        self.d_undimmed = absorption_hbeta / undimmed;
    }

    /// ln 10 · f_λ, f_λ = X(λ)/X(Hβ) − 1.
    #[inline(always)]
    pub(super) fn f_lambda(&self, term: &Term<F>) -> F {
        (term.law_a * self.rv + term.law_b) * self.law_unit - real(std::f64::consts::LN_10)
    }
}

/// What stellar absorption leaves of a line, 1 / (1 + (k_H a_H + k_He a_He)/EW), and the derivatives of ln of it by a_H and a_He
/// (Aver, Olive & Skillman 2010, JCAP 05, 003, eq. 3.1).
#[inline(always)]
pub(super) fn absorption<F: Real>(line: &LineRecord<F>, at: &Shared<F>) -> [F; 3] {
    let here = F::one() + line.absorption_h * at.a_h + line.absorption_he * at.a_he;
    let inverse = F::one() / here;
    [inverse, -line.absorption_h * inverse, -line.absorption_he * inverse]
}
