//! Quantities of an object, parameters and derived ones: unit, UCD and description of each.

use crate::abundance;
use crate::line::Ion;
use crate::summary::LOG_NE;

/// Group of quantities with the same unit and meaning.
#[derive(Debug)]
pub(super) struct Quantity {
    /// True for the name of a quantity of the group.
    is: fn(&str) -> bool,
    /// Unit in the notation of FITS, `dex` for logarithms; empty for a pure number.
    pub(super) unit: &'static str,
    /// Words of UCD1+ (IVOA, controlled vocabulary 1.5); empty where none fits.
    pub(super) ucd: &'static str,
    /// Meaning, in the words of the manual.
    pub(super) description: &'static str,
}

/// Quantities of all objects; a name belongs to the first group that has it.
pub(super) const QUANTITIES: [Quantity; 14] = [
    Quantity {
        is: |name| name.starts_with("T_"),
        unit: "K",
        ucd: "phys.temperature.electron",
        description: "electron temperature of a zone",
    },
    Quantity {
        is: |name| name.starts_with("n_"),
        unit: "cm-3",
        ucd: "phys.density;phys.electron",
        description: "electron density of the zones, of one with its own",
    },
    Quantity {
        is: |name| name == "cHbeta",
        unit: "dex",
        ucd: "phys.absorption",
        description: "logarithmic extinction at Hβ",
    },
    Quantity {
        is: |name| name == "R_V",
        unit: "",
        ucd: "",
        description: "ratio of total to selective extinction, where it is free",
    },
    Quantity {
        is: |name| name == "tau",
        unit: "",
        ucd: "phys.absorption.opticalDepth",
        description: "optical depth of He I 3889",
    },
    Quantity {
        is: |name| name == "xi",
        unit: "",
        ucd: "",
        description: "H I collisional excitation, where it is on",
    },
    Quantity {
        is: |name| name.parse().is_ok_and(|ion: Ion| !ion.is_metal()),
        unit: "",
        ucd: "phys.abund",
        description: "He+/H+, He2+/H+ by number",
    },
    Quantity {
        is: |name| name.parse().is_ok_and(Ion::is_metal),
        unit: "dex",
        ucd: "phys.abund",
        description: "12 + log10(X/H) of an ion, by spectroscopic number",
    },
    Quantity {
        is: |name| matches!(name, "a_H" | "a_He"),
        unit: "Angstrom",
        ucd: "spect.line.eqWidth",
        description: "underlying absorption of hydrogen and helium lines",
    },
    Quantity {
        is: |name| name == "ln_FHbeta",
        unit: "",
        ucd: "phot.flux;spect.line",
        description: "ln of Hβ's true over its measured flux",
    },
    Quantity {
        is: |name| name == "he1_shift",
        unit: "",
        ucd: "",
        description: "amplitude of the shift between two sets of He I emissivities",
    },
    Quantity {
        is: |name| name == LOG_NE,
        unit: "dex(cm-3)",
        ucd: "phys.density;phys.electron",
        description: "log10 of `n_e`",
    },
    Quantity {
        is: |name| matches!(name, "He_H" | "Y"),
        unit: "",
        ucd: "phys.abund",
        description: "He/H by number, helium mass fraction",
    },
    Quantity {
        is: |name| abundance::NAMES.contains(&name),
        unit: "dex",
        ucd: "phys.abund",
        description: "12 + log10(X/H), or log10 of a ratio, of elements",
    },
];

/// Calibrations, degrees of freedom and all else: pure numbers without a UCD.
const OTHERS: Quantity = Quantity {
    is: |_| true,
    unit: "",
    ucd: "",
    description: "calibration of an arm, Student's degrees of freedom, where they are in the model",
};

/// Finds the group of a quantity.
pub(super) fn quantity(name: &str) -> &'static Quantity {
    QUANTITIES.iter().find(|group| (group.is)(name)).unwrap_or(&OTHERS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::summary::derived_names;

    #[test]
    fn units_are_those_of_the_files() {
        let names = ["T_low", "n_e", "log_ne", "O3", "He1", "tau", "a_He", "N_O", "Y", "nu"];
        let expected = ["K", "cm-3", "dex(cm-3)", "dex", "", "", "Angstrom", "dex", "", ""];
        assert_eq!(names.map(|name| quantity(name).unit), expected);
    }

    /// Rows of the manual's table of quantities: names, description, unit.
    fn manual() -> Vec<[&'static str; 3]> {
        let page = include_str!("../../docs/outputs.md");
        let rows = page
            .lines()
            .skip_while(|line| !line.starts_with("| parameter |"))
            .skip(2);
        let rows = rows.take_while(|line| line.starts_with('|'));
        rows.map(|row| {
            let mut cells = row.trim_matches('|').split('|').map(str::trim);
            std::array::from_fn(|_| cells.next().unwrap_or_default())
        })
        .collect()
    }

    #[test]
    fn the_manual_has_each_group_with_description_and_unit() {
        let rows = manual();
        for group in QUANTITIES.iter().chain([&OTHERS]) {
            let has = |row: &[&str; 3]| row[1].starts_with(group.description) && row[2] == group.unit;
            assert!(rows.iter().any(has), "docs/outputs.md lacks {}", group.description);
        }
    }

    #[test]
    fn each_name_of_the_manual_belongs_to_the_group_of_its_row() {
        let mut named = Vec::new();
        for [names, description, _] in manual() {
            for name in names.split('`').skip(1).step_by(2) {
                let group = quantity(&name.replace("NAME", "mid"));
                assert!(
                    description.starts_with(group.description),
                    "{name}: {}",
                    group.description
                );
                named.push(name);
            }
        }
        for name in derived_names() {
            assert!(named.contains(&name), "docs/outputs.md lacks {name}");
        }
    }
}
