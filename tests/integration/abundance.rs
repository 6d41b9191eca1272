//! Ionisation corrections against PyNeb's numbers and values by hand, and derived draws of whole
//! runs.

use std::collections::BTreeMap;
use std::path::Path;

use nebulium::abundance::{
    Argon, Chlorine, Conditions, Derived, Helium, Ions, MassFraction, NAMES, Neon, Nitrogen, Noise, Observed, Oxygen,
    Settings, Sulphur, totals,
};
use nebulium::draws::{Draws, SampleStats};
use nebulium::rng::Key;

use crate::program::{file, nebulium, rows, scratch};

const FIXTURE: &str = include_str!("../fixtures/icf_pyneb.csv");
/// The fixture has ten decimals of its mantissas: two rounded numbers, as a difference of
/// logarithms \[dex\].
const ROUNDING: f64 = 1e-10;

pub type Row = BTreeMap<String, f64>;

/// Rows of a fixture of corrections.
pub fn fixture(text: &str) -> Vec<Row> {
    let mut reader = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .from_reader(text.as_bytes());
    reader.deserialize().map(Result::unwrap).collect()
}

/// The row's ions with all metals `scale` times as abundant, without those named in `missing`.
fn ions(row: &Row, scale: f64, missing: &[&str]) -> Ions {
    Ions::from_parameters(Ions::NAMES.map(|name| match name {
        _ if missing.contains(&name) => f64::NAN,
        "He1" | "He2" => row[name],
        _ => 12.0 + (scale * row.get(name).copied().unwrap_or(f64::NAN)).log10(),
    }))
}

fn value(settings: &Settings, ions: &Ions, name: &str) -> f64 {
    let place = NAMES.iter().position(|other| *other == name).unwrap();
    totals(settings, ions, &Conditions::UNKNOWN, Noise::default())[place].value
}

/// Compares what PyNeb makes of the row, as the quantity `name` is reported, with ours.
fn agrees(row: &Row, settings: &Settings, ions: &Ions, name: &str, expected: f64) {
    let found = value(settings, ions, name);
    assert!(
        (found - expected).abs() < ROUNDING,
        "{name} {settings:?}: {found} {expected} {row:?}"
    );
}

#[test]
fn izotov_2006_is_pynebs_at_each_of_its_metallicities() {
    let settings = Settings {
        nitrogen: Nitrogen::Izotov2006,
        sulphur: Sulphur::Izotov2006,
        ..Settings::default()
    };
    let fits = [("a", 7.2), ("b", 7.6), ("c", 8.2)];
    let equations = [("N_O", 18), ("Ne_O", 19), ("Cl_O", 21), ("Ar_O", 23)];
    for row in fixture(FIXTURE) {
        let oxygen = row["O2"] + row["O3"];
        for (fit, metallicity) in fits {
            let scale = 10_f64.powf(metallicity - 12.0) / oxygen;
            let all = ions(&row, scale, &[]);
            for (name, equation) in equations {
                let pyneb = row[&format!("Ial06_{equation}{fit}")];
                agrees(&row, &settings, &all, name, (pyneb / oxygen).log10());
            }
            let sulphur = 12.0 + (scale * row[&format!("Ial06_20{fit}")]).log10();
            agrees(&row, &settings, &all, "S_H", sulphur);
            let argon = (row[&format!("Ial06_22{fit}")] / oxygen).log10();
            agrees(&row, &settings, &ions(&row, scale, &["Ar4"]), "Ar_O", argon);
        }
    }
}

#[test]
fn delgado_inglada_2014_is_pynebs() {
    let settings = Settings {
        oxygen: Oxygen::DelgadoInglada2014,
        nitrogen: Nitrogen::DelgadoInglada2014,
        sulphur: Sulphur::DelgadoInglada2014,
        neon: Neon::DelgadoInglada2014,
        argon: Argon::DelgadoInglada2014,
        chlorine: Chlorine::DelgadoInglada2014,
        ..Settings::default()
    };
    let mut seen = BTreeMap::new();
    for row in fixture(FIXTURE) {
        let all = ions(&row, 1.0, &[]);
        let over_oxygen = |recipe: &str| (row[&format!("DIMS14_{recipe}")] / row["DIMS14_12"]).log10();
        let mut check = |ions: &Ions, name: &str, recipe: &'static str| {
            agrees(&row, &settings, ions, name, over_oxygen(recipe));
            *seen.entry(recipe).or_insert(0) += 1;
        };
        check(&all, "N_O", "14");
        check(&all, "Ne_O", if all.upsilon() < 0.015 { "17c" } else { "17a" });
        check(&all, "Ar_O", if all.omega() <= 0.5 { "35" } else { "36" });
        check(&all, "Cl_O", "32");
        check(&ions(&row, 1.0, &["Cl2"]), "Cl_O", "29");
        let no_helium = ions(&row, 1.0, &["He2"]);
        check(&no_helium, "N_O", "14b");
        check(&no_helium, "Ne_O", "17b");
        let log = |recipe: &str| 12.0 + row[&format!("DIMS14_{recipe}")].log10();
        agrees(&row, &settings, &all, "O_H", log("12"));
        agrees(&row, &settings, &all, "S_H", log("26"));
        agrees(&row, &settings, &ions(&row, 1.0, &["S3"]), "S_H", log("23"));
    }
    assert!(seen.len() == 9 && seen.values().all(|count| *count > 5), "{seen:?}");
}

#[test]
fn ratios_of_ions_and_oxygen_by_helium_are_pynebs() {
    let settings = Settings {
        oxygen: Oxygen::He2,
        neon: Neon::Ne2PlusOverO2Plus,
        ..Settings::default()
    };
    for row in fixture(FIXTURE) {
        let all = ions(&row, 1.0, &[]);
        let sum = row["O2"] + row["O3"];
        agrees(&row, &settings, &all, "O_H", 12.0 + row["TPP77_13"].log10());
        agrees(&row, &settings, &all, "N_O", (row["TPP77_14"] / sum).log10());
        agrees(&row, &settings, &all, "Ne_O", (row["TPP77_15"] / sum).log10());
        let without = value(&settings, &ions(&row, 1.0, &["He2"]), "O_H");
        assert!((without - 12.0 - sum.log10()).abs() < ROUNDING);
    }
}

#[test]
fn oxygen_with_a_measured_he_ii_line_is_pynebs_by_every_name() {
    for row in fixture(FIXTURE) {
        for (oxygen, recipe) in [
            (Oxygen::Izotov2006, "Ial06_17"),
            (Oxygen::KingsburghBarlow1994, "KB94_A10"),
        ] {
            let settings = Settings {
                oxygen,
                ..Settings::default()
            };
            agrees(
                &row,
                &settings,
                &ions(&row, 1.0, &[]),
                "O_H",
                12.0 + row[recipe].log10(),
            );
        }
    }
}

/// A planetary nebula of He²⁺/He⁺ = 1 and O⁺ + O²⁺ 8.317: by hand 8.317 + (0.04 + 0.0015)/0.205 =
/// 8.519 by eq. 12 of Delgado-Inglada et al. (2014), 8.317 + (2/3) log 2 = 8.518 by Kingsburgh &
/// Barlow (1994), 8.618 where O³⁺ follows He²⁺.
#[test]
fn a_planetary_nebulas_oxygen_is_corrected_by_the_formula_that_its_row_names() {
    let directory = scratch("abundance_planetary_nebula");
    let line = "fit tests/fixtures/physics/pn_he2.csv --method classical --mc 200 --config";
    for (choice, by_hand) in [
        ("auto", 8.519),
        ("kingsburgh-barlow1994", 8.518),
        ("he2", 8.618),
        ("sum", 8.317),
    ] {
        let config = file(
            &directory,
            &format!("{choice}.toml"),
            &format!("[abundances]\nO = \"{choice}\"\n"),
        );
        let out = directory.join(choice);
        let run = nebulium(line, &[&config, Path::new("--out"), &out]);
        assert_eq!(run.code, 0, "{}", run.err);
        let row = rows(&out.join("results.csv")).remove(0);
        let found: f64 = row["O_H_p50"].parse().unwrap();
        assert!((found - by_hand).abs() < 0.02, "{choice}: {found} {by_hand}");
        let named = match choice {
            "auto" => "icf:O_H/delgado-inglada2014".to_owned(),
            other => format!("icf:O_H/{other}"),
        };
        assert_eq!(
            row["decisions"].contains(&named),
            choice != "sum",
            "{}",
            row["decisions"]
        );
    }
}

/// The talk's galaxy: O2 7.80, O3 8.05, S2 5.48, S3 6.36, Ar3 5.72, Ar4 5.06, N2 5.84, y⁺ 0.0850,
/// y²⁺ 0.00088.
fn talk() -> Ions {
    Ions::from_parameters(Ions::NAMES.map(|name| match name {
        "He1" => 0.0850,
        "He2" => 0.00088,
        "N2" => 5.84,
        "O2" => 7.80,
        "O3" => 8.05,
        "S2" => 5.48,
        "S3" => 6.36,
        "Ar3" => 5.72,
        "Ar4" => 5.06,
        _ => f64::NAN,
    }))
}

#[test]
fn the_talks_galaxy_by_hand() {
    let settings = Settings::default();
    let oxygen = 10_f64.powf(-4.20) + 10_f64.powf(-3.95);
    let s4 = 10_f64.powf(6.36 - (0.66 - 0.047) / 1.162 - 12.0);
    let sulphur = 10_f64.powf(-6.52) + 10_f64.powf(-5.64) + s4;
    let helium = 0.08588;
    let y = |metals: f64| 4.0 * helium * (1.0 - 20.0 * metals) / (1.0 + 4.0 * helium);
    for (name, by_hand) in [
        ("O_H", 12.0 + oxygen.log10()),
        ("N_O", -1.96),
        ("S_H", 12.0 + sulphur.log10()),
        ("He_H", helium),
        ("Y", y(oxygen)),
    ] {
        let found = value(&settings, &talk(), name);
        assert!((found - by_hand).abs() < 1e-12, "{name}: {found} {by_hand}");
    }
    // To four digits from a pocket calculator: 8.2438, 6.5149, 0.2548.
    assert!((value(&settings, &talk(), "O_H") - 8.2438).abs() < 5e-5);
    assert!((value(&settings, &talk(), "S_H") - 6.5149).abs() < 5e-5);
    assert!((value(&settings, &talk(), "Y") - 0.2548).abs() < 5e-5);
    let by_sulphur = Settings {
        mass_fraction: MassFraction::Sulphur,
        helium: Helium::Peimbert1992,
        ..settings
    };
    let s2 = 10_f64.powf(-6.52);
    let neutral = 0.0850 * sulphur / (sulphur - s2) + 0.00088;
    assert!((value(&by_sulphur, &talk(), "He_H") - neutral).abs() < 1e-12);
    let metals = 20.0 * 10_f64.powf(1.53) * sulphur;
    let by_hand = 4.0 * neutral * (1.0 - metals) / (1.0 + 4.0 * neutral);
    assert!((value(&by_sulphur, &talk(), "Y") - by_hand).abs() < 1e-12);
    assert!(
        ["Ne_O", "Cl_O"]
            .iter()
            .all(|name| value(&settings, &talk(), name).is_nan())
    );
}

/// The quantities of draws of an object without He II and ultraviolet lines.
fn derived(settings: &Settings, draws: &Draws) -> Derived {
    let observed = Observed {
        detects: &|_| false,
        conditions: &|_| Conditions::UNKNOWN,
    };
    Derived::new(settings, draws, &Key::new(1, "a"), &observed)
}

/// Draws of O⁺, O²⁺ and S⁺, S²⁺ in which the second of every two has ω > 0.95.
fn draws(names: &[&str], rows: &[&[f64]]) -> Draws {
    Draws {
        names: names.iter().map(|name| (*name).to_owned()).collect(),
        chains: 2,
        draws: rows.len() / 2,
        values: rows.concat(),
        sample_stats: SampleStats::default(),
    }
}

#[test]
fn draws_outside_the_range_of_a_correction_are_counted_and_flagged() {
    let settings = Settings {
        sulphur: Sulphur::DelgadoInglada2014,
        ..Settings::default()
    };
    // ω = 1/(1 + 10^(O2 − O3)): 0.909 and 0.961.
    let (in_range, outside): (&[f64], &[f64]) = (&[7.0, 8.0, 5.5, 6.0], &[6.6, 8.0, 5.5, 6.0]);
    let names = ["O2", "O3", "S2", "S3"];
    let half = derived(&settings, &draws(&names, &[in_range, outside, in_range, outside]));
    let quantity = |derived: &Derived, name: &str| derived.outside[NAMES.iter().position(|n| *n == name).unwrap()];
    assert_eq!((quantity(&half, "S_H"), quantity(&half, "O_H")), (0.5, 0.0));
    assert!(quantity(&half, "N_O").is_nan() && quantity(&half, "Y").is_nan());
    let flags: Vec<String> = half.flags.iter().map(ToString::to_string).collect();
    assert_eq!(flags, ["icf_range:S_H/delgado-inglada2014"]);
    let none = derived(&settings, &draws(&names, &[in_range; 4]));
    assert!(none.flags.is_empty() && quantity(&none, "S_H") == 0.0);
    assert_eq!(none.quantity(0).unwrap().len(), 4);
    assert!(none.quantity(1).is_none());
}

#[test]
fn errors_of_fernandez_2018_widen_sulphur_draw_by_draw() {
    let names = ["S2", "S3", "Ar3", "Ar4"];
    let row: &[f64] = &[5.48, 6.36, 5.72, 5.06];
    let many = draws(&names, &vec![row; 4000]);
    let sulphur = derived(&Settings::default(), &many).quantity(2).unwrap();
    let mean = sulphur.iter().sum::<f64>() / 4000.0;
    let sd = (sulphur.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / 3999.0).sqrt();
    // d log S/H = (S³⁺/S) d log S³⁺, and log S³⁺ has the errors 0.0097/1.162 and 0.0056 ·
    // 0.613/1.162² of the two coefficients.
    let share = 10_f64.powf(6.36 - 0.613 / 1.162) / 10_f64.powf(mean);
    let by_hand = share * (0.0097_f64 / 1.162).hypot(0.0056 * 0.613 / 1.162_f64.powi(2));
    // Four standard errors of a standard deviation from 4000 draws.
    assert!((sd / by_hand - 1.0).abs() < 4.0 / 8000_f64.sqrt(), "{sd} {by_hand}");
    let fallback = derived(&Settings::default(), &draws(&names[..2], &[&row[..2]; 4]));
    let flags: Vec<String> = fallback.flags.iter().map(ToString::to_string).collect();
    assert_eq!(flags, ["icf_fallback:S_H/fernandez2018"]);
    let sum = 12.0 + (10_f64.powf(5.48 - 12.0) + 10_f64.powf(6.36 - 12.0)).log10();
    assert!(fallback.quantity(2).unwrap().iter().all(|x| (x - sum).abs() < 1e-12));
}
