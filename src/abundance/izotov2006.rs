//! Ionisation corrections of Izotov, Stasińska, Meynet, Guseva & Thuan (2006, A&A 448, 955),
//! section 5.

use super::ions::{Ions, ZERO};

/// Coefficients a, b, c of ICF = a x + b + c/x at low, intermediate and high metallicity.
type Fits = [[f64; 3]; 3];

/// 12 + log₁₀(O/H) of the three fits; the ICF is linear between them and constant beyond.
const METALLICITIES: [f64; 3] = [7.2, 7.6, 8.2];
/// 12 + log₁₀(O/H) of the galaxies to which the paper applies its fits.
const SAMPLE: [f64; 2] = [7.1, 8.5];

/// Fits for N⁺, eqs. 18a–c, x = v.
const N2: Fits = [[-0.825, 0.718, 0.853], [-0.809, 0.712, 0.852], [-1.476, 1.752, 0.688]];
/// Fits for Ne²⁺, eqs. 19a–c, x = w.
const NE3: Fits = [[-0.385, 1.365, 0.022], [-0.405, 1.382, 0.021], [-0.591, 0.927, 0.546]];
/// Fits for S⁺ + S²⁺, eqs. 20a–c, x = v.
const S2_S3: Fits = [[0.121, 0.511, 0.161], [0.155, 0.849, 0.062], [0.178, 0.610, 0.153]];
/// Fits for Cl²⁺, eqs. 21a–c, x = v.
const CL3: Fits = [[0.756, 0.648, 0.022], [0.814, 0.620, 0.128], [1.186, 0.357, 0.131]];
/// Fits for Ar²⁺, eqs. 22a–c, x = v.
const AR3: Fits = [[0.278, 0.836, 0.121], [0.285, 0.833, 0.051], [0.517, 0.763, 0.042]];
/// Fits for Ar²⁺ + Ar³⁺, eqs. 23a–c, x = v.
const AR3_AR4: Fits = [[0.158, 0.958, 0.004], [0.104, 0.980, 0.001], [0.238, 0.931, 0.004]];

/// ICF = a x + b + c/x, linear in 12 + log₁₀(O/H) between the three fits.
fn icf(fits: &Fits, x: f64, oxygen: f64) -> f64 {
    let [low, middle, high] = METALLICITIES;
    let at = |[a, b, c]: [f64; 3]| a * x + b + c / x;
    let (below, above, fraction) = if oxygen < middle {
        (0, 1, (oxygen - low) / (middle - low))
    } else {
        (1, 2, (oxygen - middle) / (high - middle))
    };
    let (below, above) = (at(fits[below]), at(fits[above]));
    below + fraction.clamp(0.0, 1.0) * (above - below)
}

/// v = O⁺/(O⁺ + O²⁺).
fn v(ions: &Ions) -> f64 {
    1.0 - ions.omega()
}

/// O/H of objects that show He II, eq. 17: (1 + υ/2)(O⁺ + O²⁺), υ = He²⁺/(He⁺ + He²⁺).
pub(super) fn oxygen(ions: &Ions) -> f64 {
    (1.0 + 0.5 * ions.upsilon()) * (ions.o2 + ions.o3)
}

/// N/H at 12 + log₁₀(O/H) = `oxygen`.
pub(super) fn nitrogen(ions: &Ions, oxygen: f64) -> f64 {
    icf(&N2, v(ions), oxygen) * ions.n2
}

/// Ne/H at 12 + log₁₀(O/H) = `oxygen`; w = O²⁺/(O⁺ + O²⁺).
pub(super) fn neon(ions: &Ions, oxygen: f64) -> f64 {
    icf(&NE3, ions.omega(), oxygen) * ions.ne3
}

/// S/H at 12 + log₁₀(O/H) = `oxygen`.
pub(super) fn sulphur(ions: &Ions, oxygen: f64) -> f64 {
    icf(&S2_S3, v(ions), oxygen) * (ions.s2 + ions.s3)
}

/// Cl/H at 12 + log₁₀(O/H) = `oxygen`.
pub(super) fn chlorine(ions: &Ions, oxygen: f64) -> f64 {
    icf(&CL3, v(ions), oxygen) * ions.cl3
}

/// Ar/H at 12 + log₁₀(O/H) = `oxygen`, from both ions where Ar³⁺ is known.
pub(super) fn argon(ions: &Ions, oxygen: f64) -> f64 {
    if ions.ar4.is_nan() {
        icf(&AR3, v(ions), oxygen) * ions.ar3
    } else {
        icf(&AR3_AR4, v(ions), oxygen) * (ions.ar3 + ions.ar4)
    }
}

/// Tells whether the object is within the range of the galaxies in the paper.
pub(super) fn inside(oxygen: f64) -> bool {
    (SAMPLE[0]..=SAMPLE[1]).contains(&oxygen)
}

/// An element over oxygen by a correction of Izotov et al. (2006), which gives it over hydrogen.
pub(super) fn over_oxygen(per_h: fn(&Ions, f64) -> f64, ions: &Ions, o: f64) -> (f64, bool) {
    let log_o = ZERO + o.log10();
    (per_h(ions, log_o) / o, inside(log_o))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values by hand at v = 0.25: −0.825/4 + 0.718 + 4·0.853 = 3.92375 (eq. 18a) and −0.809/4 +
    /// 0.712 + 4·0.852 = 3.91775 (18b), half way 3.92075; 18c is −1.476/4 + 1.752 + 4·0.688 =
    /// 4.135.
    #[test]
    fn fits_are_joined_by_straight_lines_and_held_beyond() {
        let found = [6.0, 7.2, 7.4, 7.6, 7.9, 8.2, 9.0].map(|oxygen| icf(&N2, 0.25, oxygen));
        let by_hand = [3.92375, 3.92375, 3.92075, 3.91775, 4.026375, 4.135, 4.135];
        for (found, by_hand) in found.into_iter().zip(by_hand) {
            assert!((found - by_hand).abs() < 1e-12, "{found} {by_hand}");
        }
    }
}
