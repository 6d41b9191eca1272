//! What is known of single lines besides their emissivity: optical depth, underlying absorption.

use crate::model::TAU_DENSITY;

/// f_tau = 1 + (tau/2) [a + (b₀ + b₁ n + b₂ n²) t]: label, a, b₀, b₁, b₂ (Benjamin, Skillman & Smits 2002, ApJ 569, 288, Table 4;
/// fitted over 12–20 kK, n ≤ 300 cm⁻³, tau < 2). Other He I lines keep f_tau = 1.
const OPTICAL_DEPTH: [(&str, [f64; 4]); 7] = [
    ("He1_3889A", [-0.106, 5.14e-5, -4.20e-7, 1.97e-10]),
    ("He1_4026A", [0.00143, 4.05e-4, 3.63e-8, 0.0]),
    ("He1_4471A", [0.00274, 8.81e-4, -1.21e-6, 0.0]),
    ("He1_4713A", [0.0577, -7.12e-3, -3.10e-5, 3.99e-8]),
    ("He1_5876A", [0.00470, 2.23e-3, -2.51e-6, 0.0]),
    ("He1_7065A", [0.359, -3.46e-2, -1.84e-4, 3.039e-7]),
    ("He1_10830A", [0.0149, 4.45e-3, -6.34e-5, 9.20e-8]),
];

/// Temperature \[K\], density \[cm⁻³\] and tau of the fit of `OPTICAL_DEPTH`.
pub(crate) const OPTICAL_DEPTH_BOX: ([f64; 2], f64, f64) = ([12_000.0, 20_000.0], TAU_DENSITY, 2.0);

/// Stellar absorption under a Balmer line relative to that under Hβ (Aver, Olive & Skillman 2010, JCAP 05, 003; Hα: Aver et al. 2021, JCAP 03, 027).
const HYDROGEN_ABSORPTION: [(&str, f64); 5] = [
    ("H1_6563A", 0.942),
    ("H1_4861A", 1.0),
    ("H1_4341A", 0.959),
    ("H1_4102A", 0.896),
    ("H1_3889A", 0.88),
];

/// The same under a He I line relative to that under 4471.
const HELIUM_ABSORPTION: [(&str, f64); 6] = [
    ("He1_3889A", 1.4),
    ("He1_4026A", 1.347),
    ("He1_4471A", 1.0),
    ("He1_5876A", 0.874),
    ("He1_6678A", 0.525),
    ("He1_7065A", 0.4),
];

/// Lines that absorption changes most, for their small equivalent widths: flagged in an object that has no widths at all.
pub(super) const MOST_ABSORBED: [&str; 4] = ["H1_3889A", "He1_3889A", "He1_4026A", "H1_4102A"];

fn find<T: Copy>(table: &[(&str, T)], label: &str) -> Option<T> {
    table.iter().find(|(name, _)| *name == label).map(|(_, value)| *value)
}

/// a, b₀, b₁, b₂ of a line's f_tau; zeros where it has none.
pub(super) fn optical_depth(label: &str) -> [f64; 4] {
    find(&OPTICAL_DEPTH, label).unwrap_or_default()
}

/// k_H and k_He of a line: absorption under it relative to that under Hβ and He I 4471.
pub(super) fn absorption(label: &str) -> (f64, f64) {
    (
        find(&HYDROGEN_ABSORPTION, label).unwrap_or(0.0),
        find(&HELIUM_ABSORPTION, label).unwrap_or(0.0),
    )
}
