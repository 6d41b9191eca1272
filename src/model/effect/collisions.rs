//! Excitation of hydrogen by collisions: its ratio to recombination, by the upper level of the
//! line.

use super::T4_PER_KELVIN;
use crate::line::{Ion, Line};
use crate::number::real::{Real, real};
use crate::number::wgsl::shared_constants;

/// Rydberg's constant of hydrogen [1/Å] (NIST, CODATA 2018, reduced to the proton's mass).
const RYDBERG: f64 = 1.096_775_83e-3;
/// Lower levels of the series from Balmer's up whose lines are recognised.
const LOWER_LEVELS: std::ops::RangeInclusive<u32> = 2..=9;
/// The highest upper level that is recognised: higher lines of a series lie closer than
/// `SAME_LINE`.
const HIGHEST_LEVEL: u32 = 40;
/// The largest difference of a line's wavelength from Rydberg's formula, relative to it: fine
/// structure and rounding.
const SAME_LINE: f64 = 5e-5;

/// The twin of this file.
pub(in crate::model) const WGSL: &str = include_str!("../../../shaders/model/effect/collisions.wgsl");

shared_constants! {
    // E. Aver, K. A. Olive & E. D. Skillman, JCAP 05 (2010) 003: C/R = 10⁴ ξ Σ aᵢ exp(bᵢ/t) t^cᵢ,
    // as rows (a, b, c), with ξ = n(H⁰)/n(H⁺) and t = T/10⁴ K; as tabulated by T. Hsyu et al., ApJ
    // 896 (2020) 77 (tables/hydrogen_CR_coeff of their code Yp), which names that paper. The ratio
    // counts excitations and recombinations through the upper level, so that all lines of a level
    // share it.

    /// Hβ's upper level.
    pub(in crate::model) const COLLISIONAL_HBETA: u32 = 4;
    /// 13.6 eV in units of k · 10⁴ K.
    const COLLISIONAL_RYDBERG: f64 = 15.782;
    /// b of all terms of level 5.
    const COLLISIONAL_GAMMA_B: f64 = -15.15;
    /// Level 3, Hα.
    const COLLISIONAL_ALPHA: [[f64; 3]; 6] = [
        [0.4155, -14.80, 0.4209],
        [2.4965, -14.03, 0.5853],
        [2.4063, -14.03, 0.6187],
        [0.2914, -14.80, 0.6766],
        [0.3685, -14.80, 0.7076],
        [4.6426, -14.03, 0.7788],
    ];
    /// Level 4: Hβ, Pα.
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
    /// Level 5: Hγ, Pβ, Brα.
    const COLLISIONAL_GAMMA: [[f64; 3]; 5] = [
        [0.3629, -15.15, 0.3598],
        [0.8351, -15.15, 0.6533],
        [2.0044, -15.15, 0.7281],
        [1.4757, -15.15, 0.7809],
        [2.7947, -15.15, 0.8582],
    ];
}

/// `Term::collisional` of a line: the upper level of a line of hydrogen, or 0 of one that
/// collisions do not excite, which is any of another ion, and Lyman's, whose photons are scattered
/// until they are lost.
pub(crate) fn collisional(line: &Line) -> u32 {
    if line.ion != Ion::H1 {
        return 0;
    }
    let deviation = |lower: u32, upper: u32| {
        let inverse_square = |level: u32| f64::from(level).powi(-2);
        let expected = 1.0 / (RYDBERG * (inverse_square(lower) - inverse_square(upper)));
        (line.wavelength_vac / expected - 1.0).abs()
    };
    LOWER_LEVELS
        .flat_map(|lower| (lower + 1..=HIGHEST_LEVEL).map(move |upper| (deviation(lower, upper), upper)))
        .filter(|(deviation, _)| *deviation < SAME_LINE)
        .min_by(|one, other| one.0.total_cmp(&other.0))
        .map_or(0, |(_, upper)| upper)
}

/// C/R of a line of an upper level per 10⁴ ξ at t = T/10⁴ K, `ln_t` = ln t, and its derivative with
/// respect to T \[1/K\].
#[inline(always)]
fn excitation<F: Real>(level: u32, t: F, ln_t: F) -> [F; 2] {
    let inverse_t = F::one() / t;
    let [sum, by_inverse, by_ln] = match level {
        3 => exponentials(&COLLISIONAL_ALPHA, inverse_t, ln_t),
        4 => exponentials(&COLLISIONAL_BETA, inverse_t, ln_t),
        5 => exponentials(&COLLISIONAL_GAMMA, inverse_t, ln_t),
        _ => above_gamma(level, inverse_t, ln_t),
    };
    let d_t = inverse_t * (by_ln - inverse_t * by_inverse);
    [sum, d_t * real(T4_PER_KELVIN)]
}

/// ln(1 + C/R) of a line of an upper level at ξ, and its derivatives with respect to ξ and T.
#[inline(always)]
pub(in crate::model) fn excited<F: Real>(level: u32, xi: F, t4: F, ln_t4: F) -> [F; 3] {
    let [ratio, d_t] = excitation(level, t4, ln_t4);
    let grown = F::one() + xi * ratio;
    [grown.ln(), ratio / grown, xi * d_t / grown]
}

/// Level 5's sum with b = −15.782 (1 − 1/n²) of a higher level, and its derivatives with respect to
/// x = 1/t and y = ln t.
#[inline(always)]
fn above_gamma<F: Real>(level: u32, x: F, y: F) -> [F; 3] {
    let n = real::<F>(f64::from(level));
    let b = real::<F>(COLLISIONAL_RYDBERG) * (F::one() / (n * n) - F::one());
    let further = b - real(COLLISIONAL_GAMMA_B);
    let [sum, d_x, d_y] = exponentials(&COLLISIONAL_GAMMA, x, y);
    let factor = (further * x).exp();
    [factor * sum, factor * (d_x + further * sum), factor * d_y]
}

/// Σ a exp(b x + c y) and its derivatives with respect to x and y.
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

    fn at(level: u32, kelvin: f64) -> [f64; 2] {
        excitation(level, 1e-4 * kelvin, (1e-4 * kelvin).ln())
    }

    /// ξ = 10⁻⁴ raises Hα itself by 0.12 % at 15 kK and by 1.5 % at 20 kK; Hα/Hβ by 0.06 % and 0.67
    /// %.
    #[test]
    fn halpha_rises_steeply_with_temperature() {
        assert!((at(3, 15_000.0)[0] - 0.0012).abs() < 5e-5, "{:?}", at(3, 15_000.0));
        assert!((at(3, 20_000.0)[0] - 0.015).abs() < 5e-4, "{:?}", at(3, 20_000.0));
        let ratio = |kelvin| (1.0 + at(3, kelvin)[0]) / (1.0 + at(4, kelvin)[0]) - 1.0;
        assert!((ratio(15_000.0) - 0.0006).abs() < 5e-5 && (ratio(20_000.0) - 0.0067).abs() < 5e-5);
    }

    fn level(wavelength_vac: f64, ion: Ion) -> u32 {
        collisional(&Line {
            label: String::new(),
            ion,
            wavelength_air: wavelength_vac,
            wavelength_vac,
            valid_t: [5e3, 3e4],
            valid_ne: [1.0, 1e5],
        })
    }

    #[test]
    fn levels_follow_from_wavelengths() {
        let lines = [
            (6564.607, 3),
            (4862.678, 4),
            (3890.149, 8),
            (3751.216, 12),
            (18756.122, 4),
            (10941.087, 6),
        ];
        for (wavelength, upper) in lines.into_iter().chain([(8667.401, 13), (21661.192, 7), (40522.8, 5)]) {
            assert_eq!(level(wavelength, Ion::H1), upper, "{wavelength}");
        }
        assert_eq!(
            (
                level(6564.607, Ion::HE1),
                level(1215.67, Ion::H1),
                level(5008.24, Ion::H1)
            ),
            (0, 0, 0)
        );
    }

    #[test]
    fn every_hydrogen_line_of_the_built_in_set_has_a_level() {
        let set = crate::emissivity::Set::built_in().unwrap();
        for line in set.list.lines.iter().filter(|line| line.ion == Ion::H1) {
            assert!((3..=13).contains(&collisional(line)), "{}", line.label);
        }
    }

    /// The five terms of Hγ with b = −15.782 · 35/36 = −15.3436, summed by hand at 10⁴ K: 7.4728
    /// e^−15.3436.
    #[test]
    fn hdelta_and_pgamma_are_hgamma_with_their_own_energy() {
        let expected = 7.4728 * (-15.782_f64 * 35.0 / 36.0).exp();
        assert!((at(6, 1e4)[0] / expected - 1.0).abs() < 1e-12, "{:?}", at(6, 1e4));
        assert!((at(12, 1e4)[0] / 7.4728 / (-15.782_f64 * 143.0 / 144.0).exp() - 1.0).abs() < 1e-12);
    }

    #[test]
    fn the_slope_is_that_of_the_value() {
        for level in [3, 4, 5, 6, 8, 13] {
            for kelvin in [8_000.0, 15_000.0, 25_000.0] {
                let slope = (at(level, kelvin + 1.0)[0] - at(level, kelvin - 1.0)[0]) / 2.0;
                // Truncation: (15/t)³/(6 · 10⁸ t) of the slope at most.
                assert!((slope / at(level, kelvin)[1] - 1.0).abs() < 1e-5, "{level} {kelvin}");
            }
        }
    }
}
