//! Emissivity ratios of the lines that measure the ionisation parameter, at an object's draws.
//!
//! With the ionic abundances they give the model's flux ratios without dust, of measured lines and
//! of others.

use crate::abundance::Conditions;
use crate::emissivity::Set;

/// Lines of \[O III\], \[O II\], N IV\] and N III\], as labels of the set.
const O3: &str = "O3_5007A";
const O2: &str = "O2_3726A_m";
const N4: &str = "N4_1483A_m";
const N3: &str = "N3_1750A_m";

/// Lines of one ion, and the indices of the temperature and density of its zone among the
/// parameters.
struct Lines {
    /// Indices among the lines of the set.
    members: Vec<usize>,
    temperature: usize,
    density: usize,
}

/// Lines whose ratios measure the ionisation parameter of an object.
pub(crate) struct Ionisation<'a> {
    set: &'a Set,
    o3: Option<Lines>,
    o2: Option<Lines>,
    n4: Option<Lines>,
    n3: Option<Lines>,
}

impl<'a> Ionisation<'a> {
    /// Lines of `set` in an object. `zone` gives the indices of temperature \[K\] and density
    /// \[cm⁻³\] of an ion's zone among the parameters. It gives none for an ion outside the model.
    pub(crate) fn new(set: &'a Set, zone: impl Fn(&str) -> Option<[usize; 2]>) -> Self {
        let lines = |ion: &str, label: &str| {
            let [temperature, density] = zone(ion)?;
            let members = set.list.resolve(label, &[]).ok()?.members;
            Some(Lines {
                members,
                temperature,
                density,
            })
        };
        Ionisation {
            set,
            o3: lines("O3", O3),
            o2: lines("O2", O2),
            n4: lines("N4", N4),
            n3: lines("N3", N3),
        }
    }

    /// Conditions at a draw, `[parameter]`; NaN where an ion or a line is missing.
    pub(crate) fn at(&self, draw: &[f64]) -> Conditions {
        let ratio = |above: &Option<Lines>, below: &Option<Lines>| match (above, below) {
            (Some(above), Some(below)) => self.log_emissivity(above, draw) - self.log_emissivity(below, draw),
            _ => f64::NAN,
        };
        Conditions {
            log_o32: ratio(&self.o3, &self.o2),
            log_n43: ratio(&self.n4, &self.n3),
            log_ne: self.o3.as_ref().map_or(f64::NAN, |lines| draw[lines.density].log10()),
        }
    }

    /// Emissivity of an ion's lines together at a draw, log₁₀(ε/ε(Hβ)).
    fn log_emissivity(&self, lines: &Lines, draw: &[f64]) -> f64 {
        let [log_t, log_ne] = [lines.temperature, lines.density].map(|index| draw[index].log10());
        let ratio = |&member: &usize| self.set.ln_ratio(member, log_t, log_ne).0.exp();
        lines.members.iter().map(ratio).sum::<f64>().log10()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// PyNeb 1.1.32 at 10⁴ K and 100 cm⁻³: log₁₀ of 5007/(3726 + 3729) is 0.01318, of 1486/1750
    /// −0.03453; at 15,000 K and 1000 cm⁻³ −0.03775 and 0.07938. The tables agree to 0.1 % at
    /// PyNeb's own nodes, to 2 % between those of N III\], where PyNeb interpolates linearly.
    #[test]
    fn emissivity_ratios_are_pynebs() {
        let set = Set::built_in().unwrap();
        let ionisation = Ionisation::new(&set, |_| Some([0, 1]));
        for (draw, o32, n43) in [([1e4, 1e2], 0.01318, -0.03453), ([1.5e4, 1e3], -0.03775, 0.07938)] {
            let found = ionisation.at(&draw);
            assert!((found.log_o32 - o32).abs() < 5e-4, "{found:?}");
            assert!(
                (found.log_n43 - n43).abs() < 0.02 / std::f64::consts::LN_10,
                "{found:?}"
            );
            assert_eq!(found.log_ne, draw[1].log10());
        }
    }

    #[test]
    fn a_ratio_without_one_of_its_ions_is_not_known() {
        let set = Set::built_in().unwrap();
        let ionisation = Ionisation::new(&set, |ion| (ion != "N4").then_some([0, 1]));
        let found = ionisation.at(&[1e4, 1e2]);
        assert!(found.log_n43.is_nan() && found.log_o32.is_finite());
    }
}
