//! Ionisation correction of each derived quantity, by name: `[abundances]` in TOML.

use serde::{Deserialize, Serialize};

macro_rules! choice {
    ($(#[$doc:meta])* $Choice:ident { $($(#[$variant_doc:meta])* $Variant:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
        pub enum $Choice {
            $($(#[$variant_doc])* #[serde(rename = $text)] $Variant),+
        }

        impl $Choice {
            /// Name of the choice in TOML.
            pub fn name(self) -> &'static str {
                match self { $($Choice::$Variant => $text),+ }
            }
        }
    };
}

choice! {
    /// O/H.
    Oxygen {
        /// Delgado-Inglada, Morisset & Stasińska (2014), eq. 12, where the object shows He²⁺; else
        /// the sum.
        #[default]
        Auto = "auto",
        /// O⁺ + O²⁺.
        Sum = "sum",
        /// (O⁺ + O²⁺)(He⁺ + He²⁺)/He⁺: Torres-Peimbert & Peimbert (1977, RMxAA 2, 181), eq. 13.
        He2 = "he2",
        /// Izotov et al. (2006), eq. 17, where He II was detected, else the sum, eq. 16.
        Izotov2006 = "izotov2006",
        /// (O⁺ + O²⁺) ((He⁺ + He²⁺)/He⁺)^(2/3): Kingsburgh & Barlow (1994, MNRAS 271, 257), eq.
        /// A10.
        KingsburghBarlow1994 = "kingsburgh-barlow1994",
        /// Delgado-Inglada, Morisset & Stasińska (2014), eq. 12.
        DelgadoInglada2014 = "delgado-inglada2014",
    }
}

choice! {
    /// N/O.
    Nitrogen {
        /// N⁺/O⁺: Peimbert & Costero (1969, BOTT 5, 3).
        #[default]
        NPlusOverOPlus = "n+/o+",
        /// Izotov et al. (2006), eq. 18.
        Izotov2006 = "izotov2006",
        /// Delgado-Inglada, Morisset & Stasińska (2014), eq. 14.
        DelgadoInglada2014 = "delgado-inglada2014",
    }
}

choice! {
    /// S/H.
    Sulphur {
        /// S⁺ + S²⁺ + S³⁺, S³⁺ from Ar²⁺/Ar³⁺ by Fernández et al. (2018); S⁺ + S²⁺ where either ion
        /// of argon is missing.
        #[default]
        Fernandez2018 = "fernandez2018",
        /// S⁺ + S²⁺.
        Sum = "sum",
        /// Izotov et al. (2006), eq. 20.
        Izotov2006 = "izotov2006",
        /// Delgado-Inglada, Morisset & Stasińska (2014), eq. 26; eq. 23 where S²⁺ is missing.
        DelgadoInglada2014 = "delgado-inglada2014",
    }
}

choice! {
    /// Ne/O.
    Neon {
        /// Izotov et al. (2006), eq. 19.
        #[default]
        Izotov2006 = "izotov2006",
        /// Ne²⁺/O²⁺: Peimbert & Costero (1969, BOTT 5, 3).
        Ne2PlusOverO2Plus = "ne2+/o2+",
        /// Delgado-Inglada, Morisset & Stasińska (2014), eq. 17.
        DelgadoInglada2014 = "delgado-inglada2014",
    }
}

choice! {
    /// Ar/O.
    Argon {
        /// Izotov et al. (2006), eq. 23; eq. 22 where Ar³⁺ is missing.
        #[default]
        Izotov2006 = "izotov2006",
        /// Delgado-Inglada, Morisset & Stasińska (2014), eqs. 35 and 36.
        DelgadoInglada2014 = "delgado-inglada2014",
    }
}

choice! {
    /// Cl/O.
    Chlorine {
        /// Izotov et al. (2006), eq. 21.
        #[default]
        Izotov2006 = "izotov2006",
        /// Delgado-Inglada, Morisset & Stasińska (2014), eq. 29; eq. 32 where Cl⁺ and Cl³⁺ are
        /// known too.
        DelgadoInglada2014 = "delgado-inglada2014",
    }
}

choice! {
    /// He/H.
    Helium {
        /// He⁺ + He²⁺; He⁺ where no line of He II is in the model.
        #[default]
        Sum = "sum",
        /// He⁺ S/(S − S⁺) + He²⁺, for neutral helium: Peimbert, Torres-Peimbert & Ruiz (1992, RMxAA
        /// 24, 155), eq. 21.
        Peimbert1992 = "peimbert1992",
    }
}

choice! {
    /// Helium mass fraction Y, by the element that represents all metals.
    MassFraction {
        /// Z = 20 O/H: Pagel et al. (1992, MNRAS 255, 325).
        #[default]
        Oxygen = "oxygen",
        /// Z = 20 (O/S) S/H, log₁₀(S/O) = −1.53 ± 0.05: Fernández et al. (2018).
        Sulphur = "sulphur",
    }
}

/// `[abundances]`: ionisation correction of each derived quantity, and whether the quantity needs a
/// thermometer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Correction for O_H.
    #[serde(rename = "O")]
    pub oxygen: Oxygen,
    /// Correction for N_O.
    #[serde(rename = "N")]
    pub nitrogen: Nitrogen,
    /// Correction for S_H.
    #[serde(rename = "S")]
    pub sulphur: Sulphur,
    /// Correction for Ne_O.
    #[serde(rename = "Ne")]
    pub neon: Neon,
    /// Correction for Ar_O.
    #[serde(rename = "Ar")]
    pub argon: Argon,
    /// Correction for Cl_O.
    #[serde(rename = "Cl")]
    pub chlorine: Chlorine,
    /// Correction for He_H.
    #[serde(rename = "He")]
    pub helium: Helium,
    /// Correction for Y.
    #[serde(rename = "Y")]
    pub mass_fraction: MassFraction,
    /// True if results give abundances of metals for objects whose temperatures rest on their
    /// priors.
    pub without_thermometer: bool,
}

impl Settings {
    /// Names of the choices, in the order of [`super::NAMES`].
    pub fn names(&self) -> [&'static str; super::NAMES.len()] {
        [
            self.oxygen.name(),
            self.nitrogen.name(),
            self.sulphur.name(),
            self.neon.name(),
            self.argon.name(),
            self.chlorine.name(),
            self.helium.name(),
            self.mass_fraction.name(),
        ]
    }
}
