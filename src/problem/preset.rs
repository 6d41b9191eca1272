//! Presets: the priors, lines and corrections that a name stands for.

use serde::{Deserialize, Serialize};

use super::likelihood::NU;
use crate::line::Ion;
use crate::model::code::Family;
use crate::problem::prior::Prior;

/// Named set of choices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
#[serde(rename_all = "lowercase")]
pub enum Preset {
    /// Choices of `plain`, and those that real galaxies need, object by object.
    #[default]
    Default,
    /// Wide priors, every line of the table, no further effects: for comparison with other
    /// programs.
    Plain,
    /// Priors of the talk.
    Talk,
    /// Priors and zones of the code of Fernández et al. (2019, MNRAS 487, 3221).
    Fernandez2019,
}

/// Normalisation of the fluxes: ratios to Hβ, or fluxes beside a free Hβ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Normalisation {
    /// Fluxes are divided by Hβ, and the error of Hβ is left out.
    Ratio,
    /// ln F(Hβ) is a parameter, and Hβ one more line.
    Free,
}

/// Parameters that are neither an abundance, a temperature nor a density, by their names in TOML.
pub(crate) const GLOBALS: [&str; 9] = [
    "cHbeta",
    "R_V",
    "tau",
    "xi",
    "a_H",
    "a_He",
    "ln_FHbeta",
    HE1_SHIFT,
    "nu",
];
/// Amplitude of the shift of He I emissivities.
pub(crate) const HE1_SHIFT: &str = "he1_shift";

/// Range of temperatures \[K\]: from the first node of the emissivities to the end of the data of H
/// I (Storey & Hummer 1995). Ions with a shorter range of data are extrapolated, and a flag says
/// so.
const T_RANGE: (f64, f64) = (3500.0, 30_000.0);
/// Range of log₁₀ n_e \[cm⁻³\], up to the last node of the emissivities.
const LOG_NE_RANGE: (f64, f64) = (0.0, 6.5);
/// Centre \[K\] of a temperature's prior; `LN_T_SD` is the sd of ln T. The prior has 68 % in 5.5 to
/// 18 kK. It holds metal-rich regions of 5 to 9 kK and the T[O III] of SDSS and HeBCD (9.8 to 20.6
/// kK from 2.5 to 97.5 %). `tools/defaults.py` compares it with others.
const T_CENTRE: f64 = 10_000.0;
const LN_T_SD: f64 = 0.6;
/// Ranges of the presets that keep the cuts of earlier work. T \[K\] ends with the data of He I
/// (Porter et al. 2013).
const NARROW_T_RANGE: (f64, f64) = (5000.0, 25_000.0);
const NARROW_LOG_NE_RANGE: (f64, f64) = (0.0, 5.0);
/// Scale of ξ = 10⁴ n(H⁰)/n(H⁺). Metal-poor galaxies have 0 to some tens (Aver, Olive & Skillman
/// 2011, JCAP 03, 043).
const XI: f64 = 10.0;
/// Upper cut of tau: the fit of f_tau says nothing beyond.
const TAU_LIMIT: f64 = 10.0;

/// Sd of log₁₀ n_e where a line pair measures the density, and where none does.
pub(super) const LOG_NE_SD: (f64, f64) = (1.0, 0.5);
/// Uncertainty of the lines that dense gas brightens, as a fraction of the flux.
const DENSE_GAS: f64 = 0.3;
/// Prior of a density, on log₁₀ n_e or on n_e.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum DensityPrior {
    /// Prior of log₁₀ n_e.
    Log(Prior),
    /// Prior of n_e \[cm⁻³\].
    Linear(Prior),
}

impl DensityPrior {
    /// Largest n_e \[cm⁻³\] that the prior reaches.
    pub(super) fn largest(&self) -> f64 {
        let upper = |prior: &Prior| prior.fixed.unwrap_or(prior.support().1);
        match self {
            DensityPrior::Log(prior) => 10_f64.powf(upper(prior)),
            DensityPrior::Linear(prior) => upper(prior),
        }
    }

    /// Changes the scale to log₁₀ n_e if `log`, else to n_e, with the same bounds and no mean and
    /// sd. A prior on that scale is left unchanged.
    pub(super) fn on_scale(self, log: bool) -> Self {
        let bounds = |prior: &Prior, map: fn(f64) -> f64| Prior {
            mean: None,
            sd: None,
            family: Some(Family::Uniform),
            lower: prior.lower.map(map),
            upper: prior.upper.map(map),
            ..*prior
        };
        match (self, log) {
            (DensityPrior::Log(prior), false) => DensityPrior::Linear(bounds(&prior, |x| 10_f64.powf(x))),
            (DensityPrior::Linear(prior), true) => DensityPrior::Log(bounds(&prior, f64::log10)),
            (same, _) => same,
        }
    }
}

impl Preset {
    /// Lines that are left out unless the user asks for them: blends, singlets off case B and lines
    /// that pumping feeds.
    pub(super) fn doubtful(self) -> &'static [&'static str] {
        match self {
            Preset::Default => &[
                "H1_3970A",
                "He1_7281A",
                "He1_5016A",
                "He1_4922A",
                "He1_3965A",
                "N1_5198A",
                "N1_5200A",
                "Fe3_4986A",
            ],
            Preset::Plain | Preset::Talk | Preset::Fernandez2019 => &[],
        }
    }

    /// Ions with emissivities that are uncertain line by line, and the fraction. For He I it is the
    /// scatter that the shift between two sets (`HE1_SHIFT`) leaves. Lines of [Fe III] in 30
    /// Doradus (Tsamis et al. 2003, MNRAS 338, 687) scatter around one abundance by 20 to 50 %.
    pub(super) fn emissivity_error(self) -> &'static [(&'static str, f64)] {
        match self {
            Preset::Default => &[("He1", 0.005), ("Fe3", 0.10)],
            Preset::Plain | Preset::Talk | Preset::Fernandez2019 => &[],
        }
    }

    /// Lines that dense gas brightens more than the density of the nebular lines says, and the
    /// uncertainty of their emissivity. At full weight they put T_low 3 to 5 % above T[N II] in 31
    /// deep spectra. T[O II] and T[S II] are as high (Méndez-Delgado et al. 2023, arXiv
    /// 2305.13136).
    pub(super) fn line_error(self) -> &'static [(&'static str, f64)] {
        match self {
            Preset::Default => &[
                ("O2_7319A", DENSE_GAS),
                ("O2_7320A", DENSE_GAS),
                ("O2_7330A", DENSE_GAS),
                ("O2_7331A", DENSE_GAS),
                ("S2_4069A", DENSE_GAS),
                ("S2_4076A", DENSE_GAS),
            ],
            Preset::Plain | Preset::Talk | Preset::Fernandez2019 => &[],
        }
    }

    /// True if the object's lines decide on absorption, T_low and the density's prior.
    pub(super) fn adapts(self) -> bool {
        self == Preset::Default
    }

    /// Normalisation of the fluxes.
    pub(super) fn normalisation(self) -> Normalisation {
        match self {
            Preset::Default => Normalisation::Free,
            Preset::Plain | Preset::Talk | Preset::Fernandez2019 => Normalisation::Ratio,
        }
    }

    /// Range \[K\] of sampled temperatures.
    pub(super) fn t_range(self) -> (f64, f64) {
        match self {
            Preset::Default => T_RANGE,
            Preset::Plain | Preset::Talk | Preset::Fernandez2019 => NARROW_T_RANGE,
        }
    }

    /// Range of sampled log₁₀ n_e \[cm⁻³\].
    pub(super) fn log_ne_range(self) -> (f64, f64) {
        match self {
            Preset::Default => LOG_NE_RANGE,
            Preset::Plain | Preset::Talk | Preset::Fernandez2019 => NARROW_LOG_NE_RANGE,
        }
    }

    /// Prior of a temperature \[K\].
    pub(super) fn temperature(self) -> Prior {
        let (lower, upper) = self.t_range();
        match self {
            Preset::Default => Prior::log_normal(0.0, LN_T_SD, T_CENTRE),
            Preset::Fernandez2019 => Prior::normal(12_000.0, 2500.0),
            Preset::Plain | Preset::Talk => Prior::normal(15_000.0, 5000.0),
        }
        .cut(lower, upper)
    }

    /// Prior of a parameter of `GLOBALS`.
    pub(super) fn global(self, name: &str) -> Prior {
        let paper = matches!(self, Preset::Talk | Preset::Fernandez2019);
        match name {
            "cHbeta" if paper => Prior::log_normal(0.0, 1.0, 1.0),
            "cHbeta" => Prior::half_normal(1.0),
            // The talk lists no prior of tau; this one is from its paper (Fernández et al. 2019).
            "tau" if paper => Prior::log_normal(0.0, 0.4, 1.0).cut(0.0, TAU_LIMIT),
            "tau" => Prior::half_normal(2.0).cut(0.0, TAU_LIMIT),
            "xi" => Prior::half_normal(XI),
            "a_H" => Prior::half_normal(2.0),
            "a_He" => Prior::half_normal(1.0),
            "nu" => Prior::fixed(NU),
            HE1_SHIFT if self != Preset::Default => Prior::fixed(0.0),
            _ => Prior::normal(0.0, 1.0),
        }
    }

    /// Prior of a density.
    pub(super) fn density(self) -> DensityPrior {
        let (lower, upper) = self.log_ne_range();
        match self {
            Preset::Talk => DensityPrior::Linear(Prior::normal(75.0, 25.0).cut(10_f64.powf(lower), 10_f64.powf(upper))),
            Preset::Fernandez2019 => {
                DensityPrior::Linear(Prior::normal(200.0, 100.0).cut(10_f64.powf(lower), 10_f64.powf(upper)))
            }
            Preset::Default | Preset::Plain => DensityPrior::Log(Prior::normal(2.0, LOG_NE_SD.0).cut(lower, upper)),
        }
    }

    /// Prior of an ion's abundance: 12 + log₁₀(X/H) of a metal, X/H of helium.
    pub(super) fn ion(self, ion: Ion) -> Prior {
        match (self, ion) {
            (Preset::Talk, Ion::HE1) => Prior::log_normal(0.0, 1.0, 0.01),
            (_, Ion::HE1) => Prior::log_normal(0.0, 1.0, 0.1),
            // Planetary nebulae, He²⁺/H⁺ = 0.1, are within 1.6 sd of the median.
            (Preset::Default, Ion::HE2) => Prior::log_normal(0.0, 3.0, 0.001),
            (_, Ion::HE2) => Prior::log_normal(0.0, 1.0, 0.001),
            _ => Prior::normal(5.0, 5.0),
        }
    }

    /// True if an ion lives in the high-ionisation zone by default. These ions are He⁺, He²⁺, the
    /// doubly charged ions of C, N, O and Ne, and every metal of charge three and more. The code of
    /// the 2019 paper has He⁺, He²⁺, O²⁺ and Ar³⁺ alone.
    pub(super) fn is_high(self, ion: Ion) -> bool {
        const PAPER: [&str; 4] = ["He1", "He2", "O3", "Ar4"];
        const HIGH: [&str; 6] = ["He1", "He2", "C3", "N3", "O3", "Ne3"];
        let name = ion.to_string();
        match self {
            Preset::Fernandez2019 => PAPER.contains(&name.as_str()),
            Preset::Default | Preset::Plain | Preset::Talk => {
                ion.is_metal() && ion.stage >= 4 || HIGH.contains(&name.as_str())
            }
        }
    }
}
