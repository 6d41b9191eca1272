//! What the lines of one ion say of its temperature and density: the information in their ratios,
//! from the sensitivities of their emissivities.

/// The least d ln R/d ln T of a thermometer, at 10⁴ K: an excitation energy of 0.86 eV between its
/// lines. \[S II\] 4069/6724 has 1.4, \[S III\] 9531/18.7 μm 1.5, \[O III\] 4363/5007 3.3; \[Fe III\]
/// lines among themselves have less than 0.7.
const THERMOMETER: f64 = 1.0;
/// The least d ln R/d log₁₀ n_e of a density line, where its ratio responds most: a third of that of
/// \[S II\] 6716/6731.
const DENSITOMETER: f64 = 0.3;
/// The precisions (1/variance) to which T and n_e are known without any line: a third in ln T, one
/// dex in log₁₀ n_e, about the widths of the default priors.
const KNOWN: [f64; 2] = [9.0, 1.0];

/// Places of temperature and density among sensitivities.
pub(super) const T: usize = 0;
pub(super) const NE: usize = 1;

/// A line as a witness of its ion's temperature and density.
#[derive(Clone, Copy, Debug)]
pub(super) struct Witness {
    /// (F/σ)², the information on ln F; 0 for a limit or a flux not above zero.
    pub weight: f64,
    /// d ln F/d ln T and d ln F/d log₁₀ n_e, the ion's abundance held.
    pub slopes: [f64; 2],
}

/// The sums of weights × products of the slopes' departures from their weighted means: the
/// information on (T, T), (T, n_e) and (n_e, n_e) where the abundance is free.
fn information(lines: &[Witness]) -> [f64; 3] {
    let weight: f64 = lines.iter().map(|line| line.weight).sum();
    if weight <= 0.0 {
        return [0.0; 3];
    }
    let mean = [T, NE].map(|which| lines.iter().map(|line| line.weight * line.slopes[which]).sum::<f64>() / weight);
    lines.iter().fold([0.0; 3], |sums, line| {
        let [t, n] = [T, NE].map(|which| line.slopes[which] - mean[which]);
        let products = [t * t, t * n, n * n];
        std::array::from_fn(|k| sums[k] + line.weight * products[k])
    })
}

/// The S/N and the slope of the ratio of two groups of lines that says most of a quantity: of all
/// cuts of the lines in order of their slopes, that with the largest information.
fn best_ratio(lines: &[Witness], which: usize) -> [f64; 2] {
    let mut lines: Vec<&Witness> = lines.iter().filter(|line| line.weight > 0.0).collect();
    lines.sort_by(|a, b| a.slopes[which].total_cmp(&b.slopes[which]));
    let group = |lines: &[&Witness]| {
        let weight: f64 = lines.iter().map(|line| line.weight).sum();
        let slope: f64 = lines.iter().map(|line| line.weight * line.slopes[which]).sum();
        [weight, slope / weight]
    };
    let mut best = [0.0; 2];
    for cut in 1..lines.len() {
        let [[below, low], [above, high]] = [group(&lines[..cut]), group(&lines[cut..])];
        let ratio = [(below * above / (below + above)).sqrt(), high - low];
        if ratio[0] * ratio[1] > best[0] * best[1] {
            best = ratio;
        }
    }
    best
}

/// The S/N with which the lines of an ion measure T or n_e (`which`): that of their best ratio, times
/// the root of the fraction of its information that is left where the other quantity is known only to
/// a variance of 1/`known`; 0 where no ratio depends on it enough.
fn resolved(lines: &[Witness], which: usize, known: f64) -> f64 {
    let [sn, slope] = best_ratio(lines, which);
    if slope < [THERMOMETER, DENSITOMETER][which] {
        return 0.0;
    }
    let [tt, tn, nn] = information(lines);
    let [own, other] = if which == T { [tt, nn] } else { [nn, tt] };
    sn * (1.0 - tn * tn / (own * (other + known))).max(0.0).sqrt()
}

/// The S/N with which an ion's lines measure the density, the temperature unknown but for its prior.
pub(super) fn densitometer(lines: &[Witness]) -> f64 {
    resolved(lines, NE, KNOWN[T])
}

/// The S/N with which an ion's lines measure the temperature, where other ions have the information
/// `others` on the density.
pub(super) fn thermometer(lines: &[Witness], others: f64) -> f64 {
    resolved(lines, T, KNOWN[NE] + others)
}

/// The information on the density that an ion's lines have, the temperature unknown but for its
/// prior.
pub(super) fn density_information(lines: &[Witness]) -> f64 {
    let [tt, tn, nn] = information(lines);
    nn - tn * tn / (tt + KNOWN[T])
}

/// True if two lines depend alike on the temperature, so that their ratio is of the density alone.
pub(super) fn is_free_of_temperature(pair: [&Witness; 2]) -> bool {
    (pair[0].slopes[T] - pair[1].slopes[T]).abs() < DENSITOMETER
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(sn: f64, t: f64, n: f64) -> Witness {
        Witness {
            weight: sn * sn,
            slopes: [t, n],
        }
    }

    #[test]
    fn a_faint_auroral_line_beside_strong_nebular_ones_gives_its_own_signal_to_noise() {
        let lines = [line(2.0, 5.0, 0.0), line(300.0, 1.7, 0.0), line(200.0, 1.7, 0.0)];
        assert!((thermometer(&lines, 0.0) - 2.0).abs() < 1e-3);
        assert_eq!(densitometer(&lines), 0.0);
    }

    #[test]
    fn a_second_auroral_line_in_the_noise_does_not_hide_the_first() {
        let lines = [line(0.3, 8.0, 0.0), line(20.0, 5.0, 0.0), line(50.0, 1.7, 0.0)];
        assert!(thermometer(&lines, 0.0) > 18.0);
    }

    #[test]
    fn a_ratio_of_both_is_a_thermometer_only_beside_a_density() {
        let lines = [line(20.0, 2.0, 0.0), line(50.0, 0.0, -1.0)];
        assert!(thermometer(&lines, 0.0) < 3.0 && densitometer(&lines) < 3.0);
        assert!(thermometer(&lines, 100.0) > 8.0);
    }

    #[test]
    fn three_lines_measure_both() {
        let lines = [line(20.0, 3.0, 0.0), line(20.0, 0.0, 0.0), line(20.0, 0.1, -1.0)];
        assert!(thermometer(&lines, 0.0) > 10.0 && densitometer(&lines) > 10.0);
    }

    #[test]
    fn a_pair_of_one_upper_level_measures_nothing() {
        let lines = [line(100.0, 1.7, 0.0), line(100.0, 1.7, 0.0)];
        assert_eq!([thermometer(&lines, 0.0), densitometer(&lines)], [0.0; 2]);
        assert_eq!(densitometer(&lines[..1]), 0.0);
    }
}
