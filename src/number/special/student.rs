//! Normalisation of Student's t.

use super::super::real::{Real, real};
use super::super::wgsl::shared_constants;
use super::polynomial;

shared_constants! {
    /// Least x of the asymptotic series; a recurrence leads up to it from below.
    const STUDENT_SERIES_EDGE: f64 = 8.0;
    /// Steps of the recurrence that lead to that x from anywhere above 0.
    const STUDENT_STEPS: usize = 8;
    /// Coefficients cₖ = (2^(−2k) − 1) B₂ₖ/(k (2k − 1)), k = 1 to 8, of ln[Γ(x + ½)/(√x Γ(x))] = Σ
    /// cₖ x^(1−2k). They follow from Stirling's series (NIST DLMF 5.11.8) at x + ½ and x. The ninth
    /// term is 2·10⁻¹⁶ at the edge, and 3·10⁻¹⁶ in the slope.
    const STUDENT_SERIES: [f64; 8] = [
        -1.0 / 8.0,
        1.0 / 192.0,
        -1.0 / 640.0,
        17.0 / 14_336.0,
        -31.0 / 18_432.0,
        691.0 / 180_224.0,
        -5_461.0 / 425_984.0,
        929_569.0 / 15_728_640.0,
    ];
    /// Coefficients (2k − 1) cₖ of the series of −x² times the derivative.
    const STUDENT_SERIES_SLOPE: [f64; 8] = [
        -1.0 / 8.0,
        3.0 / 192.0,
        -5.0 / 640.0,
        7.0 * 17.0 / 14_336.0,
        -9.0 * 31.0 / 18_432.0,
        11.0 * 691.0 / 180_224.0,
        -13.0 * 5_461.0 / 425_984.0,
        15.0 * 929_569.0 / 15_728_640.0,
    ];
}

/// Log ratio of the densities at 0 of Student's t with `nu` degrees of freedom and of the standard
/// normal, δ = ln Γ((ν+1)/2) − ln Γ(ν/2) − ½ ln(ν/2), and dδ/dν.
///
/// Two ln Γ lose all digits in single precision where ν is large and δ small. The function
/// therefore computes δ itself. With x = ν/2, δ(x) = δ(x + 1) − ½ ln[1 + 1/(4x(x + 1))] and δ'(x) =
/// δ'(x + 1) + 1/[2x(x + 1)(2x + 1)], since Γ(x + 1) = x Γ(x).
#[inline(always)]
pub fn student_norm<F: Real>(nu: F) -> [F; 2] {
    let (half, one) = (real::<F>(0.5), F::one());
    let mut x = half * nu;
    let mut product = one;
    let mut slope = F::zero();
    for _ in 0..STUDENT_STEPS {
        let below = x.lt(real(STUDENT_SERIES_EDGE));
        let y = x * (x + one);
        product = F::select(below, product * (one + real::<F>(0.25) / y), product);
        slope = F::select(below, slope + half / (y * (x + x + one)), slope);
        x = F::select(below, x + one, x);
    }
    let inverse = one / x;
    let square = inverse * inverse;
    let value = inverse * polynomial(square, &STUDENT_SERIES) - half * product.ln();
    slope = slope - square * polynomial(square, &STUDENT_SERIES_SLOPE);
    [value, half * slope]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// (ν, δ, dδ/dν) to 17 digits by arbitrary-precision arithmetic.
    const STUDENT: [(f64, f64, f64); 10] = [
        (0.0078125, -2.205614034381236, 63.313223765327976),
        (0.5, -0.39159439270683677, 0.5707963267948967),
        (1.0, -0.22579135264472744, 0.19314718055994531),
        (2.0, -0.12078223763524522, 0.05685281944005469),
        (3.25, -0.07581992260371116, 0.022706341238646448),
        (4.0, -0.0618907198070535, 0.015186152773388023),
        (10.0, -0.024958818946279514, 0.0024877400749753254),
        (16.0, -0.015614874604334552, 0.0009746698119050624),
        (100.0, -0.002499958338331816, 2.4998750249893827e-05),
        (1048576.0, -2.3841857910152637e-07, 2.2737367544312866e-13),
    ];

    /// Error: a few roundings of ln and of eight factors near 1.
    #[test]
    fn student_norm_is_right_from_a_hundredth_to_a_million() {
        for (nu, value, slope) in STUDENT {
            let [found, found_slope] = student_norm(nu);
            assert!(
                (found - value).abs() < 4.0 * f64::EPSILON * (1.0 + value.abs()),
                "{nu}: {found}"
            );
            // The series has an error of 3·10⁻¹⁶ in x.
            let bound = 2e-16 + 1e-14 * slope;
            assert!((found_slope - slope).abs() < bound, "{nu}: {found_slope}");
            let [single, single_slope] = student_norm(nu as f32).map(f64::from);
            let bound = f64::from(f32::EPSILON);
            assert!(
                (single - value).abs() < 8.0 * bound * (0.5 + value.abs()),
                "{nu}: {single}"
            );
            assert!(
                (single_slope / slope - 1.0).abs() < 16.0 * bound,
                "{nu}: {single_slope}"
            );
        }
    }

    /// ν = 1 is Cauchy: density 1/π at 0, against 1/√(2π).
    #[test]
    fn one_degree_of_freedom_is_cauchy() {
        let truth = (2.0 / std::f64::consts::PI).ln() / 2.0;
        assert!((student_norm(1.0_f64)[0] - truth).abs() < 1e-15);
    }
}
