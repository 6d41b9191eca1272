//! Exponential and logarithm without a branch, the same bits on every processor, so that lanes can
//! run them side by side.
//!
//! Each is within 2 units in the last place, and the tests hold them to less. The argument is
//! reduced after W. J. Cody & W. Waite, Software Manual for the Elementary Functions (1980), ch. 6
//! and 5. There ln 2 has two parts. The exponential eʳ is 1 + r + r² q(r), with q through the
//! Chebyshev nodes of |r| ≤ ½ ln 2. The logarithm is the series in s = f/(2 + f) of FreeBSD's msun
//! (e_log.c, e_logf.c; Sun Microsystems 1993), with its coefficients.

/// 1.5 · 2⁵². Added to a number below 2⁵¹ it rounds that number to an integer, in the low bits of
/// the sum.
const ROUND_F64: f64 = 6_755_399_441_055_744.0;
/// 1.5 · 2²³, likewise in single precision.
const ROUND_F32: f32 = 12_582_912.0;
/// 2⁵². An integer below 2⁵² in the bits of the mantissa, minus 2⁵², is that integer as a number.
const INTEGER_F64: f64 = 4_503_599_627_370_496.0;
/// ln 2 in two parts; products of the first with exponents are exact.
const LN_2_F64: [f64; 2] = [6.931_471_803_691_238e-1, 1.908_214_929_270_587_7e-10];
/// ln 2 in two parts, in single precision.
const LN_2_F32: [f32; 2] = [0.693_138_1, 9.058_001e-6];
/// √2 in double precision.
const ROOT_2: f64 = std::f64::consts::SQRT_2;

/// Coefficients of q in eʳ = 1 + r + r² q(r); the error is 1.7·10⁻¹⁷ at most.
const EXP_F64: [f64; 10] = [
    0.500_000_000_000_000_1,
    0.166_666_666_666_666_69,
    0.041_666_666_666_624_13,
    0.008_333_333_333_330_062,
    0.001_388_888_891_721_371_7,
    0.000_198_412_698_630_536_18,
    2.480_152_129_595_437_6e-5,
    2.755_726_845_999_706_4e-6,
    2.762_008_844_540_974_6e-7,
    2.510_038_549_551_032e-8,
];
/// Coefficients of q in single precision; the error is 1.0·10⁻⁸ at most.
const EXP_F32: [f32; 5] = [0.5, 0.166_665_77, 0.041_666_556, 0.008_363_179, 0.001_392_618_4];
/// Coefficients of the series of ln, of s², s⁴, ….
const LN_F64: [f64; 7] = [
    6.666_666_666_666_735e-1,
    3.999_999_999_940_942e-1,
    2.857_142_874_366_239e-1,
    2.222_219_843_214_978_4e-1,
    1.818_357_216_161_805e-1,
    1.531_383_769_920_937_3e-1,
    1.479_819_860_511_658_6e-1,
];
/// Coefficients of ln, in single precision.
const LN_F32: [f32; 4] = [0.666_666_6, 0.400_009_72, 0.284_987_87, 0.242_790_79];

/// Polynomial by Horner's scheme, with coefficients from the lowest power up.
macro_rules! polynomial {
    ($x:expr, $coefficients:expr) => {{
        let mut sum = $coefficients[$coefficients.len() - 1];
        let mut k = $coefficients.len() - 1;
        while k > 0 {
            k -= 1;
            sum = sum.mul_add($x, $coefficients[k]);
        }
        sum
    }};
}

/// 2ᵏ from k + `ROUND_F64`, |k| < 1023.
#[inline(always)]
fn power_of_two_f64(shifted: f64) -> f64 {
    f64::from_bits(shifted.to_bits().wrapping_add(1023) << 52)
}

/// eˣ/2ᵏ with the integer k nearest to x/ln 2.
#[inline(always)]
fn reduced_exp_f64(x: f64, k: f64) -> f64 {
    let r = (-k).mul_add(LN_2_F64[1], (-k).mul_add(LN_2_F64[0], x));
    (r * r).mul_add(polynomial!(r, EXP_F64), r) + 1.0
}

/// eˣ for |x| ≤ 80, the same bits as `exp_f64`.
#[inline(always)]
pub(super) fn moderate_exp_f64(x: f64) -> f64 {
    let shifted = x.mul_add(std::f64::consts::LOG2_E, ROUND_F64);
    reduced_exp_f64(x, shifted - ROUND_F64) * power_of_two_f64(shifted)
}

/// eˣ; 0 below −746, infinite above 710.
#[inline(always)]
pub(super) fn exp_f64(x: f64) -> f64 {
    let x = if x < -746.0 { -746.0 } else { x };
    let x = if x > 710.0 { 710.0 } else { x };
    let k = x.mul_add(std::f64::consts::LOG2_E, ROUND_F64) - ROUND_F64;
    let value = reduced_exp_f64(x, k);
    // Two steps, so that neither power over- or underflows where the value does not.
    let half = k.mul_add(0.5, ROUND_F64);
    let rest = (k - (half - ROUND_F64)) + ROUND_F64;
    value * power_of_two_f64(half) * power_of_two_f64(rest)
}

/// ln x of a positive x, subnormal ones included; −∞ of zero, NaN below.
#[inline(always)]
pub(super) fn ln_f64(x: f64) -> f64 {
    const SUBNORMAL_SCALE: f64 = 18_014_398_509_481_984.0; // 2⁵⁴
    let tiny = x < f64::MIN_POSITIVE;
    let bits = (if tiny { x * SUBNORMAL_SCALE } else { x }).to_bits();
    let exponent = f64::from_bits((bits >> 52) | INTEGER_F64.to_bits()) - INTEGER_F64;
    let exponent = exponent - if tiny { 1023.0 + 54.0 } else { 1023.0 };
    let mantissa = f64::from_bits((bits & 0x000f_ffff_ffff_ffff) | 1.0_f64.to_bits());
    let above = mantissa > ROOT_2;
    let e = if above { exponent + 1.0 } else { exponent };
    let f = (if above { 0.5 * mantissa } else { mantissa }) - 1.0;
    let s = f / (2.0 + f);
    let z = s * s;
    let series = z * polynomial!(z, LN_F64);
    let half_square = 0.5 * f * f;
    let small = s.mul_add(half_square + series, e * LN_2_F64[1]);
    let value = e.mul_add(LN_2_F64[0], f - (half_square - small));
    let value = if x == f64::INFINITY { x } else { value };
    let value = if x == 0.0 { f64::NEG_INFINITY } else { value };
    if x >= 0.0 { value } else { f64::NAN }
}

/// Largest integer not above x, for |x| < 2⁵¹.
#[inline(always)]
pub(super) fn floor_f64(x: f64) -> f64 {
    let nearest = (x + ROUND_F64) - ROUND_F64;
    if nearest > x { nearest - 1.0 } else { nearest }
}

/// 2ᵏ from k + `ROUND_F32`, |k| < 127.
#[inline(always)]
fn power_of_two_f32(shifted: f32) -> f32 {
    f32::from_bits(shifted.to_bits().wrapping_add(127) << 23)
}

/// eˣ/2ᵏ with the integer k nearest to x/ln 2, in single precision.
#[inline(always)]
fn reduced_exp_f32(x: f32, k: f32) -> f32 {
    let r = (-k).mul_add(LN_2_F32[1], (-k).mul_add(LN_2_F32[0], x));
    (r * r).mul_add(polynomial!(r, EXP_F32), r) + 1.0
}

/// eˣ for |x| ≤ 80, the same bits as `exp_f32`.
#[inline(always)]
pub(super) fn moderate_exp_f32(x: f32) -> f32 {
    let shifted = x.mul_add(std::f32::consts::LOG2_E, ROUND_F32);
    reduced_exp_f32(x, shifted - ROUND_F32) * power_of_two_f32(shifted)
}

/// eˣ in single precision; 0 below −104, infinite above 89.
#[inline(always)]
pub(super) fn exp_f32(x: f32) -> f32 {
    let x = if x < -104.0 { -104.0 } else { x };
    let x = if x > 89.0 { 89.0 } else { x };
    let k = x.mul_add(std::f32::consts::LOG2_E, ROUND_F32) - ROUND_F32;
    let value = reduced_exp_f32(x, k);
    let half = k.mul_add(0.5, ROUND_F32);
    let rest = (k - (half - ROUND_F32)) + ROUND_F32;
    value * power_of_two_f32(half) * power_of_two_f32(rest)
}

/// ln x in single precision; as `ln_f64`.
#[inline(always)]
pub(super) fn ln_f32(x: f32) -> f32 {
    const SUBNORMAL_SCALE: f32 = 33_554_432.0; // 2²⁵
    let tiny = x < f32::MIN_POSITIVE;
    let bits = (if tiny { x * SUBNORMAL_SCALE } else { x }).to_bits();
    let exponent = (bits >> 23) as i32 as f32 - if tiny { 127.0 + 25.0 } else { 127.0 };
    let mantissa = f32::from_bits((bits & 0x007f_ffff) | 1.0_f32.to_bits());
    let above = mantissa > std::f32::consts::SQRT_2;
    let e = if above { exponent + 1.0 } else { exponent };
    let f = (if above { 0.5 * mantissa } else { mantissa }) - 1.0;
    let s = f / (2.0 + f);
    let z = s * s;
    let series = z * polynomial!(z, LN_F32);
    let half_square = 0.5 * f * f;
    let small = s.mul_add(half_square + series, e * LN_2_F32[1]);
    let value = e.mul_add(LN_2_F32[0], f - (half_square - small));
    let value = if x == f32::INFINITY { x } else { value };
    let value = if x == 0.0 { f32::NEG_INFINITY } else { value };
    if x >= 0.0 { value } else { f32::NAN }
}

/// Largest integer not above x, for |x| < 2²².
#[inline(always)]
pub(super) fn floor_f32(x: f32) -> f32 {
    let nearest = (x + ROUND_F32) - ROUND_F32;
    if nearest > x { nearest - 1.0 } else { nearest }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Difference in units in the last place of `truth`. The truth is in f64, so it is exact for
    /// single precision.
    fn ulps_f32(value: f32, truth: f64) -> f64 {
        let spacing = f64::from((truth as f32).abs().max(f32::MIN_POSITIVE)) * f64::from(f32::EPSILON);
        let spacing = 2_f64.powi(spacing.log2().floor() as i32);
        (f64::from(value) - truth).abs() / spacing
    }

    /// Difference of two numbers in units in the last place, in double precision.
    fn ulps_f64(value: f64, other: f64) -> f64 {
        (value.to_bits() as i64 - other.to_bits() as i64).unsigned_abs() as f64
    }

    /// Error against the C library, itself within 1 unit (glibc's exp and log: 0.52): at most one
    /// more.
    #[test]
    fn double_precision_is_within_two_units_in_the_last_place() {
        let mut worst = [0.0_f64; 2];
        for i in 0..2_000_000 {
            let x = -744.0 + 1453.7 * f64::from(i) / 2e6;
            if x > -708.0 {
                worst[0] = worst[0].max(ulps_f64(exp_f64(x), x.exp()));
            }
            let y = (0.7 * x).exp() * (1.0 + f64::from(i) * 1e-7);
            worst[1] = worst[1].max(ulps_f64(ln_f64(y), y.ln()));
            let near = 0.5 + 1.5 * f64::from(i) / 2e6;
            worst[1] = worst[1].max(ulps_f64(ln_f64(near), near.ln()));
        }
        assert!(worst.iter().all(|&worst| worst <= 1.0), "{worst:?}");
    }

    #[test]
    fn single_precision_is_within_two_units_in_the_last_place() {
        let mut worst = [0.0_f64; 2];
        for i in 0..2_000_000 {
            let x = -87.0 + 175.0 * i as f32 / 2e6;
            worst[0] = worst[0].max(ulps_f32(exp_f32(x), f64::from(x).exp()));
            let y = f32::from_bits(0x0080_0000 + i * 1069);
            worst[1] = worst[1].max(ulps_f32(ln_f32(y), f64::from(y).ln()));
            let near = 0.5 + 1.5 * i as f32 / 2e6;
            worst[1] = worst[1].max(ulps_f32(ln_f32(near), f64::from(near).ln()));
        }
        assert!(worst.iter().all(|&worst| worst <= 2.0), "{worst:?}");
    }

    #[test]
    fn moderate_exponentials_are_the_same_bits() {
        for i in -8000..=8000 {
            let x = 0.01 * f64::from(i);
            assert_eq!(moderate_exp_f64(x), exp_f64(x), "{x}");
            assert_eq!(moderate_exp_f32(x as f32), exp_f32(x as f32), "{x}");
        }
    }

    #[test]
    fn ends_are_those_of_the_functions() {
        assert_eq!(
            [exp_f64(0.0), exp_f64(-800.0), exp_f64(800.0)],
            [1.0, 0.0, f64::INFINITY]
        );
        assert_eq!(
            [exp_f32(0.0), exp_f32(-200.0), exp_f32(100.0)],
            [1.0, 0.0, f32::INFINITY]
        );
        assert_eq!([ln_f64(1.0), ln_f64(0.0)], [0.0, f64::NEG_INFINITY]);
        assert_eq!([ln_f32(1.0), ln_f32(0.0)], [0.0, f32::NEG_INFINITY]);
        assert!(
            [exp_f64(f64::NAN), ln_f64(f64::NAN), ln_f64(-1.0)]
                .iter()
                .all(|x| x.is_nan())
        );
        assert!(
            [exp_f32(f32::NAN), ln_f32(f32::NAN), ln_f32(-1.0)]
                .iter()
                .all(|x| x.is_nan())
        );
        // Below the smallest normal number, a unit is that of the smallest normal number.
        let unit = f64::from_bits(1);
        assert!(
            (exp_f64(-740.0) - (-740.0_f64).exp()).abs() <= unit && ulps_f64(ln_f64(5e-320), 5e-320_f64.ln()) <= 1.0
        );
        assert_eq!(
            [-1.5, -1.0, 0.0, 0.7, 31.0].map(floor_f64),
            [-2.0, -1.0, 0.0, 0.0, 31.0]
        );
        assert_eq!(
            [-1.5, -1.0, 0.0, 0.7, 31.0].map(floor_f32),
            [-2.0, -1.0, 0.0, 0.0, 31.0]
        );
    }
}
