//! Each law against check values, PyNeb and its own limits; refused laws.

use super::*;

/// f(λ) of the laws at 17 wavelengths, as PyNeb 1.1.32 has them, rounded to four decimals.
const WAVELENGTHS: [f64; 17] = [
    3727.0, 3869.0, 4340.0, 4363.0, 4471.0, 4686.0, 5007.0, 5876.0, 6312.0, 6563.0, 6716.0, 7065.0, 7136.0, 7325.0,
    9069.0, 9531.0, 10830.0,
];
const CCM89: [f64; 17] = [
    0.3221, 0.2911, 0.1567, 0.1494, 0.1154, 0.0496, -0.0377, -0.2031, -0.2641, -0.2976, -0.3178, -0.3643, -0.3738,
    -0.3991, -0.5937, -0.6251, -0.6948,
];
const F99: [f64; 17] = [
    0.2909, 0.2536, 0.1375, 0.1319, 0.1049, 0.0484, -0.0401, -0.2347, -0.3089, -0.3480, -0.3706, -0.4187, -0.4279,
    -0.4515, -0.6174, -0.6490, -0.7189,
];
const G03_LMC: [f64; 17] = [
    0.3065, 0.2618, 0.1346, 0.1291, 0.1002, 0.0430, -0.0334, -0.2069, -0.2812, -0.3196, -0.3415, -0.3880, -0.3969,
    -0.4198, -0.5859, -0.6197, -0.6993,
];

const CAL00: [f64; 17] = [
    0.2741, 0.2345, 0.1147, 0.1093, 0.0842, 0.0367, -0.0291, -0.1811, -0.2402, -0.2767, -0.2975, -0.3418, -0.3502,
    -0.3720, -0.5299, -0.5620, -0.6377,
];

/// Rounding of published tables: half a unit of the fourth decimal.
const FOUR_DECIMALS: f64 = 0.5e-4;

fn every_law() -> [Law; 8] {
    NAMES.map(|name| Law::from_name(name, None).unwrap())
}

#[test]
fn check_values_of_four_laws() {
    for (name, expected) in [("CCM89", CCM89), ("F99", F99), ("G03-LMC", G03_LMC), ("Cal00", CAL00)] {
        let law = Law::from_name(name, None).unwrap();
        for (wavelength, expected) in WAVELENGTHS.into_iter().zip(expected) {
            let f = law.f_lambda(wavelength).unwrap();
            assert!(
                (f - expected).abs() < FOUR_DECIMALS,
                "{name} at {wavelength} Å: {f}, not {expected}"
            );
        }
    }
}

#[test]
fn every_law_agrees_with_pyneb() {
    let fixture = include_str!("../../tests/fixtures/extinction_pyneb.csv");
    let mut seen = 0;
    for row in fixture.lines().filter(|row| !row.starts_with(['#', 'l'])) {
        let cells: Vec<&str> = row.split(',').collect();
        let [rv, wavelength, expected] = [1, 2, 3].map(|i| cells[i].parse::<f64>().unwrap());
        let rv = Some(rv).filter(|_| !cells[0].starts_with("G03"));
        let f = Law::from_name(cells[0], rv).unwrap().f_lambda(wavelength).unwrap();
        assert!((f - expected).abs() < 1e-8, "{row}: {f}"); // the fixture has nine decimals
        seen += 1;
    }
    assert_eq!(seen, 14 * 34);
}

#[test]
fn continuous_and_falling_to_the_far_infrared() {
    for law in every_law().into_iter().filter(|law| *law != Law::None) {
        let mut before = law.f_lambda(13_000.0).unwrap();
        for step in 1..=1000 {
            let wavelength = 13_000.0 * 1.005f64.powi(step);
            let f = law.f_lambda(wavelength).unwrap();
            let rise = if law == Law::G03Smc && wavelength < 16_600.0 {
                0.05
            } else {
                0.0
            }; // A(J) < A(H) in the table
            assert!(
                f <= before + rise && before - f < 0.02,
                "{law:?} at {wavelength} Å: {before} then {f}"
            );
            before = f;
        }
        assert!(
            (-1.0..-0.99).contains(&law.f_lambda(883_564.0).unwrap()),
            "{law:?} at [O III] 88 μm"
        );
    }
}

#[test]
fn zero_at_hbeta_and_without_extinction() {
    for law in every_law() {
        assert_eq!(law.f_lambda(HBETA_WAVELENGTH).unwrap(), 0.0);
    }
    assert_eq!(Law::None.f_lambda(911.0).unwrap(), 0.0);
    assert_eq!(Law::None.c_hbeta_per_ebv(), Some(0.0));
}

/// CCM89 at R_V = 3.1 has A(Hβ)/A(V) = 1.164 (PyNeb), hence c(Hβ) = 0.4·3.1·1.164 E(B−V).
#[test]
fn c_hbeta_of_a_colour_excess() {
    let c = Law::Ccm89 { rv: 3.1 }.c_hbeta_per_ebv().unwrap();
    assert!((c - 0.4 * 3.1 * 1.164).abs() < 0.4 * 3.1 * 0.0005, "{c}");
}

#[test]
fn refusals_name_what_is_wrong() {
    let message = |result: Result<Law>| result.unwrap_err().to_string();
    let unknown = message(Law::from_name("ccm", None));
    assert!(unknown.contains("\"ccm\"") && unknown.contains("G03-SMC"), "{unknown}");
    for rv in [1.9, 6.1, f64::NAN] {
        let range = message(Law::from_name("F99", Some(rv)));
        assert!(
            range.contains("F99") && range.contains(&rv.to_string()) && range.contains("2 to 6"),
            "{range}"
        );
    }
    assert!(message(Law::from_name("G03-LMC", Some(3.4))).contains("G03-LMC"));
    assert_eq!(Law::from_name("O94", None).unwrap().rv(), Some(3.1));
    for law in every_law().into_iter().filter(|law| *law != Law::None) {
        let blue = law.shortest_wavelength();
        assert!(law.f_lambda(blue * 1.0001).is_ok());
        let error = law.f_lambda(blue * 0.9999).unwrap_err().to_string();
        assert!(error.contains(law.name()) && error.contains("begins at"), "{error}");
    }
    assert!(
        [0.0, -5007.0, f64::NAN, f64::INFINITY]
            .iter()
            .all(|&w| Law::G03Lmc.f_lambda(w).is_err())
    );
}

/// Values by hand: A ∝ 0.74/0.6563 − 0.34 = 0.78754 at Hα, 0.74/0.486133 − 0.34 = 1.18222 at Hβ,
/// 0.43/0.3727 + 0.37 = 1.52374 at 3727 Å.
#[test]
fn miller_and_mathews_by_hand() {
    let law = Law::from_name("MM72", None).unwrap();
    for (wavelength, ratio) in [(6563.0, 0.78754 / 1.18222), (3727.0, 1.52374 / 1.18222)] {
        let f = law.f_lambda(wavelength).unwrap();
        assert!((f + 1.0 - ratio).abs() < 1e-5, "{wavelength}: {f}");
    }
    let joint = 1e4 / 2.29;
    let jump = law.f_lambda(joint * (1.0 - 1e-9)).unwrap() - law.f_lambda(joint * (1.0 + 1e-9)).unwrap();
    assert!(jump.abs() < 1e-3, "{jump}");
    assert_eq!((law.rv(), law.c_hbeta_per_ebv()), (None, None));
}

#[test]
fn the_linear_form_is_the_law_at_any_rv() {
    for name in ["CCM89", "O94", "Cal00"] {
        let one = Law::from_name(name, None).unwrap();
        for rv in [3.8, 4.6, 5.9] {
            let law = Law::from_name(name, Some(rv)).unwrap();
            for wavelength in WAVELENGTHS.into_iter().chain([1300.0, 2500.0, 18_751.0, 1e5]) {
                let [line, hbeta] = [wavelength, HBETA_WAVELENGTH].map(|at| {
                    let (a, b) = one.linear(at).unwrap();
                    a * rv + b
                });
                let f = law.f_lambda(wavelength).unwrap();
                assert!((line / hbeta - 1.0 - f).abs() < 1e-14, "{name} {rv} {wavelength}");
            }
        }
    }
    for name in ["F99", "MM72", "G03-LMC", "none"] {
        assert_eq!(Law::from_name(name, None).unwrap().linear(5007.0), None);
    }
    assert_eq!(Law::from_name("Cal00", None).unwrap().linear(1100.0), None);
}

/// Writes a table into this test's own directory and reads it as a law.
fn table(name: &str, text: &str) -> Result<Law> {
    let path = std::env::temp_dir().join(format!("nebulium-law-{}-{name}.csv", std::process::id()));
    std::fs::write(&path, text).unwrap();
    let law = Law::from_name(&format!("{TABLE_PREFIX}{}", path.display()), None);
    std::fs::remove_file(&path).unwrap();
    law
}

#[test]
fn a_table_is_linear_in_the_wavenumber() {
    let law = table("x", "wavelength_A,X\n4000,5.0\n5000,3.5\n10000,1.0\n").unwrap();
    let hbeta = 3.5 + 1.5 * (1e4 / HBETA_WAVELENGTH - 2.0) / 0.5;
    assert!((law.f_lambda(8000.0).unwrap() - (1.625 / hbeta - 1.0)).abs() < 1e-14); // x = 1.25: a quarter of the way from 1 to 2
    assert!((law.f_lambda(4000.0).unwrap() - (5.0 / hbeta - 1.0)).abs() < 1e-14);
    assert!((law.c_hbeta_per_ebv().unwrap() - 0.4 * hbeta).abs() < 1e-14);
    assert_eq!(law.f_lambda(HBETA_WAVELENGTH).unwrap(), 0.0);
    assert_eq!((law.rv(), law.linear(5007.0)), (None, None));
    for wavelength in [3999.0, 10_001.0] {
        let said = law.f_lambda(wavelength).unwrap_err().to_string();
        assert!(
            said.contains(&wavelength.to_string()) && said.ends_with("which covers 4000 to 10000 Å"),
            "{said}"
        );
    }
}

/// CCM89 as a table of f(λ) every 10 Å reproduces the law to within its curvature.
#[test]
fn a_table_of_f_lambda_stands_for_its_law() {
    let ccm = Law::from_name("CCM89", None).unwrap();
    let rows = (300..=1100).map(|step| f64::from(step) * 10.0);
    let rows = rows.map(|wavelength| format!("{wavelength},{}\n", ccm.f_lambda(wavelength).unwrap()));
    let law = table("f", &format!("wavelength_A,f_lambda\n{}", rows.collect::<String>())).unwrap();
    for wavelength in WAVELENGTHS {
        let off = law.f_lambda(wavelength).unwrap() - ccm.f_lambda(wavelength).unwrap();
        assert!(off.abs() < 2e-5, "{wavelength}: {off}"); // f'' h²/8 with f'' of 10⁻⁶ Å⁻², h = 10 Å
    }
    assert_eq!(law.c_hbeta_per_ebv(), None);
}

#[test]
fn a_table_that_cannot_be_a_law_is_refused() {
    let cases = [
        (
            "wavelength_A,A\n4000,1\n",
            "row 1: no column `X or f_lambda` in the header `wavelength_A,A`",
        ),
        (
            "wavelength,X\n4000,1\n",
            "row 1: no column `wavelength_A` in the header",
        ),
        (
            "wavelength_A,X,f_lambda\n4000,1,0\n",
            "expected one of the columns X and f_lambda, not both",
        ),
        (
            "wavelength_A,X\n4000,5\n4000,4\n",
            "row 3, column `wavelength_A`: found `4000`, expected a wavelength in Å, greater",
        ),
        (
            "wavelength_A,X\n4000,-5\n6000,1\n",
            "row 2, column `X`: found `-5`, expected A(λ)/E(B−V), 0 or more",
        ),
        (
            "wavelength_A,X\n4000,5\n6000,\n",
            "row 3, column `X`: found nothing, expected",
        ),
        ("wavelength_A,X\n4000,5\n", "expected two rows or more"),
        (
            "wavelength_A,X\n5000,5\n6000,4\n",
            "row 2, column `wavelength_A`: found `5000`, expected a table that covers Hβ",
        ),
        (
            "wavelength_A,f_lambda\n4000,1.4\n4800,1.2\n6000,0.8\n",
            "row 3, column `f_lambda`: found `1.2`, expected f_lambda = 0 at Hβ",
        ),
        (
            "wavelength_A,f_lambda\n4000,0.3\n6000,-1.2\n",
            "row 3, column `f_lambda`: found `-1.2`, expected f(λ), −1 or more",
        ),
    ];
    for (place, (text, message)) in cases.into_iter().enumerate() {
        let said = table(&format!("bad{place}"), text).unwrap_err().to_string();
        assert!(said.contains(message), "{said}");
    }
    assert!(
        Law::from_name("table:no/such.csv", None)
            .unwrap_err()
            .to_string()
            .contains("no/such.csv")
    );
    assert!(
        Law::from_name("Cal00", Some(3.1))
            .unwrap_err()
            .to_string()
            .contains("3.7 to 6")
    );
}
