//! One term of one line: its flux per unit abundance and the derivatives of ln of that.

use num_traits::Float;

use super::collisional::{COLLISIONAL_HBETA, excitation};
use crate::emissivity::{Grid, Stencil};
use crate::shared::layout::{LineRecord, NONE, Term};
use crate::shared::real;
use crate::shared::special::bounded_exp;
use crate::shared::wgsl::shared_constants;

/// What a term's log flux is differentiated by, besides abundances and ln F(Hβ).
pub(super) const PARTIALS: usize = 8;
/// Index of the zone's temperature \[K\] among the partials.
pub(super) const T: usize = 0;
/// Index of the zone's log₁₀ n_e.
pub(super) const N: usize = 1;
/// Index of tau.
pub(super) const TAU: usize = 2;
/// Index of −cHbeta: ln 10 · f_λ.
pub(super) const F_LAMBDA: usize = 3;
/// Index of the term's `law_a`, from which the derivative by R_V follows.
pub(super) const LAW_A: usize = 4;
/// Index of a_H \[Å\].
pub(super) const A_H: usize = 5;
/// Index of a_He \[Å\].
pub(super) const A_HE: usize = 6;
/// Index of ξ.
pub(super) const XI: usize = 7;

shared_constants! {
    /// The density at which f_tau is held [cm⁻³]: the edge of the fit of Benjamin, Skillman & Smits (2002).
    pub(crate) const TAU_DENSITY: f64 = 300.0;
    /// Densities beyond this many TAU_DENSITY are held there, so that the eighth power stays finite in f32; the held density
    /// has reached its limit to all digits long before.
    const TAU_DENSITY_RATIO: f64 = 1e4;
    /// f_tau is held above this.
    const TAU_FLOOR: f64 = 1e-6;
    /// log₁₀ of 10⁴ K.
    const LOG10_T4: f64 = 4.0;
    /// 1 + k₄ n is held above this.
    const COEFFICIENT_FLOOR: f64 = 1e-6;
    /// t = T/10⁴ K, per K.
    pub(super) const T4_PER_KELVIN: f64 = 1e-4;
}

/// One zone at one point: where it lies in the tables and what f_tau needs.
#[derive(Clone, Copy, Debug)]
pub(super) struct ZonePoint<F> {
    pub(super) stencil: Stencil<F>,
    /// d log₁₀ T / d T \[1/K\].
    d_log10_t: F,
    /// T / 10⁴ K, and ln of it.
    t4: F,
    ln_t4: F,
    /// Density [cm⁻³].
    n: F,
    /// Held density [cm⁻³] and its derivative by log₁₀ n_e.
    n_held: F,
    d_n_held: F,
}

impl<F: Float> ZonePoint<F> {
    /// The zone at temperature `t` \[K\] and `log_n` = log₁₀ n_e [cm⁻³].
    pub(super) fn new(grid: &Grid<F>, t: F, log_n: F) -> Self {
        let log10_e = real::<F>(std::f64::consts::LOG10_E);
        let ln_10 = real::<F>(std::f64::consts::LN_10);
        // n_held = n (1 + (n/300)⁸)^(−1/8): f_tau's quadratic in n turns over beyond its fit.
        let density = real::<F>(TAU_DENSITY);
        let n = bounded_exp(ln_10 * log_n);
        let ratio = (n / density).min(real(TAU_DENSITY_RATIO));
        let eighth = {
            let square = ratio * ratio;
            let fourth = square * square;
            F::one() + fourth * fourth
        };
        let n_held = density * ratio / eighth.sqrt().sqrt().sqrt();
        let t4 = t * real(T4_PER_KELVIN);
        let ln_t4 = t4.ln();
        ZonePoint {
            stencil: grid.at(log10_e * ln_t4 + real(LOG10_T4), log_n),
            d_log10_t: log10_e / t,
            t4,
            ln_t4,
            n,
            n_held,
            d_n_held: n_held * ln_10 / eighth,
        }
    }
}

impl<F: Float> ZonePoint<F> {
    /// ln(ε/ε_Hβ) of a term and its derivatives by log₁₀T and log₁₀n: from its row of the grid, or from the four coefficients
    /// k₂/t + k₃ ln t + ln(1 + k₄ n).
    pub(super) fn emissivity(&self, grid: &Grid<F>, term: &Term<F>) -> (F, F, F) {
        if term.table != NONE {
            return grid.value(term.table as usize, &self.stencil);
        }
        let ln_10 = real::<F>(std::f64::consts::LN_10);
        let by_inverse = term.k2 / self.t4;
        let of_density = term.k4 * self.n;
        let factor = (F::one() + of_density).max(real(COEFFICIENT_FLOOR));
        (
            by_inverse + term.k3 * self.ln_t4 + factor.ln(),
            ln_10 * (term.k3 - by_inverse),
            ln_10 * of_density / factor,
        )
    }

    /// ln(1 + C/R) of a line of hydrogen, and its derivatives by ξ and T.
    fn excited(&self, line: u32, xi: F) -> [F; 3] {
        let [ratio, d_t] = excitation(line, self.t4, self.ln_t4);
        let grown = F::one() + xi * ratio;
        [grown.ln(), ratio / grown, xi * d_t / grown]
    }
}

/// The flux of one term per unit of its ion's abundance (relative to the ion's base), and the partials of ln of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct TermPoint<F> {
    pub(super) flux: F,
    pub(super) d: [F; PARTIALS],
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
    /// Degrees of freedom of Student's t, and its normalisation.
    pub(super) nu: F,
    pub(super) student: [F; 2],
}

impl<F: Float> Shared<F> {
    /// Takes from ln F(Hβ) what collisions send: every other line is a ratio to recombination's Hβ.
    pub(super) fn excite_hbeta(&mut self, hydrogen: &ZonePoint<F>) {
        let [ln_grown, d_xi, d_t] = hydrogen.excited(COLLISIONAL_HBETA, self.xi);
        self.ln_f_hbeta = self.ln_f_hbeta - ln_grown;
        self.d_hbeta = [d_xi, d_t];
    }

    /// ln 10 · f_λ, f_λ = X(λ)/X(Hβ) − 1.
    fn f_lambda(&self, term: &Term<F>) -> F {
        (term.law_a * self.rv + term.law_b) * self.law_unit - real(std::f64::consts::LN_10)
    }
}

/// What stellar absorption leaves of a line, G = (1 + a_H/EW_Hβ) / (1 + (k_H a_H + k_He a_He)/EW), and the derivatives of ln G
/// by a_H and a_He (Aver, Olive & Skillman 2010, JCAP 05, 003, eq. 3.1).
pub(super) fn absorption<F: Float>(line: &LineRecord<F>, at: &Shared<F>) -> [F; 3] {
    let hbeta = F::one() + line.absorption_hbeta * at.a_h;
    let here = F::one() + line.absorption_h * at.a_h + line.absorption_he * at.a_he;
    [
        hbeta / here,
        line.absorption_hbeta / hbeta - line.absorption_h / here,
        -line.absorption_he / here,
    ]
}

impl<F: Float> TermPoint<F> {
    /// A term in its zone; `emissivity` is its value and derivatives by log₁₀T and log₁₀n there, `absorption` its line's.
    pub(super) fn new(
        term: &Term<F>,
        (ln_emissivity, d_t, d_n): (F, F, F),
        zone: &ZonePoint<F>,
        at: &Shared<F>,
        [loss, d_a_h, d_a_he]: [F; 3],
    ) -> Self {
        // f_tau = 1 + (tau/2) [a + (b₀ + b₁ n + b₂ n²) t], Benjamin, Skillman & Smits (2002), eq. 1 and Table 4.
        let half_tau = real::<F>(0.5) * at.tau;
        let by_t = term.tau_b0 + zone.n_held * (term.tau_b1 + zone.n_held * term.tau_b2);
        let bracket = term.tau_a + by_t * zone.t4;
        let f_tau = (F::one() + half_tau * bracket).max(real(TAU_FLOOR));
        let by_n = term.tau_b1 + real::<F>(2.0) * term.tau_b2 * zone.n_held;
        let f_lambda = at.f_lambda(term);
        let mut d = [F::zero(); PARTIALS];
        d[T] = d_t * zone.d_log10_t + half_tau * by_t * real(T4_PER_KELVIN) / f_tau;
        d[N] = d_n + half_tau * by_n * zone.d_n_held * zone.t4 / f_tau;
        d[TAU] = real::<F>(0.5) * bracket / f_tau;
        d[F_LAMBDA] = f_lambda;
        d[LAW_A] = term.law_a;
        d[A_H] = d_a_h;
        d[A_HE] = d_a_he;
        let mut exponent = term.constant + ln_emissivity - f_lambda * at.c_hbeta + at.ln_f_hbeta;
        if term.collisional != 0 && at.xi != F::zero() {
            let [ln_grown, d_xi, d_t] = zone.excited(term.collisional, at.xi);
            exponent = exponent + ln_grown;
            d[XI] = d_xi;
            d[T] = d[T] + d_t;
        }
        TermPoint {
            flux: bounded_exp(exponent) * f_tau * loss,
            d,
        }
    }

    /// No flux.
    pub(super) fn dark() -> Self {
        TermPoint {
            flux: F::zero(),
            d: [F::zero(); PARTIALS],
        }
    }
}
