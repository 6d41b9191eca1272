//! Standard normal distribution: density, distribution function and quantile.

use super::super::real::{Real, real};
use super::super::wgsl::shared_constants;
use super::polynomial;

shared_constants! {
    /// 1/√(2π).
    pub(super) const INV_SQRT_2PI: f64 = 0.398_942_280_401_432_7;

    // Source: W. J. Cody, "Rational Chebyshev approximations for the error function", Math. Comp.
    // 23 (1969) 631. The form for Φ itself is in W. J. Cody, "Algorithm 715: SPECFUN", ACM Trans.
    // Math. Softw. 19 (1993) 22 (routine ANORM).

    /// Limit of |x| below which Φ(x) − ½ = x·R(x²) is used: the upper quartile, 0.67449.
    pub(super) const CENTRE_EDGE: f64 = 0.674_489_75;
    /// Limit of |x| above which the tail is expanded in 1/x²: √32.
    const TAIL_EDGE: f64 = 5.656_854_249_492_381;
    /// Limit of |x| beyond which Φ is 0 or 1 in either precision. x is held there, so that an
    /// infinite one has a Φ.
    const CDF_EDGE: f64 = 40.0;
    /// Numerator of R(x²) in the centre.
    const CENTRE_NUMERATOR: [f64; 5] = [
        18_154.981_253_343_56,
        1_067.689_485_460_371,
        161.028_231_068_555_87,
        2.235_252_035_460_684,
        0.065_682_337_918_207_45,
    ];
    /// Denominator of R(x²) in the centre.
    const CENTRE_DENOMINATOR: [f64; 5] = [
        45_507.789_335_026_73,
        10_260.932_208_618_979,
        976.098_551_737_776_7,
        47.202_581_904_688_245,
        1.0,
    ];
    /// Numerator of Φ(−y)·exp(y²/2) between the edges.
    const SHOULDER_NUMERATOR: [f64; 9] = [
        9_842.714_838_383_978,
        11_602.651_437_647_35,
        6_848.190_450_536_283,
        2_494.537_585_290_372_6,
        597.270_276_394_800_3,
        93.506_656_132_177_85,
        8.883_149_794_388_377,
        0.398_941_512_088_134_66,
        1.076_557_677_372_019_2e-8,
    ];
    /// Denominator of Φ(−y)·exp(y²/2) between the edges.
    const SHOULDER_DENOMINATOR: [f64; 9] = [
        19_685.429_676_859_992,
        38_912.003_286_093_27,
        34_900.952_721_145_98,
        18_615.571_640_885_097,
        6_485.558_298_266_761,
        1_519.377_599_407_554_7,
        235.387_901_782_625,
        22.266_688_044_328_117,
        1.0,
    ];
    /// Numerator of the tail's correction in 1/y².
    const TAIL_NUMERATOR: [f64; 6] = [
        2.911_287_495_116_879_3e-5,
        0.001_421_619_193_227_893_4,
        0.022_235_277_870_649_807,
        0.127_401_161_160_247_36,
        0.215_898_534_057_957,
        0.023_073_441_764_940_174,
    ];
    /// Denominator of the tail's correction in 1/y².
    const TAIL_DENOMINATOR: [f64; 6] = [
        7.297_515_550_839_662e-5,
        0.003_782_396_332_027_582_4,
        0.065_988_137_868_928_56,
        0.468_238_212_480_865_1,
        1.284_260_096_144_911,
        1.0,
    ];

    // Source: M. J. Wichura, "Algorithm AS 241: The percentage points of the normal distribution",
    // Appl. Statist. 37 (1988) 477, routine PPND16: about one part in 10¹⁶.

    /// Limit of |p − ½| up to which the central form is used.
    const QUANTILE_CENTRE: f64 = 0.425;
    /// QUANTILE_CENTRE².
    const QUANTILE_CENTRE_SQUARE: f64 = 0.180_625;
    /// Limit of r = √(−ln p) up to which the shoulder form is used, p = e⁻²⁵.
    const QUANTILE_TAIL: f64 = 5.0;
    /// Centre of the shoulder's expansion in r.
    const QUANTILE_SHIFT: f64 = 1.6;
    /// Numerator of the centre, AS 241's a.
    const QUANTILE_A: [f64; 8] = [
        3.387_132_872_796_366_5,
        133.141_667_891_784_38,
        1_971.590_950_306_551_3,
        13_731.693_765_509_46,
        45_921.953_931_549_87,
        67_265.770_927_008_7,
        33_430.575_583_588_13,
        2_509.080_928_730_122_7,
    ];
    /// Denominator of the centre, AS 241's b.
    const QUANTILE_B: [f64; 8] = [
        1.0,
        42.313_330_701_600_91,
        687.187_007_492_057_9,
        5_394.196_021_424_751,
        21_213.794_301_586_597,
        39_307.895_800_092_71,
        28_729.085_735_721_943,
        5_226.495_278_852_854,
    ];
    /// Numerator of the shoulder, AS 241's c.
    const QUANTILE_C: [f64; 8] = [
        1.423_437_110_749_683_5,
        4.630_337_846_156_546,
        5.769_497_221_460_691,
        3.647_848_324_763_204_5,
        1.270_458_252_452_368_4,
        0.241_780_725_177_450_6,
        0.022_723_844_989_269_184,
        7.745_450_142_783_414e-4,
    ];
    /// Denominator of the shoulder, AS 241's d.
    const QUANTILE_D: [f64; 8] = [
        1.0,
        2.053_191_626_637_759,
        1.676_384_830_183_803_8,
        0.689_767_334_985_1,
        0.148_103_976_427_480_08,
        0.015_198_666_563_616_457,
        5.475_938_084_995_345e-4,
        1.050_750_071_644_416_9e-9,
    ];
    /// Numerator of the far tail, AS 241's e.
    const QUANTILE_E: [f64; 8] = [
        6.657_904_643_501_103,
        5.463_784_911_164_114,
        1.784_826_539_917_291_3,
        0.296_560_571_828_504_87,
        0.026_532_189_526_576_124,
        1.242_660_947_388_078_4e-3,
        2.711_555_568_743_487_6e-5,
        2.010_334_399_292_288_1e-7,
    ];
    /// Denominator of the far tail, AS 241's f.
    const QUANTILE_F: [f64; 8] = [
        1.0,
        0.599_832_206_555_887_9,
        0.136_929_880_922_735_8,
        0.014_875_361_290_850_615,
        7.868_691_311_456_133e-4,
        1.846_318_317_510_054_7e-5,
        1.421_511_758_316_446e-7,
        2.044_263_103_389_939_8e-15,
    ];
}

/// Density of the standard normal distribution, exp(−x²/2)/√(2π).
#[inline(always)]
pub fn normal_pdf<F: Real>(x: F) -> F {
    real::<F>(INV_SQRT_2PI) * (real::<F>(-0.5) * x * x).exp()
}

/// Distribution function Φ(x) of the standard normal (Cody 1969, 1993). The error is a few units in
/// the last place of Φ in both tails, until the float underflows: x ≈ −38 in f64 and −13 in f32.
#[inline(always)]
pub fn normal_cdf<F: Real>(x: F) -> F {
    normal_cdf_both(x)[0]
}

/// Tails Φ(x) and Φ(−x), each as [`normal_cdf`].
#[inline(always)]
pub fn normal_cdf_both<F: Real>(x: F) -> [F; 2] {
    let y = x.abs().min(real(CDF_EDGE));
    let half = real::<F>(0.5);
    let square = x * x;
    let ratio = polynomial(square, &CENTRE_NUMERATOR) / polynomial(square, &CENTRE_DENOMINATOR);
    let centre = [half + x * ratio, half - x * ratio];
    let beyond = real::<F>(CENTRE_EDGE).lt(y);
    if !F::any(beyond) {
        return centre;
    }
    let tail = exp_minus_half_square(y) * tail_ratio(y);
    let positive = F::zero().lt(x);
    [
        F::select(beyond, F::select(positive, F::one() - tail, tail), centre[0]),
        F::select(beyond, F::select(positive, tail, F::one() - tail), centre[1]),
    ]
}

/// Φ(−y)·exp(y²/2) for y beyond the centre.
#[inline(always)]
pub(super) fn tail_ratio<F: Real>(y: F) -> F {
    let shoulder = polynomial(y, &SHOULDER_NUMERATOR) / polynomial(y, &SHOULDER_DENOMINATOR);
    let far = real::<F>(TAIL_EDGE).lt(y);
    if !F::any(far) {
        return shoulder;
    }
    let u = F::one() / (y * y);
    let correction = u * polynomial(u, &TAIL_NUMERATOR) / polynomial(u, &TAIL_DENOMINATOR);
    F::select(far, (real::<F>(INV_SQRT_2PI) - correction) / y, shoulder)
}

/// exp(−y²/2) for y ≥ 0, without the rounding error of the square (Cody 1969, page 635). With y = s
/// + r and s a multiple of 1/16, s² is exact, and y² − s² = (y − s)(y + s).
#[inline(always)]
fn exp_minus_half_square<F: Real>(y: F) -> F {
    let sixteen = real::<F>(16.0);
    let half = real::<F>(0.5);
    let s = (y * sixteen).floor() / sixteen;
    (-half * s * s).exp() * (-half * (y - s) * (y + s)).exp()
}

/// Quantile Φ⁻¹(p) of the standard normal, to about one part in 10¹⁶ in f64 (Wichura 1988). A `p`
/// outside (0, 1) counts as the nearest positive tail that the float can hold, so the result is
/// always finite.
#[inline(always)]
pub fn normal_quantile<F: Real>(p: F) -> F {
    let q = p - real(0.5);
    let r = real::<F>(QUANTILE_CENTRE_SQUARE) - q * q;
    let centre = q * polynomial(r, &QUANTILE_A) / polynomial(r, &QUANTILE_B);
    let beside = real::<F>(QUANTILE_CENTRE).lt(q.abs());
    if !F::any(beside) {
        return centre;
    }
    let tail = p.min(F::one() - p).max(F::min_positive());
    let r = (-tail.ln()).sqrt();
    let near = r - real(QUANTILE_SHIFT);
    let mut z = polynomial(near, &QUANTILE_C) / polynomial(near, &QUANTILE_D);
    let beyond = real::<F>(QUANTILE_TAIL).lt(r);
    if F::any(beyond) {
        let far = r - real(QUANTILE_TAIL);
        z = F::select(beyond, polynomial(far, &QUANTILE_E) / polynomial(far, &QUANTILE_F), z);
    }
    F::select(beside, F::select(q.lt(F::zero()), -z, z), centre)
}

#[cfg(test)]
mod tests {
    use super::super::tests::close;
    use super::*;

    /// (x, Φ(x)) to 17 digits by arbitrary-precision arithmetic.
    const CDF: [(f64, f64); 20] = [
        (-37.5, 4.605353009581955e-308),
        (-30.3, 5.731723503315496e-202),
        (-20.7, 1.7318518790197378e-95),
        (-12.3125, 3.8791093609198044e-35),
        (-8.0, 6.220960574271784e-16),
        (-5.7, 5.990371401063528e-09),
        (-5.65625, 7.735803169490264e-09),
        (-5.625, 9.275398734560822e-09),
        (-4.0625, 2.427497385668885e-05),
        (-3.0, 0.0013498980316300946),
        (-1.5, 0.06680720126885807),
        (-0.6875, 0.24588385038026145),
        (-0.671875, 0.2508316385410542),
        (-0.25, 0.4012936743170763),
        (0.0, 0.5),
        (0.0009765625, 0.5003895920087805),
        (0.625, 0.7340144709512995),
        (1.0, 0.8413447460685429),
        (2.5, 0.9937903346742238),
        (5.0, 0.9999997133484281),
    ];
    /// (p, Φ⁻¹(p)) at exactly representable p.
    const QUANTILE: [(f64, f64); 12] = [
        (9.332636185032189e-302, -37.11101193716479),
        (4.909093465297727e-91, -20.19985664254582),
        (8.673617379884035e-19, -8.773321169027552),
        (1.4551915228366852e-11, -6.651035379893011),
        (9.5367431640625e-07, -4.763001034267814),
        (0.015625, -2.1538746940614564),
        (0.0625, -1.5341205443525463),
        (0.109375, -1.229858759216589),
        (0.25, -0.6744897501960817),
        (0.625, 0.31863936396437514),
        (0.953125, 1.6759397227734438),
        (0.9999999403953552, 5.294704084854598),
    ];
    #[test]
    fn normal_cdf_is_right_relative_to_itself_in_both_tails() {
        for (x, truth) in CDF {
            close("cdf", x, normal_cdf(x), truth, 10.0, f64::EPSILON);
            if x < 0.0 {
                close("cdf", -x, normal_cdf(-x), 1.0 - truth, 2.0, f64::EPSILON);
            }
            if x > -12.0 && f64::from(x as f32) == x {
                close(
                    "cdf f32",
                    x,
                    normal_cdf(x as f32).into(),
                    truth,
                    10.0,
                    f32::EPSILON.into(),
                );
            }
        }
        assert_eq!(normal_cdf(-50.0), 0.0);
        assert_eq!(normal_cdf(f64::NEG_INFINITY), 0.0);
        assert_eq!(normal_cdf(f32::INFINITY), 1.0);
        assert_eq!(normal_cdf(50.0_f32), 1.0);
    }

    #[test]
    fn normal_quantile_is_right_and_inverts_the_cdf() {
        for (p, truth) in QUANTILE {
            close("quantile", p, normal_quantile(p), truth, 8.0, f64::EPSILON);
            if p > 1e-30 && p < 0.999 {
                close(
                    "quantile f32",
                    p,
                    normal_quantile(p as f32).into(),
                    truth,
                    16.0,
                    f32::EPSILON.into(),
                );
            }
        }
        assert_eq!(normal_quantile(0.5), 0.0);
        assert!(normal_quantile(0.0) < -37.0 && normal_quantile(1.0) > 8.0 && normal_quantile(1.0_f32).is_finite());
        for i in 1..400 {
            let x = -8.0 + 0.02 * f64::from(i);
            assert!(
                (normal_quantile(normal_cdf(x)) - x).abs() < 4e-15 * x.abs().max(1.0),
                "{x}"
            );
        }
    }

    #[test]
    fn normal_pdf_is_the_slope_of_the_cdf() {
        let h = 1e-4;
        for i in -30..=30 {
            let x = 0.1 * f64::from(i);
            let slope = (normal_cdf(x + h) - normal_cdf(x - h)) / (2.0 * h);
            // Truncation h²/6·|φ''| ≤ 1.7e-9·0.4, rounding ε/h ≈ 2e-12.
            assert!((slope - normal_pdf(x)).abs() < 1e-9, "{x}");
        }
    }
}
