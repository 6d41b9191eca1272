//! Information of one ion's lines on its temperature and density, from the sensitivities of their
//! emissivities.

/// Least d ln R/d ln T of a thermometer, at 10⁴ K: an excitation energy of 0.86 eV between its
/// lines. The ratio \[S II\] 4069/6724 has 1.4, \[S III\] 9531/18.7 μm 1.5, \[O III\] 4363/5007
/// 3.3. Lines of \[Fe III\] among themselves have less than 0.7.
const THERMOMETER: f64 = 1.0;
/// Least d ln R/d log₁₀ n_e of a density ratio, where it responds most: a third of that of \[S II\]
/// 6716/6731.
const DENSITOMETER: f64 = 0.3;
/// Precisions (1/variance) of T and n_e without any line: a third in ln T, one dex in log₁₀ n_e.
/// These are about the widths of the default priors.
const KNOWN: [f64; 2] = [9.0, 1.0];

/// Indices of temperature and density among sensitivities.
pub(super) const T: usize = 0;
pub(super) const NE: usize = 1;

/// Response of a line to its ion's temperature and density.
#[derive(Clone, Copy, Debug)]
pub(super) struct Response {
    /// Information on ln F, (F/σ)²; 0 for a limit or a flux not above zero.
    pub weight: f64,
    /// Derivatives of ln F with respect to ln T and log₁₀ n_e, at a fixed abundance of the ion.
    pub slopes: [f64; 2],
}

/// Information on (T, T), (T, n_e) and (n_e, n_e) with a free abundance: weighted sums of products
/// of the slopes' departures from their means.
fn information(lines: &[Response]) -> [f64; 3] {
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

/// Signal-to-noise and slope of the ratio of two groups of lines that measures a quantity best. The
/// groups are the cut with the largest information among all cuts of the lines in order of their
/// slopes.
fn best_ratio(lines: &[Response], which: usize) -> [f64; 2] {
    let mut lines: Vec<&Response> = lines.iter().filter(|line| line.weight > 0.0).collect();
    lines.sort_by(|a, b| a.slopes[which].total_cmp(&b.slopes[which]));
    let group = |lines: &[&Response]| {
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

/// Signal-to-noise of T or n_e (`which`) from the lines of an ion: that of their best ratio. It is
/// reduced where the other quantity is known only to a variance of 1/`known`. It is 0 where no
/// ratio depends on the quantity enough.
fn signal_to_noise(lines: &[Response], which: usize, known: f64) -> f64 {
    let [sn, slope] = best_ratio(lines, which);
    if slope < [THERMOMETER, DENSITOMETER][which] {
        return 0.0;
    }
    let [tt, tn, nn] = information(lines);
    let [own, other] = if which == T { [tt, nn] } else { [nn, tt] };
    sn * (1.0 - tn * tn / (own * (other + known))).max(0.0).sqrt()
}

/// Signal-to-noise of the density from an ion's lines, with the temperature known from its prior
/// alone.
pub(super) fn densitometer(lines: &[Response]) -> f64 {
    signal_to_noise(lines, NE, KNOWN[T])
}

/// Signal-to-noise of the temperature from an ion's lines, where other ions have the information
/// `others` on the density.
pub(super) fn thermometer(lines: &[Response], others: f64) -> f64 {
    signal_to_noise(lines, T, KNOWN[NE] + others)
}

/// Information on the density from an ion's lines, with the temperature known from its prior alone.
pub(super) fn density_information(lines: &[Response]) -> f64 {
    let [tt, tn, nn] = information(lines);
    nn - tn * tn / (tt + KNOWN[T])
}

/// True if two lines depend on the temperature in the same way, so that their ratio measures the
/// density alone.
pub(super) fn is_free_of_temperature(pair: [&Response; 2]) -> bool {
    (pair[0].slopes[T] - pair[1].slopes[T]).abs() < DENSITOMETER
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(sn: f64, t: f64, n: f64) -> Response {
        Response {
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
