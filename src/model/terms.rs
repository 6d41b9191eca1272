//! One term of one line: its flux per unit abundance and the derivatives of ln of that.

use super::collisional::{COLLISIONAL_HBETA, excitation};
use super::object::ModelObject;
use crate::emissivity::{Grid, Stencil};
use crate::shared::layout::{FIXED, LineRecord, NONE, Slot, Term};
use crate::shared::real::{Real, real};
use crate::shared::special::bounded_exp;
use crate::shared::wgsl::shared_constants;

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

/// Which of the effects that a model may leave out are in an object's model: what is absent is not computed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Effects {
    pub(super) tau: bool,
    /// R_V is sampled.
    pub(super) rv: bool,
    pub(super) absorption: bool,
    pub(super) xi: bool,
}

impl Effects {
    /// Those of `object`: an effect is absent where its slot is held at zero.
    pub(super) fn of<F: Real + PartialEq>(object: &ModelObject<F>) -> Self {
        let slot = |slot: u32| &object.slots[slot as usize];
        let varies = |slot: &Slot<F>| slot.kind != FIXED || slot.parent != NONE;
        let present = |of: u32| varies(slot(of)) || slot(of).location != F::zero();
        let header = &object.header;
        Effects {
            tau: present(header.tau),
            rv: varies(slot(header.rv)),
            absorption: present(header.a_h) || present(header.a_he),
            xi: present(header.xi),
        }
    }
}

/// Derivatives of a sum of log fluxes by what stands between them and the coordinates, besides abundances.
#[derive(Clone, Copy, Debug)]
pub(super) struct Partials<F> {
    /// By the zone's temperature \[K\].
    pub(super) t: F,
    /// By the zone's log₁₀ n_e.
    pub(super) n: F,
    /// By tau.
    pub(super) tau: F,
    /// By −cHbeta: ln 10 · f_λ.
    pub(super) f_lambda: F,
    /// The terms' `law_a`, from which the derivative by R_V follows.
    pub(super) law_a: F,
    /// By a_H \[Å\].
    pub(super) a_h: F,
    /// By a_He \[Å\].
    pub(super) a_he: F,
    /// By ξ.
    pub(super) xi: F,
}

impl<F: Real> Partials<F> {
    #[inline(always)]
    pub(super) fn zero() -> Self {
        let zero = F::zero();
        Partials {
            t: zero,
            n: zero,
            tau: zero,
            f_lambda: zero,
            law_a: zero,
            a_h: zero,
            a_he: zero,
            xi: zero,
        }
    }

    /// Adds `weight` times the partials of a term of a line whose absorption is `loss`.
    #[inline(always)]
    pub(super) fn add_term(
        &mut self,
        weight: F,
        term: &Term<F::Scalar>,
        point: &TermPoint<F>,
        loss: &[F; 3],
        effects: Effects,
    ) {
        self.t = weight.mul_add(point.d_t, self.t);
        self.n = weight.mul_add(point.d_n, self.n);
        self.f_lambda = weight.mul_add(point.f_lambda, self.f_lambda);
        if point.has_tau {
            self.tau = weight.mul_add(point.d_tau, self.tau);
        }
        if effects.rv {
            self.law_a = weight.mul_add(F::spread(term.law_a), self.law_a);
        }
        if effects.absorption {
            self.a_h = weight.mul_add(loss[1], self.a_h);
            self.a_he = weight.mul_add(loss[2], self.a_he);
        }
        if effects.xi && term.collisional != 0 {
            self.xi = weight.mul_add(point.d_xi, self.xi);
        }
    }

    /// Adds `weight` times `other`.
    #[inline(always)]
    pub(super) fn add(&mut self, weight: F, other: &Self, effects: Effects) {
        self.t = weight.mul_add(other.t, self.t);
        self.n = weight.mul_add(other.n, self.n);
        self.f_lambda = weight.mul_add(other.f_lambda, self.f_lambda);
        if effects.tau {
            self.tau = weight.mul_add(other.tau, self.tau);
        }
        if effects.rv {
            self.law_a = weight.mul_add(other.law_a, self.law_a);
        }
        if effects.absorption {
            self.a_h = weight.mul_add(other.a_h, self.a_h);
            self.a_he = weight.mul_add(other.a_he, self.a_he);
        }
        if effects.xi {
            self.xi = weight.mul_add(other.xi, self.xi);
        }
    }
}

/// One zone at one point: where it lies in the tables and what f_tau needs.
#[derive(Clone, Copy, Debug)]
pub(super) struct ZonePoint<F: Real> {
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

impl<F: Real> ZonePoint<F> {
    /// The zone at temperature `t` \[K\] and `log_n` = log₁₀ n_e [cm⁻³].
    #[inline(always)]
    pub(super) fn new(grid: &Grid<F::Scalar>, t: F, log_n: F) -> Self {
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

impl<F: Real> ZonePoint<F> {
    /// ln(ε/ε_Hβ) of a term and its derivatives by log₁₀T and log₁₀n: from its row of the grid, or from the four coefficients
    /// k₂/t + k₃ ln t + ln(1 + k₄ n).
    #[inline(always)]
    pub(super) fn emissivity(&self, grid: &Grid<F::Scalar>, term: &Term<F>) -> [F; 3] {
        if term.table != NONE {
            return grid.value(term.table as usize, &self.stencil);
        }
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
    fn excited(&self, line: u32, xi: F) -> [F; 3] {
        let [ratio, d_t] = excitation(line, self.t4, self.ln_t4);
        let grown = F::one() + xi * ratio;
        [grown.ln(), ratio / grown, xi * d_t / grown]
    }
}

/// The flux of one term per unit of its ion's abundance (relative to the ion's base), and derivatives of ln of that.
#[derive(Clone, Copy, Debug)]
pub(super) struct TermPoint<F> {
    pub(super) flux: F,
    /// By the zone's temperature \[K\] and log₁₀ n_e.
    pub(super) d_t: F,
    pub(super) d_n: F,
    /// By −cHbeta.
    pub(super) f_lambda: F,
    /// By tau, where the term has it at all.
    pub(super) has_tau: bool,
    pub(super) d_tau: F,
    /// By ξ, where collisions excite the line.
    pub(super) d_xi: F,
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
    /// 1 + a_H/EW(Hβ), and the derivative of ln of it by a_H.
    pub(super) undimmed: [F; 2],
    /// Degrees of freedom of Student's t, and its normalisation.
    pub(super) nu: F,
    pub(super) student: [F; 2],
}

impl<F: Real> Shared<F> {
    /// Takes from ln F(Hβ) what collisions send: every other line is a ratio to recombination's Hβ.
    pub(super) fn excite_hbeta(&mut self, hydrogen: &ZonePoint<F>) {
        let [ln_grown, d_xi, d_t] = hydrogen.excited(COLLISIONAL_HBETA, self.xi);
        self.ln_f_hbeta = self.ln_f_hbeta - ln_grown;
        self.d_hbeta = [d_xi, d_t];
    }

    /// ln 10 · f_λ, f_λ = X(λ)/X(Hβ) − 1.
    #[inline(always)]
    fn f_lambda(&self, term: &Term<F>) -> F {
        (term.law_a * self.rv + term.law_b) * self.law_unit - real(std::f64::consts::LN_10)
    }
}

/// What stellar absorption leaves of a line, G = (1 + a_H/EW_Hβ) / (1 + (k_H a_H + k_He a_He)/EW), and the derivatives of ln G
/// by a_H and a_He (Aver, Olive & Skillman 2010, JCAP 05, 003, eq. 3.1).
#[inline(always)]
pub(super) fn absorption<F: Real>(line: &LineRecord<F>, at: &Shared<F>) -> [F; 3] {
    let here = F::one() + line.absorption_h * at.a_h + line.absorption_he * at.a_he;
    [
        at.undimmed[0] / here,
        at.undimmed[1] - line.absorption_h / here,
        -line.absorption_he / here,
    ]
}

impl<F: Real> TermPoint<F> {
    /// A term in its zone; `emissivity` is its value and derivatives by log₁₀T and log₁₀n there, `loss` what absorption leaves of
    /// its line.
    #[inline(always)]
    pub(super) fn new(
        record: &Term<F::Scalar>,
        [ln_emissivity, d_t, d_n]: [F; 3],
        zone: &ZonePoint<F>,
        at: &Shared<F>,
        loss: F,
        effects: Effects,
    ) -> Self {
        let term: Term<F> = record.spread();
        let f_lambda = at.f_lambda(&term);
        let mut point = TermPoint {
            d_t: d_t * zone.d_log10_t,
            d_n,
            f_lambda,
            has_tau: effects.tau && has_tau(record),
            ..TermPoint::dark()
        };
        let mut exponent = (-f_lambda).mul_add(at.c_hbeta, term.constant + ln_emissivity) + at.ln_f_hbeta;
        if effects.xi && record.collisional != 0 {
            let [ln_grown, d_xi, d_t] = zone.excited(record.collisional, at.xi);
            exponent = exponent + ln_grown;
            point.d_xi = d_xi;
            point.d_t = point.d_t + d_t;
        }
        point.flux = bounded_exp(exponent);
        if point.has_tau {
            point.thicken(&term, zone, at.tau);
        }
        if effects.absorption {
            point.flux = point.flux * loss;
        }
        point
    }

    /// f_tau = 1 + (tau/2) [a + (b₀ + b₁ n + b₂ n²) t], Benjamin, Skillman & Smits (2002), eq. 1 and Table 4.
    #[inline(always)]
    fn thicken(&mut self, term: &Term<F>, zone: &ZonePoint<F>, tau: F) {
        let half_tau = real::<F>(0.5) * tau;
        let by_t = term.tau_b0 + zone.n_held * (term.tau_b1 + zone.n_held * term.tau_b2);
        let bracket = term.tau_a + by_t * zone.t4;
        let f_tau = (F::one() + half_tau * bracket).max(real(TAU_FLOOR));
        let inverse = F::one() / f_tau;
        let by_n = term.tau_b1 + real::<F>(2.0) * term.tau_b2 * zone.n_held;
        self.flux = self.flux * f_tau;
        self.d_t = self.d_t + half_tau * by_t * real(T4_PER_KELVIN) * inverse;
        self.d_n = self.d_n + half_tau * by_n * zone.d_n_held * zone.t4 * inverse;
        self.d_tau = real::<F>(0.5) * bracket * inverse;
    }

    /// No flux.
    #[inline(always)]
    pub(super) fn dark() -> Self {
        let zero = F::zero();
        TermPoint {
            flux: zero,
            d_t: zero,
            d_n: zero,
            f_lambda: zero,
            has_tau: false,
            d_tau: zero,
            d_xi: zero,
        }
    }
}

/// Whether f_tau of a term is other than 1.
#[inline(always)]
fn has_tau<F: Real + PartialEq>(term: &Term<F>) -> bool {
    let coefficients = [term.tau_a, term.tau_b0, term.tau_b1, term.tau_b2];
    coefficients != [F::zero(); 4]
}
