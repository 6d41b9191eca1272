//! Fe/O by the ionisation corrections of Rodríguez & Rubin (2005, ApJ 626, 900).
//!
//! Coefficients and ranges as in PyNeb 1.1.32's recipes RR05_2, RR05_3 and RR05_4; the paper was
//! not at hand. Fe/H is ICF × O/O⁺, so that Fe/O needs no O/H.

use super::ions::Ions;
use super::settings::Iron;

/// log₁₀(O⁺/O²⁺) of the objects of eq. 3; eq. 4 holds above the second.
const EQ_3_RANGE: [f64; 2] = [-1.35, -0.1];

/// The choice as it holds for an object of the median `log_o` of log₁₀(O⁺/O²⁺), NaN where an ion is
/// not in the model; `fe2_detected` says that a line of \[Fe II\] was detected.
pub(super) fn decided(choice: Iron, log_o: f64, fe2_detected: bool) -> Iron {
    match choice {
        Iron::Auto if fe2_detected && log_o > EQ_3_RANGE[1] => Iron::RodriguezRubinEq4,
        Iron::Auto => Iron::RodriguezRubinEq2,
        chosen => chosen,
    }
}

/// Fe/O, and true if the draw is inside the range of its correction; eq. 2 has none.
pub(super) fn ratio(choice: Iron, ions: &Ions) -> (f64, bool) {
    let o = ions.o2 / ions.o3;
    let [low, high] = EQ_3_RANGE;
    match choice {
        Iron::Auto | Iron::RodriguezRubinEq2 => (0.9 * o.powf(0.08) * ions.fe3 / ions.o2, true),
        Iron::RodriguezRubinEq3 => {
            let inside = o.log10() > low && o.log10() < high;
            (1.1 * o.powf(0.58) * ions.fe3 / ions.o2, inside)
        }
        Iron::RodriguezRubinEq4 => ((ions.fe2 + ions.fe3) / ions.o2, o.log10() > high),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn auto_sums_both_ions_where_ionisation_is_low_and_both_are_measured() {
        assert_eq!(decided(Iron::Auto, 0.2, true), Iron::RodriguezRubinEq4);
        assert_eq!(decided(Iron::Auto, 0.2, false), Iron::RodriguezRubinEq2);
        assert_eq!(decided(Iron::Auto, -0.5, true), Iron::RodriguezRubinEq2);
        assert_eq!(decided(Iron::Auto, f64::NAN, true), Iron::RodriguezRubinEq2);
        assert_eq!(decided(Iron::RodriguezRubinEq3, 0.2, true), Iron::RodriguezRubinEq3);
    }
}
