//! What lines measure a zone's temperature or density: auroral beside nebular lines, and pairs that the density splits.

use crate::line::Ion;

/// Lines of one ion whose ratio measures a temperature.
struct Thermometer {
    auroral: &'static [&'static str],
    nebular: &'static [&'static str],
    /// Whether the ratio depends on the density as much, so that a pair must measure that.
    needs_density: bool,
}

/// The thermometers of Osterbrock & Ferland (2006), Sect. 5.2, among the lines of the emissivities.
const THERMOMETERS: [Thermometer; 9] = [
    Thermometer::new(&["O3_4363A"], &["O3_4959A", "O3_5007A"], false),
    Thermometer::new(&["N2_5755A"], &["N2_6548A", "N2_6584A"], false),
    Thermometer::new(&["S3_6312A"], &["S3_9069A", "S3_9531A"], false),
    Thermometer::new(&["Ar3_5192A"], &["Ar3_7136A", "Ar3_7751A"], false),
    Thermometer::new(&["Ne3_3343A"], &["Ne3_3869A", "Ne3_3968A"], false),
    Thermometer::new(&["O1_5577A"], &["O1_6300A", "O1_6364A"], false),
    Thermometer::new(&["Ne5_3346A"], &["Ne5_3426A"], true),
    Thermometer::new(
        &["O2_7319A", "O2_7320A", "O2_7330A", "O2_7331A"],
        &["O2_3726A", "O2_3729A"],
        true,
    ),
    Thermometer::new(&["S2_4069A", "S2_4076A"], &["S2_6716A", "S2_6731A"], true),
];

impl Thermometer {
    const fn new(auroral: &'static [&'static str], nebular: &'static [&'static str], needs_density: bool) -> Self {
        Thermometer {
            auroral,
            nebular,
            needs_density,
        }
    }
}

/// Pairs of lines whose ratio measures the density.
const DENSITY_PAIRS: [[&str; 2]; 4] = [
    ["S2_6716A", "S2_6731A"],
    ["O2_3726A", "O2_3729A"],
    ["Cl3_5518A", "Cl3_5538A"],
    ["Ar4_4711A", "Ar4_4740A"],
];

/// The ion of a label of the tables above.
fn ion(label: &str) -> Option<Ion> {
    label.split('_').next()?.parse().ok()
}

/// The pairs whose ion lives `there`.
pub(super) fn density_pairs(there: impl Fn(Ion) -> bool) -> impl Iterator<Item = [&'static str; 2]> {
    DENSITY_PAIRS
        .into_iter()
        .filter(move |pair| ion(pair[0]).is_some_and(&there))
}

/// Whether the lines `detected` (sets of member labels) hold a density pair of an ion that lives `there`, each member measured
/// by itself.
pub(super) fn has_density_pair(detected: &[Vec<&str>], there: impl Fn(Ion) -> bool) -> bool {
    let alone = |label: &str| detected.iter().any(|members| members == &[label]);
    let pair = |pair: &[&str; 2]| ion(pair[0]).is_some_and(&there) && pair.iter().all(|label| alone(label));
    DENSITY_PAIRS.iter().any(pair)
}

/// Whether the lines `detected` hold an auroral and a nebular line of an ion that lives `there`; of those whose ratio also
/// depends on the density only where `density` says that a pair measures it.
pub(super) fn has_thermometer(detected: &[Vec<&str>], there: impl Fn(Ion) -> bool, density: bool) -> bool {
    let any = |labels: &[&str]| {
        detected
            .iter()
            .any(|members| members.iter().all(|member| labels.contains(member)))
    };
    THERMOMETERS.iter().any(|thermometer| {
        ion(thermometer.auroral[0]).is_some_and(&there)
            && (density || !thermometer.needs_density)
            && any(thermometer.auroral)
            && any(thermometer.nebular)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thermometers_need_both_lines_and_some_a_density() {
        let low = |ion: Ion| ion.to_string() != "O3";
        let o2 = vec![vec!["O2_3726A", "O2_3729A"], vec!["O2_7319A", "O2_7320A"]];
        assert!(!has_thermometer(&o2, low, false) && has_thermometer(&o2, low, true));
        assert!(!has_thermometer(&[vec!["N2_5755A"]], low, true));
        assert!(has_thermometer(&[vec!["N2_5755A"], vec!["N2_6584A"]], low, false));
        let s3 = [vec!["S3_6312A"], vec!["S3_9069A"]];
        assert!(has_thermometer(&s3, low, false) && !has_thermometer(&s3, |ion| ion.to_string() != "S3", false));
        let o3 = [vec!["O3_4363A"], vec!["O3_5007A"]];
        assert!(!has_thermometer(&o3, low, true) && has_thermometer(&o3, |_| true, false));
        let ar3 = [vec!["Ar3_5192A"], vec!["Ar3_7136A"]];
        assert!(has_thermometer(&ar3, low, false));
    }

    #[test]
    fn a_density_pair_is_two_lines_measured_apart() {
        let s2 = [vec!["S2_6716A"], vec!["S2_6731A"]];
        assert!(has_density_pair(&s2, |_| true) && !has_density_pair(&s2, |ion| ion.to_string() != "S2"));
        assert!(!has_density_pair(&[vec!["O2_3726A", "O2_3729A"]], |_| true));
    }
}
