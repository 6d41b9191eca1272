//! Line ratios that measure temperature and density, and the lines of an object in them.

use super::line::Line;
use super::root::root;
use crate::emissivity::Set;

/// A ratio of sums of lines of one ion that measures its temperature or density.
#[derive(Debug)]
pub(super) struct Ratio {
    /// Name of the ratio in every file.
    pub(super) name: &'static str,
    /// The ion.
    pub(super) ion: &'static str,
    /// Lines above; the auroral ones for a temperature.
    pub(super) above: &'static [&'static str],
    /// Lines below; the nebular ones for a temperature.
    pub(super) below: &'static [&'static str],
    /// True if the ratio depends so much on the density that it measures a temperature only where a
    /// density was measured.
    pub(super) needs_density: bool,
}

const fn ratio(
    name: &'static str,
    ion: &'static str,
    above: &'static [&'static str],
    below: &'static [&'static str],
) -> Ratio {
    Ratio {
        name,
        ion,
        above,
        below,
        needs_density: false,
    }
}

/// Auroral to nebular lines (Osterbrock & Ferland 2006, Astrophysics of Gaseous Nebulae, §5.2 and
/// Table 5.1; Pérez-Montero 2017, PASP 129, 043001, §2.2). A zone takes the first one that was
/// measured.
pub(super) const TEMPERATURES: [Ratio; 5] = [
    ratio("T_O3", "O3", &["O3_4363A"], &["O3_4959A", "O3_5007A"]),
    ratio("T_N2", "N2", &["N2_5755A"], &["N2_6548A", "N2_6584A"]),
    ratio("T_S3", "S3", &["S3_6312A"], &["S3_9069A", "S3_9531A"]),
    Ratio {
        needs_density: true,
        ..ratio(
            "T_O2",
            "O2",
            &["O2_7319A", "O2_7320A", "O2_7330A", "O2_7331A"],
            &["O2_3726A", "O2_3729A"],
        )
    },
    Ratio {
        needs_density: true,
        ..ratio("T_S2", "S2", &["S2_4069A", "S2_4076A"], &["S2_6716A", "S2_6731A"])
    },
];

/// Pairs of lines of one ion (Osterbrock & Ferland 2006, §5.6 and Table 5.2). The first one that
/// was measured gives n_e.
pub(super) const DENSITIES: [Ratio; 4] = [
    ratio("n_S2", "S2", &["S2_6716A"], &["S2_6731A"]),
    ratio("n_O2", "O2", &["O2_3729A"], &["O2_3726A"]),
    ratio("n_Cl3", "Cl3", &["Cl3_5518A"], &["Cl3_5538A"]),
    ratio("n_Ar4", "Ar4", &["Ar4_4711A"], &["Ar4_4740A"]),
];

/// A ratio with the lines of an object.
#[derive(Clone, Debug)]
pub(super) struct Found {
    /// The ratio.
    pub(super) ratio: &'static Ratio,
    /// Indices of the object's lines above and below.
    pub(super) lines: [Vec<usize>; 2],
    /// Zone of the ion.
    pub(super) zone: usize,
    /// Range of log₁₀T \[K\], or of log₁₀n_e [cm⁻³], for the solution.
    pub(super) range: [f64; 2],
}

/// Solution of a ratio.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Solved {
    /// log₁₀T \[K\] or log₁₀n_e [cm⁻³].
    At(f64),
    /// The ratio lies beyond the lower end of the range: lower temperature or density than any.
    Below,
    /// The ratio lies beyond the upper end of the range.
    Above,
    /// The ratio is not positive, or not a number.
    None,
}

impl Solved {
    /// The value, NaN where there is none.
    pub(super) fn value(self) -> f64 {
        match self {
            Solved::At(value) => value,
            _ => f64::NAN,
        }
    }
}

/// Accuracy of the roots \[dex\].
const TOLERANCE: f64 = 1e-11;

impl Found {
    /// Solves the ratio of the intrinsic `fluxes` of `lines` for log₁₀T, at the given density.
    pub(super) fn temperature(&self, lines: &[Line], set: &Set, fluxes: &[f64], log_n: f64) -> Solved {
        self.solve(lines, set, fluxes, |x| (x, log_n))
    }

    /// Solves the ratio of the intrinsic `fluxes` of `lines` for log₁₀n_e, at the given
    /// temperature.
    pub(super) fn density(&self, lines: &[Line], set: &Set, fluxes: &[f64], log_t: f64) -> Solved {
        self.solve(lines, set, fluxes, |x| (log_t, x))
    }

    /// ln of the theoretical ratio at (log₁₀T, log₁₀n_e).
    fn theory(&self, lines: &[Line], set: &Set, (log_t, log_n): (f64, f64)) -> f64 {
        let [above, below] = [0, 1].map(|side: usize| {
            let emissivities = self.lines[side].iter().map(|&l| lines[l].emissivity(set, log_t, log_n));
            emissivities.sum::<f64>()
        });
        (above / below).ln()
    }

    fn solve(&self, lines: &[Line], set: &Set, fluxes: &[f64], point: impl Fn(f64) -> (f64, f64)) -> Solved {
        let [above, below] = [0, 1].map(|side: usize| self.lines[side].iter().map(|&l| fluxes[l]).sum::<f64>());
        if !(above > 0.0 && below > 0.0) {
            return Solved::None;
        }
        let target = (above / below).ln();
        let excess = |x: f64| self.theory(lines, set, point(x)) - target;
        let [low, high] = self.range;
        match root(excess, low, high, TOLERANCE) {
            Some(x) => Solved::At(x),
            None if target.is_nan() => Solved::None,
            // Beyond the range, the nearer end tells the side.
            None if excess(low).abs() < excess(high).abs() => Solved::Below,
            None => Solved::Above,
        }
    }
}
