//! Relations between temperatures: the location of a tied slot from its parent's value and a
//! density.

use crate::model::code::RelationForm;
use crate::model::record::Slot;
use crate::number::real::{Real, real};
use crate::number::special::{bounded_exp, sigmoid, softplus};
use crate::number::wgsl::shared_constants;

/// The twin of this file.
pub(in crate::model) const WGSL: &str = include_str!("../../../shaders/model/effect/relation.wgsl");

shared_constants! {
    /// The unit of t in relations \[K\].
    const T4_UNIT: f64 = 1e4;

    // E. Pérez-Montero & T. Contini, MNRAS 398 (2009) 949, after E. Pérez-Montero & A. I. Díaz,
    // MNRAS 346 (2003) 105: t[O II] = (1.2 + 0.002 n + 4.2/n) / (1/t[O III] + 0.08 + 0.003 n +
    // 2.5/n), n in cm⁻³.

    /// Numerator, constant.
    const PM_A0: f64 = 1.2;
    /// Numerator, per n [cm³].
    const PM_A1: f64 = 0.002;
    /// Numerator, per 1/n [cm⁻³].
    const PM_A2: f64 = 4.2;
    /// Denominator, constant.
    const PM_B0: f64 = 0.08;
    /// Denominator, per n [cm³].
    const PM_B1: f64 = 0.003;
    /// Denominator, per 1/n [cm⁻³].
    const PM_B2: f64 = 2.5;
    /// ln of the lowest density of the models behind the fit, 10 cm⁻³.
    const PM_LN_LOWEST: f64 = std::f64::consts::LN_10;
    /// ln of their highest density, 500 cm⁻³.
    const PM_LN_HIGHEST: f64 = 6.214_608_098_422_191;
    /// Sharpness with which ln n is held between the two.
    const PM_SHARPNESS: f64 = 8.0;
}

/// The location of `slot` for its parent's value and log₁₀ n_e, and its derivatives with
/// respect to these two.
///
/// Linear: location + slope · parent. Inverse: 1/t = location + slope/t_parent, the form of
/// K. Z. Arellano-Córdova & M. Rodríguez, MNRAS 497 (2020) 672. PerezMontero2009: t\[O II\] from
/// t\[O III\] and the density. The density is held inside the range of the models behind the fit:
/// beyond that range 4.2/n and 0.002 n would take over.
#[inline(always)]
pub fn relation<F: Real>(slot: &Slot<F>, parent: F, log_n: F) -> [F; 3] {
    match slot.relation {
        RelationForm::Inverse => {
            let t = real::<F>(T4_UNIT) / (slot.location + slot.slope * (real::<F>(T4_UNIT) / parent));
            let ratio = t / parent;
            [t, slot.slope * ratio * ratio, F::zero()]
        }
        RelationForm::PerezMontero2009 => perez_montero(parent, log_n),
        RelationForm::Linear => [slot.location + slot.slope * parent, slot.slope, F::zero()],
    }
}

#[inline(always)]
fn perez_montero<F: Real>(parent: F, log_n: F) -> [F; 3] {
    let ln_10 = real::<F>(std::f64::consts::LN_10);
    let sharpness = real::<F>(PM_SHARPNESS);
    let above = sharpness * (ln_10 * log_n - real(PM_LN_LOWEST));
    let beyond = sharpness * (ln_10 * log_n - real(PM_LN_HIGHEST));
    let n = bounded_exp(real::<F>(PM_LN_LOWEST) + (softplus(above) - softplus(beyond)) / sharpness);
    let inverse_n = F::one() / n;
    let inverse = real::<F>(T4_UNIT) / parent;
    let numerator = real::<F>(PM_A0) + real::<F>(PM_A1) * n + real::<F>(PM_A2) * inverse_n;
    let denominator = inverse + real(PM_B0) + real::<F>(PM_B1) * n + real::<F>(PM_B2) * inverse_n;
    let t = real::<F>(T4_UNIT) * numerator / denominator;
    let d_numerator = real::<F>(PM_A1) * n - real::<F>(PM_A2) * inverse_n;
    let d_denominator = real::<F>(PM_B1) * n - real::<F>(PM_B2) * inverse_n;
    let by_ln_n = (real::<F>(T4_UNIT) * d_numerator - t * d_denominator) / denominator;
    let held = ln_10 * (sigmoid(above) - sigmoid(beyond));
    [t, t * inverse / (parent * denominator), by_ln_n * held]
}

#[cfg(test)]
mod tests {
    use super::RelationForm::{Inverse, Linear, PerezMontero2009};
    use super::*;

    fn slot(relation: RelationForm, location: f64, slope: f64) -> Slot<f64> {
        Slot {
            parent: 0,
            relation,
            density: 1,
            location,
            slope,
            ..Slot::EMPTY
        }
    }

    /// Worked by hand from the papers' equations.
    #[test]
    fn relations_give_what_their_papers_say() {
        let linear = relation(&slot(Linear, 3000.0, 0.7), 12_000.0, 2.0);
        assert!((linear[0] - 11_400.0).abs() < 1e-9, "{linear:?}");
        // 1/t[N II] = 0.54/t[O III] + 0.52 at t = 1.2: 1/0.97.
        let inverse = relation(&slot(Inverse, 0.52, 0.54), 12_000.0, 2.0);
        assert!((inverse[0] - 1e4 / 0.97).abs() < 1e-9, "{inverse:?}");
        // n = 100, t = 1.2: (1.2 + 0.2 + 0.042)/(1/1.2 + 0.08 + 0.3 + 0.025).
        let density = relation(&slot(PerezMontero2009, 0.0, 0.0), 12_000.0, 2.0);
        assert!(
            (density[0] - 1e4 * 1.442 / (1.0 / 1.2 + 0.405)).abs() < 0.01,
            "{density:?}"
        );
    }

    #[test]
    fn derivatives_are_those_of_the_value_inside_and_beyond_the_fit() {
        for slot in [
            slot(Linear, 3000.0, 0.7),
            slot(Inverse, 0.52, 0.54),
            slot(PerezMontero2009, 0.0, 0.0),
        ] {
            for log_n in [-0.4, 0.9, 1.1, 2.0, 2.6, 2.8, 5.0] {
                let [_, d_parent, d_density] = relation(&slot, 14_000.0, log_n);
                let (h, k) = (0.1, 1e-5);
                let at = |parent, log_n| relation(&slot, parent, log_n)[0];
                let by_parent = (at(14_000.0 + h, log_n) - at(14_000.0 - h, log_n)) / (2.0 * h);
                let by_density = (at(14_000.0, log_n + k) - at(14_000.0, log_n - k)) / (2.0 * k);
                // Rounding: 10⁴ ε/h. Truncation: k²/6 of the third derivative, at most 10⁴ K · (8
                // ln 10)³.
                assert!((by_parent - d_parent).abs() < 1e-9, "{slot:?} {log_n}");
                assert!(
                    (by_density - d_density).abs() < 2e-3,
                    "{slot:?} {log_n}: {by_density} {d_density}"
                );
            }
        }
    }

    /// Far from the models' densities the relation stays where it was at their edge.
    #[test]
    fn the_density_is_held_inside_the_models() {
        let slot = slot(PerezMontero2009, 0.0, 0.0);
        let at = |n: f64| 1e4 * (1.2 + 0.002 * n + 4.2 / n) / (1.0 + 0.08 + 0.003 * n + 2.5 / n);
        assert!((relation(&slot, 1e4, -0.5)[0] - at(10.0)).abs() < 1e-3);
        assert!((relation(&slot, 1e4, 6.5)[0] - at(500.0)).abs() < 1e-3);
    }
}
