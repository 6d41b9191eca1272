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
        /// N⁺/O⁺ where \[N II\] was detected; else, where N III\] or N IV\] was, as `martinez2025`.
        #[default]
        Auto = "auto",
        /// N⁺/O⁺: Peimbert & Costero (1969, BOTT 5, 3).
        NPlusOverOPlus = "n+/o+",
        /// Izotov et al. (2006), eq. 18.
        Izotov2006 = "izotov2006",
        /// Delgado-Inglada, Morisset & Stasińska (2014), eq. 14.
        DelgadoInglada2014 = "delgado-inglada2014",
        /// Martinez et al. (2025, arXiv 2510.21960), Table 4: the first of (N²⁺ + N³⁺)/O²⁺,
        /// (N⁺ + N²⁺)/(O⁺ + O²⁺), N²⁺/O²⁺, N⁺/O⁺ and N³⁺/O²⁺ whose ions of nitrogen were detected.
        Martinez2025 = "martinez2025",
        /// Martinez et al. (2025), Table 4, of (N²⁺ + N³⁺)/O²⁺.
        MartinezN2PlusN3Plus = "martinez2025-n2+n3+",
        /// Martinez et al. (2025), Table 4, of (N⁺ + N²⁺)/(O⁺ + O²⁺).
        MartinezNPlusN2Plus = "martinez2025-n+n2+",
        /// Martinez et al. (2025), Table 4, of N²⁺/O²⁺.
        MartinezN2Plus = "martinez2025-n2+",
        /// Martinez et al. (2025), Table 4, of N⁺/O⁺.
        MartinezNPlus = "martinez2025-n+",
        /// Martinez et al. (2025), Table 4, of N³⁺/O²⁺.
        MartinezN3Plus = "martinez2025-n3+",
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
    /// C/O.
    Carbon {
        /// Martinez where C²⁺, O⁺ and O²⁺ were detected and the object shows no He²⁺, else
        /// Kingsburgh & Barlow (1994).
        #[default]
        Auto = "auto",
        /// C²⁺/O²⁺ by log U, metallicity and density: Martinez (in preparation), from the models of
        /// Martinez et al. (2025, arXiv 2510.21960).
        Martinez2025 = "martinez2025",
        /// (C²⁺ + C³⁺)/O²⁺: Kingsburgh & Barlow (1994, MNRAS 271, 257), eq. A12.
        KingsburghBarlow1994 = "kingsburgh-barlow1994",
        /// (C²⁺ + C³⁺)/O²⁺ times (O⁺ + O²⁺)/O²⁺: jwspecfit 1.1.9's form of Garnett et al. (1997,
        /// ApJ 489, 63).
        Garnett1997 = "garnett1997",
    }
}

choice! {
    /// Fe/O, of Rodríguez & Rubin (2005, ApJ 626, 900).
    Iron {
        /// Eq. 4 where O⁺/O²⁺ is high and \[Fe II\] was detected, else eq. 2.
        #[default]
        Auto = "auto",
        /// Eq. 2, from Fe²⁺.
        RodriguezRubinEq2 = "rodriguez-rubin2005-2",
        /// Eq. 3, from Fe²⁺.
        RodriguezRubinEq3 = "rodriguez-rubin2005-3",
        /// Eq. 4, from Fe⁺ + Fe²⁺.
        RodriguezRubinEq4 = "rodriguez-rubin2005-4",
    }
}

choice! {
    /// The ratio of lines that log U of the corrections of Martinez et al. (2025) comes from.
    IonisationParameter {
        /// O32 for C/O; for N/O N43 where N III\] and N IV\] were both detected, else O32.
        #[default]
        Auto = "auto",
        /// O32 = \[O III\] 5007/\[O II\] (3726 + 3729).
        O32 = "o32",
        /// N43 = N IV\] (1483 + 1487)/N III\] (1747–1754).
        N43 = "n43",
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
    /// Correction of C_O.
    #[serde(rename = "C")]
    pub carbon: Carbon,
    /// Correction of Fe_O.
    #[serde(rename = "Fe")]
    pub iron: Iron,
    /// Of He_H.
    #[serde(rename = "He")]
    pub helium: Helium,
    /// Correction for Y.
    #[serde(rename = "Y")]
    pub mass_fraction: MassFraction,
    /// Ratio of lines for log U, which the corrections of Martinez et al. (2025) take.
    #[serde(rename = "log_U")]
    pub ionisation_parameter: IonisationParameter,
    /// True if abundances of metals stand in the results of objects whose temperatures rest on
    /// their priors.
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
            self.carbon.name(),
            self.iron.name(),
            self.helium.name(),
            self.mass_fraction.name(),
        ]
    }
}
