//! Excitation of hydrogen by collisions: what it adds to Balmer lines, relative to recombination.

use super::terms::T4_PER_KELVIN;
use crate::shared::real::{Real, real};
use crate::shared::wgsl::shared_constants;

/// The lines whose excitation is known.
const LINES: [&str; 4] = ["H1_6563A", "H1_4861A", "H1_4341A", "H1_4102A"];

shared_constants! {
    // E. Aver, K. A. Olive & E. D. Skillman, JCAP 05 (2010) 003: C/R = 10⁴ ξ Σ aᵢ exp(bᵢ/t) t^cᵢ, as
    // rows (a, b, c), with ξ = n(H⁰)/n(H⁺) and t = T/10⁴ K; as tabulated by
    // T. Hsyu et al., ApJ 896 (2020) 77 (tables/hydrogen_CR_coeff of their code Yp), which names that paper.

    /// Hβ's place among the lines, from 1.
    pub(crate) const COLLISIONAL_HBETA: u32 = 2;
    /// Hα.
    const COLLISIONAL_ALPHA: [[f64; 3]; 6] = [
        [0.4155, -14.80, 0.4209],
        [2.4965, -14.03, 0.5853],
        [2.4063, -14.03, 0.6187],
        [0.2914, -14.80, 0.6766],
        [0.3685, -14.80, 0.7076],
        [4.6426, -14.03, 0.7788],
    ];
    /// Hβ.
    const COLLISIONAL_BETA: [[f64; 3]; 8] = [
        [0.2384, -15.15, 0.3082],
        [0.6964, -14.80, 0.4978],
        [0.1991, -15.15, 0.6017],
        [0.1409, -15.15, 0.6765],
        [0.2201, -15.15, 0.7293],
        [1.9228, -14.80, 0.7535],
        [1.4845, -14.80, 0.7845],
        [2.8179, -14.80, 0.9352],
    ];
    /// Hγ.
    const COLLISIONAL_GAMMA: [[f64; 3]; 5] = [
        [0.3629, -15.15, 0.3598],
        [0.8351, -15.15, 0.6533],
        [2.0044, -15.15, 0.7281],
        [1.4757, -15.15, 0.7809],
        [2.7947, -15.15, 0.8582],
    ];
    /// Hδ: Hγ's, with the energy of its own upper level.
    const COLLISIONAL_DELTA: [[f64; 3]; 5] = [
        [0.3629, -15.34, 0.3598],
        [0.8351, -15.34, 0.6533],
        [2.0044, -15.34, 0.7281],
        [1.4757, -15.34, 0.7809],
        [2.7947, -15.34, 0.8582],
    ];
}

/// `Term::collisional` of a line: its place among those whose excitation is known, from 1, or 0.
pub(crate) fn collisional(label: &str) -> u32 {
    LINES
        .iter()
        .position(|line| *line == label)
        .map_or(0, |place| place as u32 + 1)
}

/// C/R of a line per 10⁴ ξ at t = T/10⁴ K, `ln_t` = ln t, and its derivative by T [1/K]; `line` as in `Term::collisional`.
#[inline(always)]
pub(super) fn excitation<F: Real>(line: u32, t: F, ln_t: F) -> [F; 2] {
    let inverse_t = F::one() / t;
    let [sum, by_inverse, by_ln] = match line {
        1 => exponentials(&COLLISIONAL_ALPHA, inverse_t, ln_t),
        2 => exponentials(&COLLISIONAL_BETA, inverse_t, ln_t),
        3 => exponentials(&COLLISIONAL_GAMMA, inverse_t, ln_t),
        _ => exponentials(&COLLISIONAL_DELTA, inverse_t, ln_t),
    };
    let d_t = inverse_t * (by_ln - inverse_t * by_inverse);
    [sum, d_t * real(T4_PER_KELVIN)]
}

/// Σ a exp(b x + c y) and its derivatives by x and y.
#[inline(always)]
fn exponentials<F: Real>(rows: &[[f64; 3]], x: F, y: F) -> [F; 3] {
    let mut sum = [F::zero(); 3];
    for &[a, b, c] in rows {
        let (b, c) = (real::<F>(b), real::<F>(c));
        let e = real::<F>(a) * (b * x + c * y).exp();
        sum = [sum[0] + e, sum[1] + b * e, sum[2] + c * e];
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(line: u32, kelvin: f64) -> [f64; 2] {
        excitation(line, 1e-4 * kelvin, (1e-4 * kelvin).ln())
    }

    /// ξ = 10⁻⁴ raises Hα itself by 0.12 % at 15 kK and by 1.5 % at 20 kK; Hα/Hβ by 0.06 % and 0.67 %.
    #[test]
    fn halpha_rises_steeply_with_temperature() {
        assert!((at(1, 15_000.0)[0] - 0.0012).abs() < 5e-5, "{:?}", at(1, 15_000.0));
        assert!((at(1, 20_000.0)[0] - 0.015).abs() < 5e-4, "{:?}", at(1, 20_000.0));
        let ratio = |kelvin| (1.0 + at(1, kelvin)[0]) / (1.0 + at(2, kelvin)[0]) - 1.0;
        assert!((ratio(15_000.0) - 0.0006).abs() < 5e-5 && (ratio(20_000.0) - 0.0067).abs() < 5e-5);
    }

    #[test]
    fn lines_are_found_by_label() {
        assert_eq!(collisional(crate::line::H_BETA), COLLISIONAL_HBETA);
        assert_eq!((collisional("H1_4102A"), collisional("He1_5876A")), (4, 0));
    }

    #[test]
    fn the_slope_is_that_of_the_value() {
        for line in 1..=4 {
            for kelvin in [8_000.0, 15_000.0, 25_000.0] {
                let slope = (at(line, kelvin + 1.0)[0] - at(line, kelvin - 1.0)[0]) / 2.0;
                // Truncation: (15/t)³/(6 · 10⁸ t) of the slope at most.
                assert!((slope / at(line, kelvin)[1] - 1.0).abs() < 1e-5, "{line} {kelvin}");
            }
        }
    }
}
