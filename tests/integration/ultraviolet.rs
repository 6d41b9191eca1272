//! C/O, Fe/O and N/O by ultraviolet lines against jwspecfit's and PyNeb's numbers, and in whole
//! runs.

use std::collections::BTreeMap;
use std::path::Path;

use nebulium::abundance::{
    Carbon, Conditions, Derived, IonisationParameter, Ions, Iron, NAMES, Nitrogen, Noise, Observed, Settings, Total,
    totals,
};
use nebulium::draws::{Draws, SampleStats};
use nebulium::rng::Key;

use crate::abundance::{Row, fixture};
use crate::program::{file, nebulium, rows, scratch};

const FIXTURE: &str = include_str!("../fixtures/icf_uv.csv");
/// The fixture has ten decimals of its mantissas, and log₁₀ of ions loses as many \[dex\].
const ROUNDING: f64 = 1e-9;

fn ions(row: &Row) -> Ions {
    Ions::from_parameters(Ions::NAMES.map(|name| row.get(name).map_or(f64::NAN, |x| 12.0 + x.log10())))
}

fn quantity(settings: &Settings, row: &Row, ions: &Ions, name: &str) -> Total {
    let conditions = Conditions {
        log_o32: row["log_o32"],
        log_n43: row["log_n43"],
        log_ne: row["log_ne"],
    };
    let place = NAMES.iter().position(|other| *other == name).unwrap();
    totals(settings, ions, &conditions, Noise::default())[place]
}

#[test]
fn corrections_by_log_u_are_jwspecfits_and_say_where_they_are_extrapolated() {
    let mut compared = 0;
    for row in fixture(FIXTURE) {
        for (ratio, key) in [(IonisationParameter::O32, "o32"), (IonisationParameter::N43, "n43")] {
            for (nitrogen, name) in [
                (Nitrogen::MartinezN2PlusN3Plus, "n2+n3+"),
                (Nitrogen::MartinezNPlusN2Plus, "n+n2+"),
                (Nitrogen::MartinezN2Plus, "n2+"),
                (Nitrogen::MartinezNPlus, "n+"),
                (Nitrogen::MartinezN3Plus, "n3+"),
            ] {
                assert_eq!(nitrogen.name(), format!("martinez2025-{name}"));
                let settings = Settings {
                    nitrogen,
                    carbon: Carbon::Martinez2025,
                    ionisation_parameter: ratio,
                    ..Settings::default()
                };
                for (name, column) in [("N_O", name), ("C_O", "C")] {
                    let found = quantity(&settings, &row, &ions(&row), name);
                    let expected = row[&format!("{key}:{column}")];
                    assert!(found.value.is_finite(), "{settings:?} {row:?}");
                    assert_eq!(found.inside, expected.is_finite(), "{settings:?} {row:?}");
                    let same = (found.value - expected.log10()).abs() < ROUNDING;
                    assert!(
                        same || !found.inside,
                        "{name} {settings:?}: {found:?} {expected} {row:?}"
                    );
                    compared += usize::from(found.inside);
                }
            }
        }
    }
    assert!(compared > 400, "{compared}");
}

#[test]
fn without_a_choice_carbon_goes_by_o32_and_nitrogen_by_n43() {
    for row in fixture(FIXTURE) {
        let by = |ionisation_parameter| Settings {
            nitrogen: Nitrogen::MartinezN2Plus,
            carbon: Carbon::Martinez2025,
            ionisation_parameter,
            ..Settings::default()
        };
        let value = |settings: &Settings, ions: &Ions, name: &str| quantity(settings, &row, ions, name).value;
        let [auto, o32, n43] = [
            IonisationParameter::Auto,
            IonisationParameter::O32,
            IonisationParameter::N43,
        ]
        .map(by);
        let all = ions(&row);
        assert_eq!(value(&auto, &all, "N_O"), value(&n43, &all, "N_O"));
        assert_eq!(value(&auto, &all, "C_O"), value(&o32, &all, "C_O"));
        let without = Ions { n4: f64::NAN, ..all };
        assert_eq!(value(&auto, &without, "N_O"), value(&o32, &without, "N_O"));
    }
}

#[test]
fn iron_and_sums_of_carbon_are_pynebs_and_jwspecfits() {
    let mut inside = BTreeMap::new();
    for row in fixture(FIXTURE) {
        let all = ions(&row);
        for (iron, recipe) in [
            (Iron::RodriguezRubinEq2, "RR05_2"),
            (Iron::RodriguezRubinEq3, "RR05_3"),
            (Iron::RodriguezRubinEq4, "RR05_4"),
        ] {
            let settings = Settings {
                iron,
                ..Settings::default()
            };
            let found = quantity(&settings, &row, &all, "Fe_O");
            assert!((found.value - row[recipe].log10()).abs() < ROUNDING, "{recipe} {row:?}");
            *inside.entry(recipe).or_insert(0) += usize::from(found.inside);
        }
        for (carbon, column) in [
            (Carbon::KingsburghBarlow1994, "KB94_A12"),
            (Carbon::Garnett1997, "garnett"),
        ] {
            let settings = Settings {
                carbon,
                ..Settings::default()
            };
            let found = quantity(&settings, &row, &all, "C_O");
            assert!((found.value - row[column].log10()).abs() < ROUNDING, "{column} {row:?}");
            let without = quantity(&settings, &row, &Ions { c4: f64::NAN, ..all }, "C_O");
            let less = (row["C3"] / (row["C3"] + row["C4"])).log10();
            assert!((without.value - found.value - less).abs() < ROUNDING);
        }
    }
    assert_eq!(inside["RR05_2"], fixture(FIXTURE).len());
    assert!(inside["RR05_3"] > 10 && inside["RR05_4"] > 5, "{inside:?}");
}

/// The derived quantities of draws of these metals, each of which has a detected line.
fn derived(metals: &[&str], rows: &[&[f64]]) -> Derived {
    let draws = Draws {
        names: metals.iter().map(|metal| (*metal).to_owned()).collect(),
        chains: 1,
        draws: rows.len(),
        values: rows.concat(),
        sample_stats: SampleStats::default(),
    };
    let observed = Observed {
        detects: &|ion| metals.contains(&ion),
        conditions: &|_| Conditions {
            log_o32: 0.0,
            log_n43: 0.0,
            log_ne: 2.5,
        },
    };
    Derived::new(&Settings::default(), &draws, &Key::new(1, "a"), &observed)
}

fn flags(metals: &[(&str, f64)]) -> Vec<String> {
    let (names, values): (Vec<&str>, Vec<f64>) = metals.iter().copied().unzip();
    let flags = derived(&names, &[&values]).flags;
    flags.iter().map(ToString::to_string).collect()
}

#[test]
fn rows_name_the_formula_that_was_chosen_for_them() {
    let oxygen = [("O2", 7.0), ("O3", 7.8)];
    let with = |metals: &[(&'static str, f64)]| flags(&[&oxygen, metals].concat());
    assert_eq!(with(&[("N2", 6.0)]), [""; 0]);
    assert_eq!(with(&[("C3", 7.0)]), ["icf:C_O/martinez2025"]);
    assert_eq!(with(&[("N3", 6.5)]), ["icf:N_O/martinez2025-n2+"]);
    assert_eq!(with(&[("N3", 6.5), ("N4", 5.8)]), ["icf:N_O/martinez2025-n2+n3+"]);
    assert_eq!(
        flags(&[("O3", 7.8), ("C3", 7.0)]),
        [
            "icf:C_O/kingsburgh-barlow1994",
            "icf_fallback:C_O/kingsburgh-barlow1994"
        ]
    );
    let low = [("O2", 8.0), ("O3", 7.0), ("Fe3", 5.5)];
    assert_eq!(flags(&low), [""; 0]);
    assert_eq!(
        flags(&[&low[..], &[("Fe2", 5.0)]].concat()),
        ["icf:Fe_O/rodriguez-rubin2005-4"]
    );
}

/// The classical method has no abundance where the temperature is beyond the data of C IV.
#[test]
fn a_sum_of_carbon_has_no_draws_without_an_ion_that_it_has_at_others() {
    let names = ["O3", "C3", "C4"];
    let (both, without): (&[f64], &[f64]) = (&[7.8, 7.0, 7.0], &[7.8, 7.0, f64::NAN]);
    let carbon = |derived: &Derived| derived.quantity(NAMES.iter().position(|name| *name == "C_O").unwrap());
    let mixed = derived(&names, &[both, without]);
    let values = carbon(&mixed).unwrap();
    assert!((values[0] - (2_f64.log10() - 0.8)).abs() < 1e-12 && values[1].is_nan());
    assert_eq!(mixed.flags.len(), 1);
    let none = derived(&names, &[without, without]);
    assert!(carbon(&none).unwrap().iter().all(|value| (value + 0.8).abs() < 1e-12));
    assert_eq!(none.flags[1].to_string(), "icf_fallback:C_O/kingsburgh-barlow1994");
}

#[test]
fn a_metallicity_beyond_the_models_is_said() {
    let metals = [("O2", 8.3), ("O3", 8.4), ("C3", 8.0)];
    assert_eq!(flags(&metals), ["icf_range:C_O/martinez2025", "icf:C_O/martinez2025"]);
}

/// Fluxes by PyNeb of a galaxy of known ions, at the density that the classical method is told. By
/// jwspecfit at the true ions: log U −2.19 by O32 and −1.66 by N43, log C/O −0.751 and log N/O
/// −1.080. By hand eq. 2 of Rodríguez & Rubin (2005) gives log Fe/O −1.614; the tables' \[Fe III\]
/// 4658 and PyNeb's differ by 4.3 %.
#[test]
fn a_galaxy_of_ultraviolet_lines_has_its_carbon_nitrogen_and_iron() {
    let directory = scratch("ultraviolet");
    let config = file(&directory, "config.toml", "[classical]\ndensity = 1000\n");
    let line = "fit tests/fixtures/physics/ultraviolet.csv --dereddened --method classical --mc 100 --config";
    let run = nebulium(line, &[&config, Path::new("--out"), &directory.join("out")]);
    assert_eq!(run.code, 0, "{}", run.err);
    let row = rows(&directory.join("out/results.csv")).remove(0);
    for (name, truth, tolerance) in [("C_O", -0.751, 0.01), ("N_O", -1.080, 0.01), ("Fe_O", -1.614, 0.03)] {
        let found: f64 = row[&format!("{name}_value")].parse().unwrap();
        assert!((found - truth).abs() < tolerance, "{name}: {found} {truth}");
        assert_eq!(row[&format!("{name}_outside")], "0", "{name}");
    }
    for flag in ["icf:C_O/martinez2025", "icf:N_O/martinez2025-n2+n3+"] {
        assert!(row["decisions"].contains(flag), "{}", row["decisions"]);
    }
}
