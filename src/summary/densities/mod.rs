//! Ions that share one density in the model, with lines that ask for different ones.

mod ion;
mod shared;

use std::collections::BTreeMap;

use ion::{IonDensity, NODES, ORDINARY};
use shared::SharedErrors;

use super::expected::mean_position;
use crate::emissivity::Set;
use crate::flag::{Code, Flag};
use crate::model::Evaluator;
use crate::nuts::Sampled;
use crate::problem::Problem;

/// Δχ² of one common density against two from which two ions disagree: 3 standard deviations.
const DISAGREEMENT: f64 = 9.0;
/// Least difference of two densities that matters \[dex\]: a factor of 3.
const APART: f64 = 0.477;
/// Fall \[dex\] of a line's emissivity, from 10² cm⁻³ to the density of other lines, that leaves
/// its abundance in doubt. Ordinary gas with 10 % of Hβ then sends as much of the line as the dense
/// gas.
const FALL: f64 = 1.0;

/// Two ions that have no density in common.
struct Pair {
    /// Indices of the ions, the one of lower density first.
    ions: [usize; 2],
    /// Δχ² of their disagreement.
    strength: f64,
}

/// Flags `two_densities` for each density parameter whose ions have no density in common.
///
/// Two cases count. The lines of two ions measure densities that differ. Or the lines of one ion
/// ask for a density at which those of another ion, which do not measure it, hardly shine. Blends
/// of several ions, limits and lines that recombination feeds are left out.
pub(super) fn disagreeing(problem: &Problem, set: &Set, sampled: &Sampled) -> Vec<Flag> {
    let position = mean_position(sampled, problem.object.dimension());
    let mut evaluator = Evaluator::new(&problem.object, &set.grid);
    let shared = SharedErrors::new(problem, sampled, &position, &mut evaluator);
    evaluator.at(&position);
    let mut sharing: BTreeMap<usize, Vec<IonDensity>> = BTreeMap::new();
    for index in 0..problem.ions.len() {
        let zone = problem.object.ions[index].zone as usize;
        let (_, density) = problem.object.header.zone(zone);
        if let Some(ion) = IonDensity::new(problem, set, &evaluator, &shared, index) {
            sharing.entry(density).or_default().push(ion);
        }
    }
    sharing.values().filter_map(|ions| flag(ions)).collect()
}

/// Flag of the pair that disagrees most.
fn flag(ions: &[IonDensity]) -> Option<Flag> {
    let strongest = |pairs: Vec<Pair>| pairs.into_iter().max_by(|a, b| a.strength.total_cmp(&b.strength));
    let found = strongest(measured_apart(ions)).or_else(|| strongest(out_of_reach(ions)))?;
    let [low, high] = found.ions.map(|index| ions[index].ion);
    Some(Flag::about(Code::TwoDensities, format!("{low}/{high}")))
}

/// Pairs of ions whose lines measure densities that differ.
fn measured_apart(ions: &[IonDensity]) -> Vec<Pair> {
    let mut pairs = Vec::new();
    for b in 0..ions.len() {
        for a in 0..b {
            let strength = disagreement([&ions[a].chi2, &ions[b].chi2]);
            if strength < DISAGREEMENT {
                continue;
            }
            let [[a_low, a_high], [b_low, b_high]] = [&ions[a], &ions[b]].map(IonDensity::best);
            if b_low - a_high > APART {
                pairs.push(Pair { ions: [a, b], strength });
            } else if a_low - b_high > APART {
                pairs.push(Pair { ions: [b, a], strength });
            }
        }
    }
    pairs
}

/// Pairs of an ion with a brightest line that hardly shines at the densities of the other ion. An
/// ion is left out if its own lines exclude ordinary gas.
fn out_of_reach(ions: &[IonDensity]) -> Vec<Pair> {
    let excludes = |ion: &IonDensity, up_to: usize| {
        let least = |chi2: &[f64]| chi2.iter().copied().fold(f64::INFINITY, f64::min);
        least(&ion.chi2[..up_to]) - least(&ion.chi2)
    };
    let mut pairs = Vec::new();
    for (low, faint) in ions.iter().enumerate() {
        let shines = faint.fall.iter().position(|fall| *fall > FALL).unwrap_or(NODES);
        if shines == NODES || excludes(faint, ORDINARY + 1) >= DISAGREEMENT {
            continue;
        }
        for (high, dense) in ions.iter().enumerate() {
            let strength = excludes(dense, shines);
            if high != low && strength >= DISAGREEMENT {
                pairs.push(Pair {
                    ions: [low, high],
                    strength,
                });
            }
        }
    }
    pairs
}

/// Δχ² of the best common density against a density for each of two ions.
fn disagreement(chi2: [&[f64]; 2]) -> f64 {
    let least = |values: &mut dyn Iterator<Item = f64>| values.fold(f64::INFINITY, f64::min);
    let common = least(&mut chi2[0].iter().zip(chi2[1]).map(|(a, b)| a + b));
    common - chi2.map(|own| least(&mut own.iter().copied())).iter().sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::line::Ion;

    /// Ion with its log₁₀ n_e and sd, if measured. Its line falls as 1/n above 10^`critical`.
    fn ion(name: &str, measured: Option<[f64; 2]>, critical: f64) -> IonDensity {
        let at = |node: usize| 0.1 * node as f64;
        let chi2 = |node| measured.map_or(1.0, |[log_ne, sd]| ((at(node) - log_ne) / sd).powi(2));
        IonDensity {
            ion: name.parse::<Ion>().unwrap(),
            chi2: (0..NODES).map(chi2).collect(),
            fall: (0..NODES).map(|node| (at(node) - critical).max(0.0)).collect(),
        }
    }

    fn flagged(ions: &[IonDensity]) -> String {
        flag(ions).map_or(String::new(), |flag| flag.to_string())
    }

    #[test]
    fn two_measured_densities_disagree_from_3_sd_and_a_factor_of_3_on() {
        let s2 = || ion("S2", Some([2.0, 0.1]), 9.0);
        let flagged_beside = |log_ne: f64, sd: f64| flagged(&[ion("Ar4", Some([log_ne, sd]), 9.0), s2()]);
        assert_eq!(flagged_beside(3.0, 0.1), "two_densities:S2/Ar4");
        assert_eq!(flagged_beside(1.0, 0.1), "two_densities:Ar4/S2");
        assert_eq!(flagged_beside(3.0, 0.4), "");
        let sharp = [ion("S2", Some([2.0, 0.03]), 9.0), ion("Ar4", Some([2.4, 0.03]), 9.0)];
        assert_eq!(flagged(&sharp), "");
    }

    #[test]
    fn an_ion_that_says_nothing_of_its_density_disagrees_only_where_its_line_hardly_shines() {
        let o2 = || ion("O2", None, 3.5);
        let flagged_beside = |log_ne: f64| flagged(&[o2(), ion("O3", Some([log_ne, 0.1]), 5.8)]);
        assert_eq!(flagged_beside(5.5), "two_densities:O2/O3");
        assert_eq!(flagged_beside(4.3), "");
        let dense = [ion("S2", Some([5.5, 0.1]), 3.5), ion("O3", Some([5.5, 0.1]), 5.8)];
        assert_eq!(flagged(&dense), "");
        assert_eq!(flagged(&[o2()]), "");
        let mut saturated = ion("S2", None, 3.5);
        saturated.chi2[..=ORDINARY + 20].fill(100.0);
        assert_eq!(flagged(&[saturated, ion("C3", Some([5.7, 0.1]), 5.8)]), "");
    }
}
