//! Ionisation corrections of Delgado-Inglada, Morisset & Stasińska (2014, MNRAS 440, 536), made for
//! planetary nebulae.

use super::ions::Ions;

/// υ of neon's correction where He II was not detected, and least υ where it was (section 4.3).
const NEON_UPSILON: (f64, f64) = (0.01, 0.015);
/// Least υ for eq. 23, which takes S⁺ alone.
const S2_ALONE_UPSILON: f64 = 0.02;
/// Largest ω of most corrections, and largest υ of the correction of oxygen.
const HIGHEST: f64 = 0.95;
/// Least ω of neon's correction.
const NEON_OMEGA: f64 = 0.1;
/// Least ω of chlorine's eq. 29.
const CHLORINE_OMEGA: f64 = 0.02;
/// Least ω of argon's eq. 35, and ω from which eq. 36 holds.
const ARGON_OMEGA: (f64, f64) = (0.05, 0.5);

/// O/H from O⁺ + O²⁺, eq. 12: log ICF = (0.08 υ + 0.006 υ²)/(0.34 − 0.27 υ); valid for υ < 0.95.
pub(super) fn oxygen(ions: &Ions) -> (f64, bool) {
    let u = ions.upsilon();
    let log_icf = (0.08 * u + 0.006 * u * u) / (0.34 - 0.27 * u);
    (10_f64.powf(log_icf) * (ions.o2 + ions.o3), u < HIGHEST)
}

/// N/O from N⁺/O⁺, eq. 14: log ICF = −0.16 ω (1 + log υ), and 0.64 ω without He II; valid for ω <
/// 0.95.
pub(super) fn nitrogen(ions: &Ions) -> (f64, bool) {
    let w = ions.omega();
    let log_icf = if ions.he2.is_nan() {
        0.64 * w
    } else {
        -0.16 * w * (1.0 + ions.upsilon().log10())
    };
    (10_f64.powf(log_icf) * ions.n2 / ions.o2, w < HIGHEST)
}

/// Ne/O from Ne²⁺/O²⁺, eq. 17: ICF = ω + (0.014/υ + 2 υ^2.7)³ (0.7 + 0.2 ω − 0.8 ω²); valid for ω >
/// 0.1.
pub(super) fn neon(ions: &Ions) -> (f64, bool) {
    let w = ions.omega();
    let (undetected, least) = NEON_UPSILON;
    let u = if ions.he2.is_nan() {
        undetected
    } else {
        ions.upsilon().max(least)
    };
    let icf = w + (0.014 / u + 2.0 * u.powf(2.7)).powi(3) * (0.7 + 0.2 * w - 0.8 * w * w);
    (icf * ions.ne3 / ions.o3, w > NEON_OMEGA)
}

/// S/O from (S⁺ + S²⁺)/O⁺, eq. 26: log ICF = (−0.02 − 0.03 ω − 2.31 ω² + 2.19 ω³)/(0.69 + 2.09 ω −
/// 2.69 ω²); valid for ω < 0.95. Without S²⁺, from S⁺/O⁺, eq. 23: log ICF = 0.31 − 0.52 υ; valid
/// for υ > 0.02.
pub(super) fn sulphur(ions: &Ions) -> (f64, bool) {
    if ions.s3.is_nan() {
        let u = ions.upsilon();
        return (10_f64.powf(0.31 - 0.52 * u) * ions.s2 / ions.o2, u > S2_ALONE_UPSILON);
    }
    let w = ions.omega();
    let log_icf = (-0.02 - 0.03 * w - 2.31 * w.powi(2) + 2.19 * w.powi(3)) / (0.69 + 2.09 * w - 2.69 * w * w);
    (10_f64.powf(log_icf) * (ions.s2 + ions.s3) / ions.o2, w < HIGHEST)
}

/// Cl/O at `oxygen` = O/H, from Cl²⁺/O⁺, eq. 29: ICF = (4.1620 − 4.1622 ω^0.21)^0.75; valid for
/// 0.02 < ω < 0.95. With Cl⁺ and Cl³⁺, from the sum of the three ions, eq. 32: ICF = 0.98 + (0.56 −
/// 0.57 υ)^7.64.
pub(super) fn chlorine(ions: &Ions, oxygen: f64) -> (f64, bool) {
    let all = ions.cl2 + ions.cl3 + ions.cl4;
    if !all.is_nan() {
        let icf = 0.98 + (0.56 - 0.57 * ions.upsilon()).max(0.0).powf(7.64);
        return (icf * all / oxygen, true);
    }
    let w = ions.omega();
    let icf = (4.1620 - 4.1622 * w.powf(0.21)).max(0.0).powf(0.75);
    (icf * ions.cl3 / ions.o2, w > CHLORINE_OMEGA && w < HIGHEST)
}

/// Ar/O from Ar²⁺/(O⁺ + O²⁺). Eq. 35: log ICF = 0.05/(0.06 + ω) − 0.07 for 0.05 < ω ≤ 0.5. Eq. 36:
/// log ICF = 0.03 ω/(0.4 − 0.3 ω) − 0.05 for 0.5 < ω < 0.95.
pub(super) fn argon(ions: &Ions) -> (f64, bool) {
    let w = ions.omega();
    let (least, middle) = ARGON_OMEGA;
    let log_icf = if w <= middle {
        0.05 / (0.06 + w) - 0.07
    } else {
        0.03 * w / (0.4 - 0.3 * w) - 0.05
    };
    let ratio = ions.ar3 / (ions.o2 + ions.o3);
    (10_f64.powf(log_icf) * ratio, w > least && w < HIGHEST)
}
